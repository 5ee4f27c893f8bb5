"""What waits for a licensed judgement, who may give it, and why it may be given back."""

from collections.abc import Mapping
from enum import StrEnum

from pabot.domain.errors import NotNow
from pabot.domain.model import AuthorizationState, DenialClass, Member, PatientCall, Role


class Matter(StrEnum):
    """What somebody is asked to judge; the first that waits is meant where nothing else is said."""

    QUESTION = "question"
    DENIAL = "denial"
    URGENCY = "urgency"


NOT_CLINICAL, CLINICAL, CANNOT_JUDGE = "not_clinical", "clinical", "cannot_judge"
RETURNS: Mapping[str, str] = {
    NOT_CLINICAL: "It is not a clinical matter",
    CLINICAL: "It is clinical: a clinician must judge it",
    CANNOT_JUDGE: "It cannot be judged without something",
}


CALL = "call:"  # and its number: a call of the patient waits as well


def of_call(call: PatientCall) -> str:
    """What `asked` calls a patient's call."""
    return f"{CALL}{call.seq}"


def asked(state: AuthorizationState) -> tuple[tuple[str, str], ...]:
    """What waits for somebody's judgement, and the Slack id of whom it waits for, in the order in which it is named.

    Calls wait on a closed request as well; what nobody has been asked yet is the owner's to route.
    """
    matters = ((matter, asked_of(state, matter)) for matter in waiting(state) if state.is_open)
    calls = ((of_call(call), call.asked_of) for call in state.open_calls)
    found = sorted((*matters, *calls), key=lambda one: one[0] == Matter.URGENCY)  # the work goes on meanwhile
    return tuple((about, who) for about, who in found if who)


def waiting(state: AuthorizationState) -> tuple[Matter, ...]:
    """What waits, the first first."""
    waits = (
        (Matter.QUESTION, state.open_question is not None),
        (Matter.DENIAL, state.undecided_denial is not None),
        (Matter.URGENCY, state.is_open and state.urgency_proposed),
    )
    return tuple(matter for matter, is_open in waits if is_open)


def meant(state: AuthorizationState, what: str) -> Matter:
    """Which of them a step is about. Raises NotNow when that waits no longer."""
    waits = waiting(state)
    if what in waits or (waits and not what):
        return Matter(what or waits[0])
    raise NotNow("Nothing waits for a judgement here any more. Open the request to see where it stands.")


def at_hand(state: AuthorizationState, what: str, who: Member, *, free: bool = False) -> Matter | None:
    """What somebody takes in hand or gives back: the one that is said, else the first that they may judge.

    `free`: before what somebody has in hand already. None: neither a question nor a denial waits.
    """
    matters = (matter for matter in waiting(state) if matter is not Matter.URGENCY)

    def likeliest(matter: Matter) -> tuple[bool, bool, bool]:
        return matter != what, free and in_hand(state, matter), not who.is_(*may_judge(state, matter))

    return min(matters, key=likeliest, default=None)


def in_hand(state: AuthorizationState, matter: Matter) -> bool:
    """Whether whoever was asked has said that they have it."""
    had = {Matter.QUESTION: state.question, Matter.DENIAL: state.denial}.get(matter)
    return had is not None and had.accepted_at is not None


def asked_of(state: AuthorizationState, matter: Matter) -> str | None:
    """The Slack id of whoever has it."""
    has = {
        Matter.QUESTION: state.question.asked_of if state.question else None,
        Matter.DENIAL: state.denial.routed_to if state.denial else None,
        Matter.URGENCY: state.urgency_asked_of or state.clinician_id,
    }
    return has[matter]


def may_judge(state: AuthorizationState, matter: Matter) -> frozenset[Role]:
    """The roles that may: a clinician; of an administrative denial a biller as well."""
    denial = state.denial
    administrative = denial is not None and denial.denial_class is DenialClass.ADMINISTRATIVE
    billers = {Role.BILLER} if matter is Matter.DENIAL and administrative else set()
    return frozenset({Role.CLINICIAN, *billers})


def reasons(state: AuthorizationState, matter: Matter) -> Mapping[str, str]:
    """Why it may be given back: what is administrative cannot turn out to be so, what is clinical likewise."""
    denial = state.denial
    administrative = (
        matter is Matter.DENIAL and denial is not None and denial.denial_class is DenialClass.ADMINISTRATIVE
    )
    left_out = NOT_CLINICAL if administrative else CLINICAL
    return {key: label for key, label in RETURNS.items() if key != left_out}


def denial_keeps(state: AuthorizationState) -> bool:
    """Whether a denial keeps the request under review: routed and undecided, or what was decided is not carried out."""
    denial = state.denial_to_answer
    return denial is not None and (denial.decision is not None or denial.routed_at is not None)
