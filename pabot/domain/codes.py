"""Codes by their form. No code lists are shipped; an unknown code is somebody's judgement, a misformed one a slip.

Forms: HCPCS Level II, CPT (form only), revenue codes, two-character modifiers, ICD-10-CM, NDC, NPI by check digit.
"""

import re

from pabot.domain.errors import Invalid
from pabot.domain.model import Category, ServiceLine
from pabot.domain.orders import Medication

LINES, DIAGNOSES, UNITS, MODIFIERS = 20, 12, 9999, 4
QUANTITY, VISITS, DAYS = 9999, 365, 365  # at most, of a medication or a therapy; at least one of each

_CODE = re.compile(r"[A-V][0-9]{4}|[0-9]{4}[0-9FTUM]|[0-9]{4}")  # HCPCS Level II, CPT, revenue
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_MARKED_UNITS = re.compile(r"(.*?)[\s\-]*(?:(?<![A-Z])X|×)\s*([0-9]+)")  # x2, ×2, x 2; in “KX 2” the X is a modifier's
_BARE_UNITS = re.compile(r"(.*)\s([0-9]|[0-9]{3,})")  # two digits alone would read as a modifier as well
_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")
_NDC = re.compile(r"([0-9]{5})-?([0-9]{4})-?([0-9]{2})")  # the form for billing; ten digits could be read in three ways
_NUMBER = re.compile(r"#?\s*(?:pa)?[-\s]*([0-9]{1,12})", re.IGNORECASE)


def parse_lines(text: str) -> tuple[ServiceLine, ...]:
    """`K0856 NU x2`, one code a line. Raises Invalid naming the line that is not understood."""
    written = [part for part in re.split(r"[\n;,]+", text) if part.strip()]
    if not written:
        raise Invalid({"codes": "Type at least one code, such as K0856."})
    if len(written) > LINES:
        raise Invalid({"codes": f"At most {LINES} codes fit in one request."})
    return tuple(_line(seq, part.strip()) for seq, part in enumerate(written, 1))


def written(line: ServiceLine) -> str:
    """A line as it is typed, so that `parse_lines` reads it again."""
    return " ".join(filter(None, (line.code, line.modifiers, f"x{line.units}")))


def unnamed(category: Category, lines: tuple[ServiceLine, ...], medication: Medication | None) -> dict[str, str]:
    """What is missing for a payer to know what is asked for: a code, or for a medication its name. A sentence a field.

    Empty when nothing is.
    """
    if lines:
        return {}
    if category is not Category.MEDICATION:
        return {"codes": "Type at least one code, such as K0856."}
    named = medication is not None and medication.name
    return {} if named else {"medication_name": "Type the medication's name, or a code above."}


def parse_ndc(text: str) -> str:
    """An NDC of eleven digits, written 5-4-2. Raises Invalid."""
    found = _NDC.fullmatch(text.strip())
    if not found:
        raise Invalid({"ndc": f"“{text.strip()[:20]}” is not written like an NDC: eleven digits, as in 00000-1111-22."})
    return "-".join(found.groups())


def parse_diagnoses(text: str) -> tuple[str, ...]:
    """ICD-10-CM codes, written with their dot, each once. Raises Invalid naming the one that cannot be."""
    written = [part.upper() for part in re.split(r"[\s,;]+", text) if part]
    for code in written:
        if not _DIAGNOSIS.fullmatch(code):
            raise Invalid({"diagnoses": f"“{code[:20]}” is not written like a diagnosis code, such as M54.16."})
    codes = tuple(dict.fromkeys(_dotted(code) for code in written))
    if len(codes) > DIAGNOSES:
        raise Invalid({"diagnoses": f"At most {DIAGNOSES} diagnoses fit in one request."})
    return codes


def diagnosis_in(text: str) -> str | None:
    """The one diagnosis code that a text is, with its dot; None for anything else."""
    code = text.strip().upper()
    return _dotted(code) if _DIAGNOSIS.fullmatch(code) else None


def npi_ok(text: str) -> bool:
    """Ten digits, first 1 or 2, with the check digit of the national standard (Luhn behind the prefix 80840)."""
    if not re.fullmatch(r"[12][0-9]{9}", text):
        return False
    total = 24  # what the prefix adds
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def normal_number(text: str) -> int | None:
    """The number in `1042`, `pa1042`, `PA-1042` or `#1042`; None when it is none of these."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def _line(seq: int, text: str) -> ServiceLine:
    wrong = f"“{text[:40]}”"
    typed = text.upper()
    found = _MARKED_UNITS.fullmatch(typed) or _BARE_UNITS.fullmatch(typed)
    words, units = (found.group(1), int(found.group(2)[:6])) if found else (typed, 1)
    code, *modifiers = re.split(r"[\s\-]+", words)
    if not _CODE.fullmatch(code):
        raise Invalid({"codes": f"{wrong} does not start with a code, such as K0856 or 99999."})
    if not all(map(_MODIFIER.fullmatch, modifiers)):
        raise Invalid({"codes": f"{wrong}: write modifiers of two characters, then the units, as in NU x2."})
    if modifiers and modifiers[-1].isdigit() and not found:
        last = modifiers[-1]
        raise Invalid({"codes": f"{wrong}: is {last} the units or a modifier? Write x{last}, or {last} x1."})
    if len(modifiers) > MODIFIERS:
        raise Invalid({"codes": f"{wrong}: at most {MODIFIERS} modifiers fit on a code."})
    if not 1 <= units <= UNITS:
        raise Invalid({"codes": f"{wrong}: units must be between 1 and {UNITS}."})
    return ServiceLine(seq, code, " ".join(modifiers), units)


def _dotted(code: str) -> str:
    plain = code.replace(".", "")
    return plain if len(plain) <= 3 else f"{plain[:3]}.{plain[3:]}"
