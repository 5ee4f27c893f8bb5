"""The peer-to-peer call: asked for, set for a time, and what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain import denials
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.model import AuthorizationState, Decision, Member, PeerToPeer, Role
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import PendingKind, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_appeals import decided_for, undecided_again
from pabot.domain.steps_review import leave

S = Status
CallOutcome = ca.CallOutcome
HELD = (CallOutcome.OVERTURNED, CallOutcome.UPHELD, CallOutcome.EDUCATIONAL)  # what only a call that was held can be
MOST_SLOTS = 3


def book_peer_to_peer(
    state: AuthorizationState, command: ca.BookPeerToPeer, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """Asked for, with or without a time; said again, it is the same call with another one."""
    if not decided_for(state, Decision.P2P):
        raise NotNow("A peer-to-peer call is booked only after a clinician decided for it.")
    member = rules.staff.get(command.clinician_id)
    if member is None or not member.active or not member.is_(Role.CLINICIAN):
        raise Invalid({"clinician": "Only a clinician can take a peer-to-peer call."})
    _times_make_sense(command, now)
    slots = " ".join(at.isoformat() for at in command.slots)
    known = state.open_peer_to_peer
    call = PeerToPeer(
        known.id if known else None,
        command.scheduled_for,
        command.phone,
        member.user_id,
        actor.user_id,
        requested_at=command.requested_at or (known.requested_at if known else None) or now,
        requested_with=command.requested_with or (known.requested_with if known else ""),
        reference=command.reference or (known.reference if known else ""),
        slots=slots or (known.slots if known else ""),
    )
    today = rules.calendar.day(now)
    day = rules.calendar.day(command.scheduled_for) if command.scheduled_for else rules.calendar.next_open_day(today)
    facts = replace(
        state,
        peer_to_peer=call,
        pending_kind=PendingKind.P2P,
        return_status=None,
        expected_on=day,
        expected_source="day of the peer-to-peer call" if command.scheduled_for else "time of the peer-to-peer call",
        next_check_on=day,
    )
    at = command.scheduled_for.isoformat() if command.scheduled_for else ""
    detail = {"at": at, "clinician": member.user_id, "phone": command.phone, "reference": command.reference}
    told = member.user_id != actor.user_id and command.scheduled_for is not None
    facts, path = (facts, ()) if state.status is S.PENDING else leave(facts, S.PENDING)
    return Plan(facts, path, (Notice(NoticeKind.CALL, member.user_id),) if told else (), detail)


def _times_make_sense(command: ca.BookPeerToPeer, now: datetime) -> None:
    if command.scheduled_for is None and command.requested_at is None:
        raise Invalid({"scheduled_for": "Say when the call is, or when it was asked for."})
    if command.scheduled_for and command.scheduled_for < now - timedelta(days=1):
        raise Invalid({"scheduled_for": "That time has passed. Choose when the call will be."})
    if command.requested_at and command.requested_at > now + timedelta(minutes=5):
        raise Invalid({"requested_at": "That lies in the future. Choose when the call was asked for."})
    if len(command.slots) > MOST_SLOTS:
        raise Invalid({"slot_1": f"Up to {MOST_SLOTS} times are kept: choose among them."})


def record_peer_to_peer(
    state: AuthorizationState, command: ca.RecordPeerToPeer, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """A call that won waits for the approval; what changed nothing is decided again; a missed one is booked again."""
    call = state.open_peer_to_peer
    if call is None:
        raise NotNow("No peer-to-peer call is open.")
    held = command.outcome in HELD
    if held and call.scheduled_for and call.scheduled_for > now + timedelta(minutes=5):
        raise Invalid({"outcome": "The call is set for later: record what came of it once it was held."})
    dictated = "" if actor.is_(Role.CLINICIAN) else command.director or ""
    over = replace(call, outcome=command.outcome.value, outcome_at=now, note=command.note, dictated_by=dictated)
    facts = replace(state, peer_to_peer=over)
    detail = {"call": command.outcome.value, "dictated_by": dictated, "note": command.note}
    if command.outcome is CallOutcome.OVERTURNED:
        day = rules.calendar.next_open_day(rules.calendar.day(now))
        facts = replace(facts, expected_on=day, expected_source="payer", next_check_on=day)
        return Plan(facts, (), detail=detail)
    if command.outcome is CallOutcome.MISSED:
        owner = rules.staff.acting_for(state.owner_id or state.opened_by, state.number)
        told = (Notice(NoticeKind.INSTRUCTION, owner.user_id),) if owner and owner.user_id != actor.user_id else ()
        facts = replace(facts, return_status=facts.stands_at, next_check_on=None)
        facts = denials.awaiting_the_rest(facts, now, rules)
        return Plan(facts, () if state.status is S.CLINICAL_REVIEW else (S.CLINICAL_REVIEW,), told, detail)
    return undecided_again(facts, now, rules, detail)


def _may_book(state: AuthorizationState) -> bool:
    """Not while a question about it is with a clinician, nor once it was won."""
    settled = state.call_was_won or (state.open_peer_to_peer is not None and state.status is not S.PENDING)
    return decided_for(state, Decision.P2P) and not settled


STEPS: Mapping[type[c.Command], StepRule] = {
    ca.BookPeerToPeer: StepRule(
        "book_peer_to_peer",
        "Call booked",
        Action.SCHEDULE_P2P,
        frozenset({S.CLINICAL_REVIEW, S.PENDING}),
        book_peer_to_peer,
        applies=_may_book,
    ),
    ca.RecordPeerToPeer: StepRule(
        "record_peer_to_peer",
        "What came of the call",
        Action.RECORD_P2P,
        frozenset({S.PENDING, S.CLINICAL_REVIEW}),
        record_peer_to_peer,
        applies=lambda state: state.open_peer_to_peer is not None and state.stage is S.PENDING,
        directed=True,
    ),
}
