"""What Slack refuses: blocks by surface, their shapes and counts, messages and views as a whole.

Sources: Slack's Block Kit reference (blocks.json for the surfaces); data tables and charts as documented in 2026.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from pabot.sandbox import block_kit as kit
from pabot.sandbox.block_walk import elements_of, every_block, every_element
from pabot.sandbox.model import Json
from pabot.sandbox.shapes import (
    Check,
    Problem,
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

Surface = Literal["message", "modal", "home"]

_EVERYWHERE = {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
SURFACES: dict[Surface, frozenset[str]] = {
    "message": frozenset(
        _EVERYWHERE
        | {"carousel", "container", "context_actions", "data_table", "data_visualization", "file", "markdown"}
        | {"plan", "table", "task_card"}
    ),
    "modal": frozenset(_EVERYWHERE | {"alert"}),
    "home": frozenset(_EVERYWHERE | {"carousel", "data_table", "table"}),
}
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_OF_A_KIND = {"table": 1, "data_visualization": 2}
MESSAGE_TEXT = 40_000
MARKDOWN_TEXT = 12_000
TABLE_TEXT = 20_000
VIEW_BYTES = 250_000
OPTIONS_OFFERED = 100

_TYPE = {"type": anything}
_ID = {"block_id": string(255, 1)}
_CARD = every(
    shape(
        _TYPE,
        {
            **_ID, "hero_image": kit.IMAGE, "icon": kit.IMAGE, "slack_icon": anything, "title": text(150),
            "subtitle": text(150), "body": text(200), "subtext": text(200), "actions": many(kit.BUTTON, 1, 3),
        },
    ),
    rule(lambda card: any(card.get(part) for part in ("hero_image", "title", "actions", "body")), "needs content"),
)  # fmt: skip
_SECTION = every(
    shape(
        _TYPE,
        {
            **_ID,
            "text": text(3000),
            "fields": many(text(2000), 1, 10),
            "accessory": by_type(kit.ELEMENTS, kit.IN_SECTION),
            "expand": flag,
        },
    ),
    rule(lambda block: block.get("text") or block.get("fields"), "must provide text or fields", "missing_field"),
)
_TABLE = every(
    shape(
        {**_TYPE, "rows": many(many(kit.CELL, 1, 20), 1, 100)},
        {**_ID, "column_settings": many(anything, 0, 20)},
    ),
    kit.EQUAL_ROWS,
)
_DATA_TABLE = every(
    shape(
        {**_TYPE, "rows": many(many(kit.CELL, 1, 20), 2, 201), "caption": string(3000, 1)},
        {**_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    ),
    kit.EQUAL_ROWS,
    kit.PLAIN_HEADER,
    rule(lambda table: kit.characters(table["rows"]) <= TABLE_TEXT, f"no more than {TABLE_TEXT} characters in a table"),
)
_CONTAINER = every(
    shape(
        {**_TYPE, "child_blocks": many(anything, 1, 10)},
        {
            **_ID, "title": plain(150), "rich_text_title": anything, "subtitle": plain(150), "icon": anything,
            "width": one_of("narrow", "standard", "wide", "full"), "is_collapsible": flag,
            "default_collapsed": flag, "has_header_divider": flag,
        },
    ),
    rule(lambda block: block.get("title") or block.get("rich_text_title"), "must provide a title", "missing_field"),
    rule(
        lambda block: not (block.get("has_header_divider") and block.get("is_collapsible")),
        "has_header_divider and is_collapsible exclude each other",
    ),
)  # fmt: skip

BLOCKS: dict[str, Check] = {
    "actions": shape({**_TYPE, "elements": many(by_type(kit.ELEMENTS, kit.IN_ACTIONS), 1, 25)}, _ID),
    "alert": shape(
        {**_TYPE, "text": text(200)}, {**_ID, "level": one_of("default", "info", "warning", "error", "success")}
    ),
    "card": _CARD,
    "carousel": shape({**_TYPE, "elements": many(by_type({"card": _CARD}), 1, 10)}, _ID),
    "container": _CONTAINER,
    "context": shape({**_TYPE, "elements": many(by_type(kit.CONTEXT_ITEMS), 1, 10)}, _ID),
    "context_actions": shape(
        {
            **_TYPE,
            "elements": many(by_type(kit.ELEMENTS, frozenset(("feedback_buttons", "icon_button"))), 1, 5),
        },
        _ID,
    ),
    "data_table": _DATA_TABLE,
    "data_visualization": shape({**_TYPE, "title": string(50, 1), "chart": kit.CHART}, _ID),
    "divider": shape(_TYPE, _ID),
    "file": shape({**_TYPE, "external_id": string(255, 1), "source": one_of("remote")}, _ID),
    "header": shape({**_TYPE, "text": plain(150)}, {**_ID, "level": whole(1, 6)}),
    "image": every(
        shape(
            {**_TYPE, "alt_text": string(2000)},
            {**_ID, "image_url": kit.URL, "slack_file": anything, "title": plain(2000)},
        ),
        rule(lambda image: bool(image.get("image_url")) != bool(image.get("slack_file")), "needs one source"),
    ),
    "input": shape(
        {**_TYPE, "label": plain(2000), "element": by_type(kit.ELEMENTS, kit.IN_INPUT)},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": shape({**_TYPE, "text": string(MARKDOWN_TEXT, 1)}, _ID),
    "plan": shape({**_TYPE, "title": anything}, {**_ID, "tasks": anything}),
    "rich_text": kit.RICH_TEXT,
    "section": _SECTION,
    "table": _TABLE,
    "task_card": shape(
        {**_TYPE, "task_id": string(255, 1), "title": anything},
        {**_ID, "details": anything, "output": anything, "sources": anything, "status": anything},
    ),
    "video": shape(
        {
            **_TYPE, "alt_text": string(2000), "title": plain(200), "thumbnail_url": kit.URL, "video_url": kit.URL,
        },
        {
            **_ID, "author_name": string(50), "description": plain(200), "provider_icon_url": kit.URL,
            "provider_name": string(50), "title_url": kit.URL,
        },
    ),
}  # fmt: skip

_FRAME = {"type": anything, "blocks": anything}
_SAID = {
    "callback_id": string(255), "private_metadata": string(3000), "external_id": string(255),
}  # fmt: skip
VIEWS: dict[str, Check] = {
    "modal": shape(
        {**_FRAME, "title": plain(24)},
        {
            **_SAID, "submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": shape(_FRAME, _SAID),
}  # fmt: skip


def check_message(text: str, blocks: Any) -> list[Problem]:
    """Everything Slack would refuse in a message's blocks."""
    return list(_check_blocks(blocks, "message", "/blocks"))


