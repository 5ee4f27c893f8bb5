"""Answers of the payer library to draw: needed, not needed, taken off, unknown; all of it invented."""

from dataclasses import replace
from datetime import UTC, date, datetime

from message_samples import CORA, IDA

from pabot.domain.answers import (
    Answer,
    ChecklistLine,
    ChecklistPage,
    Kept,
    PayerLine,
    PayerPage,
    PayersPage,
    Reported,
    Review,
    ReviewLine,
    VersionLine,
)
from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.library import Checklist, Codes, Contacts, Fact, Requirement
from pabot.domain.matching import Match
from pabot.domain.model import Channel, LineOfBusiness, Member, Role
from pabot.domain.payer_rules import DEFAULTS, Layer, Rule, RuleKind, Window
from pabot.domain.proposals import Proposal, ProposalState
from pabot.domain.rules import Directory

TODAY = date(2026, 11, 23)
APPROVED = datetime(2026, 11, 4, 15, tzinfo=UTC)
MA = LineOfBusiness.MEDICARE_ADVANTAGE
CODES = (Codes("K0856", "K0856", since=date(2026, 1, 1), note="Bases only; accessories with *E codes*"),)
CHAIRS = Checklist(
    "Power wheelchair, group 3",
    CODES,
    channel=Channel.PORTAL,
    form="PMD request <v4>",
    items=(
        Item("Signed order", ItemKind.FORM, supplier=Supplier.CLINICIAN, max_age_days=180),
        Item(
            "Visit note about getting around at home", ItemKind.CLINICAL, supplier=Supplier.CLINICIAN, max_age_days=45
        ),
        Item("Home assessment", ItemKind.OTHER, required=False, supplier=Supplier.FACILITY),
    ),
    asks=(Fact.FACILITY, Fact.PLACE_OF_SERVICE),
    portal_notes="Choose “DME”, then “Mobility”.",
    phone_notes="Ask for the DME desk; have the member ID ready.",
    source="Provider manual, chapter 7",
    url="https://harbor.example/manual",
    verified_on=date(2026, 11, 4),
    verified_by="Max Tiller",
)
CONTACTS = Contacts(
    vendor="Quayside Reviews",
    portal="https://portal.harbor.example",
    phone="555-0142",
    phone_path="2, then 4",
    fax="555-0143",
    hours="Mon–Fri 8–18 Eastern",
)
RULES = DEFAULTS[MA] | {
    RuleKind.STANDARD: Rule(Window(5, "bd"), "manual", date(2026, 11, 4), Layer.PAYER),
    RuleKind.CHECK_EVERY: Rule(Window(2, "bd"), "", None, Layer.CHECKLIST),
}


def kept(body: Checklist = CHAIRS) -> Kept:
    return Kept(3, 7, body, 3, APPROVED, "Max Tiller", "K0856", "They wrote a new manual")


def answer(found: Kept | None, **changed: object) -> Answer:
    values: dict[str, object] = {
        "payer_id": 2,
        "payer": "Harbor Health (example)",
        "plans": ("Gold", "Silver"),
        "line_of_business": MA,
        "code": "K0856",
        "on": TODAY,
        "kept": found,
        "lapsed": None,
        "rules": RULES,
        "contacts": CONTACTS,
    }
    return Answer(**{**values, **changed})  # type: ignore[arg-type]


NEEDED = answer(
    kept(), also=("Power mobility",), reported=(Reported(5, APPROVED, "Cora Lindqvist", "They now want a *video*"),)
)
NOT_NEEDED = answer(
    kept(
        Checklist(
            "Canes",
            (Codes("E0100", "E0105"),),
            authorization=Requirement.NOT_REQUIRED,
            source="Call with Pat, reference 4711",
            verified_on=date(2026, 3, 2),
            verified_by="Cora Lindqvist",
            is_example=True,
        )
    ),
    code="E0100",
)
TAKEN_OFF = answer(
    None,
    code="E0747",
    lapsed=Match(4, 9, "Stimulators", Codes("E0747", "E0747", until=date(2024, 8, 28), note="suspended")),
)
UNKNOWN = answer(None, code="L5856", contacts=Contacts(), also=("Any imaging (category imaging)",))

MAX = Member("U0MAX", "Max Tiller", frozenset({Role.MANAGER}))
STAFF = Directory({member.user_id: member for member in (CORA, IDA, MAX)})
PAYERS = PayersPage(
    (PayerLine(2, "Harbor Health (example)", 2, 14, 1), PayerLine(3, "Tidewater <Mutual>", 1, 0, 0)),
    2,
    3,
    ((5, "Harbor Health (example): Power wheelchair, group 3"),),
)
NO_PAYERS = PayersPage((), 1, 1, ())
PAYER = PayerPage(
    2,
    "Harbor Health (example)",
    CONTACTS,
    ("Gold (Medicare Advantage)", "Silver (Medicare Advantage)"),
    {RuleKind.STANDARD: RULES[RuleKind.STANDARD]},
    (
        ChecklistLine(3, "Power wheelchair, group 3", "Gold", "K0856, K0857-K0860", stale=False, reported=1, asked=4),
        ChecklistLine(4, "Canes", "", "E0100-E0105", stale=True, reported=0, asked=0),
    ),
)
HISTORY = (
    VersionLine(
        3, APPROVED, "They wrote a *new* manual", "Cora Lindqvist", "Max Tiller", "Dr. Ida Voss", ("Item: + Video",)
    ),
    VersionLine(1, APPROVED, "imported from harbor.yaml", "pabot", "pabot", "", ()),
)
CHECKLIST = ChecklistPage(2, NEEDED, HISTORY, 6)
PROPOSAL = Proposal(
    id=5,
    checklist_id=3,
    payer_id=2,
    payer="Harbor Health (example)",
    plan_id=None,
    plan="",
    line_of_business=MA,
    base_n=3,
    current_n=3,
    current=CHAIRS,
    body=replace(CHAIRS, items=(*CHAIRS.items, Item("Video of the patient walking", ItemKind.CLINICAL))),
    why="Pat at Harbor said so, ref 4711; <!channel> they want it *now*",
    by=CORA.user_id,
    at=APPROVED,
    authorization=1042,
    state=ProposalState.OPEN,
    decided_by=None,
    decided_at=None,
    decided_why="",
    cosigned_by=None,
)
REFUSED = replace(
    PROPOSAL, state=ProposalState.REFUSED, decided_by=MAX.user_id, decided_at=APPROVED, decided_why="They took it back."
)

REVIEW = Review(
    TODAY,
    (
        ReviewLine(
            3,
            "Harbor Health (example)",
            "Power wheelchair, group 3",
            date(2026, 11, 4),
            stale=False,
            asked=4,
            reported=(Reported(5, APPROVED, "Cora Lindqvist", "They now want a *video*"),) * 5,
            followed=6,
        ),
        ReviewLine(4, "Tidewater (example)", "Sleep study", None, stale=True, asked=1, reported=(), followed=1),
        ReviewLine(5, "Tidewater (example)", "MRI", date(2026, 2, 1), stale=True, asked=0, reported=(), followed=0),
    ),
)
LONG_REVIEW = Review(TODAY, tuple(replace(each, checklist_id=at) for at, each in enumerate(REVIEW.lines * 10)))
NO_REVIEW = Review(TODAY, ())
