"""What cannot be done now, and who may not: each in its words."""

from dataclasses import replace

import pytest
from domain_practice import BILL, COLE, CORA, DEAN, DORA, EVERYBODY, MARA, VERA, Story, Told, rules

from pabot.domain import commands as c
from pabot.domain.errors import AlreadyDone, NotAllowed, NotNow
from pabot.domain.model import Channel, Decision
from pabot.domain.statuses import Outcome, Status

S = Status


# What cannot be done now.
NOT_NOW: list[tuple[str, Told, str]] = [
    ("sent before ready", lambda s: s.submit(), "That cannot be done now: PA-1042 has moved on."),
    ("approved before sent", lambda s: s.ready().approve(), "That cannot be done now: PA-1042 has moved on."),
    (
        "taken twice",
        lambda s: s.does(CORA, c.Claim).does(COLE, c.Claim),
        "That cannot be done now: PA-1042 has moved on.",
    ),
    (
        "anything when closed",
        lambda s: s.withdraw().does(CORA, c.LogContact, channel=Channel.FAX, result="-"),
        "That cannot be done now: PA-1042 has moved on.",
    ),
    ("told before anything was sent", lambda s: s.ready().tell(), "There is nothing to tell the patient yet."),
    (
        "ready while the payer waits",
        lambda s: s.pending().payer_asks().does(CORA, c.RecordDocuments, missing="note").ready(),
        "The payer's question is still open.",
    ),
    (
        "closed before telling",
        lambda s: s.pending().approve().close(),
        "The patient has not been told. Tell them first.",
    ),
    (
        "told and closed under review",
        lambda s: s.pending().deny().tell(DORA, and_close=True),
        "It is still being worked on; record that the patient was told without closing.",
    ),
    (
        "appealed undecided",
        lambda s: s.pending().deny().appeal(BILL),
        "An appeal is filed only after a clinician decided to appeal. Route the denial first.",
    ),
    (
        "appealed when a call was decided",
        lambda s: s.pending().deny().decide(Decision.P2P).appeal(),
        "An appeal is filed only after a clinician decided to appeal. Route the denial first.",
    ),
    (
        "call booked undecided",
        lambda s: s.pending().deny().book_call(BILL),
        "A peer-to-peer call is booked only after a clinician decided for it.",
    ),
    (
        "nothing to route",
        lambda s: s.pending().deny().decide(Decision.APPEAL).does(CORA, c.Route, to=DEAN.user_id),
        "Nothing waits for a judgement here any more. Open the request to see where it stands.",
    ),
    (
        "another denial decided",
        lambda s: s.pending().deny().does(DORA, c.DecideDenial, denial_id=99, decision=Decision.ACCEPT),
        "That denial is no longer the one in question. Open the request to see where it stands.",
    ),
    (
        "another question answered",
        lambda s: s.ask().does(DORA, c.AnswerQuestion, question_id=99, answer="yes"),
        "That question is no longer the one in question. Open the request to see where it stands.",
    ),
    (
        "reopened where it never was",
        lambda s: s.withdraw().does(MARA, c.Reopen, reason="-", to=S.READY),
        "PA-1042 is “Closed”; it cannot become “Ready to submit” from there.",
    ),
]


@pytest.mark.parametrize(("told", "sentence"), [row[1:] for row in NOT_NOW], ids=[row[0] for row in NOT_NOW])
def test_what_cannot_be_done_now(told: Told, sentence: str) -> None:
    with pytest.raises(NotNow) as refused:
        told(Story())
    assert refused.value.sentence == sentence


def test_an_unrouted_denial_is_routed_before_the_patient_is_told() -> None:
    story = Story(book=rules(CORA, MARA)).pending().deny()
    with pytest.raises(NotNow, match=r"Route the denial first, then tell the patient\."):
        story.tell()


def test_a_denial_is_decided_once() -> None:
    story = Story().pending().deny().decide(Decision.APPEAL)
    with pytest.raises(AlreadyDone, match=r"Dr\. Dora Lake decided this already\. Nothing changed now\."):
        story.decide(Decision.ACCEPT, DEAN)


