"""The auditor: it looks for what must not be, mends what is safe, and tells managers of the rest, once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain import ladder
from pabot.domain.cards import QueueLine
from pabot.domain.health import LONGEST_REST, TICKS, Fault, FaultKind, FaultLine, FaultReport, Pulse
from pabot.domain.hours import parse_clock
from pabot.domain.roles import Action, may
from pabot.domain.steps import Change, Notice, NoticeKind, Step
from pabot.services import telling
from pabot.services.alarms import BATCH, Alarms
from pabot.services.digests import Digests
from pabot.services.owners import ruled_owner, to_managers
from pabot.services.requests import record
from pabot.services.room import SYSTEM, rules_for
from pabot.services.staffing import find_keeper
from pabot.services.wording import broken
from pabot.store import faults, heartbeats, lists, messages, requests
from pabot.store.clocks import reconcile
from pabot.store.events import NewEvent, append, of_authorization
from pabot.store.faults import Standing
from pabot.store.store import Session

GRACE = timedelta(minutes=5)  # an alarm may be so late before it counts as missed
UNOWNED = timedelta(hours=1)  # a request that its opener gave to nobody; managers know of it from the start
AWAITED = timedelta(minutes=30)  # a digest may be so late
NAMED = 100  # faults of one kind, at most
ABOUT_REQUESTS = frozenset({FaultKind.NO_CLOCK, FaultKind.NO_OWNER, FaultKind.NOT_RAISED})

Mend = Callable[[Session, int, datetime], None]


class Audit(Alarms, Digests):
    """Use cases around the bot's own health. Each is safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def audit(self) -> int:
        """Mend what is safe, as events; tell managers of the rest. Answers how many faults stand."""
        with self.store.read() as session:
            clockless = faults.without_clock(session.connection)
            unowned = faults.without_owner(session.connection, _able(session))
            unkept = lists.without_keeper(session.connection, _able(session))
        self._mend(clockless, _set_clocks)
        self._mend(unowned, _find_owner)
        self._mend(unkept, lambda session, number, now: find_keeper(session, number, SYSTEM, now))
        self.raise_alarms()
        self.queue_digest()
        return self._report()

    def faults(self, day: date) -> FaultReport:
        """What was found on a day and stands at this very moment."""
        now = self.clock.now()
        with self.store.read() as session:
            noted = {(one.kind, one.subject) for one in faults.standing(session.connection, day)}
            still = [one for one in _found(session, now) if (one.kind, one.subject) in noted]
            about = _requests(session, still)
            return FaultReport(day, tuple(FaultLine(one, about.get(one.subject)) for one in still))

    def faults_standing(self) -> int:
        """How many faults the auditor found that nobody has mended."""
        with self.store.read() as session:
            return faults.count(session.connection)

    def beat(self, tick: str) -> None:
        """A tick ran well just now."""
        with self.store.write() as session:
            heartbeats.beat(session.connection, tick, self.clock.now())

    def pulses(self) -> tuple[Pulse, ...]:
        """When each tick last ran well."""
        with self.store.read() as session:
            return tuple(_pulses(session).values())

    def _mend(self, numbers: Sequence[int], mend: Mend) -> None:
        now = self.clock.now()
        for batch in _batches(numbers):
            with self.store.write() as session:
                for number in batch:
                    mend(session, number, now)

    def _report(self) -> int:
        """Note what is new and strike what is mended. News is told while the practice is open; the night keeps it."""
        now = self.clock.now()
        with self.store.write() as session:
            connection, calendar = session.connection, session.practice.calendar
            found = {(one.kind, one.subject): one for one in _found(session, now)}
            gone = [one for one in faults.standing(connection) if (one.kind, one.subject) not in found]
            _strike(session, gone, now)
            if calendar.is_open(now):
                day = calendar.day(now)
                fresh = [one for one in found.values() if faults.note(connection, one, now, day)]
                for reader in session.practice.staff.managers() if fresh else ():
                    messages.want(
                        connection,
                        key=f"{telling.FAULTS}:{day}:{reader}",
                        kind=telling.FAULTS,
                        recipient=reader,
                        subject=str(day),
                        now=now,
                    )
            return len(found)


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """In the order in which they are to be locked."""
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))


def _set_clocks(session: Session, number: int, now: datetime) -> None:
    """The running rows of a request that has none, from its facts. Without any, managers read of it."""
    state, _ = requests.load(session.connection, session.vault, number, lock=True)
    clocks = ladder.clocks(state, rules_for(session, state))
    if not state.is_open or not clocks or faults.has_clock(session.connection, number):
        return
    requests.write(session.connection, session.vault, state, state, clocks)
    reconcile(session.connection, number, clocks, now, by=SYSTEM)
    event = NewEvent("repaired", SYSTEM, now)
    append(session.connection, session.vault, of_authorization(number), [event])


