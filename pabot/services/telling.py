"""Which messages a change calls for. It writes rows only; the deliver job sends them after the commit."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from pabot.domain import expiry, quiet
from pabot.domain.clocks import Deadline
from pabot.domain.hours import parse_quiet_hours
from pabot.domain.model import AuthorizationState
from pabot.domain.review import asked
from pabot.domain.steps import Notice, NoticeKind
from pabot.store import escalations, messages, renewals
from pabot.store.store import Session

DIGEST_OWNERS = "digest_owners"  # in the thread of the digest
OVERDUE_OWNER, OVERDUE_CLINICIAN, OVERDUE_MANAGER, ESCALATED_TODAY, DIGEST = (
    "overdue_owner",
    "overdue_clinician",
    "overdue_manager",
    "escalated_today",
    "digest",
)
PROPOSAL, PROPOSAL_DECIDED, NEWER_CHECKLIST = "proposal", "proposal_decided", "newer_checklist"
WORDS, WORDS_DECIDED = "words", "words_decided"  # other words for patients: to be approved, and to their author
LIBRARY_REVIEW, WEEKLY_REPORT = "library_review", "weekly_report"
FAULTS = "faults"  # what the auditor found and could not mend, to managers
HAND_OVER, INHERITED, WELCOME_BACK = "hand_over", "inherited", "welcome_back"
RUNNING_OUT = "running_out"  # approvals, to their owners
UPDATE = "update"  # at an update time: what is due with the payers, and the sweep
ROUND_UP = "round_up"  # in the morning: all that waits for somebody's judgement
IS_IN, ACCOUNT_GONE = "is_in", "account_gone"
APPROVALS = "approvals"  # what waits for somebody's approval
APPROVAL_ANSWER = "approval_answer"  # what became of what somebody asked
LETTER = "appeal_letter"  # a file as well, or a line that says where it lies
SHEET = "submission_sheet"  # a file, for whoever asked for it
LIVING = (
    NoticeKind.DECISION,
    NoticeKind.CLOSING,
    NoticeKind.SENT_ON,
    NoticeKind.QUESTION,
    NoticeKind.PATIENT_CALLED,
    NoticeKind.CALL_ANSWERED,
    NoticeKind.ATTEST,
    NoticeKind.INSTRUCTION,
    NoticeKind.DOCUMENTS,
    WORDS,
)
UNTIL_TOLD = (*LIVING, NoticeKind.ANSWERED, NoticeKind.RETURNED)  # these two follow until the patient was told


def hold(session: Session, now: datetime) -> datetime | None:
    """Until when a message that can wait is held: quiet hours. None where it goes out at once."""
    hours = parse_quiet_hours(session.practice.settings.quiet_hours)
    return quiet.quiet_until(now, hours, session.practice.calendar)


def hold_about(
    session: Session, state: AuthorizationState, clocks: Iterable[Deadline], now: datetime
) -> datetime | None:
    """The same for news of a request."""
    until = hold(session, now)
    return until if until and quiet.can_wait(state, clocks, until) else None


def tell(
    session: Session,
    state: AuthorizationState,
    notices: Iterable[Notice],
    save: str,
    now: datetime,
    held_until: datetime | None,
) -> None:
    """Queue what a step calls for. Each save's news is a message of its own: Slack is silent about an edited one.

    Where the news cannot wait (no `held_until`), nothing that is held about the request does any longer.
    """
    if held_until is None and hold(session, now):
        messages.release(session.connection, state.number, now)
    for notice in notices:
        listed = notice.kind is NoticeKind.UNASSIGNED
        messages.want(
            session.connection,
            key=f"{notice.kind}:{now.isoformat() if listed else save}:{notice.to}{_of(notice)}",
            kind=notice.kind,
            recipient=notice.to,
            subject="" if listed else f"{state.number}:{notice.child or _child(notice.kind, state, save)}",
            now=now,
            authorization=None if listed else state.number,
            held_until=None if notice.at_once else held_until,
        )


def _of(notice: Notice) -> str:
    """One save may tell one person of several."""
    return f":{notice.child}" if notice.child else ""


def inherited(session: Session, left_by: str, numbers: Iterable[int], heir: str, now: datetime) -> None:
    """One message of all that somebody left to whoever acts for its new owner."""
    messages.want(
        session.connection,
        key=f"{INHERITED}:{left_by}:{now.isoformat()}:{heir}",
        kind=INHERITED,
        recipient=heir,
        subject=f"{left_by}:{','.join(map(str, numbers))}",
        now=now,
        held_until=hold(session, now),
    )


def keep_current(session: Session, before: AuthorizationState, after: AuthorizationState, now: datetime) -> None:
    """Living messages about a request follow it."""
    waited, waits = ((each.untold_since, each.worry_since) for each in (before, after))
    told = before.patient_waits and waited != waits
    messages.refresh(session.connection, after.number, now, UNTIL_TOLD if told else LIVING)


def all_current(session: Session, number: int, now: datetime) -> None:
    """After a correction, every message about a request follows it."""
    messages.refresh(session.connection, number, now)


def unassigned_changed(session: Session, now: datetime) -> None:
    """The managers' lists of requests that nobody has, where some were sent of late."""
    messages.refresh_lists(session.connection, NoticeKind.UNASSIGNED, "", now)


