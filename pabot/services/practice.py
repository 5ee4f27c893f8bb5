"""The practice itself: who speaks, who works here, by which settings. Each change is an event."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pabot.domain.codes import npi_ok
from pabot.domain.errors import Invalid, NotOnStaff
from pabot.domain.hours import parse_clock, parse_quiet_hours, parse_update_times
from pabot.domain.model import Member, Role
from pabot.domain.practice import PracticeSettings, SaveMember
from pabot.domain.roles import Action
from pabot.domain.update_times import times
from pabot.services.absences import follow_staff_list
from pabot.services.covering import with_staff
from pabot.services.practice_days import make_calendar
from pabot.services.room import SYSTEM, Room, allow, present
from pabot.services.staffing import staff_changed
from pabot.store import people
from pabot.store.events import NewEvent, append
from pabot.store.store import Session, claim_key

# Settings that due dates are counted by.
CALENDAR = frozenset({"timezone", "office_hours", "holidays", "closures", "patient_updates"})


@dataclass(frozen=True, slots=True)
class Pinned:
    """The workspace that a database is bound to, and whether its clock may be moved."""

    team_id: str
    bot_id: str
    bot_user_id: str
    is_sandbox: bool
    worker_seen: bool


class PracticeDesk(Room):
    """Use cases around people and settings."""

    __slots__ = ()

    def identify(self, user_id: str, team_id: str) -> Member:
        """Who speaks. Raises NotOnStaff for another workspace's people and for whoever is not on the list.

        Somebody of this practice is known from what was read within the last second; what they may do, each use case
        asks in its own transaction.
        """
        lately = self.store.practice_lately()
        member = lately.staff.get(user_id) if lately and team_id == lately.team_id else None
        if member and member.active:
            return member
        with self.store.read() as session:
            practice = session.practice
            if practice.team_id and team_id != practice.team_id:
                raise NotOnStaff("You belong to another workspace. pabot answers this practice's own people only.")
            return present(session, Member(user_id, "", frozenset()))

    def know_identity(self, team_id: str, bot_id: str, bot_user_id: str) -> None:
        """Pin the workspace that this database belongs to. Raises Invalid when it belongs to another."""
        with self.store.write() as session:
            known = session.practice.team_id
            if known and known != team_id:
                raise Invalid({"team": f"This database belongs to workspace {known}; the token is for {team_id}."})
            if (known, session.practice.bot_id, session.practice.bot_user_id) != (team_id, bot_id, bot_user_id):
                people.know_identity(session.connection, team_id, bot_id, bot_user_id)

    def pinned(self) -> Pinned:
        """Which workspace and bot this database belongs to; empty before the first start."""
        with self.store.read() as session:
            practice = session.practice
            seen = practice.worker_seen_at is not None
            return Pinned(practice.team_id, practice.bot_id, practice.bot_user_id, practice.is_sandbox, seen)

    def worker_was_here(self) -> None:
        """A worker serves this database; from now on its clock is the wall's."""
        with self.store.write() as session:
            people.worker_was_here(session.connection, self.clock.now())

    def save_member(self, command: SaveMember, *, actor: Member | None, key: str) -> Member:
        """Add or change a person. Without an actor it is the command line, whose user owns the machine.

        What they can no longer own goes to their cover or to the managers' list; what waits for their judgement and
        they cannot give goes to who judges for them.
        """
        now = self.clock.now()
        with self.store.write() as session:
            if claim_key(session.connection, key, f"SaveMember:{command.user_id}", now) is None:
                if actor is not None:
                    allow(session, present(session, actor), Action.MANAGE)
                _check_member(session, command)
                was, by = session.practice.staff.get(command.user_id), actor.user_id if actor else SYSTEM
                people.save_member(session.connection, command)
                here = with_staff(session, _member(command))
                staff_changed(here, command.user_id, by, now)
                follow_staff_list(here, was, command, by, now)
                _note(session, f"staff:{command.user_id}", "staff", actor, now, _plain(asdict(command)))
        with self.store.read() as session:
            return session.practice.staff.members[command.user_id]

    def save_settings(self, settings: PracticeSettings, *, actor: Member | None, key: str) -> PracticeSettings:
        """Change the practice's hours, closures, channel, digest time and policy.

        Raises Invalid, under the field's name, for what would leave the practice without a calendar or a digest.
        """
        now = self.clock.now()
        parse_clock(settings.digest_at, "digest_at")
        parse_update_times(" ".join(settings.update_times))
        parse_quiet_hours(settings.quiet_hours)
        make_calendar(settings, now.date())
        times(settings.patient_updates)
        with self.store.write() as session:
            if claim_key(session.connection, key, "SaveSettings", now) is None:
                if actor is not None:
                    allow(session, present(session, actor), Action.MANAGE)
                before = asdict(session.practice.settings)
                changes = {name: new for name, new in asdict(settings).items() if new != before[name]}
                people.save_settings(session.connection, settings)
                if changes.keys() & CALENDAR:
                    people.calendar_changed(session.connection)
                _note(session, "practice", "settings", actor, now, _plain(changes))
        return settings

    def ensure_managers(self, user_ids: tuple[str, ...]) -> None:
        """The people of PABOT_ADMINS are managers from their first start on. Later the staff list rules."""
        for user_id in user_ids:
            if user_id not in self.directory_of():
                command = SaveMember(user_id, user_id, frozenset({Role.MANAGER}))
                self.save_member(command, actor=None, key=f"admin:{user_id}:{self.clock.now().isoformat()}")

    def mark_sandbox(self) -> None:
        """From now on the clock of this database may be moved by `pabot tick --at`."""
        with self.store.write() as session:
            people.mark_sandbox(session.connection)

    def directory_of(self) -> dict[str, Member]:
        with self.store.read() as session:
            return dict(session.practice.staff.members)


