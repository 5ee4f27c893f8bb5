"""What happens to a request on its way: denials, questions, appeals, calls, and what the patient was told."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pabot.domain.statuses import Outcome
from pabot.domain.triggers import TRIGGERS

LETTER = "letter"  # the source of a date that the payer itself gave


class DenialClass(StrEnum):
    ADMINISTRATIVE = "administrative"
    CLINICAL = "clinical"
    BENEFIT = "benefit"


class Decision(StrEnum):
    """What a clinician (or, for an administrative denial, a biller) decides about a denial."""

    APPEAL = "appeal"
    P2P = "p2p"
    RESUBMIT = "resubmit"
    ACCEPT = "accept"


class ToldBy(StrEnum):
    """How the patient was told; never through Slack."""

    PHONE = "phone"
    PORTAL = "portal"
    LETTER = "letter"
    TEXT = "text"


class Update(StrEnum):
    """What a patient is told on the way; one waits at a time, and the newest replaces it."""

    SUBMITTED = "submitted"
    PENDING = "pending"
    ADDITIONAL_INFORMATION = "additional_information"
    DELAYED = "delayed"
    APPROVED = "approved"
    DENIED = "denied"


DECISIONS = frozenset({Update.APPROVED, Update.DENIED})  # the others are news, and hold nothing up


class Reached(StrEnum):
    """What came of telling a patient something."""

    TOLD = "told"
    LEFT_WORD = "left_word"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Denial:
    """One adverse decision; an upheld appeal makes another."""

    id: int | None
    level: int
    reason: str
    denial_class: DenialClass
    reason_text: str
    reference: str
    notice_on: date
    received_at: datetime
    appeal_by: date | None
    appeal_source: str
    p2p_by: date | None
    routed_to: str | None = None
    routed_at: datetime | None = None
    accepted_at: datetime | None = None
    decision: Decision | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""
    decision_words: str = ""
    lines: str = ""  # the line numbers denied, joined by a space; empty is all
    p2p_source: str = ""  # as `appeal_source`: LETTER, or where the rule is written that the date was computed by
    returned_at: datetime | None = None  # whoever had it gave it back undecided, the latest time
    returned_by: str | None = None
    return_reason: str = ""
    # For its appeal, as far as it is prepared.
    expedited: bool = False  # a clinician's word that waiting for the usual decision would endanger the patient
    packet: str = ""  # keys of `appeals.PACKET` that lie in it, joined by a space
    attachments: str = ""  # one a line
    consent_by: str = ""  # who signed the patient's written consent
    consent_on: date | None = None
    necessity: str = ""  # why the care is necessary, in a clinician's words
    necessity_where: str = ""  # or where the clinician's own text lies
    necessity_by: str | None = None
    necessity_at: datetime | None = None
    necessity_version: int = 0  # how often it was written; the record keeps each

    @property
    def undecided(self) -> "Denial":
        """The same, to be decided again; what was chosen stays in the record."""
        return replace(self, decision=None, decided_by=None, decided_at=None, decision_reason="", decision_words="")

    @property
    def is_argued(self) -> bool:
        """Whether a clinician has said why the care is necessary."""
        return bool(self.necessity or self.necessity_where)


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """The payer asked for more."""

    id: int | None
    received_at: datetime
    asked: str
    clinical: bool
    due_on: date
    answered_at: datetime | None = None
    answered_by: str | None = None
    due_source: str = ""  # LETTER, or where the rule is written that the date was computed by

    @property
    def as_question(self) -> str:
        """As a clinician is asked it."""
        return f"The payer asks: {self.asked}"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal that is with whoever decides it, or was. Upheld is `denied`; withdrawn or dismissed `withdrawn`."""

    id: int | None
    level: int
    expedited: bool
    filed_at: datetime
    filed_by: str
    reference: str
    decision_due_on: date
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    kind: str = ""  # what the level is called
    automatic: bool = False  # the plan sent it on by itself
    signed_by: str = ""
    without: str = ""  # why something required was not in the packet
    dismissed: bool = False  # the payer did not take it up

    @property
    def is_void(self) -> bool:
        """Taken back or not taken up: as if it had not been filed."""
        return self.outcome is Outcome.WITHDRAWN


@dataclass(frozen=True, slots=True)
class PeerToPeer:
    """A call with the payer's reviewer. Without `scheduled_for` it is asked for, and its time is open."""

    id: int | None
    scheduled_for: datetime | None
    phone: str
    clinician_id: str
    booked_by: str
    outcome: str | None = None  # a `commands_appeals.CallOutcome`
    outcome_at: datetime | None = None
    requested_at: datetime | None = None
    requested_with: str = ""
    reference: str = ""
    slots: str = ""  # the times that the payer offered, in ISO form, joined by a space
    note: str = ""
    dictated_by: str = ""  # the clinician, where somebody else wrote the outcome down


@dataclass(frozen=True, slots=True)
class Question:
    """A question that needs a licensed answer."""

    id: int | None
    asked_by: str
    asked_of: str
    text: str
    asked_at: datetime  # of whoever has it now
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""
    trigger: str = ""  # a key of `triggers.TRIGGERS`
    background: str = ""  # the facts that come with it
    accepted_at: datetime | None = None  # whoever was asked said that they have it; answering says so too
    returned_at: datetime | None = None  # given back unanswered
    returned_by: str | None = None
    return_reason: str = ""

    @property
    def over_at(self) -> datetime | None:
        """When it stopped to wait: answered, settled by the payer, or given back."""
        return self.answered_at or self.returned_at

    @property
    def is_urgent(self) -> bool:
        return self.trigger in TRIGGERS and TRIGGERS[self.trigger].urgent


@dataclass(frozen=True, slots=True)
class PatientUpdate:
    """The patient was told an outcome, or a manager waived it."""

    id: int | None
    outcome: Outcome
    told_at: datetime
    told_by: str
    how: str  # a ToldBy, or "waived"
    note: str = ""


@dataclass(frozen=True, slots=True)
class PatientNews:
    """The patient was told how it goes on: one of the four updates that are no decision."""

    id: int | None
    update: Update
    told_at: datetime
    told_by: str
    how: ToldBy
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tried to tell the patient and could not: the update waits, and is tried again on a day."""

    id: int | None
    update: Update
    tried_at: datetime
    tried_by: str
    how: ToldBy
    result: Reached
    next_on: date
    tries: int = 1  # of this update, this one included
    note: str = ""


class Caller(StrEnum):
    """Who called, as far as the practice could make sure."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    UNVERIFIED = "unverified"


class Asked(StrEnum):
    """What a patient called about."""

    STATUS = "status"
    QUESTION = "question"  # a clinical one
    WORRY = "worry"  # that cannot wait


@dataclass(frozen=True, slots=True)
class PatientCall:
    """A call of the patient. What only a clinician may answer waits for one until it is answered."""

    seq: int  # the request's version that it made; never another call's, though a correction removes this one
    at: datetime
    caller: Caller
    asked: Asked
    said: str  # in the patient's words
    read_out: bool  # whether the approved sentences were
    taken_by: str
    asked_of: str | None = None  # a clinician
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""  # for the coordinator to pass on; empty: the clinician called back

    @property
    def is_open(self) -> bool:
        return self.asked_of is not None and self.answered_at is None
