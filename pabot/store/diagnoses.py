"""The ICD-10-CM as a file in the cache folder: found by code, by words, and by words that are typed wrong.

Rows lie in the order in which they are offered, so the first matches are the best and nothing is ever ranked.
"""

import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from pabot.domain.diagnoses import Diagnosis, Standing
from pabot.store.diagnosis_words import LONGEST, forgiven, grams, mistakes, typed_words

log = logging.getLogger(__name__)

PACKAGE = "simple_icd_10_cm"
LAYOUT = 1  # of the file; a file of another layout is built anew
COMPLETIONS, LIKELY, CORRECTIONS = 8, 25, 3  # words taken for one that was begun, or typed wrong
LOOKED_UP = 1000  # codes that are remembered with their names
CODE = re.compile(r"[a-z][0-9][0-9a-z]*\.?[0-9a-z]*")
CODE_WORD = re.compile(r"[a-z][0-9][0-9a-z]+")

_FOUND = "SELECT d.code, d.description, d.billable FROM diagnosis AS d"
_EXACT = f"{_FOUND} WHERE d.plain = ?"
_BEGUN = f"{_FOUND} WHERE d.billable = ? AND d.plain >= ? AND d.plain < ? ORDER BY d.plain LIMIT ?"
_NAMED, _ALSO = (
    f"{_FOUND} JOIN {table} ON {table}.rowid = d.id WHERE {table} MATCH ? ORDER BY {table}.rowid LIMIT ?"
    for table in ("named", "also")
)
_COMPLETED = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY word <> ?, uses DESC LIMIT ?"
_ALIKE = """
SELECT gram.word, word.uses FROM gram JOIN word USING (word) WHERE gram.gram IN ({})
GROUP BY gram.word ORDER BY count(*) DESC, word.uses DESC LIMIT ?
"""
Rows = list[tuple[Any, ...]]
Meant = Sequence[Sequence[str]]  # for each typed word the words that it may mean


def installed() -> str:
    """The version of the package that the list is made of; asking does not import it."""
    return version(PACKAGE)


class DiagnosisFile:
    """The list of one version of the package. Opened when first asked, after a fork; any thread may ask."""

    def __init__(self, folder: Path, made_of: str | None = None) -> None:
        self.path = folder / f"icd10cm-{made_of or installed()}-{LAYOUT}.db"
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._told: dict[str, str] = {}  # about the list, which never changes once it is there
        self._looked_up = lru_cache(LOOKED_UP)(self._exactly)

    @property
    def release(self) -> str:
        return self._about("release")

    @property
    def size(self) -> int:
        """How many codes it holds; 0 while it is not there."""
        return int(self._about("codes") or 0)

    def look_up(self, code: str) -> Diagnosis:
        return self._looked_up(code) if self.size else Diagnosis(code)

    def _exactly(self, code: str) -> Diagnosis:
        rows = self._ask(_EXACT, code.replace(".", "").upper())
        return next(_read(rows), Diagnosis(code, "", Standing.UNKNOWN))

    def search(self, text: str, limit: int) -> tuple[Diagnosis, ...]:
        typed = text[:LONGEST].strip().lower()
        rows = self._by_code(typed, limit) or self._by_words(typed, limit)
        return tuple(_read(islice(dict.fromkeys(rows), limit)))

    def close(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _by_code(self, typed: str, limit: int) -> Rows:
        """The code, then what begins with it, what can be billed before what cannot."""
        if not CODE.fullmatch(typed):
            return []
        plain = typed.replace(".", "").upper()
        found = self._ask(_EXACT, plain)
        for billable in (1, 0):
            if len(found) < limit:
                found += self._ask(_BEGUN, billable, plain, f"{plain}~", limit)
        return found

    def _by_words(self, typed: str, limit: int) -> Rows:
        """Those that have every word; the less sure a reading, the later it is tried, and only while there is room."""
        words = typed_words(typed)
        begun = [self._completed(word, alone=len(words) == 1) for word in words]
        if not all(begun):
            begun = [known or self._corrected(word) for word, known in zip(words, begun, strict=True)]
        whole = [known[:1] if word in known else known for word, known in zip(words, begun, strict=True)]
        found = self._matching(_NAMED, whole, limit)
        for table, meant in ((_NAMED, begun), (_ALSO, begun)):
            if len(found) < limit and (table, meant) != (_NAMED, whole):
                found += self._matching(table, meant, limit)
        return found or self._nearly(words, begun, limit)

    def _nearly(self, words: Sequence[str], begun: Meant, limit: int) -> Rows:
        """When nothing has every word: the unfinished ones may be wrong, or one is too many, the first sooner."""
        wrong = [
            [*known, *self._corrected(word)] if _is_begun(word, known) else known
            for word, known in zip(words, begun, strict=True)
        ]
        understood = [known for known in wrong if known]
        if found := self._matching(_NAMED, understood, limit):
            return found
        fewer = ([*understood[:at], *understood[at + 1 :]] for at in range(len(understood)))
        return next(filter(None, (self._matching(_NAMED, rest, limit) for rest in fewer)), [])

    def _matching(self, table: str, meant: Meant, limit: int) -> Rows:
        """Only letters and digits get here, each word in quotes: nothing typed is read as a query."""
        if not meant or not all(meant):
            return []
        wanted = " AND ".join("(" + " OR ".join(f'"{word}"' for word in one) + ")" for one in meant)
        return self._ask(table, wanted, limit)

    def _completed(self, word: str, *, alone: bool) -> list[str]:
        """Known words that begin so, the word itself first. One letter begins too many to stand beside others."""
        most = COMPLETIONS if alone or len(word) > 1 else 1
        found = [row[0] for row in self._ask(_COMPLETED, word, f"{word}~", word, most)]
        return found or ([word] if CODE_WORD.fullmatch(word) else [])

    def _corrected(self, word: str) -> list[str]:
        """Known words that begin almost so, the likeliest first."""
        allowed, runs = forgiven(word), tuple(grams(word))
        if not allowed:
            return []
        alike = self._ask(_ALIKE.format(", ".join("?" * len(runs))), *runs, LIKELY)
        weighed = [(mistakes(word, other), -uses, other) for other, uses in alike]
        fewest = min((slips for slips, _, _ in weighed), default=0)
        return [other for slips, _, other in sorted(weighed) if slips == fewest <= allowed][:CORRECTIONS]

    def _about(self, name: str) -> str:
        if name not in self._told and (rows := self._ask("SELECT value FROM about WHERE name = ?", name)):
            self._told[name] = str(rows[0][0])
        return self._told.get(name, "")

    def _ask(self, statement: str, *values: Any) -> Rows:
        """Nothing while the file is not there. A damaged one is said, and counts as not there."""
        with self._lock:
            try:
                connection = self._opened()
                return connection.execute(statement, values).fetchall() if connection else []
            except sqlite3.Error as fault:
                log.warning("the list of diagnoses cannot be read: delete %s (%s)", self.path, fault)
                self._connection = None
                self._told.clear()
                return []

    def _opened(self) -> sqlite3.Connection | None:
        if self._connection is None and self.path.exists():
            # It never changes: a newer one takes its place as another file.
            address = f"file:{quote(str(self.path.absolute()))}?immutable=1"
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        return self._connection


def _is_begun(word: str, known: Sequence[str]) -> bool:
    """Whether it is no word itself and was read as the beginning of some."""
    return bool(known) and word not in known and known[0].startswith(word)


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[Diagnosis]:
    for code, description, billable in rows:
        yield Diagnosis(code, description, Standing.BILLABLE if billable else Standing.GENERAL)
