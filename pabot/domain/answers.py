"""What the payer library answers, as read models: one service of one payer, as it stands on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pabot.domain.library import Checklist, Contacts
from pabot.domain.matching import Match
from pabot.domain.model import LineOfBusiness
from pabot.domain.payer_rules import PayerRules

STALE = timedelta(days=180)  # since somebody last looked (our judgement)


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
    also: tuple[str, ...] = ()  # services of less specific checklists that fit as well
    reported: tuple[Reported, ...] = ()
