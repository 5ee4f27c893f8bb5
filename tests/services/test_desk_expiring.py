"""Approvals that run out: in the morning's digest on their days, and in a list of their own."""

from datetime import UTC, date, datetime

import pytest
from record_practice import CORA, Bench

from pabot.domain import commands as c
from pabot.domain.model import ToldBy
from pabot.domain.statuses import Status

MONDAY = date(2026, 11, 23)


def approved(bench: Bench, last_day: date) -> int:
    number = bench.pending().state.number
    granted = c.RecordApproval(
        number=number,
        decided_at=bench.clock.now(),
        authorization_number=f"A-{number}",
        effective_on=date(2026, 11, 1),
        expires_on=last_day,
    )
    bench.step(CORA, granted)
    return number


def closed(bench: Bench, number: int) -> None:
    told = c.TellPatient(number=number, how=ToldBy.PHONE, told_at=bench.clock.now(), and_close=True)
    card = bench.step(CORA, told)
    assert card.state.status is Status.CLOSED


def ending(bench: Bench) -> list[int]:
    page = bench.desk.queue("expiring", actor=bench.member(CORA))
    return [line.number for line in page.lines]


@pytest.mark.parametrize(
    ("last_day", "said"),
    [
        (date(2026, 11, 30), True),  # 7 days on
        (date(2026, 12, 1), False),
        (date(2026, 12, 23), True),  # 30 days on
        (date(2026, 12, 22), False),
        (date(2027, 3, 1), False),
    ],
)
def test_the_digest_names_it_on_its_mornings_only(practice: Bench, last_day: date, said: bool) -> None:
    number = approved(practice, last_day)
    assert [line.number for line in practice.desk.digest(MONDAY).expiring] == [number] * said


def test_a_friday_names_what_falls_on_the_weekend(practice: Bench) -> None:
    saturday, sunday = approved(practice, date(2026, 12, 5)), approved(practice, date(2026, 12, 29))
    found = practice.desk.digest(date(2026, 11, 27)).expiring
    assert [line.number for line in found] == [saturday, sunday]
    assert not practice.desk.digest(date(2026, 11, 30)).expiring


def test_an_approval_outlives_its_request(practice: Bench) -> None:
    number = approved(practice, date(2026, 11, 30))
    closed(practice, number)
    assert [line.number for line in practice.desk.digest(MONDAY).expiring] == [number]
    practice.clock.set(datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert ending(practice) == [number]


def test_the_list_holds_what_ends_within_thirty_days_soonest_first(practice: Bench) -> None:
    last_days = [date(2026, 12, 23), date(2026, 11, 23), date(2026, 12, 24), date(2026, 11, 22), date(2026, 12, 1)]
    thirty, today, _later, _over, soon = [approved(practice, day) for day in last_days]
    practice.clock.set(datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert ending(practice) == [today, soon, thirty]


def test_an_approval_recorded_in_error_does_not_run_out(practice: Bench) -> None:
    number = approved(practice, date(2026, 11, 30))
    practice.take_back(CORA, number)
    assert not practice.desk.digest(MONDAY).expiring
