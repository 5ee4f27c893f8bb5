"""“With approval”: who is asked, what happens when they answer, and that it is never forgotten."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from asking import (
    EVE,
    WHY,
    answers,
    approve,
    ask,
    asked,
    card,
    decline,
    events,
    person,
    take_back,
    told,
    waits_for,
    withdrawal,
)
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, SETTINGS, Bench, once, together

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotFound, NotNow, NotOnStaff, Stale
from pabot.domain.model import Channel, Role
from pabot.domain.statuses import Outcome, Status


def test_asking_changes_nothing_of_the_request(bench: Bench) -> None:
    before = bench.open().state
    after = ask(bench, withdrawal(before.number))
    assert after.state == before
    (approval,) = after.approvals
    assert (approval.kind, approval.by, approval.asked_of, approval.why) == ("withdraw", CORA, IDA, WHY)
    assert approval.due_at == bench.clock.now() + timedelta(hours=4)
    assert approval.detail["note"] == "Called on Friday."
    assert told(bench, "approvals") == [IDA]
    assert events(bench, before.number)[-1] == ("ask_approval", CORA)


def test_approved_it_is_done_under_both_names(practice: Bench) -> None:
    _, approval_id = asked(practice)
    after = approve(practice, approval_id, note="They told me too.")
    assert (after.state.status, after.state.outcome, after.approvals) == (Status.CLOSED, Outcome.WITHDRAWN, ())
    entry = after.timeline[0]
    assert (entry.kind, entry.by) == ("withdraw", "Cora Lindqvist")
    assert (entry.detail["approved_by"], entry.detail["approval_note"]) == (IDA, "They told me too.")
    assert answers(practice) == ["approved"]


def test_declined_nothing_happened_and_whoever_asked_reads_why(bench: Bench) -> None:
    number, approval_id = asked(bench)
    after = decline(bench, approval_id, note="<!channel> Call them *first*.")
    assert (after.state.status, after.approvals) == (Status.NEW, ())
    assert answers(bench) == ["declined"]
    assert bench.desk.answered(approval_id, reader=bench.member(CORA)).approval.answer.startswith("<!channel>")
    ask(bench, withdrawal(number))  # it may be asked again
    assert waits_for(bench, number) == IDA


def test_declining_wants_a_reason(bench: Bench) -> None:
    _, approval_id = asked(bench)
    with pytest.raises(Invalid, match="Say why not"):
        decline(bench, approval_id, note="  ")


def test_whoever_asked_may_take_it_back_and_nobody_else(bench: Bench) -> None:
    number, approval_id = asked(bench)
    with pytest.raises(NotAllowed, match="Only Cora Lindqvist may take back"):
        take_back(bench, approval_id, CARL)
    assert take_back(bench, approval_id).approvals == ()
    with pytest.raises(AlreadyDone, match="Cora Lindqvist took this back"):
        approve(bench, approval_id)
    assert events(bench, number)[-1] == ("approval_taken_back", CORA)


def test_the_same_is_not_asked_twice(bench: Bench) -> None:
    number, _ = asked(bench)
    with pytest.raises(AlreadyDone, match=r"Cora Lindqvist asked for this already; Dr\. Ida Voss is asked"):
        ask(bench, withdrawal(number), CARL)
    with pytest.raises(AlreadyDone, match="asked for this already"):
        bench.desk.who_approves(number, "withdraw", actor=bench.member(CARL))


def test_a_form_sent_twice_asks_once(bench: Bench) -> None:
    number = bench.open().state.number
    first = ask(bench, withdrawal(number), key="form-1").approvals
    assert ask(bench, withdrawal(number), key="form-1").approvals == first


def test_of_two_who_ask_at_once_one_has_asked(practice: Bench) -> None:
    with practice.another() as elsewhere:
        for _ in range(3):
            number = practice.open().state.number
            said = together(
                partial(ask, practice, withdrawal(number), CORA), partial(ask, elsewhere, withdrawal(number), CARL)
            )
            assert len([one for one in said if isinstance(one, AuthorizationCard)]) == 1, said
            assert len([one for one in said if isinstance(one, AlreadyDone)]) == 1, said


def test_of_two_who_answer_at_once_one_has_answered(practice: Bench) -> None:
    with practice.another() as elsewhere:
        for _ in range(3):
            number, approval_id = asked(practice)
            said = together(partial(approve, practice, approval_id, IDA), partial(decline, elsewhere, approval_id, MAX))
            assert len([one for one in said if isinstance(one, AuthorizationCard)]) == 1, said
            assert len([one for one in said if isinstance(one, AlreadyDone)]) == 1, said
            kinds = [kind for kind, _ in events(practice, number)]
            assert kinds.count("withdraw") + kinds.count("approval_declined") == 1


def test_pressed_twice_it_is_done_once(bench: Bench) -> None:
    number, approval_id = asked(bench)
    approve(bench, approval_id, key="press-1")
    assert approve(bench, approval_id, key="press-1").state.status is Status.CLOSED
    with pytest.raises(AlreadyDone, match=r"Dr\. Ida Voss approved this already"):
        approve(bench, approval_id, MAX)
    assert [kind for kind, _ in events(bench, number)].count("withdraw") == 1


def test_nobody_approves_what_they_asked_for(bench: Bench) -> None:
    _, approval_id = asked(bench)
    person(bench, CORA, roles=frozenset({Role.COORDINATOR, Role.MANAGER}))
    for answer in (approve, decline):
        with pytest.raises(NotAllowed, match=r"Nobody approves what they asked for themselves\. Ask Dr\. Ida Voss"):
            answer(bench, approval_id, CORA)
    assert approve(bench, approval_id, MAX).state.status is Status.CLOSED


@pytest.mark.parametrize("by", [CARL, BILL, FAY])
def test_only_a_holder_of_the_role_answers(bench: Bench, by: str) -> None:
    _, approval_id = asked(bench)
    for answer in (approve, decline):
        with pytest.raises(NotAllowed, match="Only a clinician or a manager may approve or decline this"):
            answer(bench, approval_id, by)


def test_a_role_removed_between_asking_and_approving_counts(bench: Bench) -> None:
    _, approval_id = asked(bench)
    person(bench, EVE)
    person(bench, MAX, roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(NotAllowed, match="Only a clinician or a manager"):
        approve(bench, approval_id, MAX)
    person(bench, IDA, active=False)
    with pytest.raises(NotOnStaff):
        approve(bench, approval_id, IDA)
    assert approve(bench, approval_id, EVE).state.status is Status.CLOSED


@pytest.mark.parametrize("changed", [{"active": False}, {"roles": frozenset({Role.VIEWER})}])
def test_whoever_asked_must_still_be_allowed_to_ask(bench: Bench, changed: dict[str, object]) -> None:
    number, approval_id = asked(bench)
    person(bench, CORA, **changed)
    with pytest.raises(NotNow, match="It cannot be done any more, and Cora Lindqvist is told so"):
        approve(bench, approval_id)
    assert card(bench, number).state.status is Status.NEW
    assert card(bench, number).approvals == ()
    assert events(bench, number)[-1] == ("approval_overtaken", IDA)


def test_a_request_that_moved_on_closes_the_asking_in_the_same_save(bench: Bench) -> None:
    number, approval_id = asked(bench)
    bench.step(MAX, c.Withdraw(number=number, reason="duplicate"))
    assert card(bench, number).approvals == ()
    assert answers(bench) == ["overtaken"]
    with pytest.raises(AlreadyDone, match="cannot be done any more"):
        approve(bench, approval_id)


def test_what_stands_against_the_step_by_now_is_told_to_both(bench: Bench) -> None:
    """The payer has it meanwhile, and must be told first."""
    number, approval_id = asked(bench)
    bench.step(CORA, c.MarkReady(number=number))
    bench.step(CORA, c.Submit(number=number, channel=Channel.FAX, submitted_at=bench.clock.now()))
    assert card(bench, number).approvals
    with pytest.raises(NotNow, match="The payer has this request"):
        approve(bench, approval_id)
    assert (card(bench, number).state.status, answers(bench)) == (Status.SUBMITTED, ["overtaken"])


def test_a_denial_that_came_meanwhile_is_a_clinician_s(bench: Bench) -> None:
    state = bench.pending().state
    assert ask(bench, withdrawal(state.number, payer_told=True)).approvals
    now = bench.clock.now()
    denial = c.RecordDenial(
        number=state.number, reason="not_medically_necessary", notice_on=now.date(), received_at=now
    )
    bench.step(CORA, denial)
    assert (card(bench, state.number).approvals, answers(bench)) == ((), ["overtaken"])
    assert card(bench, state.number).state.outcome is Outcome.DENIED


def test_the_approver_answers_what_they_looked_at(bench: Bench) -> None:
    number, approval_id = asked(bench)
    seen = card(bench, number).state.version
    bench.step(CORA, c.MarkReady(number=number))
    with pytest.raises(Stale, match="Nothing was saved"):
        approve(bench, approval_id, version=seen)
    assert approve(bench, approval_id, version=card(bench, number).state.version).state.status is Status.CLOSED


def test_what_cannot_be_done_is_not_asked_for(bench: Bench) -> None:
    number = bench.pending().state.number
    with pytest.raises(Invalid, match="The payer has this request"):
        ask(bench, withdrawal(number))
    with pytest.raises(Stale):
        ask(bench, withdrawal(number, payer_told=True, version=1))
    assert card(bench, number).approvals == ()
    with pytest.raises(NotAllowed, match="Only"):
        ask(bench, c.WaiveUpdate(number=number, reason="x"))
    with pytest.raises(NotAllowed):
        ask(bench, withdrawal(number), FAY)


def test_who_may_do_it_alone_asks_nobody(bench: Bench) -> None:
    number = bench.open().state.number
    assert ask(bench, withdrawal(number), MAX).state.status is Status.CLOSED


@pytest.mark.parametrize(
    ("setting", "by", "command"),
    [
        ("coordinators_submit", CORA, lambda number, at: c.Submit(number=number, channel=Channel.FAX, submitted_at=at)),
        ("coordinators_withdraw_before_submission", CORA, lambda number, at: withdrawal(number)),
    ],
)
def test_a_setting_decides_whether_it_is_asked(bench: Bench, setting: str, by: str, command: object) -> None:
    for lets in (True, False):
        settings = replace(SETTINGS, **{setting: lets})
        bench.desk.save_settings(settings, actor=bench.member(MAX), key=once("settings"))
        number = bench.open().state.number
        bench.step(CORA, c.MarkReady(number=number))
        after = ask(bench, command(number, bench.clock.now()), by)
        assert (after.approvals == ()) is lets
        assert (after.state.status is Status.READY) is not lets


def test_a_reopening_is_asked_of_a_manager(bench: Bench) -> None:
    number = bench.open().state.number
    bench.step(MAX, withdrawal(number))
    again = c.Reopen(number=number, reason="They are back.", to=Status.REQ_CHECK)
    (approval,) = ask(bench, again).approvals
    assert approval.asked_of == MAX
    with pytest.raises(NotAllowed, match="Only a manager"):
        approve(bench, approval.id, IDA)
    assert approve(bench, approval.id, MAX).state.status is Status.REQ_CHECK


def test_what_does_not_exist_is_answered_by_nobody(bench: Bench) -> None:
    for answer in (approve, decline, take_back):
        with pytest.raises(NotFound):
            answer(bench, 4711, MAX)


def test_what_was_typed_is_sealed(bench: Bench) -> None:
    asked(bench)
    row = bench.rows("SELECT * FROM approval")[0]
    assert not any(word in str(value) for value in row.values() for word in ("moved away", "Friday", "declined"))


def test_an_asking_is_no_entry_to_take_back(bench: Bench) -> None:
    number, _ = asked(bench)
    assert card(bench, number, CORA).correctable is None
