"""Going away and coming back: a person's own use case, a manager's for anyone, and the tick that does it by itself."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain.absence_cards import Done, HandOver, Portion, WelcomeBack
from pabot.domain.absences import Absence, GoAway, Shared, faults, shared_out
from pabot.domain.cards import OverdueItem, QueueLine
from pabot.domain.deadlines import ESCALATED, LEGAL, Clock
from pabot.domain.errors import Invalid, NotFound, NotNow
from pabot.domain.model import Member
from pabot.domain.practice import SaveMember
from pabot.domain.roles import Action
from pabot.services import telling
from pabot.services.alarms import announce_again, item
from pabot.services.covering import opening, with_staff
from pabot.services.presence import settle
from pabot.services.room import SYSTEM, Room, allow, present
from pabot.services.staffing import move_judgement
from pabot.store import absences, lists, messages, people
from pabot.store.events import NewEvent, append
from pabot.store.store import Session, claim_key

WEEK = timedelta(days=7)
SHOWN = 500  # requests that a hand-over looks at


class Absences(Room):
    """Use cases of people away."""

    __slots__ = ()

    def split(self, command: GoAway, *, actor: Member) -> tuple[Portion, ...]:
        """How the work would be shared if they left now. Raises as `go_away` does."""
        with self.store.read() as session:
            _check(session, command, actor, self.clock.now())
            shared = shared_out(absences.held(session.connection, command.user_id), command.covers, command.split)
            return tuple(_portion(session, cover, shared) for cover in command.covers)

    def go_away(self, command: GoAway, *, actor: Member, key: str) -> Absence:
        """From today it begins at once; from a later day by itself that morning. Raises Invalid, NotAllowed."""
        now = self.clock.now()
        with self.store.write() as session:
            if claim_key(session.connection, key, f"GoAway:{command.user_id}", now) is None:
                absences.lock_people(session.connection, (command.user_id, *command.covers))
                member = _check(session, command, actor, now)
                absence = plan(session, command, actor.user_id, now)
                if command.starts_on <= session.practice.calendar.day(now):
                    begin(session, absence, member, actor.user_id, now, told_at=telling.hold(session, now) or now)
                return _found(session, absence.id)
            return absences.not_over(session.connection, command.user_id)[0]

    def come_back(self, user_id: str, *, actor: Member, key: str) -> Absence:
        """End the absence that runs, or cancel the next that is planned. Raises NotNow, NotFound, NotAllowed."""
        now = self.clock.now()
        with self.store.write() as session:
            member = _whose(session, user_id, actor)
            absences.lock_people(session.connection, (user_id,))
            found = absences.not_over(session.connection, user_id)
            absence = next((one for one in found if one.begun_at), next(iter(found), None))
            if absence is None:
                raise NotNow(f"{member.name} is not down as away. /pa away says from when, and who covers.")
            claim_key(session.connection, key, f"ComeBack:{user_id}", now)
            finish(session, absence, member, actor.user_id, now, told_at=telling.hold(session, now) or now)
            return _found(session, absence.id)

    def keep_absences(self) -> int:
        """Begin what begins today and end what ends. Answers how many. Safe by many workers at once."""
        now = self.clock.now()
        with self.store.read() as session:
            today = session.practice.calendar.day(now)
            due = [absence.id for absence in absences.not_over(session.connection) if _is_due(absence, today)]
        for absence_id in due:
            self._keep(absence_id, now)
        return len(due)

    def absence(self, user_id: str) -> Absence | None:
        """The one that runs, or the next that is planned."""
        with self.store.read() as session:
            found = absences.not_over(session.connection, user_id)
            return next((one for one in found if one.begun_at), next(iter(found), None))

    def hand_over(self, absence_id: int, *, cover: str) -> HandOver:
        """What a cover reads on the first day."""
        now = self.clock.now()
        with self.store.read() as session:
            absence = _found(session, absence_id)
            shared = absences.given(session.connection, absence_id)
            mine = [each.number for each, whom in shared if _acts(session, whom) == cover]
            over = _hand_over(session, absence.user_id, mine, now)
            return replace(over, back_on=absence.back_on, over=absence.ended_at is not None)

    def inherited(self, user_id: str, numbers: Collection[int], *, heir: str) -> HandOver:
        """What somebody left, of what the heir, or whom they act for, owns still."""
        with self.store.read() as session:
            theirs = lists.by_person(session.practice.staff.stands_in_for(heir))
            over = _hand_over(session, user_id, numbers, self.clock.now(), theirs)
            return replace(over, for_good=True)

    def welcome(self, absence_id: int) -> WelcomeBack:
        """What was done for somebody who was away, and what is due now."""
        now = self.clock.now()
        with self.store.read() as session:
            absence = _found(session, absence_id)
            numbers = [each.number for each, _ in absences.given(session.connection, absence_id)]
            held = [each.number for each in absences.held(session.connection, absence.user_id)]
            tonight = session.practice.calendar.end_of(session.practice.calendar.day(now))
            return WelcomeBack(
                tuple(_done(session, absence, numbers)),
                _items(session, _lines(session, held, open_only=False), ESCALATED, tonight),
            )

    def _keep(self, absence_id: int, now: datetime) -> None:
        with self.store.write() as session:
            absence = _found(session, absence_id)
            absences.lock_people(session.connection, (absence.user_id,))
            member = session.practice.staff.members[absence.user_id]
            told_at = opening(session, now)
            if absence.back_on and absence.back_on <= session.practice.calendar.day(now):
                finish(session, absence, member, SYSTEM, now, told_at=told_at)
            else:
                begin(session, absence, member, SYSTEM, now, told_at=told_at)


def _hand_over(session: Session, user_id: str, numbers: Iterable[int], now: datetime, *where: lists.Filter) -> HandOver:
    """What of these requests is due, and which legal dates come this week."""
    lines = _lines(session, numbers, lists.unfinished(), *where, open_only=False)
    tonight = session.practice.calendar.end_of(session.practice.calendar.day(now))
    due = _items(session, lines, ESCALATED, tonight)
    legal = tuple(item for item in _items(session, lines, LEGAL, now + WEEK) if item.due_at > tonight)
    named = {item.line.number for item in (*due, *legal)}
    rest = Counter(line.status for line in lines if line.number not in named)
    return HandOver(session.practice.staff.name(user_id), due, legal, rest, lines, len(lines))


def plan(session: Session, command: GoAway, by: str, now: datetime) -> Absence:
    """An absence that has not begun."""
    absence_id = absences.add(session.connection, command)
    detail = {"from": str(command.starts_on), "back": str(command.back_on or ""), "covers": " ".join(command.covers)}
    _note(session, command.user_id, "away", by, now, detail)
    return _found(session, absence_id)


def begin(session: Session, absence: Absence, member: Member, by: str, now: datetime, *, told_at: datetime) -> None:
    """They are away: share what they hold, ask the covers what they were asked, and tell the covers."""
    if not absences.begin(session.connection, absence.id, now):
        return
    people.set_away(session.connection, absence.user_id, away=True)
    held = absences.held(session.connection, absence.user_id)
    absences.give(session.connection, absence.id, shared_out(held, absence.covers, absence.split))
    here = with_staff(session, replace(member, away=True))
    move_judgement(here, absence.user_id, by, now)
    announce_again(here, now)
    settle(here, absence.user_id, now)
    for cover in {_acts(here, cover) for cover in absence.covers} - {absence.user_id}:
        messages.want(
            here.connection,
            key=f"{telling.HAND_OVER}:{absence.id}:{cover}",
            kind=telling.HAND_OVER,
            recipient=cover,
            subject=str(absence.id),
            now=now,
            held_until=told_at,
        )


def finish(
    session: Session, absence: Absence, member: Member, by: str, now: datetime, *, told_at: datetime | None
) -> None:
    """They are back, or will not go. `told_at` is when they read what was done; None: they are told nothing."""
    if not absences.end(session.connection, absence.id, now):
        return
    _note(session, absence.user_id, "back", by, now, {"absence": str(absence.id)})
    if absence.begun_at is None:
        return
    people.set_away(session.connection, absence.user_id, away=False)
    announce_again(with_staff(session, replace(member, away=False)), now)
    messages.refresh_lists(session.connection, telling.HAND_OVER, str(absence.id), now)
    if told_at:
        messages.want(
            session.connection,
            key=f"{telling.WELCOME_BACK}:{absence.id}",
            kind=telling.WELCOME_BACK,
            recipient=absence.user_id,
            subject=str(absence.id),
            now=now,
            held_until=told_at,
        )


def follow_staff_list(session: Session, was: Member | None, command: SaveMember, by: str, now: datetime) -> None:
    """What the staff list says of somebody being away: a tick begins an absence without an end, and no tick ends it.

    Another cover makes it another absence.
    """
    member = session.practice.staff.members[command.user_id]
    found = absences.not_over(session.connection, command.user_id)
    running = next((one for one in found if one.begun_at), None)
    stays = command.active and command.away and was is not None and command.cover_id == was.cover_id
    read_at = telling.hold(session, now) or now
    told_at = read_at if command.active and not command.away else None
    for one in found if not command.active else [running] if running and not stays else []:
        finish(session, one, member, by, now, told_at=told_at)
    if command.active and command.away and command.cover_id and not (running and stays):
        today = session.practice.calendar.day(now)
        absence = plan(session, GoAway(command.user_id, today, None, (command.cover_id,)), by, now)
        begin(session, absence, member, by, now, told_at=read_at)


def _check(session: Session, command: GoAway, actor: Member, now: datetime) -> Member:
    member = _whose(session, command.user_id, actor)
    today = session.practice.calendar.day(now)
    found = faults(command, session.practice.staff.members, absences.not_over(session.connection), today)
    if found:
        raise Invalid(found)
    return member


def _whose(session: Session, user_id: str, actor: Member) -> Member:
    """Whose absence it is. Anybody may say it of themselves, a manager of everybody."""
    if present(session, actor).user_id != user_id:
        allow(session, present(session, actor), Action.MANAGE)
    member = session.practice.staff.get(user_id)
    if member is None or not member.active:
        raise NotFound("That person is not on the staff list.")
    return member


def _is_due(absence: Absence, today: date) -> bool:
    return bool(absence.back_on and absence.back_on <= today) or (
        absence.begun_at is None and absence.starts_on <= today
    )


def _portion(session: Session, cover: str, shared: Iterable[Shared]) -> Portion:
    theirs = [each for each, whom in shared if whom == cover]
    return Portion(session.practice.staff.name(cover), len(theirs), tuple(sorted({each.payer for each in theirs})))


def _acts(session: Session, cover: str) -> str:
    """The cover, or, when they are away themselves, who acts for them."""
    acting = session.practice.staff.acting_for(cover)
    return acting.user_id if acting else cover


def _found(session: Session, absence_id: int) -> Absence:
    absence = absences.load(session.connection, absence_id)
    if absence is None:
        raise NotFound("That absence is not on record.")
    return absence


def _lines(
    session: Session, numbers: Iterable[int], *where: lists.Filter, open_only: bool = True
) -> tuple[QueueLine, ...]:
    connection, staff = session.connection, session.practice.staff
    where = (lists.numbers(numbers), *where)
    return lists.page(connection, session.vault, staff, where, limit=SHOWN, open_only=open_only)[0]


def _items(
    session: Session, lines: Iterable[QueueLine], kinds: Iterable[Clock], until: datetime
) -> tuple[OverdueItem, ...]:
    by_number = {line.number: line for line in lines}
    rows = absences.clocks_until(session.connection, list(by_number), [kind.value for kind in kinds], until)
    return tuple(item(session, by_number[row.authorization], Clock(row.kind), row.due_at, row.asked_of) for row in rows)


def _done(session: Session, absence: Absence, numbers: list[int]) -> Iterable[Done]:
    """By request what covers did in the name of who was away."""
    if absence.begun_at is None:
        return
    kinds: dict[int, list[str]] = {}
    by: dict[int, list[str]] = {}
    for row in absences.done_on(session.connection, numbers, absence.begun_at):
        detail = json.loads(session.vault.open(row.payload) or "{}").get("detail", {})
        if detail.get("for") == absence.user_id:
            number = int(row.subject.partition(":")[2])
            kinds.setdefault(number, []).append(row.kind)
            by.setdefault(number, []).append(session.practice.staff.name(row.actor))
    for line in _lines(session, kinds, open_only=False):
        yield Done(line, tuple(kinds[line.number]), tuple(dict.fromkeys(by[line.number])))


def _note(session: Session, user_id: str, kind: str, by: str, now: datetime, detail: dict[str, str]) -> None:
    append(session.connection, session.vault, f"staff:{user_id}", [NewEvent(kind, by, now, payload={"detail": detail})])
