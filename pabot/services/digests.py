"""The morning digest: when it is due, when it was missed, and what it says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from pabot.domain import expiry, weekends
from pabot.domain.cards import SHOWN, Digest, OverdueItem, OwnerShare, OwnersMorning, QueueLine
from pabot.domain.hours import parse_clock
from pabot.domain.metrics import LOOK_BACK, bottleneck, stood
from pabot.domain.patient_calls import lately_since
from pabot.domain.statuses import Status
from pabot.services import telling
from pabot.services.alarms import asked_lines, item, lines_of
from pabot.services.judging import to_be_judged
from pabot.services.room import Room
from pabot.store import absences, approvals, lists, messages, renewals
from pabot.store.lists import Due
from pabot.store.store import Session, claim_period, was_claimed

OF_EACH = 5  # requests that the digest names of one owner
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
            if too_late_for_digest(session, now) and not _missed(session, day, due_at, now):
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
            messages.want(
                session.connection,
                key=f"{telling.DIGEST_OWNERS}:{day}",
                kind=telling.DIGEST_OWNERS,
                recipient=channel,
                subject=str(day),
                now=now,
                thread_of=f"{telling.DIGEST}:{day}",
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
            ran_out = lists.clocks_due(connection, before=now)
            breaches, late = _oldest(session, ran_out)
            due_today, due = _oldest(session, lists.clocks_due(connection, since=now, before=_midnight(session, day)))
            waiting, judged = to_be_judged(session, lists.asked(connection), SHOWN)
            untold = lists.told_needed(connection, tonight)
            return Digest(
                day=day,
                breaches=breaches,
                due_today=due_today,
                waiting_for_clinician=waiting,
                patients_to_tell=_patients_to_tell(session, untold),
                expiring=_expiring(session, day),
                counts={status: counts.get(status, 0) for status in Status if status is not Status.CLOSED},
                uncovered=_uncovered(session, day),
                called_again=_called_again(session, day),
                unassigned=lists.page(connection, vault, staff, [lists.unassigned()], limit=1)[1],
                bottleneck=bottleneck(counts, lists.late_counts(connection, now), _history(session, counts, now)),
                now=now,
                missed=_is_missed(session, day, now),
                approvals=asked_lines(session, approvals.open_ones(connection, vault)),
                names=session.practice.names,
                closed_late=len({row.number for row in ran_out if row.of_closed}),
                totals={"breaches": late, "due_today": due, "waiting": judged, "to_tell": len(untold)},
            )

    def owners_morning(self, day: date) -> OwnersMorning:
        """The same by owner: how much each has, and the oldest of what is late or due that day."""
        now = self.clock.now()
        with self.store.read() as session:
            due: dict[str | None, list[Due]] = {}
            for row in lists.clocks_due(session.connection, before=_midnight(session, day)):
                due.setdefault(row.owner_id, []).append(row)
            opened = lists.open_by_owner(session.connection)
            shares = [
                _share(session, owner, opened.get(owner, 0), due.get(owner, []), now) for owner in {**opened, **due}
            ]
            return OwnersMorning(day, tuple(sorted(shares, key=lambda one: (-one.late, -one.due, one.owner))), now)


def _share(session: Session, owner: str | None, count: int, rows: Sequence[Due], now: datetime) -> OwnerShare:
    staff = session.practice.staff
    member = staff.get(owner)
    late = {row.number for row in rows if row.due_at < now}
    items, total = _oldest(session, rows, OF_EACH)
    return OwnerShare(staff.name(owner), bool(member and member.away), count, len(late), total - len(late), items)


def _midnight(session: Session, day: date) -> datetime:
    """The end of a day: most clocks end at its close, and those of what is urgent in the evening as well."""
    return session.practice.calendar.at(day + timedelta(days=1), time())


def _history(session: Session, counts: Mapping[Status, int], now: datetime) -> list[Counter[Status]]:
    """How many requests stood in each status on the mornings of the last thirty days, the latest first."""
    calendar, at = session.practice.calendar, parse_clock(session.practice.settings.digest_at, "digest_at")
    began, today = lists.began(session.connection), calendar.day(now)
    days = (today - timedelta(days=back) for back in range(1, LOOK_BACK + 1))
    mornings = [calendar.at(day, at) for day in days if calendar.is_open_day(day)]
    known = [morning for morning in mornings if began and morning > began]
    return stood(counts, lists.moves(session.connection, known[-1]), known) if known else []


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


def too_late_for_digest(session: Session, now: datetime) -> bool:
    """Whether today's digest is not caught up any more."""
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
    late = session.practice.calendar.day(now) == day and too_late_for_digest(session, now)
    return was_claimed(session.connection, MISSED, str(day)) or (late and not _was_posted(session, day))


def _was_posted(session: Session, day: date) -> bool:
    posting = messages.posting(session.connection, f"{telling.DIGEST}:{day}")
    return posting is not None and posting[1]


def _oldest(session: Session, rows: Sequence[Due], many: int = SHOWN) -> tuple[tuple[OverdueItem, ...], int]:
    """The clocks of those requests that are due first, open or not, and how many requests there are in all."""
    numbers = list(dict.fromkeys(row.number for row in rows))
    lines = lines_of(session, numbers[:many], open_only=False)
    items = (
        item(session, lines[row.number], row.clock, row.due_at, row.asked_of) for row in rows if row.number in lines
    )
    return tuple(items), len(numbers)


def _patients_to_tell(session: Session, untold: Sequence[int]) -> tuple[QueueLine, ...]:
    """Whose patients wait longest."""
    lines = lines_of(session, untold[:SHOWN])
    return tuple(lines[number] for number in untold if number in lines)


def _called_again(session: Session, day: date) -> tuple[QueueLine, ...]:
    """Whose patients called more than once within five business days; about closed requests as well."""
    numbers = lists.called_again(session.connection, lately_since(day, session.practice.calendar))
    lines = lines_of(session, numbers[:SHOWN], open_only=False)
    return tuple(lines[number] for number in numbers if number in lines)


def _expiring(session: Session, day: date) -> tuple[QueueLine, ...]:
    """The approvals of which the digest of this day gives notice, soonest to run out first."""
    calendar = session.practice.calendar
    # A notice comes early over closed days: look as far past them as the next open day.
    until = calendar.next_open_day(day) + timedelta(days=expiry.SOON)
    ending = renewals.last_days(session.connection, renewals.running_out(day, until))
    noticed = {number for number, ends in ending if expiry.is_noticed(ends, day, calendar)}
    lines = lines_of(session, noticed, open_only=False)
    return tuple(sorted(lines.values(), key=lambda line: (line.expires_on or day, line.number)))
