"""Lists of requests: the queue, what was found, my work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slackblocks import Block, Element

from pabot.domain.cards import QueueLine, QueuePage
from pabot.domain.deadlines import CLOCK_LABELS
from pabot.domain.statuses import Status
from pabot.views import parts
from pabot.views.ids import Hint, Id
from pabot.views.patients import Surface, shown
from pabot.views.sweep import start_button
from pabot.views.text import Look, Mrkdwn, Rendered, one_line
from pabot.views.words import LABEL, and_more, counted, ends, number, read_out, span, status_label

# Where the payer may still answer: no date is "expected" once it has.
UNANSWERED = frozenset(Status) - {Status.APPROVED, Status.DENIED, Status.PATIENT_NOTIFIED, Status.CLOSED}
EMPTY = "Nothing here right now. That is good news, or there is another list: try `/pa queue` or `/pa find`."


def list_message(look: Look, page: QueuePage) -> Rendered:
    """A page of a list, for the eyes of whoever asked."""
    text = parts.joined((page.title, counted(page.total, "request")))
    return parts.message(text, _blocks(look, page))


def list_modal(look: Look, page: QueuePage) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal("Requests", _blocks(look, page))


def lines(look: Look, requests: Sequence[QueueLine], now: datetime, surface: Surface, name: str) -> list[Block]:
    """One section a request, each with its button. `name` tells one list on a screen from another."""
    return [
        parts.section(
            f"{name}_{line.number}", _line(look, line, now, surface), accessory=parts.open_button(line.number)
        )
        for line in requests
    ]


def _blocks(look: Look, page: QueuePage) -> list[Block]:
    """Back from the first line, on from the last: two buttons in one row may not share an id."""
    head = parts.joined((Mrkdwn(f"*{parts.joined([page.title])}*"), counted(page.total, "request")))
    sweep = parts.actions("sweep", start_button(page.to_sweep))
    if not page.lines:
        return [
            parts.section("title", head),
            parts.section("empty", Mrkdwn(EMPTY)),
        ]
    found = lines(look, page.lines, page.now, Surface.EPHEMERAL, "request")
    if page.pages <= 1:
        left = page.total - len(page.lines)
        more = [parts.section("foot", Mrkdwn(f"_{and_more(left)}: ask more narrowly_"))] if left > 0 else []
        return [parts.section("title", head), *sweep, *found, *more]
    foot = Mrkdwn(f"Page {page.page} of {page.pages}")
    back = _turn(page, "‹ Previous", page.page - 1)
    return [
        parts.section("title", head, back),
        *sweep,
        *found,
        parts.section("foot", foot, _turn(page, "Next ›", page.page + 1)),
    ]


def _awaits_answer(line: QueueLine) -> bool:
    """Whether the payer may still answer; what it decided is not awaited while a clinician judges it."""
    judged = line.status is Status.CLINICAL_REVIEW and line.outcome is not None
    return line.status in UNANSWERED and not judged


def _turn(page: QueuePage, label: str, to: int) -> Element | None:
    if not 1 <= to <= page.pages:
        return None
    return parts.button(label, Id.QUEUE_PAGE, Hint(what=page.query, number=to))


def _line(look: Look, line: QueueLine, now: datetime, surface: Surface) -> Mrkdwn:
    return look.say(
        "line",
        number=number(line.number),
        patient=shown(line.patient, surface, None, look.privacy),
        payer=one_line(line.payer, LABEL),
        service=one_line(line.service, LABEL),
        expedited=line.expedited,
        status=status_label(line.status, line.outcome, in_part=line.some_denied),
        ends=ends(line.expires_on, now.astimezone(look.zone).date()) if line.expires_on else "",
        told=line.patient_told_at is not None,
        submitted_on=look.date(line.submitted_at) if line.submitted_at else None,
        expected_on=line.expected_on if _awaits_answer(line) else None,
        needed=line.needed,
        waits_for="" if line.status is Status.CLOSED else line.waits_for,
        owner="" if line.owner == line.waits_for else line.owner,
        legal_by=look.when(line.legal_at) if line.legal_at else "",
        left=span(line.due_at, now) if line.due_at else "",
        late=line.due_at is not None and line.due_at < now,
        clock=CLOCK_LABELS[line.due_kind] if line.due_kind else "",
        sentence=read_out(look, line, line.payer, line.service, now, line.patient_words),
    )
