"""Read models of one request, made inside whatever transaction is open."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pabot.domain import appeals, diagnoses, holds, letters, roles, updates, weekends
from pabot.domain.cards import AuthorizationCard
from pabot.domain.deadlines import Deadline, running
from pabot.domain.decide import offers
from pabot.domain.model import AuthorizationState, Member, Role
from pabot.domain.roles import Action
from pabot.domain.submission_sheet import may_prepare
from pabot.services import look_ups, telling
from pabot.services.corrections import correctable
from pabot.services.room import rules_for
from pabot.store import absences, approvals, patients, renewals, requests, timeline
from pabot.store.requests import Loaded
from pabot.store.store import Session


def card(session: Session, number: int, actor: Member, now: datetime) -> AuthorizationCard:
    """Everything that a request's screens show to this person, but for the patient's identity."""
    return of(session, requests.load(session.connection, session.vault, number), actor, now, identity=False)


def of(session: Session, loaded: Loaded, actor: Member, now: datetime, *, identity: bool) -> AuthorizationCard:
    """The same of a request that is loaded already. `identity` opens who the patient is, and the diagnoses."""
    state, row = loaded
    number = state.number
    practice = session.practice
    doubted = bool(session.diagnoses.release) and state.is_open and not actor.roles <= {Role.VIEWER}
    codes = requests.diagnoses(session.connection, number) if identity or doubted else ()
    rules = rules_for(session, state)
    clocks = running(state, rules)
    history = timeline.read(session.connection, session.vault, number, practice.names)
    may, ask = offers(state, actor, practice.policy)
    return AuthorizationCard(
        state=state,
        patient=requests.patient_of(row, session.vault, identity=identity),
        payer=requests.payer_of(row),
        service=session.vault.open(row.service),
        diagnoses=codes if identity else (),
        note=session.vault.open(row.note),
        names=practice.names,
        clocks=clocks,
        timeline=history.entries,
        older=history.older,
        steps=tuple(rule.kind for rule in may),
        correctable=correctable(session, actor, state, history.latest, now),
        now=now,
        contacts=requests.contacts_of(row),
        **_library(session, state),
        warnings=(
            *_uncovered(session, state, clocks, now),
            *(_warnings(session, state, codes, named=identity) if doubted else ()),
        ),
        days_on_hold=holds.days_on_hold(state, now, rules),
        namesake=state.undecided_denial is not None and patients.has_namesake(session.connection, number),
        quiet_until=telling.hold_about(session, state, clocks, now),
        appeal_level=appeals.open_to(state, state.denial, rules.payer) if state.denial else None,
        earlier=requests.earlier_denials(session.connection, session.vault, state) if state.denial else (),
        letter=letters.may_have(actor, state, practice.policy),
        sheet=may_prepare(actor, state, practice.policy),
        asks=tuple(rule.kind for rule in ask),
        approvals=approvals.open_about(session.connection, session.vault, number) if row.approval_open else (),
        closes=roles.may(actor, roles.close_action(state), state, practice.policy) is None,
        waits=updates.waiting(state, rules, now),
        tellable=updates.tellable(state, rules, now),
        renewal=renewals.renewal_of(session.connection, number) if state.is_granted else None,
    )


def _library(session: Session, state: AuthorizationState) -> dict[str, Any]:
    """What the library has to say on the card."""
    if state.checklist_version_id is None:
        return {}
    kept = look_ups.kept(session, state.checklist_version_id)
    if not state.is_open:
        return {"checklist": kept}
    newest = look_ups.newest(session, state)
    return {
        "checklist": kept,
        "newer": look_ups.kept(session, newest[0]) if newest else None,
        "reported": look_ups.reported(session, kept.checklist_id),
    }


def _warnings(session: Session, state: AuthorizationState, codes: Iterable[str], *, named: bool) -> tuple[str, ...]:
    """What is doubtful about an open request's diagnoses, for those who work on it."""
    found = map(session.diagnoses.look_up, codes)
    clinician = session.practice.staff.clinician_for(state.clinician_id, state.number)
    return diagnoses.warnings(found, session.diagnoses.release, clinician.name if clinician else "", named=named)


def _uncovered(
    session: Session, state: AuthorizationState, clocks: Iterable[Deadline], now: datetime
) -> tuple[str, ...]:
    """An expedited request runs into closed days, and nobody is named for its people then."""
    calendar, staff = session.practice.calendar, session.practice.staff
    closed = weekends.runs_into(state, clocks, calendar.day(now), calendar)
    if not closed:
        return ()
    planned = absences.not_over(session.connection)
    people = weekends.without_cover((state.owner_id, state.clinician_id), staff, planned, closed[0])
    return (weekends.warning(closed, people),) if people else ()


def may_see_identity(session: Session, actor: Member, state: AuthorizationState) -> bool:
    return roles.may(actor, Action.VIEW_PATIENT, state, session.practice.policy) is None
