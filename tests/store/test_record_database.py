"""The database itself: its plans, its copies, and what we say when it does not answer."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from record_practice import CORA, IDA, MAX, MONDAY, Bench, a_practice, once, watched
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from pabot.clock import StandingClock
from pabot.domain import commands as c
from pabot.domain.errors import Unavailable
from pabot.domain.model import Channel
from pabot.store import engine, escalations, lists, messages, vault
from pabot.store.events import verify

LARGE = ("authorization", "deadline", "message", "event", "patient", "service_line", "request_key")


@contextmanager
def plans_of(practice: Bench) -> Iterator[list[str]]:
    """How SQLite goes about each query that is run meanwhile: the steps that read a large table whole."""
    whole: list[str] = []

    def explain(cursor: Any, statement: str, parameters: Any) -> None:
        if not statement.startswith(("SELECT", "UPDATE", "WITH")):
            return
        raw = cursor.connection
        for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall():
            words = str(row[3]).split()
            if words[0] == "SCAN" and words[1].strip('"') in LARGE and "INDEX" not in words:
                whole.append(f"{row[3]}: {statement}")

    with watched(practice.store, explain):
        yield whole


def _past_due(practice: Bench) -> None:
    with practice.store.read() as session:
        escalations.past_due(session.connection, MONDAY, level=1, expedited_only=False, limit=100)
        lists.clocks_due(session.connection, since=MONDAY, before=MONDAY)


def _claim(practice: Bench) -> None:
    with practice.store.write() as session:
        messages.claim(session.connection, MONDAY, timedelta(seconds=60), 10)
        messages.next_due(session.connection)


READ_OFTEN: dict[str, Callable[[Bench], object]] = {
    "queue": lambda p: p.desk.queue("", actor=p.member(MAX)),
    "queue, second page": lambda p: p.desk.queue("", actor=p.member(MAX), page=2),
    "queue of a status": lambda p: p.desk.queue("pending", actor=p.member(MAX)),
    "queue of a person": lambda p: p.desk.queue(f"@{CORA}", actor=p.member(MAX)),
    "mine": lambda p: p.desk.mine(actor=p.member(CORA)),
    "overdue": lambda p: p.desk.queue("overdue", actor=p.member(MAX)),
    "unassigned": lambda p: p.desk.unassigned(actor=p.member(MAX)),
    "home": lambda p: p.desk.home(actor=p.member(CORA)),
    "card": lambda p: p.desk.card(1001, actor=p.member(CORA)),
    "sweep": lambda p: p.desk.sweep("morning", actor=p.member(CORA)),
    "update time": lambda p: p.desk.queue_updates(),
    "round-up": lambda p: (p.desk.queue_round_ups(), p.desk.round_up(IDA)),
    "digest": lambda p: p.desk.digest(),
    "find": lambda p: p.desk.find("CHART-7", actor=p.member(CORA)),
    "clocks due": _past_due,
    "message claim": _claim,
    "audit": lambda p: p.desk.audit(),
    "pulses": lambda p: p.desk.pulses(),
}


@pytest.mark.parametrize("name", READ_OFTEN)
def test_what_is_read_often_reads_no_large_table_whole(sqlite_url: str, name: str) -> None:
    with a_practice(sqlite_url) as bench:
        for _ in range(3):
            bench.open()
        bench.desk.queue("", actor=bench.member(MAX))
        with plans_of(bench) as whole:
            READ_OFTEN[name](bench)
    assert whole == []


def test_a_copy_taken_while_people_work_can_be_worked_with(sqlite_url: str, tmp_path: Path) -> None:
    with a_practice(sqlite_url) as bench, bench.another() as elsewhere:
        number = bench.pending().state.number
        enough, taken = Event(), []

        def work() -> None:
            call = c.LogContact(number=number, channel=Channel.PHONE, result="In review")
            while not enough.is_set():
                elsewhere.step(CORA, call)
                taken.append(1)

        worker = Thread(target=work)
        worker.start()
        try:
            for attempt in range(3):
                before = len(taken)
                bench.store.backup(tmp_path / f"copy-{attempt}.db")
                while len(taken) < before + 3:  # people went on working
                    assert worker.is_alive()
        finally:
            enough.set()
            worker.join()
        for attempt in range(3):
            with closing(sqlite3.connect(tmp_path / f"copy-{attempt}.db")) as copy:
                assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
            with bench.another(url=f"sqlite:///{tmp_path / f'copy-{attempt}.db'}") as restored:
                with restored.store.read() as session:
                    assert list(verify(session.connection, session.vault)) == []
                card = restored.desk.card(number, actor=restored.member(CORA))
                logged = restored.rows("SELECT count(*) AS n FROM contact")[0]["n"]
                assert card.state.version == 3 + logged
                restored.step(CORA, c.LogContact(number=number, channel=Channel.PHONE, result="After the restore"))


def test_postgresql_is_backed_up_with_its_own_tool(practice: Bench, tmp_path: Path) -> None:
    if practice.store.is_sqlite:
        practice.store.backup(tmp_path / "copy.db")
        assert (tmp_path / "copy.db").stat().st_size > 0
    else:
        with pytest.raises(Unavailable, match="pg_dump"):
            practice.store.backup(tmp_path / "copy.db")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait four seconds for a lock."""
    monkeypatch.setattr(engine, "BUSY_MS", 100)


