"""What goes wrong from outside, and who is away when: by the day since the first, again after a round of days."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.practice import Closure, SaveMember
from rehearsal import people

FIRST = date(2026, 10, 30)  # a Friday; the clocks go back on the Sunday after
CLOSED = (Closure(date(2026, 11, 3)),)  # the practice's own
Span = tuple[int, float, float]  # day of the round, hour on the wall, hours
LOST_ANSWERS = 0.01  # of all posts arrive, and nobody hears that they did


@dataclass(frozen=True, slots=True)
class Away:
    """A person is away from a day on, and back on another."""

    who: str
    first: date
    back: date


@dataclass(frozen=True, slots=True)
class Weather:
    """When Slack does not answer, and when our worker does not run."""

    first: date = FIRST
    slack_away: tuple[Span, ...] = ((3, 9.5, 3.0), (5, 7.0, 6.5), (6, 0.0, 24.0))
    worker_away: tuple[Span, ...] = ((7, 6.0, 7.0),)
    round: int = 21  # days after which it begins again

    def slack_is_away(self, at: datetime, calendar: PracticeCalendar) -> bool:
        return self._is_within(self.slack_away, at, calendar)

    def worker_is_away(self, at: datetime, calendar: PracticeCalendar) -> bool:
        return self._is_within(self.worker_away, at, calendar)

    def _is_within(self, spans: tuple[Span, ...], at: datetime, calendar: PracticeCalendar) -> bool:
        day = calendar.day(at)
        of_round = (day - self.first).days % self.round
        midnight = calendar.at(day, time())
        return any(
            of_round == which and timedelta(hours=hour) <= at - midnight < timedelta(hours=hour + hours)
            for which, hour, hours in spans
        )


USUAL = Weather()


def absences(dice: random.Random, first_day: date, days: int) -> list[Away]:
    """Each week a coordinator for two or three days and two clinicians for up to a week; never one and their cover."""
    found = []
    for week in range(0, days, 7):
        first = first_day + timedelta(days=week + dice.randint(0, 3))
        here = people.COORDINATORS[:-1]  # the last leaves for good, see `leaving`
        found.append(Away(dice.choice(here).user_id, first, first + timedelta(days=dice.randint(2, 3))))
        for half in (people.CLINICIANS[:6:2], people.CLINICIANS[6::2]):
            found.append(Away(dice.choice(half).user_id, first, first + timedelta(days=dice.randint(2, 6))))
    return found


def changes(found: list[Away], today: date) -> Iterator[SaveMember]:
    """Who is to be saved today as away, or as back."""
    known = {person.user_id: person for person in people.STAFF}
    for one in found:
        if today in (one.first, one.back):
            yield replace(known[one.who], away=today == one.first)


def leaving(first: date, days: int) -> date:
    """The day after which the last coordinator does not come again, and a successor has begun."""
    return first + timedelta(days=days * 6 // 10)
