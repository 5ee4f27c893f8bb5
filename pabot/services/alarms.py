"""What is late: raising it on its day, listing it for people, and the morning digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pabot.domain.cards import Digest, OverdueItem, OverdueList, QueueLine
from pabot.domain.deadlines import WANTS_CLINICIAN, Clock
from pabot.domain.metrics import bottleneck
from pabot.domain.statuses import Status
from pabot.services import telling
from pabot.services.practice import SYSTEM
from pabot.services.room import Room
from pabot.store import escalations, lists, messages
from pabot.store.escalations import PastDue
from pabot.store.events import NewEvent, append, of_authorization
from pabot.store.store import Session, claim_period, forget_old

BATCH = 100
SHOWN = 20
LEVEL = 1
CATCH_UP_UNTIL = 12  # o'clock, practice time


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
        """Queue today's digest once, between its time and noon on a business day. True when this call did."""
        now = self.clock.now()
        with self.store.write() as session:
            practice = session.practice
            calendar, channel = practice.calendar, practice.settings.team_channel
            local = calendar.local(now)
            due = local.strftime("%H:%M") >= practice.settings.digest_at and local.hour < CATCH_UP_UNTIL
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

    def overdue_item(self, deadline_id: int) -> OverdueItem | None:
        """One raised clock, or None when it stopped."""
        with self.store.read() as session:
            found = _items(session, escalations.raised(session.connection, deadline_id=deadline_id))
            return found[0] if found else None

    def overdue_for(self, clinician_id: str, day: date) -> OverdueList:
        """A clinician's items raised on a day, the cover's as well as their own."""
        with self.store.read() as session:
            raised = escalations.raised(session.connection, day=day)
            theirs = [row for row in raised if _clinician(session, row.clinician_id) == clinician_id]
            return OverdueList(day, tuple(_items(session, theirs)), self.clock.now())

    def escalated_on(self, day: date) -> OverdueList:
        """The team's items raised on a day and still running."""
        with self.store.read() as session:
            items = _items(session, escalations.raised(session.connection, day=day))
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
                waiting_for_clinician=lists.page(connection, vault, staff, [lists.in_review()], limit=SHOWN)[0],
                patients_to_tell=_patients_to_tell(session),
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
    """The owner's message about this clock, and the responsible clinician's list of the day."""
    event = NewEvent("escalated", SYSTEM, now, payload={"detail": {"clock": row.clock.value}})
    append(session.connection, session.vault, of_authorization(row.number), [event])
    owner = session.practice.staff.acting_for(row.owner_id or row.opened_by)
    if owner:
        messages.want(
            session.connection,
            key=f"{telling.OVERDUE_OWNER}:{row.deadline_id}:{owner.user_id}",
            kind=telling.OVERDUE_OWNER,
            recipient=owner.user_id,
            subject=str(row.deadline_id),
            now=now,
            authorization=row.number,
        )
    if clinician := _clinician(session, row.clinician_id):
        messages.want(
            session.connection,
            key=f"{telling.OVERDUE_CLINICIAN}:{clinician}:{day}",
            kind=telling.OVERDUE_CLINICIAN,
            recipient=clinician,
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


def _clinician(session: Session, clinician_id: str) -> str | None:
    member = session.practice.staff.clinician_for(clinician_id)
    return member.user_id if member else None


def _items(session: Session, raised: Sequence[escalations.Raised]) -> list[OverdueItem]:
    lines = _lines(session, (row.number for row in raised))
    return [_item(lines[row.number], row.clock, row.due_at) for row in raised if row.number in lines]


def _due(session: Session, since: datetime, before: datetime) -> tuple[OverdueItem, ...]:
    rows = lists.clocks_due(session.connection, since=since, before=before, limit=500)
    lines = _lines(session, (row.authorization for row in rows))
    return tuple(
        _item(lines[row.authorization], Clock(row.kind), row.due_at) for row in rows if row.authorization in lines
    )


def _item(line: QueueLine, clock: Clock, due_at: datetime) -> OverdueItem:
    """Whether the clinician must decide, or only know."""
    wants = clock in WANTS_CLINICIAN and line.status is Status.CLINICAL_REVIEW
    return OverdueItem(line, clock, due_at, wants, line.due_at if wants else None)


def _lines(session: Session, numbers: Iterable[int]) -> dict[int, QueueLine]:
    wanted = sorted(set(numbers))
    found, _ = lists.page(
        session.connection, session.vault, session.practice.staff, [lists.numbers(wanted)], limit=len(wanted) or 1
    )
    return {line.number: line for line in found}


def _patients_to_tell(session: Session) -> tuple[QueueLine, ...]:
    lines = _lines(session, lists.told_needed(session.connection))
    return tuple(sorted(lines.values(), key=lambda line: (line.due_at is None, line.due_at)))[:SHOWN]
