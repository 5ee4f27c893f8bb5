"""What is typed into the forms about telling a patient, and may end the request."""

from typing import Any

from pabot.domain import commands as c
from pabot.domain.model import Reached, ToldBy, Update
from pabot.handlers.parse import Day, Instant, Person, Text, Tick, Words
from pabot.handlers.step_form import About, StepForm, WordedBoxes, ticked


class Closing(StepForm):
    """What may end a request: the checklist's closure steps that are done."""

    gathers = ("closure_steps",)
    note: Words = ""
    closure_steps: WordedBoxes

    def facts(self, about: About) -> dict[str, Any]:
        return dict(self) | {"closure_steps": ticked(self.closure_steps)}


class TellPatient(Closing):
    makes = c.TellPatient
    update: Update
    result: Reached
    how: ToldBy
    told_at: Instant
    told_by: Person
    next_on: Day | None = None
    and_close: Tick = False

    def facts(self, about: About) -> dict[str, Any]:
        typed = super().facts(about)
        return {"told_by_id": typed.pop("told_by"), **typed}


class WaiveUpdate(Closing):
    makes = c.WaiveUpdate
    reason: Text
    and_close: Tick = False


PATIENT_FORMS: dict[str, type[StepForm]] = {"tell_patient": TellPatient, "waive_update": WaiveUpdate}
