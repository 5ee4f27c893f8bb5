"""Changing what patients hear: staff propose, a manager approves, a clinician co-signs what is clinical (guide R11).

Two things are changed so: a text of the practice, by another version of it; and the update of one request, by words of
its own, which lapse when its status changes or the payer decides besides. Nobody approves what they wrote; whoever may
reword an update alone (clinicians and managers) needs nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pabot.domain import proposals
from pabot.domain.errors import AlreadyDone, NotAllowed, Stale
from pabot.domain.model import Member, Role
from pabot.domain.patient_words import TextName
from pabot.domain.proposals import ProposalState
from pabot.domain.rules import Directory

SHIPPED = ""  # the words of a version that gives the text back to the files


@dataclass(frozen=True, slots=True)
class ProposeWords:
    """Other words for a text, or with a `number` for that request's next update alone."""

    text: TextName
    words: str  # SHIPPED: back to what the files say
    why: str
    base_n: int = 0  # the version it was written against; 0: the files
    number: int | None = None


@dataclass(frozen=True, slots=True)
class WordsProposal:
    """Words that somebody wants. People are Slack ids."""

    id: int
    text: TextName
    words: str
    before: str  # the words it was written against; SHIPPED where the files held
    why: str
    by: str
    at: datetime
    base_n: int
    current_n: int  # the version in force now
    number: int | None  # the request whose update alone it is
    has_lapsed: bool  # the request's status, or what the payer decided, has changed since
    state: ProposalState
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str
    cosigned_by: str | None

    @property
    def is_clinical(self) -> bool:
        """Whether it needs a clinician's word besides; one update is the manager's alone (our matrix)."""
        return self.number is None and self.text.is_clinical

    @property
    def is_outdated(self) -> bool:
        return self.has_lapsed if self.number else self.base_n != self.current_n


@dataclass(frozen=True, slots=True)
class WordsVersion:
    """A version of a text, never changed once it is there. `words` may be SHIPPED. People are Slack ids."""

    text: TextName
    n: int
    words: str
    why: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime
    cosigned_by: str | None


@dataclass(frozen=True, slots=True)
class TextsPage:
    """Every text: the version that holds, where there ever was one, and what waits to be approved."""

    in_force: Mapping[TextName, WordsVersion]
    waiting: tuple[WordsProposal, ...]
    broken: Mapping[TextName, str]  # of those in force, why they cannot be said


@dataclass(frozen=True, slots=True)
class TextPage:
    """One text: its versions, newest first, and what waits to be approved."""

    text: TextName
    history: tuple[WordsVersion, ...]
    waiting: tuple[WordsProposal, ...]

    @property
    def n(self) -> int:
        return self.history[0].n if self.history else 0

    @property
    def words(self) -> str:
        """The practice's own; SHIPPED where the files hold."""
        return self.history[0].words if self.history else SHIPPED


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What one request's update says in other words, while its status stays: approved ones, and what is asked."""

    approved: Mapping[str, WordsProposal] = field(default_factory=dict)  # by language
    asked: tuple[WordsProposal, ...] = ()


NONE_OF_ITS_OWN = OwnWords()


def approvers(proposal: WordsProposal, staff: Directory) -> tuple[Member, ...]:
    """Who may approve it: managers but for its author; of a text, with no other manager, billers and clinicians."""
    if proposal.number is None:
        return proposals.approvers(proposal, staff)
    return tuple(member for member in staff.with_role(Role.MANAGER) if member.user_id != proposal.by)


def asked_of(proposal: WordsProposal, staff: Directory) -> tuple[str, ...]:
    """Who is told that it waits: those who may approve it and are here, and the first clinician who is."""
    able = _here(approvers(proposal, staff))
    licensed = _here(proposals.cosigners(proposal, staff))
    signs = [] if set(able) & set(licensed) else licensed[:1]
    return tuple(sorted({member.user_id for member in (*able, *signs)}))


def require_current(proposal: WordsProposal, staff: Directory) -> None:
    """Raises AlreadyDone for one that was decided, and Stale for one that was overtaken."""
    proposals.require_undecided(proposal, staff)
    if proposal.has_lapsed:
        raise Stale(f"PA-{proposal.number} has moved on since: these words are about what was. They are not needed.")
    if proposal.is_outdated:
        raise Stale(
            f"This was written against version {proposal.base_n}; version {proposal.current_n} is in force since. "
            "Decline it, and propose the words again from there."
        )


def require_approver(proposal: WordsProposal, actor: Member, staff: Directory) -> None:
    """Raises NotAllowed, with who may, unless this person may approve it now."""
    proposals.require_one_of(approvers(proposal, staff), proposal, actor, "other words for patients")
    proposals.require_cosigned(proposal, actor, staff, "It speaks of clinical matters")


def require_cosigner(proposal: WordsProposal, actor: Member, staff: Directory) -> None:
    """Raises NotAllowed unless this person's licensed word is wanted; AlreadyDone where it was given."""
    if proposal.cosigned_by:
        raise AlreadyDone(f"{staff.name(proposal.cosigned_by)} has co-signed this already. Nothing changed now.")
    if actor not in proposals.cosigners(proposal, staff):
        raise NotAllowed(
            "Only a clinician other than its author co-signs, and only what is said of approvals, denials and reviews."
        )


def may_decline(proposal: WordsProposal, actor: Member, staff: Directory) -> bool:
    """Whoever could approve or co-sign it, and its author, who takes it back."""
    return actor.user_id == proposal.by or actor in (*approvers(proposal, staff), *proposals.cosigners(proposal, staff))


def _here(members: Iterable[Member]) -> list[Member]:
    """Those who are not away; where all are, all."""
    everybody = list(members)
    return [member for member in everybody if not member.away] or everybody
