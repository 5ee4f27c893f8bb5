"""Where each step leads: the easy days first."""

from datetime import date
from typing import Any

import pytest
from domain_practice import BILL, COLE, CORA, DEAN, DORA, MARA, Story, Told

from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain import commands_clocks as k
from pabot.domain import commands_patient as p
from pabot.domain.commands_review import AcceptReview, ReturnReview
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.documents import Item, ItemKind
from pabot.domain.expiry import LetRunOut, RecordUse
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Channel, Decision, ServiceLine
from pabot.domain.review import CANNOT_JUDGE
from pabot.domain.statuses import Outcome, Status

S = Status


def called(story: Story, **typed: Any) -> Story:
    """The patient calls with a clinical question."""
    usual = {"at": story.now, "caller": Caller.PATIENT, "asked": Asked.QUESTION}
    return story.does(CORA, p.RecordPatientCall, **{**usual, **typed})


def passed(story: Story) -> list[str]:
    """The statuses the last save walked through."""
    assert story.change is not None
    return [step.after.value for step in story.change.steps]


# The easy days


def test_an_easy_request_takes_four_saves_after_opening() -> None:
    story = Story().ready().submit(tracking_number="HH-1").approve().tell(and_close=True)
    assert story.saves == 4
    assert story.state.status is S.CLOSED
    assert story.state.outcome is Outcome.APPROVED


def test_a_request_approved_at_once_takes_three() -> None:
    story = Story().ready()
    story.submit(approval=c.RecordApproval(number=1042, **story.approval())).tell(and_close=True)
    assert story.saves == 3
    assert story.state.status is S.CLOSED
    assert story.state.owner_id == CORA.user_id


def test_every_save_counts_the_version_up_by_one() -> None:
    assert Story().pending().deny().decide(Decision.APPEAL).argue().appeal().state.version == 7


def given_back(story: Story) -> Story:
    return story.does(DORA, ReturnReview, reason=CANNOT_JUDGE, words="the gait study")


def confirmed(story: Story) -> Story:
    return story.does(CORA, c.Acknowledge, tracking_number="HH-1")


