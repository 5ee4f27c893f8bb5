"""What people look at: a card, the queue, a search, my work, the Home tab. Seeing identity leaves an event."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain import expiry
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.cards import AuthorizationCard, HomeBoard, Privacy, QueuePage
from pabot.domain.codes import diagnosis_in, normal_number
from pabot.domain.deadlines import expected_response
from pabot.domain.diagnoses import Diagnosis
from pabot.domain.errors import NotFound
from pabot.domain.model import Member, Role
from pabot.domain.practice import PracticeSettings
from pabot.domain.roles import Action
from pabot.domain.rules import Directory, Part
from pabot.domain.statuses import MEANINGS, Status
from pabot.services import cards
from pabot.services.alarms import asked_of
from pabot.services.room import PAGE, Room, allow, present, rules_for
from pabot.services.round_up import waiting
from pabot.services.sweep import due_with_payers
from pabot.store import lists, messages, payers, renewals
from pabot.store.events import NewEvent, views_of
from pabot.store.lists import Filter
from pabot.store.store import Session

EXPIRING = "expiring"
WITH = "With "  # somebody
SUGGESTED = 30  # diagnoses: more than anybody reads, fewer than Slack takes


class Reading(Room):
    """Use cases that change nothing but the record of who saw what."""

    __slots__ = ()

    def card(self, number: int, *, actor: Member, seen_full: bool = False) -> AuthorizationCard:
        """A request as this person may see it. Raises NotFound, NotAllowed.

        `seen_full` says that the screen shows identity when privacy is full; then the view is kept as an event.
        """
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            allow(session, actor, Action.VIEW_QUEUE)
            loaded = session.memory.load(session.connection, session.vault, number)
            asked = seen_full and self.privacy is Privacy.FULL
            identity = asked and cards.may_see_identity(session, actor, loaded[0])
            found = cards.of(session, loaded, actor, now, identity=identity)
        if identity:  # before anybody sees it; if this fails, nobody does
            self.store.note(views_of(number), NewEvent("view", actor.user_id, now))
        return found

    def queue(self, query: str, *, actor: Member, page: int = 1) -> QueuePage:
        """Open requests: all, or of a status, a payer, a person (`@U123`), `overdue`; or approvals `expiring`.

        Raises NotFound.
        """
        now = self.clock.now()
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            if query.strip().casefold() == EXPIRING:
                return _running_out(session, page, now)
            title, where = _filter(session, query.strip(), now)
            return _page(session, title, where, query, page, now, closed=title.startswith(WITH))

    def mine(self, *, actor: Member, page: int = 1) -> QueuePage:
        """What I own, and what waits for me."""
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            theirs = [lists.by_person(session.practice.staff.stands_in_for(actor.user_id))]
            found = _page(session, "My work", theirs, "mine", page, now, closed=True)
            return replace(found, to_sweep=len(due_with_payers(session, now, actor)))

    def find(self, text: str, *, actor: Member) -> QueuePage:
        """By number, chart number, initials, tracking or authorization number; closed ones as well."""
        now = self.clock.now()
        wanted = text.strip()
        if not wanted:  # every request without a tracking number would fit
            return QueuePage("Found", (), 0, 1, 1, "", now)
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            where = lists.matching(session.connection, session.vault, wanted, normal_number(wanted))
            found, total = lists.page(
                session.connection, session.vault, session.practice.staff, [where], limit=PAGE, open_only=False
            )
            return QueuePage("Found", found, total, 1, 1, wanted, now)

    def home(self, *, actor: Member) -> HomeBoard:
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            staff, manages = session.practice.staff, actor.is_(Role.MANAGER)
            mine, judged = staff.stands_in_for(actor.user_id), staff.judges_for(actor.user_id)
            refused = messages.undelivered(session.connection) if manages else []
            return HomeBoard(
                member=actor,
                waiting=waiting(session, actor.user_id, PAGE, now),
                mine=_page(session, "Your work", [lists.owned_by(mine, judged)], "mine", 1, now, closed=True),
                unassigned=_nobodys(session, now) if manages else None,
                undelivered=tuple(f"{row.kind} to {staff.name(row.recipient)}: {row.error}" for row in refused),
                now=now,
                to_sweep=len(due_with_payers(session, now, actor)),
                approvals=asked_of(session, actor.user_id),
                names=session.practice.names,
            )

    def unassigned(self, *, actor: Member) -> QueuePage:
        """The managers' list of requests that nobody has."""
        now = self.clock.now()
        with self.store.read() as session:
            allow(session, present(session, actor), Action.MANAGE)
            return _nobodys(session, now)

    def expected_on(self, number: int, *, at: datetime, expedited: bool | None = None) -> tuple[date, str]:
        """When the payer should answer something received at `at`, and why."""
        with self.store.read() as session:
            state, _ = session.memory.load(session.connection, session.vault, number)
            urgent = state.is_expedited if expedited is None else expedited
            return expected_response(at, rules_for(session, state), expedited=urgent)

    def diagnoses(self, text: str) -> tuple[Diagnosis, ...]:
        """What somebody may mean who types this; at last the code itself as typed, when the list does not have it."""
        listed = self.store.diagnoses
        found = listed.search(text, SUGGESTED)
        typed = diagnosis_in(text)
        if typed is None or any(one.code == typed for one in found):
            return found
        return (*found, listed.look_up(typed))

    def directory(self) -> Directory:
        with self.store.read() as session:
            return session.practice.staff

    def names(self) -> Mapping[str, str]:
        """By Slack id, of everybody who is or was on the staff list."""
        with self.store.read() as session:
            return session.practice.names

    def settings(self) -> PracticeSettings:
        with self.store.read() as session:
            return session.practice.settings

    def calendar(self) -> PracticeCalendar:
        with self.store.read() as session:
            return session.practice.calendar


