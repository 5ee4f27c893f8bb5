"""Who may mark an entry as recorded in error."""

from datetime import datetime

from pabot.domain import roles
from pabot.domain.errors import NotAllowed
from pabot.domain.model import AuthorizationState, DenialClass, Member, Role
from pabot.domain.roles import Action, Entry
from pabot.store import timeline
from pabot.store.store import Session

ALWAYS_LICENSED = frozenset({"answer_question", "attest_urgency", "answer_call", "called_back", "write_necessity"})
ABOUT_A_DENIAL = frozenset(
    {"decide_denial", "change_decision", "ask_for_more", "withdraw_appeal", "accept_review", "return_review"}
)
ENTERED_AS_DIRECTED = frozenset({"change_codes", "record_peer_to_peer"})  # by whoever is not licensed


def require_correctable(
    session: Session, actor: Member, state: AuthorizationState, save: timeline.Save, now: datetime
) -> None:
    """Raise NotAllowed unless this person may take this save back."""
    practice = session.practice
    licensed = is_licensed(state, save, practice.staff.get(save.by))
    action = Action.CORRECT_CLINICAL_DECISION if licensed else Action.CORRECT_ENTRY
    entry = Entry(save.by, save.at, now)
    roles.require(actor, action, state, practice.policy, entry, staff=practice.staff.members.values())


def is_licensed(state: AuthorizationState, save: timeline.Save, author: Member | None) -> bool:
    """Whether it took a licence. A biller's decision about an administrative denial did not.

    What roles the author holds today must not open a clinician's decision to others.
    """
    if save.kind in ENTERED_AS_DIRECTED:  # entered as a clinician directed, it is the entry that may be wrong
        return author is None or author.is_(Role.CLINICIAN) or not author.is_(Role.COORDINATOR, Role.BILLER)
    if save.kind not in ABOUT_A_DENIAL:
        return save.kind in ALWAYS_LICENSED
    denial = state.denial
    administrative = denial is not None and denial.denial_class is DenialClass.ADMINISTRATIVE
    return not administrative or author is None or author.is_(Role.CLINICIAN) or not author.is_(Role.BILLER)


def correctable(
    session: Session, actor: Member, state: AuthorizationState, save: timeline.Save | None, now: datetime
) -> str | None:
    """The newest save, when this person may take it back."""
    if save is None:
        return None
    try:
        require_correctable(session, actor, state, save, now)
    except NotAllowed:
        return None
    return save.id
