"""Forms filled in by hand, in the shape in which Slack sends them."""

from typing import Any


def words(value: Any) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def amount(value: Any) -> dict[str, Any]:
    return {"type": "number_input", "value": value}


def picked(value: str, kind: str = "static_select") -> dict[str, Any]:
    return {"type": kind, "selected_option": {"text": {"type": "plain_text", "text": "?"}, "value": value}}


def several(*values: str) -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": "?"}, "value": value} for value in values]
    return {"type": "multi_external_select", "selected_options": options}


def day(value: Any) -> dict[str, Any]:
    return {"type": "datepicker", "selected_date": value}


def moment(value: Any) -> dict[str, Any]:
    return {"type": "datetimepicker", "selected_date_time": value}


def boxes(*values: str) -> dict[str, Any]:
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


def form(**fields: dict[str, Any]) -> dict[str, Any]:
    """A view with this state; every block has one element."""
    return {"state": {"values": {name: {name: state} for name, state in fields.items()}}}
