"""The state machine as a table: which status may follow which, and the guards that must hold on the way.

A save may walk several edges; each guard looks at the facts as they stand after the save.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain.errors import NotNow
from pabot.domain.model import AuthorizationState
from pabot.domain.statuses import MEANINGS, Outcome, Status

Guard = Callable[[AuthorizationState], str | None]  # the sentence that says what is missing, or None


def has_owner(state: AuthorizationState) -> str | None:
    return None if state.owner_id else "Nobody has taken this request yet. Take it first."


def nothing_missing(state: AuthorizationState) -> str | None:
    missing = [document.label for document in state.wanting] + list(state.facts_wanting)
    missing += [state.documents_missing] if state.documents_missing else []
    return f"Still missing: {'; '.join(missing)}" if missing else None


def something_missing(state: AuthorizationState) -> str | None:
    missing = state.documents_missing or state.wanting or state.facts_wanting
    return None if missing else "Say which document is missing."


def was_sent(state: AuthorizationState) -> str | None:
    return None if state.submitted_at and state.submitted_by_channel else "Say when and how it was sent."


def was_confirmed(state: AuthorizationState) -> str | None:
    return None if state.acknowledged_at else "A tracking number or another proof of receipt is needed."


def was_asked(state: AuthorizationState) -> str | None:
    return None if state.open_information_request else "Record what the payer asked for."


def was_answered(state: AuthorizationState) -> str | None:
    return "The payer's question is still open." if state.open_information_request else None


def approval_complete(state: AuthorizationState) -> str | None:
    if state.outcome not in (Outcome.APPROVED, Outcome.PARTIAL):
        return "Record what the payer approved."
    if not (state.authorization_number or state.no_number_reason):
        return "An authorization number is needed, or the reason why there is none."
    if any(line.approved is None for line in state.lines):
        return "Every line needs the payer's decision."
    return None


def denial_complete(state: AuthorizationState) -> str | None:
    return None if state.denial else "Record the payer's denial."


def was_routed(state: AuthorizationState) -> str | None:
    denial = state.denial
    return "Route the denial first." if denial is None or denial.routed_at is None else None


def has_something_to_judge(state: AuthorizationState) -> str | None:
    waiting = state.open_question or state.undecided_denial or (state.denial and was_routed(state) is None)
    return None if waiting else "There is nothing for a clinician to judge. Ask a question."


def nothing_asked(state: AuthorizationState) -> str | None:
    return "The clinician's answer is still open." if state.open_question else None


def was_judged(state: AuthorizationState) -> str | None:
    return nothing_asked(state) or ("The denial still needs a decision." if state.undecided_denial else None)


def judged_or_given_back(state: AuthorizationState) -> str | None:
    """As `was_judged`, or the denial of some lines came back undecided and waits with the owner to be routed."""
    given_back = state.denial is not None and state.denial.routed_at is None
    return nothing_asked(state) if given_back else was_judged(state)


def patient_knows(state: AuthorizationState) -> str | None:
    return None if state.patient_knows else "The patient has not been told. Tell them first."


def may_end(state: AuthorizationState) -> str | None:
    """Nothing may be open at the end, and a payer's decision ends only when the patient knows it."""
    if state.outcome is None:
        return "There is no outcome yet."
    if state.open_information_request:
        return "The payer's question is still open."
    if state.open_appeal:
        return "An appeal is still with the payer."
    if state.open_peer_to_peer:
        return "A peer-to-peer call is still booked."
    if state.outcome in (Outcome.APPROVED, Outcome.PARTIAL, Outcome.DENIED):
        return was_judged(state) or patient_knows(state)
    return None


def ended_without_payer(state: AuthorizationState) -> str | None:
    """Withdrawn, duplicate, or no authorization needed: with its proof or reason."""
    if state.outcome is Outcome.NOT_REQUIRED:
        return None if state.not_required_proof else "Say who said that no authorization is needed."
    if state.outcome in (Outcome.WITHDRAWN, Outcome.DUPLICATE):
        return may_end(state)
    return "It can only be closed as withdrawn or not required from here."


def appeal_filed(state: AuthorizationState) -> str | None:
    return None if state.open_appeal else "Record the appeal as filed."