def _find_owner(session: Session, number: int, now: datetime) -> None:
    """The cover of who may have it no more, or whoever the practice's rules name; else managers must say."""
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    staff, able = session.practice.staff, _able(session)
    if not before.is_open or before.owner_id in able:
        return
    owner = staff.owner_after(before.owner_id, number) or ruled_owner(session, before.payer_id, before.clinician_id)
    to = owner.user_id if owner and owner.user_id in able else None
    if to == before.owner_id:
        return
    who = staff.name(before.owner_id)
    detail = {
        "from": before.owner_id,
        "to": to or "",
        "note": f"{who} can no longer have it." if before.owner_id else "",
    }
    told = (Notice(NoticeKind.ASSIGNED, to),) if to else to_managers(session)
    after = replace(before, owner_id=to, version=before.version + 1)
    step = Step("assign", before.status, before.status, detail)
    record(session, Change(before, after, (step,), told), SYSTEM, now)


def _able(session: Session) -> frozenset[str]:
    """Who may own a request."""
    members = session.practice.staff.members.values()
    return frozenset(member.user_id for member in members if may(member, Action.CLAIM) is None)


def _strike(session: Session, gone: Sequence[Standing], now: datetime) -> None:
    faults.mended(session.connection, gone, now)
    for day in sorted({one.day for one in gone}):
        messages.refresh_lists(session.connection, telling.FAULTS, str(day), now)


def _found(session: Session, now: datetime) -> list[Fault]:
    """Everything that must not be at this moment, a hundred of a kind at most."""
    connection = session.connection
    numbers = {
        FaultKind.NO_CLOCK: faults.without_clock(connection),
        FaultKind.NO_OWNER: faults.without_owner(connection, _able(session), now - UNOWNED),
        FaultKind.NOT_RAISED: _not_raised(session, now - GRACE),
    }
    pulses = _pulses(session)
    awake = not _slept(pulses["audit"], now)
    stuck = faults.stuck(connection, now - LONGEST_REST, NAMED) if awake else []
    resting = [tick for tick, pulse in pulses.items() if awake and pulse.is_late(now)]
    names = session.practice.names
    return [
        *(Fault(kind, str(number)) for kind, those in numbers.items() for number in those[:NAMED]),
        *(Fault(FaultKind.MESSAGE, str(one.id), names.get(one.recipient, "the team channel")) for one in stuck),
        *_digest_fault(session, now),
        *(Fault(FaultKind.TICK, tick) for tick in resting),
        *(Fault(FaultKind.WORDING, str(text), f"“{text.label}”") for text in broken(session.practice.worded)),
    ]


def _not_raised(session: Session, before: datetime) -> list[int]:
    """By the rule of the alarms: on closed days and before opening only expedited requests ring."""
    calendar = session.practice.calendar
    day = calendar.day(before)
    closed = not calendar.is_open_day(day) or before < calendar.opens(day)
    return faults.not_raised(session.connection, before, expedited_only=closed)


def _digest_fault(session: Session, now: datetime) -> list[Fault]:
    """Today's digest was due while a worker served, and no message was made of it, or Slack refused it for good."""
    practice = session.practice
    day = practice.calendar.day(now)
    due_at = practice.calendar.at(day, parse_clock(practice.settings.digest_at, "digest_at"))
    served = practice.worker_seen_at is not None and practice.worker_seen_at < due_at
    if not served or not practice.settings.team_channel or not practice.calendar.is_open_day(day):
        return []
    if now < due_at + AWAITED:
        return []
    posting = messages.posting(session.connection, f"{telling.DIGEST}:{day}")
    made = posting is not None and posting[0] is not messages.State.PARKED
    return [] if made else [Fault(FaultKind.DIGEST, str(day))]


def _pulses(session: Session) -> dict[str, Pulse]:
    ran, since = heartbeats.latest(session.connection), session.practice.worker_seen_at
    return {tick: Pulse(tick, ran.get(tick), since) for tick in TICKS}


def _slept(auditor: Pulse, now: datetime) -> bool:
    """Whether the auditor did not run of late: after a night without a worker all ticks and messages are late, and
    nothing is ill. It is looked at again at the next audit.
    """
    return auditor.ran_at is None or auditor.is_late(now)


def _requests(session: Session, those: Sequence[Fault]) -> dict[str, QueueLine]:
    numbers = sorted({int(one.subject) for one in those if one.kind in ABOUT_REQUESTS})
    if not numbers:
        return {}
    found, _ = lists.page(
        session.connection, session.vault, session.practice.staff, [lists.numbers(numbers)], limit=len(numbers)
    )
    return {str(line.number): line for line in found}
