"""Frozen read models: what a screen or a message needs to know, with names in place of ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pabot.domain.answers import Kept, Reported
from pabot.domain.appeals import Level
from pabot.domain.approvals import Approval
from pabot.domain.deadlines import Clock, Deadline
from pabot.domain.expiry import Units
from pabot.domain.library import Contacts
from pabot.domain.model import AuthorizationState, Decision, Denial, LineOfBusiness, Member, Update
from pabot.domain.statuses import Outcome, Status
from pabot.domain.updates import Waiting
from pabot.domain.windows import Window


class Privacy(StrEnum):
    """What pabot shows: `minimum` is number, initials, service and payer; `full` adds identity in `/pa show`."""

    MINIMUM = "minimum"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the record knows of a patient. Only `views.patients.shown` may turn it into words."""

    initials: str
    chart_number: str = ""
    first_name: str = ""
    last_name: str = ""
    born_on: date | None = None
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """A payer and the plan, as the practice calls them."""

    payer_id: int
    plan_id: int
    payer: str
    plan: str
    line_of_business: LineOfBusiness


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event of a request. `save` groups the steps of one save; `in_error` ones are struck through."""

    at: datetime
    by: str  # a name, or "pabot"
    kind: str
    before: Status | None
    after: Status | None
    detail: Mapping[str, Any]
    save: str
    in_error: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """A contact with a payer as it was recorded, and what runs after it."""

    state: AuthorizationState
    payer: str
    entry: TimelineEntry | None  # None: much has happened since the same form was saved before
    clocks: tuple[Deadline, ...]
    names: Mapping[str, str]  # Slack id -> name
    now: datetime


@dataclass(frozen=True, slots=True, eq=False)
class AuthorizationCard:
    """Everything about one request that its card, its forms and its messages show, as of a minute.

    A card is itself and no other one: what was drawn of it is remembered by that.
    """

    state: AuthorizationState
    patient: PatientFacts
    payer: PayerFacts
    service: str
    diagnoses: tuple[str, ...]
    note: str
    names: Mapping[str, str]  # Slack id -> name, for everybody the request mentions
    clocks: tuple[Deadline, ...]
    timeline: tuple[TimelineEntry, ...]  # the newest ten, newest first
    older: int  # how many entries came before those
    steps: tuple[str, ...]  # kinds of the steps this viewer may take now
    correctable: str | None  # the save that this viewer may mark as recorded in error
    now: datetime
    contacts: Contacts  # the payer's, as the library has them now
    checklist: Kept | None = None  # the version that the request was opened with, or has taken since
    newer: Kept | None = None  # the version in force, when that is a later one
    reported: tuple[Reported, ...] = ()  # changes of the checklist that wait to be approved
    warnings: tuple[str, ...] = ()  # sentences for whoever works on it; they name a diagnosis only beside `diagnoses`
    renewal: int | None = None  # the request that renews its approval
    days_on_hold: int = 0  # business days, all holds together
    quiet_until: datetime | None = None  # news of it goes out then: quiet hours
    namesake: bool = False  # a denial is to be decided, and another patient of the clinician has the same initials
    appeal_level: Level | None = None  # to what the latest denial can be appealed; None: to nothing
    earlier: tuple[Denial, ...] = ()  # the denials before it, newest first
    letter: bool = False  # whether this viewer is offered the letter of its appeal
    sheet: bool = False  # whether this viewer is offered the submission sheet now
    asks: tuple[str, ...] = ()  # kinds of the steps that this viewer may ask an approval for
    approvals: tuple[Approval, ...] = ()  # steps that wait for one
    bare: "AuthorizationCard | None" = None  # of a card that says who the patient is: the same without
    closes: bool = False  # whether this viewer may close it, once nothing else stands against that
    asks_to_close: bool = False  # or may ask an approval of that
    windows: tuple[Window, ...] = ()  # that the payer's letters leave open, the soonest first
    waits: Waiting | None = None  # what the patient is to hear
    tellable: tuple[Update, ...] = ()  # what they could be told now, what waits first
    called_lately: int = 0  # how often the patient has called within five business days

    def name(self, user_id: str | None) -> str:
        return self.names.get(user_id, "nobody") if user_id else "nobody"

    def saved(self, save: str) -> TimelineEntry | None:
        """The newest entry of a save; None when it is older than those that a card carries."""
        return next((entry for entry in self.timeline if entry.save == save), None)

    @property
    def nameless(self) -> "AuthorizationCard":
        """The card without who the patient is."""
        return self.bare or self


SHOWN = 20  # requests that a list in a message names, the oldest; the rest is a number and a menu that searches


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request in a list."""

    number: int
    patient: PatientFacts
    payer: str
    service: str
    status: Status
    outcome: Outcome | None
    needed: str  # the next step, in words
    owner: str
    owner_id: str | None
    waits_for: str  # the owner, unless a clinician or biller must act first
    clinician: str
    expedited: bool
    submitted_at: datetime | None
    expected_on: date | None
    due_at: datetime | None  # the soonest running clock
    due_kind: Clock | None
    patient_told_at: datetime | None
    expires_on: date | None = None  # an approval's last day
    patient_words: str = ""  # the checklist's own, while the payer's answer is awaited
    some_denied: bool = False  # and the rest is not decided
    chosen: Decision | None = None  # about a denial that stands
    appointment_on: date | None = None
    legal_at: datetime | None = None  # the soonest running date that the payer's letters set, in lists sorted by it


