"""What Slack refuses in blocks and views, and that it takes what is sound."""

import json
from typing import Any, Literal

import pytest

from pabot.sandbox import limits

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", text: str = "A") -> Json:
    return {"text": plain(text), "value": value}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Press"), "action_id": "press", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Json:
    return {"type": "section", **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "choose", **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Field"), "element": element, **more}


def table(rows: int, columns: int = 2, text: str = "x", **more: Any) -> Json:
    cells = [[{"type": "raw_text", "text": text}] * columns] * rows
    return {"type": "data_table", "caption": "Overdue", "rows": cells, **more}


def chart(points: list[str], categories: list[str], **more: Any) -> Json:
    series = {"name": "Late", "data": [{"label": each, "value": 3} for each in points]}
    drawn = {"type": "bar", "series": [series], "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "Late by payer", "chart": drawn, **more}


PIE = {"type": "pie", "segments": [{"label": "late", "value": 0}]}
DIVIDER = {"type": "divider"}
TEXT_INPUT = {"type": "plain_text_input", "action_id": "typed"}

SOUND = [
    DIVIDER,
    section(text=mrkdwn("x" * 3000)),
    section(fields=[plain("x")] * 10, accessory=button(value="PA-1042", style="danger")),
    actions(*(button(action_id=f"b{n}") for n in range(25))),
    actions(select(options=[option()], initial_option=option())),
    {"type": "header", "text": plain("Digest")},
    {
        "type": "context",
        "elements": [mrkdwn("a"), {"type": "image", "image_url": "https://x.org/a.png", "alt_text": ""}],
    },
    table(201, page_size=10),
    chart(["North", "Blue"], ["Blue", "North"]),
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
]

UNSOUND = [
    ({"type": "dividr"}, "unsupported type: dividr"),
    ({"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    (section(), "must provide text or fields"),
    (section(text=plain("")), "must be more than 0 characters"),
    (section(text=mrkdwn("x" * 3001)), "must be less than 3001 characters"),
    (section(fields=[plain("x")] * 11), "no more than 10 items allowed"),
    (section(fields=[plain("x" * 2001)]), "must be less than 2001 characters"),
    (section(text=plain("x"), colour="red"), "invalid additional property: colour"),
    (section(text=plain("x"), accessory=TEXT_INPUT), "unsupported type: plain_text_input"),
    ({"type": "header", "text": mrkdwn("x")}, "must be one of: plain_text"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
    ({"type": "context", "elements": []}, "no fewer than 1 items allowed"),
    (actions(), "no fewer than 1 items allowed"),
    (actions(*(button(action_id=f"b{n}") for n in range(26))), "no more than 25 items allowed"),
    (actions(button(), button()), "action_id press already exists in block None"),
    (actions(button(value="x" * 2001)), "must be less than 2001 characters"),
    (actions(button(text=plain("x" * 76))), "must be less than 76 characters"),
    (actions(button(style="green")), "must be one of: primary, danger"),
    (actions(button(action_id="x" * 256)), "must be less than 256 characters"),
    (actions(select()), "must provide options or option_groups"),
    (actions(select(options=[option(str(n)) for n in range(101)])), "no more than 100 items allowed"),
    (actions(select(options=[option(text="x" * 76)])), "must be less than 76 characters"),
    (actions(select(options=[option("x" * 151)])), "must be less than 151 characters"),
    (actions(select(options=[option()], initial_option=option("b"))), "initial option must match one of the options"),
    (actions(select(options=[option(), option()])), "option values must be unique"),
    (actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]}), "no more than 5 items allowed"),
    (actions({"type": "checkboxes", "options": [option(str(n)) for n in range(11)]}), "no more than 10 items allowed"),
    (actions(button(confirm={"title": plain("Sure?")})), "missing required field: text"),
    (field(TEXT_INPUT | {"max_length": 3001}), "must be between 1 and 3000"),
    (field(button()), "unsupported type: button"),
    (table(202), "no more than 201 items allowed"),
    (table(1), "no fewer than 2 items allowed"),
    (table(100, 2, "x" * 101), "no more than 20000 characters in a table"),
    (table(2, 21), "no more than 20 items allowed"),
    (table(2, text=""), "must be more than 0 characters"),
    (table(2) | {"caption": None}, "missing required field: caption"),
    (chart(["North"], ["North", "Blue"]), "every series must have exactly one point for each category"),
    (chart(["North"], ["North"], title="x" * 51), "must be less than 51 characters"),
    (chart(["x" * 21], ["x" * 21]), "must be less than 21 characters"),
    ({"type": "data_visualization", "title": "x", "chart": PIE}, "segment values must be positive"),
    ({"type": "card"}, "needs content"),
]


@pytest.mark.parametrize("block", SOUND, ids=lambda block: block["type"])
def test_what_slack_takes(block: Json) -> None:
    assert limits.check_message("text", [block]) == []


@pytest.mark.parametrize(("block", "message"), UNSOUND, ids=[message for _, message in UNSOUND])
def test_what_slack_refuses(block: Json, message: str) -> None:
    assert message in [problem.message for problem in limits.check_message("text", [block])]


def test_a_refusal_says_where_as_slack_does() -> None:
    [problem] = limits.check_message("", [DIVIDER, section(text=plain("x" * 3001))])
    assert str(problem) == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([DIVIDER] * 51, "no more than 50 items allowed"),
        ([{**DIVIDER, "block_id": "a"}] * 2, "block_id a already exists"),
        ([chart(["a"], ["a"])] * 3, "no more than 2 data_visualization blocks allowed"),
        ([table(100, 2, "x" * 60)] * 2, "no more than 20000 characters in data tables"),
        ([actions(TEXT_INPUT | {"type": "users_select", "focus_on_load": True})] * 2,
         "only one element may have focus_on_load"),
    ],
)  # fmt: skip
def test_what_counts_over_the_whole_message(blocks: list[Json], message: str) -> None:
    assert message in [problem.message for problem in limits.check_message("", blocks)]


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("A form"), "blocks": list(blocks), **more}


