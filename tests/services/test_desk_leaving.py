"""Nobody who has left, is away or lost a role leaves work behind that nobody sees."""

from datetime import UTC, datetime

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, Bench, once

from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.domain.model import Decision, Role
from pabot.domain.practice import SaveMember

TUESDAY_NOON = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)


def saved(practice: Bench, user: str, **changed: object) -> None:
    member = practice.member(user)
    now = {"name": member.name, "roles": member.roles, "cover_id": member.cover_id, **changed}
    practice.desk.save_member(SaveMember(user, **now), actor=practice.member(MAX), key=once("staff"))  # type: ignore[arg-type]


def told(practice: Bench, kind: str) -> list[str]:
    return [
        row["recipient"] for row in practice.rows("SELECT recipient FROM message WHERE kind = :k ORDER BY id", k=kind)
    ]


def owner(practice: Bench, number: int) -> str | None:
    return practice.desk.card(number, actor=practice.member(MAX)).state.owner_id


def test_the_cover_that_is_named_on_leaving_has_the_work(practice: Bench) -> None:
    number = practice.pending().state.number
    saved(practice, CORA, active=False, cover_id=CARL)
    assert owner(practice, number) == CARL


def test_several_requests_come_to_their_heir_in_one_message(practice: Bench) -> None:
    """It names what the heir still has, and goes to whoever acts for an heir who is away."""
    numbers = [practice.open().state.number for _ in range(3)]
    saved(practice, CARL, away=True, cover_id=BILL)
    saved(practice, CORA, active=False, cover_id=CARL)
    assert [owner(practice, number) for number in numbers] == [CARL] * 3
    assert (told(practice, "assigned"), told(practice, "inherited")) == ([], [BILL])
    practice.step(MAX, c.Assign(number=numbers[0], owner_id=MAX))
    left = practice.desk.inherited(CORA, numbers, heir=BILL)
    assert ([line.number for line in left.lines], left.total, left.for_good) == (numbers[1:], 2, True)


def test_a_cover_who_cannot_own_requests_is_passed_over(practice: Bench) -> None:
    number = practice.pending().state.number
    saved(practice, CORA, active=False, cover_id=FAY)
    assert (owner(practice, number), told(practice, "unassigned")) == (None, [MAX])


def test_who_only_looks_from_now_on_hands_over(practice: Bench) -> None:
    number = practice.pending().state.number
    saved(practice, CORA, roles=frozenset({Role.VIEWER}))
    assert (owner(practice, number), told(practice, "unassigned")) == (None, [MAX])


def test_what_is_reopened_after_its_owner_left_goes_to_who_reopens_it(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.step(IDA, c.Withdraw(number=number, reason="plan_changed", payer_told=True))
    saved(practice, CORA, active=False)
    practice.step(MAX, c.Reopen(number=number, reason="She wants it"))
    assert owner(practice, number) == MAX


def test_taking_a_hand_over_back_does_not_give_it_to_who_has_left(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.step(CORA, c.Assign(number=number, owner_id=CARL))
    saved(practice, CORA, active=False)
    practice.take_back(MAX, number)
    assert (owner(practice, number), told(practice, "unassigned")) == (None, [MAX])


@pytest.mark.parametrize(
    "how", [{"active": False}, {"away": True, "cover_id": NED}, {"roles": frozenset({Role.MANAGER})}]
)
def test_what_waits_for_a_clinician_who_is_not_here_goes_to_another_at_once(
    practice: Bench, how: dict[str, object]
) -> None:
    number = practice.denied().state.number
    saved(practice, IDA, **how)
    assert told(practice, "decision") == [IDA, NED]
    state = practice.desk.card(number, actor=practice.member(NED)).state
    assert state.denial is not None
    assert state.denial.routed_to == NED
    assert [line.number for line in practice.desk.home(actor=practice.member(NED)).waiting.lines] == [number]


def test_a_biller_s_denial_goes_to_somebody_who_may_decide_it(practice: Bench) -> None:
    number = practice.pending().state.number
    denial = {"reason": "missing_docs", "notice_on": practice.desk.calendar().day(practice.clock.now())}
    practice.step(CORA, c.RecordDenial(number=number, received_at=practice.clock.now(), **denial))
    saved(practice, BILL, away=True, cover_id=CORA)
    state = practice.desk.card(number, actor=practice.member(IDA)).state
    assert state.denial is not None
    assert state.denial.routed_to in (IDA, NED)


def test_a_clinician_s_cover_must_be_a_clinician(practice: Bench) -> None:
    with pytest.raises(Invalid) as refused:
        saved(practice, IDA, away=True, cover_id=CORA)
    assert list(refused.value.fields) == ["cover"]


def test_the_cover_of_an_owner_reads_what_was_decided(practice: Bench) -> None:
    denied = practice.denied().state
    saved(practice, CORA, away=True, cover_id=CARL)
    assert denied.denial is not None
    assert denied.denial.id is not None
    command = c.DecideDenial(number=denied.number, denial_id=denied.denial.id, decision=Decision.APPEAL, reason="Notes")
    practice.step(IDA, command)
    assert told(practice, "instruction") == [CARL]


def test_who_comes_back_finds_what_is_late_on_their_list(practice: Bench) -> None:
    practice.denied()
    saved(practice, IDA, away=True, cover_id=NED)
    practice.clock.set(TUESDAY_NOON)
    practice.desk.raise_alarms()
    assert told(practice, "overdue_clinician") == [NED]
    saved(practice, IDA, away=False)
    assert told(practice, "overdue_clinician") == [NED, IDA]


def test_a_decision_that_was_taken_back_and_given_anew_is_news_again(practice: Bench) -> None:
    denied = practice.denied().state
    assert denied.denial is not None
    assert denied.denial.id is not None
    for decision in (Decision.APPEAL, Decision.ACCEPT):
        practice.step(
            IDA, c.DecideDenial(number=denied.number, denial_id=denied.denial.id, decision=decision, reason="Seen")
        )
        practice.clock.forward(minutes=5)
        if decision is Decision.APPEAL:
            practice.take_back(IDA, denied.number)
    assert told(practice, "instruction") == [CORA, CORA]


def test_what_somebody_lost_with_their_licence_stays_with_the_licensed(practice: Bench) -> None:
    number = practice.pending().state.number
    denial = {"reason": "missing_docs", "notice_on": practice.desk.calendar().day(practice.clock.now())}
    state = practice.step(CORA, c.RecordDenial(number=number, received_at=practice.clock.now(), **denial)).state
    assert state.denial is not None
    assert state.denial.id is not None
    practice.step(IDA, c.DecideDenial(number=number, denial_id=state.denial.id, decision=Decision.APPEAL, reason="x"))
    saved(practice, IDA, roles=frozenset({Role.COORDINATOR}))
    for user in (IDA, MAX, CORA):
        assert practice.desk.card(number, actor=practice.member(user)).correctable is None
