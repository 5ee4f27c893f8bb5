"""What becomes of a step that waits for approval, in the transaction that is open: who is asked, and who is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pabot.domain.approvals import ANSWER_WITHIN, Approval, ApprovalState, next_asked, overtaken
from pabot.domain.deadlines import running
from pabot.domain.model import AuthorizationState
from pabot.services import telling
from pabot.services.room import SYSTEM, rules_for
from pabot.store import approvals, messages
from pabot.store.events import NewEvent
from pabot.store.store import Session

# The event of each ending; an approval is told by the step itself, which carries who approved it.
ENDINGS: Mapping[ApprovalState, str] = {
    ApprovalState.DECLINED: "approval_declined",
    ApprovalState.TAKEN_BACK: "approval_taken_back",
    ApprovalState.OVERTAKEN: "approval_overtaken",
}


def settle(session: Session, state: AuthorizationState, now: datetime) -> None:
    """The request changed: what cannot be done any more is closed, and who was asked sees how it stands."""
    practice = session.practice
    for found in approvals.open_about(session.connection, session.vault, state.number):
        if sentence := overtaken(found, state, practice.staff, practice.policy):
            close(session, found, ApprovalState.OVERTAKEN, SYSTEM, now, sentence)
        else:
            _lists_changed(session, found, now)


def close(session: Session, found: Approval, state: ApprovalState, by: str, now: datetime, answer: str = "") -> None:
    """It is over. Whoever asked is told, unless they took it back themselves."""
    approvals.decide(session.connection, session.vault, found.id, state, by=by, at=now, answer=answer)
    if kind := ENDINGS.get(state):
        note(session, found, kind, by, now, note=answer)
    _lists_changed(session, found, now)
    if state is not ApprovalState.TAKEN_BACK:
        asker = session.practice.staff.acting_for(found.by, found.number)
        messages.want(
            session.connection,
            key=f"{telling.APPROVAL_ANSWER}:{found.id}",
            kind=telling.APPROVAL_ANSWER,
            recipient=asker.user_id if asker else found.by,
            subject=str(found.id),
            now=now,
            authorization=found.number,
            held_until=telling.hold(session, now),
        )


def ask_next(session: Session, found: Approval, state: AuthorizationState, now: datetime) -> None:
    """The next who may approve it is asked; after the last it is on the managers' list. Doubled calls ask once."""
    before = approvals.asked_before(session.connection, found.id)
    member = next_asked(state, found.roles, found.by, session.practice.staff, before)
    if member is None and found.asked_of is None:
        return
    to, due_at = (member.user_id, due(session, now)) if member else (None, None)
    if not approvals.go_on(session.connection, found.id, found.round + 1, asked_of=to, due_at=due_at, at=now):
        return
    note(session, found, "approval_moved", SYSTEM, now, to=to or "")
    _lists_changed(session, found, now)
    if to:
        tell_asked(session, to, state, now)
    else:
        day = session.practice.calendar.day(now)
        for manager in session.practice.staff.managers():
            messages.want(
                session.connection,
                key=f"{telling.OVERDUE_MANAGER}:{manager}:{day}",
                kind=telling.OVERDUE_MANAGER,
                recipient=manager,
                subject=str(day),
                now=now,
                held_until=telling.hold(session, now),
            )


def due(session: Session, now: datetime) -> datetime:
    """Until when whoever is asked now has time."""
    return session.practice.calendar.plus_business_hours(now, ANSWER_WITHIN)


def tell_asked(session: Session, user_id: str, state: AuthorizationState, now: datetime) -> None:
    """A new message of all that waits for them, for Slack is silent about an edit; the one before points to it."""
    messages.refresh_newest(session.connection, telling.APPROVALS, user_id, now)
    clocks = running(state, rules_for(session, state))
    messages.want(
        session.connection,
        key=f"{telling.APPROVALS}:{user_id}:{now.isoformat()}",
        kind=telling.APPROVALS,
        recipient=user_id,
        subject=now.isoformat(),
        now=now,
        held_until=telling.hold_about(session, state, clocks, now),
    )


def note(session: Session, found: Approval, kind: str, by: str, now: datetime, **detail: str) -> None:
    """An event of the request's own chain."""
    payload: dict[str, Any] = {"detail": {"step": found.kind, **{name: said for name, said in detail.items() if said}}}
    event = NewEvent(kind, by, now, payload=payload)
    session.memory.append(session.connection, session.vault, found.number, [event])


def _lists_changed(session: Session, found: Approval, now: datetime) -> None:
    """The message of who is asked follows the facts; the managers' of the day on which it came to them."""
    if found.asked_of:
        messages.refresh_newest(session.connection, telling.APPROVALS, found.asked_of, now)
    else:
        day = session.practice.calendar.day(found.asked_at)
        messages.refresh_lists(session.connection, telling.OVERDUE_MANAGER, str(day), now)
