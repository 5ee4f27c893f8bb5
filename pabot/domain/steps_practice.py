"""Steps inside the practice: taking, preparing, ending."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import commands as c
from pabot.domain import roles, updates
from pabot.domain.errors import Invalid
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.requirements import WITHDRAWAL_REASONS
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import OPEN, WITH_PAYER, Outcome, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_documents import onward

S = Status


def claim(state: AuthorizationState, command: c.Claim, actor: Member, now: datetime, rules: Rules) -> Plan:
    return Plan(replace(state, owner_id=actor.user_id), (S.REQ_CHECK,))


def assign(state: AuthorizationState, command: c.Assign, actor: Member, now: datetime, rules: Rules) -> Plan:
    member = rules.staff.get(command.owner_id)
    if member is None or not member.active:
        raise Invalid({"owner": "That person is not on the staff list. A manager can add them with /pa staff."})
    if roles.may(member, Action.CLAIM):
        raise Invalid({"owner": f"{member.name} cannot own requests. Choose someone who works the queue."})
    if command.owner_id == state.owner_id:
        raise Invalid({"owner": f"{member.name} has it already."})
    told = () if member.user_id == actor.user_id else (Notice(NoticeKind.ASSIGNED, member.user_id),)
    detail = {"from": state.owner_id, "to": member.user_id, "note": command.note}
    return Plan(replace(state, owner_id=member.user_id), (), told, detail)


def check_requirement(
    state: AuthorizationState, command: c.CheckRequirement, actor: Member, now: datetime, rules: Rules
) -> Plan:
    facts = replace(state, owner_id=state.owner_id or actor.user_id, documents_missing=command.missing)
    start = (S.REQ_CHECK,) if state.status is S.NEW else ()
    if command.required:
        return Plan(facts, onward(facts), detail={"missing": command.missing})
    if not command.proof:
        raise Invalid({"proof": "Say who said that none is needed, and where: name, reference or page."})
    facts = replace(facts, documents_missing="", outcome=Outcome.NOT_REQUIRED, not_required_proof=command.proof)
    facts = replace(facts, closed_at=now, close_reason="not_required")
    return Plan(facts, (*start, S.CLOSED), detail={"proof": command.proof})


def withdraw(state: AuthorizationState, command: c.Withdraw, actor: Member, now: datetime, rules: Rules) -> Plan:
    if state.stage in WITH_PAYER and not command.payer_told:
        raise Invalid({"payer_told": "The payer has this request. Tell the payer first, then tick the box."})
    outcome = Outcome.DUPLICATE if command.reason == "duplicate" else Outcome.WITHDRAWN
    facts = replace(_nothing_left_open(state, actor, now), outcome=outcome, closed_at=now, close_reason=command.reason)
    label = WITHDRAWAL_REASONS[command.reason]
    return Plan(facts, (S.CLOSED,), detail={"reason": label, "note": command.note})


def close(state: AuthorizationState, command: c.Close, actor: Member, now: datetime, rules: Rules) -> Plan:
    reason = state.outcome.value if state.outcome else ""
    path = (S.CLOSED,) if state.status is S.PATIENT_NOTIFIED else (S.PATIENT_NOTIFIED, S.CLOSED)
    detail = {"note": command.note, **closure_steps(command, rules, closes=True)}
    return Plan(replace(state, closed_at=now, close_reason=reason), path, detail=detail)


def reopen(state: AuthorizationState, command: c.Reopen, actor: Member, now: datetime, rules: Rules) -> Plan:
    """A new start: a denial that a withdrawal left undecided waits for nobody any more."""
    owner = rules.staff.owner_after(state.owner_id, state.number)
    facts = replace(
        state,
        closed_at=None,
        reopened_at=now,
        close_reason="",
        outcome=None,
        decided_at=None,
        denial=None if state.denial and state.denial.decision is None else state.denial,
        owner_id=owner.user_id if owner else actor.user_id,
        next_check_on=rules.calendar.next_open_day(rules.calendar.day(now)),
    )
    return Plan(facts, (command.to,), detail={"reason": command.reason})


def closure_steps(command: c.Close | c.TellPatient | c.WaiveUpdate, rules: Rules, *, closes: bool) -> Mapping[str, str]:
    """What the checklist leaves to do at the end, for the timeline. Raises Invalid: undone, and no note says why."""
    steps = rules.checklist.closure_steps if rules.checklist else ()
    done = [step for step in steps if step in command.closure_steps]
    left = [step for step in steps if step not in command.closure_steps]
    if closes and left and not command.note:
        raise Invalid({"closure_steps_1": "Tick what is done. If something is not, say why in the note."})
    return {"done": "; ".join(done), "undone": "; ".join(left) if closes else ""}


def _nothing_left_open(state: AuthorizationState, actor: Member, now: datetime) -> AuthorizationState:
    """A withdrawn request leaves no question, appeal or call open. A denial stays undecided: nobody judged it."""
    asked, appeal, call = state.open_information_request, state.open_appeal, state.open_peer_to_peer
    question = state.open_question
    return replace(
        updates.worry_left(state, now),
        information_request=replace(asked, answered_at=now, answered_by=actor.user_id)
        if asked
        else state.information_request,
        appeal=replace(appeal, outcome=Outcome.WITHDRAWN, outcome_at=now) if appeal else state.appeal,
        peer_to_peer=replace(call, outcome="cancelled", outcome_at=now) if call else state.peer_to_peer,
        question=replace(question, answered_at=now, answered_by=actor.user_id) if question else state.question,
    )


STEPS: Mapping[type[c.Command], StepRule] = {
    c.CheckRequirement: StepRule(
        "check_requirement",
        "Requirement checked",
        Action.CHECK_REQUIREMENT,
        frozenset({S.NEW, S.REQ_CHECK}),
        check_requirement,
    ),
    c.Claim: StepRule("claim", "Take it", Action.CLAIM, frozenset({S.NEW}), claim),
    c.Close: StepRule(
        "close",
        "Close",
        Action.CLOSE_APPROVED,
        frozenset({S.PATIENT_NOTIFIED, S.APPROVED, S.DENIED}),
        close,
        applies=lambda state: state.patient_knows and state.undecided_denial is None,
    ),
    c.Reopen: StepRule("reopen", "Reopen", Action.REOPEN, frozenset({S.CLOSED}), reopen),
    c.Assign: StepRule("assign", "Hand over", Action.ASSIGN, OPEN, assign),
    c.Withdraw: StepRule("withdraw", "Withdraw", Action.WITHDRAW, OPEN - {S.PATIENT_NOTIFIED}, withdraw),
}