S = Status
EDGES: Mapping[tuple[Status, Status], tuple[Guard, ...]] = {
    (S.NEW, S.REQ_CHECK): (has_owner,),
    (S.NEW, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.NEW, S.CLOSED): (ended_without_payer,),
    (S.REQ_CHECK, S.DOCS_NEEDED): (something_missing,),
    (S.REQ_CHECK, S.READY): (nothing_missing,),
    (S.REQ_CHECK, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.REQ_CHECK, S.CLOSED): (ended_without_payer,),
    (S.DOCS_NEEDED, S.READY): (nothing_missing, was_answered),
    (S.DOCS_NEEDED, S.ADDL_INFO): (nothing_missing, was_asked),
    (S.DOCS_NEEDED, S.REQ_CHECK): (),
    (S.DOCS_NEEDED, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.DOCS_NEEDED, S.CLOSED): (ended_without_payer,),
    (S.READY, S.SUBMITTED): (nothing_missing, was_sent),
    (S.READY, S.DOCS_NEEDED): (something_missing,),
    (S.READY, S.REQ_CHECK): (),
    (S.READY, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.READY, S.CLOSED): (ended_without_payer,),
    (S.SUBMITTED, S.PENDING): (was_confirmed,),
    (S.SUBMITTED, S.ADDL_INFO): (was_asked,),
    (S.SUBMITTED, S.APPROVED): (approval_complete,),
    (S.SUBMITTED, S.DENIED): (denial_complete,),
    (S.SUBMITTED, S.READY): (),
    (S.SUBMITTED, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.SUBMITTED, S.CLOSED): (ended_without_payer,),
    (S.PENDING, S.ADDL_INFO): (was_asked,),
    (S.PENDING, S.APPROVED): (approval_complete,),
    (S.PENDING, S.DENIED): (denial_complete,),
    (S.PENDING, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.PENDING, S.SUBMITTED): (was_sent,),
    (S.PENDING, S.CLOSED): (ended_without_payer,),
    (S.ADDL_INFO, S.PENDING): (was_answered,),
    (S.ADDL_INFO, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.ADDL_INFO, S.DOCS_NEEDED): (something_missing,),
    (S.ADDL_INFO, S.APPROVED): (approval_complete,),
    (S.ADDL_INFO, S.DENIED): (denial_complete,),
    (S.ADDL_INFO, S.CLOSED): (ended_without_payer,),
    (S.APPROVED, S.PATIENT_NOTIFIED): (patient_knows,),
    (S.APPROVED, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.APPROVED, S.DENIED): (denial_complete,),
    (S.APPROVED, S.CLOSED): (ended_without_payer,),
    (S.DENIED, S.CLINICAL_REVIEW): (was_routed,),
    (S.DENIED, S.PENDING): (appeal_filed,),  # the plan sends it on by itself
    (S.DENIED, S.PATIENT_NOTIFIED): (was_routed, patient_knows),
    (S.DENIED, S.CLOSED): (ended_without_payer,),
    (S.CLINICAL_REVIEW, S.NEW): (was_judged,),
    (S.CLINICAL_REVIEW, S.REQ_CHECK): (was_judged,),
    (S.CLINICAL_REVIEW, S.DOCS_NEEDED): (was_judged,),
    (S.CLINICAL_REVIEW, S.READY): (was_judged,),
    (S.CLINICAL_REVIEW, S.SUBMITTED): (was_judged,),
    (S.CLINICAL_REVIEW, S.ADDL_INFO): (judged_or_given_back,),
    (S.CLINICAL_REVIEW, S.PENDING): (judged_or_given_back,),
    # Decided; or the payer decided meanwhile, and what it cut or denied goes back to be judged in the same save.
    (S.CLINICAL_REVIEW, S.APPROVED): (nothing_asked, approval_complete),
    (S.CLINICAL_REVIEW, S.DENIED): (nothing_asked, denial_complete),
    (S.CLINICAL_REVIEW, S.PATIENT_NOTIFIED): (was_judged, patient_knows),
    (S.CLINICAL_REVIEW, S.CLOSED): (ended_without_payer,),
    (S.PATIENT_NOTIFIED, S.CLOSED): (may_end,),
    (S.PATIENT_NOTIFIED, S.PENDING): (appeal_filed,),
    (S.PATIENT_NOTIFIED, S.CLINICAL_REVIEW): (has_something_to_judge,),
    (S.PATIENT_NOTIFIED, S.ADDL_INFO): (was_asked,),
    (S.CLOSED, S.REQ_CHECK): (),
    (S.CLOSED, S.PENDING): (),
    (S.CLOSED, S.ADDL_INFO): (was_asked,),
}


def walk(facts: AuthorizationState, path: tuple[Status, ...], now: datetime) -> AuthorizationState:
    """`facts` moved along `path` from its present status. Raises NotNow with what is missing."""
    state = facts
    for target in path:
        guards = EDGES.get((state.status, target))
        if guards is None:
            raise NotNow(
                f"PA-{state.number} is “{MEANINGS[state.status].label}”; "
                f"it cannot become “{MEANINGS[target].label}” from there."
            )
        for guard in guards:
            if missing := guard(state):
                raise NotNow(missing)
        state = replace(state, status=target, status_since=now)
    return state
