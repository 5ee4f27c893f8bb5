"""What is late: raising it on its day, listing it for people, and the morning digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pabot.domain import expiry
from pabot.domain.cards import Digest, OverdueItem, OverdueList, QueueLine
from pabot.domain.deadlines import JUDGED, Clock
from pabot.domain.hours import parse_clock
from pabot.domain.metrics import bottleneck
from pabot.domain.model import Member
from pabot.domain.statuses import Status
from pabot.services import telling
from pabot.services.room import SYSTEM, Room
from pabot.store import escalations, lists, messages
from pabot.store.escalations import PastDue
from pabot.store.events import NewEvent, append, of_authorization
from pabot.store.store import Session, claim_period, forget_old

BATCH = 100
SHOWN = 20
LEVEL = 1
CATCH_UP_UNTIL, CATCH_UP_AT_LEAST = 12, 4  # o'clock, practice time; hours


@dataclass(frozen=True, slots=True)
class DeliveryState:
    waiting: int
    oldest_since: datetime | None
    parked: tuple[messages.Undelivered, ...]


class Alarms(Room):
    """Use cases of the jobs. Each is safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def raise_alarms(self) -> int:
        """Raise every clock that ran out and was not raised yet. Answers how many.

        On closed days and before opening only expedited requests are raised; the rest follows at opening.
        """
        count = 0
        while raised := self._raise_batch():
            count += raised
        return count

    def queue_digest(self) -> bool:
        """Queue today's digest once on a business day, from its time until noon. True when this call did.

        One that comes late in the day may be caught up for at least four hours.
        """
        now = self.clock.now()
        with self.store.write() as session:
            practice = session.practice
            calendar, channel = practice.calendar, practice.settings.team_channel
            local = calendar.local(now)
            at = parse_clock(practice.settings.digest_at, "digest_at")
            due = at <= local.time() and local.hour < max(CATCH_UP_UNTIL, at.hour + CATCH_UP_AT_LEAST)
            if not channel or not due or not calendar.is_open_day(local.date()):
                return False
            if not claim_period(session.connection, "digest", str(local.date()), now):
                return False
            messages.want(
                session.connection,
                key=f"{telling.DIGEST}:{local.date()}",
                kind=telling.DIGEST,
                recipient=channel,
                subject=str(local.date()),
                now=now,
            )
            return True

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

    def delivery_state(self) -> DeliveryState:
        """How much waits to be sent, since when, and what Slack refused for good."""
        with self.store.read() as session:
            waiting, since = messages.backlog(session.connection)
            return DeliveryState(waiting, since, tuple(messages.undelivered(session.connection)))

    def retry_parked(self) -> int:
        """After somebody mended the cause: try what Slack refused again. Answers how many."""
        with self.store.write() as session:
            return messages.unpark(session.connection, self.clock.now())

    def overdue_since(self, number: int, raised_at: datetime) -> OverdueList:
        """What of one request was raised at an instant and still runs."""
        with self.store.read() as session:
            day = session.practice.calendar.day(raised_at)
            raised = escalations.raised(session.connection, day, number)
            items = _items(session, [row for row in raised if row.raised_at == raised_at])
            return OverdueList(day, tuple(items), self.clock.now())

    def overdue_for(self, user_id: str, day: date) -> OverdueList:
        """The items of a day for one who answers for the care or was asked to judge, the cover's as well."""
        with self.store.read() as session:
            raised = escalations.raised(session.connection, day)
            theirs = [row for row in raised if user_id in _who_must_know(session, row)]
            return OverdueList(day, tuple(_items(session, theirs, reader=user_id)), self.clock.now())

    def escalated_on(self, day: date) -> OverdueList:
        """The team's items raised on a day and still running."""
        with self.store.read() as session:
            items = _items(session, escalations.raised(session.connection, day))
            return OverdueList(day, tuple(items), self.clock.now())

    def digest(self, day: date | None = None) -> Digest:
        """The figures as they are now, for today or for the day whose digest is shown."""
        now = self.clock.now()
        with self.store.read() as session:
            connection, vault, staff = session.connection, session.vault, session.practice.staff
            day = day or session.practice.calendar.day(now)
            tonight = session.practice.calendar.end_of(day)
            counts = lists.counts(connection)
            return Digest(
                day=day,
                breaches=_due(session, now - timedelta(days=3650), now),
                due_today=_due(session, now, tonight),
                waiting_for_clinician=lists.page(connection, vault, staff, [lists.to_be_judged()], limit=SHOWN)[0],
                patients_to_tell=_patients_to_tell(session),
                expiring=_expiring(session, day),
                counts={status: counts.get(status, 0) for status in Status if status is not Status.CLOSED},
                unassigned=lists.page(connection, vault, staff, [lists.unassigned()], limit=1)[1],
                bottleneck=bottleneck(counts, lists.late_counts(connection, now)),
                now=now,
            )

    def _raise_batch(self) -> int:
        now = self.clock.now()
        with self.store.write() as session:
            calendar = session.practice.calendar
            day = calendar.day(now)
            closed = not calendar.is_open_day(day) or now < calendar.opens(day)
            rows = escalations.past_due(session.connection, now, level=LEVEL, expedited_only=closed, limit=BATCH)
            fresh = [row for row in rows if escalations.raise_(session.connection, row.deadline_id, LEVEL, now, day)]
            for row in fresh:
                _announce(session, row, now, day)
            if fresh:
                _announce_to_team(session, day, now)
            return len(fresh)


