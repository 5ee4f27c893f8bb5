"""Office hours, closures and clock times as a manager types them."""

from datetime import date, time

import pytest

from pabot.domain.errors import Invalid
from pabot.domain.hours import parse_clock, parse_closures, parse_office_hours, parse_update_times
from pabot.domain.practice import Closure

EIGHT, NOON, FIVE = time(8), time(12), time(17)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("08:00-17:00 mon-fri", {day: (EIGHT, FIVE) for day in range(5)}),
        ("8:00 - 17:00 Mon - Thu, 08:00-12:00 fri", {**{day: (EIGHT, FIVE) for day in range(4)}, 4: (EIGHT, NOON)}),
        ("08:00-12:00 sat", {5: (EIGHT, NOON)}),
    ],
)
def test_office_hours(typed: str, hours: dict[int, tuple[time, time]]) -> None:
    assert parse_office_hours(typed) == hours


@pytest.mark.parametrize("typed", ["", "mon-fri", "08:00-17:00", "08:00-25:00 mon", "08:00-17:00 fri-mon", "8-17 mon"])
def test_office_hours_that_are_not_understood(typed: str) -> None:
    with pytest.raises(Invalid, match="Write office hours like 08:00-17:00 mon-fri"):
        parse_office_hours(typed)


def test_a_practice_opens_before_it_closes() -> None:
    with pytest.raises(Invalid, match="The practice must open before it closes"):
        parse_office_hours("17:00-08:00 mon")


def test_closures_are_sorted_and_once() -> None:
    typed = "2026-12-24, 2026-07-03\n2026-12-24"
    assert parse_closures(typed) == (Closure(date(2026, 7, 3)), Closure(date(2026, 12, 24)))
    assert parse_closures("2026-12-24 12:00") == (Closure(date(2026, 12, 24), time(12)),)
    assert parse_closures("") == ()


def test_a_closure_that_is_no_date_is_named() -> None:
    with pytest.raises(Invalid, match=r"“24.12.” is no date\. Write dates like 2026-12-25, or"):
        parse_closures("24.12.")


def test_a_clock_time() -> None:
    assert parse_clock(" 8:00 ", "digest_at") == EIGHT
    with pytest.raises(Invalid) as wrong:
        parse_clock("eight", "digest_at")
    assert wrong.value.fields == {"digest_at": "Write a time like 08:00."}


@pytest.mark.parametrize(
    ("typed", "times"),
    [("", ()), ("15:00, 9:30", ("09:30", "15:00")), ("10:00 10:00;15:00", ("10:00", "15:00"))],
)
def test_update_times_stand_in_the_day_s_order(typed: str, times: tuple[str, ...]) -> None:
    assert parse_update_times(typed) == times


@pytest.mark.parametrize("typed", ["ten", "25:00", "8:00 10:00 12:00 14:00 16:00"])
def test_update_times_that_cannot_be_are_told_under_their_field(typed: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_update_times(typed)
    assert list(wrong.value.fields) == ["update_times"]