# Where each step leads: the story so far, the step, and the statuses it walks through.
WAYS: list[tuple[str, Told, str]] = [
    ("taken", lambda s: s.does(CORA, c.Claim), "req_check"),
    ("ready at once", lambda s: s.ready(), "req_check ready"),
    (
        "documents missing",
        lambda s: s.does(CORA, c.CheckRequirement, required=True, missing="note"),
        "req_check docs_needed",
    ),
    ("nothing missing", lambda s: s.does(CORA, c.CheckRequirement, required=True), "req_check ready"),
    (
        "none needed",
        lambda s: s.does(CORA, c.CheckRequirement, required=False, proof="portal, ref 8"),
        "req_check closed",
    ),
    (
        "one less missing",
        lambda s: s.does(CORA, c.CheckRequirement, required=True, missing="note, order").does(
            CORA, c.RecordDocuments, missing="order"
        ),
        "docs_needed",
    ),
    (
        "all in",
        lambda s: s.does(CORA, c.CheckRequirement, required=True, missing="note").does(CORA, c.RecordDocuments),
        "ready",
    ),
    ("one found bad", lambda s: s.ready().does(CORA, c.RecordDocuments, missing="unsigned order"), "docs_needed"),
    ("still all in", lambda s: s.ready().does(CORA, c.RecordDocuments), "ready"),
    (
        "coded otherwise",
        lambda s: s.ready().does(DORA, c.ChangeCodes, lines=(ServiceLine(1, "K0861"),)),
        "ready",
    ),
    ("two of the packet", lambda s: s.with_checklist().gathers(1), "req_check docs_needed"),
    ("the whole packet", lambda s: s.with_checklist().gathers(1, 2), "req_check ready"),
    ("a packet without its facts", lambda s: s.with_checklist().gathers(1, 2, facility=None), "req_check docs_needed"),
    ("asked for", lambda s: s.with_checklist().asks_for(1, 2), "req_check docs_needed"),
    (
        "provided",
        lambda s: (
            s.with_checklist()
            .gathers(1)
            .asks_for(2)
            .does(DORA, c.ProvideDocuments, items=frozenset({2}), location="chart, page 3")
        ),
        "ready",
    ),
    (
        "cannot be had",
        lambda s: s.with_checklist().asks_for(2).does(DORA, c.CannotProvide, items=frozenset({2}), reason="none"),
        "docs_needed",
    ),
    (
        "a question first",
        lambda s: s.with_checklist().asks_for(2).does(DORA, c.AskAboutDocuments, question="Which visit?"),
        "docs_needed",
    ),
    (
        "a newer checklist",
        lambda s: s.with_checklist().gathers(1, 2).newer(Item("Form 12-B", ItemKind.FORM)),
        "docs_needed",
    ),
    (
        "another code",
        lambda s: s.does(DORA, c.ChangeCodes, lines=(ServiceLine(1, "K0861"),)),
        "new",
    ),
    (
        "without an item",
        lambda s: s.with_checklist().gathers(2).does(MARA, c.GoWithout, items=frozenset({1}), reason="on file there"),
        "ready",
    ),
    (
        "without a clinical document",
        lambda s: s.with_checklist().gathers(1).does(DORA, c.GoWithoutClinical, items=frozenset({2}), reason="seen"),
        "ready",
    ),
    ("sent", lambda s: s.ready().submit(), "submitted"),
    ("sent with a tracking number", lambda s: s.ready().submit(tracking_number="HH-1"), "submitted pending"),
    (
        "sent and approved",
        lambda s: s.ready().submit(approval=c.RecordApproval(number=1042, **s.approval())),
        "submitted approved",
    ),
    (
        "sent, tracked and approved",
        lambda s: s.ready().submit(tracking_number="HH-1", approval=c.RecordApproval(number=1042, **s.approval())),
        "submitted pending approved",
    ),
    ("the payer has it", lambda s: s.ready().submit().does(CORA, c.Acknowledge, proof="Ana has it"), "pending"),
    ("came back", lambda s: s.ready().submit().does(CORA, c.ReturnUnprocessed, reason="fax failed"), "ready"),
    (
        "sent again",
        lambda s: s.pending().does(CORA, c.SendAgain, channel=Channel.FAX, submitted_at=s.now, reason="payer lost it"),
        "submitted",
    ),
    (
        "a call",
        lambda s: s.pending().does(CORA, c.LogContact, channel=Channel.PHONE, result="in review"),
        "pending",
    ),
    ("the payer asks", lambda s: s.pending().payer_asks(), "addl_info"),
    ("the payer asks a clinical thing", lambda s: s.pending().payer_asks(clinical=True), "addl_info clinical_review"),
    ("answered by the clinician", lambda s: s.pending().payer_asks(clinical=True).answer(), "addl_info"),
    ("and sent", lambda s: s.pending().payer_asks(clinical=True).answer().answer_payer(), "pending"),
    (
        "the document must be got",
        lambda s: s.pending().payer_asks().does(CORA, c.RecordDocuments, missing="assessment"),
        "docs_needed",
    ),
    (
        "and is in",
        lambda s: (
            s.pending().payer_asks().does(CORA, c.RecordDocuments, missing="assessment").does(CORA, c.RecordDocuments)
        ),
        "addl_info",
    ),
    ("approved", lambda s: s.pending().approve(), "approved"),
    ("a medication approved", lambda s: s.of_a_medication().pending().approve(), "approved"),
    ("a medication denied", lambda s: s.of_a_medication().pending().deny(), "denied clinical_review"),
    ("partly approved", lambda s: s.pending().partly(), "approved clinical_review"),
    ("denied", lambda s: s.pending().deny(), "denied clinical_review"),
    ("denied at once", lambda s: s.ready().submit().deny(), "denied clinical_review"),
    (
        "denied while asked",
        lambda s: s.pending().payer_asks().deny(reason="info_not_received"),
        "denied clinical_review",
    ),
    ("taken back by the payer", lambda s: s.pending().approve().deny(), "denied clinical_review"),
    ("to appeal", lambda s: s.pending().deny().decide(Decision.APPEAL), "clinical_review"),
    ("appealed", lambda s: s.pending().deny().decide(Decision.APPEAL).appeal(), "pending"),
    (
        "upheld",
        lambda s: s.commercial().pending().deny().decide(Decision.APPEAL).appeal().deny(),
        "denied clinical_review",
    ),
    ("upheld and sent on", lambda s: s.pending().deny().decide(Decision.APPEAL).appeal().deny(), "denied pending"),
    ("packed", lambda s: s.pending().deny().decide(Decision.APPEAL).does(CORA, ca.PackAppeal), "clinical_review"),
    ("argued", lambda s: s.pending().deny().decide(Decision.APPEAL).argue(), "clinical_review"),
    (
        "appeal withdrawn",
        lambda s: (
            s.pending().deny().decide(Decision.APPEAL).appeal().does(DORA, ca.WithdrawAppeal, reason="another device")
        ),
        "clinical_review",
    ),
    (
        "appeal dismissed",
        lambda s: s.pending().deny().decide(Decision.APPEAL).appeal().does(CORA, ca.DismissAppeal, reason="too late"),
        "clinical_review",
    ),
    (
        "call over",
        lambda s: s.pending().deny().decide(Decision.P2P).book_call().call_ends(ca.CallOutcome.EDUCATIONAL),
        "clinical_review",
    ),
    ("overturned", lambda s: s.pending().deny().decide(Decision.APPEAL).appeal().approve(), "approved"),
    ("call booked", lambda s: s.pending().deny().decide(Decision.P2P).book_call(), "pending"),
    (
        "taken back",
        lambda s: s.pending().deny().decide(Decision.RESUBMIT).does(DORA, c.ChangeDecision),
        "clinical_review",
    ),
    ("to send again", lambda s: s.pending().deny().decide(Decision.RESUBMIT), "ready"),
    ("denial accepted", lambda s: s.pending().deny().decide(Decision.ACCEPT), "denied"),
    ("cut accepted", lambda s: s.pending().partly().decide(Decision.ACCEPT), "approved"),
    ("needs more", lambda s: s.pending().deny().does(DORA, c.AskForMore, need="gait study"), "clinical_review"),
    ("handed on", lambda s: s.pending().deny().does(DORA, c.Route, to=DEAN.user_id), "clinical_review"),
    ("a question before the first look", lambda s: s.ask(), "clinical_review"),
    ("goes back where it was asked", lambda s: s.ask().answer(), "new"),
    ("also when it was pending", lambda s: s.pending().ask().answer(), "pending"),
    ("also when the patient knows", lambda s: s.pending().approve().tell().ask().answer(), "patient_notified"),
    ("told of an approval", lambda s: s.pending().approve().tell(), "patient_notified"),
    ("told and closed", lambda s: s.pending().approve().tell(and_close=True), "patient_notified closed"),
    ("told of a denial under review", lambda s: s.pending().deny().tell(), "clinical_review"),
    (
        "told of it while the payer asks",
        lambda s: s.pending().deny().decide(Decision.APPEAL).appeal().payer_asks().tell(),
        "addl_info",
    ),
    ("waived", lambda s: s.pending().approve().does(MARA, c.WaiveUpdate, reason="moved away"), "patient_notified"),
    ("closed", lambda s: s.pending().approve().tell().close(), "closed"),
    (
        "closed from a told denial",
        lambda s: s.pending().deny().tell().decide(Decision.ACCEPT).close(BILL),
        "patient_notified closed",
    ),
    ("a late question of the payer", lambda s: s.pending().approve().tell().payer_asks(), "addl_info"),
    ("withdrawn", lambda s: s.pending().withdraw(), "closed"),
    ("reopened", lambda s: s.ready().withdraw().does(BILL, c.Reopen, reason="she wants it now"), "req_check"),
    (
        "reopened for a late answer",
        lambda s: s.pending().withdraw().does(BILL, c.Reopen, reason="payer called", to=S.PENDING),
        "pending",
    ),
    ("the patient called", lambda s: called(s.pending()), "pending"),
    ("called back", lambda s: called(s.pending()).does(DORA, p.CalledBack), "pending"),
    ("answered", lambda s: called(s.pending()).does(DORA, p.AnswerCall, answer="Take it with food."), "pending"),
    (
        "the answer passed on",
        lambda s: called(s.pending()).does(DORA, p.AnswerCall, answer="Take it with food.").does(CORA, p.PassOn),
        "pending",
    ),
    (
        "a worry that nobody answered, and the patient is called",
        lambda s: given_back(s.pending().ask(trigger="patient_worry")).does(CORA, p.CallBack),
        "pending",
    ),
    ("another takes it", lambda s: called(s.pending()).does(DORA, p.HandOverCall, to=DEAN.user_id), "pending"),
    (
        "a decision read out",
        lambda s: called(s.pending().approve(), read_out=True, asked=Asked.STATUS),
        "patient_notified",
    ),
    ("units used", lambda s: s.pending().approve().does(CORA, RecordUse, used=((1, 1),)), "approved"),
    ("may run out", lambda s: s.pending().approve().tell().close().does(CORA, LetRunOut, reason="finished"), "closed"),
    ("on hold", lambda s: s.ready().does(CORA, k.HoldUntil, until_on=date(2026, 6, 9), reason="too_early"), "ready"),
    (
        "taken up again",
        lambda s: s.ready().does(CORA, k.HoldUntil, until_on=date(2026, 6, 9), reason="patient").does(CORA, k.Resume),
        "ready",
    ),
    ("details", lambda s: s.pending().does(CORA, k.ChangeDetails, appointment_on=date(2026, 7, 1)), "pending"),
    ("somebody is on it", lambda s: s.pending().does(CORA, c.Hold, reason="on_it"), "pending"),
    ("handed over", lambda s: s.pending().does(MARA, c.Assign, owner_id=COLE.user_id), "pending"),
    ("taken in hand", lambda s: s.pending().deny().does(DORA, AcceptReview), "clinical_review"),
    ("asked before the payer has it", lambda s: s.ready().submit().ask(), "clinical_review"),
    ("back before the payer has it", lambda s: s.ready().submit().ask().answer(), "submitted"),
    ("the payer has it meanwhile", lambda s: confirmed(s.ready().submit().ask()), "clinical_review"),
    ("and the answer comes", lambda s: confirmed(s.ready().submit().ask()).answer(), "pending"),
    ("given back", lambda s: given_back(s.ready().ask()), "ready"),
    ("a denial given back", lambda s: given_back(s.pending().deny()), "denied"),
    ("a cut given back", lambda s: given_back(s.pending().partly()), "approved"),
    ("a worry about what is denied", lambda s: s.pending().deny().ask(), "clinical_review"),
    ("which leaves the denial where it was", lambda s: s.pending().deny().ask().answer(), "clinical_review"),
    ("then the denial", lambda s: s.pending().deny().ask().answer().decide(Decision.ACCEPT), "denied"),
    ("a worry about what was given up", lambda s: s.pending().deny().decide(Decision.ACCEPT).ask().answer(), "denied"),
    ("before the appeal", lambda s: s.pending().deny().decide(Decision.APPEAL).ask().answer(), "clinical_review"),
    (
        "given up while a question is open",
        lambda s: s.pending().deny().ask().decide(Decision.ACCEPT),
        "clinical_review",
    ),
    ("and then answered", lambda s: s.pending().deny().ask().decide(Decision.ACCEPT).answer(), "denied"),
    ("then the appeal", lambda s: s.pending().deny().decide(Decision.APPEAL).ask().answer().appeal(), "pending"),
    (
        "attested",
        lambda s: s.given(urgency_proposed=True).does(DORA, c.AttestUrgency, expedited=True),
        "new",
    ),
]


@pytest.mark.parametrize(("told", "way"), [row[1:] for row in WAYS], ids=[row[0] for row in WAYS])
def test_where_a_step_leads(told: Told, way: str) -> None:
    story = told(Story())
    assert passed(story) == way.split()
    assert story.state.status == way.split()[-1]


def test_every_step_is_shown_here() -> None:
    shown = set()
    for _, told, _ in WAYS:
        change = told(Story()).change
        assert change is not None
        shown |= {step.kind for step in change.steps}
    assert shown == set(STEPS_BY_KIND)
