"""Quiet hours: from when until when, and what does not wait for the morning."""

from datetime import date, time

import pytest
from domain_practice import CALENDAR, Story, Told, at, on_the_wall

from pabot.domain.deadlines import running
from pabot.domain.errors import Invalid
from pabot.domain.hours import parse_quiet_hours, quiet_hours_text
from pabot.domain.model import Urgency
from pabot.domain.quiet import can_wait, quiet_until

NIGHT = (time(19), time(7))


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2026-06-01 10:00", NIGHT, None),
        ("2026-06-01 18:59", NIGHT, None),  # closed, and somebody is still there
        ("2026-06-01 19:00", NIGHT, "Tue 2026-06-02 07:00"),
        ("2026-06-02 03:00", NIGHT, "Tue 2026-06-02 07:00"),
        ("2026-06-02 07:00", NIGHT, None),
        ("2026-06-05 21:00", NIGHT, "Mon 2026-06-08 07:00"),  # over the weekend
        ("2026-06-06 12:00", NIGHT, "Mon 2026-06-08 07:00"),  # a closed day is quiet as a whole
        ("2026-11-26 10:00", NIGHT, "Fri 2026-11-27 07:00"),  # so is a holiday
        ("2026-03-07 20:00", NIGHT, "Mon 2026-03-09 07:00"),  # the clocks go forward in between
        ("2026-10-31 20:00", NIGHT, "Mon 2026-11-02 07:00"),  # and back
        ("2026-06-02 05:00", (time(0), time(6)), "Tue 2026-06-02 06:00"),
        ("2026-06-02 23:00", (time(0), time(6)), None),
        ("2026-06-01 16:30", (time(16), time(7)), None),  # opening hours are never quiet
        ("2026-06-01 17:30", (time(16), time(9)), "Tue 2026-06-02 08:00"),  # and end it
        ("2026-06-01 22:00", None, None),
        ("2026-06-06 12:00", None, None),
    ],
)
def test_when_it_is_quiet(now: str, hours: tuple[time, time] | None, until: str | None) -> None:
    found = quiet_until(at(now), hours, CALENDAR)
    assert (on_the_wall(found) if found else None) == until


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        (lambda s: s.pending(), True),
        (lambda s: s.pending().deny(), True),
        (lambda s: s.given(urgency=Urgency.EXPEDITED).pending(), False),
        (lambda s: s.given(urgency_proposed=True), False),
        (lambda s: s.pending().deny(p2p_by=date(2026, 6, 2)), True),  # there is time in the morning
        (lambda s: s.pending().deny(p2p_by=date(2026, 6, 1)), False),
        (lambda s: s.pending().deny(appeal_by=date(2026, 6, 1)), False),
    ],
)
def test_what_can_wait(told: Told, waits: bool) -> None:
    story = told(Story())
    clocks = running(story.state, story.book)
    assert can_wait(story.state, clocks, at("2026-06-02 07:00")) is waits


@pytest.mark.parametrize(
    ("typed", "kept"), [("19:00-07:00", "19:00-07:00"), (" 9:30 - 6:00 ", "09:30-06:00"), ("", ""), ("  ", "")]
)
def test_quiet_hours_as_they_are_typed(typed: str, kept: str) -> None:
    assert quiet_hours_text(typed) == kept


@pytest.mark.parametrize("typed", ["by night", "19-7", "19:00", "19:00-", "19:00-25:00", "19:00-07:00 mon"])
def test_quiet_hours_that_are_not_understood(typed: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_quiet_hours(typed)
    assert wrong.value.fields == {"quiet_hours": "Write quiet hours like 19:00-07:00, or leave this empty."}
