"""What is needed next, and from whom, in a few words: the same on the card, in the queue and in the digest."""

from pabot.domain import holds
from pabot.domain.model import AuthorizationState, Decision
from pabot.domain.statuses import MEANINGS, Outcome, PendingKind, Status

S = Status
TELL = "Tell the patient"
CLOSE = "Close it"
CALL = "Answer the patient who called"
GATHER = "Get the documents that the payer wants"


def needed(state: AuthorizationState) -> str:
    """The next step of a request."""
    step = _needed(state)
    if state.on_hold_until and state.is_open:
        return f"{holds.in_words(state)}, then: {step[0].lower()}{step[1:]}"
    if state.open_calls:
        return f"{CALL}; meanwhile: {step[0].lower()}{step[1:]}" if state.is_open else CALL
    if state.is_open and state.urgency_proposed:
        return f"Say whether it is expedited; meanwhile: {step[0].lower()}{step[1:]}"
    return step


def judge(state: AuthorizationState) -> str | None:
    """The Slack id of whoever was asked to judge (a clinician; a biller where that is enough); None: nothing waits."""
    if not state.is_open:
        return None
    if state.open_question:
        return state.open_question.asked_of
    denial = state.undecided_denial
    if denial and denial.routed_to:
        return denial.routed_to
    if state.open_calls:
        return state.open_calls[0].asked_of
    return (state.urgency_asked_of or state.clinician_id) if state.urgency_proposed else None


def waits_for(state: AuthorizationState) -> str | None:
    """The Slack id of whoever must act: whoever was asked to judge, else the owner."""
    return (judge(state) or state.owner_id) if state.is_open else None


def _needed(state: AuthorizationState) -> str:
    if state.status is S.CLINICAL_REVIEW:
        return _in_review(state)
    if state.status is S.PATIENT_NOTIFIED or (state.status in (S.APPROVED, S.DENIED) and state.patient_knows):
        return CLOSE
    if state.status is S.APPROVED and state.outcome is Outcome.PARTIAL:
        return "Tell the patient what was approved"
    if state.status is S.DENIED and state.denial and state.denial.decision:
        return TELL
    if state.status is S.PENDING and state.pending_kind is PendingKind.APPEAL:
        return "Follow up on the appeal"
    if state.status is S.PENDING and state.pending_kind is PendingKind.P2P:
        return _about_the_call(state)
    if state.status in (S.NEW, S.REQ_CHECK) and (state.wanting or state.facts_wanting):
        return GATHER
    return MEANINGS[state.status].needed


def _about_the_call(state: AuthorizationState) -> str:
    call = state.open_peer_to_peer
    if state.call_was_won:
        return "Record the payer's approval"
    return (
        "Record what came of the peer-to-peer call" if call and call.scheduled_for else "Agree on a time for the call"
    )


def _in_review(state: AuthorizationState) -> str:
    if state.open_question:
        return "Answer the question"
    decision = state.denial.decision if state.denial else None
    if decision is Decision.APPEAL:
        return "File the appeal"
    if decision is Decision.P2P:
        return "Book the peer-to-peer call"
    return "Decide what to do about the denial"
