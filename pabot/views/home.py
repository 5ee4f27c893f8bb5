"""The Home tab: sections and buttons only, nothing that not every client draws."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, Element

from pabot.domain import roles
from pabot.domain.cards import HomeBoard, QueuePage
from pabot.domain.roles import Action
from pabot.views import approvals, parts
from pabot.views.ids import Hint, Id
from pabot.views.patients import Surface
from pabot.views.queue import lines
from pabot.views.sweep import start_button
from pabot.views.text import Look, Mrkdwn, one_line
from pabot.views.words import and_more, counted

SHOWN = 10  # requests of one list


def home_view(look: Look, board: HomeBoard) -> dict[str, Any]:
    """My work, what waits for me, and for managers what is broken or nobody's."""
    blocks = [
        parts.section("hello", look.say("home", name=board.member.name)),
        *parts.actions("start", _start(board)),
        *_approvals(look, board),
        *_list(look, board.waiting, "waiting"),
        *_list(look, board.mine, "mine"),
        *(_list(look, board.unassigned, "unassigned") if board.unassigned else []),
        *_undelivered(board.undelivered),
    ]
    return parts.home(blocks)


def _start(board: HomeBoard) -> list[Element]:
    new = parts.button("New request", Id.NEW_OPEN, Hint(), style="primary")
    creates = roles.may(board.member, Action.CREATE) is None
    return [
        *([new] if creates else []),
        *start_button(board.to_sweep),
        parts.button("My work", Id.MINE_OPEN, Hint()),
        parts.button("All open requests", Id.QUEUE_OPEN, Hint()),
        parts.button("Help", Id.HELP_OPEN, Hint()),
    ]


def _list(look: Look, page: QueuePage, name: str) -> list[Block]:
    """The first of a list under its title and how many there are, or that there are none."""
    title = f"*{parts.joined([page.title])}*"
    if not page.total:
        return [parts.section(name, Mrkdwn(f"{title}\nNothing. Well done."))]
    shown = page.lines[:SHOWN]
    left = page.total - len(shown)
    more = [parts.section(f"{name}_more", Mrkdwn(f"_{and_more(left)}_"))] if left > 0 else []
    heading = parts.section(name, Mrkdwn(f"{title} · {counted(page.total, 'request')}"))
    return [heading, *lines(look, shown, page.now, Surface.HOME, name), *more]


def _approvals(look: Look, board: HomeBoard) -> list[Block]:
    """What waits for this person's approval, each with its request's button."""
    asked = board.approvals
    if not asked:
        return []
    heading = parts.section("approvals", Mrkdwn(f"*Waits for your approval* · {counted(len(asked), 'step')}"))
    rows = [
        parts.section(
            f"approval_{each.approval.id}",
            parts.joined([approvals.row(look, each, board.names, Surface.HOME)]),
            accessory=parts.open_button(each.line.number),
        )
        for each in asked[:SHOWN]
    ]
    more = [parts.section("approvals_more", Mrkdwn(f"_{and_more(len(asked) - SHOWN)}_"))] if asked[SHOWN:] else []
    return [heading, *rows, *more]


def _undelivered(refused: Sequence[str]) -> list[Block]:
    if not refused:
        return []
    said = "\n".join(f"• {parts.joined([one_line(row)])}" for row in refused[:SHOWN])
    more = f"\n_{and_more(len(refused) - SHOWN)}_" if len(refused) > SHOWN else ""
    title = "*These messages could not be sent*, so somebody was not told:"
    return [parts.section("undelivered", Mrkdwn(f"{title}\n{said}{more}"))]