def _nobodys(session: Session, now: datetime) -> QueuePage:
    return _page(session, "Nobody has these", [lists.unassigned()], "unassigned", 1, now)


def _running_out(session: Session, page: int, now: datetime) -> QueuePage:
    """Approvals that end soon, the soonest first; of closed requests as well, for an approval outlives its request."""
    today = session.practice.calendar.day(now)
    where = [renewals.running_out(today, today + timedelta(days=expiry.SOON))]
    return _page(session, "Approvals that run out", where, EXPIRING, page, now, approvals=True)


def _page(
    session: Session,
    title: str,
    where: list[Filter],
    query: str,
    page: int,
    now: datetime,
    *,
    approvals: bool = False,
    closed: bool = False,
) -> QueuePage:
    """One page of open requests, or of approvals by their last day, whether the request is open or not. `closed`: the
    filter says itself which are open, for somebody may wait for an answer about a closed one.
    """
    connection, staff = session.connection, session.practice.staff
    offset = (max(page, 1) - 1) * PAGE
    found, total = lists.page(
        connection,
        session.vault,
        staff,
        where,
        limit=PAGE,
        offset=offset,
        open_only=not approvals and not closed,
        by_end=approvals,
    )
    return QueuePage(title, found, total, max(page, 1), max(1, math.ceil(total / PAGE)), query, now)


def _filter(session: Session, query: str, now: datetime) -> tuple[str, list[Filter]]:
    """What a queue's argument means: nothing, a special word, a person, a status, a payer."""
    wanted = query.casefold()
    special = {
        "": ("All open requests", []),
        "hold": ("On hold", [lists.on_hold()]),
        "overdue": ("Overdue", [lists.overdue(now)]),
        "unassigned": ("Nobody has these", [lists.unassigned()]),
    }
    if wanted in special:
        return special[wanted]
    if query.startswith("@"):
        member = session.practice.staff.get(query[1:])
        if member is None:
            raise NotFound("That person is not on the staff list.")
        return f"{WITH}{member.name}", [lists.by_person([Part(member.user_id)])]
    named = [m for m in session.practice.staff.members.values() if wanted in m.name.casefold().split()]
    if len(named) == 1:
        return f"{WITH}{named[0].name}", [lists.by_person([Part(named[0].user_id)])]
    for status in Status:
        if wanted in (status.value, MEANINGS[status].label.casefold()):
            return MEANINGS[status].label, [lists.by_status(status)]
    found = {plan.payer_id: plan.payer for plan in payers.plans(session.connection, query)}
    meant = {payer_id: name for payer_id, name in found.items() if wanted in name.casefold()}
    if meant:
        return ", ".join(sorted(set(meant.values()))), [lists.by_payer(meant)]
    raise NotFound(f"“{query}” is no status, payer or person here. Try /pa queue, or /pa queue pending.")
