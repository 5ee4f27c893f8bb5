"""What goes wrong from outside, and who is away when: by the day of the rehearsal, again every three weeks."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.practice import Closure, SaveMember
from rehearsal import people

FIRST = date(2026, 10, 30)  # a Friday; the clocks go back on the Sunday after
CLOSED = (Closure(date(2026, 11, 3)),)  # the practice's own
ROUND = 21  # days after which it begins again
SLACK_AWAY = ((3, 9.5, 3.0), (5, 7.0, 6.5), (6, 0.0, 24.0))  # day of the round, hour, hours
WORKER_AWAY = ((7, 6.0, 7.0),)
LOST_ANSWERS = 0.01  # of all posts arrive, and nobody hears that they did


@dataclass(frozen=True, slots=True)
class Away:
    """A person is away from a day on, and back on another."""

    who: str
    first: date
    back: date


@dataclass(frozen=True, slots=True)
class Weather:
    calendar: PracticeCalendar

    def slack_is_away(self, at: datetime) -> bool:
        return self._is_within(SLACK_AWAY, at)

    def worker_is_away(self, at: datetime) -> bool:
        return self._is_within(WORKER_AWAY, at)

    def _is_within(self, spans: tuple[tuple[int, float, float], ...], at: datetime) -> bool:
        day = self.calendar.day(at)
        of_round = (day - FIRST).days % ROUND
        midnight = self.calendar.at(day, time())
        return any(
            of_round == which and timedelta(hours=hour) <= at - midnight < timedelta(hours=hour + hours)
            for which, hour, hours in spans
        )


def absences(dice: random.Random, days: int) -> list[Away]:
    """Each week a coordinator for two or three days and two clinicians for up to a week; never one and their cover."""
    found = []
    for week in range(0, days, 7):
        first = FIRST + timedelta(days=week + dice.randint(0, 3))
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


def leaving(days: int) -> date:
    """The day after which the last coordinator does not come again, and a successor has begun."""
    return FIRST + timedelta(days=days * 6 // 10)
