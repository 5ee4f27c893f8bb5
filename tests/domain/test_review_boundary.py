"""Ways round the boundary, and clocks that must tell what the card tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, MARA, REQUEST, RULES, Story, begun, clocks, due, rules

from pabot.domain import commands as c
from pabot.domain.deadlines import Clock
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotNow
from pabot.domain.model import Channel, Decision, Urgency
from pabot.domain.statuses import Status


@pytest.mark.parametrize("reason", ["not_medically_necessary", "missing_docs"])
def test_a_manager_cannot_end_by_withdrawing_what_waits_for_a_decision(reason: str) -> None:
    denied = Story().pending().deny(reason=reason)
    assert "withdraw" not in denied.offers(MARA)
    with pytest.raises(NotAllowed, match="Only a clinician may withdraw a request that waits"):
        denied.withdraw(MARA)
    assert denied.withdraw(DORA).state.status is Status.CLOSED


def test_a_manager_withdraws_what_waits_for_nobody_licensed() -> None:
    assert Story().pending().withdraw(MARA).state.status is Status.CLOSED


def test_a_denial_left_undecided_does_not_haunt_a_request_that_is_reopened() -> None:
    story = Story().pending().deny().withdraw(DORA).does(BILL, c.Reopen, reason="she wants it now")
    assert story.state.undecided_denial is None
    assert Clock.APPEAL_READY not in clocks(story.state)
    assert Clock.ACCEPTANCE not in clocks(story.state)
    story.ready().submit(tracking_number="HH-2").approve().tell(and_close=True)
    assert story.state.status is Status.CLOSED


def test_what_is_not_offered_is_refused_as_well() -> None:
    told = Story().pending().deny().tell()
    assert "tell_patient" not in told.offers(CORA)
    with pytest.raises(NotNow):
        told.tell()


def test_two_clinicians_attest_once() -> None:
    story = Story().given(urgency_proposed=True).does(DORA, c.AttestUrgency, expedited=True)
    with pytest.raises(AlreadyDone, match="Dora Lake"):
        story.does(DEAN, c.AttestUrgency, expedited=False)
    assert story.state.urgency is Urgency.EXPEDITED


def test_an_answer_to_what_the_payer_has_settled_names_nobody() -> None:
    story = Story().pending().payer_asks(clinical=True)
    question = story.state.question
    assert question is not None
    story.given(question=replace(question, answered_at=story.now))
    with pytest.raises(AlreadyDone, match="The payer's decision answered this"):
        story.answer()


@pytest.mark.parametrize("step", ["denied", "asked"])
def test_the_payer_cannot_answer_before_it_was_asked(step: str) -> None:
    story = Story().pending()
    early = story.now - timedelta(days=9)
    with pytest.raises(Invalid, match="before it was submitted") as refused:
        story.deny(received_at=early) if step == "denied" else story.payer_asks(received_at=early)
    assert list(refused.value.fields) == ["received_at"]


def test_the_payers_clocks_run_on_while_a_clinician_is_asked() -> None:
    story = Story().pending()
    before = clocks(story.state)
    story.ask()
    after = clocks(story.state)
    for kind in (Clock.PAYER_RESPONSE, Clock.FOLLOW_UP):
        assert after[kind].due_at == before[kind].due_at
    story.does(CORA, c.LogContact, channel=Channel.PHONE, result="in review", next_check_on=date(2026, 6, 4))
    assert due(story, Clock.FOLLOW_UP) == "Thu 2026-06-04 17:00"


@pytest.mark.parametrize("step", ["answered", "attested", "answered during an appeal"])
def test_the_card_and_the_clock_expect_the_same_day(step: str) -> None:
    story = begun("2026-06-01 09:00", replace(REQUEST, urgency_proposed=step == "attested")).pending()
    if step == "answered during an appeal":
        story.deny().decide(Decision.APPEAL).appeal()
    story.wait_until("2026-06-05 10:00")
    if step == "attested":
        story.does(DORA, c.AttestUrgency, expedited=True)
    else:
        story.payer_asks().answer_payer()
    expected = story.state.expected_on
    assert RULES.calendar.day(clocks(story.state)[Clock.PAYER_RESPONSE].due_at) == expected


def test_nobody_who_left_is_asked_to_decide() -> None:
    gone = replace(DORA, active=False)
    story = Story(book=rules(CORA, gone, MARA)).pending().deny()
    assert story.state.status is Status.DENIED  # unrouted: its clock tells the owner
    assert Clock.ROUTING in clocks(story.state)
