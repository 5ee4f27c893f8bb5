"""Turns the package of the classification into a small file for searching, in a process of its own.

The package takes over a second and some 180 MB to import: no process that serves people may hold it. Run as
`python -m pabot.store.diagnosis_build FILE`; what goes wrong is one line on standard error.
"""

import fcntl
import os
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pabot.store.diagnoses import PACKAGE, installed
from pabot.store.diagnosis_words import IDLE, grams, words

PREFIX, UNFINISHED, LOCK = "icd10cm-", ".part", "icd10cm.lock"
PLAIN_CASE = ("unspecified", "uncomplicated", "without complication")
UNCOUNTED = {"unspecified", "uncomplicated", "without", "complication", "site", "side", "not", "intractable"} | IDLE
# Chapters that are seldom meant when a word fits others too: births and reasons for contact, injuries, their causes.
CHAPTERS = {"O": 1, "P": 1, "Z": 1, "S": 2, "T": 2, "V": 3, "W": 3, "X": 3, "Y": 3}

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE diagnosis (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL, plain TEXT NOT NULL, description TEXT NOT NULL, billable INTEGER NOT NULL
);
CREATE VIRTUAL TABLE named USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii');
CREATE VIRTUAL TABLE also USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii');
CREATE TABLE word (word TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gram (gram TEXT, word TEXT, PRIMARY KEY (gram, word)) WITHOUT ROWID;
"""
INDEXES = """
CREATE UNIQUE INDEX diagnosis_plain ON diagnosis (plain);
CREATE INDEX diagnosis_billable ON diagnosis (billable, plain);
ANALYZE;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of the classification. `also`: other names under which it is filed."""

    code: str
    description: str
    billable: bool
    also: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        return self.code.replace(".", "")


def build(target: Path, entries: Iterable[Entry], release: str) -> None:
    """Write the list beside `target` and put it in its place at once. A reader sees all of it or nothing."""
    handle, unfinished = tempfile.mkstemp(dir=target.parent, prefix=PREFIX, suffix=UNFINISHED)
    os.close(handle)
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # a file that did not get whole is thrown away
        connection.executescript(TABLES)
        connection.execute("BEGIN")
        _fill(connection, entries, release)
        connection.execute("COMMIT")
        connection.executescript(INDEXES)
    with open(unfinished, "rb") as written:
        os.fsync(written.fileno())
    os.replace(unfinished, target)


def _fill(connection: sqlite3.Connection, entries: Iterable[Entry], release: str) -> None:
    """Rows lie in the order in which they are offered: who reads matches by their id reads the best first."""
    ordered = sorted(entries, key=_merit)
    uses: Counter[str] = Counter()
    for number, entry in enumerate(ordered, 1):
        row = (number, entry.code, entry.plain, entry.description, entry.billable)
        connection.execute("INSERT INTO diagnosis VALUES (?, ?, ?, ?, ?)", row)
        named = words(entry.description)
        codes = {entry.plain[:length].lower() for length in range(3, len(entry.plain) + 1)}
        connection.execute("INSERT INTO named (rowid, words) VALUES (?, ?)", (number, " ".join([*named, *codes])))
        uses.update(named)
        if entry.also:
            others = words(" ".join(entry.also))
            connection.execute("INSERT INTO also (rowid, words) VALUES (?, ?)", (number, " ".join([*named, *others])))
            uses.update(others)
    connection.executemany("INSERT INTO word VALUES (?, ?)", uses.items())
    pairs = ((gram, word) for word in uses for gram in grams(word))
    connection.executemany("INSERT INTO gram VALUES (?, ?)", pairs)
    facts = {"release": release, "codes": str(len(ordered))}
    connection.executemany("INSERT INTO about VALUES (?, ?)", facts.items())


def _merit(entry: Entry) -> tuple[object, ...]:
    """Nobody can say which code is meant; what can be billed, is usual and is plainly named is meant more often."""
    plain = entry.plain
    name = re.sub(r"\(.*?\)", "", entry.description.lower())  # what stands in parentheses may be left unsaid
    return (
        not entry.billable,
        CHAPTERS.get(plain[0], 0),
        len(plain) == 7 and plain[6] != "A",  # a later encounter for the same injury
        len(plain) > 3 and not any(case in name for case in PLAIN_CASE),
        len([word for word in words(name) if word not in UNCOUNTED]),
        len(plain),
        len(name),
        plain,
    )


def from_package() -> tuple[list[Entry], str]:
    """Every code of the installed package, and the release that it holds, such as `April 2026`."""
    import simple_icd_10_cm as icd  # here and nowhere else: see above

    entries = [
        Entry(
            code,
            icd.get_description(code),
            icd.is_leaf(code),
            tuple(icd.get_inclusion_term(code) + icd.get_includes(code)),
        )
        for code in dict.fromkeys(icd.get_all_codes())  # a block of one category has its name
        if icd.is_category_or_subcategory(code)
    ]
    files = (file.name for file in resources.files(f"{PACKAGE}.data").iterdir())
    named = filter(None, (re.fullmatch(r"code-list-(\w+)-(\d{4})\.txt", file) for file in files))
    return entries, next((f"{found[1]} {found[2]}" for found in named), f"version {installed()}")


def build_once(target: Path) -> None:
    """Build unless it is there. Of several at once one builds; the others wait, find it, and are done.

    Raises OSError and sqlite3.Error when the folder cannot be used or is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in target.parent.glob(f"{PREFIX}*{UNFINISHED}"):
            left.unlink()  # of a build that was ended; nobody else builds while we hold the lock
        if not target.exists():
            build(target, *from_package())
        for outdated in set(target.parent.glob(f"{PREFIX}*.db")) - {target}:
            outdated.unlink()


def main() -> None:
    os.nice(10)  # people first
    try:
        build_once(Path(sys.argv[1]))
    except (OSError, sqlite3.Error) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
