"""“With approval”: asking for a step, approving or declining it, taking it back, and asking the next in time."""

from dataclasses import replace
from datetime import datetime

from pabot.domain import approvals as rules
from pabot.domain import commands as c
from pabot.domain.approvals import Approval, ApprovalState, next_asked
from pabot.domain.cards import SHOWN, AskedLine, AskedList, AuthorizationCard
from pabot.domain.decide import STEPS, STEPS_BY_KIND, permission
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotFound, NotNow, Stale
from pabot.domain.model import AuthorizationState, Member, Role
from pabot.domain.roles import Action, NeedsApproval, may
from pabot.services import approving, cards, telling
from pabot.services.alarms import asked_lines
from pabot.services.requests import judged, refuse_stale, take
from pabot.services.room import SYSTEM, Room, allow, present
from pabot.store import approvals, messages, requests
from pabot.store.store import Session, claim_key

REFUSED = (NotAllowed, NotNow, AlreadyDone, NotFound, Stale, Invalid)  # whatever stands against a step


class Approvals(Room):
    """Use cases around steps that want somebody's approval. Nobody approves what they asked for."""

    __slots__ = ()

    def take_or_ask(self, command: c.Command, why: str = "", *, actor: Member, key: str) -> AuthorizationCard:
        """Take a step; where this person may only with approval, ask for it: then the request stays as it is.

        That the patient was told is a fact, and is recorded; only the closing that came with it waits for the approval.
        Raises as `take_step` does, and AlreadyDone where somebody has asked for the same.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            use_case = f"{type(command).__name__}:{command.number}"
            if claim_key(session.connection, key, use_case, now) is not None:
                return cards.card(session, command.number, actor, now)
            try:
                taken = take(session, command, actor, now)
                return cards.of(session, taken.loaded, actor, now, taken.clocks)
            except NeedsApproval as needed:  # a refused step has written nothing
                if isinstance(command, c.TellPatient | c.WaiveUpdate) and command.and_close:
                    take(session, replace(command, and_close=False, closure_steps=frozenset()), actor, now)
                    command = _closing_of(command)
                _ask(session, command, why, actor, now, needed)
                return cards.card(session, command.number, actor, now)

    def who_approves(self, number: int, kind: str, *, actor: Member) -> Member:
        """Who would be asked first. Raises AlreadyDone where it is asked for, NotAllowed where nobody could be."""
        with self.store.read() as session:
            actor = present(session, actor)
            state, _ = requests.load(session.connection, session.vault, number)
            refusal = may(actor, permission(STEPS_BY_KIND[kind], state, actor), state, session.practice.policy)
            _refuse_twice(session, number, kind)
            return _first(session, state, refusal.roles if refusal else frozenset(), actor)

    def approval(self, approval_id: int, *, actor: Member) -> AskedLine:
        """What is asked for, for whoever is about to answer. Raises NotFound, AlreadyDone, NotAllowed."""
        with self.store.read() as session:
            found = approvals.load(session.connection, session.vault, approval_id)
            rules.require_undecided(found, session.practice.staff)
            rules.require_approver(found, present(session, actor), session.practice.staff)
            return asked_lines(session, [found])[0]

    def approve_step(
        self, approval_id: int, note: str = "", version: int | None = None, *, actor: Member, key: str
    ) -> AuthorizationCard:
        """The step is judged again and taken, under both names.

        Raises NotFound, NotAllowed, AlreadyDone; Stale when the request changed since `version` was looked at; NotNow
        when it cannot be done any more: then that is kept, and whoever asked is told.
        """
        now, refused = self.clock.now(), ""
        with self.store.write() as session:
            actor, found, before = _answered(session, approval_id, actor)
            if claim_key(session.connection, key, f"ApproveStep:{approval_id}", now) is None:
                rules.require_undecided(found, session.practice.staff)
                rules.require_approver(found, actor, session.practice.staff)
                refuse_stale(session, before, version)
                refused = _take_approved(session, found, before, note, actor, now)
            elif found.state is ApprovalState.OVERTAKEN:  # the same form once more: what was said then
                refused = found.answer
            card = cards.card(session, found.number, actor, now)
        if refused:
            raise NotNow(f"It cannot be done any more, and {card.name(found.by)} is told so. {refused}")
        return card

    def decline_step(self, approval_id: int, note: str, *, actor: Member, key: str) -> AuthorizationCard:
        """Not so; whoever asked reads why. Raises NotFound, NotAllowed, AlreadyDone, Invalid without a reason."""
        now = self.clock.now()
        with self.store.write() as session:
            actor, found, _ = _answered(session, approval_id, actor)
            if claim_key(session.connection, key, f"DeclineStep:{approval_id}", now) is None:
                rules.require_undecided(found, session.practice.staff)
                rules.require_approver(found, actor, session.practice.staff)
                if not note.strip():
                    raise Invalid({"note": "Say why not: whoever asked reads it."})
                approving.close(session, found, ApprovalState.DECLINED, actor.user_id, now, note)
            return cards.card(session, found.number, actor, now)

    def take_back_asked(self, approval_id: int, *, actor: Member, key: str) -> AuthorizationCard:
        """Whoever asked does not want it any more. Raises NotFound, NotAllowed, AlreadyDone."""
        now = self.clock.now()
        with self.store.write() as session:
            actor, found, _ = _answered(session, approval_id, actor)
            if claim_key(session.connection, key, f"TakeBackAsked:{approval_id}", now) is None:
                rules.require_asker(found, actor, session.practice.staff)
                rules.require_undecided(found, session.practice.staff)
                approving.close(session, found, ApprovalState.TAKEN_BACK, actor.user_id, now)
            return cards.card(session, found.number, actor, now)

    def keep_approvals(self) -> int:
        """Close what cannot be done any more, and ask the next where nobody answered in time or who was asked is not
        here. Answers how many of them moved. Safe by many workers at once.
        """
        now = self.clock.now()
        with self.store.read() as session:
            waiting = approvals.open_ones(session.connection, session.vault)
            moving = [found.id for found in waiting if _moves(session, found, _state(session, found), now)]
        for approval_id in moving:
            with self.store.write() as session:
                number = approvals.number_of(session.connection, approval_id)
                state, _ = requests.load(session.connection, session.vault, number, lock=True)
                found = approvals.load(session.connection, session.vault, approval_id)
                if found.state is ApprovalState.OPEN and _moves(session, found, state, now):
                    _move(session, found, state, now)
        return len(moving)

    def asked_list(self, reader: Member, subject: str) -> AskedList:
        """What waits for somebody's approval, and what became of what they were asked since this message was made."""
        now = self.clock.now()
        with self.store.read() as session:
            connection, vault = session.connection, session.vault
            waiting = approvals.open_with(connection, vault, reader.user_id)
            left = approvals.left_since(connection, vault, reader.user_id, datetime.fromisoformat(subject))
            return AskedList(
                items=asked_lines(session, waiting[:SHOWN]),
                total=len(waiting),
                left=asked_lines(session, left[-SHOWN:]),
                names=session.practice.names,
                is_newest=messages.newest(connection, telling.APPROVALS, reader.user_id) == subject,
                now=now,
            )

    def answered(self, approval_id: int, *, reader: Member) -> AskedLine:
        """What became of what somebody asked for. Raises NotFound, NotAllowed."""
        with self.store.read() as session:
            allow(session, reader, Action.VIEW_QUEUE)
            return asked_lines(session, [approvals.load(session.connection, session.vault, approval_id)])[0]


