"""Changing a checklist: anybody proposes, somebody else approves, a clinician co-signs what is clinical (guide R8).

Nobody approves what they wrote. Where there is no other active manager, a biller or a clinician approves in their
place (our judgement: a practice of one manager must not stand still).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pabot.domain.errors import AlreadyDone, NotAllowed, Stale
from pabot.domain.library import Checklist
from pabot.domain.library_diff import Difference, clinical_items_differ, differences
from pabot.domain.model import LineOfBusiness, Member, Role
from pabot.domain.rules import Directory


class ProposalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


class Proposed(Protocol):
    """Whatever is proposed by one person and approved by another: a checklist, or words for patients."""

    @property
    def by(self) -> str: ...
    @property
    def state(self) -> ProposalState: ...
    @property
    def decided_by(self) -> str | None: ...
    @property
    def cosigned_by(self) -> str | None: ...
    @property
    def is_clinical(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that somebody wants. People are Slack ids. `checklist_id` None: a checklist that is not there yet."""

    id: int
    checklist_id: int | None
    payer_id: int
    payer: str
    plan_id: int | None
    plan: str
    line_of_business: LineOfBusiness | None
    base_n: int  # the version it was written against
    current_n: int  # the version in force now
    current: Checklist | None
    body: Checklist
    why: str
    by: str
    at: datetime
    authorization: int | None
    state: ProposalState
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str
    cosigned_by: str | None

    @property
    def differences(self) -> tuple[Difference, ...]:
        return differences(self.current, self.body)

    @property
    def is_clinical(self) -> bool:
        """Whether it changes which clinical documents are asked for."""
        return clinical_items_differ(self.current, self.body)

    @property
    def is_outdated(self) -> bool:
        return self.base_n != self.current_n


@dataclass(frozen=True, slots=True)
class Propose:
    """A change as somebody typed it: of a checklist, or (no `checklist_id`) a new one of a payer or plan."""

    payer_id: int
    body: Checklist
    why: str
    checklist_id: int | None = None
    base_n: int = 0
    plan_id: int | None = None
    authorization: int | None = None  # the request on which it was noticed


def approvers(proposal: Proposed, staff: Directory) -> tuple[Member, ...]:
    """Who may approve it: managers but for its author; with no other manager, billers and clinicians."""
    managers = _but(staff.with_role(Role.MANAGER), proposal.by)
    return managers or _but(staff.with_role(Role.BILLER, Role.CLINICIAN), proposal.by)


def cosigners(proposal: Proposed, staff: Directory) -> tuple[Member, ...]:
    """Whose word it still needs besides: a clinician's, unless one wrote it or has co-signed."""
    author = staff.get(proposal.by)
    licensed = author is not None and author.is_(Role.CLINICIAN)
    if not proposal.is_clinical or licensed or proposal.cosigned_by:
        return ()
    return _but(staff.with_role(Role.CLINICIAN), proposal.by)


def require_undecided(proposal: Proposed, staff: Directory) -> None:
    """Raises AlreadyDone for one that was decided."""
    if proposal.state is not ProposalState.OPEN:
        who = staff.name(proposal.decided_by)
        raise AlreadyDone(f"{who} has {proposal.state} this already. Nothing changed now.")


def require_current(proposal: Proposal, staff: Directory) -> None:
    """Raises AlreadyDone, and Stale for one that was written against an older version."""
    require_undecided(proposal, staff)
    if proposal.is_outdated:
        raise Stale(
            f"This was written against version {proposal.base_n}; version {proposal.current_n} is in force since. "
            "Refuse it, and propose the change again from there."
        )


def require_approver(proposal: Proposal, actor: Member, staff: Directory) -> None:
    """Raises NotAllowed, with who may, unless this person may approve it now."""
    require_one_of(approvers(proposal, staff), proposal, actor, "a checklist change")
    require_cosigned(proposal, actor, staff, "It changes clinical documents")


def require_one_of(able: Sequence[Member], proposal: Proposed, actor: Member, what: str) -> None:
    """Raises NotAllowed, with who is able, unless this person is."""
    if actor.user_id == proposal.by:
        raise NotAllowed(f"Nobody approves what they proposed themselves.{_ask(able)}")
    if actor not in able:
        raise NotAllowed(f"Only a manager may approve {what}.{_ask(able)}")


def require_cosigned(proposal: Proposed, actor: Member, staff: Directory, why: str) -> None:
    """Raises NotAllowed where a clinician's word is wanted, which this person cannot give. `why`: it is."""
    missing = cosigners(proposal, staff)
    if missing and actor not in missing:
        raise NotAllowed(f"{why}: a clinician must co-sign it first.{_ask(missing)}")


def require_cosigner(proposal: Proposal, actor: Member, staff: Directory) -> None:
    """Raises NotAllowed unless this person's licensed word is wanted."""
    if actor not in cosigners(proposal, staff):
        raise NotAllowed("Only a clinician other than its author co-signs, and only a change of clinical documents.")


def _but(members: Iterable[Member], user_id: str) -> tuple[Member, ...]:
    return tuple(member for member in members if member.user_id != user_id)


def _ask(members: Iterable[Member]) -> str:
    names = sorted(member.name for member in members)
    return f" Ask {', '.join(names[:3])}." if names else ""
