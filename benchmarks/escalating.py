"""The escalate tick over a million authorizations, of which 30,000 are open, beside its statements in SQL by hand."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure, at_most, told
from benchmarks.load import USER
from pabot.app import build
from pabot.clock import StandingClock
from pabot.domain import commands as c
from pabot.domain.model import Category, LineOfBusiness, Role, ServiceLine
from pabot.domain.practice import SaveMember
from pabot.services.desk import Desk
from pabot.settings import load
from pabot.store import migrations
from pabot.store.escalations import KINDS
from pabot.store.vault import new_master_key

ALL, OPEN, LATE = 1_000_000, 30_000, 3_000
SPREAD = 20_000  # minutes over which the clocks run out
TURNS = 15
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

LEVEL = """SELECT d.id, d."authorization", d.kind, d.due_at, a.owner_id, a.opened_by, a.clinician_id, d.asked_of
FROM deadline d JOIN "authorization" a ON a.number = d."authorization"
LEFT JOIN escalation e ON e.deadline_id = d.id AND e.level = {level}
WHERE d.done_at IS NULL AND {at} < ? AND e.deadline_id IS NULL AND {more} ORDER BY {at}, d.id LIMIT 100"""
OWNERS = LEVEL.format(level=1, at="d.due_at", more=f"d.kind IN ({','.join(repr(kind) for kind in KINDS)})")
MANAGERS = LEVEL.format(level=2, at="d.managers_at", more="(a.held_until IS NULL OR a.held_until <= ?)")


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.db"
        migrations.upgrade(f"sqlite:///{path}")
        pabot = build(load(database_url=f"sqlite:///{path}", secret_keys=new_master_key()), StandingClock(MONDAY))
        with closing(pabot.store), closing(sqlite3.connect(path, isolation_level=None)) as raw:
            pabot.store.found(load().seed())
            _fill(raw, _one(pabot.desk))
            started = time.perf_counter()
            raised = pabot.desk.raise_alarms()
            raising = (time.perf_counter() - started) / raised * 1000
            quiet = statistics.median(_took(pabot.desk.raise_alarms))
            by_hand = statistics.median(_took(lambda: _by_hand(raw)))
    return [
        at_most("escalate_tick_ms_vs_raw_sql", quiet, by_hand, 2),
        told("escalate_raised", raised, LATE),
        told("escalate_raised_ms_each", raising, by_hand),
    ]


def _one(desk: Desk) -> int:
    """One open request of the usual kind, made by the desk: the others are its copies."""
    for user, role in ((USER, Role.COORDINATOR), ("U0DOC", Role.CLINICIAN), ("U0MAX", Role.MANAGER)):
        desk.save_member(SaveMember(user, f"Invented {user}", frozenset({role})), actor=None, key=user)
    plan_id = desk.add_plan("Northwind Example", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
    command = c.OpenAuthorization(
        patient=c.Patient("C-1", "J.D."),
        plan_id=plan_id,
        category=Category.SERVICE,
        service="Power wheelchair",
        lines=(ServiceLine(1, "K0856", "NU", 1),),
        diagnoses=("G35",),
        clinician_id="U0DOC",
        ordered_on=date(2026, 11, 23),
    )
    actor = desk.directory().members[USER]
    return desk.open_authorization(command, actor=actor, key="one").state.number


def _fill(raw: sqlite3.Connection, number: int) -> None:
    """Copies: the first are open with three running clocks each, some of which ran out; the rest are closed."""
    series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ALL})"
    columns = [row[1] for row in raw.execute('PRAGMA table_info("authorization")')]
    given = {"number": f"{number} + n.i", "is_open": f"n.i <= {OPEN}"}
    copied = ", ".join(given.get(name, f'a."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    raw.execute("BEGIN")
    raw.execute(f'{series} INSERT INTO "authorization" ({names}) SELECT {copied} FROM n, "authorization" a')
    clock = f"""INSERT INTO deadline
        ("authorization", kind, due_at, unit, started_at, source, why, done_at, managers_at)
        SELECT ? + n.i, ?, datetime(?, '+' || (n.i % {SPREAD}) || ' minutes') || '.000000', 'bd', ?, 'practice', 'x',
        CASE WHEN n.i <= ? THEN NULL ELSE ? END, datetime(?, '+2 days') || '.000000' FROM n"""
    then = _stored(MONDAY)
    since = _stored(MONDAY - timedelta(minutes=LATE * SPREAD // OPEN))  # so that about LATE of them ran out by now
    for kind, start in (("submission", since), ("payer_response", then), ("follow_up", then)):
        raw.execute(f"{series} {clock}", (number, kind, start, then, OPEN, then, start))
    raw.execute("COMMIT")
    raw.execute("ANALYZE")


def _stored(at: datetime) -> str:
    """An instant as it lies in the file."""
    return f"{at.replace(tzinfo=None)}.000000"


def _took(tick: Callable[[], object]) -> list[float]:
    """Milliseconds of each turn, after one that warms up."""
    took = []
    for _ in range(TURNS + 1):
        started = time.perf_counter()
        tick()
        took.append((time.perf_counter() - started) * 1000)
    return took[1:]


def _by_hand(raw: sqlite3.Connection) -> None:
    """The statements of a tick that finds nothing new, in transactions like its own."""
    now = _stored(MONDAY)
    for statement, values in ((OWNERS, (now,)), (MANAGERS, (now, now))):
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("SELECT revision FROM practice").fetchone()
        raw.execute(statement, values).fetchall()
        raw.execute("COMMIT")
