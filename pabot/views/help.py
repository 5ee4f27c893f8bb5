"""What `/pa` can do, drawn from the table that parses it."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block

from pabot.views import parts
from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Mrkdwn, Rendered

Rows = Sequence[tuple[str, str]]  # how it is written, and what it does


def help_message(look: Look, rows: Rows) -> Rendered:
    """The answer to `/pa help`."""
    return parts.message("What /pa can do", _blocks(look, rows))


def help_modal(look: Look, rows: Rows) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal("What /pa can do", _blocks(look, rows))


def _blocks(look: Look, rows: Rows) -> list[Block]:
    written = "\n".join(f"`{_code(usage)}`  {parts.joined([meaning])}" for usage, meaning in rows)
    start = [
        parts.button("New request", Id.NEW_OPEN, Hint(), style="primary"),
        parts.button("My work", Id.MINE_OPEN, Hint()),
        parts.button("All open requests", Id.QUEUE_OPEN, Hint()),
        parts.button("Words for patients", Id.WORDING_OPEN, Hint()),
    ]
    return [
        parts.section("about", look.say("help")),
        parts.section("commands", Mrkdwn(written)),
        *parts.actions("start", start),
    ]


def _code(usage: str) -> str:
    """Inside backticks only `& < >` mean anything."""
    return usage.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "'")