def _member(command: SaveMember) -> Member:
    """The person as they are from now on."""
    return Member(
        command.user_id, command.name, command.roles, command.npi, command.cover_id, command.away, command.active
    )


def _check_member(session: Session, command: SaveMember) -> None:
    faults = {}
    if not command.name.strip():
        faults["name"] = "A name is needed."
    if command.npi and not npi_ok(command.npi):
        faults["npi"] = "An NPI has ten digits, the last of which checks the others. Look at it again."
    if not command.roles:
        faults["roles"] = "Choose at least one role."
    if command.cover_id == command.user_id:
        faults["cover"] = "Nobody covers for themselves. Choose another person."
    elif command.cover_id and session.practice.staff.get(command.cover_id) is None:
        faults["cover"] = "The cover must be on the staff list."
    elif Role.CLINICIAN in command.roles and not _is_clinician(session, command.cover_id):
        faults["cover"] = "A clinician's cover must be a clinician: nobody else may judge for them."
    if command.away and not command.cover_id:
        faults["cover"] = "Somebody away needs a cover."
    if not command.active or Role.MANAGER not in command.roles:
        others = [m for m in session.practice.staff.with_role(Role.MANAGER) if m.user_id != command.user_id]
        was_manager = session.practice.staff.get(command.user_id)
        if was_manager and was_manager.is_(Role.MANAGER) and not others:
            faults["roles"] = "The practice needs a manager. Make somebody else one first."
    if faults:
        raise Invalid(faults)


def _is_clinician(session: Session, user_id: str | None) -> bool:
    member = session.practice.staff.get(user_id)
    return user_id is None or (member is not None and member.is_(Role.CLINICIAN))


def _note(
    session: Session, subject: str, kind: str, actor: Member | None, now: datetime, detail: dict[str, Any]
) -> None:
    by = actor.user_id if actor else SYSTEM
    append(session.connection, session.vault, subject, [NewEvent(kind, by, now, payload={"detail": detail})])


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Sets and dates as JSON knows them."""
    return {
        name: sorted(value) if isinstance(value, frozenset) else value if isinstance(value, bool | int) else str(value)
        for name, value in values.items()
    }
