"""Codes and diagnoses as forms bring them, and the form that changes them before the payer has them."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from pabot.domain import commands as c
from pabot.domain.codes import parse_diagnoses, parse_lines
from pabot.domain.model import ServiceLine
from pabot.handlers.parse import Person, Words, told
from pabot.handlers.step_form import About, StepForm


def _one_text(chosen: Any) -> Any:
    """Several choices as they would be typed."""
    return ", ".join(map(str, chosen)) if isinstance(chosen, list) else chosen


def _lines(text: str) -> tuple[ServiceLine, ...]:
    """No code at all is for the rules to judge: a medication may go by its name."""
    return parse_lines(text) if text.strip() else ()


Codes = Annotated[tuple[ServiceLine, ...], told(parse_lines)]
Diagnoses = Annotated[tuple[str, ...], told(parse_diagnoses), BeforeValidator(_one_text)]


class ChangeCodes(StepForm):
    """No diagnoses: those on file stay. Whether a director is needed depends on who changes it."""

    makes = c.ChangeCodes
    codes: Annotated[tuple[ServiceLine, ...], told(_lines)] = ()
    diagnoses: Diagnoses = ()
    director: Person | None = None
    reason: Words = ""

    def facts(self, about: About) -> dict[str, Any]:
        given = {"director": self.director, "reason": self.reason}
        return {"lines": self.codes, "diagnoses": self.diagnoses or None, **given}
