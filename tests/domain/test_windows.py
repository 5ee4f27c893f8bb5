"""How much of the practice's own time is left of a window."""

from datetime import date, timedelta

import pytest
from domain_practice import CALENDAR, at

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-06-01 09:00", "2026-06-01 11:00", 2),
        ("2026-06-05 16:40", "2026-06-08 17:00", 9 + 1 / 3),  # Friday afternoon to Monday evening
        ("2026-06-06 12:00", "2026-06-08 09:00", 1),  # from a Saturday
        ("2026-06-01 06:00", "2026-06-01 09:00", 1),  # from before the doors open
        ("2026-11-24 16:00", "2026-11-27 09:00", 6),  # an early closing, then Thanksgiving
        ("2026-06-01 16:00", "2026-06-01 22:00", 1),  # until after they close
        ("2026-06-02 09:00", "2026-06-01 09:00", 0),  # it has passed
    ],
)
def test_the_open_time_between_two_instants(start: str, end: str, hours: float) -> None:
    assert CALENDAR.open_time(at(start), at(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "last", "days"),
    [
        ("2026-06-01 09:00", date(2026, 6, 1), 0),
        ("2026-06-01 18:00", date(2026, 6, 2), 0),  # after closing: the next day is the present one
        ("2026-06-05 16:40", date(2026, 6, 8), 1),
        ("2026-06-05 16:40", date(2026, 6, 12), 5),
        ("2026-06-05 16:40", date(2026, 6, 7), 0),  # a Sunday
        ("2026-11-24 09:00", date(2026, 11, 27), 2),  # Thanksgiving is none
        ("2026-06-05 16:40", date(2026, 6, 1), 0),
    ],
)
def test_business_days_until_a_day(start: str, last: date, days: int) -> None:
    assert CALENDAR.business_days_until(at(start), last) == days
