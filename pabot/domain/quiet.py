"""Quiet hours: which messages wait for the morning, and until when (our judgement).

Closed days are quiet as a whole; opening hours never are. Nothing waits about an expedited request or a patient's
urgent worry, until they know what came of it, nor where a date that a payer's letter set would pass before the morning.
"""

from collections.abc import Iterable
from datetime import datetime, time

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.clocks import LEGAL, Deadline
from pabot.domain.model import AuthorizationState

Span = tuple[time, time]  # from when until when; over midnight where the first is the later one


def quiet_until(now: datetime, hours: Span | None, calendar: PracticeCalendar) -> datetime | None:
    """When the quiet of this moment ends: its hour on the next open day. None where it is not quiet now."""
    if hours is None or calendar.is_open(now):
        return None
    today, (begins, ends) = calendar.day(now), hours
    if calendar.is_open_day(today) and not _within(calendar.local(now).time(), begins, ends):
        return None
    later_today = calendar.is_open_day(today) and now < calendar.at(today, ends)
    day = today if later_today else calendar.next_open_day(today)
    return min(calendar.at(day, ends), calendar.opens(day))


def can_wait(state: AuthorizationState, clocks: Iterable[Deadline], until: datetime) -> bool:
    """Whether news of a request may be told then, given its running clocks."""
    question = state.open_question
    worried = (question and question.is_urgent) or state.urgent_answer_since or state.worry_since
    if state.is_expedited or state.urgency_proposed or worried:
        return False
    return not any(clock.kind in LEGAL and clock.due_at <= until for clock in clocks)


def _within(clock: time, begins: time, ends: time) -> bool:
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends
