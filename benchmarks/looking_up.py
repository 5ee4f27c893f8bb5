"""`/pa check` over 200 payers with 20,000 checklists, beside the same questions in SQL by hand."""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.figures import Figure, at_most, below
from benchmarks.load import USER
from pabot.app import build
from pabot.domain.documents import Item, ItemKind
from pabot.domain.library import Checklist, Codes, KeptChecklist, PayerEntry, PlanEntry
from pabot.domain.model import LineOfBusiness, Role
from pabot.domain.practice import SaveMember
from pabot.settings import load
from pabot.store import migrations
from pabot.store.vault import new_master_key

PAYERS, CHECKLISTS, QUESTIONS = 200, 100, 600
LIMIT_MS = 50
WARM = 100  # questions

FIND = """SELECT payer.id, plan.id, payer.name, plan.name, plan.line_of_business, payer.*
FROM payer JOIN plan ON plan.payer_id = payer.id
WHERE lower(payer.name || ' ' || plan.name) LIKE ?
ORDER BY lower(payer.name) <> ?, payer.name, plan.name LIMIT 100"""
MATCH = """SELECT c.service, c.plan_id, c.line_of_business, c.version_id, e.*,
EXISTS (SELECT 1 FROM proposal p WHERE p.checklist_id = c.id AND p.state = 'open') FROM checklist_entry e
JOIN checklist c ON c.id = e.checklist_id WHERE e.payer_id = ? AND ((e.is_range = 0 AND e.low = ?)
OR (e.is_range = 1 AND e.low <= ? AND e.high >= ?) OR e.category IS NOT NULL)"""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        url = f"sqlite:///{path}"
        migrations.upgrade(url)
        pabot = build(load(database_url=url, secret_keys=new_master_key()))
        with closing(pabot.store), closing(sqlite3.connect(path, isolation_level=None)) as raw:
            pabot.store.found(load().seed())
            person = SaveMember(USER, "Cora", frozenset({Role.COORDINATOR}))
            actor = pabot.desk.save_member(person, actor=None, key="cora")
            pabot.desk.import_payers(list(_payers()), source="benchmark")
            asked = list(_questions())
            ours, by_hand = _times(
                lambda words, code: pabot.desk.look_up(f"{words} {code}", actor=actor),
                lambda words, code: _by_hand(raw, words, code),
                asked,
            )
    slowest = sorted(ours)[int(len(ours) * 0.99)]
    return [
        at_most("look_up_vs_raw_sql", statistics.median(ours), statistics.median(by_hand), 3),
        below("look_up_p99_ms", slowest, LIMIT_MS),
    ]


def _payers() -> Iterator[PayerEntry]:
    items = tuple(Item(f"Document {place}", ItemKind.CLINICAL) for place in range(8))
    plans = tuple(PlanEntry(name, LineOfBusiness.COMMERCIAL_INSURED) for name in ("Gold", "Silver"))
    for number in range(PAYERS):
        checklists = (
            Checklist(f"Service {place}", (_codes(place),), items=items, source="manual") for place in range(CHECKLISTS)
        )
        yield PayerEntry(f"Payer {number:03} Health", plans=plans, checklists=tuple(map(KeptChecklist, checklists)))


def _codes(place: int) -> Codes:
    """Every other one a range."""
    low = f"K{place * 10:04}"
    return Codes(low, low if place % 2 else f"K{place * 10 + 9:04}")


def _questions() -> Iterator[tuple[str, str]]:
    """Part of a payer's name, as people type it, and a code."""
    dice = random.Random(1)
    for _ in range(QUESTIONS):
        yield f"{dice.randrange(PAYERS):03}", f"K{dice.randrange(CHECKLISTS) * 10:04}"


def _times(
    ours: Callable[[str, str], object], by_hand: Callable[[str, str], object], asked: list[tuple[str, str]]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each question, asked in turn so that a busy moment hits both; a first round warms up."""
    took: tuple[list[float], list[float]] = ([], [])
    for words, code in [*asked[:WARM], *asked]:
        for ask, times in zip((ours, by_hand), took, strict=True):
            started = time.perf_counter()
            ask(words, code)
            times.append((time.perf_counter() - started) * 1000)
    return took[0][WARM:], took[1][WARM:]


def _by_hand(raw: sqlite3.Connection, words: str, code: str) -> None:
    """The statements that the answer needs, and nothing made of their rows."""
    raw.execute("BEGIN")
    raw.execute("SELECT revision FROM practice").fetchone()
    plans = raw.execute(FIND, (f"%{words}%", words)).fetchall()
    entries = raw.execute(MATCH, (plans[0][0], code, code, code)).fetchall()
    raw.execute("SELECT * FROM checklist_version WHERE id = ?", (entries[0][3],)).fetchone()
    raw.execute("COMMIT")
