"""The windows that a payer's letter or the law leaves open, as people act in them: the one date to act by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.clocks import LEGAL, Clock, Deadline
from pabot.domain.model import AuthorizationState

SOON = 2  # business days: what is nearer is counted in open hours


@dataclass(frozen=True, slots=True)
class Window:
    """One acts by the close of `act_on`: the day that the window ends on, or the last open day before a closed one."""

    kind: Clock
    due_at: datetime
    act_on: date
    ends_on: date  # the legal day
    days_left: int  # business days after the present one
    open_left: timedelta | None  # open hours, where fewer than two business days are left
    closes_first: bool  # before the next open day begins


def standing(
    state: AuthorizationState, clocks: Iterable[Deadline], now: datetime, calendar: PracticeCalendar
) -> tuple[Window, ...]:
    """The windows whose clocks run, the soonest first."""
    legal = sorted((clock for clock in clocks if clock.kind in LEGAL), key=lambda clock: clock.due_at)
    return tuple(_window(state, clock, now, calendar) for clock in legal)


def _window(state: AuthorizationState, clock: Deadline, now: datetime, calendar: PracticeCalendar) -> Window:
    on = calendar.day(clock.due_at)
    days = calendar.business_days_until(now, on)
    return Window(
        kind=clock.kind,
        due_at=clock.due_at,
        act_on=on,
        ends_on=_ends_on(state, clock.kind) or on,
        days_left=days,
        open_left=calendar.open_time(now, clock.due_at) if days < SOON else None,
        closes_first=now < clock.due_at < calendar.opens(calendar.next_open_day(calendar.day(now))),
    )


def _ends_on(state: AuthorizationState, kind: Clock) -> date | None:
    """The day that was recorded from the letter, or counted by the payer's rule."""
    denial, asked = state.denial, state.open_information_request
    if kind is Clock.INFORMATION:
        return asked.due_on if asked else None
    return (denial.appeal_by if kind is Clock.APPEAL_WINDOW else denial.p2p_by) if denial else None
