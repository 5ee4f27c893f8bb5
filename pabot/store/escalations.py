"""Clocks that ran out: which are new, which were raised on which day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, or_, select

from pabot.domain.clocks import AT_ANY_HOUR
from pabot.domain.deadlines import ESCALATED, Clock
from pabot.domain.model import Urgency
from pabot.store.engine import insert_once
from pabot.store.schema import authorization, deadline, escalation

_MOMENTS_ABOUT = (
    select(escalation.c.day, escalation.c.raised_at)
    .distinct()
    .join(deadline, deadline.c.id == escalation.c.deadline_id)
    .where(deadline.c.authorization == bindparam("number"), deadline.c.done_at.is_(None))
)
_MOMENTS_OF = (
    select(escalation.c.day, escalation.c.raised_at)
    .distinct()
    .where(escalation.c.deadline_id.in_(bindparam("ids", expanding=True)))
)
OWNERS, MANAGERS = 1, 2  # the levels: everybody who works on it, then the managers
JUDGING = (Clock.ACCEPTANCE.value, Clock.JUDGEMENT.value)
KINDS = sorted(kind.value for kind in ESCALATED)


@dataclass(frozen=True, slots=True)
class PastDue:
    """A running clock that ran out and was not raised at this level."""

    deadline_id: int
    number: int
    clock: Clock
    due_at: datetime
    owner_id: str | None
    opened_by: str
    clinician_id: str
    asked_of: str | None  # whom this very clock waits for; None: the owner


@dataclass(frozen=True, slots=True)
class Raised:
    """A raised clock that still runs."""

    deadline_id: int
    number: int
    clock: Clock
    due_at: datetime
    clinician_id: str
    asked_of: str | None  # whom this very clock waits for; None: the owner
    raised_at: datetime
    day: date
    owner_id: str | None
    opened_by: str
    held_until: datetime | None
    held_by: str | None
    held_for: str


def past_due(connection: Connection, now: datetime, *, level: int, expedited_only: bool, limit: int) -> list[PastDue]:
    """The oldest running clocks that are still to be raised at `level`: 1 when they ran out, 2 when managers must know.

    What somebody holds is not raised to the managers until they let go.
    """
    raised = and_(escalation.c.deadline_id == deadline.c.id, escalation.c.level == level)
    at = deadline.c.due_at if level == OWNERS else deadline.c.managers_at
    free = or_(authorization.c.held_until.is_(None), authorization.c.held_until <= now)
    query = (
        select(
            deadline.c.id,
            deadline.c.authorization,
            deadline.c.kind,
            deadline.c.due_at,
            authorization.c.owner_id,
            authorization.c.opened_by,
            authorization.c.clinician_id,
            deadline.c.asked_of,
        )
        .join(authorization, authorization.c.number == deadline.c.authorization)
        .outerjoin(escalation, raised)
        .where(deadline.c.done_at.is_(None), at < now, escalation.c.deadline_id.is_(None))
        .where(deadline.c.kind.in_(KINDS) if level == OWNERS else free)
        .order_by(at, deadline.c.id)
        .limit(limit)
    )
    if expedited_only:
        expedited = authorization.c.urgency == Urgency.EXPEDITED.value
        worry = and_(deadline.c.kind.in_(JUDGING), deadline.c.unit == "ch")  # a patient's, asked as a question
        at_any_hour = deadline.c.kind.in_([kind.value for kind in AT_ANY_HOUR])
        query = query.where(or_(expedited, at_any_hour, worry))
    return [PastDue(row.id, row.authorization, Clock(row.kind), *row[3:]) for row in connection.execute(query)]


def raise_(connection: Connection, deadline_id: int, level: int, now: datetime, day: date) -> bool:
    """False when another worker raised it first."""
    values = {"deadline_id": deadline_id, "level": level, "raised_at": now, "day": day}
    return insert_once(connection, escalation, values)


def raised(
    connection: Connection,
    day: date | None = None,
    *,
    after: datetime | None = None,
    until: datetime | None = None,
    level: int = OWNERS,
    ids: Collection[int] | None = None,
) -> list[Raised]:
    """Clocks raised at a level that still run: all, those of a day, those raised `after` a moment and `until` one, or
    those of certain `ids`.
    """
    query = (
        select(
            deadline.c.id,
            deadline.c.authorization,
            deadline.c.kind,
            deadline.c.due_at,
            authorization.c.clinician_id,
            deadline.c.asked_of,
            escalation.c.raised_at,
            escalation.c.day,
            authorization.c.owner_id,
            authorization.c.opened_by,
            authorization.c.held_until,
            authorization.c.held_by,
            authorization.c.held_for,
        )
        .join(escalation, and_(escalation.c.deadline_id == deadline.c.id, escalation.c.level == level))
        .join(authorization, authorization.c.number == deadline.c.authorization)
        .where(deadline.c.done_at.is_(None))
        .order_by(deadline.c.due_at, deadline.c.id)
    )
    if day is not None:
        query = query.where(escalation.c.day == day)
    if ids is not None:
        query = query.where(deadline.c.id.in_(ids))
    if after is not None:
        query = query.where(escalation.c.raised_at > after)
    if until is not None:
        query = query.where(escalation.c.raised_at <= until)
    return [Raised(row.id, row.authorization, Clock(row.kind), *tuple(row)[3:]) for row in connection.execute(query)]


def moments_about(connection: Connection, number: int) -> list[tuple[date, datetime]]:
    """The days and moments at which the running clocks of a request were raised."""
    return [(row.day, row.raised_at) for row in connection.execute(_MOMENTS_ABOUT, {"number": number})]


def moments_of(connection: Connection, deadline_ids: Iterable[int]) -> list[tuple[date, datetime]]:
    """The days and moments at which these clocks were raised."""
    ids = list(deadline_ids)
    if not ids:
        return []
    return [(row.day, row.raised_at) for row in connection.execute(_MOMENTS_OF, {"ids": ids})]
