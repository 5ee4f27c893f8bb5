"""Proposals to change a checklist, in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from pabot.domain.errors import NotFound
from pabot.domain.library import Checklist
from pabot.domain.model import LineOfBusiness
from pabot.domain.proposals import Proposal, ProposalState
from pabot.store import schema
from pabot.store.library import body_from, body_to
from pabot.store.library_schema import checklist, checklist_version, proposal

_P, _V = proposal, checklist_version
_WHOLE = (
    select(
        *_P.c,
        schema.payer.c.name.label("payer"),
        schema.plan.c.name.label("plan"),
        _V.c.n.label("current_n"),
        _V.c.body.label("current"),
    )
    .join(schema.payer, schema.payer.c.id == _P.c.payer_id)
    .outerjoin(schema.plan, schema.plan.c.id == _P.c.plan_id)
    .outerjoin(checklist, checklist.c.id == _P.c.checklist_id)
    .outerjoin(_V, _V.c.id == checklist.c.version_id)
)
_WAITING = _WHOLE.where(_P.c.state == ProposalState.OPEN.value).order_by(_P.c.at, _P.c.id)
_WAITING_ABOUT = _WAITING.where(_P.c.checklist_id == bindparam("checklist"))


def add(
    connection: Connection,
    *,
    checklist_id: int | None,
    payer_id: int,
    plan_id: int | None,
    line_of_business: LineOfBusiness | None,
    base_n: int,
    body: Checklist,
    why: str,
    by: str,
    at: datetime,
    authorization: int | None,
) -> int:
    """Answers the proposal's id."""
    values = {
        "checklist_id": checklist_id,
        "payer_id": payer_id,
        "plan_id": plan_id,
        "line_of_business": line_of_business.value if line_of_business else None,
        "base_n": base_n,
        "body": body_to(body),
        "why": why,
        "by": by,
        "at": at,
        "authorization": authorization,
        "state": ProposalState.OPEN.value,
    }
    return int(connection.execute(_P.insert().values(values)).inserted_primary_key[0])  # type: ignore[index]


def load(connection: Connection, proposal_id: int, *, lock: bool = False) -> Proposal:
    """Raises NotFound."""
    query = _WHOLE.where(_P.c.id == proposal_id)
    row = connection.execute(query.with_for_update(of=_P) if lock else query).one_or_none()
    if row is None:
        raise NotFound("That proposal is not there any more. See what is open with /pa payers.")
    return _proposal(row)


def open_ones(connection: Connection) -> tuple[Proposal, ...]:
    """What waits to be approved, oldest first."""
    return tuple(map(_proposal, connection.execute(_WAITING)))


def open_about(connection: Connection, checklist_id: int) -> tuple[Proposal, ...]:
    """What waits to be approved of one checklist, oldest first."""
    return tuple(map(_proposal, connection.execute(_WAITING_ABOUT, {"checklist": checklist_id})))


def decide(
    connection: Connection, proposal_id: int, state: ProposalState, *, by: str, at: datetime, why: str = ""
) -> None:
    values = {"state": state.value, "decided_by": by, "decided_at": at, "decided_why": why}
    connection.execute(update(_P).where(_P.c.id == proposal_id).values(values))


def cosign(connection: Connection, proposal_id: int, *, by: str, at: datetime) -> None:
    connection.execute(update(_P).where(_P.c.id == proposal_id).values(cosigned_by=by, cosigned_at=at))


def following(connection: Connection, checklist_id: int, version_id: int) -> list[Row[Any]]:
    """Open requests that keep an earlier version of a checklist: number, owner, status; in the order of numbers."""
    table = schema.authorization
    earlier = select(_V.c.id).where(_V.c.checklist_id == checklist_id, _V.c.id != version_id)
    where = and_(table.c.is_open, table.c.checklist_version_id.in_(earlier))
    query = select(table.c.number, table.c.owner_id, table.c.status).where(where).order_by(table.c.number)
    return list(connection.execute(query))


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        checklist_id=row.checklist_id,
        payer_id=row.payer_id,
        payer=row.payer,
        plan_id=row.plan_id,
        plan=row.plan or "",
        line_of_business=LineOfBusiness(row.line_of_business) if row.line_of_business else None,
        base_n=row.base_n,
        current_n=row.current_n or 0,
        current=body_from(row.current) if row.current else None,
        body=body_from(row.body),
        why=row.why,
        by=row.by,
        at=row.at,
        authorization=row.authorization,
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decided_why=row.decided_why,
        cosigned_by=row.cosigned_by,
    )
