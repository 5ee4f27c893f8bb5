"""One invented request with a denial, as messages are drawn from it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pabot.domain.appeals import WAYS
from pabot.domain.approvals import Approval, ApprovalState
from pabot.domain.cards import (
    AskedLine,
    AskedList,
    AuthorizationCard,
    Bottleneck,
    Digest,
    OverdueItem,
    OverdueList,
    PatientFacts,
    PayerFacts,
    Privacy,
    QueueLine,
    QueuePage,
    TimelineEntry,
)
from pabot.domain.commands import Withdraw
from pabot.domain.deadlines import Clock, Deadline
from pabot.domain.library import Contacts
from pabot.domain.model import (
    AuthorizationState,
    Category,
    Decision,
    Denial,
    DenialClass,
    LineOfBusiness,
    Member,
    Question,
    Role,
    ServiceLine,
    Urgency,
)
from pabot.domain.review import asked
from pabot.domain.statuses import Outcome, Status
from pabot.views.text import Look, Texts
from tests.sample_windows import left_open

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
LOOK = Look(Texts.found(), ZoneInfo("America/New_York"), Privacy.FULL)
HOSTILE = "<!channel> *bold* _x_ `c` </b>\n> quoted & <https://evil.example|click> \u202egnp " + "&<>*_~` " * 400

CORA = Member("U0CORA", "Cora Lindqvist", frozenset({Role.COORDINATOR}))
IDA = Member("U0DOC", "Dr. Ida Voss", frozenset({Role.CLINICIAN}), npi="1234567893")
OTTO = Member("U0OTTO", "Dr. Otto Brandt", frozenset({Role.CLINICIAN}))
BEA = Member("U0BEA", "Bea Munro", frozenset({Role.BILLER}))
STEPS = (
    "decide_denial",
    "accept_review",
    "route",
    "ask_for_more",
    "return_review",
    "answer_question",
    "attest_urgency",
)

PATIENT = PatientFacts("J.D.", "C-88", "Juno", "Dammers", date(1961, 4, 2), "M-123")
IDENTITY = ("Juno", "Dammers", "M-123", "C-88", "1961")
PAYER = PayerFacts(2, 3, "Northwind Health", "Gold HMO", LineOfBusiness.MEDICARE_ADVANTAGE)

DENIAL = Denial(
    id=77,
    level=1,
    reason="missing_docs",
    denial_class=DenialClass.ADMINISTRATIVE,
    reason_text="The face-to-face note is older than six months.",
    reference="D-77",
    notice_on=date(2026, 11, 20),
    received_at=NOW - timedelta(days=2),
    appeal_by=date(2027, 1, 24),
    appeal_source="letter",
    p2p_by=date(2026, 11, 30),
    routed_to=IDA.user_id,
    routed_at=NOW - timedelta(hours=1),
)
QUESTION = Question(8, CORA.user_id, IDA.user_id, "Is home use documented?", NOW - timedelta(hours=1))
DECIDED = replace(
    DENIAL,
    decision=Decision.APPEAL,
    decided_by=IDA.user_id,
    decided_at=NOW,
    decision_reason="The note is from October.",
    decision_words="Send the October note with the appeal.",
)
RETURNED = replace(QUESTION, returned_by=IDA.user_id, returned_at=NOW, return_reason="No note is here.")
ANSWERED = replace(QUESTION, answered_by=IDA.user_id, answered_at=NOW, answer="Yes, page two.")
ACCEPTANCE = Deadline(
    Clock.ACCEPTANCE,
    NOW + timedelta(hours=3),
    "bh",
    NOW,
    "practice",
    "4 business hours from routing the denial on Nov 23",
)


def card(*, entry: TimelineEntry | None = None, service: str = "Power wheelchair", **changed: Any) -> AuthorizationCard:
    usual = AuthorizationState(
        number=1042,
        version=7,
        status=Status.CLINICAL_REVIEW,
        status_since=NOW - timedelta(days=3),
        created_at=NOW - timedelta(days=6),
        ordered_at=NOW - timedelta(days=6),
        opened_by=CORA.user_id,
        clinician_id=IDA.user_id,
        owner_id=CORA.user_id,
        payer_id=2,
        line_of_business=LineOfBusiness.MEDICARE_ADVANTAGE,
        category=Category.SERVICE,
        urgency=Urgency.STANDARD,
        lines=(ServiceLine(1, "K0856", "NU", 1),),
        requested_from=date(2026, 12, 1),
        appointment_on=date(2026, 12, 3),
        denial=DENIAL,
        question=QUESTION,
    )
    state = replace(usual, **changed)
    return AuthorizationCard(
        state=state,
        patient=PATIENT,
        payer=PAYER,
        service=service,
        diagnoses=("G35",),
        note="",
        names={member.user_id: member.name for member in (CORA, IDA, OTTO, BEA)},
        clocks=tuple(replace(ACCEPTANCE, about=what, asked_of=who) for what, who in asked(state)) or (ACCEPTANCE,),
        windows=left_open(state, NOW),
        timeline=(entry,) if entry else (),
        older=0,
        steps=STEPS,
        correctable=None,
        now=NOW,
        contacts=Contacts(),
        appeal_level=WAYS[LineOfBusiness.MEDICARE_ADVANTAGE][0],
    )


def entry(kind: str, *, in_error: bool = False, **detail: Any) -> TimelineEntry:
    return TimelineEntry(NOW - timedelta(hours=1), IDA.name, kind, None, None, detail, "save-1", in_error)


NAMES = {member.user_id: member.name for member in (CORA, IDA, OTTO, BEA)} | {"U0MAX": "Max Tiller"}
_WITHDRAW = Withdraw(number=1042, reason="patient_declined", note="Called on Friday.")


def approval(**changed: Any) -> Approval:
    """Cora asks to withdraw it, and Dr. Voss is asked."""
    usual = Approval(
        id=5,
        number=1042,
        kind="withdraw",
        command=_WITHDRAW,
        detail={"reason": "The patient does not want it", "note": "Called on Friday."},
        why="The family moved away.",
        by=CORA.user_id,
        at=NOW,
        roles=frozenset({Role.CLINICIAN, Role.MANAGER}),
        state=ApprovalState.OPEN,
        asked_of=IDA.user_id,
        asked_at=NOW,
        due_at=NOW + timedelta(hours=4),
    )
    return replace(usual, **changed)


def asked_list(*items: AskedLine, **changed: Any) -> AskedList:
    return replace(AskedList(items, len(items), (), NAMES, is_newest=True, now=NOW), **changed)


def line(number: int = 1042, **changed: Any) -> QueueLine:
    usual = QueueLine(
        number=number,
        patient=PATIENT,
        payer=PAYER.payer,
        service="Power wheelchair",
        status=Status.CLINICAL_REVIEW,
        outcome=None,
        needed="Decide what to do about the denial",
        owner=CORA.name,
        owner_id=CORA.user_id,
        waits_for=IDA.name,
        clinician=IDA.name,
        expedited=False,
        submitted_at=None,
        expected_on=None,
        due_at=NOW - timedelta(hours=2),
        due_kind=Clock.ACCEPTANCE,
        patient_told_at=None,
    )
    return replace(usual, **changed)


def item(
    number: int = 1042, *, wants_decision: bool = True, clock: Clock = Clock.ACCEPTANCE, **changed: Any
) -> OverdueItem:
    due = NOW - timedelta(hours=2)
    request = line(number, **changed)
    return OverdueItem(request, clock, due, wants_decision, request.waits_for)


def held(of: OverdueItem, reason: str = "on_it") -> OverdueItem:
    """Somebody answered the alarm."""
    return replace(of, held_by="Bea Munro", held_for=reason, held_until=NOW + timedelta(hours=4))


def late(*items: OverdueItem) -> OverdueList:
    return OverdueList(date(2026, 11, 23), items, NOW)


def page(*found: QueueLine, total: int | None = None) -> QueuePage:
    count = len(found) if total is None else total
    return QueuePage("Nobody has these", found, count, 1, 1, "unassigned", NOW)


def figures(**changed: Any) -> Digest:
    usual = Digest(
        day=date(2026, 11, 23),
        breaches=(item(),),
        due_today=(item(1043, wants_decision=False, status=Status.PENDING),),
        waiting_for_clinician=(line(),),
        patients_to_tell=(line(1044, status=Status.APPROVED, needed="Tell the patient"),),
        expiring=(line(1045, status=Status.CLOSED, outcome=Outcome.APPROVED, expires_on=date(2026, 11, 30)),),
        counts={status: index for index, status in enumerate(Status) if status is not Status.CLOSED},
        unassigned=2,
        bottleneck=Bottleneck(Status.CLINICAL_REVIEW, 9, 1, "questions and denials wait for a clinician"),
        now=NOW,
    )
    return replace(usual, **changed)
