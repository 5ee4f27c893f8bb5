"""Read models of one request, made inside whatever transaction is open."""

from datetime import datetime

from pabot.domain import roles
from pabot.domain.cards import AuthorizationCard
from pabot.domain.deadlines import running
from pabot.domain.decide import possible
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.services.corrections import correctable
from pabot.services.room import rules_for
from pabot.store import requests, timeline
from pabot.store.store import Session


def card(session: Session, number: int, actor: Member, now: datetime, *, identity: bool = False) -> AuthorizationCard:
    """Everything that a request's screens show to this person. `identity` opens the patient's name and dates."""
    state, row = requests.load(session.connection, session.vault, number)
    patient, payer = requests.who_and_payer(session.connection, session.vault, row, identity=identity)
    practice = session.practice
    names = {member.user_id: member.name for member in practice.staff.members.values()}
    history = timeline.read(session.connection, session.vault, number, names)
    return AuthorizationCard(
        state=state,
        patient=patient,
        payer=payer,
        service=session.vault.open(row.service),
        diagnoses=requests.diagnoses(session.connection, number),
        note=session.vault.open(row.note),
        names=names,
        clocks=running(state, rules_for(session, state)),
        timeline=history.entries,
        older=history.older,
        steps=tuple(rule.kind for rule in possible(state, actor, practice.policy)),
        correctable=correctable(session, actor, state, history.latest, now),
        now=now,
    )


def may_see_identity(session: Session, actor: Member, state: AuthorizationState) -> bool:
    return roles.may(actor, Action.VIEW_PATIENT, state, session.practice.policy) is None
