"""Somebody with due items who has done nothing by mid-morning may be ill: managers are asked once."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time

from pabot.domain.absence_cards import Presence
from pabot.domain.errors import NotFound
from pabot.domain.model import Member
from pabot.domain.roles import Action
from pabot.services import telling
from pabot.services.room import Room, allow, present
from pabot.store import absences, messages
from pabot.store.events import NewEvent, append
from pabot.store.store import Session, claim_key, claim_period

ASKED_AT = time(10, 30)  # on the practice's wall (our judgement: late enough for who begins late)


class PresenceDesk(Room):
    """Use cases around who is in."""

    __slots__ = ()

    def ask_who_is_in(self) -> int:
        """Once on a business day, from 10:30 until closing. Answers of how many people managers were asked."""
        now = self.clock.now()
        with self.store.write() as session:
            calendar, today = session.practice.calendar, session.practice.calendar.day(now)
            if not calendar.is_open(now) or calendar.local(now).time() < ASKED_AT:
                return 0
            if not claim_period(session.connection, "who_is_in", str(today), now):
                return 0
            silent = _silent(session, today)
            _ask_managers(session, silent, today, now)
            return len(silent)

    def they_are_in(self, user_id: str, *, actor: Member, key: str) -> None:
        """A manager says that somebody is here; the question is settled for every manager. Raises NotAllowed."""
        now = self.clock.now()
        with self.store.write() as session:
            allow(session, present(session, actor), Action.MANAGE)
            if session.practice.staff.get(user_id) is None:
                raise NotFound("That person is not on the staff list.")
            if claim_key(session.connection, key, f"TheyAreIn:{user_id}", now) is None:
                append(session.connection, session.vault, f"staff:{user_id}", [NewEvent("is_in", actor.user_id, now)])
                settle(session, user_id, now)

    def presence(self, user_id: str, day: date) -> Presence:
        """What is known of whether somebody is in on a day."""
        with self.store.read() as session:
            staff = session.practice.staff
            member = staff.get(user_id)
            if member is None:
                raise NotFound("That person is not on the staff list.")
            midnight = session.practice.calendar.at(day, time())
            said = absences.answer_about(session.connection, f"staff:{user_id}", "is_in", midnight)
            return Presence(
                user_id,
                member.name,
                _due(session, day)[user_id],
                away=member.away or not member.active,
                working=user_id in absences.acted_since(session.connection, midnight),
                said_by=staff.name(said[0]) if said else None,
                said_at=said[1] if said else None,
            )


def settle(session: Session, user_id: str, now: datetime) -> None:
    """Whoever was asked today whether they are in reads the answer."""
    today = session.practice.calendar.day(now)
    newest = {messages.newest(session.connection, telling.IS_IN, one) for one in session.practice.staff.managers()}
    for subject in newest - {None}:
        day, silent = asked_about(str(subject))
        if day == today and user_id in silent:
            messages.refresh_lists(session.connection, telling.IS_IN, str(subject), now)


def asked_about(subject: str) -> tuple[date, list[str]]:
    """Of which day and which people a message asks."""
    day, _, silent = subject.partition(":")
    return date.fromisoformat(day), silent.split(",")


def _silent(session: Session, day: date) -> list[str]:
    """Who should act on something that is due and did nothing today."""
    acted = absences.acted_since(session.connection, session.practice.calendar.at(day, time()))
    members = session.practice.staff.members
    due = (members.get(user_id) for user_id in _due(session, day))
    return sorted(m.user_id for m in due if m and m.active and not m.away and m.user_id not in acted)


def _due(session: Session, day: date) -> Counter[str]:
    """How many requests with something due by the end of the day each person answers for."""
    staff = session.practice.staff
    due: set[tuple[int, str]] = set()
    for row in absences.due_until(session.connection, session.practice.calendar.end_of(day)):
        acting = staff.acting_for(row.owner_id, row.number) if row.owner_id else None
        due.update((row.number, user) for user in (acting.user_id if acting else None, row.asked_of) if user)
    return Counter(user for _, user in due)


def _ask_managers(session: Session, silent: Sequence[str], day: date, now: datetime) -> None:
    """Each once, about all of them but themselves."""
    for reader in session.practice.staff.managers():
        if set(silent) - {reader}:
            messages.want(
                session.connection,
                key=f"{telling.IS_IN}:{day}:{reader}",
                kind=telling.IS_IN,
                recipient=reader,
                subject=f"{day}:{','.join(silent)}",
                now=now,
            )
