"""The record: opens the database, hands out transactions, and keeps request keys."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, bindparam, delete, or_, select

from pabot.domain.diagnoses import NO_LIST, DiagnosisList
from pabot.domain.errors import NotAllowed, Unavailable
from pabot.domain.patient_words import TextName
from pabot.domain.practice import PracticeSettings
from pabot.store import people, vault
from pabot.store.bookkeeping import data_key, job_run, message, request_key
from pabot.store.engine import Engines, KeptOpen, engines, insert_once, transaction
from pabot.store.events import NewEvent, append_all
from pabot.store.library import Versions
from pabot.store.people import MakeCalendar, Practice, PracticeCache
from pabot.store.remembered import Memory, Remembered
from pabot.store.schema import authorization, put_off
from pabot.store.together import Together, Turn
from pabot.store.vault import Vault

KEY_LIFE = timedelta(days=7)

_KEEP = request_key.update().where(request_key.c.key == bindparam("of")).values(result=bindparam("to"))


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction: its connection, the keys, the practice as it stands in it, what is remembered, and the codes.

    Never nested.
    """

    connection: Connection
    vault: Vault
    practice: Practice
    versions: Versions
    memory: Memory
    diagnoses: DiagnosisList


class Store:
    """One database. Construct it after a fork; it opens connections when first used."""

    def __init__(
        self,
        url: str,
        master_keys: Iterable[str],
        make_calendar: MakeCalendar,
        diagnoses: DiagnosisList = NO_LIST,
    ) -> None:
        self.diagnoses = diagnoses
        self._engines: Engines = engines(url)
        self._master_keys = tuple(master_keys)
        self._cache = PracticeCache(make_calendar)
        self._vault: Vault | None = None
        self._versions = Versions()
        self._remembered = Remembered()
        self._notes = Together(self._append_all)

    @property
    def is_sqlite(self) -> bool:
        return self._engines.is_sqlite

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that may change things. On SQLite it is the only one at a time."""
        yield from self._transaction(self._engines.writer)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads."""
        yield from self._transaction(self._engines.reader)

    def note(self, subject: str, new: NewEvent) -> None:
        """An event that comes with no other change. On disk when this returns; within `noting`, when `settle` has."""
        self._notes.add((subject, new))

    def noting(self) -> AbstractContextManager[None]:
        """What this thread notes meanwhile is waited for by `settle`, with what other threads note."""
        return self._notes.later()

    def settle(self, turn: Turn) -> None:
        """Return when what this thread noted is on disk. Whoever writes, for all that wait, waits for a `turn` before.

        Raises Unavailable.
        """
        self._notes.settle(turn)

    def practice_lately(self) -> Practice | None:
        """The practice as a transaction of this process saw it less than a second ago; None: ask in one."""
        return self._cache.lately()

    @property
    def zone(self) -> ZoneInfo:
        """The practice's time zone, as the latest transaction saw it; UTC before the first."""
        practice = self._cache.seen
        return practice.calendar.zone if practice else ZoneInfo("UTC")

    @property
    def worded(self) -> Mapping[TextName, str]:
        """The practice's own words for patients, as the latest transaction saw them."""
        practice = self._cache.seen
        return practice.worded if practice else {}

    def found(self, settings: PracticeSettings) -> None:
        """Make the data keys and the practice's row, once, on a freshly migrated database."""
        with transaction(self._engines.writer) as connection:
            if connection.execute(select(data_key.c.name)).first() is None:
                wrapped = vault.new_wrapped_keys(self._master_keys)
                connection.execute(data_key.insert(), [{"name": n, "wrapped": w} for n, w in wrapped.items()])
            people.found_practice(connection, settings)

    def backup(self, path: Path) -> None:
        """A consistent copy of a SQLite database, taken while it is in use. Raises Unavailable on PostgreSQL."""
        if not self.is_sqlite:
            raise Unavailable("PostgreSQL is backed up with pg_dump; see docs/runbook.md.")
        with transaction(self._engines.reader) as source, closing(sqlite3.connect(path)) as target:
            source.connection.driver_connection.backup(target)  # type: ignore[union-attr]

    def rotate_keys(self) -> None:
        """Wrap the data keys under the newest master key."""
        with transaction(self._engines.writer) as connection:
            wrapped = {row.name: row.wrapped for row in connection.execute(select(data_key))}
            for name, token in vault.rewrap(wrapped, self._master_keys).items():
                connection.execute(data_key.update().where(data_key.c.name == name).values(wrapped=token))

    def close(self) -> None:
        self._engines.close()

    def _append_all(self, events: Sequence[tuple[str, NewEvent]]) -> None:
        with transaction(self._engines.writer) as connection:
            append_all(connection, self._keys(connection), events)

    def _transaction(self, engine: Engine | KeptOpen) -> Iterator[Session]:
        memory = Memory(self._remembered)
        with transaction(engine) as connection:
            practice = self._cache.current(connection)
            yield Session(connection, self._keys(connection), practice, self._versions, memory, self.diagnoses)
        memory.commit()

    def _keys(self, connection: Connection) -> Vault:
        if self._vault is None:
            wrapped = {row.name: row.wrapped for row in connection.execute(select(data_key))}
            if not wrapped:
                raise Unavailable("The database is empty. Run: pabot db upgrade")
            self._vault = vault.unlock(wrapped, self._master_keys)
        return self._vault


def claim_key(connection: Connection, key: str, use_case: str, now: datetime) -> str | None:
    """None for the first to use a request key; else the result that the first one stored.

    Raises NotAllowed when the key belongs to another use case.
    """
    values = {"key": key, "use_case": use_case, "result": "", "at": now}
    if insert_once(connection, request_key, values):
        return None
    row = connection.execute(select(request_key.c.use_case, request_key.c.result).where(request_key.c.key == key)).one()
    if row.use_case != use_case:
        raise NotAllowed("This form was used for something else before. Open it again.")
    return str(row.result)


def keep_result(connection: Connection, key: str, result: str) -> None:
    connection.execute(_KEEP, {"of": key, "to": result})


def forget_old(connection: Connection, now: datetime) -> None:
    """Request keys live for a week, and so does what was put off; settled notices of long ago are dropped as well."""
    for table in (request_key, put_off):
        connection.execute(delete(table).where(table.c.at < now - KEY_LIFE))
    long_ago = now - timedelta(days=90)
    settled = message.c.sent >= message.c.wanted
    still_open = select(authorization.c.number).where(authorization.c.is_open)
    matters = message.c.authorization.in_(still_open)  # forgotten, the next change would post it a second time
    connection.execute(
        delete(message).where(
            message.c.created_at < long_ago, settled, or_(message.c.authorization.is_(None), ~matters)
        )
    )


def claim_period(connection: Connection, job: str, period: str, now: datetime) -> bool:
    """True for the one caller that may do this job for this period."""
    return insert_once(connection, job_run, {"job": job, "period": period, "at": now})


def was_claimed(connection: Connection, job: str, period: str) -> bool:
    """Whether somebody has done this job for this period."""
    found = select(job_run.c.at).where(job_run.c.job == job, job_run.c.period == period)
    return connection.execute(found).first() is not None
