"""The practice's own clocks: what it sets itself, counted in its open hours and days.

The targets are the founding guides' (the same day, 24 hours) or our judgement (hours and days within the practice).
They pause only while a request is on hold; see `domain/holds.py`.
"""

from datetime import datetime, timedelta

from pabot.domain.clocks import Clock, Deadline, named, on
from pabot.domain.clocks_payer import since_payer_turn
from pabot.domain.model import AuthorizationState, Decision
from pabot.domain.payer_rules import Layer, Window
from pabot.domain.rules import Rules
from pabot.domain.statuses import AWAITING_ANSWER, BEFORE_SUBMISSION, Outcome, PendingKind, Status

FIRST_LOOK, ROUTING = 2, 2  # business hours
CHASE, CHASE_AGAIN, CONFIRMATION, CLOSING = 1, 2, 1, 2  # business days
ADAY, EXPEDITED_CONFIRMATION = timedelta(hours=24), timedelta(hours=2)
READY_TO_CLOSE = frozenset({Status.APPROVED, Status.DENIED, Status.PATIENT_NOTIFIED})


def first_touch(state: AuthorizationState, rules: Rules) -> Deadline | None:
    if state.status is not Status.NEW:
        return None
    due = rules.calendar.plus_business_hours(state.created_at, FIRST_LOOK)
    why = f"2 business hours from opening {on(state.created_at, rules)}"
    return Deadline(Clock.FIRST_TOUCH, due, "bh", state.created_at, "practice", why)


