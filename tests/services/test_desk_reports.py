"""The week in numbers: posted once, on the last open day of the week, counted from the record."""

from datetime import UTC, date, datetime

import pytest
from record_practice import CORA, Bench

from pabot.domain import commands as c
from pabot.domain.statuses import Outcome

MONDAY = date(2026, 11, 16)


def at(text: str) -> datetime:
    """An instant by the wall of the practice, in winter."""
    return datetime.fromisoformat(f"{text}-05:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "posted"),
    [
        ("2026-11-20T14:59", False),
        ("2026-11-20T15:00", True),
        ("2026-11-20T23:30", True),
        ("2026-11-19T16:00", False),  # a Thursday
        ("2026-11-21T10:00", False),  # the Saturday after: the week's day has gone by
        ("2026-12-24T15:00", True),  # Christmas Day falls on the Friday
    ],
)
def test_it_is_posted_on_the_last_open_day_of_a_week(practice: Bench, when: str, posted: bool) -> None:
    practice.clock.set(at(when))
    assert practice.desk.queue_report() is posted
    assert practice.desk.queue_report() is False


def test_it_counts_what_happened_in_the_week(practice: Bench) -> None:
    practice.clock.set(at("2026-11-13T10:00"))
    practice.open(ordered_on=date(2026, 11, 12))
    practice.clock.set(at("2026-11-17T10:00"))
    number = practice.pending().state.number
    approved = c.RecordApproval(
        number=number, decided_at=practice.clock.now(), authorization_number="A-1", dates_not_stated=True
    )
    practice.step(CORA, approved)
    told = c.TellPatient(number=number, how=c.ToldBy.PHONE, told_at=practice.clock.now(), and_close=True)
    practice.step(CORA, told)
    practice.open()
    practice.clock.set(at("2026-11-20T15:00"))
    week = practice.desk.weekly_report(MONDAY)
    assert (week.opened, week.sent, week.open_now, week.late_now) == (2, 1, 2, 2)
    assert week.decided == week.closed == {Outcome.APPROVED: 1}
    practice.clock.set(at("2026-11-27T15:00"))
    assert practice.desk.weekly_report(date(2026, 11, 23)).decided == {}
