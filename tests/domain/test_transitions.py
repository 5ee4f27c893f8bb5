"""Which status may follow which, and what must be known on the way."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from domain_practice import CORA, DORA, ORDERED, REQUEST

from pabot.domain.errors import NotNow
from pabot.domain.model import (
    Appeal,
    AuthorizationState,
    Channel,
    Decision,
    Denial,
    DenialClass,
    InformationRequest,
    PatientUpdate,
    PeerToPeer,
    Question,
    ServiceLine,
)
from pabot.domain.statuses import Outcome, Status
from pabot.domain.transitions import EDGES, walk

# As the practice's guide has them. Beyond it: a question may be asked before the payer confirms, and goes back to where
# it was asked (new, requirement check, submitted, patient notified), an upheld appeal of Medicare Advantage goes on by
# itself, and a request may be withdrawn from every open status, also after a decision.
ALLOWED = {
    "new": "req_check clinical_review closed",
    "req_check": "docs_needed ready clinical_review closed",
    "docs_needed": "ready addl_info clinical_review req_check closed",
    "ready": "submitted docs_needed req_check clinical_review closed",
    "submitted": "pending addl_info approved denied ready clinical_review closed",
    "pending": "addl_info approved denied clinical_review submitted closed",
    "addl_info": "pending clinical_review docs_needed approved denied closed",
    "approved": "patient_notified clinical_review denied closed",
    "denied": "clinical_review pending patient_notified closed",
    "clinical_review": "new req_check docs_needed ready submitted addl_info pending approved denied patient_notified "
    "closed",
    "patient_notified": "closed pending clinical_review addl_info",
    "closed": "req_check pending addl_info",
}


def test_the_table_is_the_guides() -> None:
    expected = {(Status(before), Status(after)) for before, row in ALLOWED.items() for after in row.split()}
    assert set(EDGES) == expected


def test_all_twelve_statuses_can_be_reached_and_left() -> None:
    assert {before for before, _ in EDGES} == set(Status)
    assert {after for _, after in EDGES} == set(Status)


@pytest.mark.parametrize(("before", "after"), sorted(set(product(Status, Status)) - set(EDGES)))
def test_every_other_way_is_refused_in_words(before: Status, after: Status) -> None:
    with pytest.raises(NotNow, match=r"PA-1042 is “.+”; it cannot become “.+” from there\."):
        walk(replace(REQUEST, status=before), (after,), ORDERED)


TODAY = date(2026, 6, 1)
DENIAL = Denial(1, 1, "other", DenialClass.CLINICAL, "", "", TODAY, ORDERED, None, "", None)
ROUTED = replace(DENIAL, routed_to=DORA.user_id, routed_at=ORDERED)
DECIDED = replace(ROUTED, decision=Decision.ACCEPT, decided_by=DORA.user_id, decided_at=ORDERED)
QUESTION = Question(1, CORA.user_id, DORA.user_id, "Which?", ORDERED)
ANSWERED = replace(QUESTION, answered_at=ORDERED, answered_by=DORA.user_id)
ASKED = InformationRequest(1, ORDERED, "notes", False, TODAY)
TOLD = PatientUpdate(1, Outcome.APPROVED, ORDERED, CORA.user_id, "phone")
APPEAL = Appeal(1, 1, False, ORDERED, CORA.user_id, "", TODAY)
CALL = PeerToPeer(1, ORDERED, "", DORA.user_id, CORA.user_id)
APPROVED: dict[str, Any] = {
    "outcome": Outcome.APPROVED,
    "decided_at": ORDERED,
    "authorization_number": "A-555",
    "lines": (ServiceLine(1, "K0856", approved=True, units_approved=1),),
}
KNOWN: dict[str, Any] = {**APPROVED, "patient_update": TOLD}
DENIED: dict[str, Any] = {"outcome": Outcome.DENIED, "decided_at": ORDERED, "denial": DECIDED}
DENIED_KNOWN = {**DENIED, "patient_update": replace(TOLD, outcome=Outcome.DENIED)}
WITHDRAWN: dict[str, Any] = {"outcome": Outcome.WITHDRAWN}


@pytest.mark.parametrize(
    ("before", "after", "missing", "sentence", "present"),
    [
        ("new", "req_check", {}, "Nobody has taken this request yet. Take it first.", {"owner_id": CORA.user_id}),
        (
            "new",
            "clinical_review",
            {},
            "There is nothing for a clinician to judge. Ask a question.",
            {"question": QUESTION},
        ),
        ("req_check", "docs_needed", {}, "Say which document is missing.", {"documents_missing": "office note"}),
        ("req_check", "ready", {"documents_missing": "office note"}, "Still missing: office note", {}),
        (
            "req_check",
            "closed",
            {"outcome": Outcome.NOT_REQUIRED},
            "Say who said that no authorization is needed.",
            {"outcome": Outcome.NOT_REQUIRED, "not_required_proof": "Ana, ref 9"},
        ),
        (
            "req_check",
            "closed",
            {"outcome": Outcome.APPROVED},
            "It can only be closed as withdrawn or not required from here.",
            WITHDRAWN,
        ),
        ("docs_needed", "ready", {"information_request": ASKED}, "The payer's question is still open.", {}),
        ("docs_needed", "addl_info", {}, "Record what the payer asked for.", {"information_request": ASKED}),
        (
            "ready",
            "submitted",
            {},
            "Say when and how it was sent.",
            {"submitted_at": ORDERED, "submitted_by_channel": Channel.FAX},
        ),
        (
            "submitted",
            "pending",
            {},
            "A tracking number or another proof of receipt is needed.",
            {"acknowledged_at": ORDERED},
        ),
        ("pending", "approved", {}, "Record what the payer approved.", APPROVED),
        (
            "pending",
            "approved",
            {**APPROVED, "authorization_number": ""},
            "An authorization number is needed, or the reason why there is none.",
            {**APPROVED, "authorization_number": "", "no_number_reason": "plan issues none"},
        ),
        (
            "pending",
            "approved",
            {**APPROVED, "lines": (ServiceLine(1, "K0856"),)},
            "Every line needs the payer's decision.",
            APPROVED,
        ),
        ("pending", "denied", {}, "Record the payer's denial.", {"denial": DENIAL}),
        ("addl_info", "pending", {"information_request": ASKED}, "The payer's question is still open.", {}),
        (
            "approved",
            "patient_notified",
            APPROVED,
            "The patient has not been told. Tell them first.",
            KNOWN,
        ),
        ("denied", "clinical_review", {"denial": DENIAL}, "Route the denial first.", {"denial": ROUTED}),
        (
            "denied",
            "patient_notified",
            {**DENIED_KNOWN, "denial": DENIAL},
            "Route the denial first.",
            DENIED_KNOWN,
        ),
        (
            "clinical_review",
            "pending",
            {"question": QUESTION},
            "The clinician's answer is still open.",
            {"question": ANSWERED},
        ),
        (
            "clinical_review",
            "denied",
            {"question": QUESTION},
            "The clinician's answer is still open.",
            {"denial": DECIDED},
        ),
        ("patient_notified", "closed", {}, "There is no outcome yet.", KNOWN),
        ("patient_notified", "closed", DENIED, "The patient has not been told. Tell them first.", DENIED_KNOWN),
        (
            "patient_notified",
            "closed",
            {**DENIED_KNOWN, "denial": ROUTED},
            "The denial still needs a decision.",
            DENIED_KNOWN,
        ),
        (
            "patient_notified",
            "closed",
            {**KNOWN, "appeal": APPEAL},
            "An appeal is still with the payer.",
            {**KNOWN, "appeal": replace(APPEAL, outcome=Outcome.APPROVED)},
        ),
        (
            "patient_notified",
            "closed",
            {**KNOWN, "peer_to_peer": CALL},
            "A peer-to-peer call is still booked.",
            {**KNOWN, "peer_to_peer": replace(CALL, outcome="overturned")},
        ),
        (
            "patient_notified",
            "closed",
            {**KNOWN, "information_request": ASKED},
            "The payer's question is still open.",
            {**KNOWN, "information_request": replace(ASKED, answered_at=ORDERED)},
        ),
        ("patient_notified", "pending", {}, "Record the appeal as filed.", {"appeal": APPEAL}),
    ],
)
def test_a_guard_says_what_is_missing(
    before: str, after: str, missing: dict[str, Any], sentence: str, present: dict[str, Any]
) -> None:
    standing = replace(REQUEST, status=Status(before))
    with pytest.raises(NotNow) as refused:
        walk(replace(standing, **missing), (Status(after),), ORDERED)
    assert refused.value.sentence == sentence
    later = ORDERED + timedelta(hours=1)
    moved = walk(replace(standing, **present), (Status(after),), later)
    assert (moved.status, moved.status_since) == (Status(after), later)


def test_a_way_of_several_steps_is_walked_or_not_at_all() -> None:
    taken: AuthorizationState = replace(REQUEST, owner_id=CORA.user_id)
    assert walk(taken, (Status.REQ_CHECK, Status.READY), ORDERED).status is Status.READY
    with pytest.raises(NotNow):
        walk(taken, (Status.REQ_CHECK, Status.READY, Status.SUBMITTED), ORDERED)
    assert taken.status is Status.NEW
