"""The morning round-up: everybody for whom much waits to be judged hears of all of it at once."""

import math
from datetime import datetime

from pabot.domain.cards import SHOWN, QueuePage
from pabot.domain.hours import parse_clock
from pabot.services import telling
from pabot.services.digests import too_late_for_digest
from pabot.services.judging import to_be_judged
from pabot.services.room import Room
from pabot.store import lists, messages
from pabot.store.store import Session, claim_period

FEW = 3  # so many are not rounded up: each was told when it was asked (our judgement)


class RoundUps(Room):
    """Use cases of the round-up. Safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def queue_round_ups(self) -> int:
        """At the digest's time on open days, tell everybody for whom more than a few wait. Answers how many.

        Once a day, whoever restarts; caught up as long as the digest is, and not made later.
        """
        now = self.clock.now()
        with self.store.write() as session:
            calendar = session.practice.calendar
            day = calendar.day(now)
            due_at = calendar.at(day, parse_clock(session.practice.settings.digest_at, "digest_at"))
            if not calendar.is_open_day(day) or now < due_at or too_late_for_digest(session, now):
                return 0
            if not claim_period(session.connection, telling.ROUND_UP, str(day), now):
                return 0
            readers = _readers(session)
            for reader in readers:
                about = telling.round_up_of(day, reader)
                messages.want(
                    session.connection,
                    key=f"{telling.ROUND_UP}:{about}",
                    kind=telling.ROUND_UP,
                    recipient=reader,
                    subject=about,
                    now=now,
                )
            return len(readers)

    def round_up(self, reader: str) -> QueuePage:
        """What waits for this person's judgement as things stand, as far as a message names it."""
        with self.store.read() as session:
            return waiting(session, reader, SHOWN, self.clock.now())


def waiting(session: Session, user_id: str, limit: int, now: datetime) -> QueuePage:
    """What waits for somebody's judgement, or for theirs for whom they stand in."""
    found, total = to_be_judged(session, _asked(session, user_id), limit)
    return QueuePage("Waiting for you", found, total, 1, max(1, math.ceil(total / limit)), "mine", now)


def _asked(session: Session, user_id: str) -> list[lists.Asked]:
    return lists.asked(session.connection, session.practice.staff.judges_for(user_id))


def _readers(session: Session) -> list[str]:
    """Who is here and has more than a few to judge."""
    members = session.practice.staff.members.values()
    here = sorted(member.user_id for member in members if member.active and not member.away)
    return [user_id for user_id in here if len({one.number for one in _asked(session, user_id)}) > FEW]
