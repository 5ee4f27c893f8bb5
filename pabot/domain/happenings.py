"""What happens to a request on its way: denials, questions, appeals, calls, and what the patient was told."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pabot.domain.statuses import Outcome

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


@dataclass(frozen=True, slots=True)
class Appeal:
    id: int | None
    level: int
    expedited: bool
    filed_at: datetime
    filed_by: str
    reference: str
    decision_due_on: date
    outcome: Outcome | None = None
    outcome_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PeerToPeer:
    id: int | None
    scheduled_for: datetime
    phone: str
    clinician_id: str
    booked_by: str
    outcome: str | None = None  # overturned, upheld, educational, missed, cancelled
    outcome_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question that needs a licensed answer."""

    id: int | None
    asked_by: str
    asked_of: str
    text: str
    asked_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PatientUpdate:
    """The patient was told an outcome, or a manager waived it."""

    id: int | None
    outcome: Outcome
    told_at: datetime
    told_by: str
    how: str  # a ToldBy, or "waived"
    note: str = ""
