"""Block Kit's grammar: every element and block with its fields and limits, as Slack documents them."""

from collections.abc import Iterable
from typing import Any

from pabot.sandbox.shapes import (
    Check,
    anything,
    by_type,
    every,
    flag,
    many,
    one_of,
    plain,
    rule,
    shape,
    string,
    text,
    whole,
)

ACTION_ID = string(255, 1)
URL = string(3000, 1)

CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def option(words: Check, *, with_url: bool = False) -> Check:
    fields = {"description": text(75)} | ({"url": URL} if with_url else {})
    return shape({"text": words, "value": string(150, 1)}, fields)


OPTION = option(plain(75))
MARKED_OPTION = option(text(75))  # checkboxes and radio buttons take mrkdwn
GROUP = shape({"label": plain(75), "options": many(OPTION, 1, 100)})

ANY = {"action_id": ACTION_ID}
CONFIRMED = {**ANY, "confirm": CONFIRM}
MENU = {**CONFIRMED, "placeholder": plain(150), "focus_on_load": flag}
FIELD = {**ANY, "placeholder": plain(150), "focus_on_load": flag}
DISPATCH = {
    "dispatch_action_config": shape(
        {}, {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
    )
}
TYPE = {"type": anything}
CHOICES = {"options": many(OPTION, 1, 100), "option_groups": many(GROUP, 1, 100)}
FILTER = {
    "filter": shape(
        {},
        {
            "include": many(one_of("im", "mpim", "private", "public"), 1),
            "exclude_external_shared_channels": flag,
            "exclude_bot_users": flag,
        },
    )
}
SEVERAL = {"max_selected_items": whole(1)}
HAS_CHOICES = rule(
    lambda menu: bool(menu.get("options")) != bool(menu.get("option_groups")),
    "must provide options or option_groups",
    "missing_field",
)


def _distinct(values: Iterable[object]) -> bool:
    listed = list(values)
    return len(set(listed)) == len(listed)


def _initial_among_options(menu: dict[str, Any]) -> bool:
    """What is chosen at first has to be one of the options, word for word."""
    groups = menu.get("option_groups") or [{"options": menu.get("options") or []}]
    offered = [each for group in groups for each in group["options"]]
    first = menu.get("initial_options") or [menu.get("initial_option")]
    return all(each in offered for each in first if each)


INITIAL = rule(_initial_among_options, "initial option must match one of the options", "invalid_value")
DISTINCT = rule(
    lambda menu: _distinct(each["value"] for each in menu.get("options") or ()),
    "option values must be unique",
    "duplicate",
)
INSTANT = whole(1_000_000_000, 9_999_999_999)
BUTTON = shape(
    {**TYPE, "text": plain(75)},
    {
        **CONFIRMED,
        "url": URL,
        "value": string(2000, 1),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
IMAGE = every(
    shape({**TYPE, "alt_text": string(2000)}, {"image_url": URL, "slack_file": anything}),
    rule(lambda image: bool(image.get("image_url")) != bool(image.get("slack_file")), "needs one source"),
)
TICKS = {"options": many(MARKED_OPTION, 1, 10)}

ELEMENTS: dict[str, Check] = {
    "button": BUTTON,
    "image": IMAGE,
    "static_select": every(shape(TYPE, {**MENU, **CHOICES, "initial_option": OPTION}), HAS_CHOICES, INITIAL, DISTINCT),
    "multi_static_select": every(
        shape(TYPE, {**MENU, **CHOICES, **SEVERAL, "initial_options": many(OPTION, 0, 100)}),
        HAS_CHOICES, INITIAL, DISTINCT,
    ),
    "external_select": shape(TYPE, {**MENU, "initial_option": OPTION, "min_query_length": whole(0)}),
    "multi_external_select": shape(
        TYPE, {**MENU, **SEVERAL, "initial_options": many(OPTION, 0, 100), "min_query_length": whole(0)}
    ),
    "users_select": shape(TYPE, {**MENU, "initial_user": string(255, 1)}),
    "multi_users_select": shape(TYPE, {**MENU, **SEVERAL, "initial_users": many(string(255, 1), 0)}),
    "conversations_select": shape(
        TYPE,
        {
            **MENU, **FILTER, "initial_conversation": string(255, 1), "default_to_current_conversation": flag,
            "response_url_enabled": flag,
        },
    ),
    "multi_conversations_select": shape(
        TYPE,
        {
            **MENU, **FILTER, **SEVERAL, "initial_conversations": many(string(255, 1), 0),
            "default_to_current_conversation": flag,
        },
    ),
    "channels_select": shape(TYPE, {**MENU, "initial_channel": string(255, 1), "response_url_enabled": flag}),
    "multi_channels_select": shape(TYPE, {**MENU, **SEVERAL, "initial_channels": many(string(255, 1), 0)}),
    "overflow": shape({**TYPE, "options": many(option(plain(75), with_url=True), 1, 5)}, CONFIRMED),
    "checkboxes": every(
        shape({**TYPE, **TICKS}, {**CONFIRMED, "focus_on_load": flag, "initial_options": many(MARKED_OPTION, 1, 10)}),
        INITIAL, DISTINCT,
    ),
    "radio_buttons": every(
        shape({**TYPE, **TICKS}, {**CONFIRMED, "focus_on_load": flag, "initial_option": MARKED_OPTION}),
        INITIAL, DISTINCT,
    ),
    "datepicker": shape(TYPE, {**MENU, "initial_date": string(10, 10)}),
    "timepicker": shape(TYPE, {**MENU, "initial_time": string(5, 5), "timezone": string(255, 1)}),
    "datetimepicker": shape(TYPE, {**CONFIRMED, "focus_on_load": flag, "initial_date_time": INSTANT}),
    "plain_text_input": shape(
        TYPE,
        {
            **FIELD, **DISPATCH, "initial_value": string(3000), "multiline": flag,
            "min_length": whole(0, 3000), "max_length": whole(1, 3000),
        },
    ),
    "email_text_input": shape(TYPE, {**FIELD, **DISPATCH, "initial_value": string(3000)}),
    "url_text_input": shape(TYPE, {**FIELD, **DISPATCH, "initial_value": string(3000)}),
    "number_input": shape(
        {**TYPE, "is_decimal_allowed": flag},
        {**FIELD, **DISPATCH, "initial_value": string(64), "min_value": string(64), "max_value": string(64)},
    ),
    "rich_text_input": shape(
        TYPE, {**FIELD, **DISPATCH, "initial_value": anything, "min_lines": whole(1, 100), "max_lines": whole(1, 100)}
    ),
    "file_input": shape(TYPE, {**ANY, "filetypes": many(string(50, 1), 1), "max_files": whole(1, 10)}),
    "icon_button": shape(
        {**TYPE, "icon": one_of("trash"), "text": plain(75)},
        {**CONFIRMED, "value": string(2000), "accessibility_label": string(75), "visible_to_user_ids": anything},
    ),
    "feedback_buttons": shape({**TYPE, "positive_button": anything, "negative_button": anything}, ANY),
    "workflow_button": shape({**TYPE, "text": plain(75), "workflow": anything}, {**ANY, "style": anything}),
}  # fmt: skip

_MENUS = frozenset(kind for kind in ELEMENTS if kind.endswith("_select"))
_PICKERS = frozenset(("datepicker", "timepicker"))
_CHOSEN = frozenset(("checkboxes", "radio_buttons"))
_TYPED = frozenset(
    ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")
)
IN_ACTIONS = _MENUS | _PICKERS | _CHOSEN | {"button", "overflow", "datetimepicker", "workflow_button"}
IN_SECTION = (_MENUS | _PICKERS | _CHOSEN | {"button", "overflow", "image", "workflow_button"}) - {"datetimepicker"}
IN_INPUT = _MENUS | _PICKERS | _CHOSEN | _TYPED | {"datetimepicker"}

CONTEXT_ITEMS: dict[str, Check] = {"image": IMAGE, "plain_text": plain(2000), "mrkdwn": text(2000, ("mrkdwn",))}
RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
RICH_TEXT = shape(
    {**TYPE, "elements": many(by_type(dict.fromkeys(RICH_PARTS, anything)), 1)}, {"block_id": string(255, 1)}
)
CELLS: dict[str, Check] = {
    "raw_text": shape({**TYPE, "text": string(20_000, 1)}),
    "raw_number": shape({**TYPE, "value": anything}, {"text": string(255)}),
    "rich_text": RICH_TEXT,
}
CELL = by_type(CELLS)
EQUAL_ROWS = rule(lambda table: len({len(row) for row in table["rows"]}) <= 1, "rows must have the same length")
PLAIN_HEADER = rule(
    lambda table: all(cell["type"] != "rich_text" for cell in table["rows"][0]), "header cells must not be rich_text"
)


NAME = string(20, 1)
NUMBER = rule(lambda value: isinstance(value, int | float) and not isinstance(value, bool), "must provide a number")
POINT = shape({"label": NAME, "value": NUMBER})
SEGMENT = every(POINT, rule(lambda segment: segment["value"] > 0, "segment values must be positive", "out_of_range"))
SERIES = shape({"name": NAME, "data": many(POINT, 1, 20)})
AXES = shape({"categories": many(NAME, 1, 20)}, {"x_label": string(50), "y_label": string(50)})


def _each_series_covers_the_categories(chart: dict[str, Any]) -> bool:
    wanted = sorted(chart["axis_config"]["categories"])
    return all(sorted(point["label"] for point in series["data"]) == wanted for series in chart["series"])


AXIS_CHART = every(
    shape({**TYPE, "series": many(SERIES, 1, 12), "axis_config": AXES}),
    rule(lambda chart: _distinct(each["name"] for each in chart["series"]), "series names must be unique", "duplicate"),
    rule(_each_series_covers_the_categories, "every series must have exactly one point for each category"),
)
CHART = by_type(
    {
        "pie": shape({**TYPE, "segments": many(SEGMENT, 1, 12)}),
        **dict.fromkeys(("bar", "line", "area"), AXIS_CHART),
    }
)


def characters(value: object) -> int:
    """How many characters people read in the cells of a table."""
    if isinstance(value, dict):
        words = value.get("text")
        nested = sum(characters(each) for each in value.values() if isinstance(each, dict | list))
        return nested + (len(words) if isinstance(words, str) else 0)
    return sum(map(characters, value)) if isinstance(value, list) else 0
