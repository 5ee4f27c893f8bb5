"""What a sample denial leaves open, at a practice that is open from eight to five on weekdays."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pabot.domain import windows
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.clocks import Clock, Deadline
from pabot.domain.model import AuthorizationState
from pabot.domain.windows import Window

CALENDAR = PracticeCalendar(ZoneInfo("America/New_York"), {day: (time(8), time(17)) for day in range(5)})


def left_open(state: AuthorizationState, now: datetime) -> tuple[Window, ...]:
    denial, asked = state.denial, state.open_information_request
    ends = {Clock.INFORMATION: asked.due_on if asked else None}
    if denial:
        ends |= {Clock.APPEAL_WINDOW: denial.appeal_by, Clock.P2P_WINDOW: denial.p2p_by}
    clocks = [_clock(kind, on, now) for kind, on in ends.items() if on]
    return windows.standing(state, clocks, now, CALENDAR)


def _clock(kind: Clock, ends_on: date, now: datetime) -> Deadline:
    due = CALENDAR.closes(CALENDAR.last_open_day(ends_on))
    return Deadline(kind, due, "cd", now, "letter", "the payer's own date")
