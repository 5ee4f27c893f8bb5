"""What is late: raising it on its day, listing it for people, and the morning digest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pabot.domain.approvals import Approval
from pabot.domain.cards import AskedLine, OverdueItem, OverdueList, QueueLine
from pabot.domain.deadlines import OWNERS_ALONE, Clock
from pabot.domain.model import Member
from pabot.services import telling
from pabot.services.room import SYSTEM, Room
from pabot.store import approvals, escalations, heartbeats, lists, messages
from pabot.store.escalations import MANAGERS, OWNERS, PastDue
from pabot.store.events import NewEvent, append_all, of_authorization
from pabot.store.store import Session, claim_period, forget_old

BATCH = 100


@dataclass(frozen=True, slots=True)
class DeliveryState:
    waiting: int
    oldest_since: datetime | None
    parked: tuple[messages.Undelivered, ...]


class Alarms(Room):
    """Use cases of the jobs. Each is safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def raise_alarms(self) -> int:
        """Raise every clock that ran out or must come to the managers, and was not raised yet. Answers how many.

        On closed days and before opening only expedited requests are raised; the rest follows at opening.
        """
        now, count = self.clock.now(), 0
        for level in (OWNERS, MANAGERS):
            while raised := self._raise_batch(level, now):
                count += raised
        return count

    def housekeeping(self) -> None:
        """Once a day: forget what is past its life."""
        now = self.clock.now()
        with self.store.write() as session:
            if claim_period(session.connection, "housekeeping", str(session.practice.calendar.day(now)), now):
                forget_old(session.connection, now)

    def drop_settled_messages(self, before: datetime) -> None:
        """Where a history was brought in: do not tell what is no longer news."""
        with self.store.write() as session:
            messages.drop_settled(session.connection, before, telling.LIVING)

    def back_to_the_wall_clock(self, now: datetime) -> None:
        """After `pabot tick --at`: no message waits for an instant that has not come."""
        with self.store.write() as session:
            messages.back_to(session.connection, now)
            heartbeats.back_to(session.connection, now)

    def delivery_state(self) -> DeliveryState:
        """How much waits to be sent, since when, and what Slack refused for good."""
        with self.store.read() as session:
            waiting, since = messages.backlog(session.connection, self.clock.now())
            return DeliveryState(waiting, since, tuple(messages.undelivered(session.connection)))

    def retry_parked(self) -> int:
        """After somebody mended the cause: try what Slack refused again. Answers how many."""
        with self.store.write() as session:
            return messages.unpark(session.connection, self.clock.now())

    def overdue_at(self, user_id: str, at: datetime) -> OverdueList:
        """What was raised since the message that this person got before, still runs, and is theirs to see to.

        So what Slack could not take for a while is told in one message, the latest; the earlier ones are left out.
        """
        now = self.clock.now()
        with self.store.read() as session:
            connection, kind = session.connection, telling.OVERDUE_OWNER
            before, is_left_out = messages.told_before(connection, kind, user_id, at.isoformat())
            if is_left_out:
                return OverdueList(session.practice.calendar.day(at), (), now)
            after = datetime.fromisoformat(before) if before else None
            raised = escalations.raised(connection, after=after, until=at)
            theirs = [row for row in raised if _is_theirs(session, row, user_id)]
            return OverdueList(session.practice.calendar.day(at), tuple(_items(session, theirs, now)), now)

    def overdue_for_managers(self, day: date) -> OverdueList:
        """What came to the managers on a day and still runs."""
        now = self.clock.now()
        with self.store.read() as session:
            raised = escalations.raised(session.connection, day, level=MANAGERS)
            asked = asked_of(session, None)
            calendar = session.practice.calendar
            of_day = tuple(each for each in asked if calendar.day(each.approval.asked_at) == day)
            return OverdueList(day, tuple(_items(session, raised, now)), now, of_day)

    def overdue_for(self, user_id: str, day: date) -> OverdueList:
        """The items of a day for one who answers for the care or was asked to judge, the cover's as well."""
        now = self.clock.now()
        with self.store.read() as session:
            raised = escalations.raised(session.connection, day)
            theirs = [row for row in raised if user_id in _who_must_know(session, row)]
            return OverdueList(day, tuple(_items(session, theirs, now, reader=user_id)), now)

    def escalated_on(self, day: date) -> OverdueList:
        """The team's items raised on a day and still running."""
        now = self.clock.now()
        with self.store.read() as session:
            raised = [row for row in escalations.raised(session.connection, day) if row.clock not in OWNERS_ALONE]
            return OverdueList(day, tuple(_items(session, raised, now)), now)

    def _raise_batch(self, level: int, now: datetime) -> int:
        with self.store.write() as session:
            calendar = session.practice.calendar
            day = calendar.day(now)
            closed = not calendar.is_open_day(day) or now < calendar.opens(day)
            rows = escalations.past_due(session.connection, now, level=level, expedited_only=closed, limit=BATCH)
            fresh = [row for row in rows if escalations.raise_(session.connection, row.deadline_id, level, now, day)]
            if fresh:
                append_all(session.connection, session.vault, [_raised(row, level, now) for row in fresh])
                ANNOUNCE[level](session, fresh, day, now)
            return len(fresh)


def _raised(row: PastDue, level: int, now: datetime) -> tuple[str, NewEvent]:
    detail = (
        {"clock": row.clock.value, "level": "the managers were told"}
        if level == MANAGERS
        else {"clock": row.clock.value}
    )
    return of_authorization(row.number), NewEvent("escalated", SYSTEM, now, payload={"detail": detail})