def test_a_question_is_answered_once() -> None:
    story = Story().pending().deny()
    asked = replace(story.state, question=Story().ask().answer().state.question)
    assert asked.question is not None
    story.state = asked
    with pytest.raises(AlreadyDone, match=r"Dr\. Dora Lake answered this already\. Nothing changed now\."):
        story.does(DORA, c.AnswerQuestion, question_id=asked.question.id, answer="again")


# Who may not.
REFUSED: list[tuple[str, Told, str]] = [
    (
        "a coordinator decides",
        lambda s: s.pending().deny().decide(Decision.ACCEPT, CORA),
        "Only a clinician may decide about a denial.",
    ),
    (
        "a manager decides",
        lambda s: s.pending().deny().decide(Decision.APPEAL, MARA),
        "Only a clinician may decide about a denial.",
    ),
    (
        "a biller decides a clinical denial",
        lambda s: s.pending().deny().decide(Decision.APPEAL, BILL),
        "Only a clinician may decide about a denial.",
    ),
    (
        "a biller accepts a wrong code",
        lambda s: s.pending().deny(reason="wrong_code").decide(Decision.ACCEPT, BILL),
        "Only a clinician may accept a denial.",
    ),
    ("a coordinator answers", lambda s: s.ask().answer(CORA), "Only a clinician may answer a clinical question."),
    (
        "a coordinator withdraws",
        lambda s: s.withdraw(CORA),
        "Approval of a clinician or a manager is needed to withdraw a request.",
    ),
    (
        "a coordinator closes a denial",
        lambda s: s.pending().deny().decide(Decision.ACCEPT).tell().close(CORA),
        "Approval of a clinician or a manager is needed to close a denied request.",
    ),
    (
        "a coordinator tells and closes a denial",
        lambda s: s.pending().deny().decide(Decision.ACCEPT).tell(CORA, and_close=True),
        "Approval of a clinician or a manager is needed to close a denied request.",
    ),
    (
        "a coordinator appeals undecided",
        lambda s: s.pending().deny().appeal(CORA),
        "Only a biller or a clinician or a manager may record an appeal as filed.",
    ),
    (
        "a biller answers on clinical content",
        lambda s: s.pending().payer_asks(clinical=True).answer().answer_payer(BILL),
        "Only a coordinator or a clinician may answer the payer on clinical content.",
    ),
    (
        "a coordinator waives",
        lambda s: s.pending().approve().does(CORA, c.WaiveUpdate, reason="-"),
        "Only a manager may waive telling the patient.",
    ),
    (
        "a coordinator attests",
        lambda s: s.does(CORA, c.AttestUrgency, expedited=True),
        "Approval of a clinician is needed to attest that a request is expedited.",
    ),
    (
        "a coordinator reopens",
        lambda s: s.withdraw().does(CORA, c.Reopen, reason="-"),
        "Approval of a manager is needed to reopen a request.",
    ),
    (
        "the front desk takes",
        lambda s: s.does(VERA, c.Claim),
        "Only a coordinator or a biller or a clinician or a manager may take a request.",
    ),
]


@pytest.mark.parametrize(("told", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_who_may_not(told: Told, sentence: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        told(Story())
    assert refused.value.sentence.startswith(sentence)


def test_a_biller_gives_up_an_administrative_denial_alone() -> None:
    story = Story().pending().deny(reason="missing_docs").decide(Decision.ACCEPT, BILL).tell(BILL, and_close=True)
    assert (story.state.status, story.state.outcome) == (S.CLOSED, Outcome.DENIED)


def test_coordinators_submit_only_where_the_practice_lets_them() -> None:
    strict = rules(*EVERYBODY, coordinators_submit=False)
    story = Story(book=strict).ready()
    with pytest.raises(NotAllowed, match="Approval of a manager is needed to record a submission"):
        story.submit(CORA)
    assert story.submit(BILL).state.status is S.SUBMITTED
