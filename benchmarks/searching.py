"""Diagnoses while somebody types: our search beside the bare full-text query for the same words, in the same file."""

import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing

from benchmarks.figures import Figure, at_most, below
from pabot.settings import load
from pabot.store.diagnoses import DiagnosisFile

LIMIT = 30
TURNS = 20
TYPED = (
    *("m54.1", "M5416", "e11.9", "e11", "g35", "s52501", "t40.0x", "m17"),
    *("lumbar radiculopathy", "lumb radic", "type 2 diabetes", "hypertension", "knee osteoarthritis", "low back pain"),
    *(
        "rotator cuff",
        "rheumatoid arthritis",
        "crohn's disease",
        "ulcerative col",
        "psoriasis",
        "asthma",
        "sleep apnea",
    ),
    *("spinal stenosis", "multiple scler", "muscle weakness", "cerebral palsy", "pressure ulcer", "chronic pain"),
    *("fracture femur", "hip", "breast neoplasm", "heart failure", "migraine", "depression", "epilepsy", "neuropathy"),
    *("copd", "htn", "osa", "diabtes", "lumbr radiculopthy", "carpal tunel", "depresion"),
)
HOSTILE = (
    *("x" * 5000, '"' * 5000, "a b c d e f", "unspecified encounter", "initial sequela", "a* OR NEAR(b c)"),
    *("encounter with left right other unspecified initial", "radiculopthy lumbr sclerosys diabtes hypertensoin"),
)
RAW = """
SELECT d.code, d.description, d.billable FROM diagnosis AS d JOIN named ON named.rowid = d.id
WHERE named MATCH ? ORDER BY named.rowid LIMIT ?
"""


def run() -> list[Figure]:
    listed = _list()
    with closing(listed), closing(sqlite3.connect(listed.path)) as raw:

        def bare(text: str) -> None:
            words = re.findall("[a-z0-9]+", text.lower().replace(".", ""))
            raw.execute(RAW, (" ".join(f'"{word}"*' for word in words), LIMIT)).fetchall()

        def ours(text: str) -> None:
            listed.search(text, LIMIT)

        searched, queried = _medians(ours), _medians(bare)
        slowest = max(_took(ours, text) for text in (*TYPED, *HOSTILE))
    return [
        at_most("diagnosis_search_vs_raw", statistics.median(searched), statistics.median(queried), 3),
        below("diagnosis_search_slowest_ms", slowest, 20),
    ]


def build_list() -> None:
    """Make the list in the cache folder that the environment names, as a practice's bot does beside its work."""
    subprocess.run([sys.executable, "-m", "pabot.store.diagnosis_build", str(_list().path)], check=True)


def _list() -> DiagnosisFile:
    return DiagnosisFile(load().cache_folder)


def _medians(search: Callable[[str], None]) -> list[float]:
    """Milliseconds for each text."""
    return [_took(search, text) for text in TYPED]


def _took(search: Callable[[str], None], text: str) -> float:
    """The median of some turns, in milliseconds."""
    turns = []
    for _ in range(TURNS):
        started = time.perf_counter()
        search(text)
        turns.append((time.perf_counter() - started) * 1000)
    return statistics.median(turns)
