"""Lists and figures: Core queries that never load a request whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, exists, func, or_, select, union_all

from pabot.domain.cards import PatientFacts, QueueLine
from pabot.domain.clocks import OF_CLOSED, PASSED_ON
from pabot.domain.deadlines import ESCALATED, OWNERS_ALONE, Clock
from pabot.domain.metrics import Move
from pabot.domain.model import Decision, Urgency
from pabot.domain.rules import Directory, Part
from pabot.domain.statuses import AWAITING_ANSWER, Outcome, Status
from pabot.store import library, patients, schema
from pabot.store.bookkeeping import event
from pabot.store.library_schema import checklist_version
from pabot.store.vault import Vault

Filter = ColumnElement[bool]

_A = schema.authorization
_OPEN = _A.c.is_open  # a literal predicate: the partial indexes depend on it

_AWAITED = _A.c.status.in_([status.value for status in AWAITING_ANSWER])  # elsewhere no checklist need be read
_CONTESTABLE = _A.c.outcome.in_([Outcome.DENIED.value, Outcome.PARTIAL.value])
_UNDECIDED = and_(  # as `AuthorizationState.some_denied`: what a letter names is marked as denied
    _A.c.outcome == Outcome.DENIED.value,
    schema.denial.c.lines != "",
    exists().where(schema.service_line.c.authorization == _A.c.number, schema.service_line.c.approved.is_(None)),
)
_LINE = (
    select(
        _A.c.number,
        _A.c.service,
        _A.c.status,
        _A.c.outcome,
        _A.c.needed,
        _A.c.owner_id,
        _A.c.waits_for,
        _A.c.clinician_id,
        _A.c.urgency,
        _A.c.submitted_at,
        _A.c.expected_on,
        _A.c.due_at,
        _A.c.due_kind,
        _A.c.expires_on,
        _A.c.appointment_on,
        schema.patient.c.initials,
        schema.payer.c.name.label("payer"),
        _A.c.decided_at,
        schema.patient_update.c.told_at,
        schema.patient_update.c.outcome.label("told_outcome"),
        checklist_version.c.body.label("checklist"),
        schema.denial.c.decision,
        _UNDECIDED.label("some_undecided"),
    )
    .join(schema.patient, schema.patient.c.id == _A.c.patient_id)
    .join(schema.plan, schema.plan.c.id == _A.c.plan_id)
    .join(schema.payer, schema.payer.c.id == schema.plan.c.payer_id)
    .outerjoin(schema.patient_update, schema.patient_update.c.id == _A.c.patient_update_id)
    .outerjoin(checklist_version, and_(checklist_version.c.id == _A.c.checklist_version_id, _AWAITED))
    .outerjoin(schema.denial, and_(schema.denial.c.id == _A.c.denial_id, _CONTESTABLE))
)

_D = schema.deadline
_RUNS = _D.c.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that falls due, and whose request it belongs to."""

    number: int
    clock: Clock
    due_at: datetime
    owner_id: str | None
    asked_of: str | None
    of_closed: bool  # a patient called about a closed request, or has not heard an answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A running clock that waits for whoever was asked to judge."""

    number: int
    clock: Clock
    about: str  # a key of `review.asked`; empty: what that holds up
    due_at: datetime
    asked_of: str


def page(
    connection: Connection,
    vault: Vault,
    staff: Directory,
    where: Sequence[Filter],
    *,
    limit: int,
    offset: int = 0,
    open_only: bool = True,
    by_end: bool = False,
) -> tuple[tuple[QueueLine, ...], int]:
    """A page of requests, soonest due first, and how many there are in all.

    `by_end`: soonest to run out first.
    """
    conditions = [*where, _OPEN] if open_only else list(where)
    count = (
        select(func.count())
        .select_from(_A)
        .join(schema.plan, schema.plan.c.id == _A.c.plan_id)
        .join(schema.payer, schema.payer.c.id == schema.plan.c.payer_id)
        .join(schema.patient, schema.patient.c.id == _A.c.patient_id)
        .where(*conditions)
    )
    total = connection.execute(count).scalar_one()
    first = _A.c.expires_on if by_end else _A.c.due_at.nulls_last()
    query = _LINE.where(*conditions).order_by(first, _A.c.number).limit(limit).offset(offset)
    return lines(connection, query, vault, staff), total


