"""What people ask for, as frozen values. One class a step; every field is what the guard of that step needs."""

from dataclasses import dataclass
from datetime import date, datetime

from pabot.domain.contacts import Found
from pabot.domain.model import Category, Channel, Decision, Reached, ServiceLine, ToldBy, Update
from pabot.domain.orders import Medication, Therapy
from pabot.domain.statuses import Status


@dataclass(frozen=True, slots=True)
class Patient:
    """Who it is for. Name, birth date and member id are asked for only under full privacy settings."""

    chart_number: str
    initials: str
    first_name: str = ""
    last_name: str = ""
    born_on: date | None = None
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenAuthorization:
    """A new request, as the order says."""

    patient: Patient
    plan_id: int
    category: Category
    service: str
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...]
    clinician_id: str
    ordered_on: date
    expedited: bool = False
    requested_from: date | None = None
    requested_to: date | None = None
    appointment_on: date | None = None
    note: str = ""
    medication: Medication | None = None
    therapy: Therapy | None = None
    despite_duplicate: bool = False
    renews: int | None = None  # the request whose approval this one continues


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A step on one request. `version` is given by forms that overwrite fields; None skips the comparison."""

    number: int
    version: int | None = None
    as_is: bool = False  # its words seem to judge, and whoever wrote them keeps them


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Command):
    """Take a new request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Command):
    """Give the request to another person, with a note."""

    owner_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequirement(Command):
    """What the payer requires: documents still missing, or no authorization at all, with proof."""

    required: bool
    missing: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCodes(Command):
    """Other codes or diagnoses, before the payer has them. Who is no clinician names the one who directs it."""

    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...] | None = None  # None: as they are
    medication: Medication | None = None  # the same
    therapy: Therapy | None = None  # the same
    director: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDocuments(Command):
    """Where the packet stands: items by their number. `missing` is what no item names; empty and all in: ready.

    An item that is neither received nor not applicable is missing, or asked for as it was.
    """

    missing: str = ""
    received: frozenset[int] = frozenset()
    not_applicable: frozenset[int] = frozenset()
    location: str = ""  # of those newly received
    dates: tuple[tuple[int, date], ...] = ()  # when an item was written
    rendering_provider: str | None = None  # None: not asked
    facility: str | None = None
    place_of_service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDocuments(Command):
    """Ask one person for items; without a person, the patient or the facility was asked outside Slack."""

    items: frozenset[int]
    of: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideDocuments(Command):
    """What was asked for is there; the file stays where it is."""

    items: frozenset[int]
    location: str
    dated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotProvide(Command):
    """What was asked for cannot be had from this person."""

    items: frozenset[int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutDocuments(Command):
    """Whoever was asked has a question first."""

    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoWithout(Command):
    """Go ahead without required administrative items."""

    items: frozenset[int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoWithoutClinical(Command):
    """Go ahead without required clinical documents: a clinician's word."""

    items: frozenset[int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkReady(Command):
    """All required items are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeVersion(Command):
    """Follow the checklist's newer version from now on."""

    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordApproval(Command):
    """The payer approved, in whole or some lines. `approved` maps line number to units; None is all as asked.

    `rest`: of all as asked, only the lines that a denial had left open.
    """

    decided_at: datetime
    approved: tuple[tuple[int, int], ...] | None = None
    rest: bool = False
    authorization_number: str = ""
    no_number_reason: str = ""
    effective_on: date | None = None
    expires_on: date | None = None
    dates_not_stated: bool = False
    cut_reason: str = "other"  # why not all of it: a key of requirements.DENIAL_REASONS
    cut_reason_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Command):
    """It went to the payer; perhaps with a tracking number, perhaps approved at once."""

    channel: Channel
    submitted_at: datetime
    tracking_number: str = ""
    expected_on: date | None = None
    approval: RecordApproval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Command):
    """The payer has it: a tracking number, or words of proof."""

    tracking_number: str = ""
    proof: str = ""
    expected_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnUnprocessed(Command):
    """It came back unread: fax failed, wrong vendor, rejected by the portal."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgain(Command):
    """The payer lost it and it was sent again."""

    channel: Channel
    submitted_at: datetime
    reason: str
    tracking_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact(Command):
    """A call, portal check, fax or letter; doing it stops the follow-up clock and sets the next check."""

    channel: Channel
    result: str = ""  # may be empty where `found` says it
    found: Found = Found.OTHER
    spoke_with: str = ""
    reference: str = ""
    told_next: str = ""  # what the payer told us to do next
    minutes: int | None = None  # of staff time; None: the practice's usual for the channel
    next_check_on: date | None = None
    expected_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInformationRequest(Command):
    """The payer wants more. Clinical content goes to the clinician in the same save."""

    asked: str
    clinical: bool
    received_at: datetime
    due_on: date | None = None
    on_checklist: bool | None = None  # whether our checklist had asked for it; None: nobody said


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInformation(Command):
    """What was sent in answer."""

    answer: str
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDenial(Command):
    """The payer's denial, typed in from its letter. `lines`: the numbers of those it names; empty: what was open."""

    reason: str  # a key of requirements.DENIAL_REASONS
    notice_on: date
    received_at: datetime
    reason_text: str = ""
    reference: str = ""
    appeal_by: date | None = None
    p2p_by: date | None = None
    lines: tuple[int, ...] = ()
    on_checklist: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Command):
    """Give a denial or a question to another clinician or biller."""

    to: str
    note: str = ""
    what: str = ""  # a `review.Matter`; empty: what waits first


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDenial(Command):
    """A licensed decision about one denial; works while that denial is undecided, whatever else changed."""

    denial_id: int
    decision: Decision
    reason: str = ""
    words: str = ""
    chart_number: str = ""  # that somebody looked at before deciding
    expedited: bool = False  # of an appeal: waiting for the usual decision would endanger the patient
    necessity: str = ""  # of an appeal: the letter's reasons, where a clinician writes them in the same breath


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDecision(Command):
    """What was decided about the denial is decided anew, as long as nobody has carried it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForMore(Command):
    """The clinician needs something before deciding."""

    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClinician(Command):
    """A question that needs a licensed answer."""

    question: str
    to: str | None = None
    trigger: str = ""  # a key of `triggers.TRIGGERS`
    background: str = ""  # the facts
    payers_question: bool = False  # what the payer asked for turns out to be clinical


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Command):
    question_id: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPatient(Command):
    """The patient was told, or could not be."""

    how: ToldBy
    told_at: datetime
    update: Update | None = None  # None: the one that waits
    told_by_id: str = ""  # empty: whoever records it
    result: Reached = Reached.TOLD
    next_on: date | None = None  # when it is tried again; None: the next business day
    note: str = ""
    and_close: bool = False
    closure_steps: frozenset[str] = frozenset()  # of the checklist, as it words them: those that are done


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveUpdate(Command):
    reason: str
    note: str = ""  # why a closure step stays undone
    and_close: bool = False
    closure_steps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    reason: str  # a key of requirements.WITHDRAWAL_REASONS
    note: str = ""
    payer_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    note: str = ""
    closure_steps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    reason: str
    to: Status = Status.REQ_CHECK


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestUrgency(Command):
    """A clinician says whether the request is expedited."""

    expedited: bool
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectEntry(Command):
    """The latest save was recorded in error."""

    save: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """I am on it, or it waits for something: the managers hear of what is late no sooner. Nothing is cleared by it."""

    reason: str  # a key of `steps_alarms.REASONS`
    until_on: date | None = None  # until the office opens that day; None: as long as the reason usually holds
