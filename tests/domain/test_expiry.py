"""Approvals run out: on which mornings that is said."""

from datetime import date, timedelta

import pytest
from domain_practice import CALENDAR

from pabot.domain.expiry import is_noticed, notice_day


@pytest.mark.parametrize(
    ("last_day", "before", "said_on"),
    [
        ("2026-07-01", 30, "2026-06-01"),  # a Monday
        ("2026-06-30", 30, "2026-05-29"),  # a Sunday: the Friday before
        ("2026-06-24", 30, "2026-05-22"),  # Memorial Day: the Friday before its weekend
        ("2026-12-03", 7, "2026-11-25"),  # Thanksgiving: the day before, which closes at noon
        ("2026-03-15", 7, "2026-03-06"),  # the Sunday on which the clocks go forward
        ("2026-03-16", 7, "2026-03-09"),  # the Monday after it
        ("2026-04-07", 30, "2026-03-06"),
        ("2026-11-08", 7, "2026-10-30"),  # the Sunday on which they go back
        ("2026-11-09", 7, "2026-11-02"),
        ("2026-12-01", 30, "2026-10-30"),
    ],
)
def test_a_notice_on_a_closed_day_comes_on_the_last_open_day_before(last_day: str, before: int, said_on: str) -> None:
    assert notice_day(date.fromisoformat(last_day), before, CALENDAR) == date.fromisoformat(said_on)


@pytest.mark.parametrize("offset", range(40))
def test_every_approval_is_named_on_two_mornings_on_which_the_practice_is_open(offset: int) -> None:
    last_day = date(2026, 11, 10) + timedelta(days=offset)
    mornings = [last_day - timedelta(days=days) for days in range(45)]
    named = [day for day in mornings if CALENDAR.is_open_day(day) and is_noticed(last_day, day, CALENDAR)]
    assert len(named) == 2
