"""Nothing is shown that nobody listens to."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pabot.handlers.routes import ACTIONS, SUBMISSIONS, SUGGESTIONS

GOLDEN = sorted((Path(__file__).parents[1] / "golden").rglob("*.json"))


def elements(payload: Any, inside_input: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every element with an action id, and whether it is an input that only its form sends."""
    if isinstance(payload, list):
        for one in payload:
            yield from elements(one, inside_input)
    elif isinstance(payload, dict):
        waits = inside_input or (payload.get("type") == "input" and not payload.get("dispatch_action"))
        if "action_id" in payload:
            yield payload, waits
        for one in payload.values():
            yield from elements(one, waits)


def test_there_are_payloads_to_look_at() -> None:
    assert GOLDEN


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_id_on_a_screen_has_a_listener(path: Path) -> None:
    payload = json.loads(path.read_text())
    for element, waits in elements(payload):
        if "external_select" in element["type"]:
            assert element["action_id"] in SUGGESTIONS
        if not waits and "url" not in element:
            assert element["action_id"] in ACTIONS
    if payload.get("type") == "modal" and "submit" in payload:
        assert payload["callback_id"] in SUBMISSIONS
