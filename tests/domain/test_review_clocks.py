"""Clocks and steps around second thoughts: reopening, a payer's own date, a decision while a clinician is asked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, MARA, Story, clocks, due, rules

from pabot.domain import commands as c
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid
from pabot.domain.model import Channel, Decision
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.statuses import Outcome, Status
from pabot.domain.steps import NoticeKind


def test_a_reopened_request_is_due_the_day_it_was_reopened() -> None:
    story = Story().pending().withdraw(DORA).wait_until("2026-08-03 10:00")
    story.does(BILL, c.Reopen, reason="She wants it after all")
    assert due(story, Clock.SUBMISSION) == "Mon 2026-08-03 17:00"
    assert clocks(story.state)[Clock.SUBMISSION].why == "same business day as reopening on Aug 3"


def test_the_payer_s_own_date_outlives_the_confirmation() -> None:
    story = Story().ready().submit(expected_on=date(2026, 6, 24))
    story.does(CORA, c.Acknowledge, tracking_number="HH-9")
    assert (story.state.expected_on, story.state.expected_source) == (date(2026, 6, 24), "payer")


@pytest.mark.parametrize("partial", [False, True])
def test_an_approval_that_comes_while_a_clinician_is_asked_needs_no_answer_any_more(partial: bool) -> None:
    story = Story().pending().ask()
    assert {"record_approval", "record_denial"} <= story.offers(CORA)
    story = story.partly() if partial else story.approve()
    assert story.state.open_question is None
    assert story.state.status is (Status.CLINICAL_REVIEW if partial else Status.APPROVED)


def test_a_denial_that_comes_while_a_clinician_is_asked_goes_to_be_decided() -> None:
    story = Story().pending().ask().deny()
    assert (story.state.status, story.state.open_question) == (Status.CLINICAL_REVIEW, None)
    assert story.decide(Decision.ACCEPT).state.status is Status.DENIED


def test_a_question_before_submission_is_not_ended_by_a_decision_of_the_payer() -> None:
    assert not {"record_approval", "record_denial"} & Story().ready().ask().offers(CORA)


def test_why_some_was_cut_goes_to_whoever_may_judge_it() -> None:
    story = Story().pending().partly(cut_reason="wrong_code", cut_reason_text="E2311 is bundled")
    denial = story.state.denial
    assert denial is not None
    assert (denial.reason, denial.reason_text, denial.routed_to) == ("wrong_code", "E2311 is bundled", BILL.user_id)


def test_urgency_waits_for_the_clinician_while_the_work_goes_on() -> None:
    story = Story().given(urgency_proposed=True)
    assert waits_for(story.state) == DORA.user_id
    assert needed(story.state).startswith("Say whether it is expedited; meanwhile: check whether")
    story.ready().does(DORA, c.AttestUrgency, expedited=False)
    assert (waits_for(story.state), needed(story.state)) == (CORA.user_id, "Submit to the payer")


def test_after_an_accepted_denial_the_patient_is_to_be_told() -> None:
    story = Story().pending().deny().decide(Decision.ACCEPT)
    assert (needed(story.state), waits_for(story.state)) == ("Tell the patient", CORA.user_id)


def test_the_clinician_hears_of_the_call_that_was_booked_for_them() -> None:
    story = Story().pending().deny().decide(Decision.P2P)
    assert Clock.APPEAL_READY in clocks(story.state)
    story.book_call(clinician_id=DEAN.user_id)
    assert story.change is not None
    assert [(notice.kind, notice.to) for notice in story.change.notices] == [(NoticeKind.CALL, DEAN.user_id)]
    assert Clock.APPEAL_READY not in clocks(story.state)
    assert due(story, Clock.PAYER_RESPONSE) == "Tue 2026-06-02 17:00"


def test_what_is_routed_to_somebody_away_goes_to_their_cover() -> None:
    out = replace(DEAN, away=True, cover_id=DORA.user_id)
    story = Story(book=rules(CORA, BILL, DORA, out, MARA)).pending().deny()
    with pytest.raises(Invalid, match="has it already"):
        story.does(CORA, c.Route, to=DEAN.user_id)


@pytest.mark.parametrize(
    ("decision", "then"),
    [
        (Decision.APPEAL, lambda story: story.appeal()),
        (Decision.P2P, lambda story: story.book_call()),
        (Decision.RESUBMIT, lambda story: story.submit()),
        (Decision.ACCEPT, lambda story: story.tell()),
    ],
)
def test_a_decision_is_carried_out_by_its_step(decision: Decision, then: object) -> None:
    story = Story().pending().deny().decide(decision)
    assert not story.state.decision_is_carried_out
    assert then(story).state.decision_is_carried_out  # type: ignore[operator]


def test_taking_what_is_yours_is_not_offered() -> None:
    story = Story().given(owner_id=CORA.user_id)
    assert "claim" not in story.offers(CORA)
    assert "claim" in story.offers(BILL)


def test_a_call_that_did_not_help_can_be_told_at_the_next_denial() -> None:
    story = Story().pending().deny().decide(Decision.P2P).book_call()
    story.now += timedelta(days=2)
    story.deny()
    assert (story.state.outcome, story.state.peer_to_peer and story.state.peer_to_peer.outcome) == (
        Outcome.DENIED,
        "upheld",
    )


def test_a_won_call_is_done_and_not_to_be_booked_again() -> None:
    story = Story().pending().deny().decide(Decision.P2P).book_call()
    story.now += timedelta(days=2)
    story.approve()
    assert story.state.decision_is_carried_out


def test_the_payer_may_confirm_after_the_date_it_gave() -> None:
    story = Story().ready().submit(expected_on=date(2026, 6, 2)).wait_until("2026-06-03 09:00")
    story.does(CORA, c.Acknowledge, tracking_number="HH-9")
    assert story.state.expected_on == date(2026, 6, 10)


def test_a_contact_cannot_expect_an_answer_yesterday() -> None:
    story = Story().pending()
    with pytest.raises(Invalid) as refused:
        story.does(
            CORA, c.LogContact, channel=Channel.PHONE, result="soon", expected_on=story.today - timedelta(days=1)
        )
    assert list(refused.value.fields) == ["expected_on"]


def test_what_the_payer_has_is_not_withdrawn_behind_its_back_while_a_clinician_is_asked() -> None:
    with pytest.raises(Invalid) as refused:
        Story().pending().ask().does(DORA, c.Withdraw, reason="plan_changed")
    assert list(refused.value.fields) == ["payer_told"]


@pytest.mark.parametrize("clinical", [False, True])
def test_a_question_of_the_payer_can_be_recorded_while_a_clinician_is_asked(clinical: bool) -> None:
    story = Story().pending().ask().payer_asks(clinical=clinical)
    assert Clock.INFORMATION in clocks(story.state)
    asked = story.state.question
    assert asked is not None
    assert ("home assessment" in asked.text) is clinical
    assert "Which chair" in asked.text
    assert story.answer().state.status is Status.ADDL_INFO


def test_attesting_urgency_never_puts_a_check_into_the_past() -> None:
    story = Story().given(urgency_proposed=True).pending()
    story.does(CORA, c.LogContact, channel=Channel.PHONE, result="in review", next_check_on=date(2026, 6, 9))
    story.wait_until("2026-06-05 10:00").does(DORA, c.AttestUrgency, expedited=True)
    assert story.state.next_check_on == date(2026, 6, 8)


def test_a_booked_call_keeps_its_day_whatever_is_attested() -> None:
    story = Story().given(urgency_proposed=True).pending().deny().decide(Decision.P2P)
    story.book_call(scheduled_for=story.now + timedelta(days=9))
    day = story.state.expected_on
    story.does(DORA, c.AttestUrgency, expedited=True)
    assert story.state.expected_on == day


def test_a_question_is_not_sent_again_to_who_has_it() -> None:
    with pytest.raises(Invalid, match="has it already"):
        Story().ready().ask().does(CORA, c.Route, to=DORA.user_id)


def test_asking_something_else_does_not_put_off_the_answer_about_urgency() -> None:
    story = Story().given(urgency_proposed=True)
    before = due(story, Clock.ACCEPTANCE)
    story.ready().does(CORA, c.AskClinician, question="Which chair?", to=DEAN.user_id)
    assert due(story, Clock.ACCEPTANCE) == before


def test_a_partial_approval_that_nobody_could_judge_can_be_routed_later() -> None:
    story = Story(book=rules(CORA, MARA)).pending().partly()
    assert (story.state.status, Clock.ROUTING in clocks(story.state)) == (Status.APPROVED, True)
    story.book = rules(CORA, MARA, DORA)
    story.does(MARA, c.Route, to=DORA.user_id)
    assert story.state.status is Status.CLINICAL_REVIEW


def test_a_reopened_request_has_no_appeal_window_that_nobody_could_use() -> None:
    story = Story().pending().deny().decide(Decision.APPEAL).withdraw(DORA).does(BILL, c.Reopen, reason="again")
    assert Clock.APPEAL_WINDOW not in clocks(story.state)


def test_a_call_upheld_on_a_second_denial_stays_at_its_level() -> None:
    story = Story().commercial().pending().deny().decide(Decision.APPEAL).appeal()
    story.now += timedelta(days=1)
    story.deny().decide(Decision.P2P).book_call()
    story.now += timedelta(days=2)
    denial = story.deny().state.denial
    assert denial is not None
    assert denial.level == 2
