"""How often a patient has called of late: a second call within five business days says that the first did not help."""

from datetime import date, datetime, time

from pabot.domain.calendar import PracticeCalendar

LATELY = 5  # business days


def lately_since(day: date, calendar: PracticeCalendar) -> datetime:
    """The beginning of the last five business days before a day."""
    for _ in range(LATELY):
        day = calendar.day_before(day)
    return calendar.at(day, time())
