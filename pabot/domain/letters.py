"""The letter of an appeal: who may have it, in which form, and what its templates are told."""

from enum import StrEnum

from pabot.domain import roles
from pabot.domain.errors import NotNow
from pabot.domain.model import AuthorizationState, Decision, Member
from pabot.domain.roles import Action

# The variables of `message_templates/payer/*.j2`.
WORDS = frozenset(
    {"level", "level_name", "expedited", "notice_on", "partial", "service", "codes", "reason", "stated", "said"}
    | {"payer", "plan", "consent_on"}
)


class Kind(StrEnum):
    """The file's ending."""

    DOCX = "docx"  # for the clinician to edit
    PDF = "pdf"  # as it is filed


def may_have(actor: Member, state: AuthorizationState, policy: roles.Policy) -> bool:
    """Whether this person is offered the letter now: whoever may file, while it may be needed."""
    return _is_wanted(state) and roles.may(actor, Action.FILE_APPEAL, state, policy) is None


def require_wanted(state: AuthorizationState, kind: Kind) -> None:
    """Raise NotNow where there is no appeal to write for, or nobody has written its reasons yet."""
    if not _is_wanted(state):
        raise NotNow(f"There is no appeal to write a letter for: PA-{state.number} was not decided for one.")
    if kind is Kind.PDF and not (state.denial and state.denial.is_argued):
        raise NotNow(
            "A clinician must write the reasons first (“Write the reasons” on the request), or say where their own "
            "text lies. The letter to edit can be had before."
        )


def _is_wanted(state: AuthorizationState) -> bool:
    denial, appeal = state.denial, state.open_appeal
    to_file = denial is not None and denial.decision is Decision.APPEAL and state.is_contestable and state.is_open
    return to_file and not (appeal and appeal.automatic)  # what the plan sends on by itself wants no letter