def lines(connection: Connection, query: Select[Any], vault: Vault, staff: Directory) -> tuple[QueueLine, ...]:
    return tuple(line_of(row, vault, staff) for row in connection.execute(query))


def line_of(row: Row[Any], vault: Vault, staff: Directory) -> QueueLine:
    return QueueLine(
        number=row.number,
        patient=PatientFacts(vault.open(row.initials)),
        payer=row.payer,
        service=vault.open(row.service),
        status=Status(row.status),
        outcome=Outcome(row.outcome) if row.outcome else None,
        needed=row.needed,
        owner=staff.name(row.owner_id),
        owner_id=row.owner_id,
        waits_for=staff.name(row.waits_for),
        clinician=staff.name(row.clinician_id),
        expedited=row.urgency == Urgency.EXPEDITED.value,
        submitted_at=row.submitted_at,
        expected_on=row.expected_on,
        due_at=row.due_at,
        due_kind=Clock(row.due_kind) if row.due_kind else None,
        patient_told_at=row.told_at if _knows_the_latest(row) else None,
        expires_on=row.expires_on,
        appointment_on=row.appointment_on,
        patient_words=library.patient_words(row.checklist),
        some_denied=bool(row.some_undecided),
        chosen=Decision(row.decision) if row.decision else None,
    )


def _knows_the_latest(row: Row[Any]) -> bool:
    """What was told of an earlier decision does not count."""
    told, decided = row.told_at, row.decided_at
    return bool(told and decided and told >= decided and row.told_outcome == row.outcome)


def by_status(status: Status) -> Filter:
    return _A.c.status == status.value


def by_payer(payer_ids: Iterable[int]) -> Filter:
    return schema.plan.c.payer_id.in_(list(payer_ids))


def by_person(parts: Sequence[Part]) -> Filter:
    """What one of these owns, and what waits for one of them, open or not: a person and those they stand in for."""
    return _A.c.number.in_(union_all(*_owned(parts), _judged_by(parts)))


def owned(parts: Sequence[Part]) -> Filter:
    """What one of these owns."""
    return _among(_A.c.owner_id, parts)


def owned_by(parts: Sequence[Part], judges: Sequence[Part]) -> Filter:
    """What one of these owns, but for what one of the judges must judge first."""
    return _A.c.number.in_(union_all(*_owned(parts))) & _A.c.number.not_in(_judged_by(judges))


def _owned(parts: Sequence[Part]) -> tuple[Select[Any], Select[Any]]:
    """The open requests of these, and the closed ones about which an answer waits to be passed on."""
    own = _A.alias()
    theirs, kinds = _among(own.c.owner_id, parts, own.c.number), sorted(kind.value for kind in PASSED_ON)
    waits = select(own.c.number).join(_D, _D.c.authorization == own.c.number).where(_RUNS, _D.c.kind.in_(kinds))
    return select(own.c.number).where(own.c.is_open, theirs), waits.where(~own.c.is_open, theirs)


def asked(connection: Connection, parts: Sequence[Part] | None = None) -> list[Asked]:
    """What waits for the judgement of these, or of anybody, of closed requests as well; soonest due first."""
    whose = _D.c.asked_of.is_not(None) if parts is None else _among(_D.c.asked_of, parts, _D.c.authorization)
    query = select(_D.c.authorization, _D.c.kind, _D.c.about, _D.c.due_at, _D.c.asked_of).where(_RUNS, whose)
    rows = connection.execute(query.order_by(_D.c.due_at, _D.c.id))
    return [Asked(row.authorization, Clock(row.kind), *row[2:]) for row in rows]


def _judged_by(parts: Sequence[Part]) -> Select[Any]:
    """The requests of which anything waits for the judgement of one of these, open or not."""
    return select(_D.c.authorization).where(_RUNS, _among(_D.c.asked_of, parts, _D.c.authorization))


def _among(column: Column[Any], parts: Sequence[Part], number: Column[Any] = _A.c.number) -> Filter:
    """Whose id the column holds: of those whose work is shared, only the requests in question."""
    whole = [part.user_id for part in parts if part.only is None and not part.but]
    shared = (part for part in parts if part.only is not None or part.but)
    return or_(
        column.in_(whole),
        *(
            and_(column == part.user_id, number.not_in(part.but))
            if part.only is None
            else and_(column == part.user_id, number.in_(part.only))
            for part in shared
        ),
    )


