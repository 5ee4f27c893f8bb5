"""Which messages a change calls for. It writes rows only; the deliver job sends them after the commit."""

from collections.abc import Iterable
from datetime import datetime

from pabot.domain.model import AuthorizationState, Role
from pabot.domain.steps import Notice, NoticeKind
from pabot.store import escalations, messages
from pabot.store.store import Session

OVERDUE_OWNER, OVERDUE_CLINICIAN, ESCALATED_TODAY, DIGEST = (
    "overdue_owner",
    "overdue_clinician",
    "escalated_today",
    "digest",
)
LIVING = (NoticeKind.DECISION, NoticeKind.QUESTION, NoticeKind.ATTEST, NoticeKind.INSTRUCTION, OVERDUE_OWNER)


def tell(session: Session, state: AuthorizationState, notices: Iterable[Notice], save: str, now: datetime) -> None:
    """Queue what a step calls for. The same fact told to the same person is one message."""
    for notice in notices:
        what, subject = _what(notice.kind, state, save)
        messages.want(
            session.connection,
            key=f"{notice.kind}:{what}:{notice.to}",
            kind=notice.kind,
            recipient=notice.to,
            subject=subject,
            now=now,
            authorization=None if notice.kind is NoticeKind.UNASSIGNED else state.number,
        )


def keep_current(session: Session, number: int, now: datetime, *, everything: bool = False) -> None:
    """Living messages about a request follow it; after a correction, every message about it does."""
    messages.refresh(session.connection, number, now, None if everything else LIVING)


def unassigned_changed(session: Session, now: datetime) -> None:
    """The managers' list of requests that nobody has, where one was already sent."""
    managers = session.practice.staff.with_role(Role.MANAGER)
    keys = (f"{NoticeKind.UNASSIGNED}:list:{manager.user_id}" for manager in managers)
    messages.again(session.connection, keys, now)


def clocks_stopped(session: Session, stopped: Iterable[int], now: datetime) -> None:
    """Lists that name a clock which has stopped are to be made current."""
    readers = session.practice.staff.with_role(Role.CLINICIAN, Role.BILLER)
    for day in escalations.days_of(session.connection, stopped):
        keys = [f"{OVERDUE_CLINICIAN}:{reader.user_id}:{day}" for reader in readers]
        messages.again(session.connection, [f"{ESCALATED_TODAY}:{day}", *keys], now)


def _what(kind: NoticeKind, state: AuthorizationState, save: str) -> tuple[str, str]:
    """(what tells one message from another, what the message is drawn from)."""
    denial = state.denial.id if state.denial else None
    question = state.question.id if state.question else None
    call = state.peer_to_peer.id if state.peer_to_peer else None
    number = state.number
    table = {
        NoticeKind.DECISION: (denial, f"{number}:{denial}"),
        NoticeKind.INSTRUCTION: (denial, f"{number}:{denial}"),
        NoticeKind.QUESTION: (question, f"{number}:{question}"),
        NoticeKind.ANSWERED: (question, f"{number}:{question}"),
        NoticeKind.ATTEST: (number, f"{number}:"),
        NoticeKind.CALL: (call, f"{number}:{call}"),
        NoticeKind.NEED: (save, f"{number}:{save}"),
        NoticeKind.ASSIGNED: (save, f"{number}:{save}"),
        NoticeKind.UNASSIGNED: ("list", ""),
    }
    what, subject = table[kind]
    return str(what), subject
