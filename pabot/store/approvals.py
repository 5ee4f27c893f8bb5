"""Approvals that are asked for, in the database."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from pabot.domain import commands as c
from pabot.domain.approvals import Approval, ApprovalState
from pabot.domain.decide import STEPS
from pabot.domain.errors import NotFound
from pabot.domain.model import Role
from pabot.store.approval_schema import IS_OPEN, approval, approval_round
from pabot.store.engine import insert_once
from pabot.store.vault import Vault

COMMANDS = {rule.kind: command for command, rule in STEPS.items()}
_A, _R = approval, approval_round
_WHOLE = select(_A, _R.c.asked_of, _R.c.at.label("asked_at"), _R.c.due_at).join(
    _R, and_(_R.c.approval_id == _A.c.id, _R.c.round == _A.c.round)
)


@cache
def commands(kind: str) -> TypeAdapter[Any]:
    """A step's command as JSON and back."""
    return TypeAdapter(COMMANDS[kind])


def add(
    connection: Connection,
    vault: Vault,
    *,
    kind: str,
    command: c.Command,
    detail: dict[str, Any],
    why: str,
    by: str,
    roles: Iterable[Role],
    asked_of: str,
    due_at: datetime,
    at: datetime,
) -> int:
    """A step that waits for approval, and its first round; answers its id."""
    values = {
        "authorization": command.number,
        "kind": kind,
        "command": vault.seal(commands(kind).dump_json(command).decode()),
        "detail": vault.seal(json.dumps(detail, default=str)),
        "why": vault.seal(why),
        "by": by,
        "at": at,
        "roles": " ".join(sorted(roles)),
        "round": 1,
        "state": ApprovalState.OPEN.value,
        "answer": vault.seal(""),
    }
    approval_id = int(connection.execute(_A.insert().values(values)).inserted_primary_key[0])  # type: ignore[index]
    go_on(connection, approval_id, 1, asked_of=asked_of, due_at=due_at, at=at)
    return approval_id


def go_on(
    connection: Connection,
    approval_id: int,
    round_: int,
    *,
    asked_of: str | None,
    due_at: datetime | None,
    at: datetime,
) -> bool:
    """Ask the next. True for the one caller who does."""
    row = {"approval_id": approval_id, "round": round_, "asked_of": asked_of, "at": at, "due_at": due_at}
    first = insert_once(connection, _R, row)
    if first:
        connection.execute(update(_A).where(_A.c.id == approval_id).values(round=round_))
    return first


def decide(
    connection: Connection,
    vault: Vault,
    approval_id: int,
    state: ApprovalState,
    *,
    by: str,
    at: datetime,
    answer: str = "",
) -> None:
    values = {"state": state.value, "decided_by": by, "decided_at": at, "answer": vault.seal(answer)}
    connection.execute(update(_A).where(_A.c.id == approval_id).values(values))


def number_of(connection: Connection, approval_id: int) -> int:
    """The request that it is about. Raises NotFound."""
    found = connection.execute(select(_A.c.authorization).where(_A.c.id == approval_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("Nobody asked for that, or it is gone. Open the request again with /pa show.")
    return int(found)


def load(connection: Connection, vault: Vault, approval_id: int) -> Approval:
    """Raises NotFound. Whoever changes it holds the lock of its request's row."""
    number_of(connection, approval_id)
    return _approval(connection.execute(_WHOLE.where(_A.c.id == approval_id)).one(), vault)


def open_about(connection: Connection, vault: Vault, number: int) -> tuple[Approval, ...]:
    """What waits on one request, oldest first."""
    return _found(connection, vault, _A.c.authorization == number)


def open_ones(connection: Connection, vault: Vault) -> tuple[Approval, ...]:
    """All that waits, oldest first."""
    return _found(connection, vault)


def open_with(connection: Connection, vault: Vault, user_id: str | None) -> tuple[Approval, ...]:
    """What waits for one person now; None: what all were asked about, and nobody answered."""
    return _found(connection, vault, _R.c.asked_of == user_id)


def left_since(connection: Connection, vault: Vault, user_id: str, since: datetime) -> tuple[Approval, ...]:
    """What somebody was asked and need not answer any more since then: it was decided, or went on to another."""
    theirs = select(_R.c.approval_id).where(_R.c.asked_of == user_id)
    went_on = and_(IS_OPEN, or_(_R.c.asked_of.is_(None), _R.c.asked_of != user_id), _R.c.at >= since)
    where = and_(_A.c.id.in_(theirs), or_(_A.c.decided_at >= since, went_on))
    rows = connection.execute(_WHOLE.where(where).order_by(_A.c.id))
    return tuple(_approval(row, vault) for row in rows)


def asked_before(connection: Connection, approval_id: int) -> list[str]:
    """Whoever was asked so far."""
    query = select(_R.c.asked_of).where(_R.c.approval_id == approval_id, _R.c.asked_of.is_not(None))
    return list(connection.execute(query).scalars())


def _found(connection: Connection, vault: Vault, *where: ColumnElement[bool]) -> tuple[Approval, ...]:
    rows = connection.execute(_WHOLE.where(IS_OPEN, *where).order_by(_A.c.id))
    return tuple(_approval(row, vault) for row in rows)


def _approval(row: Row[Any], vault: Vault) -> Approval:
    return Approval(
        id=row.id,
        number=row.authorization,
        kind=row.kind,
        command=commands(row.kind).validate_json(vault.open(row.command)),
        detail=json.loads(vault.open(row.detail)),
        why=vault.open(row.why),
        by=row.by,
        at=row.at,
        roles=frozenset(Role(word) for word in row.roles.split()),
        state=ApprovalState(row.state),
        asked_of=row.asked_of,
        asked_at=row.asked_at,
        due_at=row.due_at,
        round=row.round,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        answer=vault.open(row.answer),
    )