def _announce(session: Session, row: PastDue, now: datetime, day: date) -> None:
    """The owner's message about what of this request ran out just now, and the lists of who answers or must judge."""
    event = NewEvent("escalated", SYSTEM, now, payload={"detail": {"clock": row.clock.value}})
    append(session.connection, session.vault, of_authorization(row.number), [event])
    owner = session.practice.staff.acting_for(row.owner_id or row.opened_by)
    if owner:
        messages.want(
            session.connection,
            key=f"{telling.OVERDUE_OWNER}:{row.number}:{owner.user_id}:{now.isoformat()}",
            kind=telling.OVERDUE_OWNER,
            recipient=owner.user_id,
            subject=f"{row.number}:{now.isoformat()}",
            now=now,
            authorization=row.number,
        )
    for person in _who_must_know(session, row):
        _want_list(session, person, day, now)


def announce_again(session: Session, now: datetime) -> None:
    """People came, went or changed: whoever must know now of what is late has it on their list."""
    raised = escalations.raised(session.connection)
    for row in raised:
        for person in _who_must_know(session, row):
            _want_list(session, person, row.day, now)
    for day in {row.day for row in raised}:
        messages.refresh_lists(session.connection, telling.OVERDUE_CLINICIAN, str(day), now)


def _want_list(session: Session, person: str, day: date, now: datetime) -> None:
    messages.want(
        session.connection,
        key=f"{telling.OVERDUE_CLINICIAN}:{person}:{day}",
        kind=telling.OVERDUE_CLINICIAN,
        recipient=person,
        subject=str(day),
        now=now,
    )


def _announce_to_team(session: Session, day: date, now: datetime) -> None:
    channel = session.practice.settings.team_channel
    if channel:
        messages.want(
            session.connection,
            key=f"{telling.ESCALATED_TODAY}:{day}",
            kind=telling.ESCALATED_TODAY,
            recipient=channel,
            subject=str(day),
            now=now,
        )


def _who_must_know(session: Session, row: PastDue | escalations.Raised) -> set[str]:
    """Besides the owner: the responsible clinician and whoever was asked to judge, or who acts for them today."""
    people = (session.practice.staff.clinician_for(row.clinician_id), _judge(session, row))
    return {member.user_id for member in people if member}


def _judge(session: Session, row: PastDue | escalations.Raised) -> Member | None:
    """Who was asked to judge, or, when they are not here, the clinician who answers for them."""
    asked = session.practice.staff.get(row.judge)
    if asked is None or (asked.active and not asked.away):
        return asked
    return session.practice.staff.clinician_for(asked.user_id)


def _items(session: Session, raised: Sequence[escalations.Raised], reader: str | None = None) -> list[OverdueItem]:
    """Of each whether the reader must decide, or only know."""
    lines = _lines(session, (row.number for row in raised))
    items = []
    for row in raised:
        if row.number in lines:
            judge = _judge(session, row) if row.clock in JUDGED else None
            wanted = judge is not None and judge.user_id == reader
            items.append(OverdueItem(lines[row.number], row.clock, row.due_at, wanted))
    return items


def _due(session: Session, since: datetime, before: datetime) -> tuple[OverdueItem, ...]:
    rows = lists.clocks_due(session.connection, since=since, before=before, limit=500)
    lines = _lines(session, (row.authorization for row in rows))
    return tuple(
        OverdueItem(lines[row.authorization], Clock(row.kind), row.due_at, wants_decision=False)
        for row in rows
        if row.authorization in lines
    )


def _lines(session: Session, numbers: Iterable[int], *, open_only: bool = True) -> dict[int, QueueLine]:
    wanted = sorted(set(numbers))
    connection, vault, staff = session.connection, session.vault, session.practice.staff
    where, limit = [lists.numbers(wanted)], len(wanted) or 1
    found, _ = lists.page(connection, vault, staff, where, limit=limit, open_only=open_only)
    return {line.number: line for line in found}


def _patients_to_tell(session: Session) -> tuple[QueueLine, ...]:
    lines = _lines(session, lists.told_needed(session.connection))
    return tuple(sorted(lines.values(), key=lambda line: (line.due_at is None, line.due_at)))[:SHOWN]


def _expiring(session: Session, day: date) -> tuple[QueueLine, ...]:
    """The approvals of which the digest of this day gives notice, soonest to run out first."""
    calendar = session.practice.calendar
    # A notice comes early over closed days: look as far past them as the next open day.
    until = calendar.next_open_day(day) + timedelta(days=expiry.SOON)
    ending = lists.last_days(session.connection, lists.running_out(day, until))
    noticed = {number for number, ends in ending if expiry.is_noticed(ends, day, calendar)}
    lines = _lines(session, noticed, open_only=False)
    return tuple(sorted(lines.values(), key=lambda line: (line.expires_on or day, line.number)))
