"""The practice's calendar and the arithmetic of business time.

Internal clocks follow the practice: its weekdays, hours, holidays, closures and early closings.
All arithmetic is on local wall time and answered in UTC, so that a clock change moves no opening hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FURTHEST = 400  # days looked ahead for an open one


@dataclass(frozen=True, slots=True)
class PracticeCalendar:
    """Opening hours by weekday (0 is Monday), closed dates, and dates that close early."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[time, time]]
    closed: frozenset[date] = frozenset()
    early: Mapping[date, time] = field(default_factory=dict)
    _next: dict[tuple[date, int], date] = field(default_factory=dict, init=False, compare=False, repr=False)
    _closes: dict[date, datetime] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.hours:
            raise ValueError("a practice must be open on at least one weekday")

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> date:
        """The practice's calendar date at an instant."""
        return self.local(at).date()

    def is_open_day(self, day: date) -> bool:
        return day.weekday() in self.hours and day not in self.closed

    def opens(self, day: date) -> datetime:
        return self._instant(day, self.hours[day.weekday()][0])

    def closes(self, day: date) -> datetime:
        if day not in self._closes:  # each save asks a dozen times for the same few days
            closing = self.hours[day.weekday()][1]
            self._closes[day] = self._instant(day, min(closing, self.early.get(day, closing)))
        return self._closes[day]

    def is_open(self, at: datetime) -> bool:
        day = self.day(at)
        return self.is_open_day(day) and self.opens(day) <= at < self.closes(day)

    def next_open_day(self, day: date) -> date:
        """The first open day after `day`."""
        return self._step(day, 1)

    def last_open_day(self, day: date) -> date:
        """`day` itself when open, else the open day before: a legal date on a closed day is met before it."""
        return day if self.is_open_day(day) else self._step(day, -1)

    def first_open_day(self, day: date) -> date:
        """`day` itself when open, else the next open day."""
        return day if self.is_open_day(day) else self._step(day, 1)

    def day_before(self, day: date) -> date:
        """The last open day before `day`."""
        return self._step(day, -1)

    def business_day(self, at: datetime) -> date:
        """The business day that an instant counts for: today while open or before opening, else the next."""
        day = self.day(at)
        if self.is_open_day(day) and at < self.closes(day):
            return day
        return self.next_open_day(day)

    def plus_business_days(self, at: datetime, days: int) -> datetime:
        """Closing time of the business day `days` after the one `at` counts for."""
        day = self.business_day(at)
        for _ in range(days):
            day = self.next_open_day(day)
        return self.closes(day)

    def plus_business_hours(self, at: datetime, hours: float) -> datetime:
        """`hours` of open time after `at`."""
        left = timedelta(hours=hours)
        day = self.business_day(at)
        start = max(at, self.opens(day))
        while (open_for := self.closes(day) - start) < left:
            left -= max(open_for, timedelta())
            day = self.next_open_day(day)
            start = self.opens(day)
        return start + left

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """The open hours between two instants; none where the second comes first."""
        day, last, total = self.business_day(start), self.day(end), timedelta()
        while day <= last:
            total += max(min(end, self.closes(day)) - max(start, self.opens(day)), timedelta())
            day = self.next_open_day(day)
        return total

    def business_days_until(self, start: datetime, last: date) -> int:
        """How many open days come after the one that `start` counts for, `last` the last of them."""
        day, count = self.business_day(start), 0
        while (day := self.next_open_day(day)) <= last:
            count += 1
        return count

    def rolled(self, at: datetime) -> datetime:
        """`at` itself inside hours, else the same clock time on the next open day (Saturday 16:40 -> Monday 16:40).

        Never that day's first minute: a clock time outside its hours is due at its close.
        """
        if self.is_open(at):
            return at
        local = self.local(at)
        day = local.date()
        if not (self.is_open_day(day) and at < self.opens(day)):
            day = self.next_open_day(day)
        due = self._instant(day, local.time())
        return due if self.opens(day) < due < self.closes(day) else self.closes(day)

    def end_of(self, day: date) -> datetime:
        """Close of an open day; the last minute of a closed one, so that it is still that day."""
        return self.closes(day) if self.is_open_day(day) else self._instant(day, time(23, 59))

    def at(self, day: date, clock: time) -> datetime:
        """An instant from the practice's date and clock time."""
        return self._instant(day, clock)

    def _instant(self, day: date, clock: time) -> datetime:
        return _instant(day, clock.replace(tzinfo=None), self.zone)

    def _step(self, day: date, step: int) -> date:
        """The first open day before or after `day`."""
        if (day, step) not in self._next:
            ahead = (day + timedelta(days=step * away) for away in range(1, FURTHEST + 1))
            found = next(filter(self.is_open_day, ahead), None)
            if found is None:
                raise ValueError(f"the practice has no open day within {FURTHEST} days of {day}")
            self._next[day, step] = found
        return self._next[day, step]


@lru_cache(4096)
def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """An opening of hours, or any other clock time that is often asked for."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
