"""A request on hold: nothing is to be done before a day, for a reason that is said.

The practice's own clocks pause only for it, calendar and legal ones never. The time is counted apart.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pabot.domain.clocks import named
from pabot.domain.model import AuthorizationState
from pabot.domain.rules import Rules

REASONS: Mapping[str, str] = {
    "too_early": "Too early to submit",
    "coverage": "New coverage has to start first",
    "patient": "Waiting for the patient",
    "put_off": "The service was put off",
    "other": "Another reason",
}
LONGEST = timedelta(days=180)  # our judgement


def ended(state: AuthorizationState, now: datetime, rules: Rules) -> AuthorizationState:
    """The request off hold from now on, its business days on hold added up; one that is not on hold as it is."""
    if state.on_hold_until is None:
        return state
    days = days_on_hold(state, now, rules)
    return replace(state, on_hold_until=None, on_hold_since=None, on_hold_for="", days_on_hold=days, resumed_at=now)


def days_on_hold(state: AuthorizationState, now: datetime, rules: Rules) -> int:
    """Business days on hold so far, all holds together; the day on which one ends is not counted."""
    calendar, days = rules.calendar, state.days_on_hold
    if state.on_hold_since is None or state.on_hold_until is None:
        return days
    day, end = calendar.day(state.on_hold_since), min(calendar.day(now), state.on_hold_until)
    while day < end:
        days += calendar.is_open_day(day)
        day += timedelta(days=1)
    return days


def in_words(state: AuthorizationState) -> str:
    """`On hold until Dec 5`; nothing for one that is not."""
    return f"On hold until {named(state.on_hold_until)}" if state.on_hold_until else ""
