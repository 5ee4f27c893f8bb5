"""The morning digest: when it is due, when it was missed, and what it says."""

from datetime import date, datetime, timedelta

from pabot.domain import expiry, weekends
from pabot.domain.cards import Digest, OverdueItem, QueueLine
from pabot.domain.deadlines import Clock
from pabot.domain.hours import parse_clock
from pabot.domain.metrics import bottleneck
from pabot.domain.statuses import Status
from pabot.services import telling
from pabot.services.alarms import lines_of
from pabot.services.room import Room
from pabot.store import absences, lists, messages, renewals
from pabot.store.store import Session, claim_period, was_claimed

SHOWN = 20
CATCH_UP_UNTIL, CATCH_UP_AT_LEAST = 12, 4  # o'clock, practice time; hours
MISSED = "digest_missed"


class Digests(Room):
    """Use cases of the digest. Safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def queue_digest(self) -> bool:
        """Queue today's digest once on a business day, from its time until noon. True when this call did.

        One that comes late in the day may be caught up for at least four hours. Later, on the same day, it is posted
        as missed: where a worker served in the morning and it could not be made or posted.
        """
        now = self.clock.now()
        with self.store.write() as session:
            practice = session.practice
            calendar, channel = practice.calendar, practice.settings.team_channel
            day = calendar.day(now)
            due_at = calendar.at(day, parse_clock(practice.settings.digest_at, "digest_at"))
            if not channel or now < due_at or not calendar.is_open_day(day):
                return False
            if _too_late_for_digest(session, now) and not _missed(session, day, due_at, now):
                return False
            if not claim_period(session.connection, "digest", str(day), now):
                return False
            messages.want(
                session.connection,
                key=f"{telling.DIGEST}:{day}",
                kind=telling.DIGEST,
                recipient=channel,
                subject=str(day),
                now=now,
            )
            return True

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
                uncovered=_uncovered(session, day),
                unassigned=lists.page(connection, vault, staff, [lists.unassigned()], limit=1)[1],
                bottleneck=bottleneck(counts, lists.late_counts(connection, now)),
                now=now,
                missed=_is_missed(session, day, now),
            )


def _uncovered(session: Session, day: date) -> tuple[tuple[QueueLine, tuple[str, ...]], ...]:
    """On the last open day before closed ones: expedited requests whose people have no cover for the first of those."""
    calendar, staff = session.practice.calendar, session.practice.staff
    tomorrow = day + timedelta(days=1)
    if not calendar.is_open_day(day) or calendar.is_open_day(tomorrow):
        return ()
    planned = absences.not_over(session.connection)
    people = {
        row.number: weekends.without_cover((row.owner_id, row.clinician_id), staff, planned, tomorrow)
        for row in lists.expedited(session.connection)
    }
    found = lines_of(session, (number for number, members in people.items() if members))
    return tuple((line, tuple(member.name for member in people[line.number])) for line in found.values())


def _too_late_for_digest(session: Session, now: datetime) -> bool:
    at = parse_clock(session.practice.settings.digest_at, "digest_at")
    return session.practice.calendar.local(now).hour >= max(CATCH_UP_UNTIL, at.hour + CATCH_UP_AT_LEAST)


def _missed(session: Session, day: date, due_at: datetime, now: datetime) -> bool:
    """Note that today's digest was not posted in its time; not so where no worker served by then."""
    served_since = session.practice.worker_seen_at
    if served_since is None or served_since > due_at or _was_posted(session, day):
        return False
    return claim_period(session.connection, MISSED, str(day), now)


def _is_missed(session: Session, day: date, now: datetime) -> bool:
    """Whether a day's digest is told as missed: noted so, or only now about to be posted."""
    late = session.practice.calendar.day(now) == day and _too_late_for_digest(session, now)
    return was_claimed(session.connection, MISSED, str(day)) or (late and not _was_posted(session, day))


def _was_posted(session: Session, day: date) -> bool:
    posting = messages.posting(session.connection, f"{telling.DIGEST}:{day}")
    return posting is not None and posting[1]


def _due(session: Session, since: datetime, before: datetime) -> tuple[OverdueItem, ...]:
    rows = lists.clocks_due(session.connection, since=since, before=before, limit=500)
    lines = lines_of(session, (row.authorization for row in rows))
    return tuple(
        OverdueItem(lines[row.authorization], Clock(row.kind), row.due_at, wants_decision=False)
        for row in rows
        if row.authorization in lines
    )


def _patients_to_tell(session: Session) -> tuple[QueueLine, ...]:
    lines = lines_of(session, lists.told_needed(session.connection))
    return tuple(sorted(lines.values(), key=lambda line: (line.due_at is None, line.due_at)))[:SHOWN]


def _expiring(session: Session, day: date) -> tuple[QueueLine, ...]:
    """The approvals of which the digest of this day gives notice, soonest to run out first."""
    calendar = session.practice.calendar
    # A notice comes early over closed days: look as far past them as the next open day.
    until = calendar.next_open_day(day) + timedelta(days=expiry.SOON)
    ending = renewals.last_days(session.connection, renewals.running_out(day, until))
    noticed = {number for number, ends in ending if expiry.is_noticed(ends, day, calendar)}
    lines = lines_of(session, noticed, open_only=False)
    return tuple(sorted(lines.values(), key=lambda line: (line.expires_on or day, line.number)))