def check_view(view: Any, *, surface: Literal["modal", "home"]) -> list[Problem]:
    """Everything Slack would refuse in a modal or a Home tab."""
    if not isinstance(view, dict):
        return [Problem("/view", "must provide an object", "invalid_type")]
    if view.get("type") != surface:
        return [Problem("/view/type", f"must be {surface}", "unsupported_type")]
    return [*VIEWS[surface](view, "/view"), *_check_blocks(view.get("blocks"), surface, "/view/blocks"), *_submit(view)]


def too_large(view: Json) -> bool:
    """Whether a view is over Slack's size as JSON."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


def check_options(body: Json) -> list[Problem]:
    """Everything Slack would refuse in an answer to `block_suggestion`."""
    groups = shape({}, {"option_groups": many(kit.GROUP, 0, 100), "options": many(kit.OPTION, 0, OPTIONS_OFFERED)})
    return list(groups(body, ""))


def _check_blocks(blocks: Any, surface: Surface, at: str) -> Iterator[Problem]:
    allowed = by_type(BLOCKS, SURFACES[surface])
    least = 0 if surface == "message" else 1
    found = list(many(allowed, least, MOST_BLOCKS[surface])(blocks, at))
    yield from found
    if found:  # what follows relies on sound blocks
        return
    for place, block in enumerate(blocks):
        if block["type"] == "container":
            yield from many(allowed)(block["child_blocks"], f"{at}/{place}/child_blocks")
    yield from _doubles(blocks, at)
    yield from _sums(blocks, at)


def _doubles(blocks: list[Json], at: str) -> Iterator[Problem]:
    """Names that are there twice: a block_id on the surface, an action_id in its block, what takes the focus."""
    ids = Counter(block.get("block_id") for block in every_block(blocks))
    for name in (name for name, times in ids.items() if name and times > 1):
        yield Problem(at, f"block_id {name} already exists", "duplicate")
    for block in every_block(blocks):
        actions = Counter(element.get("action_id") for element in elements_of(block))
        for name in (name for name, times in actions.items() if name and times > 1):
            yield Problem(at, f"action_id {name} already exists in block {block.get('block_id')}", "duplicate")
    if sum(bool(element.get("focus_on_load")) for _, element in every_element(blocks)) > 1:
        yield Problem(at, "only one element may have focus_on_load", "duplicate")


def _sums(blocks: list[Json], at: str) -> Iterator[Problem]:
    """What is limited over all blocks together."""
    kinds = Counter(block["type"] for block in every_block(blocks))
    for kind, most in MOST_OF_A_KIND.items():
        if kinds[kind] > most:
            yield Problem(at, f"no more than {most} {kind} blocks allowed", "too_many")
    markdown = sum(len(block["text"]) for block in every_block(blocks) if block["type"] == "markdown")
    if markdown > MARKDOWN_TEXT:
        yield Problem(at, f"no more than {MARKDOWN_TEXT} characters of markdown", "too_long")
    tables = sum(kit.characters(block["rows"]) for block in every_block(blocks) if block["type"] == "data_table")
    if tables > TABLE_TEXT:
        yield Problem(at, f"no more than {TABLE_TEXT} characters in data tables", "too_long")


def _submit(view: Json) -> Iterator[Problem]:
    blocks = view.get("blocks")
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks or ())
    if view["type"] == "modal" and has_input and not view.get("submit"):
        yield Problem("/view", "missing required field: submit", "missing_field")
