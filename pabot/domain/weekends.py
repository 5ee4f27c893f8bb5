"""An expedited request runs on while the practice is closed: is anybody named who acts for its people then?"""

from collections.abc import Iterable
from datetime import date, timedelta

from pabot.domain.absences import OPEN_END, Absence
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.clocks import Clock, Deadline
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.rules import Directory

NAMED = 4  # closed days that a sentence names


def closed_days(first: date, last: date, calendar: PracticeCalendar) -> tuple[date, ...]:
    """The days from `first` to `last` on which the practice is closed."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if not calendar.is_open_day(day))


def without_cover(
    people: Iterable[str | None], staff: Directory, absences: Iterable[Absence], day: date
) -> tuple[Member, ...]:
    """Those of these people for whom nobody is named on a day: neither a standing cover nor one of an absence."""
    away = {absence.user_id for absence in absences if absence.starts_on <= day < (absence.back_on or OPEN_END)}
    members = (staff.get(user_id) for user_id in dict.fromkeys(people))
    return tuple(m for m in members if m and m.active and m.cover_id is None and m.user_id not in away)


def runs_into(
    state: AuthorizationState, clocks: Iterable[Deadline], today: date, calendar: PracticeCalendar
) -> tuple[date, ...]:
    """The closed days before the payer must have answered an expedited request; none for any other."""
    if not (state.is_open and state.is_expedited):
        return ()
    due = next((clock.due_at for clock in clocks if clock.kind is Clock.PAYER_RESPONSE), None)
    return closed_days(today, calendar.day(due), calendar) if due else ()


def warning(closed: tuple[date, ...], people: Iterable[Member]) -> str:
    """The sentence for whoever works on it."""
    days = ", ".join(f"{day:%a %b} {day.day}" for day in closed[:NAMED])
    names = " and ".join(member.name for member in people)
    return f"Expedited, and the practice is closed on {days}: no cover is named for {names}. Name one with /pa away."
