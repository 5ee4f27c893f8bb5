"""Clocks that ran out: which are new, which were raised on which day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, select

from pabot.domain.deadlines import ESCALATED, Clock
from pabot.domain.model import Urgency
from pabot.store.engine import insert_once
from pabot.store.schema import authorization, deadline, escalation

_DAYS_OF = select(escalation.c.day).distinct().where(escalation.c.deadline_id.in_(bindparam("ids", expanding=True)))
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
    judge: str | None


@dataclass(frozen=True, slots=True)
class Raised:
    """A raised clock that still runs."""

    deadline_id: int
    number: int
    clock: Clock
    due_at: datetime
    clinician_id: str
    judge: str | None
    raised_at: datetime
    day: date


def past_due(connection: Connection, now: datetime, *, level: int, expedited_only: bool, limit: int) -> list[PastDue]:
    """The oldest running clocks past due that are still to be raised at `level`."""
    raised = and_(escalation.c.deadline_id == deadline.c.id, escalation.c.level == level)
    query = (
        select(
            deadline.c.id,
            deadline.c.authorization,
            deadline.c.kind,
            deadline.c.due_at,
            authorization.c.owner_id,
            authorization.c.opened_by,
            authorization.c.clinician_id,
            authorization.c.judge,
        )
        .join(authorization, authorization.c.number == deadline.c.authorization)
        .outerjoin(escalation, raised)
        .where(
            deadline.c.done_at.is_(None),
            deadline.c.due_at < now,
            deadline.c.kind.in_(KINDS),
            escalation.c.deadline_id.is_(None),
        )
        .order_by(deadline.c.due_at, deadline.c.id)
        .limit(limit)
    )
    if expedited_only:
        query = query.where(authorization.c.urgency == Urgency.EXPEDITED.value)
    return [PastDue(row.id, row.authorization, Clock(row.kind), *row[3:]) for row in connection.execute(query)]


def raise_(connection: Connection, deadline_id: int, level: int, now: datetime, day: date) -> bool:
    """False when another worker raised it first."""
    values = {"deadline_id": deadline_id, "level": level, "raised_at": now, "day": day}
    return insert_once(connection, escalation, values)


def raised(connection: Connection, day: date | None = None, number: int | None = None) -> list[Raised]:
    """Raised clocks that still run: all, those of a day, those of one request."""
    query = (
        select(
            deadline.c.id,
            deadline.c.authorization,
            deadline.c.kind,
            deadline.c.due_at,
            authorization.c.clinician_id,
            authorization.c.judge,
            escalation.c.raised_at,
            escalation.c.day,
        )
        .join(escalation, and_(escalation.c.deadline_id == deadline.c.id, escalation.c.level == 1))
        .join(authorization, authorization.c.number == deadline.c.authorization)
        .where(deadline.c.done_at.is_(None))
        .order_by(deadline.c.due_at, deadline.c.id)
    )
    if day is not None:
        query = query.where(escalation.c.day == day)
    if number is not None:
        query = query.where(deadline.c.authorization == number)
    return [Raised(row.id, row.authorization, Clock(row.kind), *row[3:]) for row in connection.execute(query)]


def days_of(connection: Connection, deadline_ids: Iterable[int]) -> list[date]:
    """The days on which these clocks were raised."""
    ids = list(deadline_ids)
    if not ids:
        return []
    return list(connection.execute(_DAYS_OF, {"ids": ids}).scalars())
