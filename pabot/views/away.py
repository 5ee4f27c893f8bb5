"""Messages around people away: to the cover, to who comes back, to managers."""

from collections.abc import Iterable, Sequence
from typing import Any

from slackblocks import Block

from pabot.domain.absence_cards import Done, HandOver, Presence, WelcomeBack
from pabot.domain.absences import Absence, span
from pabot.domain.cards import OverdueItem
from pabot.domain.rules import Directory
from pabot.domain.statuses import MEANINGS, Status
from pabot.views import lines, parts
from pabot.views.history import label_of
from pabot.views.ids import Hint, Id
from pabot.views.overdue import late_rows
from pabot.views.patients import Surface
from pabot.views.text import Look, Mrkdwn, Rendered, safe
from pabot.views.words import counted

PEOPLE = 20  # of whom one message asks, two blocks each


def hand_over(look: Look, of: HandOver) -> Rendered:
    """The cover's one message, with a menu to open what they cover."""
    closed = sum(line.status is Status.CLOSED for line in of.lines)
    head = lines.section(
        look,
        "hand_over",
        "covering",
        owner=lines.short(of.owner),
        back_on=of.back_on,
        over=of.over,
        for_good=of.for_good,
        total=of.total - closed,
        closed=closed,
        due=_requests(of.due_today),
        legal=len(of.legal),
        rest=[f"{count} {MEANINGS[status].label}" for status, count in of.rest.items() if status is not Status.CLOSED],
    )
    if of.over:
        return parts.message(f"{_named(of.owner)} is back", [head])
    blocks = [
        head,
        *lines.listed(look, "due", "Due today or late", late_rows(look, of.due_today, Surface.DM)),
        *lines.listed(look, "legal", "Legal dates this week", late_rows(look, of.legal, Surface.DM)),
        *lines.menu(of.lines),
    ]
    taken = f"From {_named(of.owner)}, yours now" if of.for_good else f"You cover for {_named(of.owner)}"
    return parts.message(f"{taken}: {counted(of.total, 'request')}", blocks)


def welcome_back(look: Look, of: WelcomeBack) -> Rendered:
    """What was done for whoever was away, and what is due."""
    due = _requests(of.due)
    head = lines.section(look, "welcome_back", "welcome", done=len(of.done), due=due)
    opened = [*(each.line for each in of.done), *(item.line for item in of.due)]
    blocks = [
        head,
        *lines.listed(look, "done", "Done for you", [_done(each) for each in of.done]),
        *lines.listed(look, "due", "Due today or late", late_rows(look, of.due, Surface.DM)),
        *lines.menu(opened),
    ]
    return parts.message(f"Welcome back: {counted(due, 'request')} due today or late", blocks)


def who_is_in(look: Look, asked: Sequence[Presence]) -> Rendered:
    """Whether people are in: all of them asked of a manager once, each settled for all managers by any answer."""
    waiting = [of for of in asked if _standing(of) == "open"]
    more = len(asked) - PEOPLE
    head = lines.section(look, "who_is_in", "who_is_in", waiting=len(waiting), more=max(more, 0))
    blocks = [block for of in asked[:PEOPLE] for block in _is_in(look, of)]
    about = _people(waiting or asked)
    text = f"{'Are' if len(waiting) > 1 else 'Is'} {about} in today?" if waiting else f"{about}: answered"
    return parts.message(text, [*([head] if len(asked) > 1 else []), *blocks])


def _is_in(look: Look, of: Presence) -> list[Block]:
    standing, about = _standing(of), Hint(what=of.user_id)
    said = lines.section(
        look,
        "is_in",
        f"is_in.{of.user_id}",
        person=lines.short(of.name),
        due=of.due,
        standing=standing,
        who=lines.short(of.said_by or ""),
        when=look.when(of.said_at) if of.said_at else "",
    )
    answers = [
        parts.button("They are in", Id.PRESENCE_YES, about),
        parts.button("Away today", Id.AWAY_OPEN, about),
    ]
    return [said, *(parts.actions(f"answers.{of.user_id}", answers) if standing == "open" else [])]


def _people(those: Sequence[Presence]) -> str:
    return _named(those[0].name) if len(those) == 1 else f"{len(those)} people"


def _standing(of: Presence) -> str:
    return "away" if of.away else "in" if of.said_by else "working" if of.working else "open"


def account_gone(look: Look, name: str, held: int) -> Rendered:
    """A manager reads who left without a word, and how much was handed over."""
    head = lines.section(look, "account_gone", "account_gone", person=lines.short(name), held=held)
    return parts.message(f"{_named(name)}'s Slack account is deactivated", [head])


def saved(look: Look, absence: Absence, staff: Directory, *, own: bool) -> Rendered:
    """The answer to a saved absence, or to its end."""
    begun, ended = absence.begun_at is not None, absence.ended_at is not None
    what = {(True, True): "ended", (False, True): "cancelled", (True, False): "begun", (False, False): "planned"}
    head = lines.section(
        look,
        "away_saved",
        "away_saved",
        what=what[begun, ended],
        own=own,
        person=lines.short(staff.name(absence.user_id)),
        span=span(absence),
        covers=[lines.short(staff.name(cover)) for cover in absence.covers],
        back_on=absence.back_on,
    )
    return parts.message("Back" if ended else "Away", [head])


def saved_modal(look: Look, absence: Absence, staff: Directory, *, own: bool) -> dict[str, Any]:
    """The same in place of the form."""
    return {**parts.modal("Away", []), "blocks": saved(look, absence, staff, own=own).blocks}


def _done(of: Done) -> str:
    kinds = ", ".join(dict.fromkeys(label_of(kind) for kind in of.kinds))
    return f"{lines.line(of.line, Surface.DM)} · {kinds}, by {', '.join(of.by)}"


def _named(name: str) -> Mrkdwn:
    """A name on a lock screen."""
    return safe(lines.short(name))


def _requests(items: Iterable[OverdueItem]) -> int:
    return len({item.line.number for item in items})