def submission(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Same business day as the order; a corrected request, the same day as the decision to send it again."""
    if state.stage not in BEFORE_SUBMISSION or state.open_information_request:
        return None
    if state.on_hold_until:
        return _after_the_hold(state, rules)
    denial = state.denial
    again = denial.decided_at if denial and denial.decision is Decision.RESUBMIT else None
    starts = {
        state.ordered_at: "the order",
        again: "the decision to resubmit",
        state.reopened_at: "reopening",
        state.resumed_at: "the end of the hold",
    }
    start = max(at for at in starts if at)
    day = rules.calendar.business_day(start)
    which = "same" if day == rules.calendar.day(start) else "next"  # after hours, or on a closed day
    why = f"{which} business day as {starts[start]}" if which == "same" else f"next business day after {starts[start]}"
    why = f"{why} {on(start, rules)}"
    return Deadline(Clock.SUBMISSION, rules.calendar.closes(day), "bd", start, "practice", why)


def _after_the_hold(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Paused: it runs again on the day on which the hold ends by itself."""
    if state.on_hold_until is None or state.on_hold_since is None:
        return None
    day = rules.calendar.first_open_day(state.on_hold_until)
    why = f"the business day on which the hold ends, on hold since {named(rules.calendar.day(state.on_hold_since))}"
    return Deadline(Clock.SUBMISSION, rules.calendar.closes(day), "bd", state.on_hold_since, "practice", why)


def document_chase(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """A business day after the first asking, two after each later one."""
    if state.status is not Status.DOCS_NEEDED or state.on_hold_until:
        return None
    asked = [document for document in state.documents if document.is_asked_for and document.asked_at]
    latest = max(asked, key=lambda document: (document.asked_at, document.times_asked), default=None)
    starts = [state.status_since, state.resumed_at, latest.asked_at if latest else None]
    start = max(at for at in starts if at)
    days, word = CHASE, "needing documents"
    if latest and start == latest.asked_at:
        again = latest.times_asked > 1
        days, word = (CHASE_AGAIN, "asking again") if again else (CHASE, "asking for them")
    due = rules.calendar.plus_business_days(start, days)
    why = f"{Window(days, 'bd')} from {word} {on(start, rules)}"
    return Deadline(Clock.DOCUMENT_CHASE, due, "bd", start, "practice", why)


def acknowledgement(state: AuthorizationState, rules: Rules) -> Deadline | None:
    start = state.submitted_at
    if state.stage is not Status.SUBMITTED or start is None:
        return None
    if state.is_expedited:
        due, unit, window = start + EXPEDITED_CONFIRMATION, "ch", "expedited: 2 hours"
    else:
        due, unit, window = rules.calendar.plus_business_days(start, CONFIRMATION), "bd", "1 business day"
    return Deadline(Clock.ACKNOWLEDGEMENT, due, unit, start, "practice", f"{window} from sending {on(start, rules)}")


def follow_up(state: AuthorizationState, rules: Rules) -> Deadline | None:
    if state.stage not in AWAITING_ANSWER or state.next_check_on is None:
        return None
    day = rules.calendar.first_open_day(state.next_check_on)
    moved = "" if day == state.next_check_on else ", a closed day: on the next open one"
    why = f"the next check with the payer, set for {named(state.next_check_on)}{moved}"
    return Deadline(Clock.FOLLOW_UP, rules.calendar.closes(day), "bd", state.status_since, "practice", why)


def escalation_trigger(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """The practice's own limit for an unanswered request: business days after sending, for the first decision only.

    A question of the payer is an answer; the days are counted anew from what we sent back.
    """
    days = rules.checklist.escalate_after_days if rules.checklist else None
    start, word = since_payer_turn(state, state.submitted_at, "sending")
    first = state.pending_kind in (None, PendingKind.INITIAL)
    if rules.checklist is None or days is None or start is None or not first or state.stage not in AWAITING_ANSWER:
        return None
    due = rules.calendar.plus_business_days(start, days)
    limit = f"raise after {Window(days, 'bd')} without an answer"
    why = f"checklist “{rules.checklist.service}”: {limit}, from {word} {on(start, rules)}"
    return Deadline(Clock.ESCALATION_TRIGGER, due, "bd", start, Layer.CHECKLIST, why)


def routing(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Never later than the close of the business day that the denial counts for."""
    denial = state.undecided_denial
    if denial is None or denial.routed_at:
        return None
    calendar, start = rules.calendar, denial.returned_at or denial.received_at
    due = min(calendar.plus_business_hours(start, ROUTING), calendar.closes(calendar.business_day(start)))
    word = "its return" if denial.returned_at else "the denial"
    why = f"2 business hours from {word} {on(start, rules)}, and before that day closes"
    return Deadline(Clock.ROUTING, due, "bh", start, "practice", why)


def appeal_ready(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Until it is decided, and then until what was decided is done: the appeal filed, the call booked.

    Where an appeal or a call ended and left it to be decided again, from that end.
    """
    denial = state.denial_to_answer
    if denial is None or not state.is_open:
        return None
    call, appeal = state.peer_to_peer, state.appeal
    starts = {
        denial.received_at: "the denial",
        call.outcome_at if call else None: "the end of the call",
        appeal.outcome_at if appeal and appeal.is_void else None: "the end of the appeal",
    }
    start = max(at for at in starts if at)
    return _within_a_day(Clock.APPEAL_READY, start, starts[start], rules)


def closure(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """Also where the patient was told during the review, before its decision: that is ready to close as well."""
    told, denial, question = state.patient_update, state.denial, state.question
    if told is None or not state.patient_knows or state.status not in READY_TO_CLOSE:
        return None
    judged = (denial and denial.decided_at, question and question.over_at)
    start = max([told.told_at, *(at for at in judged if at)])
    due = rules.calendar.plus_business_days(start, CLOSING)
    last = "telling the patient" if start == told.told_at else "the last judgement"
    return Deadline(Clock.CLOSURE, due, "bd", start, "practice", f"2 business days from {last} {on(start, rules)}")


def service_date(state: AuthorizationState, rules: Rules) -> Deadline | None:
    """An appointment is booked and nothing is approved: that must be there the business day before."""
    accepted = state.denial is not None and state.denial.decision is Decision.ACCEPT
    refused = accepted and not state.awaited_lines
    if not state.is_open or state.appointment_on is None or state.outcome not in (None, Outcome.DENIED) or refused:
        return None
    due = rules.calendar.closes(rules.calendar.day_before(state.appointment_on))
    why = f"the business day before the appointment on {named(state.appointment_on)}"
    return Deadline(Clock.SERVICE_DATE, due, "bd", state.created_at, "practice", why)


def _within_a_day(kind: Clock, start: datetime, word: str, rules: Rules) -> Deadline:
    """24 hours; where they end in closed hours, the same clock time on the next open day."""
    end = start + ADAY
    due = rules.calendar.rolled(end)
    moved = "" if due == end else ", moved to the next open hours"
    return Deadline(kind, due, "ch", start, "practice", f"24 hours from {word} {on(start, rules)}{moved}")
