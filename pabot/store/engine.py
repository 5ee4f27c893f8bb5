"""Connections. SQLite: one writer (`BEGIN IMMEDIATE`) and a few `query_only` readers; PostgreSQL: an ordinary pool."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from pabot.domain.errors import Unavailable
from pabot.store.prepared import Prepared
from pabot.turns import Turns

BUSY_MS = 4_000
READERS = 4
PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": BUSY_MS,
    "cache_size": -8_000,  # KiB, as far as they are used: the pages of a morning's requests, four times the usual
}
BUSY = "The record is busy. Nothing was saved; try again in a moment."
SILENT = "The record does not answer. Nothing was saved; try again in a moment."


@dataclass(frozen=True, slots=True)
class Engines:
    """Make one after a fork, never before. `writer` and `reader` are the same engine on PostgreSQL."""

    writer: "Engine | KeptOpen"
    reader: "Engine | KeptOpen"

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


class KeptOpen:
    """An engine whose few connections stay open, and go from one transaction to the next.

    SQLAlchemy's pool hands out a connection wrapped anew, and rolls it back when it returns: four times the work of an
    empty transaction. PostgreSQL keeps to it, since a server may have cut a line meanwhile; a file has none to cut.
    """

    def __init__(self, engine: Engine, begin: str, size: int) -> None:
        self.engine, self.dialect = engine, engine.dialect
        self._begin = begin
        self._turns = Turns(size)
        self._idle: deque[Connection | None] = deque([None] * size)  # None: not opened yet

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction on the next connection that is free. Raises Unavailable when none is for a while."""
        if not self._turns.take(BUSY_MS / 1000):
            raise Unavailable(BUSY)
        connection = self._idle.pop()
        try:
            connection = connection or self.engine.connect()
            with _transaction_of(connection, self._begin):
                yield connection
        finally:
            self._idle.append(_kept(connection) if connection else None)
            self._turns.give()

    def dispose(self) -> None:
        """Close what is idle; what is in use stays open."""
        idle = 0
        while self._turns.take(0):
            if connection := self._idle.pop():
                connection.close()
            idle += 1
        for _ in range(idle):
            self._idle.append(None)
            self._turns.give()
        self.engine.dispose()


def engines(url: str) -> Engines:
    if make_url(url).get_backend_name() == "sqlite":
        return Engines(_sqlite(url, "BEGIN IMMEDIATE", 1), _sqlite(url, "BEGIN", READERS, query_only=True))
    engine = create_engine(url, pool_size=8, max_overflow=8, pool_timeout=5, pool_pre_ping=True, hide_parameters=True)
    return Engines(engine, engine)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database).absolute()


@contextmanager
def transaction(engine: Engine | KeptOpen) -> Iterator[Connection]:
    """A connection that commits at the end. Raises Unavailable when the database does not answer."""
    try:
        with engine.begin() as connection:
            yield connection
    except PoolTimeout as busy:
        raise Unavailable(BUSY) from busy
    except DBAPIError as failed:
        if isinstance(failed, OperationalError) or failed.connection_invalidated:
            raise Unavailable(SILENT) from failed
        raise
    except engine.dialect.loaded_dbapi.OperationalError as failed:  # of BEGIN itself, or of a prepared statement
        raise Unavailable(SILENT) from failed


def upsert(connection: Connection, table: Table) -> Any:
    """An insert that knows `on_conflict`; both databases speak it, in a dialect each."""
    return insert_for(connection.dialect.name)(table)


def insert_for(dialect: str) -> Callable[[Table], Any]:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


@cache
def _once(dialect: str, table: Table) -> Prepared:
    return Prepared(insert_for(dialect)(table).on_conflict_do_nothing().returning(literal_column("1")))


def insert_once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert unless the row is there. True for the one that inserted."""
    return _once(connection.dialect.name, table).row(connection, values) is not None


def _sqlite(url: str, begin: str, size: int, *, query_only: bool = False) -> KeptOpen:
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for name, value in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}={value}")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return KeptOpen(engine, begin, size)


@contextmanager
def _transaction_of(connection: Connection, begin: str) -> Iterator[None]:
    """Begun and ended by the driver: SQLAlchemy takes as long for either as for a query. Where it has been used
    meanwhile it believes that it began one, and ends it itself.
    """
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    driver.execute(begin)
    try:
        yield
        (connection if connection.in_transaction() else driver).commit()
    except BaseException:
        connection.rollback()  # what it believes, also of a commit that failed
        driver.rollback()
        raise


def _kept(connection: Connection) -> Connection | None:
    """Itself; None, so that another is opened, where its transaction could not be ended."""
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    if not driver.in_transaction:
        return connection
    connection.invalidate()
    connection.close()
    return None
