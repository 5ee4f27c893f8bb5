"""The clocks of whoever was asked to judge: until they take it in hand, and from then until they answer.

They run beside the payer's and the law's, and hold neither. The figures are our judgement. What is urgent counts in
hours on the wall, by day and by night: an expedited request, and a patient's urgent worry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pabot.domain.clocks import Clock, Deadline, on
from pabot.domain.model import AuthorizationState
from pabot.domain.rules import Rules

ACCEPTANCE = 4  # business hours
ANSWER = 1  # business day after it was taken in hand
URGENT_ACCEPTANCE, URGENT_ANSWER = timedelta(hours=1), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits for a licensed person: since when, in words from what, and whether for hours only."""

    since: datetime
    word: str
    urgent: str  # why, in a word; empty: not


def acceptance(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """A routed denial, a question or a proposal of urgency that nobody has taken in hand yet."""
    denial, question = state.undecided_denial, state.open_question
    hours, asked = _urgent(state), state.urgency_asked_at or state.urgency_proposed_at or state.created_at
    waits = []
    if denial and denial.routed_at and denial.accepted_at is None:
        waits.append(Wait(denial.routed_at, "routing the denial", hours))
    if question and question.accepted_at is None:
        waits.append(Wait(question.asked_at, "asking", hours or _worry(state)))
    if state.urgency_proposed and state.attested_by is None:
        waits.append(Wait(asked, "proposing expedited review", hours))
    return _soonest(Clock.ACCEPTANCE, (_accept_by(wait, rules) for wait in waits if state.is_open), "bh")


def judgement(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """What somebody has in hand, until it is decided or answered."""
    denial, question = state.undecided_denial, state.open_question
    waits = []
    if denial and denial.accepted_at:
        waits.append(Wait(denial.accepted_at, "taking the denial in hand", _urgent(state)))
    if question and question.accepted_at:
        waits.append(Wait(question.accepted_at, "taking the question in hand", _urgent(state) or _worry(state)))
    return _soonest(Clock.JUDGEMENT, (_answer_by(wait, rules) for wait in waits if state.is_open), "bd")


Found = tuple[datetime, Wait, str]  # due, of what, and why


def _accept_by(wait: Wait, rules: Rules) -> Found:
    start = f"from {wait.word} {on(wait.since, rules)}"
    if wait.urgent:
        return wait.since + URGENT_ACCEPTANCE, wait, f"{wait.urgent}: 1 hour {start}"
    return rules.calendar.plus_business_hours(wait.since, ACCEPTANCE), wait, f"4 business hours {start}"


def _answer_by(wait: Wait, rules: Rules) -> Found:
    start = f"from {wait.word} {on(wait.since, rules)}"
    if wait.urgent:
        return wait.since + URGENT_ANSWER, wait, f"{wait.urgent}: 4 hours {start}"
    return rules.calendar.plus_business_days(wait.since, ANSWER), wait, f"1 business day {start}"


def _soonest(kind: Clock, found: Iterable[Found], unit: str) -> Deadline | None:
    first = min(found, key=lambda one: one[0], default=None)
    if first is None:
        return None
    due, wait, why = first
    return Deadline(kind, due, "ch" if wait.urgent else unit, wait.since, "practice", why)


def _urgent(state: AuthorizationState) -> str:
    return "expedited" if state.is_expedited else ""


def _worry(state: AuthorizationState) -> str:
    question = state.open_question
    return "urgent worry" if question and question.is_urgent else ""
