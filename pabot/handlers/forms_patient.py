"""What is typed into the forms about telling a patient, which may end the request, and about their calls."""

from typing import Any

from pabot.domain import commands as c
from pabot.domain.commands_patient import AnswerCall, HandOverCall, RecordPatientCall
from pabot.domain.happenings import Asked, Caller
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


class PatientCalled(StepForm):
    makes = RecordPatientCall
    at: Instant
    caller: Caller
    asked: Asked
    said: Words = ""
    read_out: Tick = False
    taken_by: Person

    def facts(self, about: About) -> dict[str, Any]:
        typed = dict(self)
        return {"taken_by_id": typed.pop("taken_by"), **typed}


class AnswerACall(StepForm):
    """Which call, the pressed button said; from the card it is the one that has waited longest."""

    makes = AnswerCall
    answer: Text

    def facts(self, about: About) -> dict[str, Any]:
        return {"answer": self.answer, "call": about.child}


class HandOverACall(StepForm):
    makes = HandOverCall
    to: Person
    note: Words = ""

    def facts(self, about: About) -> dict[str, Any]:
        return {"to": self.to, "note": self.note, "call": about.child}


PATIENT_FORMS: dict[str, type[StepForm]] = {
    "tell_patient": TellPatient,
    "waive_update": WaiveUpdate,
    "patient_called": PatientCalled,
    "answer_call": AnswerACall,
    "hand_over_call": HandOverACall,
}
