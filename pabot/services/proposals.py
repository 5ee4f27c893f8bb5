"""Changing checklists: proposing, co-signing, approving, refusing; and telling whose requests it concerns."""

from datetime import datetime

from pabot.domain import proposals as rules
from pabot.domain.answers import Kept
from pabot.domain.cards import QueueLine
from pabot.domain.errors import Invalid, NotFound
from pabot.domain.library import KeptChecklist, PayerEntry
from pabot.domain.library_diff import differences
from pabot.domain.matching import clashes
from pabot.domain.model import Member
from pabot.domain.proposals import Proposal, ProposalState, Propose
from pabot.domain.roles import Action
from pabot.services import look_ups, telling
from pabot.services.room import Room, allow, present
from pabot.store import library, lists, messages, payers, people, proposals
from pabot.store.events import NewEvent, append
from pabot.store.store import Session, claim_key, keep_result

MOST = 100  # requests that a message lists


class Proposals(Room):
    """Use cases around changes of checklists. The author never approves."""

    __slots__ = ()

    def propose(self, command: Propose, *, actor: Member, key: str) -> Proposal:
        """A change for somebody else to approve. Raises NotAllowed; Invalid when it changes nothing or clashes."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            allow(session, actor, Action.PROPOSE_CHECKLIST)
            if earlier := claim_key(session.connection, key, "Propose", now):
                return proposals.load(session.connection, int(earlier))
            _check(session, command)
            kept = library.scope(session.connection, command.checklist_id) if command.checklist_id else None
            proposal_id = proposals.add(
                session.connection,
                checklist_id=command.checklist_id,
                payer_id=command.payer_id,
                plan_id=kept.plan_id if kept else command.plan_id,
                line_of_business=kept.line_of_business if kept else None,
                base_n=command.base_n,
                body=command.body,
                why=command.why,
                by=actor.user_id,
                at=now,
                authorization=command.authorization,
            )
            keep_result(session.connection, key, str(proposal_id))
            made = proposals.load(session.connection, proposal_id)
            _note(session, made, "proposed", actor, now, why=command.why)
            staff = session.practice.staff
            readers = {member.user_id for member in rules.approvers(made, staff)}
            if wanted := [member for member in rules.cosigners(made, staff) if not member.away]:
                readers.add(wanted[0].user_id)
            _tell(session, telling.PROPOSAL, sorted(readers), made.id, now)
            return made

    def proposal(self, proposal_id: int, *, actor: Member) -> Proposal:
        """Raises NotFound."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            return proposals.load(session.connection, proposal_id)

    def newer_for(self, version_id: int, owner_id: str) -> tuple[Kept, tuple[QueueLine, ...]]:
        """A version, and which of a person's open requests still keep an earlier one."""
        with self.store.read() as session:
            kept = look_ups.kept(session, version_id)
            concerned = proposals.following(session.connection, kept.checklist_id, version_id)
            numbers = [row.number for row in concerned if row.owner_id == owner_id]
            where = [lists.numbers(numbers)]
            found, _ = lists.page(session.connection, session.vault, session.practice.staff, where, limit=MOST)
            return kept, found

    def cosign(self, proposal_id: int, *, actor: Member, key: str) -> Proposal:
        """A clinician stands behind the list of clinical documents. Raises NotAllowed, AlreadyDone, Stale."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"Cosign:{proposal_id}", now) is None:
                found = proposals.load(session.connection, proposal_id, lock=True)
                rules.require_current(found, session.practice.staff)
                rules.require_cosigner(found, actor, session.practice.staff)
                proposals.cosign(session.connection, proposal_id, by=actor.user_id, at=now)
                _note(session, found, "cosigned", actor, now)
                messages.refresh_lists(session.connection, telling.PROPOSAL, str(proposal_id), now)
            return proposals.load(session.connection, proposal_id)

    def approve(self, proposal_id: int, *, actor: Member, key: str) -> Proposal:
        """The next version is in force, and the owners of open requests know. Raises NotAllowed, AlreadyDone, Stale."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"Approve:{proposal_id}", now) is None:
                found = proposals.load(session.connection, proposal_id, lock=True)
                staff = session.practice.staff
                rules.require_current(found, staff)
                rules.require_approver(found, actor, staff)
                _refuse_clash(session, found.payer, found.checklist_id, _kept(found))
                if actor in rules.cosigners(found, staff):  # a clinician's approval is both
                    proposals.cosign(session.connection, proposal_id, by=actor.user_id, at=now)
                    found = proposals.load(session.connection, proposal_id)
                proposals.decide(session.connection, proposal_id, ProposalState.APPROVED, by=actor.user_id, at=now)
                _put_in_force(session, found, actor, now)
            return proposals.load(session.connection, proposal_id)

    def refuse(self, proposal_id: int, why: str, *, actor: Member, key: str) -> Proposal:
        """Not so; the author reads why. Authors may take their own back. Raises NotAllowed, AlreadyDone."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"Refuse:{proposal_id}", now) is None:
                found = proposals.load(session.connection, proposal_id, lock=True)
                staff = session.practice.staff
                rules.require_undecided(found, staff)
                if actor.user_id != found.by and actor not in rules.cosigners(found, staff):
                    rules.require_approver(found, actor, staff)
                state = ProposalState.REFUSED
                proposals.decide(session.connection, proposal_id, state, by=actor.user_id, at=now, why=why)
                _note(session, found, "refused", actor, now, why=why)
                _decided(session, found, actor, now)
            return proposals.load(session.connection, proposal_id)


def _check(session: Session, command: Propose) -> None:
    if not command.why.strip():
        raise Invalid({"why": "Say how you know: who told you, or where it is written."})
    name = payers.name_of(session.connection, command.payer_id)
    if command.checklist_id is None:
        plan = payers.plans(session.connection, plan_id=command.plan_id)[0].plan if command.plan_id else ""
        _refuse_clash(session, name, None, KeptChecklist(command.body, plan))
        return
    current = library.in_force(session.connection, command.checklist_id)
    if current is None:
        raise NotFound("That checklist is not there any more. Look it up again with /pa check.")
    if not differences(current, command.body):
        raise Invalid({"why": "Nothing differs from the checklist in force. Change something first."})
    kept = library.scope(session.connection, command.checklist_id)
    plans = {facts.plan_id: facts.plan for facts in payers.plans(session.connection, plan_id=kept.plan_id)}
    moved = KeptChecklist(command.body, plans.get(kept.plan_id or 0, ""), kept.line_of_business)
    _refuse_clash(session, name, command.checklist_id, moved)


def _refuse_clash(session: Session, payer: str, checklist_id: int | None, kept: KeptChecklist) -> None:
    """Raises Invalid when two of the payer's checklists would match something equally, or bear the same name."""
    own = library.key_of(session.connection, checklist_id) if checklist_id else None
    (entry,) = payers.read(session.connection, payer) or (PayerEntry(payer),)
    others = [other for other in entry.checklists if other.key != own]
    if any(other.key == kept.key for other in others):
        raise Invalid({"service": f"{payer} has a checklist called “{kept.body.service}” already. Change that one."})
    if clash := next(clashes([*others, kept]), None):
        raise Invalid({"codes": f"{clash} Narrow one of them."})