def _closing_of(command: c.TellPatient | c.WaiveUpdate) -> c.Close:
    """The closing that a telling asked for besides, as a step of its own."""
    return c.Close(number=command.number, note=command.note, closure_steps=command.closure_steps)


def _ask(session: Session, command: c.Command, why: str, actor: Member, now: datetime, needed: NeedsApproval) -> None:
    """Keep the step as it was typed, and ask the first who may approve it. Raises as the step itself would."""
    rule = STEPS[type(command)]
    state, _ = requests.load(session.connection, session.vault, command.number, lock=True)
    if not rule.asks or needed.refusal.action is not permission(rule, state, actor):
        raise needed
    _refuse_twice(session, command.number, rule.kind)
    first = _first(session, state, needed.refusal.roles, actor)
    change, _ = judged(session, command, actor, now, first)  # what could not be done is not asked for
    due_at = approving.due(session, now)
    approval_id = approvals.add(
        session.connection,
        session.vault,
        kind=rule.kind,
        command=rules.stored(command),
        detail={name: said for name, said in change.steps[0].detail.items() if name != "for"},
        why=why,
        by=actor.user_id,
        roles=needed.refusal.roles,
        asked_of=first.user_id,
        due_at=due_at,
        at=now,
    )
    found = approvals.load(session.connection, session.vault, approval_id)
    approving.note(session, found, "ask_approval", actor.user_id, now, to=first.user_id, note=why)
    approving.tell_asked(session, first.user_id, state, now)


