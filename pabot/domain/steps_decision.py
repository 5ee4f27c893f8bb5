"""The payer's decision: an approval, whole or in part, or a denial, and who is to judge what was refused.

A letter about some lines is judged beside the request, which stays with the payer for the others.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import appeals, denials, updates
from pabot.domain import commands as c
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.model import Appeal, AuthorizationState, Decision, Denial, Member, ServiceLine
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, not_ahead
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
    _letter_makes_sense(state, command, now, rules)
    named = _named(state, command)
    letter = denials.of_letter(state, command, named, rules)
    detail = {**_denial_detail(state, letter), "on_checklist": command.on_checklist}
    if state.denial and (state.open_appeal or state.open_peer_to_peer):
        return _upheld(state, state.denial, letter, actor, now, rules, detail)
    if state.denial_to_answer:
        grown = named - denials.denied(state, state.denial_to_answer)
        facts = replace(state, lines=denials.refused(state.lines, grown))
        if grown:  # the patient is to hear of those as well
            news = _news_since(state, command.received_at, now)
            facts = replace(facts, decided_at=max(news, state.decided_at or news))
        return _further(state, facts, letter, now, rules, detail)
    since = _news_since(state, command.received_at, now)
    facts = replace(_with_lines(state, named), denial=letter, decided_at=since)
    facts = replace(facts, outcome=_of_lines(facts))
    facts = facts if facts.awaited_lines else _settled(facts, Outcome.DENIED, now)
    facts = denials.awaiting_the_rest(facts, now, rules)
    return denials.routed(facts, _onward(facts), now, rules, detail)


def approved(state: AuthorizationState, command: c.RecordApproval, now: datetime, rules: Rules) -> Plan:
    _approval_makes_sense(state, command, now, rules)
    lines = _decided_lines(state, command)
    if command.approved and not lines:
        raise Invalid({"approved": "There are no codes to choose from: it is approved as a whole, or denied."})
    if lines and not any(line.approved for line in lines):
        raise Invalid({"approved": "Nothing was approved: record a denial instead."})
    cut = frozenset(line.seq for line in lines if not line.approved or (line.units_approved or 0) < line.units)
    facts = replace(
        state,
        lines=lines,
        outcome=Outcome.PARTIAL if cut else Outcome.APPROVED,
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
    rest = frozenset(line.seq for line in state.awaited_lines)
    if rest and not any(line.approved for line in lines if line.seq not in rest):
        return _rest_approved(state, facts, command, cut & rest, now, rules, detail)
    facts = _settled(facts, Outcome.APPROVED, now)
    if not cut:
        return Plan(facts, (S.APPROVED,), detail=detail)
    if state.open_appeal and facts.appeal:
        facts = replace(facts, appeal=replace(facts.appeal, outcome=Outcome.PARTIAL))
    denial = denials.of_cut(state, command, cut, rules)
    first = state.denial_to_answer
    if first and cut & denials.denied(state, first):
        denial = replace(denials.further(state, first, denial)[0].undecided, lines=denial.lines)
    return denials.routed(replace(facts, denial=denial), (S.APPROVED,), now, rules, detail)


def _rest_approved(
    state: AuthorizationState,
    facts: AuthorizationState,
    command: c.RecordApproval,
    cut: frozenset[int],
    now: datetime,
    rules: Rules,
    detail: Mapping[str, object],
) -> Plan:
    """What was denied before is not denied again: only what is cut of the rest joins it, or is a denial of its own."""
    facts = _nothing_asked(facts, now)
    if cut:
        _one_contest(state, cut)
        letter = denials.of_cut(state, command, cut, rules)
        detail = {**detail, **_denial_detail(state, letter)}
        if state.denial_to_answer:
            return _further(state, facts, letter, now, rules, detail)
        return denials.routed(replace(facts, denial=letter, next_check_on=None), (S.APPROVED,), now, rules, detail)
    if not (state.open_appeal or state.open_peer_to_peer):
        facts = replace(facts, next_check_on=None)
    if state.status is S.CLINICAL_REVIEW:
        return Plan(replace(facts, return_status=facts.stands_at), (), detail=detail)
    return Plan(facts, () if facts.stands_at is state.status else (facts.stands_at,), detail=detail)


def _further(
    state: AuthorizationState,
    facts: AuthorizationState,
    letter: Denial,
    now: datetime,
    rules: Rules,
    detail: Mapping[str, object],
) -> Plan:
    """Another letter while the first is to be answered: whoever has it goes on with both, if they may judge both."""
    first = state.denial_to_answer
    if first is None:
        raise NotNow("No denial waits for an answer.")
    denial, what = denials.further(state, first, letter)
    facts = replace(facts, denial=denial.undecided)
    facts = replace(facts, outcome=_of_lines(facts))
    if state.awaited_lines and not facts.awaited_lines and facts.outcome is Outcome.DENIED:
        facts = _settled(facts, Outcome.DENIED, now)
    facts = facts if facts.awaited_lines else _nothing_asked(facts, now)
    detail = {**detail, "notice": what}
    in_review = state.status is S.CLINICAL_REVIEW
    path = () if in_review else _onward(facts)
    had = rules.staff.get(first.decided_by or first.routed_to) if first.routed_at else None
    able = appeals.signers(denial)
    holder = rules.staff.judge_for(had.user_id, able, state.number) if had and had.is_(*able) else None
    if holder is None or holder != had:  # they may not judge it, have left or are away
        return denials.routed(facts, path, now, rules, detail)
    denial = replace(denial.undecided, routed_to=holder.user_id)
    facts = replace(facts, denial=denial, return_status=facts.stands_at)
    moved = (first.appeal_by, first.p2p_by) != (denial.appeal_by, denial.p2p_by)
    more = first.decision or what == denials.JOINS or (moved and denials.closes_soon(denial, now, rules))
    again = (Notice(NoticeKind.DECISION, holder.user_id),) if more else ()  # Slack is silent about an edit
    told = (*again, *(denials.closing(denial, holder, now, rules) if moved else ()))
    return Plan(facts, path if in_review else (*path, S.CLINICAL_REVIEW), told, detail)


def _upheld(
    state: AuthorizationState,
    contested: Denial,
    letter: Denial,
    actor: Member,
    now: datetime,
    rules: Rules,
    detail: Mapping[str, object],
) -> Plan:
    """The answer to an appeal or a call; what was granted stands, and lines that were still open may be denied too."""
    rest = frozenset(line.seq for line in state.awaited_lines)
    named = denials.denied(state, letter)
    if rest and named <= rest:
        _one_contest(state, named)
    letter = replace(letter, lines=denials.written(state, denials.denied(state, contested) | (named & rest)))
    since = _news_since(state, letter.received_at, now)
    facts = _settled(replace(state, denial=letter, decided_at=since), Outcome.DENIED, now)
    facts = replace(facts, lines=denials.refused(state.lines, named & rest))
    facts = replace(facts, outcome=Outcome.PARTIAL if state.outcome is Outcome.PARTIAL else Outcome.DENIED)
    level = appeals.open_to(facts, letter, rules.payer)
    if state.open_appeal and level and level.automatic:
        return _sent_on(facts, letter, level, actor, rules, detail)
    facts = denials.awaiting_the_rest(facts, now, rules)
    return denials.routed(facts, _onward(facts), now, rules, detail)


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


def _one_contest(state: AuthorizationState, lines: frozenset[int]) -> None:
    """Raises NotNow while an appeal or a call about other lines is with the payer: a request has one at a time."""
    if state.open_appeal or state.open_peer_to_peer:
        codes = ", ".join(line.code for line in state.lines if line.seq in lines)
        raise NotNow(
            f"What was denied before is being contested, and a request has one appeal or call at a time. "
            f"Open a request of its own for {codes} and record this there."
        )


def _news_since(state: AuthorizationState, received_at: datetime, now: datetime) -> datetime:
    """Since when the patient has to hear of a letter.

    One that lay here while they were told of other lines, and was recorded after, was no part of that: from now on.
    """
    told = state.patient_update
    unsaid = told is not None and told.outcome is Outcome.DENIED and told.told_at >= received_at
    return now if unsaid and state.outcome is Outcome.DENIED else received_at


def _named(state: AuthorizationState, command: c.RecordDenial) -> frozenset[int]:
    """The numbers of the lines that a letter denies. Where it does not say: what was still open. Raises Invalid."""
    named, known = frozenset(command.lines), frozenset(line.seq for line in state.lines)
    if named - known:
        raise Invalid({"lines_1": "That line is not on the request any more: open the form again."})
    return named or in_question(state)


def in_question(state: AuthorizationState) -> frozenset[int]:
    """The lines that a letter most likely denies: those contested with the payer, else those it has yet to decide, else
    all.
    """
    if state.denial and (state.open_appeal or state.open_peer_to_peer):
        return denials.denied(state, state.denial)
    waits = state.awaited_lines
    if not waits and state.stage in WITH_PAYER and state.is_granted:  # sent again for what was cut
        waits = tuple(line for line in state.lines if not line.approved)
    return frozenset(line.seq for line in waits or state.lines)


def _with_lines(state: AuthorizationState, named: frozenset[int]) -> AuthorizationState:
    """The request with the payer's no on its lines. Before anything was granted, a no on all of them is on none."""
    kept = state.awaited_lines or state.is_granted
    lines = state.lines if kept else tuple(replace(line, approved=None, units_approved=None) for line in state.lines)
    whole = not kept and len(named) == len(lines)
    return replace(state, lines=lines if whole else denials.refused(lines, named))


