"""What every use case leans on. One use case is one function is one transaction."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pabot.clock import Clock
from pabot.domain import roles
from pabot.domain.cards import Privacy
from pabot.domain.errors import NotOnStaff
from pabot.domain.library import Checklist
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.patient_words import TextName
from pabot.domain.payer_rules import by_law, resolved
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.update_times import times
from pabot.store.store import Session, Store
from pabot.store.together import Turn

PAGE = 10
SYSTEM = "pabot"  # who acts where no person does


@dataclass(frozen=True, slots=True)
class Room:
    """The record, the time, and how much of a patient may be shown."""

    store: Store
    clock: Clock
    privacy: Privacy

    @property
    def zone(self) -> ZoneInfo:
        """The practice's time zone as the latest use case saw it."""
        return self.store.zone

    def noting(self) -> AbstractContextManager[None]:
        """What this thread notes of who saw what is written by `settle`, with what others note."""
        return self.store.noting()

    def settle(self, turn: Turn) -> None:
        """As `Store.settle`. Raises Unavailable."""
        self.store.settle(turn)

    @property
    def worded(self) -> Mapping[TextName, str]:
        """The practice's own words for patients as the latest use case saw them."""
        return self.store.worded


def present(session: Session, actor: Member) -> Member:
    """The actor as the staff list has them in this very transaction."""
    member = session.practice.staff.get(actor.user_id)
    if member is None or not member.active:
        raise NotOnStaff("You are not on this practice's staff list. A manager can add you with /pa staff.")
    return member


def allow(session: Session, actor: Member, action: Action, state: AuthorizationState | None = None) -> None:
    """Raise NotAllowed, with the names of who may, unless the actor may."""
    practice = session.practice
    roles.require(actor, action, state, practice.policy, staff=practice.staff.members.values())


def rules_for(session: Session, state: AuthorizationState) -> Rules:
    """The rules for a request: the law's defaults, the payer's and plan's own, its checklist's over all."""
    practice = session.practice
    checklist = checklist_of(session, state)
    payer = resolved(
        by_law(state.line_of_business, (line.code for line in state.lines)),
        practice.payer_rules.get(state.plan_id, {}),
        dict(checklist.rules) if checklist else {},
    )
    updates = times(practice.settings.patient_updates)
    return Rules(practice.calendar, payer, practice.staff, practice.policy, checklist, updates=updates)


def checklist_of(session: Session, state: AuthorizationState) -> Checklist | None:
    """The version that a request was opened with, or has taken since."""
    version = state.checklist_version_id
    return session.versions.get(session.connection, version).body if version else None