VIEWS: list[tuple[Literal["modal", "home"], Json, str]] = [
    ("modal", modal(DIVIDER, title=plain("x" * 25)), "must be less than 25 characters"),
    ("modal", modal(field(TEXT_INPUT)), "missing required field: submit"),
    ("modal", modal(), "no fewer than 1 items allowed"),
    ("modal", modal(*[DIVIDER] * 101), "no more than 100 items allowed"),
    ("modal", modal(table(2)), "unsupported type: data_table"),
    ("modal", modal(DIVIDER, private_metadata="x" * 3001), "must be less than 3001 characters"),
    ("modal", modal(DIVIDER, colour="red"), "invalid additional property: colour"),
    ("modal", {"type": "home", "blocks": [DIVIDER]}, "must be modal"),
    ("home", {"type": "home", "blocks": [DIVIDER], "title": plain("x")}, "invalid additional property: title"),
    ("home", {"type": "home", "blocks": [chart(["a"], ["a"])]}, "unsupported type: data_visualization"),
    ("home", {"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, "unsupported type: alert"),
]


@pytest.mark.parametrize(("surface", "view", "message"), VIEWS)
def test_views_that_slack_refuses(surface: Literal["modal", "home"], view: Json, message: str) -> None:
    assert message in [problem.message for problem in limits.check_view(view, surface=surface)]


def test_views_that_slack_takes() -> None:
    everything = modal(field(TEXT_INPUT), {"type": "alert", "text": plain("Careful")}, submit=plain("Save"))
    assert limits.check_view(everything, surface="modal") == []
    assert limits.check_view({"type": "home", "blocks": [actions(button())]}, surface="home") == []


@pytest.mark.parametrize("nonsense", [None, 5, "text", [], [5], [[]], [{}], [{"type": 5}], {"type": "divider"}])
def test_nonsense_is_refused_without_falling_over(nonsense: Any) -> None:
    assert limits.check_message("", nonsense) or nonsense == []
    assert limits.check_view(nonsense, surface="modal")
    json.dumps([str(problem) for problem in limits.check_message("", nonsense)])
