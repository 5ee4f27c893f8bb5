"""Steps that record what went to the payer and what came back. Recording is not judging: coordinators may."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain import commands as c
from pabot.domain.deadlines import expected_response
from pabot.domain.errors import Invalid
from pabot.domain.model import (
    AuthorizationState,
    Denial,
    DenialClass,
    InformationRequest,
    Member,
    Question,
    Role,
    ServiceLine,
)
from pabot.domain.requirements import DENIAL_REASONS, INFORMATION_DAYS
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, next_check, not_ahead
from pabot.domain.statuses import AWAITING_ANSWER, OPEN, WITH_PAYER, Outcome, PendingKind, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule

S = Status


def submit(state: AuthorizationState, command: c.Submit, actor: Member, now: datetime, rules: Rules) -> Plan:
    not_ahead("submitted_at", command.submitted_at, now)
    if command.submitted_at < state.created_at - timedelta(days=60):
        raise Invalid({"submitted_at": "That is long before the request was opened. Check the date."})
    facts = replace(
        state,
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
    approval = _approved(facts, command.approval, now, rules)
    return Plan(approval.facts, (*path, *approval.path), approval.notices, {**detail, **approval.detail})


def acknowledge(state: AuthorizationState, command: c.Acknowledge, actor: Member, now: datetime, rules: Rules) -> Plan:
    if not (command.tracking_number or command.proof):
        raise Invalid({"tracking_number": "Type the tracking number, or below how you know the payer has it."})
    facts = replace(state, acknowledged_at=now, tracking_number=command.tracking_number or state.tracking_number)
    facts = await_answer(facts, now, command.expected_on or payers_own(state, rules.calendar.day(now)), rules)
    detail = {"tracking_number": command.tracking_number, "proof": command.proof}
    return Plan(facts, (S.PENDING,), detail=detail)


def return_unprocessed(
    state: AuthorizationState, command: c.ReturnUnprocessed, actor: Member, now: datetime, rules: Rules
) -> Plan:
    facts = replace(state, submitted_at=None, submitted_by_channel=None, acknowledged_at=None, tracking_number="")
    facts = replace(facts, expected_on=None, expected_source="", next_check_on=None)
    return Plan(facts, (S.READY,), detail={"reason": command.reason})


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
    today = rules.calendar.day(now)
    if command.next_check_on and command.next_check_on < today:
        raise Invalid({"next_check_on": "The next check lies in the past. Choose today or later."})
    facts = state
    if command.expected_on and command.expected_on < today:
        raise Invalid({"expected_on": "That day has passed. Choose when the payer will answer."})
    if command.expected_on:
        facts = replace(facts, expected_on=command.expected_on, expected_source="payer")
    if state.stage in AWAITING_ANSWER:
        default = next_check(now, facts.expected_on, rules.calendar, first=False, expedited=facts.is_expedited)
        facts = replace(facts, next_check_on=command.next_check_on or default)
    detail = {
        "channel": command.channel.value,
        "spoke_with": command.spoke_with,
        "reference": command.reference,
        "result": command.result,
        "next_check_on": facts.next_check_on.isoformat() if facts.next_check_on else "",
    }
    return Plan(facts, (), detail=detail)


def record_information_request(
    state: AuthorizationState, command: c.RecordInformationRequest, actor: Member, now: datetime, rules: Rules
) -> Plan:
    not_ahead("received_at", command.received_at, now)
    _after_submission(state, command.received_at, rules)
    received_on = rules.calendar.day(command.received_at)
    due_on = command.due_on or received_on + timedelta(days=INFORMATION_DAYS)
    if due_on < received_on:
        raise Invalid({"due_on": "The payer's deadline lies before the day it asked."})
    asked = InformationRequest(None, command.received_at, command.asked, command.clinical, due_on)
    facts = replace(state, information_request=asked, rounds=state.rounds + 1)
    detail = {"asked": command.asked, "due_on": due_on.isoformat()}
    in_review = state.status is S.CLINICAL_REVIEW  # somebody is asked already; the request comes back to this answer
    if in_review:
        facts = replace(facts, return_status=S.ADDL_INFO)
    if not command.clinical:
        return Plan(facts, () if in_review else (S.ADDL_INFO,), detail=detail)
    question = _clinical_question(state, command, actor, now, rules)
    facts = replace(facts, question=question, return_status=S.ADDL_INFO)
    told = (Notice(NoticeKind.QUESTION, question.asked_of),)
    return Plan(facts, () if in_review else (S.ADDL_INFO, S.CLINICAL_REVIEW), told, detail)


def _clinical_question(
    state: AuthorizationState, command: c.RecordInformationRequest, actor: Member, now: datetime, rules: Rules
) -> Question:
    """What the payer wants to know, for the clinician; added to a question that is open already."""
    words = f"The payer asks: {command.asked}"
    if state.open_question:
        return replace(state.open_question, text=f"{state.open_question.text}\n{words}")
    clinician = rules.staff.clinician_for(state.clinician_id)
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


def record_approval(
    state: AuthorizationState, command: c.RecordApproval, actor: Member, now: datetime, rules: Rules
) -> Plan:
    return _approved(state, command, now, rules)


def record_denial(
    state: AuthorizationState, command: c.RecordDenial, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """A denial with a known responsible person is routed in the same save, as two steps."""
    not_ahead("received_at", command.received_at, now)
    _after_submission(state, command.received_at, rules)
    today = rules.calendar.day(now)
    if command.notice_on > today:
        raise Invalid({"notice_on": "The letter's date lies in the future. Check it."})
    if state.submitted_at and command.notice_on < rules.calendar.day(state.submitted_at):
        raise Invalid({"notice_on": "The letter is older than the submission. Check the date."})
    if command.appeal_by and command.appeal_by < command.notice_on:
        raise Invalid({"appeal_by": "The appeal deadline lies before the letter's date."})
    if command.p2p_by and command.p2p_by < command.notice_on:
        raise Invalid({"p2p_by": "The peer-to-peer deadline lies before the letter's date."})
    facts = _settled(state, Outcome.DENIED, now)
    denial = _denial(command, _level(state), rules)
    contested = state.denial if state.open_appeal or state.open_peer_to_peer else None
    if state.outcome is Outcome.PARTIAL and contested:  # what was granted stands; the cut was upheld
        denial, outcome = replace(denial, lines=contested.lines), Outcome.PARTIAL
    else:
        outcome = Outcome.DENIED
    facts = replace(facts, denial=denial, outcome=outcome, decided_at=command.received_at)
    return _routed(facts, (S.DENIED,), S.DENIED, now, rules, _denial_detail(denial))


def _approved(state: AuthorizationState, command: c.RecordApproval, now: datetime, rules: Rules) -> Plan:
    _approval_makes_sense(state, command, now, rules)
    lines = _decided_lines(state.lines, command)
    if not any(line.approved for line in lines):
        raise Invalid({"approved": "Nothing was approved: record a denial instead."})
    partial = any(not line.approved or (line.units_approved or 0) < line.units for line in lines)
    facts = replace(
        _settled(state, Outcome.APPROVED, now),
        lines=lines,
        outcome=Outcome.PARTIAL if partial else Outcome.APPROVED,
        decided_at=command.decided_at,
        authorization_number=command.authorization_number,
        no_number_reason=command.no_number_reason,
        effective_on=command.effective_on,
        expires_on=command.expires_on,
    )
    detail = {
        "authorization_number": command.authorization_number or command.no_number_reason,
        "expires_on": command.expires_on.isoformat() if command.expires_on else "",
        "outcome": facts.outcome.value if facts.outcome else "",
    }
    if not partial:
        return Plan(facts, (S.APPROVED,), detail=detail)
    cut = " ".join(str(line.seq) for line in lines if not line.approved or (line.units_approved or 0) < line.units)
    denial = Denial(
        id=None,
        level=_level(state),
        reason=command.cut_reason,
        denial_class=DENIAL_REASONS[command.cut_reason].denial_class,
        reason_text=command.cut_reason_text,
        reference="",
        notice_on=rules.calendar.day(command.decided_at),
        received_at=command.decided_at,
        appeal_by=rules.calendar.day(command.decided_at) + timedelta(days=rules.payer.appeal_days),
        appeal_source=rules.payer.source,
        p2p_by=None,
        lines=cut,
    )
    return _routed(replace(facts, denial=denial), (S.APPROVED,), S.APPROVED, now, rules, detail)


def _routed(
    facts: AuthorizationState,
    path: tuple[Status, ...],
    return_status: Status,
    now: datetime,
    rules: Rules,
    detail: Mapping[str, object],
) -> Plan:
    denial = facts.denial
    to = responsible(facts, rules)
    if denial is None or to is None:
        return Plan(facts, path, detail=detail)
    denial = replace(denial, routed_to=to.user_id, routed_at=now)
    facts = replace(facts, denial=denial, return_status=return_status)
    notices = (Notice(NoticeKind.DECISION, to.user_id),)
    return Plan(facts, (*path, S.CLINICAL_REVIEW), notices, {**detail, "routed_to": to.user_id})


def responsible(state: AuthorizationState, rules: Rules) -> Member | None:
    """A biller for an administrative denial when there is one; else the ordering clinician or their cover."""
    denial = state.denial
    if denial and denial.denial_class is DenialClass.ADMINISTRATIVE:
        billers = [m for m in rules.staff.with_role(Role.BILLER) if not m.away]
        if billers:
            return billers[0]
    return rules.staff.clinician_for(state.clinician_id)


def _level(state: AuthorizationState) -> int:
    """What an appeal upholds, in whole or in part, is denied at the next level."""
    if state.denial is None:
        return 1
    if state.open_peer_to_peer:
        return state.denial.level
    return state.denial.level + 1 if state.open_appeal else 1


def _denial(command: c.RecordDenial, level: int, rules: Rules) -> Denial:
    by_rule = command.notice_on + timedelta(days=rules.payer.appeal_days)
    return Denial(
        id=None,
        level=level,
        reason=command.reason,
        denial_class=DENIAL_REASONS[command.reason].denial_class,
        reason_text=command.reason_text,
        reference=command.reference,
        notice_on=command.notice_on,
        received_at=command.received_at,
        appeal_by=command.appeal_by or by_rule,
        appeal_source="letter" if command.appeal_by else rules.payer.source,
        p2p_by=command.p2p_by,
    )


def _denial_detail(denial: Denial) -> dict[str, str]:
    return {
        "reason": DENIAL_REASONS[denial.reason].label,
        "text": denial.reason_text,
        "notice_on": denial.notice_on.isoformat(),
        "reference": denial.reference,
    }


def _decided_lines(lines: tuple[ServiceLine, ...], command: c.RecordApproval) -> tuple[ServiceLine, ...]:
    if command.approved is None:
        return tuple(replace(line, approved=True, units_approved=line.units) for line in lines)
    units = dict(command.approved)
    return tuple(
        replace(line, approved=units.get(line.seq, 0) > 0, units_approved=units.get(line.seq, 0)) for line in lines
    )


def _approval_makes_sense(state: AuthorizationState, command: c.RecordApproval, now: datetime, rules: Rules) -> None:
    not_ahead("decided_at", command.decided_at, now)
    start = state.submitted_at
    if start and rules.calendar.day(command.decided_at) < rules.calendar.day(start):
        raise Invalid({"decided_at": "The payer cannot have decided before it was submitted. Check the date."})
    if not (command.authorization_number or command.no_number_reason):
        raise Invalid({"authorization_number": "Type the authorization number, or why there is none."})
    if not command.dates_not_stated and not (command.effective_on and command.expires_on):
        raise Invalid({"expires_on": "Give both dates, or tick that the payer stated none."})
    if command.effective_on and command.expires_on and command.expires_on < command.effective_on:
        raise Invalid({"expires_on": "The approval ends before it starts. Check the dates."})


def _after_submission(state: AuthorizationState, received_at: datetime, rules: Rules) -> None:
    start = state.submitted_at
    if start and rules.calendar.day(received_at) < rules.calendar.day(start):
        raise Invalid({"received_at": "The payer cannot have answered before it was submitted. Check the date."})


def _settled(state: AuthorizationState, result: Outcome, now: datetime) -> AuthorizationState:
    """A decision answers whatever was open with the payer."""
    won = result is Outcome.APPROVED
    appeal, call, asked = state.open_appeal, state.open_peer_to_peer, state.open_information_request
    verdict = Outcome.APPROVED if won else Outcome.DENIED
    return replace(
        state,
        appeal=replace(appeal, outcome=verdict, outcome_at=now) if appeal else state.appeal,
        peer_to_peer=replace(call, outcome="overturned" if won else "upheld", outcome_at=now)
        if call
        else state.peer_to_peer,
        information_request=replace(asked, answered_at=now) if asked else state.information_request,
        question=replace(state.question, answered_at=now) if state.open_question and state.question else state.question,
        next_check_on=None,
        documents_missing="",
    )


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
    if call := facts.open_peer_to_peer:
        computed, why = rules.calendar.day(call.scheduled_for), "day of the peer-to-peer call"
    if payers_date and payers_date < rules.calendar.day(start):
        raise Invalid({"expected_on": "The answer cannot be expected before it was sent."})
    expected_on = payers_date or computed
    source = "payer" if payers_date and payers_date != computed else why
    check = next_check(start, expected_on, rules.calendar, first=True, expedited=facts.is_expedited)
    return replace(facts, expected_on=expected_on, expected_source=source, next_check_on=check)


STEPS: Mapping[type[c.Command], StepRule] = {
    c.Submit: StepRule("submit", "Submitted", Action.SUBMIT, frozenset({S.READY}), submit),
    c.Acknowledge: StepRule(
        "acknowledge", "Payer has it", Action.RECORD_CONTACT, frozenset({S.SUBMITTED}), acknowledge
    ),
    c.RecordApproval: StepRule(
        "record_approval",
        "Approved",
        Action.RECORD_APPROVAL,
        WITH_PAYER | {S.CLINICAL_REVIEW},
        record_approval,
        applies=lambda state: state.stage in WITH_PAYER,
    ),
    c.RecordDenial: StepRule(
        "record_denial",
        "Denied",
        Action.RECORD_DENIAL,
        WITH_PAYER | {S.APPROVED, S.CLINICAL_REVIEW},
        record_denial,
        applies=lambda state: state.stage in WITH_PAYER or state.status is S.APPROVED,
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
