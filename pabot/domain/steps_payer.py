"""Steps that record what went to the payer and what came back. Recording is not judging: coordinators may."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain import commands as c
from pabot.domain import holds
from pabot.domain.contacts import Found, in_words
from pabot.domain.deadlines import awaited_since, expected_response
from pabot.domain.errors import Invalid
from pabot.domain.model import (
    LETTER,
    AuthorizationState,
    InformationRequest,
    Member,
    Question,
)
from pabot.domain.payer_rules import RuleKind, kept_source
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, next_check, not_ahead, window_ends_on
from pabot.domain.statuses import AWAITING_ANSWER, OPEN, PendingKind, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_decision import after_submission, approved

S = Status


def submit(state: AuthorizationState, command: c.Submit, actor: Member, now: datetime, rules: Rules) -> Plan:
    not_ahead("submitted_at", command.submitted_at, now)
    if command.submitted_at < state.created_at - timedelta(days=60):
        raise Invalid({"submitted_at": "That is long before the request was opened. Check the date."})
    facts = replace(
        holds.ended(state, now, rules),
        submitted_at=command.submitted_at,
        submitted_by_channel=command.channel,
        tracking_number=command.tracking_number,
        acknowledged_at=command.submitted_at if command.tracking_number else None,
        pending_kind=PendingKind.INITIAL,
    )
    facts = await_answer(facts, command.submitted_at, command.expected_on, rules)
    path: tuple[Status, ...] = (S.SUBMITTED, S.PENDING) if command.tracking_number else (S.SUBMITTED,)
    detail = {"channel": command.channel.value, "tracking_number": command.tracking_number}
    if command.approval is None:
        return Plan(facts, path, detail=detail)
    approval = approved(facts, command.approval, now, rules)
    return Plan(approval.facts, (*path, *approval.path), approval.notices, {**detail, **approval.detail})


def acknowledge(state: AuthorizationState, command: c.Acknowledge, actor: Member, now: datetime, rules: Rules) -> Plan:
    if not (command.tracking_number or command.proof):
        raise Invalid({"tracking_number": "Type the tracking number, or below how you know the payer has it."})
    facts = replace(state, acknowledged_at=now, tracking_number=command.tracking_number or state.tracking_number)
    facts = await_answer(facts, now, command.expected_on or payers_own(state, rules.calendar.day(now)), rules)
    detail = {"tracking_number": command.tracking_number, "proof": command.proof}
    if state.status is S.CLINICAL_REVIEW:  # the request comes back to it once the clinician has answered
        return Plan(replace(facts, return_status=S.PENDING), (), detail=detail)
    return Plan(facts, (S.PENDING,), detail=detail)


def return_unprocessed(
    state: AuthorizationState, command: c.ReturnUnprocessed, actor: Member, now: datetime, rules: Rules
) -> Plan:
    facts = replace(state, submitted_at=None, submitted_by_channel=None, acknowledged_at=None, tracking_number="")
    facts = replace(facts, expected_on=None, expected_source="", next_check_on=None)
    path = (S.READY,) if facts.is_complete else (S.READY, S.DOCS_NEEDED)
    return Plan(facts, path, detail={"reason": command.reason})


def send_again(state: AuthorizationState, command: c.SendAgain, actor: Member, now: datetime, rules: Rules) -> Plan:
    not_ahead("submitted_at", command.submitted_at, now)
    facts = replace(
        state,
        submitted_at=command.submitted_at,
        submitted_by_channel=command.channel,
        tracking_number=command.tracking_number,
        acknowledged_at=command.submitted_at if command.tracking_number else None,
    )
    facts = await_answer(facts, command.submitted_at, None, rules)
    path: tuple[Status, ...] = (S.SUBMITTED, S.PENDING) if command.tracking_number else (S.SUBMITTED,)
    return Plan(facts, path, detail={"reason": command.reason, "channel": command.channel.value})


def log_contact(state: AuthorizationState, command: c.LogContact, actor: Member, now: datetime, rules: Rules) -> Plan:
    """A contact sets the next check; one that reached nobody is tried again on the next open day (our judgement)."""
    today = rules.calendar.day(now)
    if command.next_check_on and command.next_check_on < today:
        raise Invalid({"next_check_on": "The next check lies in the past. Choose today or later."})
    if command.found is Found.OTHER and not command.result:
        raise Invalid({"result": "Write what they said, or choose one of the answers above."})
    facts = state
    if command.expected_on and command.expected_on < today:
        raise Invalid({"expected_on": "That day has passed. Choose when the payer will answer."})
    if command.expected_on:
        facts = replace(facts, expected_on=command.expected_on, expected_source="payer")
    if state.stage in AWAITING_ANSWER:
        default = next_check(now, facts.expected_on, rules, first=False, expedited=facts.is_expedited)
        if command.found is Found.NOBODY:
            default = rules.calendar.next_open_day(today)
        facts = replace(facts, next_check_on=command.next_check_on or default)
    detail = {
        "channel": command.channel.value,
        "spoke_with": command.spoke_with,
        "reference": command.reference,
        "result": in_words(command.found, command.result),
        "told_next": command.told_next,
        "next_check_on": facts.next_check_on.isoformat() if facts.next_check_on else "",
    }
    return Plan(facts, (), detail=detail)


def record_information_request(
    state: AuthorizationState, command: c.RecordInformationRequest, actor: Member, now: datetime, rules: Rules
) -> Plan:
    not_ahead("received_at", command.received_at, now)
    after_submission(state, command.received_at, rules)
    received_on = rules.calendar.day(command.received_at)
    rule = rules.payer[RuleKind.INFORMATION]
    due_on = command.due_on or window_ends_on(rule, received_on)
    source = LETTER if command.due_on else kept_source(rule)
    if due_on < received_on:
        raise Invalid({"due_on": "The payer's deadline lies before the day it asked."})
    asked = InformationRequest(None, command.received_at, command.asked, command.clinical, due_on, due_source=source)
    facts = replace(state, information_request=asked, rounds=state.rounds + 1)
    detail = {"asked": command.asked, "due_on": due_on.isoformat(), "on_checklist": command.on_checklist}
    in_review = state.status is S.CLINICAL_REVIEW  # somebody is asked already; the request comes back to this answer
    if in_review:
        facts = replace(facts, return_status=S.ADDL_INFO)
    if not command.clinical:
        return Plan(facts, () if in_review else (S.ADDL_INFO,), detail=detail)
    question = _clinical_question(state, asked.as_question, actor, now, rules)
    facts = replace(facts, question=question, return_status=S.ADDL_INFO)
    told = (Notice(NoticeKind.QUESTION, question.asked_of),)
    return Plan(facts, () if in_review else (S.ADDL_INFO, S.CLINICAL_REVIEW), told, detail)


def _clinical_question(state: AuthorizationState, words: str, actor: Member, now: datetime, rules: Rules) -> Question:
    """What the payer wants to know, for the clinician; added to a question that is open already."""
    if state.open_question:
        return replace(state.open_question, text=f"{state.open_question.text}\n{words}")
    clinician = rules.staff.clinician_for(state.clinician_id, state.number)
    return Question(None, actor.user_id, clinician.user_id if clinician else state.clinician_id, words, now)


def answer_information(
    state: AuthorizationState, command: c.AnswerInformation, actor: Member, now: datetime, rules: Rules
) -> Plan:
    asked = state.open_information_request
    answered = replace(asked, answered_at=now, answered_by=actor.user_id) if asked else state.information_request
    facts = replace(state, information_request=answered, pending_kind=state.pending_kind or PendingKind.INITIAL)
    facts = replace(facts, acknowledged_at=state.acknowledged_at or now)
    facts = await_answer(facts, now, None, rules)
    return Plan(facts, (S.PENDING,), detail={"answer": command.answer, "channel": command.channel.value})


def payers_own(state: AuthorizationState, today: date) -> date | None:
    """The date that the payer itself gave, while it lies ahead."""
    own = state.expected_on if state.expected_source == "payer" else None
    return own if own and own >= today else None


def await_answer(
    facts: AuthorizationState, start: datetime, payers_date: date | None, rules: Rules
) -> AuthorizationState:
    """Set what we expect and when we look next: the payer's own date, or the window's end."""
    computed, why = expected_response(start, rules, expedited=facts.is_expedited)
    if appeal := facts.open_appeal:
        computed, why = appeal.decision_due_on, "decision on the appeal"
    if (call := facts.open_peer_to_peer) and call.scheduled_for:
        computed, why = rules.calendar.day(call.scheduled_for), "day of the peer-to-peer call"
    if payers_date and payers_date < rules.calendar.day(start):
        raise Invalid({"expected_on": "The answer cannot be expected before it was sent."})
    expected_on = payers_date or computed
    source = "payer" if payers_date and payers_date != computed else why
    check = next_check(start, expected_on, rules, first=True, expedited=facts.is_expedited)
    return replace(facts, expected_on=expected_on, expected_source=source, next_check_on=check)


def await_anew(was: AuthorizationState, facts: AuthorizationState, now: datetime, rules: Rules) -> AuthorizationState:
    """What we expect, after a fact that the window is counted from or by has changed; the next check is no later."""
    start = awaited_since(facts)
    if start is None or facts.stage not in AWAITING_ANSWER:
        return facts
    facts = await_answer(facts, start, payers_own(was, rules.calendar.day(start)), rules)
    soon = next_check(now, facts.expected_on, rules, first=False, expedited=facts.is_expedited)
    return replace(facts, next_check_on=min(filter(None, (was.next_check_on, soon))))


STEPS: Mapping[type[c.Command], StepRule] = {
    c.Submit: StepRule("submit", "Submitted", Action.SUBMIT, frozenset({S.READY}), submit),
    c.Acknowledge: StepRule(
        "acknowledge",
        "Payer has it",
        Action.RECORD_CONTACT,
        frozenset({S.SUBMITTED, S.CLINICAL_REVIEW}),
        acknowledge,
        applies=lambda state: state.stage is S.SUBMITTED,
    ),
    c.RecordInformationRequest: StepRule(
        "record_information_request",
        "Payer asks for more",
        Action.RECORD_INFORMATION_REQUEST,
        frozenset({S.SUBMITTED, S.PENDING, S.PATIENT_NOTIFIED, S.CLINICAL_REVIEW}),
        record_information_request,
        applies=lambda state: state.status is S.PATIENT_NOTIFIED or state.stage in AWAITING_ANSWER,
    ),
    c.AnswerInformation: StepRule(
        "answer_information",
        "Answer sent",
        Action.ANSWER_ADMINISTRATIVE,
        frozenset({S.ADDL_INFO}),
        answer_information,
    ),
    c.LogContact: StepRule("log_contact", "Log a contact", Action.RECORD_CONTACT, OPEN, log_contact),
    c.ReturnUnprocessed: StepRule(
        "return_unprocessed",
        "Came back",
        Action.RECORD_CONTACT,
        frozenset({S.SUBMITTED}),
        return_unprocessed,
    ),
    c.SendAgain: StepRule("send_again", "Sent again", Action.SUBMIT, frozenset({S.PENDING}), send_again),
}
