"""Requests: loading one as a frozen value, and writing what the rules answered."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, and_, bindparam, delete, select, update

from pabot.domain.cards import PatientFacts, PayerFacts
from pabot.domain.deadlines import Deadline
from pabot.domain.documents import Document
from pabot.domain.errors import NotFound
from pabot.domain.expiry import runs_low
from pabot.domain.library import Contacts
from pabot.domain.model import AuthorizationState, Denial, LineOfBusiness, PatientCall, ServiceLine
from pabot.domain.next_steps import needed, waits_for
from pabot.store import schema, wording
from pabot.store.approval_schema import IS_OPEN, approval
from pabot.store.codec import CHILDREN, TYPES, codec
from pabot.store.prepared import Prepared
from pabot.store.vault import Vault, normal

Loaded = tuple[AuthorizationState, Row[Any]]  # a request, and the row it was made from


_A = schema.authorization
_WAITING = select(approval.c.id).where(approval.c.authorization == _A.c.number, IS_OPEN)
_CONTACTS = {name: f"payer_{name}" for name in Contacts.__dataclass_fields__}  # by the label of its column
WHOLE = (  # a request with what is always read beside it
    select(
        _A,
        schema.plan.c.payer_id,
        schema.plan.c.line_of_business,
        schema.plan.c.name.label("plan"),
        schema.payer.c.name.label("payer"),
        *(schema.payer.c[name].label(label) for name, label in _CONTACTS.items()),
        *(column for column in schema.patient.c if column.info.get("sealed")),
        _WAITING.exists().label("approval_open"),  # somebody asked for a step
    )
    .join(schema.plan, schema.plan.c.id == _A.c.plan_id)
    .join(schema.payer, schema.payer.c.id == schema.plan.c.payer_id)
    .join(schema.patient, schema.patient.c.id == _A.c.patient_id)
)
# Statements of the busiest path are built once: building them costs four times what running them does.
NUMBER = bindparam("number", type_=BigInteger())
_LOAD = WHOLE.where(_A.c.number == NUMBER)
_LOAD_LOCKED = _LOAD.with_for_update(of=_A)
_LINES = (
    select(schema.service_line).where(schema.service_line.c.authorization == NUMBER).order_by(schema.service_line.c.seq)
)
_DOCUMENTS = select(schema.document).where(schema.document.c.authorization == NUMBER).order_by(schema.document.c.seq)
_CALLS = (
    select(schema.patient_call).where(schema.patient_call.c.authorization == NUMBER).order_by(schema.patient_call.c.seq)
)
_DIAGNOSES = (
    select(schema.diagnosis.c.code).where(schema.diagnosis.c.authorization == NUMBER).order_by(schema.diagnosis.c.seq)
)
_CHILD = {name: select(table).where(table.c.id == bindparam("child")) for name, table in CHILDREN.items()}
_DENIALS = (
    select(schema.denial)
    .where(
        schema.denial.c.authorization == NUMBER,
        schema.denial.c.id != bindparam("latest", type_=BigInteger()),
        ~schema.denial.c.voided,
    )
    .order_by(schema.denial.c.id.desc())
)
_CHANGE = Prepared(update(_A).where(_A.c.number == bindparam("of_number")))


# Columns that are written with each version, from its facts.
DERIVED = (
    *("is_open", "document_count", "call_count", "needed", "waits_for", "due_at", "due_kind", "runs_low"),
    *(f"{name}_id" for name in CHILDREN),
)


def load(connection: Connection, vault: Vault, number: int, *, lock: bool = False) -> Loaded:
    """A request and its row. Raises NotFound."""
    row = connection.execute(_LOAD_LOCKED if lock else _LOAD, {"number": number}).one_or_none()
    if row is None:
        raise NotFound(f"There is no PA-{number}. Check the number, or look for it with /pa find.")
    return _state(connection, vault, row), row


def insert(
    connection: Connection,
    vault: Vault,
    state: AuthorizationState,
    *,
    patient_id: int,
    service: str,
    note: str,
    diagnoses: Iterable[str],
    clocks: tuple[Deadline, ...],
) -> int:
    """A new request; the database gives its number."""
    values = codec("authorization").row(state, vault)
    values.pop("number")
    values.update(_derived(state, clocks), patient_id=patient_id)
    values.update(service=vault.seal(service), note=vault.seal(note))
    number: int = connection.execute(_A.insert().values(values)).inserted_primary_key[0]  # type: ignore[index]
    lines = [{"authorization": number, **codec("service_line").row(line, vault)} for line in state.lines]
    if lines:
        connection.execute(schema.service_line.insert(), lines)
    _write_parts(connection, vault, "document", number, (), state.documents)
    _write_diagnoses(connection, number, diagnoses)
    return number


def write(
    connection: Connection,
    vault: Vault,
    before: AuthorizationState,
    after: AuthorizationState,
    clocks: tuple[Deadline, ...],
) -> AuthorizationState:
    """Write what differs; new children get their ids. The derived columns follow the state.

    Diagnoses are written where the change knows them; what comes back is without, like a request that is loaded.
    """
    children = {name: _write_child(connection, vault, name, before, after) for name in CHILDREN}
    numbered = {name: child for name, child in children.items() if child is not getattr(after, name)}
    after = replace(after, **numbered) if numbered else after
    values = codec("authorization").changed(before, after, vault)
    values.update({f"{name}_id": child.id if child else None for name, child in children.items()})
    values.update(_derived(after, clocks))
    _CHANGE.run(connection, {"of_number": before.number, **values})
    _write_parts(connection, vault, "service_line", before.number, before.lines, after.lines)
    _write_parts(connection, vault, "document", before.number, before.documents, after.documents)
    _write_parts(connection, vault, "patient_call", before.number, before.calls, after.calls)
    if after.status_since == before.status_since and _decided(after) != _decided(before):
        wording.lapse(connection, before.number)
    if after.diagnoses is not None and after.diagnoses != before.diagnoses:
        _write_diagnoses(connection, before.number, after.diagnoses)
    return replace(after, diagnoses=None) if after.diagnoses is not None else after


def _decided(state: AuthorizationState) -> tuple[object, ...]:
    """What the payer said of it, and of which lines."""
    return state.outcome, state.decided_at, state.undecided_lines


def void_children(connection: Connection, wrong: AuthorizationState, restored: AuthorizationState) -> None:
    """Children that came with an entry recorded in error stay on file, marked."""
    for name, table in CHILDREN.items():
        child, kept = getattr(wrong, name), getattr(restored, name)
        if child and (kept is None or kept.id != child.id):
            connection.execute(update(table).where(table.c.id == child.id).values(voided=True))


def patient_of(row: Row[Any], vault: Vault, *, identity: bool) -> PatientFacts:
    """The patient of a loaded request. Without `identity` only the initials are opened."""
    if not identity:
        return PatientFacts(vault.open(row.initials))
    born = vault.open(row.born_on)
    return PatientFacts(
        initials=vault.open(row.initials),
        chart_number=vault.open(row.chart_number),
        first_name=vault.open(row.first_name),
        last_name=vault.open(row.last_name),
        born_on=datetime.fromisoformat(born).date() if born else None,
        member_id=vault.open(row.member_id),
    )


def payer_of(row: Row[Any]) -> PayerFacts:
    """The payer and plan of a loaded request."""
    return PayerFacts(row.payer_id, row.plan_id, row.payer, row.plan, LineOfBusiness(row.line_of_business))


def contacts_of(row: Row[Any]) -> Contacts:
    """How the payer of a loaded request is reached."""
    return Contacts(**{name: getattr(row, label) for name, label in _CONTACTS.items()})


def earlier_denials(connection: Connection, vault: Vault, state: AuthorizationState) -> tuple[Denial, ...]:
    """The denials of a request before its latest, newest first; without those recorded in error."""
    latest = state.denial.id if state.denial else None
    rows = connection.execute(_DENIALS, {"number": state.number, "latest": latest})
    return tuple(codec("denial").value(row, vault) for row in rows)


def diagnoses(connection: Connection, number: int) -> tuple[str, ...]:
    return tuple(connection.execute(_DIAGNOSES, {"number": number}).scalars())


def open_duplicate(
    connection: Connection,
    vault: Vault,
    patient_id: int,
    payer_id: int,
    codes: Collection[str],
    medication: str,
    but: int | None = None,
) -> int | None:
    """The number of an open request for the same patient and payer, with one of these codes or this medication.

    `but`: the request that is being renewed, which looks the same for a reason.

    A medication's name is sealed, so that no query can compare it; a patient has few open ones.
    """
    same = (
        select(_A.c.number, _A.c.medication)
        .join(schema.plan, schema.plan.c.id == _A.c.plan_id)
        .where(_A.c.patient_id == patient_id, _A.c.is_open, schema.plan.c.payer_id == payer_id)
    )
    line = schema.service_line
    coded = select(line.c.authorization).where(line.c.authorization == _A.c.number, line.c.code.in_(codes)).exists()
    numbers = {row.number for row in connection.execute(same.where(coded))} if codes else set()
    if medication:
        named = connection.execute(same.where(_A.c.medication != ""))
        numbers |= {row.number for row in named if _is_named(vault.open(row.medication), medication)}
    return min(numbers - {but}, default=None)


def _is_named(kept: str, medication: str) -> bool:
    return normal(json.loads(kept)["name"]) == normal(medication)


def _state(connection: Connection, vault: Vault, row: Row[Any]) -> AuthorizationState:
    values = codec("authorization").fields_of(row, vault)
    for name in CHILDREN:
        child_id = getattr(row, f"{name}_id")
        if child_id is not None:
            child = connection.execute(_CHILD[name], {"child": child_id}).one()
            values[name] = codec(name).value(child, vault)
    lines = connection.execute(_LINES, {"number": row.number})
    values["lines"] = tuple(codec("service_line").value(line, vault) for line in lines)
    if row.document_count:
        kept = connection.execute(_DOCUMENTS, {"number": row.number})
        values["documents"] = tuple(codec("document").value(document, vault) for document in kept)
    if row.call_count:
        called = connection.execute(_CALLS, {"number": row.number})
        values["calls"] = tuple(codec("patient_call").value(call, vault) for call in called)
    values["payer_id"] = row.payer_id
    values["line_of_business"] = LineOfBusiness(row.line_of_business)
    return AuthorizationState(**values)


def _write_parts(
    connection: Connection,
    vault: Vault,
    name: str,
    number: int,
    before: Sequence[ServiceLine | Document | PatientCall],
    after: Sequence[ServiceLine | Document | PatientCall],
) -> None:
    """Change what differs of the lines, documents or calls, add what is new, drop what is there no more."""
    if before == after:
        return
    (_, table), shape = TYPES[name], codec(name)
    known = {part.seq: part for part in before}
    for part in after:
        old = known.pop(part.seq, None)
        if old is None:
            connection.execute(table.insert().values(authorization=number, **shape.row(part, vault)))
        elif changed := shape.changed(old, part, vault):
            key = and_(table.c.authorization == number, table.c.seq == part.seq)
            connection.execute(update(table).where(key).values(changed))
    if known:
        connection.execute(delete(table).where(table.c.authorization == number, table.c.seq.in_(list(known))))


def _write_diagnoses(connection: Connection, number: int, codes: Iterable[str]) -> None:
    """In place of those on file."""
    table = schema.diagnosis
    connection.execute(delete(table).where(table.c.authorization == number))
    if rows := [{"authorization": number, "seq": seq, "code": code} for seq, code in enumerate(codes, 1)]:
        connection.execute(table.insert(), rows)


def _write_child(
    connection: Connection, vault: Vault, name: str, before: AuthorizationState, after: AuthorizationState
) -> Any:
    old, new = getattr(before, name), getattr(after, name)
    if new is None or new == old:
        return new
    table, shape = CHILDREN[name], codec(name)
    if new.id is None:
        values = shape.row(new, vault)
        values.pop("id")
        key = connection.execute(table.insert().values(authorization=before.number, **values)).inserted_primary_key
        return replace(new, id=key[0])  # type: ignore[index]
    changes = shape.changed(old if old and old.id == new.id else None, new, vault)
    connection.execute(update(table).where(table.c.id == new.id).values(changes))
    return new


def _derived(state: AuthorizationState, clocks: tuple[Deadline, ...]) -> Mapping[str, Any]:
    soonest = clocks[0] if clocks else None
    return {
        "is_open": state.is_open,
        "document_count": len(state.documents),
        "call_count": len(state.calls),
        "needed": needed(state),
        "waits_for": waits_for(state),
        "due_at": soonest.due_at if soonest else None,
        "due_kind": soonest.kind.value if soonest else None,
        "runs_low": runs_low(state),
    }
