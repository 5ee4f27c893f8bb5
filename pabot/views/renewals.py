"""Approvals that run out: the owner's message, and what a card says of units and renewals."""

from collections.abc import Sequence
from datetime import date

from slackblocks import Block

from pabot.domain import expiry
from pabot.domain.cards import AuthorizationCard, RunningOut
from pabot.domain.expiry import Units
from pabot.domain.model import Member
from pabot.domain.roles import Action, may
from pabot.views import lines, parts
from pabot.views.ids import Hint, Id, step_open
from pabot.views.patients import Surface
from pabot.views.text import Look, Rendered
from pabot.views.words import counted, ends, number

EACH = 8  # approvals with buttons of their own; the rest is a list


def reminder(look: Look, items: Sequence[RunningOut], day: date) -> Rendered:
    """An owner's approvals that end soon or are nearly used up; nothing left is said as such."""
    head = lines.section(look, "running_out", "running_out", count=len(items))
    blocks: list[Block] = [head]
    for item in items[:EACH]:
        blocks += _item(item, day)
    blocks += lines.listed(look, "rest", "And", [_words(item, day) for item in items[EACH:]])
    said = f"{counted(len(items), 'approval')} to renew" if items else "Approvals: all seen to"
    return parts.message(said, [*blocks, *lines.menu(item.line for item in items[EACH:])])


def _item(item: RunningOut, day: date) -> list[Block]:
    hint = Hint(number=item.line.number)
    pressed = [
        parts.button("Renew", Id.RENEW_OPEN, hint),
        parts.button("No renewal needed", step_open("let_run_out"), hint),
        parts.open_button(item.line.number),
    ]
    name = f"item_{item.line.number}"
    return [parts.section(name, parts.joined([_words(item, day)])), *parts.actions(f"{name}_actions", pressed)]


def _words(item: RunningOut, day: date) -> str:
    end = [ends(item.line.expires_on, day)] if item.line.expires_on else []
    low = [used(line) for line in item.units if line.runs_low]
    return " · ".join((lines.line(item.line, Surface.DM), *end, *low))


def used(line: Units) -> str:
    """`97110: 16 of 20 used, 4 left`."""
    over = line.used - line.approved
    left = f"{over} more than approved" if over > 0 else f"{line.left} left"
    return f"{line.code}: {line.used} of {line.approved} used, {left}"


def on_card(card: AuthorizationCard) -> list[str]:
    """What was used of the approval, and which request it renews or is renewed by."""
    state = card.state
    renewed = [f"Renews {number(state.renews)}"] if state.renews else []
    renewed += [f"Renewed by {number(card.renewal)}"] if card.renewal else []
    why = expiry.NO_RENEWAL.get(state.no_renewal)
    renewed += [f"No renewal needed: {why}"] if why else []
    return [*(used(line) for line in expiry.units(state) if line.used), *renewed]


def may_renew(card: AuthorizationCard, viewer: Member | None) -> bool:
    """Whether a renewal is offered: granted, not renewed yet, and the viewer opens requests."""
    offered = card.state.is_granted and card.renewal is None and not card.state.no_renewal
    return offered and viewer is not None and may(viewer, Action.CREATE) is None


def is_pressing(card: AuthorizationCard) -> bool:
    """Whether the approval ends soon, or few units are left."""
    ends_on = card.state.expires_on
    soon = ends_on is not None and (ends_on - card.now.date()).days <= expiry.SOON
    return soon or expiry.runs_low(card.state)
