"""“With approval”: who is asked next when nobody answers, or somebody is away or has left."""

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
from record_practice import CORA, IDA, MAX, NED, Bench, together

from pabot.domain import commands as c
from pabot.domain.model import Role
from pabot.domain.statuses import Status


def test_several_for_one_person_are_one_message(practice: Bench) -> None:
    for _ in range(3):
        asked(practice)
        practice.clock.forward(minutes=5)
    rows = practice.rows(
        "SELECT subject FROM message WHERE kind = 'approvals' AND recipient = :ida ORDER BY id", ida=IDA
    )
    lists = [practice.desk.asked_list(practice.member(IDA), row["subject"]) for row in rows]
    assert [each.is_newest for each in lists] == [False, False, True]
    assert (len(lists[-1].items), lists[-1].total) == (3, 3)
    assert len(practice.desk.home(actor=practice.member(IDA)).approvals) == 3


def test_unanswered_it_goes_on_after_four_business_hours(practice: Bench) -> None:
    person(practice, EVE)
    number, approval_id = asked(practice)
    practice.clock.forward(hours=3, minutes=59)
    assert practice.desk.keep_approvals() == 0
    practice.clock.forward(minutes=1)
    for expected in (EVE, MAX):  # the responsible clinician was asked, now the managers by name
        assert practice.desk.keep_approvals() == 1
        assert practice.desk.keep_approvals() == 0
        assert waits_for(practice, number) == expected
        practice.clock.set(card(practice, number).approvals[0].due_at)
    assert practice.desk.keep_approvals() == 1
    assert waits_for(practice, number) is None  # all were asked
    assert practice.desk.keep_approvals() == 0
    assert {MAX, EVE} <= set(told(practice, "overdue_manager"))
    day = practice.desk.calendar().day(practice.clock.now())
    assert [each.approval.id for each in practice.desk.overdue_for_managers(day).approvals] == [approval_id]
    since = practice.rows("SELECT subject FROM message WHERE kind = 'approvals' AND recipient = :ida", ida=IDA)[0][
        "subject"
    ]
    earlier = practice.desk.asked_list(practice.member(IDA), since)
    assert (earlier.items, len(earlier.left)) == ((), 1)
    assert approve(practice, approval_id, IDA).state.status is Status.CLOSED  # who was passed over may still answer


def test_two_workers_ask_the_next_once(practice: Bench) -> None:
    person(practice, EVE)
    number, _ = asked(practice)
    practice.clock.forward(hours=4)
    with practice.another() as elsewhere:
        together(practice.desk.keep_approvals, elsewhere.desk.keep_approvals)
    assert waits_for(practice, number) == EVE
    assert len(practice.rows("SELECT * FROM approval_round")) == 2
    assert told(practice, "approvals") == [IDA, EVE]


def test_it_is_counted_in_open_hours(bench: Bench) -> None:
    bench.clock.forward(hours=6)  # 4 PM
    number, _ = asked(bench)
    due = card(bench, number).approvals[0].due_at
    assert due == bench.clock.now() + timedelta(hours=19)  # one hour today, three tomorrow from eight on


@pytest.mark.parametrize(
    "changed", [{"active": False}, {"roles": frozenset({Role.BILLER})}, {"away": True, "cover_id": NED}]
)
def test_whoever_is_asked_and_goes_is_followed_by_the_next(bench: Bench, changed: dict[str, object]) -> None:
    number, _ = asked(bench)
    person(bench, IDA, **changed)
    assert bench.desk.keep_approvals() == 1
    assert waits_for(bench, number) == NED  # who answers for her
    assert bench.desk.keep_approvals() == 0


def test_whoever_is_away_is_not_asked(bench: Bench) -> None:
    person(bench, IDA, away=True, cover_id=NED)
    number, _ = asked(bench)
    assert waits_for(bench, number) == NED


def test_where_nobody_is_left_to_ask_it_waits_for_whoever_comes(bench: Bench) -> None:
    number = bench.open().state.number
    bench.step(MAX, withdrawal(number))
    ask(bench, c.Reopen(number=number, reason="They are back.", to=Status.REQ_CHECK))
    bench.clock.forward(hours=4)
    bench.desk.keep_approvals()
    assert waits_for(bench, number) is None
    person(bench, EVE)
    assert bench.desk.keep_approvals() == 1
    assert waits_for(bench, number) == EVE


def test_an_asker_who_left_is_found_by_the_clock(bench: Bench) -> None:
    number, _ = asked(bench)
    person(bench, CORA, active=False)
    assert bench.desk.keep_approvals() == 1
    assert card(bench, number).approvals == ()
