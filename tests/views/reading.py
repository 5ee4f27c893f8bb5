"""How tests read a message: all its words, what can be pressed, and its golden payload."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pabot.views.text import Rendered

GOLDEN = Path(__file__).parents[1] / "golden" / "views"


def words(drawn: Rendered) -> str:
    """Everything that the blocks show."""
    return "\n".join(_texts(drawn.blocks))


def first_line(drawn: Rendered) -> str:
    return words(drawn).splitlines()[0]


def pressed(drawn: Rendered) -> list[str]:
    """The ids of everything that can be pressed or chosen."""
    elements = [element for block in drawn.blocks for element in block.get("elements", [])]
    return [element["action_id"] for element in elements if "action_id" in element]


def values(drawn: Rendered) -> list[dict[str, Any]]:
    elements = [element for block in drawn.blocks for element in block.get("elements", [])]
    return [json.loads(element["value"]) for element in elements if "value" in element]


def fits(drawn: Rendered) -> None:
    """Slack's limits, and that every block is named once. Everything is plain JSON."""
    names = [block["block_id"] for block in drawn.blocks]
    assert len(names) == len(set(names))
    assert len(drawn.blocks) <= 50
    assert all(len(text) <= 3000 for text in _texts(drawn.blocks))
    assert json.loads(json.dumps(drawn.blocks)) == drawn.blocks


def same_as_golden(request: pytest.FixtureRequest, name: str, drawn: Rendered) -> None:
    """The payload is the one that was looked at and kept; `--update-golden` keeps the new one."""
    path = GOLDEN / f"{name}.json"
    now = json.dumps({"text": drawn.text, "blocks": drawn.blocks}, indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, nested in value.items():
            if key == "text" and isinstance(nested, str):
                yield nested
            else:
                yield from _texts(nested)
    elif isinstance(value, list):
        for nested in value:
            yield from _texts(nested)
