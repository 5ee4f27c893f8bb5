"""The clocks of whoever was asked to judge: until they take it in hand, and from then until they answer.

They run beside the payer's and the law's, and hold neither. The figures are our judgement. What is urgent counts in
hours on the wall, by day and by night: an expedited request, and a patient's urgent worry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pabot.domain.clocks import Clock, Deadline, on
from pabot.domain.model import AuthorizationState
from pabot.domain.review import Matter
from pabot.domain.rules import Rules

ACCEPTANCE = 4  # business hours
ANSWER = 1  # business day after it was taken in hand
URGENT_ACCEPTANCE, URGENT_ANSWER = timedelta(hours=1), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits for a licensed person: what, since when, in words from what, and whether for hours only."""

    about: Matter
    since: datetime
    word: str
    urgent: str  # why, in a word; empty: not


def acceptance(state: AuthorizationState, rules: Rules) -> Iterator[Deadline]:
    """A routed denial, a question, a proposal of urgency: each that nobody has taken in hand yet."""
    denial, question = state.undecided_denial, state.open_question
    hours, asked = _urgent(state), state.urgency_asked_at or state.urgency_proposed_at or state.created_at
    if not state.is_open:
        return
    if denial and denial.routed_at and denial.accepted_at is None:
        yield _accept_by(Wait(Matter.DENIAL, denial.routed_at, "routing the denial", hours), rules)
    if question and question.accepted_at is None:
        yield _accept_by(Wait(Matter.QUESTION, question.asked_at, "asking", hours or _worry(state)), rules)
    if state.urgency_proposed and state.attested_by is None:
        yield _accept_by(Wait(Matter.URGENCY, asked, "proposing expedited review", hours), rules)


def judgement(state: AuthorizationState, rules: Rules) -> Iterator[Deadline]:
    """What somebody has in hand, until it is decided or answered."""
    denial, question = state.undecided_denial, state.open_question
    if not state.is_open:
        return
    if denial and denial.accepted_at:
        yield _answer_by(Wait(Matter.DENIAL, denial.accepted_at, "taking the denial in hand", _urgent(state)), rules)
    if question and question.accepted_at:
        urgent = _urgent(state) or _worry(state)
        yield _answer_by(Wait(Matter.QUESTION, question.accepted_at, "taking the question in hand", urgent), rules)


def _accept_by(wait: Wait, rules: Rules) -> Deadline:
    if wait.urgent:
        return _clock(Clock.ACCEPTANCE, wait, wait.since + URGENT_ACCEPTANCE, "ch", f"{wait.urgent}: 1 hour", rules)
    due = rules.calendar.plus_business_hours(wait.since, ACCEPTANCE)
    return _clock(Clock.ACCEPTANCE, wait, due, "bh", "4 business hours", rules)


def _answer_by(wait: Wait, rules: Rules) -> Deadline:
    if wait.urgent:
        return _clock(Clock.JUDGEMENT, wait, wait.since + URGENT_ANSWER, "ch", f"{wait.urgent}: 4 hours", rules)
    due = rules.calendar.plus_business_days(wait.since, ANSWER)
    return _clock(Clock.JUDGEMENT, wait, due, "bd", "1 business day", rules)


def _clock(kind: Clock, wait: Wait, due: datetime, unit: str, window: str, rules: Rules) -> Deadline:
    why = f"{window} from {wait.word} {on(wait.since, rules)}"
    return Deadline(kind, due, unit, wait.since, "practice", why, about=wait.about)


def _urgent(state: AuthorizationState) -> str:
    return "expedited" if state.is_expedited else ""


def _worry(state: AuthorizationState) -> str:
    question = state.open_question
    return "urgent worry" if question and question.is_urgent else ""
