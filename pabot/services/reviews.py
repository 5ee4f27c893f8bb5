"""The weekly look at the checklists in use: which are old, which payers ask beyond, which were reported changed."""

from datetime import date

from pabot.domain.answers import LATELY, STALE, Review, ReviewLine
from pabot.domain.model import Role
from pabot.domain.rules import Directory
from pabot.services import look_ups, telling
from pabot.services.room import Room
from pabot.store import library_pages, messages
from pabot.store.store import Session, claim_period


class Reviews(Room):
    """Use cases of the weekly review. Each is safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def queue_review(self) -> bool:
        """Once a week, when the office first opens in it. True when this call queued one.

        Nothing is sent in a week in which nothing wants looking at.
        """
        now = self.clock.now()
        with self.store.write() as session:
            practice = session.practice
            if not practice.calendar.is_open(now):
                return False
            today = practice.calendar.day(now)
            year, week, _ = today.isocalendar()
            if not claim_period(session.connection, "library_review", f"{year}-W{week:02}", now):
                return False
            told = readers(practice.staff) if _review(session, today).lines else set()
            for reader in sorted(told):
                messages.want(
                    session.connection,
                    key=f"{telling.LIBRARY_REVIEW}:{today}:{reader}",
                    kind=telling.LIBRARY_REVIEW,
                    recipient=reader,
                    subject=str(today),
                    now=now,
                )
            return bool(told)

    def review(self, day: date) -> Review:
        """The checklists in use that want looking at, as things stand now."""
        with self.store.read() as session:
            return _review(session, day)


def _review(session: Session, day: date) -> Review:
    until = session.practice.calendar.end_of(day)
    rows = library_pages.in_use(session.connection, until - STALE, until - LATELY)
    lines = []
    for row in rows:
        kept = look_ups.kept(session, row.version_id)
        body, reported = kept.body, look_ups.reported(session, row.id)
        lines.append(
            ReviewLine(
                row.id, row.payer, body.service, body.verified_on, kept.is_stale(day), row.asked, reported, row.followed
            )
        )
    return Review(day, tuple(sorted((line for line in lines if line.is_due), key=lambda line: line.rank)))


def readers(staff: Directory) -> set[str]:
    """The managers, or who acts for them."""
    acting = (staff.acting_for(manager.user_id) for manager in staff.with_role(Role.MANAGER))
    return {member.user_id for member in acting if member}
