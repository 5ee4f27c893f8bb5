"""The practice's hours: weekends, holidays, early closings, and the two nights on which the clocks change."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from domain_practice import CALENDAR, NEW_YORK, at, on_the_wall
from hypothesis import given
from hypothesis import strategies as st

from pabot.domain.calendar import PracticeCalendar

SEVEN_DAYS = PracticeCalendar(NEW_YORK, {day: (time(0), time(23)) for day in range(7)})


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-06-01 09:00", 2, "Mon 2026-06-01 11:00"),
        ("2026-06-01 16:00", 2, "Tue 2026-06-02 09:00"),
        ("2026-06-01 05:00", 2, "Mon 2026-06-01 10:00"),
        ("2026-06-01 15:00", 2, "Mon 2026-06-01 17:00"),
        ("2026-06-05 16:00", 4, "Mon 2026-06-08 11:00"),  # over the weekend
        ("2026-06-06 12:00", 2, "Mon 2026-06-08 10:00"),  # begun on a Saturday
        ("2026-05-22 16:00", 2, "Tue 2026-05-26 09:00"),  # Memorial Day is closed
        ("2026-11-25 11:00", 2, "Fri 2026-11-27 09:00"),  # closes at noon, then Thanksgiving
        ("2026-11-25 13:00", 1, "Fri 2026-11-27 09:00"),  # already closed early
        ("2026-06-01 08:00", 20, "Wed 2026-06-03 10:00"),  # several days long
        ("2026-03-06 16:00", 2, "Mon 2026-03-09 09:00"),  # the clocks go forward on Sunday
        ("2026-10-30 16:00", 2, "Mon 2026-11-02 09:00"),  # and back
    ],
)
def test_business_hours(start: str, hours: int, due: str) -> None:
    assert on_the_wall(CALENDAR.plus_business_hours(at(start), hours)) == due


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-08 01:00", 3, "Sun 2026-03-08 05:00"),  # 02:00 to 03:00 does not happen
        ("2026-11-01 00:00", 3, "Sun 2026-11-01 02:00"),  # 01:00 to 02:00 happens twice
    ],
)
def test_hours_through_the_night_of_a_clock_change_are_real_hours(start: str, hours: int, due: str) -> None:
    assert on_the_wall(SEVEN_DAYS.plus_business_hours(at(start), hours)) == due


@pytest.mark.parametrize("day", ["2026-03-06", "2026-03-09", "2026-10-30", "2026-11-02"])
def test_a_clock_change_moves_no_opening_hour(day: str) -> None:
    opens, closes = CALENDAR.opens(date.fromisoformat(day)), CALENDAR.closes(date.fromisoformat(day))
    assert on_the_wall(opens).endswith("08:00")
    assert on_the_wall(closes).endswith("17:00")


@pytest.mark.parametrize(
    ("instant", "counts_for"),
    [
        ("2026-06-01 07:00", "2026-06-01"),  # before opening
        ("2026-06-01 16:59", "2026-06-01"),
        ("2026-06-01 17:00", "2026-06-02"),  # after closing
        ("2026-06-05 17:30", "2026-06-08"),  # Friday evening
        ("2026-06-07 10:00", "2026-06-08"),  # Sunday
        ("2026-07-02 18:00", "2026-07-06"),  # Independence Day observed, then the weekend
        ("2026-11-25 12:30", "2026-11-27"),  # closed early before Thanksgiving
        ("2026-06-01 23:30", "2026-06-02"),  # tomorrow in UTC already, still Monday evening here
    ],
)
def test_what_is_ordered_after_closing_counts_for_the_next_business_day(instant: str, counts_for: str) -> None:
    assert CALENDAR.business_day(at(instant)) == date.fromisoformat(counts_for)


@pytest.mark.parametrize(
    ("instant", "due"),
    [
        ("2026-06-02 16:40", "Tue 2026-06-02 16:40"),  # open: as it is
        ("2026-06-06 16:40", "Mon 2026-06-08 16:40"),  # Saturday's 16:40 is Monday's
        ("2026-06-06 23:00", "Mon 2026-06-08 17:00"),  # outside its hours: at its close
        ("2026-06-06 03:00", "Mon 2026-06-08 17:00"),  # outside its hours: at its close, never at its first minute
        ("2026-06-06 08:00", "Mon 2026-06-08 17:00"),
        ("2026-06-02 06:00", "Tue 2026-06-02 17:00"),
        ("2026-11-26 16:40", "Fri 2026-11-27 16:40"),  # Thanksgiving
        ("2026-03-07 16:40", "Mon 2026-03-09 16:40"),  # over the clock change, the same clock time
        ("2026-10-31 16:40", "Mon 2026-11-02 16:40"),
    ],
)
def test_a_moment_in_closed_hours_is_met_at_the_same_clock_time_of_the_next_open_day(instant: str, due: str) -> None:
    assert on_the_wall(CALENDAR.rolled(at(instant))) == due


@pytest.mark.parametrize("friday", ["2026-06-05", "2026-03-06", "2026-10-30"])
def test_friday_16_40_and_a_day_is_monday_16_40(friday: str) -> None:
    due = CALENDAR.rolled(at(f"{friday} 16:40") + timedelta(hours=24))
    assert on_the_wall(due)[:3] == "Mon"
    assert on_the_wall(due).endswith("16:40")


@pytest.mark.parametrize(
    ("day", "met_on"),
    [
        ("2026-06-05", "2026-06-05"),
        ("2026-06-06", "2026-06-05"),
        ("2026-06-07", "2026-06-05"),
        ("2026-05-25", "2026-05-22"),
        ("2026-11-26", "2026-11-25"),
    ],
)
def test_a_legal_date_on_a_closed_day_is_met_before_it(day: str, met_on: str) -> None:
    assert CALENDAR.last_open_day(date.fromisoformat(day)) == date.fromisoformat(met_on)


def test_business_days_skip_weekend_and_holiday() -> None:
    assert on_the_wall(CALENDAR.plus_business_days(at("2026-05-21 10:00"), 2)) == "Tue 2026-05-26 17:00"


def test_the_end_of_a_closed_day_is_its_last_minute() -> None:
    assert on_the_wall(CALENDAR.end_of(date(2026, 6, 6))) == "Sat 2026-06-06 23:59"
    assert on_the_wall(CALENDAR.end_of(date(2026, 11, 25))) == "Wed 2026-11-25 12:00"


def test_a_practice_that_never_opens_is_no_practice() -> None:
    with pytest.raises(ValueError, match="at least one weekday"):
        PracticeCalendar(NEW_YORK, {})


def test_a_practice_closed_for_more_than_a_year_is_said_so() -> None:
    shut = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(500))
    with pytest.raises(ValueError, match="no open day within 400 days"):
        PracticeCalendar(NEW_YORK, {0: (time(8), time(17))}, closed=shut).next_open_day(date(2026, 1, 1))


ZONES = st.sampled_from([NEW_YORK, ZoneInfo("America/Phoenix"), ZoneInfo("Pacific/Honolulu")])
INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes))


@st.composite
def practices(draw: st.DrawFn) -> PracticeCalendar:
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    hours = {day: (time(draw(st.integers(3, 11))), time(draw(st.integers(12, 22)))) for day in sorted(days)}
    year = st.dates(date(2026, 1, 1), date(2027, 3, 1))
    closed = draw(st.frozensets(year, max_size=20))
    early = draw(st.dictionaries(year, st.integers(12, 23).map(time), max_size=10))
    return PracticeCalendar(draw(ZONES), hours, closed, early)


@given(practices(), INSTANTS, st.floats(0.25, 60))
def test_business_hours_always_end_while_the_practice_is_open(
    practice: PracticeCalendar, start: datetime, hours: float
) -> None:
    due = practice.plus_business_hours(start, hours)
    day = practice.day(due)
    assert practice.is_open_day(day)
    assert practice.opens(day) <= due <= practice.closes(day)
    assert due >= start + timedelta(hours=hours) - timedelta(milliseconds=1)


@given(practices(), INSTANTS, INSTANTS, st.floats(0.25, 60))
def test_what_begins_later_is_never_due_earlier(
    practice: PracticeCalendar, one: datetime, other: datetime, hours: float
) -> None:
    first, second = sorted((one, other))
    assert practice.plus_business_hours(first, hours) <= practice.plus_business_hours(second, hours)
    assert practice.plus_business_days(first, 2) <= practice.plus_business_days(second, 2)


@given(practices(), INSTANTS)
def test_the_business_day_of_a_business_day_is_itself(practice: PracticeCalendar, instant: datetime) -> None:
    day = practice.business_day(instant)
    assert practice.is_open_day(day)
    assert practice.business_day(practice.closes(day) - timedelta(seconds=1)) == day


@given(practices(), INSTANTS)
def test_a_moved_moment_is_in_hours_and_never_earlier(practice: PracticeCalendar, instant: datetime) -> None:
    moved = practice.rolled(instant)
    assert moved >= instant
    day = practice.day(moved)
    assert practice.is_open_day(day)
    assert practice.opens(day) < moved <= practice.closes(day) or moved == instant
