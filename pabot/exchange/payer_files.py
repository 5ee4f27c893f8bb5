"""Files of the payer library on disk: which reader takes which, and one file a payer on the way out."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pabot.domain.errors import BadFile
from pabot.domain.library import PayerEntry
from pabot.exchange import csv_files, yaml_files

LARGEST = 50_000_000  # bytes of one file
READERS = {".yaml": yaml_files.read, ".yml": yaml_files.read, ".csv": csv_files.read}


def read(paths: Iterable[Path]) -> list[PayerEntry]:
    """The payers of all files. Raises BadFile for the first one that cannot be taken in."""
    return [entry for path in paths for entry in _of(path)]


def write(folder: Path, entries: Iterable[PayerEntry]) -> Iterator[Path]:
    """One YAML file a payer, named after it; a name that is taken gets a number. Answers each path once written."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for entry in entries:
        plain = re.sub(r"[^a-z0-9]+", "_", entry.name.casefold()).strip("_") or "payer"
        name = next(each for each in _numbered(plain) if each not in taken)
        taken.add(name)
        path = folder / f"{name}.yaml"
        path.write_text(yaml_files.write([entry]), encoding="utf-8")
        yield path


def _of(path: Path) -> list[PayerEntry]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadFile(f"{path.name}: payers come as .yaml or .csv.")
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile(f"{path.name} is larger than {LARGEST // 1_000_000} MB. Split it.")
        raw = path.read_bytes()
    except OSError as wrong:
        raise BadFile(f"{path}: {wrong.strerror or 'it cannot be read'}.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise BadFile(f"{path.name}, line {line}: this is not UTF-8 text. Save the file as UTF-8.") from None
    found = list(reader(path.name, text))
    if not found:
        raise BadFile(f"{path.name}: no payer stands in it.")
    return found


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 1_000_000):
        yield f"{name}_{number}"
