"""The sweep: what is due with the payers, asked about one after the other, and the reminders of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta

from pabot.domain import commands as c
from pabot.domain.contacts import Found
from pabot.domain.errors import NotAllowed, NotFound, NotNow, Stale
from pabot.domain.model import Member
from pabot.domain.roles import Action, may
from pabot.domain.sweep import (
    LONGEST_CATCH_UP,
    MOST_AT_ONCE,
    Awaited,
    Peer,
    SweepPage,
    Swept,
    Update,
    latest_update,
    remaining,
    update_id,
)
from pabot.services import cards, telling
from pabot.services.alarms import lines_of
from pabot.services.requests import take
from pabot.services.room import Room, allow, present
from pabot.store import lists, messages, requests, sweeps
from pabot.store.lists import Filter
from pabot.store.store import Session, claim_key, claim_period, keep_result


class Sweeps(Room):
    """Use cases of the sweep. Where it stands follows from the rows: it may be closed and begun again at any time."""

    __slots__ = ()

    def sweep(self, sweep: str, *, actor: Member, number: int | None = None) -> SweepPage:
        """What is next in a sweep, or the request of this `number` again. Raises NotAllowed, NotFound."""
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            allow(session, actor, Action.RECORD_CONTACT)
            due = due_with_payers(session, now, actor)
            left = remaining(due, sweep)
            number = number or (left[0].number if left else None)
            done = sweeps.asked_about(
                session.connection, actor.user_id, _midnight(session, now), [each.number for each in due]
            )
            place, total, put_off = done + 1 + len(due) - len(left), done + len(due), len(due) - len(left)
            if number is None:
                return SweepPage(None, (), 0, place, total, put_off, now)
            loaded = requests.load(session.connection, session.vault, number)
            peers = [each for each in left if each.payer_id == loaded[0].payer_id and each.number != number]
            card = cards.of(session, loaded, actor, now, identity=False)
            return SweepPage(card, _peers(session, peers), len(peers), place, total, put_off, now)

    def record_swept(
        self, command: c.LogContact, alike: Iterable[tuple[int, int]] = (), *, actor: Member, key: str
    ) -> Swept:
        """A contact about one request, and *no change* for those `alike`: number and version as they were drawn.

        All of it is one transaction. What somebody changed meanwhile is left out and named in the answer; where that
        is the request of the command itself, or what was typed cannot be, nothing is saved. The minutes of the contact
        are counted once. Raises NotFound, NotAllowed, NotNow, Invalid, Stale.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            earlier = claim_key(session.connection, key, f"Sweep:{command.number}", now)
            if earlier is not None:
                return _kept(earlier)
            swept = _take_all(session, command, alike, actor, now)
            keep_result(session.connection, key, json.dumps(asdict(swept)))
            return swept

    def put_off(self, number: int, sweep: str, *, actor: Member) -> None:
        """Not now: it comes no more in this sweep, and last in the day's next. It stays due."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            allow(session, actor, Action.RECORD_CONTACT)
            requests.load(session.connection, session.vault, number)
            sweeps.put_off(session.connection, actor.user_id, number, sweep, now)

    def queue_updates(self) -> int:
        """At each update time of a business day, remind whoever has something due with the payers. Answers how many.

        Once for each time, whoever restarts; caught up within two hours, and not past the next time.
        """
        now = self.clock.now()
        with self.store.write() as session:
            about = _update_now(session, now)
            if about is None or not claim_period(session.connection, telling.UPDATE, about, now):
                return 0
            readers = _readers(session, now)
            for reader in readers:
                messages.want(
                    session.connection,
                    key=f"{telling.UPDATE}:{about}:{reader}",
                    kind=telling.UPDATE,
                    recipient=reader,
                    subject=about,
                    now=now,
                )
            return len(readers)

    def update(self, about: str, *, reader: Member) -> Update:
        """What a reminder says, as things stand now."""
        now = self.clock.now()
        with self.store.read() as session:
            due = due_with_payers(session, now, reader)
            return Update(len(due), len({each.payer_id for each in due}), over=_update_now(session, now) != about)


def due_with_payers(session: Session, now: datetime, actor: Member) -> list[Awaited]:
    """What this person is to ask the payers about today, as owner or for an owner who is away."""
    if may(actor, Action.RECORD_CONTACT) is not None:
        return []
    mine = lists.owned(session.practice.staff.stands_in_for(actor.user_id))
    return _due(session, now, [mine], actor.user_id)


def _due(session: Session, now: datetime, where: Sequence[Filter] = (), reader: str = "") -> list[Awaited]:
    calendar, midnight = session.practice.calendar, _midnight(session, now)
    tonight = calendar.at(calendar.day(now) + timedelta(days=1), time())
    latest = latest_update(session.practice.settings.update_times, calendar.local(now))
    update_at = calendar.at(calendar.day(now), latest) if latest else midnight
    found = sweeps.awaited(session.connection, tonight, where, reader=reader, since=midnight)
    return [each for each in found if each.is_due(midnight, update_at)]


def _midnight(session: Session, now: datetime) -> datetime:
    return session.practice.calendar.at(session.practice.calendar.day(now), time())


def _peers(session: Session, of: Sequence[Awaited]) -> tuple[Peer, ...]:
    some = of[:MOST_AT_ONCE]
    lines = lines_of(session, (each.number for each in some))
    return tuple(Peer(lines[each.number], each.version, each.tracking_number) for each in some)


def _take_all(
    session: Session, command: c.LogContact, alike: Iterable[tuple[int, int]], actor: Member, now: datetime
) -> Swept:
    """In the order of their numbers, so that two who sweep at once do not wait for each other."""
    same = replace(command, found=Found.NO_CHANGE, result="", told_next="", minutes=0)
    same = replace(same, next_check_on=None, expected_on=None)
    others = {number: version for number, version in alike if number != command.number}
    saved, refused, payer_id = [], [], 0
    for number in sorted({command.number, *others}):
        own = number == command.number
        each = command if own else replace(same, number=number, version=others[number])
        try:
            after, _ = take(session, each, actor, now).loaded
        except (Stale, NotNow, NotFound, NotAllowed):
            if own:
                raise
            refused.append(number)
        else:
            saved.append(number)
            payer_id = after.payer_id if own else payer_id
    return Swept(payer_id, tuple(saved), tuple(refused))


def _kept(result: str) -> Swept:
    """The answer to a form that was sent before."""
    said = json.loads(result)
    return Swept(said["payer_id"], tuple(said["saved"]), tuple(said["refused"]))


def _update_now(session: Session, now: datetime) -> str | None:
    """The update time for which a reminder may be sent now."""
    calendar, day = session.practice.calendar, session.practice.calendar.day(now)
    latest = latest_update(session.practice.settings.update_times, calendar.local(now))
    if latest is None or not calendar.is_open_day(day) or now >= calendar.at(day, latest) + LONGEST_CATCH_UP:
        return None
    return update_id(day, latest)


def _readers(session: Session, now: datetime) -> list[str]:
    """Whoever acts for the owners of what is due, and may ask the payers."""
    staff = session.practice.staff
    owned = (each for each in _due(session, now) if each.owner_id)
    acting = (staff.acting_for(each.owner_id, each.number) for each in owned)
    return sorted({member.user_id for member in acting if member and may(member, Action.RECORD_CONTACT) is None})
