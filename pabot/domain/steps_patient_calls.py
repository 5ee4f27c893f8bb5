"""Steps of a patient's call: recording it, what a clinician makes of a question or a worry, and passing that on.

None of them moves the request, but for a decision that was read out: that one the patient knows then.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import commands as c
from pabot.domain import updates
from pabot.domain.commands_patient import AnswerCall, CallBack, CalledBack, HandOverCall, PassOn, RecordPatientCall
from pabot.domain.errors import AlreadyDone, Invalid, NotNow
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import AuthorizationState, Member, PatientCall, PatientNews, PatientUpdate, Role, ToldBy
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, not_ahead
from pabot.domain.statuses import Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_patient import who_told

S = Status
EVERY = frozenset(Status)  # a patient calls about a closed request as well


def record_call(
    state: AuthorizationState, command: RecordPatientCall, actor: Member, now: datetime, rules: Rules
) -> Plan:
    not_ahead("at", command.at, now)
    if rules.calendar.day(command.at) < rules.calendar.day(state.created_at):
        raise Invalid({"at": "That is before the request was opened. Check the date."})
    if command.read_out and command.caller is Caller.UNVERIFIED:
        raise Invalid({"read_out": "Nothing may be read out to a caller who could not be verified."})
    by = who_told(command.taken_by_id, actor, rules, "taken_by")
    if by != actor.user_id and actor.roles <= {Role.VIEWER}:
        raise Invalid({"taken_by": "The front desk records the calls that it took itself."})
    clinical = command.asked is not Asked.STATUS
    clinician = rules.staff.clinician_for(state.clinician_id, state.number) if clinical else None
    asked_of = (clinician.user_id if clinician else state.clinician_id) if clinical else None
    seq = state.version + 1  # the version that this save makes: a correction gives no number to another call
    call = PatientCall(seq, command.at, command.caller, command.asked, command.said, command.read_out, by, asked_of)
    facts, path = _heard(replace(state, calls=(*state.calls, call)), call, now, rules)
    detail = {
        "caller": command.caller.value,
        "asked_about": command.asked.value,
        "said": command.said,
        **({"read_out": "yes"} if command.read_out else {}),
        **({"taken_by": by} if by != actor.user_id else {}),
        **({"to": asked_of} if asked_of else {}),
    }
    return Plan(facts, path, to_clinician(call), detail)


def called_back(state: AuthorizationState, command: CalledBack, actor: Member, now: datetime, rules: Rules) -> Plan:
    call = _waiting(state, command.call, rules)
    done = replace(call, answered_by=actor.user_id, answered_at=now)
    return Plan(_with(state, done), detail={"asked_about": call.asked.value})


def answer_call(state: AuthorizationState, command: AnswerCall, actor: Member, now: datetime, rules: Rules) -> Plan:
    call = _waiting(state, command.call, rules)
    done = replace(call, answered_by=actor.user_id, answered_at=now, answer=command.answer)
    worry = call.asked is Asked.WORRY
    readers = (rules.staff.acting_for(one, state.number) for one in (state.owner_id or state.opened_by, call.taken_by))
    to = next((one.user_id for one in readers if one and one.user_id != actor.user_id), None)
    told = (Notice(NoticeKind.CALL_ANSWERED, to, child=call.seq, at_once=worry),) if to else ()
    facts = updates.answer_waits(_with(state, done), now, urgent=worry)
    return Plan(facts, (), told, {"asked_about": call.asked.value, "answer": command.answer})


def pass_on(state: AuthorizationState, command: PassOn, actor: Member, now: datetime, rules: Rules) -> Plan:
    if state.untold_since is None:
        raise NotNow("No answer of a clinician waits to be passed on to the patient now.")
    if command.call is None:
        return Plan(replace(state, answer_since=None, urgent_answer_since=None))
    passed = next((one for one in state.calls if one.seq == command.call), None)
    if passed is None:
        raise NotNow("That call is no longer on the record. Open the request to see where it stands.")
    if passed.asked is Asked.WORRY:
        return Plan(replace(state, urgent_answer_since=_others_since(state, passed, state.urgent_answer_since)))
    return Plan(replace(state, answer_since=_others_since(state, passed, state.answer_since)))


def call_back(state: AuthorizationState, command: CallBack, actor: Member, now: datetime, rules: Rules) -> Plan:
    if state.worry_since is None:
        raise NotNow("No patient with an urgent worry waits for a call back now.")
    return Plan(replace(state, worry_since=None))


def _others_since(state: AuthorizationState, passed: PatientCall, since: datetime | None) -> datetime | None:
    """Since when answers of that kind wait besides the one that was passed on: of one that came meanwhile, say."""
    urgent = passed.asked is Asked.WORRY
    others = (one for one in state.calls if one.seq != passed.seq and (one.asked is Asked.WORRY) is urgent)
    answered = (one.answered_at for one in others if one.answer and one.answered_at)
    return min((at for at in answered if since and at >= since), default=None)


def hand_over_call(
    state: AuthorizationState, command: HandOverCall, actor: Member, now: datetime, rules: Rules
) -> Plan:
    call, chosen = _waiting(state, command.call, rules), rules.staff.get(command.to)
    if chosen is None or not chosen.active:
        raise Invalid({"to": "That person is not on the staff list."})
    if not chosen.is_(Role.CLINICIAN):
        raise Invalid({"to": f"{chosen.name} is not a clinician, so cannot answer this."})
    member = rules.staff.clinician_for(chosen.user_id, state.number) or chosen
    if member.user_id == call.asked_of:
        raise Invalid({"to": f"{member.name} has it already."})
    given = replace(call, asked_of=member.user_id)
    return Plan(_with(state, given), (), to_clinician(given), {"to": member.user_id, "note": command.note})


def _heard(
    state: AuthorizationState, call: PatientCall, now: datetime, rules: Rules
) -> tuple[AuthorizationState, tuple[Status, ...]]:
    """Whoever was read the approved sentences was told what waited. A denial that nobody routed still waits."""
    waits = updates.waiting(state, rules, now)
    if not call.read_out or waits is None or call.at < waits.since or updates.is_unrouted(state):
        return state, ()
    if not waits.is_decision:
        news = PatientNews(None, waits.update, call.at, call.taken_by, ToldBy.PHONE)
        return replace(state, patient_news=news), ()
    if state.outcome is None:
        return state, ()
    told = PatientUpdate(None, state.outcome, call.at, call.taken_by, ToldBy.PHONE.value)
    path = (S.PATIENT_NOTIFIED,) if state.status in (S.APPROVED, S.DENIED) else ()
    return replace(state, patient_update=told), path


def to_clinician(call: PatientCall) -> tuple[Notice, ...]:
    """At once; a worry is not held by quiet hours either."""
    if call.asked_of is None:
        return ()
    return (Notice(NoticeKind.PATIENT_CALLED, call.asked_of, child=call.seq, at_once=call.asked is Asked.WORRY),)


def _waiting(state: AuthorizationState, seq: int | None, rules: Rules) -> PatientCall:
    """The call in question. Raises NotNow, and AlreadyDone when a clinician has answered it."""
    if seq is None:
        if not state.open_calls:
            raise NotNow("No call of the patient waits for a clinician now.")
        return state.open_calls[0]
    call = next((one for one in state.calls if one.seq == seq), None)
    if call is None:
        raise NotNow("That call is no longer on the record. Open the request to see where it stands.")
    if not call.is_open:
        raise AlreadyDone(f"{rules.staff.name(call.answered_by)} answered this already. Nothing changed now.")
    return call


def _with(state: AuthorizationState, changed: PatientCall) -> AuthorizationState:
    return replace(state, calls=tuple(changed if call.seq == changed.seq else call for call in state.calls))


def _some(state: AuthorizationState) -> bool:
    return bool(state.open_calls)


STEPS: Mapping[type[c.Command], StepRule] = {
    RecordPatientCall: StepRule("patient_called", "Patient called", Action.RECORD_PATIENT_CALL, EVERY, record_call),
    CalledBack: StepRule(
        "called_back", "Done, I called back", Action.ANSWER_QUESTION, EVERY, called_back, applies=_some
    ),
    AnswerCall: StepRule(
        "answer_call", "Answer the patient's call", Action.ANSWER_QUESTION, EVERY, answer_call, applies=_some
    ),
    PassOn: StepRule(
        "pass_on",
        "Patient told the answer",
        Action.RECORD_PATIENT_TOLD,
        EVERY,
        pass_on,
        applies=lambda state: state.untold_since is not None,
    ),
    CallBack: StepRule(
        "call_back",
        "Patient called back",
        Action.RECORD_PATIENT_TOLD,
        EVERY,
        call_back,
        applies=lambda state: state.worry_since is not None,
    ),
    HandOverCall: StepRule("hand_over_call", "Hand the call over", Action.ROUTE, EVERY, hand_over_call, applies=_some),
}
