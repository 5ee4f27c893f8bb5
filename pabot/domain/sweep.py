"""The sweep: which requests are to be asked about with their payers today, in which order, and what its screen says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pabot.domain.cards import AuthorizationCard, QueueLine
from pabot.domain.hours import parse_clock

# A reminder is caught up until the next update time, but for no longer (our judgement: later it is no news).
LONGEST_CATCH_UP = timedelta(hours=2)
MOST_AT_ONCE = 50  # others in one save, so that Slack has its answer in time from a busy database too (our judgement)


@dataclass(frozen=True, slots=True)
class Awaited:
    """An open request with the payer, whose next check or whose answer falls due by tonight."""

    number: int
    version: int
    owner_id: str | None
    payer_id: int
    payer: str
    tracking_number: str
    expedited: bool
    check_due_at: datetime | None
    answer_due_at: datetime | None
    asked_at: datetime | None  # the latest contact with the payer
    put_off_in: str = ""  # the sweep of today in which the reader said *not now*

    def is_due(self, midnight: datetime, update_at: datetime) -> bool:
        """Whether somebody is to ask, given when today began and when its latest update time was.

        What was checked today is done, unless its next check was set to today again: then it comes back with the next
        update time. An answer that is overdue is asked for once; from then on the next check says when (our judgement).
        """
        asked = self.asked_at
        if asked is None:
            return True
        answer_due = self.answer_due_at is not None and asked < min(self.answer_due_at, midnight)
        return answer_due or (self.check_due_at is not None and asked < update_at)

    @property
    def rank(self) -> tuple[bool, str, int, bool, datetime]:
        """One payer after the other by name, so that the order holds while it is worked through; put off is last."""
        due = [at for at in (self.check_due_at, self.answer_due_at) if at]
        return bool(self.put_off_in), self.payer.casefold(), self.payer_id, not self.expedited, min(due)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another request of the same payer: the same login or call serves it."""

    line: QueueLine
    version: int
    tracking_number: str


@dataclass(frozen=True, slots=True)
class SweepPage:
    """Where a sweep stands: the request that is next, if there is one, and how far it is."""

    card: AuthorizationCard | None
    peers: tuple[Peer, ...]  # as many as one save takes
    more_of_payer: int  # all others of the same payer
    place: int  # of `card` among today's, counted from 1
    total: int
    put_off: int  # put off in this very sweep; they stay due
    now: datetime


@dataclass(frozen=True, slots=True)
class Swept:
    """What one save did. Each request is saved whole or not at all."""

    payer_id: int
    saved: tuple[int, ...]
    refused: tuple[int, ...] = ()  # somebody changed them after the form was drawn


@dataclass(frozen=True, slots=True)
class Update:
    """A reminder at an update time: how many requests are due, at how many payers. `over`: its time has passed."""

    due: int
    payers: int
    over: bool


def remaining(due: Sequence[Awaited], sweep: str) -> list[Awaited]:
    """What a sweep still has to ask about, in its order: all but what was put off in it."""
    return sorted((each for each in due if each.put_off_in != sweep), key=lambda each: (*each.rank, each.number))


def latest_update(times: Iterable[str], local: datetime) -> time | None:
    """The latest of a day's update times that has come, by the practice's wall."""
    come = (clock for clock in (parse_clock(text, "update_times") for text in times) if clock <= local.time())
    return max(come, default=None)


def update_id(day: date, clock: time) -> str:
    """An update time of one day: `2026-11-23 10:00`."""
    return f"{day} {clock:%H:%M}"