def owned_numbers(connection: Connection, user_id: str) -> list[int]:
    """The open requests of one owner, in the order in which they are to be locked."""
    query = select(_A.c.number).where(_OPEN, _A.c.owner_id == user_id).order_by(_A.c.number)
    return list(connection.execute(query).scalars())


def kept_numbers(connection: Connection, user_id: str) -> list[int]:
    """The closed requests of one owner about which a patient called, in the order in which they are to be locked."""
    query = _called_about().where(_A.c.owner_id == user_id)
    return sorted(connection.execute(query).scalars())


def without_keeper(connection: Connection, able: Iterable[str]) -> list[int]:
    """Closed requests about which a patient called and that nobody has, or somebody who is none of those who may."""
    query = _called_about().where(or_(_A.c.owner_id.is_(None), _A.c.owner_id.not_in(sorted(able))))
    return sorted(connection.execute(query).scalars())


def _called_about() -> Select[Any]:
    """Closed requests of which a call waits for an answer, or an answer for being passed on."""
    kinds = sorted(kind.value for kind in OF_CLOSED)
    of = select(_D.c.authorization).where(_RUNS, _D.c.kind.in_(kinds))
    return select(_A.c.number).where(_A.c.number.in_(of), ~_OPEN)


def judged_numbers(connection: Connection, user_id: str) -> list[int]:
    """The requests of which anything waits for one person's judgement, in the order in which they are to be locked."""
    return sorted(connection.execute(_judged_by([Part(user_id)]).distinct()).scalars())


def with_clocks(connection: Connection, after: int, limit: int) -> list[int]:
    """Requests beyond this number that a clock runs for, open or not, in the order in which they are to be locked."""
    of = schema.deadline.c.authorization
    query = select(of).distinct().where(schema.deadline.c.done_at.is_(None), of > after).order_by(of).limit(limit)
    return list(connection.execute(query).scalars())


def hold_ends(connection: Connection, today: date, limit: int) -> list[int]:
    """Requests on hold whose day has come."""
    until = _A.c.on_hold_until
    query = select(_A.c.number).where(until.is_not(None), until <= today).order_by(_A.c.number).limit(limit)
    return list(connection.execute(query).scalars())


def expedited(connection: Connection) -> list[Row[Any]]:
    """Open expedited requests that somebody may have to act on at any hour: nothing is granted yet."""
    over = [Status.APPROVED.value, Status.PATIENT_NOTIFIED.value]
    urgent = _A.c.urgency == Urgency.EXPEDITED.value
    query = select(_A.c.number, _A.c.owner_id, _A.c.clinician_id).where(_OPEN, urgent, _A.c.status.not_in(over))
    return list(connection.execute(query.order_by(_A.c.number)))


def unfinished() -> Filter:
    """Open, or closed and an answer is to be passed on to the patient."""
    kinds = sorted(kind.value for kind in PASSED_ON)
    return or_(_OPEN, _A.c.number.in_(select(_D.c.authorization).where(_RUNS, _D.c.kind.in_(kinds))))


def on_hold() -> Filter:
    return _A.c.on_hold_until.is_not(None)


def overdue(now: datetime) -> Filter:
    return _A.c.due_at < now


def unassigned() -> Filter:
    return _A.c.owner_id.is_(None)


def numbers(wanted: Iterable[int]) -> Filter:
    return _A.c.number.in_(list(wanted))


def matching(connection: Connection, vault: Vault, text: str, number: int | None) -> Filter:
    """Number, chart number, initials, surname, member id, tracking or authorization number: whole words."""
    options: list[Filter] = [_A.c.patient_id.in_(patients.found_by(connection, vault, text))]
    options += [func.lower(_A.c.tracking_number) == text.lower(), func.lower(_A.c.authorization_number) == text.lower()]
    if number is not None:
        options.append(_A.c.number == number)
    return or_(*options)


def counts(connection: Connection) -> dict[Status, int]:
    """Open requests by status."""
    rows = connection.execute(select(_A.c.status, func.count()).where(_OPEN).group_by(_A.c.status))
    return {Status(status): count for status, count in rows}


