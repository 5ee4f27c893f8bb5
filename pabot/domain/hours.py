"""Office hours and closures as people write them: `08:00-17:00 mon-thu, 08:00-12:00 fri`."""

import re
from collections.abc import Mapping
from datetime import date, time

from pabot.domain.errors import Invalid
from pabot.domain.practice import Closure

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
