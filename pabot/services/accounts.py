"""Slack accounts that were deactivated: what they held finds somebody, and managers are told once."""

from dataclasses import replace
from datetime import datetime

from pabot.domain.model import Role
from pabot.domain.practice import SaveMember
from pabot.services import telling
from pabot.services.absences import follow_staff_list
from pabot.services.covering import with_staff
from pabot.services.room import SYSTEM, Room
from pabot.services.staffing import staff_changed
from pabot.store import lists, messages, people
from pabot.store.events import NewEvent, append
from pabot.store.store import Session, claim_period

UNREACHABLE = ("user_disabled", "account_inactive", "user_not_found")  # Slack's words for a message that was refused


class Accounts(Room):
    """Use cases around accounts in the workspace."""

    __slots__ = ()

    def accounts_to_check(self) -> tuple[str, ...]:
        """Whose accounts are to be looked at: everybody's once a day, and once more when Slack refused a message."""
        now = self.clock.now()
        with self.store.write() as session:
            day = session.practice.calendar.day(now)
            people = [member.user_id for member in session.practice.staff.members.values() if member.active]
            if claim_period(session.connection, "accounts", str(day), now):
                return tuple(people)
            refused = {*messages.refused_people(session.connection, UNREACHABLE)} & {*people}
            return tuple(
                user for user in sorted(refused) if claim_period(session.connection, "account", f"{day}:{user}", now)
            )

    def account_gone(self, user_id: str) -> bool:
        """Take a deactivated account off the staff list. True for the call that did.

        What they own goes to their cover, then to the first of the same role, then to a manager.
        """
        now = self.clock.now()
        with self.store.write() as session:
            member = session.practice.staff.get(user_id)
            if member is None or not member.active:
                return False
            command = SaveMember(
                user_id, member.name, member.roles, member.npi or "", member.cover_id, away=False, active=False
            )
            held = len(lists.owned_numbers(session.connection, user_id))
            people.save_member(session.connection, command)
            here = with_staff(session, replace(member, away=False, active=False))
            staff_changed(here, user_id, SYSTEM, now, unannounced=True)
            follow_staff_list(here, member, command, SYSTEM, now)
            gone = NewEvent("account_gone", SYSTEM, now, payload={"detail": {"requests": held}})
            append(session.connection, session.vault, f"staff:{user_id}", [gone])
            messages.give_up(session.connection, user_id)
            _tell_managers(here, user_id, held, now)
            return True


def _tell_managers(session: Session, user_id: str, held: int, now: datetime) -> None:
    for manager in session.practice.staff.with_role(Role.MANAGER):
        messages.want(
            session.connection,
            key=f"{telling.ACCOUNT_GONE}:{user_id}:{now.isoformat()}:{manager.user_id}",
            kind=telling.ACCOUNT_GONE,
            recipient=manager.user_id,
            subject=f"{user_id}:{held}",
            now=now,
            held_until=telling.hold(session, now),
        )
