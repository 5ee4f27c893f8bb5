"""What is typed into the forms about a request's dates."""

from typing import Annotated, Any, Literal

from pabot.domain import commands_clocks as c
from pabot.domain import holds
from pabot.domain.model import Urgency
from pabot.handlers.forms_practice import plan_id
from pabot.handlers.parse import Day, Instant, Tick, Words, told
from pabot.handlers.step_form import About, StepForm


class ChangeDetails(StepForm):
    """What is not asked for, or left empty, stays as it is."""

    makes = c.ChangeDetails
    payer: Annotated[int, told(plan_id)]
    acknowledged_at: Instant | None = None
    appointment_on: Day | None = None
    no_appointment: Tick = False
    urgency: Urgency
    reason: Words = ""

    def facts(self, about: About) -> dict[str, Any]:
        typed = dict(self)
        return {"plan_id": typed.pop("payer"), **typed}


class HoldUntil(StepForm):
    makes = c.HoldUntil
    reason: Literal[tuple(holds.REASONS)]  # type: ignore[valid-type]
    until_on: Day
    note: Words = ""


CLOCK_FORMS: dict[str, type[StepForm]] = {"change_details": ChangeDetails, "hold_until": HoldUntil}
