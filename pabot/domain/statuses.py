"""The twelve statuses: what has happened, what is needed next, who owns the request (founding guide R7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    NEW = "new"
    REQ_CHECK = "req_check"
    DOCS_NEEDED = "docs_needed"
    READY = "ready"
    SUBMITTED = "submitted"
    PENDING = "pending"
    ADDL_INFO = "addl_info"
    APPROVED = "approved"
    DENIED = "denied"
    CLINICAL_REVIEW = "clinical_review"
    PATIENT_NOTIFIED = "patient_notified"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a request ended, or what the payer last decided. Apart from the status on purpose."""

    APPROVED = "approved"
    PARTIAL = "partial"
    DENIED = "denied"
    NOT_REQUIRED = "not_required"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class PendingKind(StrEnum):
    """What the payer is asked to answer while a request is pending."""

    INITIAL = "initial"
    APPEAL = "appeal"
    P2P = "p2p"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A status in the words of the practice."""

    label: str
    happened: str
    needed: str
    mark: str  # an emoji that a queue can be skimmed by


MEANINGS: Mapping[Status, Meaning] = {
    Status.NEW: Meaning("New request", "The order is in.", "Check whether the payer wants authorization", "🆕"),
    Status.REQ_CHECK: Meaning(
        "Requirement check needed",
        "Somebody has taken the request.",
        "Check whether the payer wants authorization",
        "🔎",
    ),
    Status.DOCS_NEEDED: Meaning(
        "Documentation needed", "We know what the payer wants.", "Get the missing documents", "📄"
    ),
    Status.READY: Meaning("Ready to submit", "It goes to the payer next.", "Submit to the payer", "📦"),
    Status.SUBMITTED: Meaning(
        "Submitted", "It was sent; the payer has not confirmed.", "Get the tracking number", "📤"
    ),
    Status.PENDING: Meaning("Pending payer response", "The payer has it.", "Follow up with the payer", "⏳"),
    Status.ADDL_INFO: Meaning(
        "Additional information requested", "The payer asked for more.", "Answer the payer", "❓"
    ),
    Status.APPROVED: Meaning("Approved", "The payer approved.", "Tell the patient", "✅"),
    Status.DENIED: Meaning("Denied", "The payer denied.", "Route it, and tell the patient today", "⛔"),
    Status.CLINICAL_REVIEW: Meaning(
        "Escalated for clinical review", "It is under review in the practice.", "A decision", "🩺"
    ),
    Status.PATIENT_NOTIFIED: Meaning(
        "Patient notified", "The patient knows the latest outcome.", "Close, or go on with the appeal", "📞"
    ),
    Status.CLOSED: Meaning("Closed", "It is finished.", "Nothing", "🗄️"),
}

OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.APPROVED: "approved",
    Outcome.PARTIAL: "partly approved",
    Outcome.DENIED: "denied",
    Outcome.NOT_REQUIRED: "no authorization needed",
    Outcome.WITHDRAWN: "withdrawn",
    Outcome.DUPLICATE: "duplicate",
}

OPEN = frozenset(Status) - {Status.CLOSED}
BEFORE_SUBMISSION = frozenset({Status.NEW, Status.REQ_CHECK, Status.DOCS_NEEDED, Status.READY})
WITH_PAYER = frozenset({Status.SUBMITTED, Status.PENDING, Status.ADDL_INFO})
AWAITING_ANSWER = frozenset({Status.SUBMITTED, Status.PENDING})
