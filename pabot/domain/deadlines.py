"""Every clock of a request as arithmetic on its facts: which run now, until when, and why.

`running` is a pure function of the state, so that changing a fact moves the clocks and taking an entry back
returns them. Units: `bh` business hours, `bd` business days, `ch` calendar hours, `cd` calendar days.
Calendar and legal clocks never pause; internal ones follow the practice's calendar.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pabot.domain.model import AuthorizationState, Decision
from pabot.domain.payer_rules import Layer, Rule, RuleKind, Window
from pabot.domain.rules import Rules, window_end
from pabot.domain.statuses import AWAITING_ANSWER, BEFORE_SUBMISSION, Outcome, PendingKind, Status


class Clock(StrEnum):
    FIRST_TOUCH = "first_touch"
    SUBMISSION = "submission"
    DOCUMENT_CHASE = "document_chase"
    ACKNOWLEDGEMENT = "acknowledgement"
    PAYER_RESPONSE = "payer_response"
    FOLLOW_UP = "follow_up"
    ESCALATION_TRIGGER = "escalation_trigger"
    INFORMATION = "information"
    ROUTING = "routing"
    ACCEPTANCE = "acceptance"
    APPEAL_READY = "appeal_ready"
    APPEAL_WINDOW = "appeal_window"
    P2P_WINDOW = "p2p_window"
    PATIENT_TOLD = "patient_told"
    CLOSURE = "closure"
    EXPIRY = "expiry"
    SERVICE_DATE = "service_date"


CLOCK_LABELS: Mapping[Clock, str] = {
    Clock.FIRST_TOUCH: "First look",
    Clock.SUBMISSION: "Submit",
    Clock.DOCUMENT_CHASE: "Chase documents",
    Clock.ACKNOWLEDGEMENT: "Payer's confirmation",
    Clock.PAYER_RESPONSE: "Payer's response",
    Clock.FOLLOW_UP: "Check with payer",
    Clock.ESCALATION_TRIGGER: "Checklist's escalation trigger",
    Clock.INFORMATION: "Answer the payer",
    Clock.ROUTING: "Route the denial",
    Clock.ACCEPTANCE: "Clinician's answer",
    Clock.APPEAL_READY: "Denial decided, and appeal or call on its way",
    Clock.APPEAL_WINDOW: "Appeal window ends",
    Clock.P2P_WINDOW: "Peer-to-peer window ends",
    Clock.PATIENT_TOLD: "Tell the patient",
    Clock.CLOSURE: "Close",
    Clock.EXPIRY: "Approval ends",
    Clock.SERVICE_DATE: "Approval before the appointment",
}

ESCALATED = frozenset(
    {
        Clock.SUBMISSION,
        Clock.PAYER_RESPONSE,
        Clock.FOLLOW_UP,
        Clock.ESCALATION_TRIGGER,
        Clock.INFORMATION,
        Clock.ROUTING,
        Clock.ACCEPTANCE,
        Clock.APPEAL_READY,
        Clock.APPEAL_WINDOW,
        Clock.P2P_WINDOW,
        Clock.PATIENT_TOLD,
        Clock.SERVICE_DATE,
    }
)
LEGAL = frozenset({Clock.INFORMATION, Clock.APPEAL_WINDOW, Clock.P2P_WINDOW})  # dates that the payer's letters set
READY_TO_CLOSE = frozenset({Status.APPROVED, Status.DENIED, Status.PATIENT_NOTIFIED})
# What whoever was asked to judge holds up; the other clocks are the owner's to answer, whatever the request waits for.
JUDGED = ESCALATED - {
    Clock.FOLLOW_UP,
    Clock.PAYER_RESPONSE,
    Clock.ESCALATION_TRIGGER,
    Clock.ROUTING,
    Clock.PATIENT_TOLD,
    Clock.SERVICE_DATE,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One running clock. `why` explains the date; `source` is letter, practice, or the layer of the payer's rule."""

    kind: Clock
    due_at: datetime
    unit: str
    started_at: datetime
    source: str
    why: str
    managers_at: datetime | None = None  # when the managers hear of it, as `ladder` says; None: never


