"""What is needed next, and from whom, in a few words: the same on the card, in the queue and in the digest."""

from pabot.domain.model import AuthorizationState, Decision
from pabot.domain.statuses import MEANINGS, Outcome, PendingKind, Status


def needed(state: AuthorizationState) -> str:
    """The next step of a request."""
    if state.status is Status.CLINICAL_REVIEW:
        return _in_review(state)
    if state.status is Status.APPROVED and state.patient_knows:
        return "Close it"
    if state.status is Status.DENIED and state.patient_knows:
        return "Close it"
    if state.status is Status.APPROVED and state.outcome is Outcome.PARTIAL:
        return "Tell the patient what was approved"
    if state.status is Status.PENDING and state.pending_kind is PendingKind.APPEAL:
        return "Follow up on the appeal"
    if state.status is Status.PENDING and state.pending_kind is PendingKind.P2P:
        return "Record what came of the peer-to-peer call"
    if state.status is Status.PATIENT_NOTIFIED:
        return "Close it"
    return MEANINGS[state.status].needed


def waits_for(state: AuthorizationState) -> str | None:
    """The Slack id of whoever must act: the person routed to while something is undecided, else the owner."""
    if state.status is Status.CLOSED:
        return None
    if state.open_question:
        return state.open_question.asked_of
    denial = state.undecided_denial
    if denial and denial.routed_to:
        return denial.routed_to
    return state.owner_id


def _in_review(state: AuthorizationState) -> str:
    if state.open_question:
        return "Answer the question"
    decision = state.denial.decision if state.denial else None
    if decision is Decision.APPEAL:
        return "File the appeal"
    if decision is Decision.P2P:
        return "Book the peer-to-peer call"
    return "Decide what to do about the denial"
