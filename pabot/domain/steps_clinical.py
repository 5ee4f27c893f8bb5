"""Steps around a licensed judgement: routing to it, and giving it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import appeals, holds, roles
from pabot.domain import commands as c
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotNow
from pabot.domain.model import (
    AuthorizationState,
    Decision,
    Denial,
    Member,
    Role,
    Urgency,
)
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import OPEN, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_payer import await_anew
from pabot.domain.steps_review import leave, to_owner

S = Status


def decide_denial(
    state: AuthorizationState, command: c.DecideDenial, actor: Member, now: datetime, rules: Rules
) -> Plan:
    denial = state.denial
    if denial is None or denial.id != command.denial_id:
        raise NotNow("That denial is no longer the one in question. Open the request to see where it stands.")
    if denial.decision is not None:
        who = rules.staff.name(denial.decided_by)
        raise AlreadyDone(f"{who} decided this already. Nothing changed now.")
    if command.decision is Decision.ACCEPT:
        _may_accept(denial, actor, rules)
    if command.decision is Decision.APPEAL:
        _may_appeal(state, command, actor, rules)
    if command.necessity and not (command.decision is Decision.APPEAL and actor.is_(Role.CLINICIAN)):
        raise Invalid({"necessity": "The reasons of an appeal are a clinician's to write. Leave this empty."})
    _right_patient(rules)
    decided = replace(
        denial,
        decision=command.decision,
        decided_by=actor.user_id,
        decided_at=now,
        accepted_at=denial.accepted_at or now,
        decision_reason=command.reason,
        decision_words=command.words,
        expedited=command.expedited and command.decision is Decision.APPEAL,
    )
    detail: dict[str, object] = {
        "decision": command.decision.value,
        "reason": command.reason,
        "words": command.words,
    }
    if command.necessity:
        decided = appeals.argued(decided, command.necessity, "", actor.user_id, now)
        detail |= {"version": decided.necessity_version, "reasons": command.necessity}
    facts = replace(state, denial=decided)
    told = to_owner(NoticeKind.INSTRUCTION, state, actor, rules)
    if command.decision is Decision.ACCEPT:
        facts, path = leave(facts, facts.stands_at)
        return Plan(facts, path, told, detail)
    if command.decision is Decision.RESUBMIT:
        facts = replace(facts, rounds=state.rounds + 1, return_status=None)
        facts, path = leave(facts, S.READY if facts.is_complete else S.DOCS_NEEDED)
        return Plan(facts, path, told, detail)
    return Plan(facts, (), told, detail)


def change_decision(
    state: AuthorizationState, command: c.ChangeDecision, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """The denial is this person's to decide again; the history keeps what was chosen before. The owner waits.

    A question that is open, whoever has it, goes on waiting beside it: each is its own person's.
    """
    denial = state.denial
    if denial is None or not _may_change(state):
        raise NotNow("There is no decision that could still be changed. Open the request to see where it stands.")
    was, resubmitted = denial.decision, denial.decision is Decision.RESUBMIT
    again = replace(
        denial.undecided,
        expedited=False,
        routed_to=actor.user_id,
        accepted_at=now,
    )
    stands_at = replace(state, denial=again).stands_at
    back = stands_at if state.open_question else state.return_status or stands_at  # it may have been asked later
    facts = replace(state, denial=again, rounds=state.rounds - resubmitted, return_status=back)
    path = () if state.status is S.CLINICAL_REVIEW else (S.CLINICAL_REVIEW,)
    told = (*to_owner(NoticeKind.INSTRUCTION, state, actor, rules), Notice(NoticeKind.DECISION, actor.user_id))
    return Plan(facts, path, told, {"decision": was.value if was else ""})


def _may_change(state: AuthorizationState) -> bool:
    denial = state.denial
    decided = denial is not None and denial.decision is not None and state.is_contestable
    return decided and state.is_open and not state.decision_is_carried_out


def ask_for_more(state: AuthorizationState, command: c.AskForMore, actor: Member, now: datetime, rules: Rules) -> Plan:
    denial = state.undecided_denial
    if denial and denial.routed_to is None:  # nobody was asked: whoever needs something has it
        denial = replace(denial, routed_to=actor.user_id, routed_at=now)
    facts = replace(state, denial=replace(denial, accepted_at=denial.accepted_at or now)) if denial else state
    return Plan(facts, (), to_owner(NoticeKind.NEED, state, actor, rules), {"need": command.need})


def attest_urgency(
    state: AuthorizationState, command: c.AttestUrgency, actor: Member, now: datetime, rules: Rules
) -> Plan:
    urgency = Urgency.EXPEDITED if command.expedited else Urgency.STANDARD
    if not state.urgency_proposed and state.attested_by:
        raise AlreadyDone(f"{rules.staff.name(state.attested_by)} answered this already. Nothing changed now.")
    facts = replace(state, urgency=urgency, urgency_proposed=False, attested_by=actor.user_id)
    if command.expedited:  # it waits no longer
        facts = holds.ended(facts, now, rules)
    if urgency is not state.urgency:
        facts = await_anew(state, facts, now, rules)
    return Plan(facts, (), detail={"expedited": command.expedited, "basis": command.basis})


def _right_patient(rules: Rules) -> None:
    """A chart number that was looked at must be this patient's, and is wanted where initials could mean another."""
    if rules.chart_matches is False:
        raise Invalid({"chart_number": "That chart number does not match this patient. Nothing was decided."})
    if rules.namesake and rules.chart_matches is None:
        said = "Another open request of this clinician has the same initials: type the chart number you looked at."
        raise Invalid({"chart_number": said})


