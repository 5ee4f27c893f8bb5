"""The payer's decision: an approval, whole or in part, or a denial, and who is to judge what was refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pabot.domain import appeals
from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.domain.model import (
    LETTER,
    Appeal,
    AuthorizationState,
    Decision,
    Denial,
    DenialClass,
    Member,
    Role,
    ServiceLine,
)
from pabot.domain.payer_rules import Rule, RuleKind, kept_source
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, not_ahead, window_ends_on
from pabot.domain.statuses import WITH_PAYER, Outcome, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule

S = Status


def record_approval(
    state: AuthorizationState, command: c.RecordApproval, actor: Member, now: datetime, rules: Rules
) -> Plan:
    return approved(state, command, now, rules)


def record_denial(
    state: AuthorizationState, command: c.RecordDenial, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """A denial with a known responsible person is routed in the same save, as two steps."""
    not_ahead("received_at", command.received_at, now)
    after_submission(state, command.received_at, rules)
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
    denial = _denial(state, command, rules)
    contested = state.denial if state.open_appeal or state.open_peer_to_peer else None
    if state.outcome is Outcome.PARTIAL and contested:  # what was granted stands; the cut was upheld
        denial, outcome = replace(denial, lines=contested.lines), Outcome.PARTIAL
    else:
        outcome = Outcome.DENIED
    facts = replace(facts, denial=denial, outcome=outcome, decided_at=command.received_at)
    detail = {**_denial_detail(denial), "on_checklist": command.on_checklist}
    level = appeals.open_to(facts, denial, rules.payer)
    if state.open_appeal and level and level.automatic:
        return _sent_on(facts, denial, level, actor, rules, detail)
    return _routed(facts, (S.DENIED,), S.DENIED, now, rules, detail)


def approved(state: AuthorizationState, command: c.RecordApproval, now: datetime, rules: Rules) -> Plan:
    _approval_makes_sense(state, command, now, rules)
    lines = _decided_lines(state.lines, command)
    if command.approved and not lines:
        raise Invalid({"approved": "There are no codes to choose from: it is approved as a whole, or denied."})
    if lines and not any(line.approved for line in lines):
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
    if state.open_appeal and facts.appeal:
        facts = replace(facts, appeal=replace(facts.appeal, outcome=Outcome.PARTIAL))
    level, notice_on = _level(state), rules.calendar.day(command.decided_at)
    rule = _filing_rule(state, level, rules)
    denial = Denial(
        id=None,
        level=level,
        reason=command.cut_reason,
        denial_class=DENIAL_REASONS[command.cut_reason].denial_class,
        reason_text=command.cut_reason_text,
        reference="",
        notice_on=notice_on,
        received_at=command.decided_at,
        appeal_by=window_ends_on(rule, notice_on) if rule else None,
        appeal_source=kept_source(rule) if rule else "",
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
    notices = (Notice(NoticeKind.DECISION, to.user_id), *_closing(denial, to, now, rules))
    return Plan(facts, (*path, S.CLINICAL_REVIEW), notices, {**detail, "routed_to": to.user_id})


def _sent_on(
    facts: AuthorizationState,
    denial: Denial,
    level: appeals.Level,
    actor: Member,
    rules: Rules,
    detail: Mapping[str, object],
) -> Plan:
    """The plan itself gives what it upheld to the next level: nobody decides or files, and the clinician knows."""
    expedited = facts.appeal.expedited if facts.appeal else False
    at = denial.received_at
    due_on = appeals.decided_by(level, rules.calendar.day(at), rules, expedited=expedited)
    appeal = Appeal(
        None, denial.level, expedited, at, actor.user_id, "", due_on, kind=level.name, automatic=level.automatic
    )
    denial = replace(denial, decision=Decision.APPEAL, decided_at=at, routed_at=at)
    facts = appeals.with_appeal(replace(facts, denial=denial, return_status=None), appeal, rules)
    to = rules.staff.clinician_for(facts.clinician_id, facts.number)
    told = (Notice(NoticeKind.SENT_ON, to.user_id),) if to else ()
    return Plan(facts, (S.DENIED, S.PENDING), told, {**detail, "level": f"level {denial.level}: {level.name}"})


def _closing(denial: Denial, to: Member, now: datetime, rules: Rules) -> tuple[Notice, ...]:
    """A window closes before the next open day: the cover of who decides and the managers know in the same save."""
    calendar, cover = rules.calendar, rules.staff.get(to.cover_id)
    again = calendar.opens(calendar.next_open_day(calendar.day(now)))
    ends = [calendar.closes(calendar.last_open_day(on)) for on in (denial.appeal_by, denial.p2p_by) if on]
    wanted = (
        {Role.CLINICIAN} if denial.denial_class is not DenialClass.ADMINISTRATIVE else {Role.CLINICIAN, Role.BILLER}
    )
    able = cover is not None and cover.active and cover.is_(*wanted)
    if min(ends, default=again) >= again:
        return ()
    managers = [member.user_id for member in rules.staff.with_role(Role.MANAGER) if not member.away]
    told = dict.fromkeys([*([cover.user_id] if cover and able else []), *managers])
    return tuple(Notice(NoticeKind.CLOSING, user_id) for user_id in told if user_id != to.user_id)


def responsible(state: AuthorizationState, rules: Rules) -> Member | None:
    """A biller for an administrative denial when there is one; else the ordering clinician or their cover."""
    denial = state.denial
    if denial and denial.denial_class is DenialClass.ADMINISTRATIVE:
        billers = [m for m in rules.staff.with_role(Role.BILLER) if not m.away]
        if billers:
            return billers[0]
    return rules.staff.clinician_for(state.clinician_id, state.number)


def _level(state: AuthorizationState) -> int:
    """What an appeal upholds, in whole or in part, is denied at the next level."""
    if state.denial is None:
        return 1
    if state.open_peer_to_peer:
        return state.denial.level
    return state.denial.level + 1 if state.open_appeal else 1


def _filing_rule(state: AuthorizationState, level: int, rules: Rules) -> Rule | None:
    """Until when an appeal of this level is filed; None: nothing is filed at it."""
    return appeals.filing_rule(appeals.level_at(state.line_of_business, rules.payer, level), rules.payer)


def _denial(state: AuthorizationState, command: c.RecordDenial, rules: Rules) -> Denial:
    level = _level(state)
    rule = _filing_rule(state, level, rules)
    if command.appeal_by and not appeals.WAYS[state.line_of_business]:
        raise Invalid({"appeal_by": f"{appeals.RESUBMIT_ONLY} Leave this empty."})
    return Denial(
        id=None,
        level=level,
        reason=command.reason,
        denial_class=DENIAL_REASONS[command.reason].denial_class,
        reason_text=command.reason_text,
        reference=command.reference,
        notice_on=command.notice_on,
        received_at=command.received_at,
        appeal_by=command.appeal_by or (window_ends_on(rule, command.notice_on) if rule else None),
        appeal_source=LETTER if command.appeal_by else kept_source(rule) if rule else "",
        **_p2p(command, level, rules),
    )


def _p2p(command: c.RecordDenial, level: int, rules: Rules) -> dict[str, Any]:
    """Until when the payer takes a call: as its letter says, else as its rule does, of a first clinical denial."""
    rule = rules.payer.get(RuleKind.P2P)
    if command.p2p_by:
        return {"p2p_by": command.p2p_by, "p2p_source": LETTER}
    if rule is None or level > 1 or DENIAL_REASONS[command.reason].denial_class is not DenialClass.CLINICAL:
        return {"p2p_by": None}
    return {"p2p_by": window_ends_on(rule, command.notice_on), "p2p_source": kept_source(rule)}


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
        usual = _usual_end(command, rules)
        raise Invalid({"expires_on": f"Give both dates, or tick that the payer stated none.{usual}"})
    if command.effective_on and command.expires_on and command.expires_on < command.effective_on:
        raise Invalid({"expires_on": "The approval ends before it starts. Check the dates."})


def _usual_end(command: c.RecordApproval, rules: Rules) -> str:
    """What the checklist knows of an approval that states its start and no end: never filled in for the payer."""
    checklist, start = rules.checklist, command.effective_on
    end = checklist.usually_ends(start) if checklist and start else None
    if checklist is None or end is None or command.expires_on:
        return ""
    return f" The payer's approvals usually hold {checklist.valid_days} days: until {end:%b} {end.day}, {end.year}."


def after_submission(state: AuthorizationState, received_at: datetime, rules: Rules) -> None:
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


STEPS: Mapping[type[c.Command], StepRule] = {
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
}
