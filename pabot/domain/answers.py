"""What the payer library answers, as read models: one service of one payer, as it stands on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pabot.domain.library import Checklist, Contacts
from pabot.domain.matching import Match
from pabot.domain.model import LineOfBusiness
from pabot.domain.payer_rules import PayerRules

STALE = timedelta(days=180)  # since somebody last looked (our judgement)
LATELY = timedelta(days=30)  # what payers asked beyond a checklist is counted for so long
OFTEN = 3  # and is a reason to look at it from then on


@dataclass(frozen=True, slots=True)
class Kept:
    """The checklist that holds, which version it is, and by which of its entries it holds."""

    checklist_id: int
    version_id: int
    body: Checklist
    n: int
    since: datetime  # when this version came into force
    approved_by: str  # a name
    matched_by: str
    why: str = ""  # what was said when the version was proposed

    def is_stale(self, on: date) -> bool:
        """Whether nobody has looked at the source for half a year."""
        looked = self.body.verified_on
        return looked is None or on - looked > STALE


@dataclass(frozen=True, slots=True)
class Reported:
    """A change that somebody reported and nobody has approved yet."""

    proposal_id: int
    at: datetime
    by: str  # a name
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One code of one payer, for the plans that it is the same for."""

    payer_id: int
    payer: str
    plans: tuple[str, ...]
    line_of_business: LineOfBusiness | None
    code: str
    on: date
    kept: Kept | None  # None: no rule recorded
    lapsed: Match | None  # an entry for this code that is not in force on that day
    rules: PayerRules
    contacts: Contacts
    plan_id: int | None = None  # where it is about one plan
    also: tuple[str, ...] = ()  # services of less specific checklists that fit as well
    reported: tuple[Reported, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerLine:
    """A payer in the list: how much the library knows of it, and what wants looking at."""

    payer_id: int
    name: str
    plans: int
    checklists: int
    reported: int  # changes that wait to be approved


@dataclass(frozen=True, slots=True)
class PayersPage:
    lines: tuple[PayerLine, ...]
    page: int
    pages: int
    waiting: tuple[tuple[int, str], ...]  # proposals that wait to be approved: id, and about what


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A checklist in its payer's list."""

    checklist_id: int
    service: str
    scope: str  # a plan, a line of business, or empty
    covers: str  # its codes or category, in short
    stale: bool
    reported: int
    asked: int  # information requests and documentation denials of the last 30 days


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A checklist that wants looking at, and what speaks for it."""

    checklist_id: int
    payer: str
    service: str
    verified_on: date | None
    stale: bool
    asked: int  # information requests and documentation denials of the last 30 days
    reported: tuple[Reported, ...]
    followed: int  # open requests

    @property
    def is_due(self) -> bool:
        return self.stale or bool(self.reported) or self.asked >= OFTEN

    @property
    def rank(self) -> tuple[int, int, date, str]:
        """What payers ask beyond first, then what was reported, then what nobody looked at for longest."""
        asked = self.asked if self.asked >= OFTEN else 0
        return -asked, -len(self.reported), self.verified_on or date.min, f"{self.payer}: {self.service}"


@dataclass(frozen=True, slots=True)
class Review:
    """The week's checklists to look at, the most pressing first."""

    day: date
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True, slots=True)
class PayerPage:
    """One payer: its directory entry, its plans and rules, its checklists."""

    payer_id: int
    name: str
    contacts: Contacts
    plans: tuple[str, ...]
    rules: PayerRules
    checklists: tuple[ChecklistLine, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    n: int
    since: datetime
    why: str
    proposed_by: str  # names
    approved_by: str
    cosigned_by: str
    changes: tuple[str, ...]  # against the version before


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    """One checklist: the version in force, what was reported, and its history, newest first."""

    payer_id: int
    answer: Answer
    history: tuple[VersionLine, ...]
    open_requests: int
