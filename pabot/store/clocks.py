"""The clocks of a request as rows: one for each that runs, kept with its date when it stops or moves."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from pabot.domain.deadlines import Deadline, Moved
from pabot.store.clock_schema import deadline
from pabot.store.prepared import Prepared
from pabot.store.requests import NUMBER


class Reconciled(NamedTuple):
    """What became of the running rows: the ids of those that stopped, the dates that moved, and the ids of those that
    wait for somebody else now.
    """

    stopped: list[int]
    moved: tuple[Moved, ...]
    given: list[int]


class _Running(NamedTuple):
    """A clock's row that has not stopped."""

    id: int
    kind: str
    about: str
    asked_of: str | None
    due_at: datetime
    managers_at: datetime | None


_START = Prepared(deadline.insert().inline())
_STOP = Prepared(
    update(deadline)
    .where(deadline.c.id == bindparam("id_"))
    .values(done_at=bindparam("at_"), done_by=bindparam("by_"), ended=bindparam("ended_"))
)
_SUCCESSOR = select(deadline.c.id).where(
    deadline.c.authorization == NUMBER,
    deadline.c.kind == bindparam("kind_"),
    deadline.c.about == bindparam("about_"),
    deadline.c.done_at.is_(None),
)
_SUCCEED = Prepared(
    update(deadline).where(deadline.c.id == bindparam("old_")).values(superseded_by=_SUCCESSOR.scalar_subquery())
)
_TELL_MANAGERS = Prepared(
    update(deadline).where(deadline.c.id == bindparam("id_")).values(managers_at=bindparam("to_"))
)
_GIVE = Prepared(update(deadline).where(deadline.c.id == bindparam("id_")).values(asked_of=bindparam("to_")))
_RUNNING = Prepared(
    select(*(deadline.c[name] for name in _Running._fields)).where(
        deadline.c.authorization == NUMBER, deadline.c.done_at.is_(None)
    )
)


def reconcile(
    connection: Connection,
    number: int,
    clocks: tuple[Deadline, ...],
    now: datetime,
    *,
    by: str,
    corrected: bool = False,
    follow: bool = False,
) -> Reconciled:
    """Make the running rows those that the facts ask for. A moved date closes its row and opens another.

    Clocks of one kind are told apart by what they are about; one that keeps its date may go to another person. A row
    that keeps its date keeps the moment at which the managers hear of it: a change of the ladder leaves running
    cases alone. With `follow` that moment follows as well: the facts or the calendar it is counted by have changed.
    """
    rows = map(_Running._make, _RUNNING.rows(connection, {"number": number}))
    running = {(row.kind, row.about): row for row in rows}
    wanted = {(clock.kind.value, str(clock.about)): clock for clock in clocks}
    stopped: list[int] = []
    moved: dict[tuple[str, str], int] = {}
    dates: list[Moved] = []
    given: list[int] = []
    for which, row in running.items():
        clock = wanted.get(which)
        if clock is not None and clock.due_at == row.due_at:
            if clock.asked_of != row.asked_of:
                _GIVE.run(connection, {"id_": row.id, "to_": clock.asked_of})
                given.append(row.id)
            if follow and clock.managers_at != row.managers_at:
                _TELL_MANAGERS.run(connection, {"id_": row.id, "to_": clock.managers_at})
            continue
        ended = "corrected" if corrected else "met" if clock is None else "moved"
        _STOP.run(connection, {"id_": row.id, "at_": now, "by_": by, "ended_": ended})
        stopped.append(row.id)
        if clock is not None:
            moved[which] = row.id
            dates.append(Moved(clock.kind, row.due_at, clock.due_at))
    fresh = [
        {"authorization": number, **_row(clock)}
        for which, clock in wanted.items()
        if which not in running or which in moved
    ]
    for new in fresh:
        _START.run(connection, new)
    for (kind, about), old in moved.items():
        _SUCCEED.run(connection, {"number": number, "kind_": kind, "about_": about, "old_": old})
    return Reconciled(stopped, tuple(dates), given)


def _row(clock: Deadline) -> dict[str, Any]:
    return {
        "kind": clock.kind.value,
        "about": str(clock.about),
        "asked_of": clock.asked_of,
        "due_at": clock.due_at,
        "unit": clock.unit,
        "started_at": clock.started_at,
        "source": clock.source,
        "why": clock.why,
        "managers_at": clock.managers_at,
    }
