"""From what Slack sends of a form to checked values: every wrong value becomes a sentence under its field."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from pabot.domain.errors import Invalid

WHOLE = "form"  # the name under which a fault of the form as a whole is reported
UNREADABLE = "This form did not arrive whole. Close it and open it again."
NEEDED = "This is needed."
EARLIEST, LATEST = 1900, 2100  # years
D = TypeVar("D", bound=date)

# What Slack keeps of an input, by the input's type.
READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "plain_text_input": lambda state: state.get("value"),
    "number_input": lambda state: state.get("value"),
    "static_select": lambda state: _chosen(state.get("selected_option")),
    "external_select": lambda state: _chosen(state.get("selected_option")),
    "radio_buttons": lambda state: _chosen(state.get("selected_option")),
    "checkboxes": lambda state: [_chosen(one) for one in state.get("selected_options") or []],
    "multi_static_select": lambda state: [_chosen(one) for one in state.get("selected_options") or []],
    "multi_external_select": lambda state: [_chosen(one) for one in state.get("selected_options") or []],
    "datepicker": lambda state: state.get("selected_date"),
    "timepicker": lambda state: state.get("selected_time"),
    "datetimepicker": lambda state: state.get("selected_date_time"),
    "users_select": lambda state: state.get("selected_user"),
    "conversations_select": lambda state: state.get("selected_conversation"),
}

SENTENCES: Mapping[str, str] = {
    "missing": NEEDED,
    "string_too_short": NEEDED,
    "string_too_long": "That is too long: at most {max_length} characters.",
    "enum": "Choose one of the options.",
    "literal_error": "Choose one of the options.",
    "date_type": "Choose a date.",
    "date_parsing": "Choose a date.",
    "date_from_datetime_parsing": "Choose a date.",
    "date_from_datetime_inexact": "Choose a date.",
    "int_type": "Type a whole number.",
    "int_parsing": "Type a whole number.",
    "int_from_float": "Type a whole number.",
    "int_parsing_size": "That number is too large.",
    "greater_than_equal": "Type {ge} or more.",
    "less_than_equal": "Type {le} or less.",
    "too_short": "Choose at least one.",
    "string_pattern_mismatch": "Choose somebody from the list.",
    "extra_forbidden": "This field does not belong here. Close the form and open it again.",
}
OTHERWISE = "That cannot be read here. Type or choose it again."


def values(view: Mapping[str, Any]) -> dict[str, Any]:
    """Field by field what was typed or chosen; what was left empty is absent. Raises Invalid."""
    found: dict[str, Any] = {}
    try:
        for field, elements in (view.get("state") or {}).get("values", {}).items():
            (state,) = elements.values()
            found[str(field)] = READERS[state["type"]](state)
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise Invalid({WHOLE: UNREADABLE}) from wrong
    return {field: value for field, value in found.items() if value not in (None, "", [])}


def typed_words(view: Mapping[str, Any]) -> str:
    """All that was typed into the text fields of a form that is open, a line each."""
    shown = (view.get("state") or {}).get("values", {}).values()
    states = (state for elements in shown for state in elements.values())
    return "\n".join(state["value"] for state in states if state["type"] == "plain_text_input" and state.get("value"))


class FormModel(BaseModel):
    """A form's fields, by their `block_id`."""

    # Each is built when it is first filled in: there are many, and a worker never needs one.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        """Raises Invalid with a sentence for each wrong field."""
        try:
            return cls.model_validate(values(view))
        except ValidationError as wrong:
            raise Invalid(_sentences(wrong)) from None


def _chosen(picked: Any) -> Any:
    return None if picked is None else picked["value"]


def _sentences(wrong: ValidationError) -> dict[str, str]:
    """The first fault of each field."""
    said: dict[str, str] = {}
    for fault in wrong.errors(include_url=False, include_input=False):
        said.setdefault(_field(fault), _sentence(fault))
    return said


def _field(fault: ErrorDetails) -> str:
    """The block that a fault lies in; those gathered into a mapping are `units_1`, `units_2` …"""
    where = fault["loc"] or (WHOLE,)
    return "_".join(map(str, where[:2])) if isinstance(where[-1], str) else str(where[0])


def _sentence(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(context["error"])
    return SENTENCES.get(fault["type"], OTHERWISE).format(**context)


def clean(value: Any) -> Any:
    """Typed text without control characters, which no database or screen wants."""
    if not isinstance(value, str):
        return value
    return "".join(mark for mark in value if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs"))


def _ticked(value: Any) -> Any:
    """A box: ticked when its one option is among the chosen."""
    if isinstance(value, bool):
        return value
    if value == ["yes"]:
        return True
    raise ValueError("Tick the box, or leave it empty.")


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if type(value) is not int:
        raise ValueError("Choose a date and a time.")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("Choose a date and a time.") from None


def _likely(value: D) -> D:
    if not EARLIEST <= value.year <= LATEST:
        raise ValueError("Check the year.")
    return value


def _iso(value: Any) -> Any:
    """Only a calendar date as the picker writes it: never a number taken for a date."""
    if not isinstance(value, str | date):
        raise ValueError("Choose a date.")
    return value


def _yes(value: Any) -> Any:
    if value in ("yes", "no"):
        return value == "yes"
    raise ValueError("Choose one of the options.")


def _line(longest: int, shortest: int = 1) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest, strict=True)


Text = Annotated[str, _line(2000), BeforeValidator(clean)]
Words = Annotated[str, _line(2000, 0), BeforeValidator(clean)]  # may be empty
Statement = Annotated[str, _line(3000, 0), BeforeValidator(clean)]  # may be empty
Name = Annotated[str, _line(100), BeforeValidator(clean)]
Initials = Annotated[str, _line(10), BeforeValidator(clean)]
Label = Annotated[str, _line(100, 0), BeforeValidator(clean)]  # may be empty
Person = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{1,30}$", strict=True)]
Day = Annotated[date, BeforeValidator(_iso), AfterValidator(_likely)]
Instant = Annotated[datetime, BeforeValidator(_instant), AfterValidator(_likely)]
Tick = Annotated[bool, BeforeValidator(_ticked)]
YesNo = Annotated[bool, BeforeValidator(_yes)]


def told(read: Callable[[str], Any]) -> BeforeValidator:
    """A reader of the domain, whose Invalid becomes the field's sentence."""

    def reader(text: Any) -> Any:
        try:
            return read(str(text))
        except Invalid as wrong:
            raise ValueError(wrong.sentence) from None

    return BeforeValidator(reader)
