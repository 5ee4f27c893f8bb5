"""People away: who covers what of theirs, from which day to which, and what keeps an absence from being saved.

The owner stays the owner. Which cover acts for a request is computed once, when the absence begins, and kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pabot.domain.model import Member, Role
from pabot.domain.roles import Action, may

COVERS = 5  # people among whom somebody's work is shared (our judgement)
OPEN_END = date.max


class Split(StrEnum):
    """How the work is shared among several covers."""

    PAYER = "payer"
    EVENLY = "evenly"


@dataclass(frozen=True, slots=True)
class GoAway:
    """Somebody is away from a day on until the day on which they are back; without one, until they say so."""

    user_id: str
    starts_on: date
    back_on: date | None
    covers: tuple[str, ...]
    split: Split = Split.PAYER


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence as the record keeps it: planned until it has begun, over once it has ended."""

    id: int
    user_id: str
    starts_on: date
    back_on: date | None
    covers: tuple[str, ...]
    split: Split
    begun_at: datetime | None = None
    ended_at: datetime | None = None

    def overlaps(self, starts_on: date, back_on: date | None) -> bool:
        return self.starts_on < (back_on or OPEN_END) and starts_on < (self.back_on or OPEN_END)


@dataclass(frozen=True, slots=True)
class Held:
    """An open request that somebody answers for."""

    number: int
    payer_id: int
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """Who acts for somebody away: by request; for one that nobody was given, the first."""

    people: tuple[str, ...]
    by_number: Mapping[int, str]

    def of(self, number: int | None) -> str:
        return self.by_number.get(number, self.people[0]) if number is not None else self.people[0]


Shared = tuple[Held, str]  # a request and who acts for it


def cover_for(held: Held, so_far: Iterable[Shared], covers: Sequence[str], split: Split) -> str:
    """Who takes one more: by payer whoever has that payer already; else the cover with the fewest."""
    given = tuple(so_far)
    if split is Split.PAYER:
        has_it = next((cover for other, cover in given if other.payer_id == held.payer_id), None)
        if has_it:
            return has_it
    counts = Counter(cover for _, cover in given)
    return min(covers, key=lambda cover: counts[cover])


def shared_out(held: Sequence[Held], covers: Sequence[str], split: Split) -> tuple[Shared, ...]:
    """Every request with its cover. `held` comes soonest due first, so that each has some of what is urgent."""
    sizes = Counter(each.payer_id for each in held)
    order = sorted(held, key=lambda each: -sizes[each.payer_id]) if split is Split.PAYER else held
    shared: list[Shared] = []
    for each in order:
        shared.append((each, cover_for(each, shared, covers, split)))
    return tuple(shared)


def faults(command: GoAway, staff: Mapping[str, Member], absences: Sequence[Absence], today: date) -> Mapping[str, str]:
    """What keeps it from being saved: a field and its sentence. `absences` are those of anybody not yet over."""
    member = staff[command.user_id]
    found: dict[str, str] = {}
    if command.starts_on < today:
        found["starts_on"] = "That day is over. Choose today or a later day."
    if command.back_on is not None and command.back_on <= command.starts_on:
        found["back_on"] = "The day back must be after the first day away."
    if len(command.covers) > COVERS:
        found["covers"] = f"Choose at most {COVERS} people."
    wrong = (_cannot_cover(staff.get(cover), member, command, absences) for cover in command.covers)
    if not command.covers:
        found["covers"] = "Choose who covers: somebody away needs a cover."
    elif fault := next(filter(None, wrong), None):
        found.setdefault("covers", fault)
    for other in absences:
        if other.user_id == command.user_id and other.overlaps(command.starts_on, command.back_on):
            found["starts_on"] = f"{member.name} is down as away already, {span(other)}. End that first with /pa back."
    return found


def span(absence: Absence | GoAway) -> str:
    """`from Nov 23, back on Nov 30`: the first day away, and the day of being back when it is known."""
    start = f"from {absence.starts_on:%b} {absence.starts_on.day}"
    return f"{start}, back on {absence.back_on:%b} {absence.back_on.day}" if absence.back_on else f"{start} on"


def _cannot_cover(cover: Member | None, member: Member, command: GoAway, absences: Sequence[Absence]) -> str | None:
    """Why somebody cannot cover for a person then; None when they can."""
    if cover is None or not cover.active:
        return "Choose people of the staff list."
    if cover.user_id == member.user_id:
        return "Nobody covers for themselves. Choose another person."
    if member.is_(Role.CLINICIAN) and not cover.is_(Role.CLINICIAN):
        return f"{cover.name} is no clinician: a clinician's cover must be one, for nobody else may judge for them."
    if may(member, Action.CLAIM) is None and may(cover, Action.CLAIM):
        return f"{cover.name} cannot work on requests. Choose somebody who works the queue."
    for other in absences:
        if other.user_id == cover.user_id and other.overlaps(command.starts_on, command.back_on):
            if member.user_id in other.covers:
                return f"{cover.name} is away then and counts on {member.name}: nobody would be here. Choose another."
            return f"{cover.name} is away then as well. Choose somebody who is here."
    return None