def _may_accept(denial: Denial, actor: Member, rules: Rules) -> None:
    """Billers may give up only the listed administrative reasons."""
    if actor.is_(Role.CLINICIAN) or DENIAL_REASONS[denial.reason].biller_may_accept:
        return
    refusal = roles.Refusal(Action.ACCEPT_DENIAL, frozenset({Role.CLINICIAN}), approval=False)
    raise NotAllowed(refusal.sentence(rules.staff.members.values()))


def _may_appeal(state: AuthorizationState, command: c.DecideDenial, actor: Member, rules: Rules) -> None:
    """Where there is a level to appeal to; that it is urgent is a clinician's to say."""
    if state.denial is None or appeals.open_to(state, state.denial, rules.payer) is None:
        raise NotNow(appeals.nothing_open(state))
    if command.expedited and not actor.is_(Role.CLINICIAN):
        raise Invalid({"expedited": "That waiting would endanger the patient is a clinician's to say."})


_JUDGED = frozenset({S.CLINICAL_REVIEW})

STEPS: Mapping[type[c.Command], StepRule] = {
    c.DecideDenial: StepRule(
        "decide_denial",
        "Decide",
        Action.DECIDE_DENIAL,
        _JUDGED,
        decide_denial,
        applies=lambda state: state.undecided_denial is not None,
    ),
    c.ChangeDecision: StepRule(
        "change_decision",
        "Change decision",
        Action.DECIDE_DENIAL,
        _JUDGED | {S.READY, S.DOCS_NEEDED, S.DENIED, S.APPROVED},
        change_decision,
        applies=_may_change,
    ),
    c.AttestUrgency: StepRule(
        "attest_urgency",
        "Urgency",
        Action.ATTEST_EXPEDITED,
        OPEN,
        attest_urgency,
        applies=lambda state: state.urgency_proposed,
        asked_before=True,  # proposing it is the asking
    ),
    c.AskForMore: StepRule(
        "ask_for_more",
        "I need …",
        Action.DECIDE_DENIAL,
        _JUDGED,
        ask_for_more,
        applies=lambda state: state.undecided_denial is not None,
    ),
}
