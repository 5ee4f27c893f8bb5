"""Items and codes of a checklist as people type them: one a line, what matters in brackets.

`Signed order (form, from the clinician, at most 180 days old)`; `K0857-K0860 (from 2026-04-06, accessories apart)`.
"""

import re
from datetime import date

from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.errors import Invalid
from pabot.domain.library import Codes, parse_codes

ITEMS, CODES, LABEL, OLDEST = 40, 200, 80, 3650
_LINE = re.compile(r"(?P<label>.*?\S)\s*(?:\((?P<words>[^()]*)\))?")  # only the last brackets count
_DATED = re.compile(r"\s*(from|until)\s+([\d-]+)\s*(?:,\s*|$)", re.IGNORECASE)
_AGE = re.compile(r"(?:at most |not older than )?(\d{1,4}) days(?: old)?")
_OPTIONAL = frozenset({"optional", "if there is one", "not required"})
_KINDS = {"clinical": ItemKind.CLINICAL, **{kind.value: kind for kind in ItemKind}}


def parse_items(text: str) -> tuple[Item, ...]:
    """Raises Invalid naming the line that is not understood."""
    items = [_item(line.strip()) for line in text.splitlines() if line.strip()]
    if len(items) > ITEMS:
        raise Invalid({"items": f"At most {ITEMS} items fit on a checklist."})
    labels = [item.label.casefold() for item in items]
    twice = next((item.label for item in items if labels.count(item.label.casefold()) > 1), None)
    if twice:
        raise Invalid({"items": f"“{twice}” stands there twice."})
    return tuple(items)


def item_line(item: Item) -> str:
    """An item as it is typed; what is as usual is left out."""
    words = [
        "" if item.kind is ItemKind.OTHER else item.kind.value,
        "" if item.required else "optional",
        "" if item.supplier is Supplier.COORDINATOR else f"from the {item.supplier}",
        f"at most {item.max_age_days} days old" if item.max_age_days else "",
    ]
    said = ", ".join(filter(None, words))
    if not said and item.label.endswith(")"):
        said = item.kind.value  # else the label's own brackets would be read
    return f"{item.label} ({said})" if said else item.label


def parse_code_lines(text: str) -> tuple[Codes, ...]:
    """Raises Invalid naming the line that is not understood."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > CODES:
        raise Invalid({"codes": f"At most {CODES} lines of codes fit here; more come in as a file."})
    return tuple(
        _codes(part) for line in lines for part in (line.split(",") if "(" not in line else [line]) if part.strip()
    )


def parse_closure_steps(text: str) -> tuple[str, ...]:
    """One a line, each once. Raises Invalid naming a line that is too long to stand beside its box."""
    steps = tuple(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))
    if too_long := next((step for step in steps if len(step) > LABEL), None):
        raise Invalid({"closure_steps": f"“{too_long[:40]}…” is longer than {LABEL} characters. Say it shorter."})
    return steps


def code_text(codes: Codes) -> str:
    """A code as it is typed."""
    dates = [f"from {codes.since}" if codes.since else "", f"until {codes.until}" if codes.until else "", codes.note]
    said = ", ".join(filter(None, dates))
    return f"{codes} ({said})" if said else str(codes)


def _codes(line: str) -> Codes:
    code, _, rest = line.partition("(")
    plain = parse_codes(code)
    found: dict[str, date] = {}
    rest = rest.strip().removesuffix(")")
    while dated := _DATED.match(rest):
        try:
            found["since" if dated[1].lower() == "from" else "until"] = date.fromisoformat(dated[2])
        except ValueError:
            raise Invalid({"codes": f"“{line[:40]}”: write dates like 2026-04-06."}) from None
        rest = rest[dated.end() :]
    return Codes(plain.low, plain.high, found.get("since"), found.get("until"), rest.strip())


def _item(line: str) -> Item:
    found = _LINE.fullmatch(line)
    if found is None or len(found["label"]) > LABEL or line.startswith("(") or line.count("(") != line.count(")"):
        raise Invalid({"items": f"“{line[:40]}”: write the document, then what matters in brackets."})
    facts: dict[str, object] = {}
    for word in filter(None, (part.strip().lower() for part in (found["words"] or "").split(","))):
        facts |= _fact(word, line)
    return Item(found["label"], **{"kind": ItemKind.OTHER, **facts})  # type: ignore[arg-type]


def _fact(word: str, line: str) -> dict[str, object]:
    if kind := _KINDS.get(word):
        return {"kind": kind}
    if word in _OPTIONAL:
        return {"required": False}
    if word == "required":
        return {"required": True}
    supplier = word.removeprefix("from ").removeprefix("the ")
    if supplier in list(Supplier):
        return {"supplier": Supplier(supplier)}
    age = _AGE.fullmatch(word)
    if age and 0 < int(age[1]) <= OLDEST:
        return {"max_age_days": int(age[1])}
    known = "form, clinical, optional, from the clinician, at most 180 days old"
    raise Invalid({"items": f"“{line[:40]}”: “{word[:30]}” is not understood. Known are: {known}."})
