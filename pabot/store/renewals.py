"""Approvals that run out, open or closed: by their last day, or because few units are left."""

from datetime import date

from sqlalchemy import Connection, and_, func, or_, select, update

from pabot.domain.statuses import Outcome
from pabot.store.lists import Filter
from pabot.store.schema import authorization as _A

_R = _A.alias("renewal")
_GRANTED = [Outcome.APPROVED.value, Outcome.PARTIAL.value]
# A renewal that came to nothing does not count.
_RENEWAL = select(_R.c.number).where(_R.c.renews == _A.c.number, or_(_R.c.is_open, _R.c.outcome.in_(_GRANTED)))
_WANTED = and_(_A.c.outcome.in_(_GRANTED), _A.c.no_renewal == "", ~_RENEWAL.exists())


def running_out(first: date, last: date) -> Filter:
    """What was granted, ends from `first` to `last` and is to be renewed, whether the request is still open or not."""
    return and_(_A.c.expires_on.between(first, last), _WANTED)


def running_low(today: date) -> Filter:
    """What was granted, holds still, has few units left and is to be renewed."""
    return and_(_A.c.runs_low, or_(_A.c.expires_on.is_(None), _A.c.expires_on >= today), _WANTED)


def low_since(day: date | None) -> Filter:
    """Those of whose few units the owner was told on a day; None: those of whom nobody was told."""
    return _A.c.low_noticed_on == day if day else _A.c.low_noticed_on.is_(None)


def last_days(connection: Connection, where: Filter) -> list[tuple[int, date]]:
    """The numbers of those requests, each with its approval's last day."""
    query = select(_A.c.number, _A.c.expires_on).where(where)
    return [(row.number, row.expires_on) for row in connection.execute(query)]


def numbers(connection: Connection, *where: Filter) -> list[int]:
    return list(connection.execute(select(_A.c.number).where(*where).order_by(_A.c.number)).scalars())


def renewal_of(connection: Connection, number: int) -> int | None:
    """The latest request that renews this one."""
    query = select(func.max(_R.c.number)).where(_R.c.renews == number, or_(_R.c.is_open, _R.c.outcome.in_(_GRANTED)))
    found: int | None = connection.execute(query).scalar_one()
    return found


def note_low(connection: Connection, number: int, day: date) -> bool:
    """Note that an owner is told that few units are left. False: it was noted before."""
    noted = update(_A).where(_A.c.number == number, _A.c.low_noticed_on.is_(None)).values(low_noticed_on=day)
    return connection.execute(noted).rowcount == 1


def told_days(connection: Connection, number: int) -> tuple[date | None, date | None]:
    """An approval's last day, and when its owner was told that few units are left."""
    row = connection.execute(select(_A.c.expires_on, _A.c.low_noticed_on).where(_A.c.number == number)).one()
    return row.expires_on, row.low_noticed_on
