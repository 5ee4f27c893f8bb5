"""Office hours and closures as people write them: `08:00-17:00 mon-thu, 08:00-12:00 fri`."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache

from pabot.domain.contacts import MOST_MINUTES
from pabot.domain.errors import Invalid
from pabot.domain.model import Channel
from pabot.domain.practice import Closure
from pabot.domain.requirements import CHANNEL_LABELS

MOST_UPDATES = 4  # reminders of the sweep a day (our judgement)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s+([a-z]{3})(?:\s*-\s*([a-z]{3}))?")
_BETWEEN = re.compile(r"[,;\n]+|\s+(?=\d{4}-)")
_WRONG = "Write office hours like 08:00-17:00 mon-fri; several spans are separated by commas."


def parse_office_hours(text: str) -> Mapping[int, tuple[time, time]]:
    """Opening and closing by weekday (0 is Monday). Raises Invalid under `office_hours`."""
    hours: dict[int, tuple[time, time]] = {}
    for part in text.lower().split(","):
        found = _SPAN.fullmatch(part.strip())
        if not found:
            raise Invalid({"office_hours": _WRONG})
        opens, closes = _time(found[1]), _time(found[2])
        if opens >= closes:
            raise Invalid({"office_hours": "The practice must open before it closes."})
        for day in _days(found[3], found[4] or found[3]):
            hours[day] = (opens, closes)
    return hours


def parse_closures(text: str) -> tuple[Closure, ...]:
    """Dates like `2026-11-27`, or `2026-12-24 12:00` for closing early. Raises Invalid under `closures`."""
    found: dict[date, Closure] = {}
    for part in filter(str.strip, _BETWEEN.split(text)):
        day, _, clock = part.strip().partition(" ")
        try:
            closure = Closure(date.fromisoformat(day), _time(clock.strip()) if clock.strip() else None)
        except (ValueError, Invalid):
            said = f"“{part.strip()[:20]}” is no date. Write dates like 2026-12-25, or 2026-12-24 12:00 to close early."
            raise Invalid({"closures": said}) from None
        found[closure.on] = closure
    return tuple(found[day] for day in sorted(found))


def parse_clock(text: str, field: str) -> time:
    """`8:00` or `08:00`. Raises Invalid under the field's name."""
    try:
        return _time(text.strip())
    except Invalid:
        raise Invalid({field: "Write a time like 08:00."}) from None


def parse_update_times(text: str) -> tuple[str, ...]:
    """`10:00, 15:00` in the day's order; empty is none. Raises Invalid under `update_times`."""
    times = {parse_clock(part, "update_times").strftime("%H:%M") for part in filter(None, re.split(r"[,;\s]+", text))}
    if len(times) > MOST_UPDATES:
        raise Invalid({"update_times": f"At most {MOST_UPDATES} a day: each is a message to everybody with due items."})
    return tuple(sorted(times))


@lru_cache(16)
def parse_quiet_hours(text: str) -> tuple[time, time] | None:
    """`19:00-07:00`; empty is none. Raises Invalid under `quiet_hours`."""
    if not text.strip():
        return None
    begins, _, ends = text.partition("-")
    try:
        found = _time(begins.strip()), _time(ends.strip())
    except Invalid:
        raise Invalid({"quiet_hours": "Write quiet hours like 19:00-07:00, or leave this empty."}) from None
    if found[0] == found[1]:
        raise Invalid({"quiet_hours": "Quiet hours must end at another time than they begin."})
    return found


def quiet_hours_text(typed: str) -> str:
    """The same, as it is kept. Raises Invalid under `quiet_hours`."""
    return "-".join(f"{clock:%H:%M}" for clock in parse_quiet_hours(typed) or ())


def parse_minutes(text: str) -> tuple[tuple[Channel, int], ...]:
    """`Phone > 12`, one channel a line. Raises Invalid under `contact_minutes`."""
    named = {label.casefold(): channel for channel, label in CHANNEL_LABELS.items()}
    found: dict[Channel, int] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, minutes = (part.strip() for part in line.partition(">"))
        if name.casefold() not in named or not minutes.isdecimal() or not 1 <= int(minutes) <= MOST_MINUTES:
            known = ", ".join(CHANNEL_LABELS.values())
            raise Invalid({"contact_minutes": f"“{line[:40]}”: write one of {known}, then > and minutes: Phone > 12."})
        found[named[name.casefold()]] = int(minutes)
    return tuple(found.items())


def _days(first: str, last: str) -> range:
    if first not in DAYS or last not in DAYS or DAYS.index(first) > DAYS.index(last):
        raise Invalid({"office_hours": _WRONG})
    return range(DAYS.index(first), DAYS.index(last) + 1)


def _time(text: str) -> time:
    try:
        hour, minute = (int(part) for part in text.split(":"))
        return time(hour, minute)
    except ValueError:
        raise Invalid({"office_hours": _WRONG}) from None
