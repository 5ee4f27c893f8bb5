"""What is due with the payers, what was put off for a while, and how far somebody has come today."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, FromClause, and_, func, literal, or_, select

from pabot.domain.deadlines import Clock
from pabot.domain.model import Urgency
from pabot.domain.sweep import Awaited
from pabot.store import schema
from pabot.store.bookkeeping import event
from pabot.store.engine import upsert
from pabot.store.events import of_authorization
from pabot.store.lists import Filter

_A, _D, _PUT_OFF = schema.authorization, schema.deadline, schema.put_off
_CHECK, _ANSWER = _D.alias("next_check"), _D.alias("answer")
_ASKED_AT = (
    select(func.max(schema.contact.c.at))
    .where(schema.contact.c.authorization == _A.c.number, ~schema.contact.c.voided)
    .scalar_subquery()
)
# What a check with a payer ends with: nothing new, or news that has a step of its own.
OUTCOMES = ("log_contact", "acknowledge", "record_approval", "record_denial", "record_information_request")


def awaited(
    connection: Connection, before: datetime, where: Iterable[Filter] = (), *, reader: str = "", since: datetime
) -> list[Awaited]:
    """Open requests whose check with the payer or whose answer is due `before` then.

    What the `reader` put off `since` then says so. No clock of a request is due sooner than its `due_at`, which the
    partial indexes over open requests hold.
    """
    theirs = and_(_PUT_OFF.c.number == _A.c.number, _PUT_OFF.c.user_id == reader, _PUT_OFF.c.at >= since)
    query = (
        select(
            _A.c.number,
            _A.c.version,
            _A.c.owner_id,
            schema.plan.c.payer_id,
            schema.payer.c.name,
            _A.c.tracking_number,
            _A.c.urgency == literal(Urgency.EXPEDITED.value),
            _CHECK.c.due_at,
            _ANSWER.c.due_at,
            _ASKED_AT,
            func.coalesce(_PUT_OFF.c.sweep, ""),
        )
        .join(schema.plan, schema.plan.c.id == _A.c.plan_id)
        .join(schema.payer, schema.payer.c.id == schema.plan.c.payer_id)
        .outerjoin(_CHECK, _runs(_CHECK, Clock.FOLLOW_UP, before))
        .outerjoin(_ANSWER, _runs(_ANSWER, Clock.PAYER_RESPONSE, before))
        .outerjoin(_PUT_OFF, theirs)
        .where(_A.c.is_open, _A.c.due_at < before, *where)
        .where(or_(_CHECK.c.id.is_not(None), _ANSWER.c.id.is_not(None)))
    )
    return [Awaited(*row) for row in connection.execute(query)]


def asked_about(connection: Connection, by: str, since: datetime, but: Iterable[int]) -> int:
    """How many requests somebody recorded the payer's word on since then, other than these."""
    left = [of_authorization(number) for number in but]
    query = (
        select(func.count(event.c.subject.distinct()))
        .where(event.c.at >= since, event.c.actor == by, event.c.kind.in_(OUTCOMES))
        .where(event.c.subject.not_in(left))
    )
    return connection.execute(query).scalar_one()


def put_off(connection: Connection, user_id: str, number: int, sweep: str, now: datetime) -> None:
    """Not in this sweep: it stands at the end of the next one of the day."""
    statement = upsert(connection, _PUT_OFF).values(user_id=user_id, number=number, sweep=sweep, at=now)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "number"], set_={"sweep": sweep, "at": now})
    )


def _runs(clocks: FromClause, kind: Clock, before: datetime) -> Filter:
    return and_(
        clocks.c.authorization == _A.c.number,
        clocks.c.kind == kind.value,
        clocks.c.done_at.is_(None),
        clocks.c.due_at < before,
    )
