"""Letters about some lines at the desk, on both databases: kept, told where the first was told, and taken back."""

from dataclasses import replace
from datetime import date
from typing import Any

from record_practice import BILL, CORA, IDA, Bench

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Decision, DenialClass, ServiceLine
from pabot.domain.statuses import Outcome, Status

TWO = (ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2311", "NU", 2))
TODAY = date(2026, 11, 16)


def letter(practice: Bench, number: int, **typed: Any) -> AuthorizationCard:
    practice.clock.forward(minutes=5)
    usual = {"reason": "not_medically_necessary", "notice_on": TODAY, "received_at": practice.clock.now()}
    return practice.step(CORA, c.RecordDenial(number=number, **{**usual, **typed}))


def wanted(practice: Bench, who: str) -> list[int]:
    """How often each of somebody's messages about decisions was to be drawn."""
    asked = "SELECT wanted FROM message WHERE kind = 'decision' AND recipient = :who ORDER BY id"
    return [row["wanted"] for row in practice.rows(asked, who=who)]


def test_two_letters_are_one_denial_and_the_message_of_the_first_tells_of_both(practice: Bench) -> None:
    number = practice.pending(lines=TWO).state.number
    letter(practice, number, lines=(1,), reason_text="no gait study", reference="D-1")
    assert wanted(practice, IDA) == [1]
    letter(practice, number, lines=(2,), reason="experimental", appeal_by=date(2026, 12, 1), reference="D-2")
    assert wanted(practice, IDA) == [2, 1], "the first is edited, in silence; a message of its own tells of it"
    card = practice.desk.card(number, actor=practice.member(IDA))
    denial = card.state.denial
    assert denial
    assert (denial.lines, denial.reference, denial.appeal_by) == ("", "D-1, D-2", date(2026, 12, 1))
    assert denial.reason_text == "no gait study\nAlso denied, E2311: Experimental or unproven."
    assert next(entry.detail.get("notice") for entry in card.timeline if entry.kind == "record_denial") == "joins"
    assert len(practice.rows("SELECT id FROM denial")) == 1


def test_the_second_letter_recorded_in_error_leaves_the_first_as_it_was(practice: Bench) -> None:
    number = practice.pending(lines=TWO).state.number
    first = letter(practice, number, lines=(1,), reason="missing_docs", reason_text="no form").state
    then = letter(practice, number, lines=(2,)).state
    assert first.denial
    assert then.denial
    assert (first.denial.routed_to, then.denial.routed_to) == (BILL, IDA)
    assert then.denial.denial_class is DenialClass.CLINICAL
    back = practice.take_back(CORA, number).state
    assert replace(back, version=first.version) == first
    again = practice.desk.card(number, actor=practice.member(BILL))
    assert replace(again.state, version=first.version) == first
    assert "decide_denial" in again.steps


def test_when_the_rest_is_approved_the_same_denial_goes_on(practice: Bench) -> None:
    number = practice.pending(lines=TWO).state.number
    denied = letter(practice, number, lines=(2,)).state
    assert [line.code for line in practice.desk.card(number, actor=practice.member(CORA)).state.awaited_lines] == [
        "K0856"
    ]
    given = c.RecordApproval(
        number=number,
        decided_at=practice.clock.now(),
        rest=True,
        authorization_number="A-9",
        dates_not_stated=True,
    )
    practice.step(CORA, given)
    state = practice.desk.card(number, actor=practice.member(CORA)).state
    assert (state.status, state.stage, state.outcome) == (Status.CLINICAL_REVIEW, Status.APPROVED, Outcome.PARTIAL)
    assert state.denial == denied.denial
    assert [line.approved for line in state.lines] == [True, False]


def test_a_list_knows_what_was_denied_and_decided(practice: Bench) -> None:
    number = practice.pending(lines=TWO).state.number
    assert listed(practice, number) == (False, None)
    denied = letter(practice, number, lines=(2,)).state.denial
    assert denied
    assert denied.id
    assert listed(practice, number) == (True, None)
    accepted = c.DecideDenial(number=number, denial_id=denied.id, decision=Decision.ACCEPT, reason="she has one")
    practice.step(IDA, accepted)
    assert listed(practice, number) == (True, Decision.ACCEPT)
    letter(practice, number, lines=(1,))
    assert listed(practice, number) == (False, None)


def listed(practice: Bench, number: int) -> tuple[bool, Decision | None]:
    """As a list has it; the card says the same."""
    lines = practice.desk.queue("", actor=practice.member(CORA)).lines
    line = next(one for one in lines if one.number == number)
    state = practice.desk.card(number, actor=practice.member(CORA)).state
    assert (line.some_denied, line.chosen) == (state.some_denied, state.chosen)
    return line.some_denied, line.chosen


def test_a_denial_that_was_accepted_keeps_its_record_beside_the_next(practice: Bench) -> None:
    number = practice.pending(lines=TWO).state.number
    first = letter(practice, number, lines=(2,)).state.denial
    assert first
    assert first.id
    accepted = c.DecideDenial(number=number, denial_id=first.id, decision=Decision.ACCEPT, reason="she has one")
    assert practice.step(IDA, accepted).state.status is Status.PENDING
    letter(practice, number)
    card = practice.desk.card(number, actor=practice.member(IDA))
    assert [one.lines for one in card.earlier] == ["2"]
    assert card.state.denial
    assert (card.state.denial.lines, card.state.stage) == ("1", Status.DENIED)
    back = practice.take_back(CORA, number).state
    assert back.denial
    assert (back.denial.id, back.status) == (first.id, Status.PENDING)