def _announce(session: Session, fresh: Sequence[PastDue], day: date, now: datetime) -> None:
    """To each owner what ran out for them just now, to clinicians and the team their lists of the day."""
    acting = (session.practice.staff.acting_for(row.owner_id or row.opened_by, row.number) for row in fresh)
    for owner in {member.user_id for member in acting if member}:
        at = now.isoformat()
        _want(session, telling.OVERDUE_OWNER, owner, at, now)
    for person in {person for row in fresh for person in _who_must_know(session, row)}:
        _want(session, telling.OVERDUE_CLINICIAN, person, str(day), now)
    channel = session.practice.settings.team_channel
    if channel and any(row.clock not in OWNERS_ALONE for row in fresh):
        _want(session, telling.ESCALATED_TODAY, channel, str(day), now)


def _announce_to_managers(session: Session, fresh: Sequence[PastDue], day: date, now: datetime) -> None:
    """Their one list of the day, or whoever's who acts for them."""
    for manager in session.practice.staff.managers():
        _want(session, telling.OVERDUE_MANAGER, manager, str(day), now)


ANNOUNCE: Mapping[int, Callable[[Session, Sequence[PastDue], date, datetime], None]] = {
    OWNERS: _announce,
    MANAGERS: _announce_to_managers,
}


def _want(
    session: Session, kind: str, recipient: str, subject: str, now: datetime, held_until: datetime | None = None
) -> None:
    key = f"{kind}:{subject}" if kind == telling.ESCALATED_TODAY else f"{kind}:{recipient}:{subject}"
    messages.want(
        session.connection,
        key=key,
        kind=kind,
        recipient=recipient,
        subject=subject,
        now=now,
        held_until=held_until,
    )


def announce_again(session: Session, now: datetime) -> None:
    """People came, went or changed: whoever must know now of what is late has it on their list."""
    raised = escalations.raised(session.connection)
    for row in raised:
        for person in _who_must_know(session, row):
            _want(session, telling.OVERDUE_CLINICIAN, person, str(row.day), now)
    for day in {row.day for row in raised}:
        messages.refresh_lists(session.connection, telling.OVERDUE_CLINICIAN, str(day), now)


def given_over(session: Session, ids: Sequence[int], now: datetime, held_until: datetime | None) -> None:
    """What ran out before waits for somebody else now, who has it on their list of the day on which it was raised."""
    for row in escalations.raised(session.connection, ids=ids) if ids else ():
        for person in _who_must_know(session, row):
            _want(session, telling.OVERDUE_CLINICIAN, person, str(row.day), now, held_until)


def _is_theirs(session: Session, row: escalations.Raised, user_id: str) -> bool:
    acting = session.practice.staff.acting_for(row.owner_id or row.opened_by, row.number)
    return acting is not None and acting.user_id == user_id


def _who_must_know(session: Session, row: PastDue | escalations.Raised) -> set[str]:
    """Besides the owner: the responsible clinician and whom the clock waits for, or who acts for them today."""
    if row.clock in OWNERS_ALONE:
        return set()
    staff = session.practice.staff
    people = (staff.clinician_for(row.clinician_id, row.number), _meant(session, row.number, row.asked_of))
    return {member.user_id for member in people if member}


def _meant(session: Session, number: int, asked_of: str | None) -> Member | None:
    """Who was asked to judge, or, when they are not here, the clinician who answers for them."""
    asked = session.practice.staff.get(asked_of)
    if asked is None or (asked.active and not asked.away):
        return asked
    return session.practice.staff.clinician_for(asked.user_id, number)


def _items(
    session: Session, raised: Sequence[escalations.Raised], now: datetime, reader: str | None = None
) -> list[OverdueItem]:
    """Of each whether the reader must decide, or only know."""
    lines = lines_of(session, (row.number for row in raised), open_only=False)  # a patient may call about a closed one
    found = ((lines[row.number], row) for row in raised if row.number in lines)
    return [
        item(session, line, row.clock, row.due_at, row.asked_of, reader, _held(session, row, now))
        for line, row in found
    ]


def item(
    session: Session,
    line: QueueLine,
    clock: Clock,
    due_at: datetime,
    asked_of: str | None,
    reader: str | None = None,
    held: tuple[str, str, datetime | None] = ("", "", None),
) -> OverdueItem:
    """A clock of a list, with whom it waits for: the owner, unless somebody was asked to judge."""
    meant = _meant(session, line.number, asked_of)
    wanted = meant is not None and meant.user_id == reader
    return OverdueItem(line, clock, due_at, wanted, meant.name if meant else line.owner, *held)


def _held(session: Session, row: escalations.Raised, now: datetime) -> tuple[str, str, datetime | None]:
    """Who is on it, why and until when; nothing once that time is over."""
    if row.held_until is None or row.held_until <= now:
        return "", "", None
    return session.practice.staff.name(row.held_by), row.held_for, row.held_until


def asked_of(session: Session, user_id: str | None) -> tuple[AskedLine, ...]:
    """What waits for somebody's approval, oldest first; None: what everybody was asked who may approve it."""
    waiting = approvals.open_with(session.connection, session.vault, user_id)
    return asked_lines(session, waiting)


def asked_lines(session: Session, found: Iterable[Approval]) -> tuple[AskedLine, ...]:
    """Each with its request, whether that is open or not."""
    asked = tuple(found)
    lines = lines_of(session, (each.number for each in asked), open_only=False) if asked else {}
    return tuple(AskedLine(each, lines[each.number]) for each in asked)


def lines_of(session: Session, numbers: Iterable[int], *, open_only: bool = True) -> dict[int, QueueLine]:
    wanted = sorted(set(numbers))
    connection, vault, staff = session.connection, session.vault, session.practice.staff
    where, limit = [lists.numbers(wanted)], len(wanted) or 1
    found, _ = lists.page(connection, vault, staff, where, limit=limit, open_only=open_only)
    return {line.number: line for line in found}
