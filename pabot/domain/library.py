"""The payer library: what each payer wants for each service, as frozen values (founding guides R1, R8).

A checklist belongs to a payer, perhaps to one plan or one line of business, and names its services by codes, ranges of
codes, or a category. Its versions never change; a request keeps the one it was opened with.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pabot.domain.documents import Item
from pabot.domain.errors import Invalid
from pabot.domain.model import Category, Channel, LineOfBusiness
from pabot.domain.payer_rules import PayerRules, Rule, RuleKind

_CODE = re.compile(r"([A-Z]?)([0-9]{4,5})([A-Z]?)")


class Requirement(StrEnum):
    """Whether the payer wants to be asked."""

    REQUIRED = "required"
    NOT_REQUIRED = "not required"


class Fact(StrEnum):
    """Facts of a request that only some checklists ask for: fields of its state, in words."""

    RENDERING = "rendering provider"
    FACILITY = "facility"
    PLACE_OF_SERVICE = "place of service"

    @property
    def field(self) -> str:
        return self.value.replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Codes:
    """One code, or a range; in force from `since` (unknown: always) until the day before `until`."""

    low: str
    high: str
    since: date | None = None
    until: date | None = None
    note: str = ""

    @property
    def width(self) -> int:
        """How many codes lie in it, as their numbers say."""
        return _parts(self.high)[1] - _parts(self.low)[1] + 1

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def __str__(self) -> str:
        return self.low if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version's content: the twelve fields of R8, with where they are written and when somebody last looked.

    Payer and plan type are the key it is kept under. Days are calendar days unless said otherwise.
    """

    service: str  # in the practice's words
    codes: tuple[Codes, ...] = ()
    category: Category | None = None  # instead of codes
    authorization: Requirement = Requirement.REQUIRED
    since: date | None = None
    channel: Channel | None = None
    form: str = ""  # what the payer calls it
    items: tuple[Item, ...] = ()  # forms, clinical documents, demographics
    asks: tuple[Fact, ...] = ()
    rules: tuple[tuple[RuleKind, Rule], ...] = ()  # its own windows and cadence: RuleKind to rule
    portal_notes: str = ""
    phone_notes: str = ""
    escalate_after_days: int | None = None  # business days after sending without an answer
    patient_words: str = ""  # what the patient may be told while the payer decides
    closure_steps: tuple[str, ...] = ()
    valid_days: int | None = None  # how long an approval usually holds
    source: str = ""
    url: str = ""
    verified_on: date | None = None
    verified_by: str = ""
    is_example: bool = False
    note: str = ""

    def usually_ends(self, start: date) -> date | None:
        """The last day that an approval from `start` on usually covers, its first day counted; None: not known."""
        return start + timedelta(days=self.valid_days - 1) if self.valid_days else None


@dataclass(frozen=True, slots=True)
class Contacts:
    """The payer's directory entry."""

    vendor: str = ""  # who decides for the payer
    portal: str = ""
    phone: str = ""
    phone_path: str = ""  # the menu's prompts
    fax: str = ""
    hours: str = ""
    notes: str = ""
    new_in_call: str = ""  # `yes` or `no`: whether a peer-to-peer call may bring up what was not sent; empty: unknown


@dataclass(frozen=True, slots=True)
class PlanEntry:
    name: str
    line_of_business: LineOfBusiness
    rules: tuple[tuple[RuleKind, Rule], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptChecklist:
    """A checklist under its key: for one plan, one line of business, or (neither) all of the payer's."""

    body: Checklist
    plan: str = ""
    line_of_business: LineOfBusiness | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it apart within its payer."""
        return (self.body.service.casefold(), self.plan.casefold(), self.line_of_business or "")


@dataclass(frozen=True, slots=True)
class PayerEntry:
    """Everything that the library knows of a payer."""

    name: str
    contacts: Contacts = Contacts()
    rules: tuple[tuple[RuleKind, Rule], ...] = ()
    plans: tuple[PlanEntry, ...] = ()
    checklists: tuple[KeptChecklist, ...] = ()


def rules_of(pairs: Iterable[tuple[RuleKind, Rule]]) -> PayerRules:
    """Stored pairs as the mapping that `payer_rules.resolved` takes."""
    return dict(pairs)


def parse_codes(text: str) -> Codes:
    """`K0856`, or `K0856-K0860`; lower case and spaces around are forgiven. Raises Invalid."""
    low, dash, high = (part.strip().upper() for part in text.partition("-"))
    ends = (low, high) if dash else (low, low)
    try:
        (one, first, end), (other, last, ending) = map(_parts, ends)
    except ValueError:
        raise Invalid({"codes": f"“{text.strip()[:20]}” is no code or range of codes, such as K0856-K0860."}) from None
    if (one, end, len(ends[0])) != (other, ending, len(ends[1])) or not first <= last:
        raise Invalid({"codes": f"“{text.strip()[:20]}”: a range runs upwards between codes of one kind."})
    return Codes(*ends)


def is_code(text: str) -> bool:
    """Whether a word is written like a code: a letter, digits, perhaps a letter."""
    return bool(_CODE.fullmatch(text.strip().upper())) and 4 <= len(text.strip()) <= 5


def _parts(code: str) -> tuple[str, int, str]:
    found = _CODE.fullmatch(code)
    if found is None or not 4 <= len(code) <= 5:
        raise ValueError(code)
    return found[1], int(found[2]), found[3]
