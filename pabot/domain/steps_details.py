"""Changing what a request was recorded with: its plan, when the payer received it, its appointment, its urgency.

The clocks follow the facts; the save keeps which due dates moved, from when to when.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pabot.domain import commands_clocks as c
from pabot.domain import holds, roles
from pabot.domain.commands import Command
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.model import AuthorizationState, Member, Role, Urgency
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, not_ahead
from pabot.domain.statuses import AWAITING_ANSWER, BEFORE_SUBMISSION, OPEN, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_codes import on_checklist
from pabot.domain.steps_payer import await_anew

S = Status
MINUTE = timedelta(minutes=1)


def change_details(
    state: AuthorizationState, command: c.ChangeDetails, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """What is left out stays as it is. Raises Invalid, NotAllowed, and NotNow for another payer once one has it."""
    facts = _with_plan(state, command, actor, rules)
    facts = _with_receipt(facts, command, now, rules)
    facts = _with_appointment(facts, command, rules)
    facts = _with_urgency(facts, command, actor, now, rules)
    if facts == state:
        raise Invalid({"reason": "This is what is on file. Nothing is changed."})
    counted_anew = ("plan_id", "acknowledged_at", "urgency")
    if any(getattr(facts, name) != getattr(state, name) for name in counted_anew):
        facts = await_anew(state, facts, now, rules)
    detail = {
        "plan": rules.plan.name if rules.plan and facts.plan_id != state.plan_id else "",
        "payer_received": _differs(state.acknowledged_at, facts.acknowledged_at),
        "appointment": _differs(state.appointment_on, facts.appointment_on),
        "urgency": _urgency(state, facts),
        "reason": command.reason,
    }
    moved_on = facts.plan_id != state.plan_id and state.status in (S.DOCS_NEEDED, S.READY)
    return Plan(facts, (S.REQ_CHECK,) if moved_on else (), _to_attest(state, facts, rules), detail)


def _with_plan(state: AuthorizationState, command: c.ChangeDetails, actor: Member, rules: Rules) -> AuthorizationState:
    """Before the payer has it any plan; afterwards one of the same payer, which was only recorded wrongly."""
    if command.plan_id in (None, state.plan_id):
        return state
    roles.require(actor, Action.EDIT_INSURANCE, state, rules.policy, staff=rules.staff.members.values())
    plan = rules.plan
    if plan is None:
        raise Invalid({"payer": "Choose a payer and plan from the list."})
    prepared = state.stage in BEFORE_SUBMISSION and state.open_information_request is None
    if plan.payer_id != state.payer_id and not prepared:
        raise NotNow(
            f"Another payer has PA-{state.number} already. Withdraw it (coverage ended) and open a new request."
        )
    facts = replace(state, plan_id=plan.plan_id, payer_id=plan.payer_id, line_of_business=plan.line_of_business)
    return on_checklist(facts, rules.found) if prepared else facts


def _with_receipt(
    state: AuthorizationState, command: c.ChangeDetails, now: datetime, rules: Rules
) -> AuthorizationState:
    at = command.acknowledged_at
    if at is None or (state.acknowledged_at and abs(at - state.acknowledged_at) < MINUTE):  # as forms show it
        return state
    if state.acknowledged_at is None or state.submitted_at is None or state.stage not in AWAITING_ANSWER:
        raise Invalid({"acknowledged_at": "The payer has not confirmed it. Use “Payer has it” when it does."})
    not_ahead("acknowledged_at", at, now)
    if rules.calendar.day(at) < rules.calendar.day(state.submitted_at):
        raise Invalid({"acknowledged_at": "The payer cannot have received it before it was sent. Check the date."})
    return replace(state, acknowledged_at=at)


def _with_appointment(state: AuthorizationState, command: c.ChangeDetails, rules: Rules) -> AuthorizationState:
    if command.no_appointment:
        return replace(state, appointment_on=None)
    if command.appointment_on is None:
        return state
    if command.appointment_on < rules.calendar.day(state.ordered_at):
        raise Invalid({"appointment_on": "The appointment lies before the order."})
    return replace(state, appointment_on=command.appointment_on)


def _with_urgency(
    state: AuthorizationState, command: c.ChangeDetails, actor: Member, now: datetime, rules: Rules
) -> AuthorizationState:
    """A clinician says it; others propose that it is expedited. Only a clinician makes it standard again."""
    meant = Urgency.EXPEDITED if state.urgency_proposed else state.urgency
    if command.urgency in (None, meant):
        return state
    if actor.is_(Role.CLINICIAN):
        facts = holds.ended(state, now, rules) if command.urgency is Urgency.EXPEDITED else state
        return replace(facts, urgency=command.urgency, urgency_proposed=False, attested_by=actor.user_id)
    if command.urgency is Urgency.STANDARD:
        roles.require(actor, Action.ATTEST_EXPEDITED, state, rules.policy, staff=rules.staff.members.values())
    return replace(state, urgency_proposed=True, urgency_proposed_at=now, attested_by=None)


def _to_attest(was: AuthorizationState, facts: AuthorizationState, rules: Rules) -> tuple[Notice, ...]:
    if was.urgency_proposed or not facts.urgency_proposed:
        return ()
    clinician = rules.staff.clinician_for(facts.clinician_id, facts.number)
    return (Notice(NoticeKind.ATTEST, clinician.user_id if clinician else facts.clinician_id),)


def _urgency(was: AuthorizationState, facts: AuthorizationState) -> str:
    if facts.urgency_proposed and not was.urgency_proposed:
        return "expedited review proposed"
    return f"{was.urgency} → {facts.urgency}" if was.urgency is not facts.urgency else ""


def _differs(before: object, after: object) -> str:
    return f"{before or ''}→{after or ''}" if before != after else ""


STEPS: Mapping[type[Command], StepRule] = {
    c.ChangeDetails: StepRule("change_details", "Change details", Action.PROPOSE_EXPEDITED, OPEN, change_details),
}