def _kept(proposal: Proposal) -> KeptChecklist:
    return KeptChecklist(proposal.body, proposal.plan, proposal.line_of_business)


def _put_in_force(session: Session, found: Proposal, actor: Member, now: datetime) -> None:
    checklist_id, version = library.save_version(
        session.connection,
        found.payer_id,
        found.plan_id,
        _kept(found),
        why=found.why,
        proposed=(found.by, found.at),
        approved=(actor.user_id, now),
        cosigned_by=found.cosigned_by,
        checklist_id=found.checklist_id,
    )
    people.library_changed(session.connection)
    changed = [str(each) for each in found.differences]
    detail = {"n": version.n, "why": found.why, "changes": changed}
    events = [NewEvent("version", actor.user_id, now, payload={"detail": detail})]
    append(session.connection, session.vault, f"checklist:{checklist_id}", events)
    _decided(session, found, actor, now)
    concerned = proposals.following(session.connection, checklist_id, version.id)
    owners = {row.owner_id for row in concerned if row.owner_id}
    _tell(session, telling.NEWER_CHECKLIST, sorted(owners), version.id, now)


def _decided(session: Session, found: Proposal, actor: Member, now: datetime) -> None:
    """Whoever was asked sees that it is over; the author is told."""
    messages.refresh_lists(session.connection, telling.PROPOSAL, str(found.id), now)
    if actor.user_id != found.by:
        _tell(session, telling.PROPOSAL_DECIDED, [found.by], found.id, now)


def _tell(session: Session, kind: str, recipients: list[str], subject: int, now: datetime) -> None:
    for recipient in recipients:
        messages.want(
            session.connection,
            key=f"{kind}:{subject}:{recipient}",
            kind=kind,
            recipient=recipient,
            subject=str(subject),
            now=now,
            held_until=telling.hold(session, now),
        )


def _note(session: Session, found: Proposal, kind: str, actor: Member, now: datetime, **detail: str) -> None:
    subject = f"checklist:{found.checklist_id}" if found.checklist_id else f"payer:{found.payer_id}"
    event = NewEvent(kind, actor.user_id, now, payload={"detail": {"proposal": found.id, **detail}})
    append(session.connection, session.vault, subject, [event])
