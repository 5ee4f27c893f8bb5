"""“With approval”: who is asked next when nobody answers, or somebody is away or has left."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from asking import (
    EVE,
    approve,
    ask,
    asked,
    card,
    person,
    told,
    waits_for,
    withdrawal,
)
from record_practice import CORA, IDA, MAX, NED, Bench, a_practice, together

from pabot.domain import commands as c
from pabot.domain.model import Role
from pabot.domain.statuses import Status


@pytest.fixture
def practice(sqlite_url: str) -> Iterator[Bench]:
    with a_practice(sqlite_url) as bench:
        yield bench


@pytest.fixture
def either(database_url: str) -> Iterator[Bench]:
    """For what each database does in its own way."""
    with a_practice(database_url) as bench:
        yield bench


def test_several_for_one_person_are_one_message(either: Bench) -> None:
    for _ in range(3):
        asked(either)
        either.clock.forward(minutes=5)
    rows = either.rows("SELECT subject FROM message WHERE kind = 'approvals' AND recipient = :ida ORDER BY id", ida=IDA)
    lists = [either.desk.asked_list(either.member(IDA), row["subject"]) for row in rows]
    assert [each.is_newest for each in lists] == [False, False, True]
    assert (len(lists[-1].items), lists[-1].total) == (3, 3)
    assert len(either.desk.home(actor=either.member(IDA)).approvals) == 3


def test_unanswered_it_goes_on_after_four_business_hours(either: Bench) -> None:
    person(either, EVE)
    number, approval_id = asked(either)
    either.clock.forward(hours=3, minutes=59)
    assert either.desk.keep_approvals() == 0
    either.clock.forward(minutes=1)
    for expected in (EVE, MAX):  # the responsible clinician was asked, now the managers by name
        assert either.desk.keep_approvals() == 1
        assert either.desk.keep_approvals() == 0
        assert waits_for(either, number) == expected
        either.clock.set(card(either, number).approvals[0].due_at)
    assert either.desk.keep_approvals() == 1
    assert waits_for(either, number) is None  # all were asked
    assert either.desk.keep_approvals() == 0
    assert {MAX, EVE} <= set(told(either, "overdue_manager"))
    day = either.desk.calendar().day(either.clock.now())
    assert [each.approval.id for each in either.desk.overdue_for_managers(day).approvals] == [approval_id]
    since = either.rows("SELECT subject FROM message WHERE kind = 'approvals' AND recipient = :ida", ida=IDA)[0][
        "subject"
    ]
    earlier = either.desk.asked_list(either.member(IDA), since)
    assert (earlier.items, len(earlier.left)) == ((), 1)
    assert approve(either, approval_id, IDA).state.status is Status.CLOSED  # who was passed over may still answer


def test_two_workers_ask_the_next_once(either: Bench) -> None:
    person(either, EVE)
    number, _ = asked(either)
    either.clock.forward(hours=4)
    with either.another() as elsewhere:
        together(either.desk.keep_approvals, elsewhere.desk.keep_approvals)
    assert waits_for(either, number) == EVE
    assert len(either.rows("SELECT * FROM approval_round")) == 2
    assert told(either, "approvals") == [IDA, EVE]


def test_it_is_counted_in_open_hours(practice: Bench) -> None:
    practice.clock.forward(hours=6)  # 4 PM
    number, _ = asked(practice)
    due = card(practice, number).approvals[0].due_at
    assert due == practice.clock.now() + timedelta(hours=19)  # one hour today, three tomorrow from eight on


@pytest.mark.parametrize(
    "changed", [{"active": False}, {"roles": frozenset({Role.BILLER})}, {"away": True, "cover_id": NED}]
)
def test_whoever_is_asked_and_goes_is_followed_by_the_next(practice: Bench, changed: dict[str, object]) -> None:
    number, _ = asked(practice)
    person(practice, IDA, **changed)
    assert practice.desk.keep_approvals() == 1
    assert waits_for(practice, number) == NED  # who answers for her
    assert practice.desk.keep_approvals() == 0


def test_whoever_is_away_is_not_asked(practice: Bench) -> None:
    person(practice, IDA, away=True, cover_id=NED)
    number, _ = asked(practice)
    assert waits_for(practice, number) == NED


def test_where_nobody_is_left_to_ask_it_waits_for_whoever_comes(practice: Bench) -> None:
    number = practice.open().state.number
    practice.step(MAX, withdrawal(number))
    ask(practice, c.Reopen(number=number, reason="They are back.", to=Status.REQ_CHECK))
    practice.clock.forward(hours=4)
    practice.desk.keep_approvals()
    assert waits_for(practice, number) is None
    person(practice, EVE)
    assert practice.desk.keep_approvals() == 1
    assert waits_for(practice, number) == EVE


def test_an_asker_who_left_is_found_by_the_clock(practice: Bench) -> None:
    number, _ = asked(practice)
    person(practice, CORA, active=False)
    assert practice.desk.keep_approvals() == 1
    assert card(practice, number).approvals == ()
