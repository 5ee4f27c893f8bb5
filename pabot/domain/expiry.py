"""Approvals run out: by their last day, or when their units are used up. When that is spoken of, and what ends it.

Days are calendar days before the last day (domain guide §8.3, F27).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.commands import Command
from pabot.domain.model import AuthorizationState, ServiceLine
from pabot.domain.orders import Medication, Therapy

DIGEST_DAYS = (30, 7)  # before the last day: the mornings whose digest names it
OWNER_DAYS = (14, 1)  # the mornings on which its owner has a message
SOON = max(DIGEST_DAYS)  # what `/pa queue expiring` calls soon
LOW_UNITS, LOW_SHARE = 5, 0.2  # this many units left, or this part of them, is little; whichever is more
NO_RENEWAL: Mapping[str, str] = {
    "finished": "The treatment is over",
    "changed": "The plan of care changed",
    "elsewhere": "It goes on elsewhere",
    "coverage": "The coverage ended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUse(Command):
    """How many units of each line are used by now, all counted: line number and units."""

    used: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetRunOut(Command):
    """The approval need not be renewed; nobody is reminded of it any more."""

    reason: str  # a key of NO_RENEWAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew(Command):
    """A new request that continues an approval. The patient is the same; the coverage was verified again."""

    plan_id: int
    service: str
    lines: tuple[ServiceLine, ...]
    clinician_id: str
    ordered_on: date
    diagnoses: tuple[str, ...] | None = None  # None: those of the approval
    medication: Medication | None = None
    therapy: Therapy | None = None
    requested_from: date | None = None
    requested_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """What of a line is approved and used."""

    seq: int
    code: str
    approved: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.approved - self.used)

    @property
    def runs_low(self) -> bool:
        """Once something was used: a line of one unit is not low, it is done."""
        return self.approved > 1 and self.used > 0 and self.left <= max(LOW_UNITS, self.approved * LOW_SHARE)


def units(state: AuthorizationState) -> tuple[Units, ...]:
    """Each approved line; none of a request that is not granted."""
    granted = (line for line in state.lines if line.approved) if state.is_granted else ()
    return tuple(Units(line.seq, line.code, line.units_approved or line.units, line.units_used) for line in granted)


def runs_low(state: AuthorizationState) -> bool:
    return any(line.runs_low for line in units(state))


def notice_day(expires_on: date, days: int, calendar: PracticeCalendar) -> date:
    """`days` calendar days before the approval's last day; on a closed day, the last open day before it."""
    return calendar.last_open_day(expires_on - timedelta(days=days))


def is_noticed(expires_on: date, today: date, calendar: PracticeCalendar, among: tuple[int, ...] = DIGEST_DAYS) -> bool:
    """Whether the digest of `today`, or the owner's message, names an approval with this last day."""
    return any(notice_day(expires_on, days, calendar) == today for days in among)


def continues_on(expires_on: date | None, today: date) -> date:
    """From when a renewal is wanted: the day after the last, or today where that has passed."""
    return max(expires_on + timedelta(days=1), today) if expires_on else today