def _of_lines(facts: AuthorizationState) -> Outcome:
    """What a denial leaves: something granted, or nothing."""
    return Outcome.PARTIAL if facts.is_granted and any(line.approved for line in facts.lines) else Outcome.DENIED


def _onward(facts: AuthorizationState) -> tuple[Status, ...]:
    """To where a denied request stands, unless it is there, or under review while the payer decides the rest."""
    there = facts.status is facts.stands_at or (facts.status is S.CLINICAL_REVIEW and facts.awaited_lines)
    return () if there else (facts.stands_at,)


def _letter_makes_sense(state: AuthorizationState, command: c.RecordDenial, now: datetime, rules: Rules) -> None:
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


def _denial_detail(state: AuthorizationState, denial: Denial) -> dict[str, str]:
    some = [line.code for line in state.lines if str(line.seq) in denial.lines.split()]
    return {
        "lines": ", ".join(some),
        "reason": DENIAL_REASONS[denial.reason].label,
        "text": denial.reason_text,
        "notice_on": denial.notice_on.isoformat(),
        "reference": denial.reference,
    }


def _decided_lines(state: AuthorizationState, command: c.RecordApproval) -> tuple[ServiceLine, ...]:
    waits = state.awaited_lines if command.rest else state.lines
    if command.rest and not waits:
        raise Invalid({"approved": "The payer has decided every line already. Choose what it approved now."})
    units = {line.seq: line.units for line in waits} if command.approved is None else dict(command.approved)
    rest = {line.seq: line.code for line in state.awaited_lines}
    if rest and units.keys() - rest.keys() and not units.keys() & rest.keys():
        codes = ", ".join(rest.values())
        raise Invalid(
            {"approved": f"{codes}: the payer has not decided this yet. Record it with the rest once it has."}
        )
    return tuple(
        replace(line, approved=units.get(line.seq, 0) > 0, units_approved=units.get(line.seq, 0))
        for line in state.lines
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


def _nothing_asked(facts: AuthorizationState, now: datetime) -> AuthorizationState:
    """A payer that has decided every line waits for no answer of ours."""
    asked = facts.open_information_request
    return replace(facts, information_request=replace(asked, answered_at=now)) if asked else facts


def _settled(state: AuthorizationState, result: Outcome, now: datetime) -> AuthorizationState:
    """A decision answers whatever was open with the payer."""
    won = result is Outcome.APPROVED
    appeal, call, asked = state.open_appeal, state.open_peer_to_peer, state.open_information_request
    verdict = Outcome.APPROVED if won else Outcome.DENIED
    return replace(
        updates.worry_left(state, now),
        appeal=replace(appeal, outcome=verdict, outcome_at=now) if appeal else state.appeal,
        peer_to_peer=replace(call, outcome="overturned" if won else "upheld", outcome_at=now)
        if call
        else state.peer_to_peer,
        information_request=replace(asked, answered_at=now) if asked else state.information_request,
        question=replace(state.question, answered_at=now) if state.open_question and state.question else state.question,
        next_check_on=None,
        documents_missing="",
    )


def _may_be_denied(state: AuthorizationState) -> bool:
    """By the payer that has it or has approved it, and by a further letter while the first is to be answered."""
    return state.stage in WITH_PAYER or state.status is S.APPROVED or state.denial_to_answer is not None


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
        WITH_PAYER | {S.APPROVED, S.DENIED, S.CLINICAL_REVIEW},
        record_denial,
        applies=_may_be_denied,
    ),
}
