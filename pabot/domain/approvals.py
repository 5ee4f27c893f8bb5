"""“With approval”: somebody asks, one who might do it alone is asked, and only then is it done (cells `R:xy`).

Nobody approves what they asked for. Whoever does not answer within four business hours is passed over for the next who
may approve it (our judgement, as for accepting what was routed); any of them may answer while it is undecided.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pabot.domain import commands as c
from pabot.domain import roles
from pabot.domain.decide import STEPS_BY_KIND, permission
from pabot.domain.errors import AlreadyDone, NotAllowed
from pabot.domain.model import AuthorizationState, Member, Role
from pabot.domain.roles import COLUMNS, ROLE_WORDS, Policy
from pabot.domain.rules import Directory
from pabot.domain.statuses import MEANINGS

ANSWER_WITHIN = 4  # business hours, for each who is asked


class ApprovalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"  # it cannot be done any more


@dataclass(frozen=True, slots=True)
class Approval:
    """A step that waits for somebody's approval. People are Slack ids.

    `asked_of` is who is asked now, until `due_at`; None: all were, and it is with the managers.
    """

    id: int
    number: int
    kind: str  # of the step
    command: c.Command
    detail: Mapping[str, Any]  # what the timeline would keep of the step, as it was typed
    why: str  # for whoever approves
    by: str
    at: datetime
    roles: frozenset[Role]  # who may approve it
    state: ApprovalState
    asked_of: str | None
    asked_at: datetime
    due_at: datetime | None
    round: int = 1
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str = ""

    @property
    def label(self) -> str:
        """The step, as its button has it."""
        return STEPS_BY_KIND[self.kind].label

    def may_answer(self, member: Member) -> bool:
        """Whether this person may approve or decline it: a holder of the role, and not whoever asks."""
        return member.active and member.user_id != self.by and member.is_(*self.roles)


def stored(command: c.Command) -> c.Command:
    """A step as it waits: it is judged by the request as it stands when it is approved, not as its form was drawn."""
    return replace(command, version=None)


def in_turn(state: AuthorizationState, wanted: frozenset[Role], by: str, staff: Directory) -> tuple[Member, ...]:
    """Who is asked, one after the other: the responsible clinician or who answers for them, then the others.

    Where a manager may approve it as well, managers follow, and no clinician who does not know the patient.
    """
    found = dict.fromkeys(member for member in _candidates(state, wanted, staff) if member and member.user_id != by)
    here = tuple(member for member in found if not member.away)
    return here or tuple(found)


def _candidates(state: AuthorizationState, wanted: frozenset[Role], staff: Directory) -> Iterator[Member | None]:
    number = state.number
    if Role.CLINICIAN in wanted:
        clinician = staff.clinician_for(state.clinician_id, number)
        yield clinician
        cover = staff.get(clinician.cover_id) if clinician else None
        yield cover if cover and cover.active and cover.is_(Role.CLINICIAN) else None
    last = wanted - {Role.CLINICIAN} or wanted
    for member in sorted(staff.with_role(*last), key=lambda one: one.name):
        yield staff.judge_for(member.user_id, last, number)


def next_asked(
    state: AuthorizationState, wanted: frozenset[Role], by: str, staff: Directory, asked: Iterable[str] = ()
) -> Member | None:
    """The first who was not asked yet."""
    before = frozenset(asked)
    return next((member for member in in_turn(state, wanted, by, staff) if member.user_id not in before), None)


def overtaken(approval: Approval, state: AuthorizationState, staff: Directory, policy: Policy) -> str:
    """Why the step cannot be done any more, whoever approves it; empty while it can."""
    rule, asker = STEPS_BY_KIND[approval.kind], staff.get(approval.by)
    if asker is None or not asker.active:
        return f"{staff.name(approval.by)} is not on the staff list any more."
    if state.status not in rule.sources or not rule.applies(state):
        return f"PA-{state.number} has moved on: it is “{MEANINGS[state.status].label}” now."
    refusal = roles.may(asker, permission(rule, state, asker), state, policy)
    if refusal and not refusal.approval:
        return f"{asker.name} may not do this any more, not even with approval. {refusal.sentence()}"
    return ""


def require_undecided(approval: Approval, staff: Directory) -> None:
    """Raises AlreadyDone for one that is over."""
    who = staff.name(approval.decided_by)
    over: Mapping[ApprovalState, str] = {
        ApprovalState.APPROVED: f"{who} approved this already.",
        ApprovalState.DECLINED: f"{who} declined this already.",
        ApprovalState.TAKEN_BACK: f"{staff.name(approval.by)} took this back.",
        ApprovalState.OVERTAKEN: "This cannot be done any more, and whoever asked was told.",
    }
    if sentence := over.get(approval.state):
        raise AlreadyDone(f"{sentence} Nothing changed now.")


def require_approver(approval: Approval, actor: Member, staff: Directory) -> None:
    """Raises NotAllowed, with who may, unless this person may approve or decline it."""
    if approval.may_answer(actor):
        return
    able = sorted(m.name for m in staff.with_role(*approval.roles) if approval.may_answer(m))
    ask = f" Ask {', '.join(able[:3])}." if able else ""
    if actor.user_id == approval.by:
        raise NotAllowed(f"Nobody approves what they asked for themselves.{ask}")
    who = " or ".join(ROLE_WORDS[role] for role in COLUMNS if role in approval.roles)
    raise NotAllowed(f"Only {who} may approve or decline this.{ask}")


def require_asker(approval: Approval, actor: Member, staff: Directory) -> None:
    """Raises NotAllowed unless it is this person's own."""
    if actor.user_id != approval.by:
        raise NotAllowed(f"Only {staff.name(approval.by)} may take back what they asked for.")
