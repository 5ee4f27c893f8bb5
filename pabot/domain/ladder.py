"""When the managers hear of a clock: a business day after it ran out, or sooner where that would be too late.

It is computed when a clock starts and kept beside it, so that a change of these rules leaves running cases alone.
The thresholds are our judgement; that somebody hears the same day is the founding guide's.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.deadlines import ESCALATED, LEGAL, OWNERS_ALONE, Clock, Deadline, running
from pabot.domain.model import AuthorizationState
from pabot.domain.rules import Rules

APPEAL_DAYS, CALL_DAYS, SERVICE_DAYS = 3, 1, 1  # business days before the end; an appointment's is its eve
UNROUTED = 4  # business hours that a denial may wait to be routed
UNCONFIRMED = timedelta(hours=24)  # calendar hours that an expedited request may be without the payer's confirmation

Rung = Callable[[Deadline, AuthorizationState, PracticeCalendar], datetime | None]


def clocks(state: AuthorizationState, rules: Rules) -> tuple[Deadline, ...]:
    """The clocks that run, each with the moment from which the managers hear of it."""
    return told(running(state, rules), state, rules.calendar)


def told(found: Iterable[Deadline], state: AuthorizationState, calendar: PracticeCalendar) -> tuple[Deadline, ...]:
    """The same of clocks that are known already."""
    return tuple(replace(clock, managers_at=managers_at(clock, state, calendar)) for clock in found)


def managers_at(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime | None:
    """From when the managers are told while the clock still runs; None: it never comes to them."""
    rung = SOONER.get(clock.kind, _a_day_later)
    return rung(clock, state, calendar)


def snooze_ends(clocks: tuple[Deadline, ...]) -> datetime | None:
    """The latest moment until which a request may be snoozed: its first legal deadline; None: it has none."""
    return min((clock.due_at for clock in clocks if clock.kind in LEGAL), default=None)


def _a_day_later(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime | None:
    theirs = clock.kind in ESCALATED - OWNERS_ALONE
    return calendar.plus_business_days(clock.due_at, 1) if theirs else None


def _before(days: int) -> Rung:
    """When the office opens, so many business days before the day on which it is due."""

    def rung(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime:
        day = calendar.last_open_day(calendar.day(clock.due_at))
        for _ in range(days):
            day = calendar.day_before(day)
        return calendar.opens(day)

    return rung


def _at_once(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime:
    """As soon as it has run out: a worry cannot wait for the next day."""
    return clock.due_at


def _unrouted(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime:
    """After four business hours, and always when the office closes on the day of the denial."""
    close = calendar.closes(calendar.business_day(clock.started_at))
    return min(calendar.plus_business_hours(clock.started_at, UNROUTED), close)


def _unconfirmed(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime | None:
    return clock.started_at + UNCONFIRMED if state.is_expedited else None


def _before_the_appointment(clock: Deadline, state: AuthorizationState, calendar: PracticeCalendar) -> datetime | None:
    """At once, when the approval ends before the day it is for."""
    ends, appointment = state.expires_on, state.appointment_on
    return clock.started_at if ends and appointment and ends < appointment else None


SOONER: Mapping[Clock, Rung] = {
    Clock.ACKNOWLEDGEMENT: _unconfirmed,
    Clock.ROUTING: _unrouted,
    Clock.APPEAL_WINDOW: _before(APPEAL_DAYS),
    Clock.P2P_WINDOW: _before(CALL_DAYS),
    Clock.SERVICE_DATE: _before(SERVICE_DAYS),
    Clock.EXPIRY: _before_the_appointment,
    Clock.PATIENT_WORRY: _at_once,
    Clock.TELL_WORRIED: _at_once,
    Clock.WORRY_LEFT: _at_once,
}
