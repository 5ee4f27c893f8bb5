"""What the screens of the payer library read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from pabot.domain.proposals import ProposalState
from pabot.store import schema
from pabot.store.library_schema import checklist, checklist_entry, checklist_version, payer, plan, proposal

_OPEN = proposal.c.state == ProposalState.OPEN.value
DOCUMENT_DENIALS = ("missing_docs", "info_not_received")


def payers(connection: Connection, *, limit: int, offset: int) -> tuple[list[Row[Any]], int]:
    """A page of payers by name, with how many plans, checklists and open proposals each has; and how many there are."""
    counts = [
        select(func.count()).where(table.c.payer_id == payer.c.id, *where).scalar_subquery().label(name)
        for name, table, where in (
            ("plans", plan, ()),
            ("checklists", checklist, ()),
            ("reported", proposal, (_OPEN,)),
        )
    ]
    query = select(payer.c.id, payer.c.name, *counts).order_by(payer.c.name).limit(limit).offset(offset)
    total = connection.execute(select(func.count()).select_from(payer)).scalar_one()
    return list(connection.execute(query)), total


def checklists(connection: Connection, payer_id: int, since: datetime) -> list[Row[Any]]:
    """A payer's checklists by service; `asked`: how often since then a payer asked for more or denied for documents."""
    reported = select(func.count()).where(proposal.c.checklist_id == checklist.c.id, _OPEN).scalar_subquery()
    query = (
        select(
            checklist.c.id,
            checklist.c.service,
            checklist.c.line_of_business,
            checklist.c.version_id,
            plan.c.name.label("plan"),
            reported.label("reported"),
            _asked(checklist.c.id, since).label("asked"),
        )
        .outerjoin(plan, plan.c.id == checklist.c.plan_id)
        .where(checklist.c.payer_id == payer_id)
        .order_by(checklist.c.service, checklist.c.id)
    )
    return list(connection.execute(query))


def in_use(connection: Connection, used_since: datetime, asked_since: datetime) -> list[Row[Any]]:
    """Checklists that requests follow which are open or moved since then, and those with open proposals.

    Each with its payer, how many open requests follow it, and how often payers asked beyond it.
    """
    table = schema.authorization
    used = (
        select(checklist_version.c.checklist_id)
        .join(table, table.c.checklist_version_id == checklist_version.c.id)
        .where(or_(table.c.is_open, table.c.status_since >= used_since))
    )
    reported = select(proposal.c.checklist_id).where(_OPEN, proposal.c.checklist_id.is_not(None))
    query = (
        select(
            checklist.c.id,
            checklist.c.version_id,
            payer.c.name.label("payer"),
            _following(checklist.c.id).label("followed"),
            _asked(checklist.c.id, asked_since).label("asked"),
        )
        .join(payer, payer.c.id == checklist.c.payer_id)
        .where(or_(checklist.c.id.in_(used), checklist.c.id.in_(reported)))
    )
    return list(connection.execute(query))


def open_requests(connection: Connection, checklist_id: int) -> int:
    """How many open requests follow one of its versions."""
    return int(connection.execute(select(_following(checklist_id))).scalar_one())


def plans_of(connection: Connection, payer_id: int) -> list[Row[Any]]:
    return list(connection.execute(select(plan).where(plan.c.payer_id == payer_id).order_by(plan.c.name)))


def codes_of(connection: Connection, payer_id: int) -> dict[int, list[str]]:
    """What each of a payer's checklists covers, in short words."""
    query = select(checklist_entry).where(checklist_entry.c.payer_id == payer_id).order_by(checklist_entry.c.id)
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        words = row.category or (row.low if row.low == row.high else f"{row.low}-{row.high}")
        found.setdefault(row.checklist_id, []).append(words)
    return found


def _follows(checklist_id: Any) -> Any:
    """Of a request: whether it follows a version of this checklist."""
    mine = checklist_version.c.checklist_id == checklist_id
    versions = select(checklist_version.c.id).where(mine).correlate(checklist)  # two selects further out
    return schema.authorization.c.checklist_version_id.in_(versions)


def _following(checklist_id: Any) -> Any:
    table = schema.authorization
    return select(func.count()).select_from(table).where(table.c.is_open, _follows(checklist_id)).scalar_subquery()


def _asked(checklist_id: Any, since: datetime) -> Any:
    """Information requests and documentation denials of requests that follow a version of this checklist."""
    table, asked, denied = schema.authorization, schema.information_request, schema.denial
    following = _follows(checklist_id)
    information = (
        select(func.count())
        .select_from(asked.join(table, table.c.number == asked.c.authorization))
        .where(following, asked.c.received_at >= since, asked.c.voided.is_(False))
        .scalar_subquery()
    )
    denials = (
        select(func.count())
        .select_from(denied.join(table, table.c.number == denied.c.authorization))
        .where(
            and_(following, denied.c.received_at >= since, denied.c.voided.is_(False)),
            or_(*(denied.c.reason == reason for reason in DOCUMENT_DENIALS)),
        )
        .scalar_subquery()
    )
    return information + denials
