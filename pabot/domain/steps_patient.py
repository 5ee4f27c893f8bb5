"""Steps of telling the patient: what was heard, what could not be said, and what need not be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain import commands as c
from pabot.domain import roles, updates
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.happenings import DECISIONS
from pabot.domain.model import Attempt, AuthorizationState, Member, PatientNews, PatientUpdate, Reached, Update
from pabot.domain.roles import Action
from pabot.domain.rules import Rules, not_ahead
from pabot.domain.statuses import OPEN, Outcome, Status
from pabot.domain.steps import Plan, StepRule
from pabot.domain.steps_practice import closure_steps
from pabot.domain.update_times import LABELS, label

S = Status
LATEST_TRY = timedelta(days=14)  # our judgement: a later one would hide that somebody waits


def tell_patient(state: AuthorizationState, command: c.TellPatient, actor: Member, now: datetime, rules: Rules) -> Plan:
    """What the patient was told, or that they could not be. An attempt keeps the update waiting."""
    not_ahead("told_at", command.told_at, now)
    update = _chosen(state, command, now, rules)
    since = updates.began(update, state, rules)
    if since and command.told_at < since:
        raise Invalid({"told_at": _too_early(update)})
    by = who_told(command.told_by_id, actor, rules, "told_by")
    detail = {
        "update": update.value,
        **({"in_part": "yes"} if update in DECISIONS and state.in_part else {}),
        "how": command.how.value,
        **({"told_by": by} if by != actor.user_id else {}),
    }
    if command.result is not Reached.TOLD:
        return _tried(state, command, (update, by), now, rules, detail)
    if update in DECISIONS:
        return told_decision(state, command, by, actor, now, rules, detail)
    if command.and_close:
        raise NotNow("It is still being worked on; record that the patient was told without closing.")
    news = PatientNews(None, update, command.told_at, by, command.how, command.note)
    return Plan(replace(state, patient_news=news), (), detail={**detail, "note": command.note})


def told_decision(
    state: AuthorizationState,
    command: c.TellPatient,
    by: str,
    actor: Member,
    now: datetime,
    rules: Rules,
    detail: Mapping[str, str],
) -> Plan:
    told = PatientUpdate(None, _told_outcome(state), command.told_at, by, command.how.value, command.note)
    return _patient_updated(replace(state, patient_update=told), command, actor, now, rules, detail)


def waive_update(state: AuthorizationState, command: c.WaiveUpdate, actor: Member, now: datetime, rules: Rules) -> Plan:
    waived = PatientUpdate(None, _told_outcome(state), now, actor.user_id, "waived", command.reason)
    facts = replace(state, patient_update=waived)
    return _patient_updated(facts, command, actor, now, rules, {"reason": command.reason})


def _chosen(state: AuthorizationState, command: c.TellPatient, now: datetime, rules: Rules) -> Update:
    """Which update it was. Raises NotNow and Invalid for what there is not to tell."""
    if updates.is_unrouted(state):
        raise NotNow("Route the denial first, then tell the patient.")
    possible = updates.tellable(state, rules, now)
    if not possible:
        raise NotNow("There is nothing to tell the patient yet.")
    chosen = command.update or possible[0]
    if chosen not in possible:
        others = " or ".join(f"“{label(update, in_part=state.in_part)}”" for update in possible)
        raise Invalid({"update": f"There is no “{LABELS[chosen]}” to tell now. What waits is {others}."})
    return chosen


def _too_early(update: Update) -> str:
    if update in DECISIONS:
        return "That is before the payer decided. Check the date."
    return "That is before there was anything of that kind to tell. Check the date."


def who_told(user_id: str, actor: Member, rules: Rules, field: str) -> str:
    """Who spoke with the patient: whoever records it, unless somebody else of the practice is named."""
    who = rules.staff.get(user_id) if user_id else actor
    if who is None or not who.active:
        raise Invalid({field: "That person is not on the staff list."})
    return who.user_id


def _tried(
    state: AuthorizationState,
    command: c.TellPatient,
    of: tuple[Update, str],
    now: datetime,
    rules: Rules,
    detail: Mapping[str, str],
) -> Plan:
    """The patient was not told: who tried, when and how, and on which day it is tried again."""
    update, by = of
    next_on = command.next_on or rules.calendar.next_open_day(rules.calendar.day(now))
    _check_next(next_on, rules.calendar.day(now))
    waits, before = updates.waiting(state, rules, now), state.attempt
    earlier = before.tries if before and waits and waits.tries and waits.update is update else 0
    attempt = Attempt(
        None, update, command.told_at, by, command.how, command.result, next_on, earlier + 1, command.note
    )
    said = {**detail, "tried": command.result.value, "next_try": next_on.isoformat(), "note": command.note}
    return Plan(replace(state, attempt=attempt), (), detail=said)


def _check_next(next_on: date, today: date) -> None:
    if next_on < today:
        raise Invalid({"next_on": "That day has passed. Choose when it is tried again."})
    if next_on > today + LATEST_TRY:
        raise Invalid({"next_on": f"Try again within {LATEST_TRY.days} days: the patient waits."})


def _patient_updated(
    facts: AuthorizationState,
    command: c.TellPatient | c.WaiveUpdate,
    actor: Member,
    now: datetime,
    rules: Rules,
    detail: Mapping[str, str],
) -> Plan:
    """The milestone always; the status only from a decision that is not under review; closing when allowed."""
    if updates.is_unrouted(facts):
        raise NotNow("Route the denial first, then tell the patient.")
    path: tuple[Status, ...] = (S.PATIENT_NOTIFIED,) if facts.status in (S.APPROVED, S.DENIED) else ()
    if command.and_close:
        if not path:
            raise NotNow("It is still being worked on; record that the patient was told without closing.")
        roles.require(actor, roles.close_action(facts), facts, rules.policy, staff=rules.staff.members.values())
        facts = replace(facts, closed_at=now, close_reason=facts.outcome.value if facts.outcome else "")
        path = (*path, S.CLOSED)
    said = {**detail, "note": command.note, **closure_steps(command, rules, closes=command.and_close)}
    return Plan(facts, path, detail=said)


def _told_outcome(state: AuthorizationState) -> Outcome:
    if state.outcome is None:
        raise NotNow("There is no decision to tell the patient yet.")
    return state.outcome


def _may_waive(state: AuthorizationState) -> bool:
    return updates.decision(state) is not None and not updates.is_unrouted(state)


_TELLING = OPEN - {S.NEW, S.REQ_CHECK, S.PATIENT_NOTIFIED}

STEPS: Mapping[type[c.Command], StepRule] = {
    c.TellPatient: StepRule(
        "tell_patient",
        "Patient told",
        Action.RECORD_PATIENT_TOLD,
        _TELLING,
        tell_patient,
        applies=updates.may_tell,
    ),
    c.WaiveUpdate: StepRule(
        "waive_update",
        "No need to tell",
        Action.WAIVE_PATIENT_UPDATE,
        _TELLING,
        waive_update,
        applies=_may_waive,
    ),
}
