"""Who may mark an entry as recorded in error."""

from datetime import datetime

from pabot.domain import roles
from pabot.domain.errors import NotAllowed
from pabot.domain.model import AuthorizationState, Member, Role
from pabot.domain.roles import Action, Entry
from pabot.store import timeline
from pabot.store.store import Session

LICENSED = ("decide_denial", "answer_question", "attest_urgency", "ask_for_more")


def require_correctable(
    session: Session, actor: Member, state: AuthorizationState, save: timeline.Save, now: datetime
) -> None:
    """Raise NotAllowed unless this person may take this save back."""
    author = session.practice.staff.get(save.by)
    licensed = save.kind in LICENSED and author is not None and author.is_(Role.CLINICIAN)
    action = Action.CORRECT_CLINICAL_DECISION if licensed else Action.CORRECT_ENTRY
    practice = session.practice
    entry = Entry(save.by, save.at, now)
    roles.require(actor, action, state, practice.policy, entry, staff=practice.staff.members.values())


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