Clockwork = Callable[[AuthorizationState, Rules], Deadline | None]


def running(state: AuthorizationState, rules: Rules) -> tuple[Deadline, ...]:
    """The clocks that run for a request, soonest first."""
    found = [deadline for rule in RULES if (deadline := rule(state, rules))]
    return tuple(sorted(found, key=lambda deadline: deadline.due_at))


def expected_response(start: datetime, rules: Rules, *, expedited: bool) -> tuple[date, str]:
    """The day by which the payer should answer something received at `start`, and why."""
    rule, kind = decision_rule(rules, expedited=expedited)
    return rules.calendar.day(window_end(rule.window, start, rules.calendar)), f"{kind} window, {rule.window}"


def decision_rule(rules: Rules, *, expedited: bool) -> tuple[Rule, str]:
    """The payer's window for a decision, and which of the two it is."""
    kind = RuleKind.EXPEDITED if expedited else RuleKind.STANDARD
    return rules.payer[kind], "expedited" if expedited else "standard"


def awaited_since(state: AuthorizationState) -> datetime | None:
    """Since when the payer has had all it asked for: its receipt, our answer to its latest question, a reopening."""
    return _or_later(state, state.acknowledged_at or state.submitted_at)


def _or_later(state: AuthorizationState, received: datetime | None) -> datetime | None:
    """When the payer's turn began: at `received`, or when we answered its latest question or reopened the request."""
    asked = state.information_request
    answered = asked.answered_at if asked and asked.answered_by else None
    later = (at for at in (answered, state.reopened_at) if at)
    return max([received, *later]) if received else None


def _first_touch(state: AuthorizationState, rules: Rules) -> Deadline | None:
    if state.status is not Status.NEW:
        return None
    due = rules.calendar.plus_business_hours(state.created_at, 2)
    return Deadline(Clock.FIRST_TOUCH, due, "bh", state.created_at, "practice", "2 business hours after opening")


