"""Codes and diagnoses as forms bring them, and the form that changes them before the payer has them."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from pabot.domain import commands as c
from pabot.domain.codes import DAYS, QUANTITY, VISITS, parse_diagnoses, parse_lines, parse_ndc
from pabot.domain.model import ServiceLine
from pabot.domain.orders import Medication, Therapy
from pabot.handlers.parse import FormModel, Label, Person, Words, told
from pabot.handlers.step_form import About, StepForm


def _one_text(chosen: Any) -> Any:
    """Several choices as they would be typed."""
    return ", ".join(map(str, chosen)) if isinstance(chosen, list) else chosen


def _lines(text: str) -> tuple[ServiceLine, ...]:
    """No code at all is for the rules to judge: a medication may go by its name."""
    return parse_lines(text) if text.strip() else ()


Days = Annotated[int, Field(ge=1, le=DAYS)]
SomeCodes = Annotated[tuple[ServiceLine, ...], told(_lines)]  # or none
Codes = Annotated[tuple[ServiceLine, ...], told(parse_lines)]
Diagnoses = Annotated[tuple[str, ...], told(parse_diagnoses), BeforeValidator(_one_text)]


class OrderFields(FormModel):
    """What is ordered besides codes. Of a category that asks none of it, nothing comes."""

    medication_name: Label = ""
    strength: Label = ""
    quantity: Annotated[int, Field(ge=1, le=QUANTITY)] | None = None
    days_supply: Days | None = None
    ndc: Annotated[str, told(parse_ndc)] = ""
    visits: Annotated[int, Field(ge=1, le=VISITS)] | None = None
    frequency: Label = ""
    period_days: Days | None = None

    def medication(self) -> Medication | None:
        """None when nothing is said of it."""
        made = Medication(self.medication_name, self.strength, self.quantity, self.days_supply, self.ndc)
        return made if made != Medication() else None

    def therapy(self) -> Therapy | None:
        """None when nothing is said of it."""
        made = Therapy(self.visits, self.frequency, self.period_days)
        return made if made != Therapy() else None


class ChangeCodes(OrderFields, StepForm):
    """No diagnoses: those on file stay. Whether a director is needed depends on who changes it."""

    makes = c.ChangeCodes
    codes: SomeCodes = ()
    diagnoses: Diagnoses = ()
    director: Person | None = None
    reason: Words = ""

    def facts(self, about: About) -> dict[str, Any]:
        return {
            "lines": self.codes,
            "diagnoses": self.diagnoses or None,
            "medication": self.medication(),
            "therapy": self.therapy(),
            "director": self.director,
            "reason": self.reason,
        }
