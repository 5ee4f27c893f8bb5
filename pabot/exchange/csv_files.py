"""CSV: a row for each checklist, or for each code of one. For lists that come from elsewhere; rules travel as YAML."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from pabot.domain.errors import BadFile
from pabot.domain.library import PayerEntry
from pabot.exchange.faults import Where, told
from pabot.exchange.payer_file import PayerFile

CODE_COLUMNS = ("since", "until", "code_note")
COLUMNS = (
    "payer", "plan", "line_of_business", "service", "codes", *CODE_COLUMNS, "category", "authorization", "channel",
    "form", "items", "portal_notes", "phone_notes", "patient_words", "valid_days", "source", "url", "verified_on",
    "verified_by", "note",
)  # fmt: skip
OWN = frozenset({"payer", "codes", "items", *CODE_COLUMNS})  # columns that are not simply a checklist's field


@dataclass(slots=True)
class Gathered:
    """A payer as its rows come in: values like those of its YAML file, and the line that each came from."""

    values: dict[str, Any]
    lines: dict[Where, int] = field(default_factory=dict)
    places: dict[tuple[str, str, str], int] = field(default_factory=dict)  # of a checklist, by what tells it apart


def read(name: str, text: str) -> Iterator[PayerEntry]:
    """The payers of a file; rows of one service are one checklist. Raises BadFile with the row's line."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    payers: dict[str, Gathered] = {}
    try:
        _check_columns(name, reader.fieldnames or ())
        for row in reader:
            _take(name, row, reader.line_num, payers)
    except csv.Error as wrong:
        raise BadFile(f"{name}, line {reader.line_num}: this is not CSV ({wrong}).") from None
    for gathered in payers.values():
        try:
            yield PayerFile.model_validate(gathered.values).entry()
        except ValidationError as wrong:
            raise BadFile(told(name, wrong, gathered.lines)) from None


def _check_columns(name: str, columns: Iterable[str]) -> None:
    unknown = [column for column in columns if column not in COLUMNS]
    missing = [column for column in ("payer", "service") if column not in columns]
    if unknown or missing:
        wrong = f"“{unknown[0]}” is no column" if unknown else f"the column “{missing[0]}” is missing"
        raise BadFile(f"{name}, line 1: {wrong}. Columns are: {', '.join(COLUMNS)}.")


def _take(name: str, row: Mapping[str | None, Any], line: int, payers: dict[str, Gathered]) -> None:
    """Add one row to its payer's checklist."""
    if None in row:
        raise BadFile(f"{name}, line {line}: there are more fields than columns.")
    cells = {str(column): (value or "").strip() for column, value in row.items()}
    payer = cells["payer"]
    gathered = payers.setdefault(payer, Gathered({"payer": payer, "plans": [], "checklists": []}, {(): line}))
    if cells.get("plan") and cells.get("line_of_business"):  # it says what kind of plan that is
        plan = {"name": cells["plan"], "line_of_business": cells.pop("line_of_business")}
        if plan not in gathered.values["plans"]:
            gathered.lines["plans", len(gathered.values["plans"])] = line
            gathered.values["plans"].append(plan)
    key = (cells["service"].casefold(), cells.get("plan", ""), cells.get("line_of_business", ""))
    place = gathered.places.setdefault(key, len(gathered.places))
    if place == len(gathered.values["checklists"]):
        gathered.values["checklists"].append({})
        gathered.lines["checklists", place] = line
    _fill(name, gathered.values["checklists"][place], cells, line, gathered.lines, place)


def _fill(
    name: str, checklist: dict[str, Any], cells: Mapping[str, str], line: int, lines: dict[Where, int], place: int
) -> None:
    for column, cell in cells.items():
        if not cell or column in OWN:
            continue
        if checklist.setdefault(column, cell) != cell:
            first = lines["checklists", place]
            raise BadFile(f"{name}, line {line}: {column} is “{cell}”, and was “{checklist[column]}” in line {first}.")
        lines.setdefault(("checklists", place, column), line)
    dated = {"since": cells.get("since"), "until": cells.get("until"), "note": cells.get("code_note")}
    for code in re.split(r"[\s;]+", cells.get("codes", "")):
        if code:
            lines["checklists", place, "codes", len(checklist.setdefault("codes", []))] = line
            checklist["codes"].append({"codes": code, **{name: value for name, value in dated.items() if value}})
    for item in filter(None, map(str.strip, cells.get("items", "").split(";"))):
        kind, colon, label = (part.strip() for part in item.partition(":"))
        written = {"kind": kind.lower(), "label": label} if colon else {"label": item}
        if written not in checklist.setdefault("items", []):
            lines["checklists", place, "items", len(checklist["items"])] = line
            checklist["items"].append(written)