def _submission(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Same business day as the order; a corrected request, the same day as the decision to send it again."""
    if state.stage not in BEFORE_SUBMISSION or state.open_information_request:
        return None
    denial = state.denial
    again = denial.decided_at if denial and denial.decision is Decision.RESUBMIT else None
    starts = {state.ordered_at: "the order", again: "the decision to resubmit", state.reopened_at: "reopening"}
    start = max(at for at in starts if at)
    due = rules.calendar.closes(rules.calendar.business_day(start))
    why = f"same business day as {starts[start]}"
    return Deadline(Clock.SUBMISSION, due, "bd", start, "practice", why)


def _document_chase(state: AuthorizationState, rules: Rules) -> Deadline | None:
    if state.status is not Status.DOCS_NEEDED:
        return None
    asked = [document.asked_at for document in state.documents if document.is_asked_for and document.asked_at]
    start = max([state.status_since, *asked])
    due = rules.calendar.plus_business_days(start, 1)
    why = "1 business day after it was asked for" if asked else "1 business day"
    return Deadline(Clock.DOCUMENT_CHASE, due, "bd", start, "practice", why)


def _acknowledgement(state: AuthorizationState, rules: Rules) -> Deadline | None:
    start = state.submitted_at
    if state.status is not Status.SUBMITTED or start is None:
        return None
    if state.is_expedited:
        due, unit, why = start + timedelta(hours=2), "ch", "expedited: 2 hours after sending"
    else:
        due, unit, why = rules.calendar.plus_business_days(start, 1), "bd", "1 business day after sending"
    return Deadline(Clock.ACKNOWLEDGEMENT, due, unit, start, "practice", why)


def _payer_response(state: AuthorizationState, rules: Rules) -> Deadline | None:
    start = awaited_since(state)
    if state.stage not in AWAITING_ANSWER or start is None:
        return None
    appeal, call = state.open_appeal, state.open_peer_to_peer
    if state.pending_kind is PendingKind.APPEAL and appeal:
        due = rules.calendar.end_of(appeal.decision_due_on)
        return Deadline(Clock.PAYER_RESPONSE, due, "cd", appeal.filed_at, "payer", "decision on the appeal")
    if state.pending_kind is PendingKind.P2P and call:
        due = rules.calendar.closes(rules.calendar.first_open_day(rules.calendar.day(call.scheduled_for)))
        return Deadline(Clock.PAYER_RESPONSE, due, "cd", start, "practice", "day of the peer-to-peer call")
    if state.expected_source == "payer" and state.expected_on:
        due = rules.calendar.end_of(state.expected_on)
        return Deadline(Clock.PAYER_RESPONSE, due, "cd", start, "payer", "the date the payer gave")
    rule, kind = decision_rule(rules, expedited=state.is_expedited)
    due = window_end(rule.window, start, rules.calendar)
    unit = {"h": "ch"}.get(rule.window.unit, rule.window.unit)
    return Deadline(Clock.PAYER_RESPONSE, due, unit, start, rule.layer, f"payer's {kind} window, {rule.window}")


def _follow_up(state: AuthorizationState, rules: Rules) -> Deadline | None:
    if state.stage not in AWAITING_ANSWER or state.next_check_on is None:
        return None
    day = rules.calendar.first_open_day(state.next_check_on)
    return Deadline(
        Clock.FOLLOW_UP,
        rules.calendar.closes(day),
        "bd",
        state.status_since,
        "practice",
        "the next check with the payer",
    )


def _escalation_trigger(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """The practice's own limit for an unanswered request: business days after sending, for the first decision only.

    A question of the payer is an answer; the days are counted anew from what we sent back.
    """
    days = rules.checklist.escalate_after_days if rules.checklist else None
    start = _or_later(state, state.submitted_at)
    first = state.pending_kind in (None, PendingKind.INITIAL)
    if rules.checklist is None or days is None or start is None or not first or state.stage not in AWAITING_ANSWER:
        return None
    due = rules.calendar.plus_business_days(start, days)
    why = f"checklist “{rules.checklist.service}”: raise after {Window(days, 'bd')} without an answer"
    return Deadline(Clock.ESCALATION_TRIGGER, due, "bd", start, Layer.CHECKLIST, why)


def _information(state: AuthorizationState, rules: Rules) -> Deadline | None:
    asked = state.open_information_request
    if asked is None or not state.is_open:
        return None
    due = _legal_end(asked.due_on, rules)
    return Deadline(Clock.INFORMATION, due, "cd", asked.received_at, "payer", "the payer's information deadline")


def _routing(state: AuthorizationState, rules: Rules) -> Deadline | None:
    denial = state.undecided_denial
    if denial is None or denial.routed_at:
        return None
    due = rules.calendar.plus_business_hours(denial.received_at, 2)
    return Deadline(Clock.ROUTING, due, "bh", denial.received_at, "practice", "2 business hours after the notice")


def _acceptance(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """A routed item, a question or a proposal of urgency waits for a licensed person."""
    if not state.is_open:
        return None
    denial, question = state.undecided_denial, state.open_question
    waits = (
        denial.routed_at if denial and denial.accepted_at is None else None,
        question.asked_at if question else None,
        state.created_at if state.urgency_proposed and state.attested_by is None else None,
    )
    start = min((at for at in waits if at), default=None)
    if start is None:
        return None
    if state.is_expedited:
        due, unit, why = start + timedelta(hours=1), "ch", "expedited: 1 hour after it was sent"
    else:
        due, unit, why = (
            rules.calendar.plus_business_hours(start, 4),
            "bh",
            "4 business hours after it was sent",
        )
    return Deadline(Clock.ACCEPTANCE, due, unit, start, "practice", why)


def _appeal_ready(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Until it is decided, and then until what was decided is done: the appeal filed, the call booked."""
    denial = state.denial
    if denial is None or not state.is_open or not (state.undecided_denial or _to_be_carried_out(state)):
        return None
    due = rules.calendar.rolled(denial.received_at + timedelta(hours=24))
    why = "24 hours after the notice, moved into office hours"
    return Deadline(Clock.APPEAL_READY, due, "ch", denial.received_at, "practice", why)


def _appeal_window(state: AuthorizationState, rules: Rules) -> Deadline | None:
    denial = state.denial
    if denial is None or denial.appeal_by is None or not state.is_open or not _may_still_appeal(state):
        return None
    why = "the letter's appeal deadline" if denial.appeal_source == "letter" else denial.appeal_source
    due = _legal_end(denial.appeal_by, rules)
    return Deadline(Clock.APPEAL_WINDOW, due, "cd", denial.received_at, denial.appeal_source, why)


def _p2p_window(state: AuthorizationState, rules: Rules) -> Deadline | None:
    denial = state.denial
    if denial is None or denial.p2p_by is None or not state.is_open:
        return None
    if denial.decision not in (None, Decision.P2P) or state.open_peer_to_peer or not state.is_contestable:
        return None
    due = _legal_end(denial.p2p_by, rules)
    return Deadline(Clock.P2P_WINDOW, due, "cd", denial.received_at, "letter", "the payer's peer-to-peer window")


def _patient_told(state: AuthorizationState, rules: Rules) -> Deadline | None:
    start = state.decided_at
    if start is None or state.outcome is None or state.patient_knows or not state.is_open:
        return None
    if state.outcome is Outcome.DENIED:
        day_end = rules.calendar.closes(rules.calendar.business_day(start))
        due = max(day_end, rules.calendar.plus_business_hours(start, 1))
        return Deadline(Clock.PATIENT_TOLD, due, "bd", start, "practice", "denied: the same business day")
    due = rules.calendar.rolled(start + timedelta(hours=24))
    return Deadline(Clock.PATIENT_TOLD, due, "ch", start, "practice", "24 hours after the decision")


def _closure(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Also where the patient was told during the review, before its decision: that is ready to close as well."""
    told, denial, question = state.patient_update, state.denial, state.question
    if told is None or not state.patient_knows or state.status not in READY_TO_CLOSE:
        return None
    judged = (denial and denial.decided_at, question and question.answered_at)
    start = max([told.told_at, *(at for at in judged if at)])
    due = rules.calendar.plus_business_days(start, 2)
    why = "2 business days after the patient was told and nothing was left to judge"
    return Deadline(Clock.CLOSURE, due, "bd", start, "practice", why)


def _expiry(state: AuthorizationState, rules: Rules) -> Deadline | None:
    granted = state.outcome in (Outcome.APPROVED, Outcome.PARTIAL)
    if not granted or state.expires_on is None or state.decided_at is None:
        return None
    due = rules.calendar.end_of(state.expires_on)
    return Deadline(Clock.EXPIRY, due, "cd", state.decided_at, "payer", "the approval's last day")


def _service_date(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """An appointment is booked and nothing is approved: that must be there the business day before."""
    refused = state.denial is not None and state.denial.decision is Decision.ACCEPT
    if not state.is_open or state.appointment_on is None or state.outcome not in (None, Outcome.DENIED) or refused:
        return None
    due = rules.calendar.closes(rules.calendar.day_before(state.appointment_on))
    why = "the business day before the appointment"
    return Deadline(Clock.SERVICE_DATE, due, "bd", state.created_at, "practice", why)


def _legal_end(day: date, rules: Rules) -> datetime:
    """A legal date on a closed day is met on the last open day before it."""
    return rules.calendar.closes(rules.calendar.last_open_day(day))


def _to_be_carried_out(state: AuthorizationState) -> bool:
    """Decided for an appeal or a call, and nobody has filed or booked it yet."""
    denial = state.denial
    contests = denial is not None and denial.decision in (Decision.APPEAL, Decision.P2P)
    return contests and state.is_contestable and not state.decision_is_carried_out


def _may_still_appeal(state: AuthorizationState) -> bool:
    """Until the appeal is filed, or a licensed decision went another way that gives it up."""
    denial = state.denial
    if denial is None or denial.decision in (Decision.ACCEPT, Decision.RESUBMIT):
        return False
    return not state.appeal_is_filed and state.is_contestable


RULES: tuple[Clockwork, ...] = (
    _first_touch,
    _submission,
    _document_chase,
    _acknowledgement,
    _payer_response,
    _follow_up,
    _escalation_trigger,
    _information,
    _routing,
    _acceptance,
    _appeal_ready,
    _appeal_window,
    _p2p_window,
    _patient_told,
    _closure,
    _expiry,
    _service_date,
)
