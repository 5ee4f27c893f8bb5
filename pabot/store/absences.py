"""Absences and who acts for which request while they last."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from pabot.domain.absences import Absence, Cover, GoAway, Held, Shared, Split
from pabot.store import schema
from pabot.store.absence_schema import absence, absence_share
from pabot.store.bookkeeping import event
from pabot.store.engine import insert_once
from pabot.store.events import of_authorization
from pabot.store.lists import unfinished

_A, _D = schema.authorization, schema.deadline
_NOT_OVER = absence.c.ended_at.is_(None)
_RUNNING = absence.c.begun_at.is_not(None) & _NOT_OVER


def lock_people(connection: Connection, user_ids: Sequence[str]) -> None:
    """One at a time changes when these people are away; always in the same order."""
    staff = schema.staff
    query = select(staff.c.user_id).where(staff.c.user_id.in_(user_ids)).order_by(staff.c.user_id)
    connection.execute(query.with_for_update()).all()


def add(connection: Connection, command: GoAway) -> int:
    """A planned absence; answers its id."""
    values = {
        "user_id": command.user_id,
        "starts_on": command.starts_on,
        "back_on": command.back_on,
        "covers": " ".join(command.covers),
        "split": command.split.value,
    }
    key = connection.execute(absence.insert().values(values)).inserted_primary_key
    return int(key[0])  # type: ignore[index]


def load(connection: Connection, absence_id: int) -> Absence | None:
    row = connection.execute(select(absence).where(absence.c.id == absence_id)).one_or_none()
    return _absence(row) if row else None


def not_over(connection: Connection, user_id: str | None = None) -> list[Absence]:
    """Planned and running ones, of everybody or one person, the soonest first."""
    query = select(absence).where(_NOT_OVER).order_by(absence.c.starts_on, absence.c.id)
    if user_id is not None:
        query = query.where(absence.c.user_id == user_id)
    return [_absence(row) for row in connection.execute(query)]


def begin(connection: Connection, absence_id: int, now: datetime) -> bool:
    """True for the one caller who begins it."""
    planned = (absence.c.id == absence_id) & absence.c.begun_at.is_(None) & _NOT_OVER
    return connection.execute(update(absence).where(planned).values(begun_at=now)).rowcount == 1


def end(connection: Connection, absence_id: int, now: datetime) -> bool:
    """True for the one caller who ends or cancels it."""
    open_one = (absence.c.id == absence_id) & _NOT_OVER
    return connection.execute(update(absence).where(open_one).values(ended_at=now)).rowcount == 1


def held(connection: Connection, user_id: str) -> list[Held]:
    """The open requests that somebody owns, is asked to judge or answers for as a clinician, and the closed ones of
    theirs of which an answer is to be passed on; soonest due first.
    """
    asked = select(_D.c.authorization).where(_D.c.done_at.is_(None), _D.c.asked_of == user_id)
    clinician = _A.c.clinician_id == user_id
    query = (
        _with_payer()
        .where(unfinished(), or_(_A.c.owner_id == user_id, _A.c.is_open & or_(_A.c.number.in_(asked), clinician)))
        .order_by(_A.c.due_at.nulls_last(), _A.c.number)
    )
    return [Held(row.number, row.payer_id, row.payer) for row in connection.execute(query)]


def give(connection: Connection, absence_id: int, shared: Iterable[Shared]) -> None:
    """Note who acts for which request; what was given before stays where it is."""
    for each, cover in shared:
        insert_once(connection, absence_share, {"absence_id": absence_id, "number": each.number, "cover_id": cover})


def given(connection: Connection, absence_id: int) -> list[Shared]:
    """What was given to whom, in the order of the requests' numbers."""
    query = (
        _with_payer()
        .add_columns(absence_share.c.cover_id)
        .join(absence_share, absence_share.c.number == _A.c.number)
        .where(absence_share.c.absence_id == absence_id)
        .order_by(_A.c.number)
    )
    return [(Held(row.number, row.payer_id, row.payer), row.cover_id) for row in connection.execute(query)]


def payer_of(connection: Connection, number: int) -> Held:
    row = connection.execute(_with_payer().where(_A.c.number == number)).one()
    return Held(row.number, row.payer_id, row.payer)


def covers(connection: Connection) -> Mapping[str, Cover]:
    """Who acts for those who are away now."""
    running = {row.id: row for row in connection.execute(select(absence).where(_RUNNING))}
    if not running:
        return {}
    shares: dict[int, dict[int, str]] = {absence_id: {} for absence_id in running}
    query = select(absence_share).where(absence_share.c.absence_id.in_(list(running)))
    for share in connection.execute(query):
        shares[share.absence_id][share.number] = share.cover_id
    return {row.user_id: Cover(tuple(row.covers.split()), shares[row.id]) for row in running.values()}


def done_on(connection: Connection, numbers: Sequence[int], since: datetime) -> list[Row[Any]]:
    """What people did on these requests since then, oldest first: subject, actor, kind and sealed payload."""
    subjects = [of_authorization(number) for number in numbers]
    query = (
        select(event.c.subject, event.c.actor, event.c.kind, event.c.at, event.c.payload)
        .where(event.c.subject.in_(subjects), event.c.at >= since)
        .order_by(event.c.id)
    )
    return list(connection.execute(query))


def acted_since(connection: Connection, since: datetime) -> set[str]:
    """Everybody who did or looked at anything since then."""
    return set(connection.execute(select(event.c.actor).distinct().where(event.c.at >= since)).scalars())


def answer_about(connection: Connection, subject: str, kind: str, since: datetime) -> tuple[str, datetime] | None:
    """The newest event of a kind about a subject: actor and instant."""
    query = (
        select(event.c.actor, event.c.at)
        .where(event.c.subject == subject, event.c.kind == kind, event.c.at >= since)
        .order_by(event.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (row.actor, row.at) if row else None


def clocks_until(
    connection: Connection, numbers: Sequence[int], kinds: Sequence[str], until: datetime
) -> list[Row[Any]]:
    """Running clocks of these requests that fall due by then, oldest first."""
    query = (
        select(_D.c.authorization, _D.c.kind, _D.c.due_at, _D.c.asked_of)
        .where(_D.c.authorization.in_(numbers), _D.c.kind.in_(kinds))
        .where(_D.c.done_at.is_(None), _D.c.due_at <= until)
        .order_by(_D.c.due_at, _D.c.id)
    )
    return list(connection.execute(query))


def due_until(connection: Connection, until: datetime) -> list[Row[Any]]:
    """The requests with a clock due by then: number, owner, and whom it waits for where somebody was asked to judge."""
    query = (
        select(_A.c.number, _A.c.owner_id, _D.c.asked_of)
        .distinct()
        .join(_D, _D.c.authorization == _A.c.number)
        .where(_D.c.done_at.is_(None), _D.c.due_at <= until)
        .order_by(_A.c.number)
    )
    return list(connection.execute(query))


def _with_payer() -> Any:
    plan, payer = schema.plan, schema.payer
    return (
        select(_A.c.number, plan.c.payer_id, payer.c.name.label("payer"))
        .join(plan, plan.c.id == _A.c.plan_id)
        .join(payer, payer.c.id == plan.c.payer_id)
    )


def _absence(row: Row[Any]) -> Absence:
    return Absence(
        row.id,
        row.user_id,
        row.starts_on,
        row.back_on,
        tuple(row.covers.split()),
        Split(row.split),
        row.begun_at,
        row.ended_at,
    )
