"""Checklists in the database: their versions, which never change, and what a look-up reads."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, exists, func, or_, select, update

from pabot.domain.errors import NotFound
from pabot.domain.library import Checklist, Codes, KeptChecklist
from pabot.domain.matching import Match
from pabot.domain.model import Category, LineOfBusiness
from pabot.domain.proposals import ProposalState
from pabot.store.library_schema import checklist, checklist_entry, checklist_version, proposal

_C, _E, _V = checklist, checklist_entry, checklist_version

REMEMBERED = 4_000  # versions kept in memory; they never change

_VERSION = select(_V).where(_V.c.id == bindparam("version"))
_NEWEST = select(_C.c.version_id).join(_V, _V.c.checklist_id == _C.c.id).where(_V.c.id == bindparam("version"))
_REPORTED = exists().where(proposal.c.checklist_id == _C.c.id, proposal.c.state == ProposalState.OPEN.value)
_ABOUT: Select[Any] = select(
    _C.c.service, _C.c.plan_id, _C.c.line_of_business, _C.c.version_id, *_E.c, _REPORTED.label("is_reported")
).join(_C, _C.c.id == _E.c.checklist_id)
_ENTRIES = _ABOUT.where(
    _E.c.payer_id == bindparam("payer"),
    or_(
        and_(_E.c.is_range.is_(False), _E.c.low == bindparam("code")),
        and_(_E.c.is_range.is_(True), _E.c.low <= bindparam("code"), _E.c.high >= bindparam("code")),
        _E.c.category.is_not(None),
    ),
)


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """Which version it is, since when, and by whom it was approved."""

    id: int
    checklist_id: int
    n: int
    why: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime
    cosigned_by: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a checklist: where it comes from, and what it says."""

    facts: VersionFacts
    body: Checklist


class Versions:
    """Checklist versions, read once each."""

    def __init__(self) -> None:
        self._known: dict[int, Version] = {}

    def get(self, connection: Connection, version_id: int) -> Version:
        found = self._known.get(version_id)
        if found is None:
            found = _version(connection.execute(_VERSION, {"version": version_id}).one())
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[version_id] = found
        return found


@cache
def _bodies() -> TypeAdapter[Checklist]:
    return TypeAdapter(Checklist)


def body_from(text: str) -> Checklist:
    return _bodies().validate_json(text)


def body_to(body: Checklist) -> str:
    return _bodies().dump_json(body, exclude_defaults=True).decode()


def patient_words(body: str | None) -> str:
    """What a version says to the patient; the rest of it is not made into a checklist: lists hold many."""
    return str(json.loads(body).get("patient_words", "")) if body else ""


def matches(connection: Connection, payer_id: int, code: str) -> list[Match]:
    """What may hold for a code of a payer, by code or by category; `domain.matching.best_first` says what does."""
    return [_match(row) for row in connection.execute(_ENTRIES, {"payer": payer_id, "code": code})]