def moves(connection: Connection, since: datetime) -> list[Move]:
    """Every change of a request's status since then, the newest first."""
    changed = or_(event.c.before.is_(None), event.c.before != event.c.after)
    query = (
        select(event.c.at, event.c.before, event.c.after)
        .where(event.c.at >= since, event.c.after.is_not(None), changed)
        .order_by(event.c.at.desc(), event.c.id.desc())
    )
    return [
        Move(row.at, Status(row.before) if row.before else None, Status(row.after)) for row in connection.execute(query)
    ]


def began(connection: Connection) -> datetime | None:
    """When the first request was opened."""
    first: datetime | None = connection.execute(select(func.min(_A.c.created_at))).scalar_one()
    return first


def late_counts(connection: Connection, now: datetime) -> dict[Status, int]:
    """Open requests with a clock past due, by status; news that a patient waits for is no hold-up."""
    table, alone = schema.deadline, [kind.value for kind in OWNERS_ALONE]
    late = (table.c.done_at.is_(None), table.c.due_at < now, table.c.kind.not_in(alone), _OPEN)
    query = (
        select(_A.c.status, func.count(_A.c.number.distinct()))
        .join(table, table.c.authorization == _A.c.number)
        .where(*late)
        .group_by(_A.c.status)
    )
    return {Status(status): count for status, count in connection.execute(query)}


def clocks_due(connection: Connection, *, before: datetime, since: datetime | None = None) -> list[Due]:
    """Running escalated clocks that fall due in a span, oldest first, with whose request each belongs to.

    Of closed requests as well: a patient calls about one, and hears an answer. Those that only the owner is told of are
    left out: this is for lists that the team reads.
    """
    table = schema.deadline
    kinds = [kind.value for kind in ESCALATED - OWNERS_ALONE]
    query = (
        select(table.c.authorization, table.c.kind, table.c.due_at, _A.c.owner_id, table.c.asked_of, ~_OPEN)
        .join(_A, _A.c.number == table.c.authorization)
        .where(table.c.done_at.is_(None), table.c.due_at < before, table.c.kind.in_(kinds))
        .order_by(table.c.due_at, table.c.id)
    )
    rows = connection.execute(query.where(table.c.due_at >= since) if since else query)
    return [Due(row.authorization, Clock(row.kind), *row[2:]) for row in rows]


def open_by_owner(connection: Connection) -> dict[str | None, int]:
    rows = connection.execute(select(_A.c.owner_id, func.count()).where(_OPEN).group_by(_A.c.owner_id))
    return {owner: count for owner, count in rows}


def told_needed(connection: Connection, before: datetime) -> list[int]:
    """Open requests whose patient is still to be told the decision, then how it goes on by then; soonest due first."""
    table = schema.deadline
    decided = table.c.kind == Clock.PATIENT_TOLD.value
    news = and_(table.c.kind == Clock.PATIENT_UPDATE.value, table.c.due_at <= before)
    query = select(table.c.authorization).where(table.c.done_at.is_(None), or_(decided, news))
    query = query.order_by(table.c.kind == Clock.PATIENT_UPDATE.value, table.c.due_at)
    return list(connection.execute(query).scalars())


def called_again(connection: Connection, since: datetime) -> list[int]:
    """Requests about which a patient has called more than once since then, the latest first."""
    call = schema.patient_call.c
    query = (
        select(call.authorization)
        .where(call.at >= since)
        .group_by(call.authorization)
        .having(func.count() > 1)
        .order_by(func.max(call.at).desc())
    )
    return list(connection.execute(query).scalars())


def happened(connection: Connection, column: str, since: datetime, before: datetime) -> int:
    """How many requests have this instant (`created_at`, `submitted_at`) in a span."""
    at = _A.c[column]
    return connection.execute(select(func.count()).where(at >= since, at < before)).scalar_one()


def outcomes(connection: Connection, column: str, since: datetime, before: datetime) -> dict[Outcome, int]:
    """Requests whose instant (`decided_at`, `closed_at`) lies in a span, by outcome."""
    at = _A.c[column]
    query = select(_A.c.outcome, func.count()).where(at >= since, at < before, _A.c.outcome.is_not(None))
    return {Outcome(outcome): count for outcome, count in connection.execute(query.group_by(_A.c.outcome))}
