"""Read models of people away: the split, the hand-over, the return, and whether somebody is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pabot.domain.cards import OverdueItem, QueueLine
from pabot.domain.statuses import Status


@dataclass(frozen=True, slots=True)
class Portion:
    """What one cover would take: how many open requests, and of which payers."""

    cover: str  # a name
    count: int
    payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a cover, or an heir, needs on the first day: what is due, which legal dates come, and the rest by status."""

    owner: str
    due_today: tuple[OverdueItem, ...]  # and what is late already
    legal: tuple[OverdueItem, ...]  # dates of this week that the payer's letters set
    rest: Mapping[Status, int]
    lines: tuple[QueueLine, ...]
    total: int
    back_on: date | None = None
    over: bool = False  # the owner is back
    for_good: bool = False  # they gave it up, and the reader owns it now


@dataclass(frozen=True, slots=True)
class Done:
    """What was done on a request for somebody who was away."""

    line: QueueLine
    kinds: tuple[str, ...]  # of steps, in order
    by: tuple[str, ...]  # names


@dataclass(frozen=True, slots=True)
class WelcomeBack:
    """What the owner finds on return."""

    done: tuple[Done, ...]
    due: tuple[OverdueItem, ...]  # today, and late


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody with due items is in, as far as it is known."""

    user_id: str
    name: str
    due: int  # requests that are due today, or late
    away: bool
    working: bool  # did something today
    said_by: str | None  # who said that they are in
    said_at: datetime | None