@dataclass(frozen=True, slots=True)
class RunningOut:
    """An approval that ends soon, or of which few units are left."""

    line: QueueLine
    units: tuple[Units, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a list, oldest due first. `title` says what was asked for."""

    title: str
    lines: tuple[QueueLine, ...]
    total: int
    page: int
    pages: int
    query: str  # what to ask for again, to turn the page
    now: datetime
    to_sweep: int = 0  # of my work: how many requests are due with their payers


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """A clock that ran out."""

    line: QueueLine
    clock: Clock
    due_at: datetime
    wants_decision: bool  # of the reader; otherwise for their information
    waits_for: str  # a name: whoever this very clock waits for
    held_by: str = ""  # a name: whoever is on it, or snoozed it
    held_for: str = ""  # a key of `steps_alarms.REASONS`
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A step that waits for approval, or waited, and its request."""

    approval: Approval
    line: QueueLine


@dataclass(frozen=True, slots=True)
class AskedList:
    """What waits for one person's approval."""

    items: tuple[AskedLine, ...]
    total: int  # those included that are not here
    left: tuple[AskedLine, ...]  # what they were asked and need not answer any more
    names: Mapping[str, str]
    is_newest: bool  # else all of it stands in a newer message
    now: datetime


@dataclass(frozen=True, slots=True)
class OverdueList:
    """The items of one living message: a person's, or the team's of one day."""

    day: date
    items: tuple[OverdueItem, ...]
    now: datetime
    approvals: tuple[AskedLine, ...] = ()  # asked of everybody who may approve it, and of no avail


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Where work piles up, and what that points at (founding guide R16); without a status, what is open in all."""

    status: Status | None
    count: int
    late: int
    cause: str
    days: int = 0  # business days of history behind it
    usual: int | None = None  # their median for this status; None where they are too few to say


@dataclass(frozen=True, slots=True)
class Digest:
    """The morning's figures. No patient detail beyond `minimum`."""

    day: date
    breaches: tuple[OverdueItem, ...]
    due_today: tuple[OverdueItem, ...]
    waiting_for_clinician: tuple[QueueLine, ...]
    patients_to_tell: tuple[QueueLine, ...]
    expiring: tuple[QueueLine, ...]  # approvals whose notice is today's
    counts: Mapping[Status, int]
    unassigned: int
    bottleneck: Bottleneck
    now: datetime
    missed: bool = False  # it could not be posted in its time
    uncovered: tuple[tuple[QueueLine, tuple[str, ...]], ...] = ()  # expedited over closed days, and who has no cover
    called_again: tuple[QueueLine, ...] = ()  # the patient called more than once within five business days
    totals: Mapping[str, int] = field(default_factory=dict)  # requests, of the lists that name the oldest only
    approvals: tuple[AskedLine, ...] = ()  # steps that wait for one
    names: Mapping[str, str] = field(default_factory=dict)  # Slack id -> name
    closed_late: int = 0  # closed requests among the late ones: a patient called, or has not heard an answer


@dataclass(frozen=True, slots=True)
class OwnerShare:
    """What one person has in the morning."""

    owner: str  # a name; "nobody"
    away: bool
    open: int
    late: int  # requests
    due: int  # requests that fall due today besides
    items: tuple[OverdueItem, ...]  # of the oldest of both


@dataclass(frozen=True, slots=True)
class OwnersMorning:
    """The digest by owner: who has most that is late first."""

    day: date
    shares: tuple[OwnerShare, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """What happened in a calendar week of the practice, Monday to Sunday, as far as it is over."""

    monday: date
    opened: int
    sent: int  # to the payer, for the latest time
    decided: Mapping[Outcome, int]  # by the payer's latest decision
    closed: Mapping[Outcome, int]
    open_now: int
    late_now: int


@dataclass(frozen=True, slots=True)
class HomeBoard:
    """The first Home tab: my work, what waits for me, and for managers what is broken or unassigned."""

    member: Member
    waiting: QueuePage  # what I was asked to judge, or whoever I stand in for
    mine: QueuePage  # what else I own
    unassigned: QueuePage | None  # managers only
    undelivered: tuple[str, ...]  # managers only: messages that Slack refused for good, in words
    now: datetime
    to_sweep: int = 0  # how many of my requests are due with their payers
    approvals: tuple[AskedLine, ...] = ()  # what waits for my approval
    names: Mapping[str, str] = field(default_factory=dict)  # Slack id -> name
