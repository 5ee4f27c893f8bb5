"""A clinician's review: asked with its occasion and its facts, taken in hand, handed over, answered, given back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, MARA, Story, at, clocks, due, rules

from pabot.domain import commands as c
from pabot.domain.commands_clocks import ChangeDetails
from pabot.domain.commands_patient import PassOn
from pabot.domain.commands_review import AcceptReview, ReturnReview
from pabot.domain.deadlines import Clock
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotNow
from pabot.domain.model import Decision, DenialClass, Member, Urgency
from pabot.domain.next_steps import waits_for
from pabot.domain.quiet import can_wait
from pabot.domain.review import CANNOT_JUDGE, CLINICAL, NOT_CLINICAL
from pabot.domain.statuses import Status
from pabot.domain.steps import Notice, NoticeKind
from pabot.domain.triggers import TRIGGERS


def takes(story: Story, who: Member = DORA, **meant: Any) -> Story:
    return story.does(who, AcceptReview, **meant)


def gives_back(story: Story, who: Member = DORA, reason: str = CANNOT_JUDGE, **meant: Any) -> Story:
    return story.does(who, ReturnReview, reason=reason, words="the gait study", **meant)


def said(story: Story) -> dict[str, Any]:
    """What the timeline keeps of the last save."""
    assert story.change is not None
    return dict(story.change.steps[0].detail)


def told(story: Story) -> set[Notice]:
    assert story.change is not None
    return set(story.change.notices)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_each_occasion_is_kept_with_its_facts(trigger: str) -> None:
    story = Story().ready().submit()
    story.does(CORA, c.AskClinician, question="Which?", trigger=trigger, background="The letter names two chairs.")
    question = story.state.question
    assert question is not None
    assert (question.trigger, question.background) == (trigger, "The letter names two chairs.")
    assert question.is_urgent is (trigger == "patient_worry")
    assert (story.state.status, story.state.stage) == (Status.CLINICAL_REVIEW, Status.SUBMITTED)


def test_nothing_urgent_waits_for_the_morning() -> None:
    night = at("2026-06-02 07:00")
    calm, worry = Story().ready().ask(), Story().ready()
    worry.does(CORA, c.AskClinician, question="May she wait?", trigger="patient_worry")
    assert can_wait(calm.state, (), night)
    assert not can_wait(worry.state, (), night)
    assert not can_wait(worry.answer().state, (), night)  # the patient has yet to hear it
    assert can_wait(worry.does(CORA, PassOn).state, (), night)


def test_what_the_payer_asks_may_turn_out_to_be_clinical() -> None:
    story = Story().pending().payer_asks()
    assert "answer_information" in story.offers(CORA)
    story.does(CORA, c.AskClinician, question="What do we send?", payers_question=True)
    assert story.state.information_request is not None
    assert story.state.information_request.clinical
    assert story.answer().state.status is Status.ADDL_INFO
    assert "answer_information" in story.offers(CORA)  # released


def test_given_back_unjudged_it_is_not_released() -> None:
    story = gives_back(Story().pending().payer_asks(clinical=True))
    assert story.state.status is Status.ADDL_INFO
    assert "answer_information" not in story.offers(CORA)
    assert "answer_information" in gives_back(story.ask(), reason=NOT_CLINICAL).offers(CORA)


def test_an_answer_to_another_question_releases_nothing() -> None:
    story = gives_back(Story().pending().payer_asks(clinical=True))
    assert "answer_information" not in story.ask().answer().offers(CORA)
    story.does(CORA, c.AskClinician, question="What do we send?", payers_question=True)
    assert "answer_information" in story.answer().offers(CORA)


@pytest.mark.parametrize("what", ["question", "denial"])
def test_taking_it_in_hand_starts_the_clock_of_the_answer(what: str) -> None:
    story = takes(Story().ready().ask() if what == "question" else Story().pending().deny())
    assert Clock.ACCEPTANCE not in clocks(story.state)
    assert due(story, Clock.JUDGEMENT) == "Tue 2026-06-02 17:00"
    assert clocks(story.given(urgency=Urgency.EXPEDITED).state)[Clock.JUDGEMENT].unit == "ch"


def test_whoever_takes_it_has_it_also_where_another_was_asked() -> None:
    story = takes(Story().pending().deny(), DEAN)
    assert waits_for(story.state) == DEAN.user_id
    assert said(story)["had"] == DORA.user_id
    with pytest.raises(AlreadyDone, match=r"Dr\. Dean Reed has it already\. Nothing changed now\."):
        takes(story, DORA)


def test_answering_counts_as_taking_it_in_hand() -> None:
    question = Story().ready().ask().answer().state.question
    assert question is not None
    assert question.accepted_at == question.answered_at


@pytest.mark.parametrize("step", [AcceptReview, ReturnReview])
@pytest.mark.parametrize("who", [CORA, BILL, MARA, replace(DORA, roles=BILL.roles)])
def test_only_a_clinician_takes_or_gives_back_what_is_clinical(step: type[c.Command], who: Member) -> None:
    typed = {} if step is AcceptReview else {"reason": CANNOT_JUDGE, "words": "the gait study"}
    for story in (Story().ready().ask(), Story().pending().deny()):
        with pytest.raises(NotAllowed, match="Only a clinician may"):
            story.does(who, step, **typed)


def test_a_biller_takes_an_administrative_denial_and_gives_it_to_a_clinician() -> None:
    story = takes(Story().pending().deny(reason="missing_docs"), BILL)
    with pytest.raises(Invalid, match="Choose one of the options"):
        gives_back(story, BILL, NOT_CLINICAL)
    denial = gives_back(story, BILL, CLINICAL).state.denial
    assert denial is not None
    assert (denial.denial_class, story.state.status) == (DenialClass.CLINICAL, Status.DENIED)
    with pytest.raises(Invalid, match="Bill Marsh is not a clinician"):
        story.does(CORA, c.Route, to=BILL.user_id)


def test_a_denial_given_back_waits_to_be_routed_anew() -> None:
    story = gives_back(Story().pending().deny().wait_until("2026-06-02 09:00"), reason=NOT_CLINICAL)
    assert told(story) == {Notice(NoticeKind.RETURNED, CORA.user_id)}
    assert waits_for(story.state) == CORA.user_id
    assert due(story, Clock.ROUTING) == "Tue 2026-06-02 11:01"
    assert "tell_patient" not in story.offers(CORA)
    story.does(CORA, c.Route, to=BILL.user_id)
    assert (waits_for(story.state), story.state.status) == (BILL.user_id, Status.CLINICAL_REVIEW)
    assert Clock.ROUTING not in clocks(story.state)


def test_handing_over_begins_anew_and_says_who_had_it() -> None:
    story = takes(Story().ready().ask()).wait_until("2026-06-02 10:00").does(DORA, c.Route, to=DEAN.user_id)
    assert Clock.JUDGEMENT not in clocks(story.state)
    assert due(story, Clock.ACCEPTANCE) == "Tue 2026-06-02 14:01"
    assert said(story)["had"] == DORA.user_id


def test_a_proposal_of_urgency_is_handed_over() -> None:
    story = Story().pending().wait_until("2026-06-03 10:00").does(CORA, ChangeDetails, urgency=Urgency.EXPEDITED)
    story.wait_until("2026-06-03 11:00").does(DORA, c.Route, to=DEAN.user_id, what="urgency")
    assert waits_for(story.state) == DEAN.user_id
    assert told(story) == {Notice(NoticeKind.ATTEST, DEAN.user_id)}
    assert due(story, Clock.ACCEPTANCE) == "Wed 2026-06-03 15:01"
    with pytest.raises(Invalid, match="Dean Reed has it already"):
        story.does(CORA, c.Route, to=DEAN.user_id, what="urgency")


def test_of_two_things_that_wait_the_one_that_is_meant_moves() -> None:
    story = Story().pending().deny().ask().does(DORA, c.Route, to=DEAN.user_id, what="denial")
    assert story.state.denial is not None
    assert (story.state.denial.routed_to, waits_for(story.state)) == (DEAN.user_id, DORA.user_id)
    takes(story, what="question")
    assert {Clock.ACCEPTANCE, Clock.JUDGEMENT} <= clocks(story.state).keys()


BESIDE = {  # what waits besides the denial, and whether the denial is clinical
    "a question that nobody has in hand": lambda s: s.ask(),
    "a question that a doctor has in hand": lambda s: takes(s.ask(), what="question"),
}


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("meant", [{}, {"what": "denial"}])
def test_a_biller_acts_on_the_denial_while_a_question_waits_for_a_doctor(beside: str, meant: dict[str, str]) -> None:
    story = BESIDE[beside](Story().pending().deny(reason="missing_docs"))
    assert {"accept_review", "return_review"} <= story.offers(BILL)
    for step in (AcceptReview, ReturnReview):
        typed = {} if step is AcceptReview else {"reason": CANNOT_JUDGE, "words": "the note"}
        with pytest.raises(NotAllowed, match="Only a clinician may answer a clinical question"):
            story.does(BILL, step, what="question", **typed)
    assert takes(story, BILL, **meant).state.denial.accepted_at == story.now  # type: ignore[union-attr]
    assert "accept_review" not in story.offers(BILL)
    denial = gives_back(story, BILL, CLINICAL).state.denial
    assert denial is not None
    assert (denial.denial_class, denial.routed_to) == (DenialClass.CLINICAL, None)
    assert story.state.open_question is not None


def test_of_a_clinical_denial_a_biller_takes_nothing_whatever_waits_beside_it() -> None:
    story = Story().pending().deny().ask()
    assert story.offers(BILL).isdisjoint({"accept_review", "return_review"})
    for what in ("", "denial", "question"):
        with pytest.raises(NotAllowed, match="Only a clinician may"):
            takes(story, BILL, what=what)


def test_a_doctor_who_answers_beside_a_denial_in_hand_takes_the_question() -> None:
    story = takes(Story().pending().deny(reason="missing_docs").ask(), BILL)
    assert takes(story, DORA).state.question.accepted_at == story.now  # type: ignore[union-attr]
    with pytest.raises(AlreadyDone):
        takes(story, DORA)


@pytest.mark.parametrize("meant", [{"what": "denial"}, {"child": 99}, {"what": "nonsense"}, {"what": "urgency"}])
def test_an_old_button_takes_nothing_else_in_hand(meant: dict[str, object]) -> None:
    story = Story().ready().ask()
    for does in (takes, gives_back):
        with pytest.raises(NotNow):
            does(story, **meant)


def test_a_decision_after_the_window_stays_the_clinicians() -> None:
    story = takes(Story().pending().deny(appeal_by=date(2026, 6, 9)).wait_until("2026-06-12 10:00"))
    denial = story.decide(Decision.APPEAL).state.denial
    assert denial is not None
    assert denial.decision is Decision.APPEAL


def test_nobody_without_a_licence_answers_any_more() -> None:
    without = replace(DORA, roles=frozenset())
    story = Story().ready().ask()
    story.book = rules(CORA, without, DEAN)
    with pytest.raises(NotAllowed, match=r"Only a clinician may answer a clinical question\. Ask Dr\. Dean Reed\."):
        story.answer(without)
