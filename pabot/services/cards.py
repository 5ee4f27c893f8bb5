"""Read models of one request, made inside whatever transaction is open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, cast

from pabot.domain import appeals, diagnoses, holds, letters, roles, updates, weekends, windows
from pabot.domain.absences import Absence
from pabot.domain.approvals import Approval
from pabot.domain.cards import AuthorizationCard
from pabot.domain.deadlines import Clock, Deadline, running
from pabot.domain.decide import offers
from pabot.domain.model import AuthorizationState, Denial, Member, Role
from pabot.domain.patient_calls import called_lately
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
    loaded = session.memory.load(session.connection, session.vault, number)
    return of(session, loaded, actor, now)


def of(
    session: Session,
    loaded: Loaded,
    actor: Member,
    now: datetime,
    clocks: tuple[Deadline, ...] | None = None,
    *,
    identity: bool = False,
) -> AuthorizationCard:
    """The same of a request that is loaded already. `identity` opens who the patient is, and the diagnoses.

    `clocks` are those that run for it, where a save has worked them out just now.
    The same facts make the same card for the same person in the same minute: it is remembered by what it is made of.
    It is made without the database at hand, so that nothing can be on it which it is not remembered by.
    """
    state, minute = loaded[0], now.replace(second=0, microsecond=0)
    number, minute = state.number, max(minute, *_begun(state, now))
    facts = _facts(session, loaded)
    made_of = (loaded, facts, session.practice, session.diagnoses.release, actor, minute)
    offline = replace(session, connection=cast(Any, None))
    card = session.memory.made(number, made_of, lambda: _made(offline, loaded, facts, actor, minute, clocks))
    return _identified(session, loaded, facts, actor, card) if identity else card


def _begun(state: AuthorizationState, now: datetime) -> Iterator[datetime]:
    """Since when its latest news waits: a card that was made as of before would not tell it."""
    yield min(state.status_since, now)
    yield min(state.decided_at or state.created_at, now)


class Facts(NamedTuple):
    """All that is read for a card besides the request itself."""

    story: timeline.Story
    latest: timeline.Save | None
    diagnoses: tuple[str, ...]
    library: Mapping[str, Any]
    absences: Sequence[Absence]
    earlier: tuple[Denial, ...]
    approvals: tuple[Approval, ...]
    namesake: bool
    renewal: int | None


def _facts(session: Session, loaded: Loaded) -> Facts:
    connection, memory, (state, row) = session.connection, session.memory, loaded
    number = state.number
    story = memory.story(connection, session.vault, number)
    return Facts(
        story=story,
        latest=story.latest or (timeline.latest_save(connection, number) if story.older else None),
        diagnoses=memory.diagnoses(connection, number),
        library=_library(session, state),
        absences=absences.not_over(connection) if state.is_open and state.is_expedited else (),
        earlier=requests.earlier_denials(connection, session.vault, state) if state.denial else (),
        approvals=approvals.open_about(connection, session.vault, number) if row.approval_open else (),
        namesake=state.undecided_denial is not None and patients.has_namesake(connection, number),
        renewal=renewals.renewal_of(connection, number) if state.is_granted else None,
    )


def _made(
    session: Session,
    loaded: Loaded,
    facts: Facts,
    actor: Member,
    now: datetime,
    known: tuple[Deadline, ...] | None,
) -> AuthorizationCard:
    """The card, as everybody may see it who may see the queue."""
    state, row = loaded
    practice = session.practice
    rules = rules_for(session, state)
    clocks = running(state, rules) if known is None else known
    closing = roles.may(actor, roles.close_action(state), state, practice.policy)
    may, ask = offers(state, actor, practice.policy)
    response = next((clock for clock in clocks if clock.kind is Clock.PAYER_RESPONSE), None)
    waits, tellable = updates.standing(state, rules, now, response)
    return AuthorizationCard(
        state=state,
        patient=requests.patient_of(row, session.vault, identity=False),
        payer=requests.payer_of(row),
        service=session.vault.open(row.service),
        diagnoses=(),
        note=session.vault.open(row.note),
        names=practice.names,
        clocks=clocks,
        timeline=facts.story.told(practice.names),
        older=facts.story.older,
        steps=tuple(rule.kind for rule in may),
        correctable=correctable(session, actor, state, facts.latest, now),
        now=now,
        contacts=requests.contacts_of(row),
        **facts.library,
        warnings=(
            *_uncovered(session, state, clocks, facts.absences, now),
            *_warnings(session, state, facts.diagnoses, actor, named=False),
        ),
        days_on_hold=holds.days_on_hold(state, now, rules),
        namesake=facts.namesake,
        quiet_until=telling.hold_about(session, state, clocks, now),
        appeal_level=appeals.open_to(state, state.denial, rules.payer) if state.denial else None,
        earlier=facts.earlier,
        letter=letters.may_have(actor, state, practice.policy),
        sheet=may_prepare(actor, state, practice.policy),
        asks=tuple(rule.kind for rule in ask),
        approvals=facts.approvals,
        closes=closing is None,
        asks_to_close=closing is not None and closing.approval,
        windows=windows.standing(state, clocks, now, rules.calendar),
        waits=waits,
        tellable=tellable,
        called_lately=called_lately(state.calls, now, rules.calendar),
        renewal=facts.renewal,
    )


def _identified(
    session: Session, loaded: Loaded, facts: Facts, actor: Member, card: AuthorizationCard
) -> AuthorizationCard:
    """A card with who the patient is, and the diagnoses; a doubt about one names it. Remembered nowhere."""
    named = _warnings(session, card.state, facts.diagnoses, actor, named=True)  # as many as do not name it, the last
    return replace(
        card,
        patient=requests.patient_of(loaded[1], session.vault, identity=True),
        diagnoses=facts.diagnoses,
        warnings=(*card.warnings[: len(card.warnings) - len(named)], *named),
        bare=card,
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


def _warnings(
    session: Session, state: AuthorizationState, codes: Iterable[str], actor: Member, *, named: bool
) -> tuple[str, ...]:
    """What is doubtful about an open request's diagnoses, for those who work on it."""
    if not (session.diagnoses.release and state.is_open) or actor.roles <= {Role.VIEWER}:
        return ()
    found = map(session.diagnoses.look_up, codes)
    clinician = session.practice.staff.clinician_for(state.clinician_id, state.number)
    return diagnoses.warnings(found, session.diagnoses.release, clinician.name if clinician else "", named=named)


def _uncovered(
    session: Session,
    state: AuthorizationState,
    clocks: Iterable[Deadline],
    planned: Iterable[Absence],
    now: datetime,
) -> tuple[str, ...]:
    """An expedited request runs into closed days, and nobody is named for its people then."""
    calendar, staff = session.practice.calendar, session.practice.staff
    closed = weekends.runs_into(state, clocks, calendar.day(now), calendar)
    if not closed:
        return ()
    people = weekends.without_cover((state.owner_id, state.clinician_id), staff, planned, closed[0])
    return (weekends.warning(closed, people),) if people else ()


def may_see_identity(session: Session, actor: Member, state: AuthorizationState) -> bool:
    return roles.may(actor, Action.VIEW_PATIENT, state, session.practice.policy) is None
