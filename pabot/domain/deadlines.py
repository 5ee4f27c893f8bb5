"""Every clock of a request as arithmetic on its facts: which run now, until when, and why.

`running` is a pure function of the state, so that changing a fact moves the clocks and taking an entry back
returns them. Calendar and legal clocks never pause; internal ones follow the practice's calendar.
"""

from pabot.domain import clocks_patient, clocks_payer, clocks_practice, clocks_review
from pabot.domain.clocks import (
    CLOCK_LABELS,
    ESCALATED,
    JUDGED,
    LEGAL,
    OWNERS_ALONE,
    Clock,
    Clockwork,
    Deadline,
    Moved,
)
from pabot.domain.clocks_payer import awaited_since, expected_response
from pabot.domain.model import AuthorizationState
from pabot.domain.rules import Rules

__all__ = [
    "CLOCK_LABELS",
    "ESCALATED",
    "JUDGED",
    "LEGAL",
    "OWNERS_ALONE",
    "Clock",
    "Deadline",
    "Moved",
    "awaited_since",
    "expected_response",
    "running",
]


def running(state: AuthorizationState, rules: Rules) -> tuple[Deadline, ...]:
    """The clocks that run for a request, soonest first."""
    found = [deadline for rule in RULES if (deadline := rule(state, rules))]
    return tuple(sorted(found, key=lambda deadline: deadline.due_at))


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
    clocks_review.acceptance,
    clocks_review.judgement,
    clocks_practice.appeal_ready,
    clocks_payer.appeal_window,
    clocks_payer.p2p_window,
    clocks_patient.patient_told,
    clocks_patient.patient_update,
    clocks_patient.patient_question,
    clocks_patient.patient_worry,
    clocks_practice.closure,
    clocks_payer.expiry,
    clocks_practice.service_date,
)
