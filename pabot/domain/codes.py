"""Codes by their form. No code lists are shipped; an unknown code is somebody's judgement, a misformed one a slip.

Forms: HCPCS Level II, CPT (form only), revenue codes, two-character modifiers, ICD-10-CM, NPI by check digit.
"""

import re

from pabot.domain.errors import Invalid
from pabot.domain.model import ServiceLine

LINES, DIAGNOSES, UNITS, MODIFIERS = 20, 12, 9999, 4

_HCPCS = re.compile(r"[A-V]\d{4}")
_CPT = re.compile(r"\d{4}[0-9FTUM]")
_REVENUE = re.compile(r"\d{4}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_DIAGNOSIS = re.compile(r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?")
_UNITS = re.compile(r"(?:X|×)?(\d{1,6})")
_NUMBER = re.compile(r"#?\s*(?:pa)?[-\s]*(\d{1,12})", re.IGNORECASE)


def parse_lines(text: str) -> tuple[ServiceLine, ...]:
    """`K0856 NU x2`, one code a line. Raises Invalid naming the line that is not understood."""
    written = [part for part in re.split(r"[\n;,]+", text) if part.strip()]
    if not written:
        raise Invalid({"codes": "Type at least one code, such as K0856."})
    if len(written) > LINES:
        raise Invalid({"codes": f"At most {LINES} codes fit in one request."})
    return tuple(_line(seq, part) for seq, part in enumerate(written, 1))


def parse_diagnoses(text: str) -> tuple[str, ...]:
    """ICD-10-CM codes, written with their dot, each once. Raises Invalid naming the one that cannot be."""
    written = [part.strip().upper() for part in re.split(r"[\s,;]+", text) if part.strip()]
    for code in written:
        if not _DIAGNOSIS.fullmatch(code):
            raise Invalid({"diagnoses": f"“{code[:20]}” is not written like a diagnosis code, such as M54.16."})
    codes = tuple(dict.fromkeys(_dotted(code) for code in written))
    if len(codes) > DIAGNOSES:
        raise Invalid({"diagnoses": f"At most {DIAGNOSES} diagnoses fit in one request."})
    return codes


def npi_ok(text: str) -> bool:
    """Ten digits, first 1 or 2, with the check digit of the national standard (Luhn behind the prefix 80840)."""
    if not re.fullmatch(r"[12]\d{9}", text):
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
    words = re.split(r"[\s\-]+", text.strip().upper())
    code, rest = words[0], words[1:]
    if not any(form.fullmatch(code) for form in (_HCPCS, _CPT, _REVENUE)):
        raise Invalid({"codes": f"“{text.strip()[:40]}” does not start with a code, such as K0856 or 99999."})
    units = 1
    if rest and (count := _units(rest)):
        units, rest = count, rest[:-1]
    if len(rest) > MODIFIERS or not all(map(_MODIFIER.fullmatch, rest)):
        raise Invalid(
            {"codes": f"“{text.strip()[:40]}”: write modifiers of two characters, then the units, as in NU x2."}
        )
    if not 1 <= units <= UNITS:
        raise Invalid({"codes": f"“{text.strip()[:40]}”: units must be between 1 and {UNITS}."})
    return ServiceLine(seq, code, " ".join(rest), units)


def _units(words: list[str]) -> int | None:
    """The units at the end: marked by an x, or a bare number that is no modifier."""
    last = words[-1]
    found = _UNITS.fullmatch(last)
    if not found or (_MODIFIER.fullmatch(last) and last.isdigit() and len(words) == 1):
        return None
    return int(found.group(1)) or -1


def _dotted(code: str) -> str:
    plain = code.replace(".", "")
    return plain if len(plain) <= 3 else f"{plain[:3]}.{plain[3:]}"
