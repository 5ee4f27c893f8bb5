"""Answering an alarm without clearing it: somebody is on it, or it waits for something that has its time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pabot.domain import commands as c
from pabot.domain.deadlines import running
from pabot.domain.errors import Invalid
from pabot.domain.ladder import snooze_ends
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import OPEN
from pabot.domain.steps import Plan, StepRule

ON_IT = "on_it"
REASONS: Mapping[str, str] = {
    ON_IT: "On it",
    "promised": "The payer promised a date",
    "patient": "Waiting for the patient",
    "clinician": "Waiting for the clinician",
    "other": "Another reason",
}
A_DAY = "day"  # of one's own choice
ON_IT_HOURS = 4  # business hours (our judgement)
LONGEST = timedelta(days=7)


def hold(state: AuthorizationState, command: c.Hold, actor: Member, now: datetime, rules: Rules) -> Plan:
    """No longer than a week, and never past a legal deadline of the request. Raises Invalid."""
    if command.reason not in REASONS:
        raise Invalid({"reason": "Choose a reason from the list."})
    legal = snooze_ends(running(state, rules))
    if command.until_on is None:
        until = min(usual_end(command.reason, state, now, rules), legal or now + LONGEST)
    else:
        until = rules.calendar.opens(rules.calendar.first_open_day(command.until_on))
    if not now < until <= now + LONGEST:
        raise Invalid({"until_on": "Choose a day within the next seven."})
    if legal and until > legal:
        ends = rules.calendar.local(legal)
        raise Invalid({"until_on": f"A legal deadline ends on {ends:%a %b} {ends.day}. Snooze it no longer than that."})
    facts = replace(state, held_until=until, held_by=actor.user_id, held_for=command.reason)
    return Plan(facts, detail={"held": command.reason, "at": until.isoformat()})


def usual_end(reason: str, state: AuthorizationState, now: datetime, rules: Rules) -> datetime:
    """On it: four business hours. Else until the office opens: on the day that the payer gave, or the next one."""
    calendar, today = rules.calendar, rules.calendar.day(now)
    if reason == ON_IT:
        return calendar.plus_business_hours(now, ON_IT_HOURS)
    gave = state.expected_on if reason == "promised" and state.expected_source == "payer" else None
    day = calendar.first_open_day(gave) if gave and gave > today else calendar.next_open_day(today)
    return min(calendar.opens(day), now + LONGEST)


def in_words(reason: str) -> str:
    """What was said; a reason of an earlier version is another one."""
    return REASONS.get(reason, REASONS["other"])


STEPS: Mapping[type[c.Command], StepRule] = {
    c.Hold: StepRule("hold", "Snooze", Action.RECORD_CONTACT, OPEN, hold, offered=False),
}
