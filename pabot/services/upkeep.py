"""What changes by itself: a hold ends on its day, and running clocks follow the practice's calendar."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pabot.domain import ladder
from pabot.domain.steps import Change, Step
from pabot.domain.steps_holds import resumed
from pabot.services import telling
from pabot.services.alarms import BATCH, given_over
from pabot.services.requests import record
from pabot.services.room import SYSTEM, Room, rules_for
from pabot.store import lists, people, requests
from pabot.store.clocks import reconcile
from pabot.store.events import NewEvent, append, of_authorization
from pabot.store.store import Session


class Upkeep(Room):
    """Use cases of a tick. Safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def keep_clocks(self) -> int:
        """End the holds whose day has come, and set clocks anew after a change of the calendar. Answers how many."""
        now, count = self.clock.now(), 0
        for keep in (_end_holds, _follow_calendar):
            while done := self._batch(keep, now):
                count += done
        return count

    def _batch(self, keep: Callable[[Session, datetime], int], now: datetime) -> int:
        with self.store.write() as session:
            return keep(session, now)


def _end_holds(session: Session, now: datetime) -> int:
    """When the office opens; on a closed day nobody could take it up."""
    calendar = session.practice.calendar
    if not calendar.is_open(now):
        return 0
    numbers = lists.hold_ends(session.connection, calendar.day(now), BATCH)
    for number in numbers:
        before, _ = requests.load(session.connection, session.vault, number, lock=True)
        if before.on_hold_until is None or before.on_hold_until > calendar.day(now):
            continue  # another worker was here first
        plan = resumed(before, now, rules_for(session, before))
        step = Step("resume", before.status, before.status, plan.detail)
        after = replace(plan.facts, version=before.version + 1)
        record(session, Change(before, after, (step,), ()), SYSTEM, now)
    return len(numbers)


def _follow_calendar(session: Session, now: datetime) -> int:
    """A hundred requests further. How far it came is kept with the work; what is done twice changes nothing."""
    connection = session.connection
    before = people.clocks_set_until(connection)
    if before is None:
        return 0
    numbers = lists.with_clocks(connection, before, BATCH)
    for number in numbers:
        _set_anew(session, number, now)
    until = numbers[-1] if numbers else None
    people.clocks_were_set(connection, before, until, session.practice.revision)
    return len(numbers)


def _set_anew(session: Session, number: int, now: datetime) -> None:
    state, row = requests.load(session.connection, session.vault, number, lock=True)
    clocks = ladder.clocks(state, rules_for(session, state))
    stopped, moved, given = reconcile(session.connection, number, clocks, now, by=SYSTEM, follow=True)
    soonest = (clocks[0].due_at, clocks[0].kind) if clocks else (None, None)
    if (row.due_at, row.due_kind) != soonest:
        requests.write(session.connection, session.vault, state, state, clocks)
    telling.clocks_stopped(session, (*stopped, *given), now)
    given_over(session, given, now, None)
    if not moved:
        return
    detail = {"moved": ", ".join(map(str, moved))}
    event = NewEvent("calendar", SYSTEM, now, payload={"detail": detail})
    append(session.connection, session.vault, of_authorization(number), [event])
