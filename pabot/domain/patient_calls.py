"""How often a patient has called of late: a second call within five business days says that the first did not help."""

from collections.abc import Sequence
from datetime import date, datetime, time

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.happenings import PatientCall

LATELY = 5  # business days


def called_lately(calls: Sequence[PatientCall], now: datetime, calendar: PracticeCalendar) -> int:
    """How often, as of now; most patients never call."""
    if not calls:
        return 0
    since = lately_since(calendar.day(now), calendar)
    return sum(call.at >= since for call in calls)


def lately_since(day: date, calendar: PracticeCalendar) -> datetime:
    """The beginning of the last five business days before a day."""
    for _ in range(LATELY):
        day = calendar.day_before(day)
    return calendar.at(day, time())