def clocks_stopped(session: Session, stopped: Iterable[int], now: datetime) -> None:
    """Lists that name a clock which has stopped are to be made current."""
    _refresh_alarms(session, escalations.moments_of(session.connection, stopped), now)


def alarms_changed(session: Session, number: int, now: datetime) -> None:
    """Lists that name a request are to be made current: somebody else has it now, or somebody is on it."""
    _refresh_alarms(session, escalations.moments_about(session.connection, number), now)


def running_out_changed(session: Session, state: AuthorizationState, now: datetime) -> None:
    """Owners' messages about an approval that runs out are to be made current: it is renewed, say, or need not be."""
    calendar = session.practice.calendar
    for number in filter(None, (state.renews, state.number if state.is_granted else None)):
        expires_on, low_on = renewals.told_days(session.connection, number)
        days = {expiry.notice_day(expires_on, ahead, calendar) for ahead in expiry.OWNER_DAYS} if expires_on else set()
        for day in days | ({low_on} if low_on else set()):
            messages.refresh_lists(session.connection, RUNNING_OUT, str(day), now)


def round_up_of(day: date, reader: str) -> str:
    """The subject of somebody's round-up of a day."""
    return f"{day}:{reader}"


def judgement_changed(session: Session, before: AuthorizationState, after: AuthorizationState, now: datetime) -> None:
    """This morning's round-ups of those whose judgement a request waits for, or waited for, are to be made current."""
    judges = {user_id for _, user_id in (*asked(before), *asked(after))}
    covers = (session.practice.staff.clinician_for(user_id, after.number) for user_id in judges)
    day = session.practice.calendar.day(now)
    for reader in judges | {member.user_id for member in covers if member}:
        messages.refresh_kept(session.connection, ROUND_UP, round_up_of(day, reader), now)


def _refresh_alarms(session: Session, moments: Collection[tuple[date, datetime]], now: datetime) -> None:
    for day in {day for day, _ in moments}:
        for kind in (ESCALATED_TODAY, OVERDUE_CLINICIAN, OVERDUE_MANAGER):
            messages.refresh_lists(session.connection, kind, str(day), now)
    for at in {at for _, at in moments}:
        messages.refresh_told(session.connection, OVERDUE_OWNER, at.isoformat(), now)


def _child(kind: NoticeKind, state: AuthorizationState, save: str) -> int | str | None:
    """What of the request the message is drawn from: a denial, a question, a call, or the save itself."""
    if kind is NoticeKind.DOCUMENTS:  # each asking has its moment
        return int(max(document.asked_at for document in state.documents if document.asked_at).timestamp())
    children = {
        NoticeKind.DECISION: state.denial,
        NoticeKind.CLOSING: state.denial,
        NoticeKind.INSTRUCTION: state.denial,
        NoticeKind.SENT_ON: state.denial,
        NoticeKind.QUESTION: state.question,
        NoticeKind.ANSWERED: state.question,
        NoticeKind.CALL: state.peer_to_peer,
    }
    child = children.get(kind)
    return child.id if child else save
