"""Answers of the payer library to draw: needed, not needed, taken off, unknown; all of it invented."""

from datetime import UTC, date, datetime

from pabot.domain.answers import Answer, Kept, Reported
from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.library import Checklist, Codes, Contacts, Fact, Requirement
from pabot.domain.matching import Match
from pabot.domain.model import Channel, LineOfBusiness
from pabot.domain.payer_rules import DEFAULTS, Layer, Rule, RuleKind, Window

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
    return Kept(3, 7, body, 3, APPROVED, "Max Tiller", "K0856")


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
