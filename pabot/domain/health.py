"""How the practice's bot itself is: when each tick last ran well, and the faults that the auditor looks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pabot.domain.cards import QueueLine

TICKS: Mapping[str, float] = {  # seconds between two runs
    "deliver": 0.5,
    "absences": 60,
    "accounts": 60,
    "alarms": 15,
    "approvals": 30,
    "presence": 60,
    "updates": 60,
    "clocks": 30,
    "digest": 20,
    "round_up": 60,
    "renewals": 300,
    "review": 600,
    "report": 600,
    "housekeeping": 1800,
    "audit": 300,
}
LONGEST_REST = timedelta(minutes=15)  # nothing may rest longer, unless its own pace is slower (our judgement)
_STEPS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Pulse:
    """A tick: when it last ran well, and since when it was to run; both None before any worker served."""

    tick: str
    ran_at: datetime | None
    awaited_since: datetime | None

    def age(self, now: datetime) -> timedelta | None:
        """How long ago it ran, or was to run first. A clock that was set back makes nothing younger than now."""
        since = self.ran_at or self.awaited_since
        return max(now - since, timedelta()) if since else None

    def is_late(self, now: datetime) -> bool:
        """Whether it rests longer than three times its pace, and than a quarter of an hour."""
        age = self.age(now)
        return age is not None and age > max(LONGEST_REST, 3 * timedelta(seconds=TICKS[self.tick]))

    def words(self, now: datetime) -> str:
        """One line for whoever runs pabot."""
        age = self.age(now)
        if age is None:
            return f"{self.tick}: no worker has served yet"
        verb = "ran" if self.ran_at else "has not run since the worker came,"
        return f"{self.tick}: {verb} {short_span(age)} ago" + (": too long" if self.is_late(now) else "")


class FaultKind(StrEnum):
    """What must not be, and could not be mended."""

    NO_CLOCK = "no_clock"  # an open request without a running deadline
    NO_OWNER = "no_owner"  # an open request that nobody has
    NOT_RAISED = "not_raised"  # a clock that ran out and was not raised
    MESSAGE = "message"  # a message that waits far past its next try
    DIGEST = "digest"  # today's digest was not posted
    TICK = "tick"  # a tick that rests while the auditor runs
    WORDING = "wording"  # approved words for patients that cannot be said: the shipped ones are said instead


@dataclass(frozen=True, slots=True)
class Fault:
    """`subject` is a request's number, a message's id, a day, a tick or a text; `about` says more where it is known."""

    kind: FaultKind
    subject: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class FaultLine:
    fault: Fault
    request: QueueLine | None  # which it is about, if it is about one


@dataclass(frozen=True, slots=True)
class FaultReport:
    """What was found on a day and still stands."""

    day: date
    lines: tuple[FaultLine, ...]


def short_span(span: timedelta) -> str:
    """`12 s`, `3 min`, `5 h`, `2 d`."""
    seconds = int(span.total_seconds())
    size, unit = next((step for step in _STEPS if seconds >= step[0]), _STEPS[-1])
    return f"{seconds // size} {unit}"
