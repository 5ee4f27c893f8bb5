"""What is needed next, and from whom, in a few words: the same on the card, in the queue and in the digest."""

from collections.abc import Mapping, Sequence

from pabot.domain import holds
from pabot.domain.model import AuthorizationState, Decision
from pabot.domain.review import CALL as CALL_OF
from pabot.domain.review import Matter, asked
from pabot.domain.statuses import MEANINGS, Outcome, PendingKind, Status

S = Status
TELL = "Tell the patient"
CLOSE = "Close it"
CALL = "Answer the patient who called"
TELL_ANSWER = "Tell the patient the clinician's answer"
CALL_BACK = "Call the patient back: nobody has answered their urgent worry"
GATHER = "Get the documents that the payer wants"
ANSWER, DECIDE, ATTEST = "Answer the question", "Decide what to do about the denial", "Say whether it is expedited"
WANTED: Mapping[str, str] = {Matter.QUESTION: ANSWER, Matter.DENIAL: DECIDE, Matter.URGENCY: ATTEST, CALL_OF: CALL}


def needed(state: AuthorizationState) -> str:
    """The next step of a request."""
    step = _needed(state)
    if state.on_hold_until and state.is_open:
        return f"{holds.in_words(state)}, then: {step[0].lower()}{step[1:]}"
    if state.open_calls:
        return f"{CALL}; meanwhile: {step[0].lower()}{step[1:]}" if state.is_open else CALL
    if state.patient_waits:
        first = CALL_BACK if state.worry_since else TELL_ANSWER
        return f"{first}; meanwhile: {step[0].lower()}{step[1:]}" if state.is_open else first
    if state.is_open and state.urgency_proposed:
        return f"{ATTEST}; meanwhile: {step[0].lower()}{step[1:]}"
    return step


def wanted_of(about: Sequence[str]) -> str:
    """What is wanted of somebody who was asked to judge these (keys of `review.asked`), the first that waits first."""
    steps = dict.fromkeys(WANTED[CALL_OF if what.startswith(CALL_OF) else what] for what in about)
    return "; ".join(f"{step[0].lower()}{step[1:]}" if index else step for index, step in enumerate(steps))


def waits_for(state: AuthorizationState) -> str | None:
    """The Slack id of whoever must act first: whoever was asked to judge, else the owner."""
    first = next((who for _, who in asked(state)), None)
    untold = (state.owner_id or state.opened_by) if state.patient_waits else None
    return first or (state.owner_id if state.is_open else untold)


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
        return ANSWER
    decision = state.denial.decision if state.denial else None
    if decision is Decision.APPEAL:
        return "File the appeal"
    if decision is Decision.P2P:
        return "Book the peer-to-peer call"
    return DECIDE
