"""Putting a request on hold until a day, and taking it up again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import commands_clocks as c
from pabot.domain import holds
from pabot.domain.clocks import named
from pabot.domain.commands import Command
from pabot.domain.errors import Invalid
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Plan, StepRule

_IN_PREPARATION = frozenset({Status.READY, Status.DOCS_NEEDED})


def hold_until(state: AuthorizationState, command: c.HoldUntil, actor: Member, now: datetime, rules: Rules) -> Plan:
    """It ends by itself when the office opens on that day. Raises Invalid."""
    today, until = rules.calendar.day(now), command.until_on
    if command.reason not in holds.REASONS:
        raise Invalid({"reason": "Choose a reason from the list."})
    if not today < until <= today + holds.LONGEST:
        raise Invalid({"until_on": f"Choose a day after today, within the next {holds.LONGEST.days}."})
    if state.appointment_on and until >= state.appointment_on:
        booked = named(state.appointment_on)
        raise Invalid(
            {"until_on": f"The appointment is on {booked}, and needs approval before. Choose an earlier day."}
        )
    if command.reason == "other" and not command.note:
        raise Invalid({"note": "Say what it waits for."})
    facts = replace(state, on_hold_until=until, on_hold_since=now, on_hold_for=command.reason)
    detail = {"on_hold": command.reason, "until_on": until.isoformat(), "note": command.note}
    return Plan(facts, detail=detail)


def resume(state: AuthorizationState, command: c.Resume, actor: Member, now: datetime, rules: Rules) -> Plan:
    return resumed(state, now, rules)


def resumed(state: AuthorizationState, now: datetime, rules: Rules) -> Plan:
    """Off hold, whether somebody says so or the day has come."""
    facts = holds.ended(state, now, rules)
    return Plan(facts, detail={"days_on_hold": facts.days_on_hold - state.days_on_hold})


STEPS: Mapping[type[Command], StepRule] = {
    c.HoldUntil: StepRule(
        "hold_until",
        "Hold until …",
        Action.RECORD_CONTACT,
        _IN_PREPARATION,
        hold_until,
        applies=lambda state: state.on_hold_until is None and not state.is_expedited,
    ),
    c.Resume: StepRule(
        "resume",
        "Resume",
        Action.RECORD_CONTACT,
        _IN_PREPARATION,
        resume,
        applies=lambda state: state.on_hold_until is not None,
    ),
}
