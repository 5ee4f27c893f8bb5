"""What is wrong in a file, a sentence each, with the line that it stands in."""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Where = tuple[int | str, ...]
SHOWN = 5  # faults told at once


def told(name: str, wrong: ValidationError, lines: Mapping[Where, int]) -> str:
    return "\n".join(_sentences(name, wrong, lines))


def _sentences(name: str, wrong: ValidationError, lines: Mapping[Where, int]) -> Iterator[str]:
    faults = wrong.errors(include_url=False)
    for fault in faults[:SHOWN]:
        where = fault["loc"]
        nearest = next((where[:n] for n in range(len(where), -1, -1) if where[:n] in lines), ())
        yield f"{name}, line {lines.get(nearest, 1)}: {'.'.join(map(str, where)) or 'the payer'}: {_sentence(fault)}"
    if len(faults) > SHOWN:
        yield f"{name}: and {len(faults) - SHOWN} more."


def _sentence(fault: ErrorDetails) -> str:
    if fault["type"] == "extra_forbidden":
        return "this field is not known here."
    if fault["type"] == "missing":
        return "this is needed."
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return f"{fault['msg'][0].lower()}{fault['msg'][1:]} (it says “{str(fault['input'])[:40]}”)."
