"""The one table of steps, and the two questions asked of it: what becomes of this command, and what may be done now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from pabot.domain import commands as c
from pabot.domain import (
    review,
    roles,
    steps_alarms,
    steps_appeals,
    steps_calls,
    steps_clinical,
    steps_codes,
    steps_decision,
    steps_details,
    steps_documents,
    steps_expiry,
    steps_holds,
    steps_patient,
    steps_patient_calls,
    steps_payer,
    steps_practice,
    steps_review,
    wording,
)
from pabot.domain.commands_appeals import RecordPeerToPeer
from pabot.domain.errors import NotNow
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.review import Matter
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Change, Plan, Step, StepRule
from pabot.domain.transitions import walk

STEPS: Mapping[type[c.Command], StepRule] = {
    **steps_payer.STEPS,
    **steps_decision.STEPS,
    **steps_practice.STEPS,
    **steps_patient.STEPS,
    **steps_patient_calls.STEPS,
    **steps_documents.STEPS,
    **steps_codes.STEPS,
    **steps_details.STEPS,
    **steps_holds.STEPS,
    **steps_review.STEPS,
    **steps_clinical.STEPS,
    **steps_appeals.STEPS,
    **steps_calls.STEPS,
    **steps_alarms.STEPS,
    **steps_expiry.STEPS,
}
DIRECTED = (c.ChangeCodes, RecordPeerToPeer)  # they name the clinician by whose word they are taken
STEPS_BY_KIND: Mapping[str, StepRule] = {rule.kind: rule for rule in STEPS.values()}
OFFERED: Mapping[Status, tuple[StepRule, ...]] = {
    status: tuple(rule for rule in STEPS.values() if rule.offered and status in rule.sources) for status in Status
}


def decide(
    state: AuthorizationState,
    command: c.Command,
    actor: Member,
    now: datetime,
    rules: Rules,
    approver: Member | None = None,
) -> Change:
    """What a command makes of a request. Raises NotAllowed, NotNow, AlreadyDone or Invalid."""
    rule = STEPS[type(command)]
    if isinstance(command, DIRECTED):
        approver = rules.staff.get(command.director)
    staff = rules.staff.members.values()
    action = permission(rule, state, actor, getattr(command, "what", ""))
    roles.require(actor, action, state, rules.policy, staff=staff, approver=approver)
    if state.status not in rule.sources:
        raise NotNow(f"That cannot be done now: PA-{state.number} has moved on.")
    plan = rule.plan(state, command, actor, now, rules)
    if kept := wording.kept_as_is(state, command, actor):
        plan = replace(plan, detail={**plan.detail, "kept": kept})
    after = walk(plan.facts, plan.path, now)
    if not rule.applies(state):  # its button is absent; the sentences above say more where there is more to say
        raise NotNow(f"“{rule.label}” cannot be done now: PA-{state.number} has moved on.")
    return Change(state, replace(after, version=state.version + 1), _steps(rule, state, plan), plan.notices)


def possible(state: AuthorizationState, actor: Member, policy: roles.Policy) -> tuple[StepRule, ...]:
    """The steps that this person may take now, in the order of their buttons."""
    return offers(state, actor, policy)[0]


def offers(
    state: AuthorizationState, actor: Member, policy: roles.Policy
) -> tuple[tuple[StepRule, ...], tuple[StepRule, ...]]:
    """The steps that this person may take now, and those that they may ask an approval for."""
    may, ask = [], []
    for rule in OFFERED[state.status]:
        theirs = rule.kind == "claim" and state.owner_id == actor.user_id  # it is theirs already
        if theirs or not rule.applies(state):
            continue
        refusal = roles.may(actor, permission(rule, state, actor), state, policy)
        if refusal is None or (rule.directed and refusal.approval):
            may.append(rule)
        elif rule.asks and refusal.approval:
            ask.append(rule)
    return tuple(may), tuple(ask)


def permission(rule: StepRule, state: AuthorizationState, actor: Member, what: str = "") -> Action:
    """The action a step is judged by; for some it depends on what is closed, answered or withdrawn.

    A review is taken or given back by whoever may judge that very matter, `what` the button said: a biller acts on an
    administrative denial while a question about the same request waits for a clinician.
    """
    if rule.kind == "close":
        return roles.close_action(state)
    if rule.kind == "withdraw" and (state.status is Status.CLINICAL_REVIEW or state.undecided_denial):
        return Action.WITHDRAW_FROM_REVIEW
    if rule.kind in ("accept_review", "return_review"):
        matter = review.at_hand(state, what, actor, free=rule.kind == "accept_review")
        return Action.ANSWER_QUESTION if matter is Matter.QUESTION else Action.DECIDE_DENIAL
    asked = state.open_information_request
    if rule.kind == "answer_information" and asked and asked.clinical:
        return Action.ANSWER_CLINICAL
    return rule.action


def _steps(rule: StepRule, state: AuthorizationState, plan: Plan) -> tuple[Step, ...]:
    """One step for each status passed; the first carries the detail."""
    if not plan.path:
        return (Step(rule.kind, state.status, state.status, plan.detail),)
    stops = (state.status, *plan.path)
    return tuple(
        Step(rule.kind, before, after, plan.detail if index == 0 else {})
        for index, (before, after) in enumerate(pairwise(stops))
    )
