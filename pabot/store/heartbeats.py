"""When each tick last ran well."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from pabot.store.bookkeeping import heartbeat
from pabot.store.engine import upsert


def beat(connection: Connection, tick: str, now: datetime) -> None:
    statement = upsert(connection, heartbeat).values(tick=tick, ran_at=now)
    connection.execute(statement.on_conflict_do_update(index_elements=["tick"], set_={"ran_at": now}))


def latest(connection: Connection) -> Mapping[str, datetime]:
    return {row.tick: row.ran_at for row in connection.execute(select(heartbeat))}


def back_to(connection: Connection, now: datetime) -> None:
    """After a moved clock: nothing ran at an instant that has not come."""
    connection.execute(update(heartbeat).where(heartbeat.c.ran_at > now).values(ran_at=now))
