"""Forms of an approval that runs out, as typed."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from pabot.domain.errors import Invalid
from pabot.domain.expiry import NO_RENEWAL, LetRunOut, RecordUse, Renew
from pabot.domain.model import Category
from pabot.domain.steps_expiry import MOST_USED
from pabot.handlers.forms_codes import Diagnoses, OrderFields, SomeCodes
from pabot.handlers.forms_practice import plan_id
from pabot.handlers.parse import Day, Name, Person, Tick, Words, told
from pabot.handlers.step_form import About, StepForm


class Renewal(OrderFields):
    """The request that goes on where an approval ends."""

    payer: Annotated[int, told(plan_id)]
    coverage: Tick = False
    service: Name
    codes: SomeCodes = ()
    diagnoses: Diagnoses = ()
    clinician: Person
    ordered_on: Day
    requested_from: Day | None = None
    requested_to: Day | None = None
    note: Words = ""

    def command(self, number: int, category: Category) -> Renew:
        """Raises Invalid where nobody verified the coverage."""
        if not self.coverage:
            raise Invalid({"coverage": "Verify the coverage first: a renewal under an ended plan is denied."})
        return Renew(
            number=number,
            plan_id=self.payer,
            service=self.service,
            lines=self.codes,
            diagnoses=self.diagnoses or None,
            clinician_id=self.clinician,
            ordered_on=self.ordered_on,
            requested_from=self.requested_from,
            requested_to=self.requested_to,
            note=self.note,
            medication=self.medication() if category is Category.MEDICATION else None,
            therapy=self.therapy() if category is Category.THERAPY else None,
        )


class RecordUseForm(StepForm):
    makes = RecordUse
    gathers = ("used",)
    used: dict[int, Annotated[int, Field(ge=0, le=MOST_USED)]] = Field(default_factory=dict)

    def facts(self, about: About) -> dict[str, Any]:
        return {"used": tuple(sorted(self.used.items()))}


class LetRunOutForm(StepForm):
    makes = LetRunOut
    reason: Annotated[str, Field(pattern="|".join(NO_RENEWAL))]


RENEWAL_FORMS: Mapping[str, type[StepForm]] = {"record_use": RecordUseForm, "let_run_out": LetRunOutForm}