def save_version(
    connection: Connection,
    payer_id: int,
    plan_id: int | None,
    kept: KeptChecklist,
    *,
    why: str,
    proposed: tuple[str, datetime],
    approved: tuple[str, datetime],
    cosigned_by: str | None = None,
    checklist_id: int | None = None,
) -> tuple[int, VersionFacts]:
    """The next version of a checklist, in force from now on. Answers the checklist's id and the version.

    Without its id the checklist is the payer's of the same service and plan, or a new one.
    """
    checklist_id, n = _checklist(connection, payer_id, plan_id, kept, checklist_id)
    values = {
        "checklist_id": checklist_id,
        "n": n,
        "why": why,
        "proposed_by": proposed[0],
        "proposed_at": proposed[1],
        "approved_by": approved[0],
        "approved_at": approved[1],
        "cosigned_by": cosigned_by,
    }
    made = connection.execute(_V.insert().values(body=body_to(kept.body), **values)).inserted_primary_key
    version_id = int(made[0])  # type: ignore[index]
    connection.execute(update(_C).where(_C.c.id == checklist_id).values(version_id=version_id))
    connection.execute(delete(_E).where(_E.c.checklist_id == checklist_id))
    connection.execute(_E.insert(), list(_entry_rows(checklist_id, payer_id, kept.body)))
    return checklist_id, VersionFacts(id=version_id, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose checklist it is: for one plan, one line of business, or all of the payer's."""

    payer_id: int
    plan_id: int | None
    line_of_business: LineOfBusiness | None


def scope(connection: Connection, checklist_id: int) -> Scope:
    """Raises NotFound."""
    row = connection.execute(select(_C).where(_C.c.id == checklist_id)).one_or_none()
    if row is None:
        raise NotFound("That checklist is not in the library. See them with /pa payers.")
    line = LineOfBusiness(row.line_of_business) if row.line_of_business else None
    return Scope(row.payer_id, row.plan_id, line)


def key_of(connection: Connection, checklist_id: int) -> tuple[str, ...]:
    """What tells a checklist apart within its payer, as `KeptChecklist.key`."""
    key: str = connection.execute(select(_C.c.key).where(_C.c.id == checklist_id)).scalar_one()
    return tuple(key.split("\x1f"))


def in_force(connection: Connection, checklist_id: int) -> Checklist | None:
    """What the checklist says now; None when there is no such checklist."""
    query = select(_V.c.body).join(_C, _C.c.version_id == _V.c.id).where(_C.c.id == checklist_id)
    body = connection.execute(query).scalar_one_or_none()
    return body_from(body) if body else None


def newest(connection: Connection, version_id: int) -> int | None:
    """The version in force of the checklist that a version belongs to."""
    found: int | None = connection.execute(_NEWEST, {"version": version_id}).scalar_one_or_none()
    return found


def history(connection: Connection, checklist_id: int) -> tuple[Version, ...]:
    """Every version, newest first."""
    rows = connection.execute(select(_V).where(_V.c.checklist_id == checklist_id).order_by(_V.c.n.desc()))
    return tuple(map(_version, rows))


_NAMES = tuple(VersionFacts.__dataclass_fields__)


def _version(row: Row[Any]) -> Version:
    return Version(VersionFacts(**{name: getattr(row, name) for name in _NAMES}), body_from(row.body))


def _checklist(
    connection: Connection, payer_id: int, plan_id: int | None, kept: KeptChecklist, known_id: int | None
) -> tuple[int, int]:
    """The checklist's id, made when it is new, and the number of its next version."""
    key = "\x1f".join(kept.key)
    known = connection.execute(
        select(
            _C.c.id, func.coalesce(select(func.max(_V.c.n)).where(_V.c.checklist_id == _C.c.id).scalar_subquery(), 0)
        ).where(_C.c.id == known_id if known_id else and_(_C.c.payer_id == payer_id, _C.c.key == key))
    ).one_or_none()
    if known:
        connection.execute(update(_C).where(_C.c.id == known[0]).values(service=kept.body.service, key=key))
        return int(known[0]), int(known[1]) + 1
    line = kept.line_of_business
    values = {
        "payer_id": payer_id,
        "plan_id": plan_id,
        "line_of_business": line.value if line else None,
        "service": kept.body.service,
        "key": key,
    }
    return int(connection.execute(_C.insert().values(values)).inserted_primary_key[0]), 1  # type: ignore[index]


def _entry_rows(checklist_id: int, payer_id: int, body: Checklist) -> Iterable[dict[str, Any]]:
    common = {"checklist_id": checklist_id, "payer_id": payer_id}
    nothing = {"low": "", "high": "", "is_range": False, "since": None, "until": None, "note": ""}
    if body.category is not None:
        yield {**common, **nothing, "category": body.category.value}
    for codes in body.codes:
        yield {**common, **asdict(codes), "is_range": codes.low != codes.high, "category": None}


def _match(row: Row[Any]) -> Match:
    return Match(
        checklist_id=row.checklist_id,
        version_id=row.version_id,
        service=row.service,
        codes=None if row.category else Codes(row.low, row.high, row.since, row.until, row.note),
        category=Category(row.category) if row.category else None,
        plan_id=row.plan_id,
        line_of_business=LineOfBusiness(row.line_of_business) if row.line_of_business else None,
        is_reported=row.is_reported,
    )
