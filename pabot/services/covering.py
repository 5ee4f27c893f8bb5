"""The staff list and its covers as they are from now on, inside whatever transaction is open."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pabot.domain.absences import cover_for
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.rules import Directory
from pabot.domain.steps import Change, Notice, NoticeKind
from pabot.store import absences, people
from pabot.store.store import Session


def with_staff(session: Session, *changed: Member) -> Session:
    """The session with these people as they are from now on, and with the covers as they lie in the tables."""
    members = {**session.practice.staff.members, **{member.user_id: member for member in changed}}
    names = {user_id: member.name for user_id, member in members.items()}
    staff = Directory(members, absences.covers(session.connection))
    return replace(session, practice=replace(session.practice, staff=staff, names=names))


def share_out(session: Session, state: AuthorizationState) -> Session:
    """A request that came to somebody away gets its cover: by payer, else the one with the fewest."""
    covers = session.practice.staff.covers
    absent = {state.owner_id, state.clinician_id} & covers.keys()
    fresh = [user for user in absent if user and state.number not in covers[user].by_number]
    if not fresh or not state.is_open:
        return session
    held = absences.payer_of(session.connection, state.number)
    for absence in absences.not_over(session.connection):
        if absence.user_id in fresh and absence.begun_at:
            so_far = absences.given(session.connection, absence.id)
            cover = cover_for(held, so_far, absence.covers, absence.split)
            absences.give(session.connection, absence.id, [(held, cover)])
    people.staff_changed(session.connection)
    return with_staff(session)


def in_their_name(change: Change, for_whom: str | None) -> Change:
    """What a cover does is recorded under the cover's name, for whom it was done."""
    if for_whom is None:
        return change
    first, *rest = change.steps
    return replace(change, steps=(replace(first, detail={**first.detail, "for": for_whom}), *rest))


def approved_by(change: Change, approver: Member, note: str) -> Change:
    """What somebody approved is recorded under their name as well, with the note that they gave."""
    first, *rest = change.steps
    said = {"approved_by": approver.user_id, **({"approval_note": note} if note else {})}
    return replace(change, steps=(replace(first, detail={**first.detail, **said}), *rest))


def to_who_acts(session: Session, number: int, notices: Iterable[Notice], by: str) -> tuple[Notice, ...]:
    """What is for an owner who is away goes to their cover; nobody is told what they did themselves."""
    staff = session.practice.staff
    told = []
    for notice in notices:
        if notice.kind is NoticeKind.ASSIGNED:
            acting = staff.acting_for(notice.to, number)
            if acting and acting.user_id == by:
                continue
            notice = replace(notice, to=acting.user_id) if acting else notice
        told.append(notice)
    return tuple(told)


def opening(session: Session, now: datetime) -> datetime:
    """Now, or, before the office opens or on a closed day, when it opens next: for what can wait until then."""
    calendar = session.practice.calendar
    day = calendar.day(now)
    return max(now, calendar.opens(calendar.first_open_day(day)))
