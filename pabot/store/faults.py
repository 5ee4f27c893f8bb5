"""What must not be, as queries, and what was found of it. They read open requests and unsent messages only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, or_, select, update

from pabot.domain.deadlines import ESCALATED
from pabot.domain.health import Fault, FaultKind
from pabot.domain.model import Urgency
from pabot.store.bookkeeping import fault, message
from pabot.store.engine import insert_once
from pabot.store.messages import NOT_PARKED, TURN
from pabot.store.schema import authorization, deadline, escalation

_A = authorization
_OPEN = _A.c.is_open  # a literal predicate: the partial indexes depend on it
_RUNS = select(deadline.c.id).where(deadline.c.authorization == _A.c.number, deadline.c.done_at.is_(None)).exists()
_HAS_CLOCK = select(deadline.c.id).where(deadline.c.authorization == bindparam("number"), deadline.c.done_at.is_(None))
_MEND = update(fault).where(fault.c.id == bindparam("id_")).values(mended_at=bindparam("at_"))
_KINDS = sorted(kind.value for kind in ESCALATED)


@dataclass(frozen=True, slots=True)
class Standing:
    """A fault that was found on a day and is not mended."""

    id: int
    kind: FaultKind
    subject: str
    day: date


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message that nobody holds and that waits far past its next try."""

    id: int
    kind: str
    recipient: str
    next_try_at: datetime


def without_clock(connection: Connection) -> list[int]:
    """Open requests of which no clock runs."""
    return sorted(connection.execute(select(_A.c.number).where(_OPEN, ~_RUNS)).scalars())


def has_clock(connection: Connection, number: int) -> bool:
    return connection.execute(_HAS_CLOCK, {"number": number}).first() is not None


def without_owner(connection: Connection, able: Collection[str], opened_before: datetime | None = None) -> list[int]:
    """Open requests that nobody has, or somebody who is none of those who may."""
    wrong = or_(_A.c.owner_id.is_(None), _A.c.owner_id.not_in(sorted(able)))
    query = select(_A.c.number).where(_OPEN, wrong)
    if opened_before is not None:
        query = query.where(_A.c.created_at < opened_before)
    return sorted(connection.execute(query).scalars())


def not_raised(connection: Connection, before: datetime, *, expedited_only: bool) -> list[int]:
    """Requests with a running clock that ran out before an instant and was never raised."""
    query = (
        select(deadline.c.authorization)
        .distinct()
        .join(_A, _A.c.number == deadline.c.authorization)
        .outerjoin(escalation, escalation.c.deadline_id == deadline.c.id)
        .where(
            deadline.c.done_at.is_(None),
            deadline.c.due_at < before,
            deadline.c.kind.in_(_KINDS),
            escalation.c.deadline_id.is_(None),
        )
    )
    if expedited_only:
        query = query.where(_A.c.urgency == Urgency.EXPEDITED.value)
    return sorted(connection.execute(query).scalars())


def stuck(connection: Connection, before: datetime, limit: int) -> list[Stuck]:
    """Messages that could have been tried again before an instant and were not."""
    query = (
        select(message.c.id, message.c.kind, message.c.recipient, message.c.next_try_at)
        .where(
            message.c.sent < message.c.wanted,
            NOT_PARKED,
            TURN,
            message.c.next_try_at < before,
            or_(message.c.lease_until.is_(None), message.c.lease_until < before),
        )
        .order_by(message.c.next_try_at, message.c.id)
        .limit(limit)
    )
    return [Stuck(*row) for row in connection.execute(query)]


def standing(connection: Connection, day: date | None = None) -> list[Standing]:
    """Faults that are not mended: all, or those found on a day."""
    query = select(fault).where(fault.c.mended_at.is_(None)).order_by(fault.c.id)
    if day is not None:
        query = query.where(fault.c.day == day)
    return [Standing(row.id, FaultKind(row.kind), row.subject, row.day) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    found: int = connection.execute(
        select(func.count()).select_from(fault).where(fault.c.mended_at.is_(None))
    ).scalar_one()
    return found


def note(connection: Connection, found: Fault, now: datetime, day: date) -> bool:
    """False when it was noted before and still stands."""
    values = {"kind": found.kind.value, "subject": found.subject, "found_at": now, "day": day}
    return insert_once(connection, fault, values)


def mended(connection: Connection, those: Iterable[Standing], now: datetime) -> None:
    rows = [{"id_": one.id, "at_": now} for one in those]
    if rows:
        connection.execute(_MEND, rows)
