"""The invented practice: its people, payers, patients and services. Nobody in it exists."""

from dataclasses import dataclass

from pabot.domain.commands import Patient
from pabot.domain.model import Category, LineOfBusiness, Role

TEAM_ID = "T0DEMO"
CHANNEL = "C0AUTHS"


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str
    name: str
    title: str
    roles: frozenset[Role]
    npi: str = ""
    cover_id: str | None = None


def _person(user_id: str, name: str, title: str, *roles: Role, npi: str = "", cover: str | None = None) -> Person:
    return Person(user_id, name, title, frozenset(roles), npi, cover)


PEOPLE = (
    _person("U0MAYA", "Maya Invented", "Practice manager", Role.MANAGER),
    _person("U0CASEY", "Casey Madeup", "Coordinator", Role.COORDINATOR),
    _person("U0JORDAN", "Jordan Fictive", "Coordinator", Role.COORDINATOR, cover="U0CASEY"),
    _person("U0BLAKE", "Blake Pretend", "Biller", Role.BILLER),
    _person("U0ADA", "Dr. Ada Example", "Physiatrist", Role.CLINICIAN, npi="1234567893", cover="U0BEN"),
    _person("U0BEN", "Dr. Ben Sample", "Orthopedist", Role.CLINICIAN, npi="1993999998", cover="U0ADA"),
    _person("U0CLEO", "Dr. Cleo Placeholder", "Rheumatologist", Role.CLINICIAN, npi="1558598797", cover="U0ADA"),
)
MANAGER, CASEY, JORDAN, BILLER, ADA, BEN, CLEO = (person.user_id for person in PEOPLE)

PLANS = (
    ("Original Medicare (example)", "DME", LineOfBusiness.MEDICARE_FFS),
    ("Sunrise Example Health", "Advantage Plus", LineOfBusiness.MEDICARE_ADVANTAGE),
    ("Sunrise Example Health", "Employer PPO", LineOfBusiness.ERISA_SELF_FUNDED),
    ("Pinewood Sample Mutual", "Silver", LineOfBusiness.QHP),
)


@dataclass(frozen=True, slots=True)
class Service:
    label: str
    code: str
    category: Category
    modifiers: str = ""
    units: int = 1
    also: str = ""  # a second code, so that a payer can approve a part


SERVICES = (
    Service("Power wheelchair, group 3", "K0856", Category.SERVICE, "NU"),
    Service("Power wheelchair, group 2", "K0823", Category.SERVICE, "NU"),
    Service("Back brace, off the shelf", "L0650", Category.SERVICE),
    Service("Back brace, fitted", "L0637", Category.SERVICE),
    Service("Knee brace, off the shelf", "L1851", Category.SERVICE, "RT"),
    Service("Knee brace, fitted", "L1832", Category.SERVICE, "LT"),
    Service("Prosthetic knee and ankle", "L5856", Category.SERVICE, "K3", also="L5973"),
    Service("Pressure relief mattress", "E0277", Category.SERVICE, "RR"),
    Service("Powered air flotation bed", "E0193", Category.SERVICE, "RR"),
    Service("Compression pump, segmented", "E0651", Category.THERAPY, "NU"),
    Service("Compression pump, calibrated", "E0652", Category.THERAPY, "NU"),
    Service("Prosthetic ankle, powered", "L5973", Category.SERVICE, "K3"),
)

FIRST = ("Juno", "Kip", "Lark", "Milo", "Nell", "Otto", "Posy", "Quill", "Rue", "Sol")
LAST = ("Nobody", "Fabricant", "Mockford", "Notreal", "Phantomly", "Quasi", "Storyman", "Tryout")


def patient(number: int) -> Patient:
    """The invented patient behind the n-th request."""
    first, last = FIRST[number % len(FIRST)], LAST[(number * 3) % len(LAST)]
    return Patient(chart_number=f"DEMO-{5000 + number}", initials=f"{first[0]}.{last[0]}.")
