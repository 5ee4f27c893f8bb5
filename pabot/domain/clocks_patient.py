"""The clocks by which a patient hears: what they are told, when a clinician answers their call, and that answer.

A call's clocks run on closed requests as well, and never pause; those of passing the answer on neither.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pabot.domain import review, updates
from pabot.domain.clocks import Clock, Deadline, on
from pabot.domain.happenings import Asked
from pabot.domain.model import AuthorizationState, PatientCall
from pabot.domain.rules import Rules

QUESTION = 4  # business hours (our judgement)
WORRY = timedelta(hours=1)  # by the clock on the wall (our judgement)
PASS_ON = 1  # business day, as other news of a patient's request (our judgement)


def patient_hears(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """The payer's decision, until the patient knows it; else how it goes on: sent, still awaited, asked for more, late.
    Whatever the patient hears starts that anew.
    """
    waits = updates.soonest(state, rules)
    if waits is None:
        return None
    kind = Clock.PATIENT_TOLD if waits.is_decision else Clock.PATIENT_UPDATE
    return Deadline(kind, waits.due_at, waits.unit, waits.since, "practice", waits.why)


def calls(state: AuthorizationState, rules: Rules) -> Iterator[Deadline]:
    """Each question, and each urgent worry at any hour of any day, until whoever it waits for has answered it."""
    for call in state.open_calls:
        clock = patient_worry(call, rules) if call.asked is Asked.WORRY else patient_question(call, rules)
        yield replace(clock, about=review.of_call(call))


def patient_question(call: PatientCall, rules: Rules) -> Deadline:
    due = rules.calendar.plus_business_hours(call.at, QUESTION)
    why = f"{QUESTION} business hours from the patient's call {on(call.at, rules)}"
    return Deadline(Clock.PATIENT_QUESTION, due, "bh", call.at, "practice", why)


def patient_worry(call: PatientCall, rules: Rules) -> Deadline:
    return _within_the_hour(Clock.PATIENT_WORRY, call.at, "the patient's call", rules)


def tell_answer(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """A clinician's answer, until the patient has heard it."""
    since = state.answer_since
    if since is None:
        return None
    due = rules.calendar.plus_business_days(since, PASS_ON)
    why = f"{PASS_ON} business day from the clinician's answer {on(since, rules)}"
    return Deadline(Clock.TELL_ANSWER, due, "bd", since, "practice", why)


def tell_worried(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """The answer to an urgent worry: as soon as the worry itself, at any hour of any day."""
    since = state.urgent_answer_since
    return _within_the_hour(Clock.TELL_WORRIED, since, "the clinician's answer", rules) if since else None


def worry_left(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """A worry that was given back, or overtaken, without an answer: as soon as the answer would have been."""
    since, word = state.worry_since, "when the question about it ended without an answer"
    return _within_the_hour(Clock.WORRY_LEFT, since, word, rules) if since else None


def _within_the_hour(kind: Clock, since: datetime, word: str, rules: Rules) -> Deadline:
    """What is urgent never waits for the office to open."""
    why = f"urgent: 1 hour from {word} {on(since, rules)}"
    return Deadline(kind, since + WORRY, "ch", since, "practice", why)
