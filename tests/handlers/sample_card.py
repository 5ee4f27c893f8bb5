"""One invented request in the middle of its life, for drawing forms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pabot.domain.answers import Kept, PayerPage
from pabot.domain.appeals import WAYS
from pabot.domain.approvals import Approval, ApprovalState
from pabot.domain.cards import AskedLine, AuthorizationCard, PatientFacts, PayerFacts, QueueLine, TimelineEntry
from pabot.domain.commands import Withdraw
from pabot.domain.documents import Document, DocumentState, Item, ItemKind, Supplier
from pabot.domain.library import Checklist, Codes, Contacts, Fact
from pabot.domain.model import (
    Attempt,
    AuthorizationState,
    Category,
    Channel,
    Denial,
    DenialClass,
    LineOfBusiness,
    Member,
    Question,
    Reached,
    Role,
    ServiceLine,
    ToldBy,
    Update,
    Urgency,
)
from pabot.domain.payer_rules import Layer, Rule, RuleKind, Window
from pabot.domain.rules import Directory
from pabot.domain.statuses import Outcome, Status
from pabot.domain.updates import Waiting
from tests.sample_windows import left_open

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")

COORDINATOR = Member("U0CORA", "Cora Lindqvist", frozenset({Role.COORDINATOR}))
CLINICIAN = Member("U0DOC", "Dr. Ida Voss", frozenset({Role.CLINICIAN}), npi="1234567893")
MANAGER = Member("U0MAX", "Max Tiller", frozenset({Role.MANAGER}), cover_id="U0CORA", away=True)
STAFF = Directory({member.user_id: member for member in (COORDINATOR, CLINICIAN, MANAGER)})

DENIAL = Denial(
    id=5,
    level=1,
    reason="not_medically_necessary",
    denial_class=DenialClass.CLINICAL,
    reason_text="",
    reference="D-77",
    notice_on=date(2026, 11, 20),
    received_at=NOW - timedelta(days=2),
    appeal_by=date(2027, 1, 24),
    appeal_source="letter",
    p2p_by=None,
)
ASKED = AskedLine(
    Approval(
        id=5,
        number=1042,
        kind="withdraw",
        command=Withdraw(number=1042, reason="patient_declined"),
        detail={"reason": "The patient does not want it"},
        why="The *family* moved away.",
        by=COORDINATOR.user_id,
        at=NOW,
        roles=frozenset({Role.CLINICIAN, Role.MANAGER}),
        state=ApprovalState.OPEN,
        asked_of=CLINICIAN.user_id,
        asked_at=NOW,
        due_at=NOW + timedelta(hours=4),
    ),
    QueueLine(
        number=1042,
        patient=PatientFacts("J.D."),
        payer="Northwind Health",
        service="Power wheelchair",
        status=Status.PENDING,
        outcome=None,
        needed="Follow up with the payer",
        owner=COORDINATOR.name,
        owner_id=COORDINATOR.user_id,
        waits_for=COORDINATOR.name,
        clinician=CLINICIAN.name,
        expedited=False,
        submitted_at=NOW,
        expected_on=None,
        due_at=None,
        due_kind=None,
        patient_told_at=None,
    ),
)
QUESTION = Question(8, COORDINATOR.user_id, CLINICIAN.user_id, "Is <!channel> *home use* documented?", NOW)


PACKET = (
    Document(1, "Signed order", ItemKind.FORM, True, Supplier.CLINICIAN, 180),
    Document(
        2,
        "Visit note of the last 6 months",
        ItemKind.CLINICAL,
        True,
        Supplier.CLINICIAN,
        180,
        state=DocumentState.REQUESTED,
        asked_of=CLINICIAN.user_id,
        asked_at=NOW - timedelta(hours=3),
    ),
    Document(3, "Photo of the doorway", ItemKind.OTHER, False, Supplier.PATIENT),
    *(Document(seq, f"Insurance form {seq}", ItemKind.FORM, True, Supplier.COORDINATOR) for seq in range(4, 13)),
)


CHAIRS = Checklist(
    "Power wheelchairs",
    channel=Channel.FAX,
    form="PMD request <v4>",
    closure_steps=("Send the number to the vendor", *(f"Step {place}" for place in range(2, 12))),
    valid_days=90,
)


def with_checklist(made: AuthorizationCard, body: Checklist = CHAIRS) -> AuthorizationCard:
    return replace(made, checklist=Kept(3, 7, body, 2, NOW, "Max Tiller", "K0856"))


def state(**changed: Any) -> AuthorizationState:
    usual = AuthorizationState(
        number=1042,
        version=7,
        status=Status.PENDING,
        status_since=NOW - timedelta(days=3),
        created_at=NOW - timedelta(days=6),
        ordered_at=NOW - timedelta(days=6),
        opened_by=COORDINATOR.user_id,
        clinician_id=CLINICIAN.user_id,
        owner_id=COORDINATOR.user_id,
        payer_id=2,
        line_of_business=LineOfBusiness.MEDICARE_ADVANTAGE,
        category=Category.SERVICE,
        urgency=Urgency.STANDARD,
        lines=(ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2361", "", 2)),
        documents_missing="Face-to-face note",
        documents=PACKET,
        asks="rendering_provider facility place_of_service",
        facility="Mill Street Clinic",
        denial=DENIAL,
        question=QUESTION,
    )
    return replace(usual, **changed)


def card(**changed: Any) -> AuthorizationCard:
    entry = TimelineEntry(NOW - timedelta(hours=2), "Cora Lindqvist", "log_contact", None, None, {}, "save-1")
    drawn = state(**changed)
    return AuthorizationCard(
        state=drawn,
        patient=PatientFacts("J.D.", "C-88", "Juno", "Dammers", date(1961, 4, 2), "M-123"),
        payer=PayerFacts(2, 3, "Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE),
        service="Power wheelchair",
        diagnoses=("G35",),
        note="",
        names={member.user_id: member.name for member in STAFF.members.values()},
        clocks=(),
        windows=left_open(drawn, NOW),
        timeline=(entry,),
        older=0,
        steps=(),
        correctable="save-1",
        closes=True,
        now=NOW,
        contacts=Contacts(),
        appeal_level=WAYS[LineOfBusiness.MEDICARE_ADVANTAGE][0],
        tellable=(Update.PENDING, Update.SUBMITTED),
    )


def approved_untold() -> AuthorizationCard:
    """Approved, and the patient could not be reached twice."""
    who, again = COORDINATOR.user_id, date(2026, 11, 24)
    tried = Attempt(1, Update.APPROVED, NOW, who, ToldBy.PHONE, Reached.NOT_REACHED, again, 2)
    made = card(status=Status.APPROVED, denial=None, outcome=Outcome.APPROVED, attempt=tried)
    waits = Waiting(Update.APPROVED, NOW, NOW, "bd", "", tries=2)
    return replace(made, waits=waits, tellable=(Update.APPROVED,))


CHECKLIST = Checklist(
    "Power wheelchair, group 3",
    (Codes("K0856", "K0856", date(2026, 1, 1)), Codes("K0857", "K0860", note="bases only")),
    items=(Item("Signed order", ItemKind.FORM, True, Supplier.CLINICIAN, 180), Item("Photo", ItemKind.OTHER, False)),
    asks=(Fact.FACILITY,),
    channel=Channel.PORTAL,
    rules=((RuleKind.CHECK_EVERY, Rule(Window(2, "bd"), layer=Layer.CHECKLIST)),),
    closure_steps=("Tell the supplier",),
    source="Provider manual",
)
KEPT = Kept(3, 7, CHECKLIST, 3, NOW - timedelta(days=20), "Max Tiller", "K0856", "A new manual")
PAYER = PayerPage(
    2,
    "Northwind Health",
    Contacts(portal="https://portal.example", phone="555-0142"),
    ("Gold (Medicare Advantage)",),
    {RuleKind.STANDARD: Rule(Window(5, "bd"), "manual", date(2026, 11, 4), Layer.PAYER)},
    (),
)
