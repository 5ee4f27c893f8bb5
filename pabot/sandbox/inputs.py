"""What a person types or chooses, as Slack's `state.values`, and what Slack's own client refuses before it sends."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from pabot.sandbox.block_walk import every_element
from pabot.sandbox.model import Json, State


class NotOnScreen(Exception):
    """The person cannot do that in Slack's client: no such button, no such option, no such form."""


@dataclass(frozen=True)
class Kind:
    """How an element type keeps its state: under which key, from which initial value, one or several."""

    key: str
    initial: str
    many: bool = False


TEXT = Kind("value", "initial_value")
OPTION = Kind("selected_option", "initial_option")
OPTIONS = Kind("selected_options", "initial_options", many=True)

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input", "number_input"), TEXT),
    **dict.fromkeys(("static_select", "external_select", "radio_buttons"), OPTION),
    **dict.fromkeys(("multi_static_select", "multi_external_select", "checkboxes"), OPTIONS),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "file_input": Kind("files", "initial_files", many=True),
}


def current_state(blocks: Iterable[Json], touched: State) -> State:
    """`state.values` of the blocks as drawn: what was touched, else the initial value, else empty."""
    state: State = {}
    for block, element in every_element(blocks):
        if element["type"] not in KINDS:
            continue
        action_id = element["action_id"]
        kept = touched.get(block["block_id"], {}).get(action_id)
        same_kind = kept is not None and kept["type"] == element["type"]
        state.setdefault(block["block_id"], {})[action_id] = kept if kept and same_kind else untouched(element)
    return state


def untouched(element: Json) -> Json:
    """An element's state before anybody touches it."""
    kind = KINDS[element["type"]]
    empty: Any = [] if kind.many else None
    return {"type": element["type"], kind.key: element.get(kind.initial, empty)}


def as_state(element: Json, value: object, offered: Sequence[Json] = (), *, by_hand: bool = False) -> Json:
    """A plain value as this element's state. `None` empties it; `by_hand` lets an option through that nobody offered.

    Raises NotOnScreen for an option that is not on the screen.
    """
    kind = KINDS[element["type"]]
    if value is None or value == "":
        return {"type": element["type"], kind.key: [] if kind.many else None}
    if kind in (OPTION, OPTIONS):
        choices = offered if "external" in element["type"] else options_of(element)
        picked = [_pick(element, choices, each, by_hand) for each in _listed(value)]
        return {"type": element["type"], kind.key: picked if kind.many else picked[0]}
    if kind.many:
        return {"type": element["type"], kind.key: _listed(value)}
    return {"type": element["type"], kind.key: _plain(element["type"], value)}


def options_in(state: Json) -> list[Json]:
    """The options in an element's state; none where it holds no options."""
    return [each for each in (state.get(OPTION.key), *(state.get(OPTIONS.key) or ())) if each]


def options_of(element: Json) -> list[Json]:
    """The options in the element itself, those of its groups included."""
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    return [option for group in groups for option in group["options"]]


def mistake(block: Json, element: Json, state: Json) -> str | None:
    """What Slack's client says under the field, or None."""
    kind = KINDS[element["type"]]
    value = state[kind.key]
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    if most := element.get("max_selected_items" if kind is not KINDS["file_input"] else "max_files"):
        return f"Please choose at most {most}." if len(value) > most else None
    if kind is TEXT:
        return _text_mistake(element, value)
    if element["type"] in FORMS and not FORMS[element["type"]].fullmatch(value):
        return "Please enter a valid date or time."
    return None


FORMS = {"datepicker": re.compile(r"\d{4}-\d{2}-\d{2}"), "timepicker": re.compile(r"\d{2}:\d{2}")}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LINK = re.compile(r"https?://\S+")


def _text_mistake(element: Json, value: str) -> str | None:
    if element["type"] == "number_input":
        return _number_mistake(element, value)
    if element["type"] == "email_text_input":
        return None if ADDRESS.fullmatch(value) else "Please enter a valid email."
    if element["type"] == "url_text_input":
        return None if LINK.fullmatch(value) else "Please enter a valid URL."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"Please enter at most {most} characters." if len(value) > most else None


def _number_mistake(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _pick(element: Json, choices: Sequence[Json], wanted: object, by_hand: bool) -> Json:
    """The option meant: by value, by what stands on it, or as the only one on which these letters stand."""
    value = wanted["value"] if isinstance(wanted, dict) else str(wanted)
    by_value = (each for each in choices if each.get("value") == value)
    by_words = (each for each in choices if each["text"]["text"] == value)
    containing = [each for each in choices if value.casefold() in each["text"]["text"].casefold()]
    if found := next(by_value, None) or next(by_words, None) or (containing[0] if len(containing) == 1 else None):
        return found
    if by_hand:
        return {"text": {"type": "plain_text", "text": value[:75] or "-"}, "value": value}
    shown = ", ".join(str(each.get("value")) for each in choices) or "none"
    raise NotOnScreen(f"{element['action_id']} does not offer {value!r}; it offers {shown}")


def _plain(element_type: str, value: object) -> object:
    if isinstance(value, datetime):
        return int(value.timestamp()) if element_type == "datetimepicker" else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if element_type == "datetimepicker":
        return int(str(value))
    if element_type == "rich_text_input" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    return value if isinstance(value, dict) else str(value)
