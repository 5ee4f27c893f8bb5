"""Every clock of a request as arithmetic on its facts: which run now, until when, and why.

`running` is a pure function of the state, so that changing a fact moves the clocks and taking an entry back
returns them. Calendar and legal clocks never pause; internal ones follow the practice's calendar.
"""

from collections.abc import Mapping
from dataclasses import replace

from pabot.domain import clocks_patient, clocks_payer, clocks_practice, clocks_review, review
from pabot.domain.clocks import (
    CLOCK_LABELS,
    ESCALATED,
    LEGAL,
    OWNERS_ALONE,
    Clock,
    Clockwork,
    Clockworks,
    Deadline,
    Moved,
)
from pabot.domain.clocks_payer import awaited_since, expected_response
from pabot.domain.model import AuthorizationState
from pabot.domain.review import Matter
from pabot.domain.rules import Rules

__all__ = [
    "CLOCK_LABELS",
    "ESCALATED",
    "LEGAL",
    "OWNERS_ALONE",
    "Clock",
    "Deadline",
    "Moved",
    "awaited_since",
    "expected_response",
    "matter_of",
    "running",
    "who_is_meant",
]


def running(state: AuthorizationState, rules: Rules) -> tuple[Deadline, ...]:
    """The clocks that run for a request, soonest first, each with whom it waits for."""
    found = [deadline for rule in RULES if (deadline := rule(state, rules))]
    found += [deadline for rule in EACH for deadline in rule(state, rules)]
    if asked := dict(review.asked(state)):
        found = [replace(one, asked_of=who) if (who := who_is_meant(one, asked)) else one for one in found]
    return tuple(sorted(found, key=lambda deadline: deadline.due_at))


def who_is_meant(clock: Deadline, asked: Mapping[str, str]) -> str | None:
    """The Slack id of whom a clock waits for, of those who were `asked` about what; None: the owner.

    Each has their own: a denial, a question and a patient's call may wait for three people at once.
    """
    return asked.get(matter_of(clock))


def matter_of(clock: Deadline) -> str:
    """What has to be judged for a clock to stop, a key of `review.asked`; empty: nothing."""
    return clock.about or HELD_UP_BY.get(clock.kind, "")


# Clocks of the request as a whole that run out because of what waits for somebody's judgement.
HELD_UP_BY: Mapping[Clock, str] = {
    Clock.SUBMISSION: Matter.QUESTION,
    Clock.INFORMATION: Matter.QUESTION,
    Clock.APPEAL_READY: Matter.DENIAL,
    Clock.APPEAL_WINDOW: Matter.DENIAL,
    Clock.P2P_WINDOW: Matter.DENIAL,
}


RULES: tuple[Clockwork, ...] = (
    clocks_practice.first_touch,
    clocks_practice.submission,
    clocks_practice.document_chase,
    clocks_practice.acknowledgement,
    clocks_payer.payer_response,
    clocks_practice.follow_up,
    clocks_practice.escalation_trigger,
    clocks_payer.information,
    clocks_practice.routing,
    clocks_practice.appeal_ready,
    clocks_payer.appeal_window,
    clocks_payer.p2p_window,
    clocks_patient.patient_hears,
    clocks_patient.tell_answer,
    clocks_patient.tell_worried,
    clocks_patient.worry_left,
    clocks_practice.closure,
    clocks_payer.expiry,
    clocks_practice.service_date,
)
EACH: tuple[Clockworks, ...] = (
    clocks_review.acceptance,
    clocks_review.judgement,
    clocks_patient.calls,
)