def want_and(bench: Bench, then: Callable[[], object]) -> None:
    """A transaction during which something else happens."""
    with bench.store.write() as session:
        messages.want(session.connection, key="m", kind="digest", recipient="C0TEAM", subject="x", now=MONDAY)
        then()
        messages.next_due(session.connection)


def everything(bench: Bench) -> list[list[dict[str, Any]]]:
    tables = ("authorization", "event", "deadline", "message", "request_key", "contact", "patient")
    return [bench.rows(f'SELECT * FROM "{table}"') for table in tables]  # noqa: S608


@pytest.mark.usefixtures("impatient")
def test_a_locked_file_is_told_and_nothing_is_saved(sqlite_url: str) -> None:
    with a_practice(sqlite_url) as bench:
        number = bench.pending().state.number
        before = everything(bench)
        call = c.LogContact(number=number, channel=Channel.PHONE, result="In review")
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(Unavailable, match="Nothing was saved"):
                    bench.step(CORA, call, key="call-1")
            assert bench.desk.queue("", actor=bench.member(CORA)).total == 1  # reading goes on
            other.execute("ROLLBACK")
        assert everything(bench) == before
        bench.step(CORA, call, key="call-1")


@pytest.mark.usefixtures("impatient")
def test_one_writer_that_takes_long_does_not_hang_the_others(sqlite_url: str) -> None:
    with a_practice(sqlite_url) as bench, bench.another() as elsewhere:
        number = bench.open().state.number
        with elsewhere.store.write(), pytest.raises(Unavailable):
            bench.step(CORA, c.MarkReady(number=number))
        bench.step(CORA, c.MarkReady(number=number))


def test_a_full_disk_is_told_and_nothing_is_half_written(sqlite_url: str) -> None:
    """SQLite is given no page more than it has; that is what a full disk does to it."""
    with a_practice(sqlite_url) as bench:
        number = bench.pending().state.number
        before = everything(bench)
        with bench.store.write() as session:
            pages = session.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            session.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        call = c.LogContact(number=number, channel=Channel.PHONE, result="In review. " * 4000)
        with pytest.raises(Unavailable):
            bench.step(CORA, call, key="long")
        assert everything(bench) == before
        with bench.store.write() as session:
            session.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        bench.step(CORA, call, key="long")


def test_a_step_that_breaks_half_way_leaves_nothing(practice: Bench) -> None:
    before = everything(practice)
    with pytest.raises(ZeroDivisionError):
        want_and(practice, lambda: 1 / 0)
    assert everything(practice) == before


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_cuts_the_line_is_told_and_found_again(postgres: str, database_url: str) -> None:
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    with a_practice(database_url) as bench, psycopg.connect(postgres.replace("+psycopg", "")) as admin:
        number = bench.pending().state.number
        before = everything(bench)
        with pytest.raises(Unavailable, match="Nothing was saved"):
            want_and(bench, lambda: admin.execute(cut, [make_url(database_url).database]))
        assert everything(bench) == before
        bench.step(CORA, c.LogContact(number=number, channel=Channel.PHONE, result="In review"), key=once("call"))


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db"])
def test_a_database_that_is_not_there_is_told(url: str) -> None:
    with a_practice_at(url) as bench, pytest.raises(Unavailable, match="does not answer"):
        bench.desk.plans()


@contextmanager
def a_practice_at(url: str) -> Iterator[Bench]:
    bench = Bench(url, [vault.new_master_key()], StandingClock(MONDAY))
    try:
        yield bench
    finally:
        bench.store.close()


@pytest.mark.parametrize("by_sqlalchemy", [True, False])
def test_a_commit_that_fails_leaves_the_next_save_alone(sqlite_url: str, *, by_sqlalchemy: bool) -> None:
    """Also where SQLAlchemy believes that it began the transaction, as it does once it has run a statement."""

    def save(practice: Bench) -> None:
        with practice.store.write() as session:
            driver = session.connection.connection.driver_connection
            assert driver
            driver.execute("PRAGMA defer_foreign_keys = ON")
            (session.connection.exec_driver_sql if by_sqlalchemy else driver.execute)(orphan)

    orphan = 'INSERT INTO diagnosis ("authorization", seq, code) VALUES (4711, 1, 9)'
    with a_practice(sqlite_url) as practice:
        with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
            save(practice)
        assert practice.rows('SELECT count(*) AS n FROM diagnosis WHERE "authorization" = 4711') == [{"n": 0}]
        assert practice.open().state.number