def _take_approved(
    session: Session, found: Approval, before: AuthorizationState, note: str, actor: Member, now: datetime
) -> str:
    """Take the step under both names. Answers why it cannot be done any more; empty when it was done."""
    staff, policy = session.practice.staff, session.practice.policy
    approving.close(session, found, ApprovalState.APPROVED, actor.user_id, now, note)
    refused = rules.overtaken(found, before, staff, policy)
    if not refused:
        try:
            take(session, found.command, staff.members[found.by], now, approver=actor, note=note)
        except REFUSED as wrong:  # a refused step has written nothing
            refused = wrong.sentence
    if refused:
        approving.close(session, found, ApprovalState.OVERTAKEN, actor.user_id, now, refused)
    return refused


def _answered(session: Session, approval_id: int, actor: Member) -> tuple[Member, Approval, AuthorizationState]:
    """Who answers what about which request; the request's row is locked first, as by every other step."""
    actor = present(session, actor)
    number = approvals.number_of(session.connection, approval_id)
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    return actor, approvals.load(session.connection, session.vault, approval_id), before


def _refuse_twice(session: Session, number: int, kind: str) -> None:
    """Raises AlreadyDone with who asked before."""
    staff = session.practice.staff
    for found in approvals.open_about(session.connection, session.vault, number):
        if found.kind == kind:
            asked = f"{staff.name(found.asked_of)} is asked" if found.asked_of else "the managers have it on their list"
            raise AlreadyDone(f"{staff.name(found.by)} asked for this already; {asked}. Nothing changed now.")


def _first(session: Session, state: AuthorizationState, wanted: frozenset[Role], actor: Member) -> Member:
    """Who is asked first. Raises NotAllowed where nobody may approve it."""
    first = next_asked(state, wanted, actor.user_id, session.practice.staff)
    if first is None:
        raise NotAllowed("This needs approval, and nobody on the staff list may give it. A manager can add somebody.")
    return first


def _state(session: Session, found: Approval) -> AuthorizationState:
    return requests.load(session.connection, session.vault, found.number)[0]


def _moves(session: Session, found: Approval, state: AuthorizationState, now: datetime) -> bool:
    """Whether the tick has anything to do about it."""
    staff = session.practice.staff
    if rules.overtaken(found, state, staff, session.practice.policy):
        return True
    if found.asked_of is None or not _is_passed_over(session, found, now):
        before = approvals.asked_before(session.connection, found.id)
        return found.asked_of is None and next_asked(state, found.roles, found.by, staff, before) is not None
    return True


def _is_passed_over(session: Session, found: Approval, now: datetime) -> bool:
    """Time is up, or who was asked is not here or may not answer any more."""
    asked = session.practice.staff.get(found.asked_of)
    late = found.due_at is not None and found.due_at <= now
    return late or asked is None or asked.away or not found.may_answer(asked)


def _move(session: Session, found: Approval, state: AuthorizationState, now: datetime) -> None:
    if sentence := rules.overtaken(found, state, session.practice.staff, session.practice.policy):
        approving.close(session, found, ApprovalState.OVERTAKEN, SYSTEM, now, sentence)
    else:
        approving.ask_next(session, found, state, now)
