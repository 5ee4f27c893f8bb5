"""The forms of the packet."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.domain.places import PLACES
from pabot.handlers.parse import Day, Label, Person, Text, Words
from pabot.handlers.step_form import About, Boxes, StepForm, ticked

Days = Annotated[dict[int, Day], Field(default_factory=dict)]


class MarkReady(StepForm):
    makes = c.MarkReady


class RecordDocuments(StepForm):
    makes = c.RecordDocuments
    gathers = ("received", "not_applicable", "date")
    received: Boxes
    not_applicable: Boxes
    date: Days
    location: Words = ""
    missing: Words = ""
    rendering_provider: Label | None = None
    facility: Label | None = None
    place_of_service: Literal[tuple(PLACES)] | None = None  # type: ignore[valid-type]

    def facts(self, about: About) -> dict[str, Any]:
        facts = dict(self)
        return {
            **{
                name: facts[name]
                for name in ("location", "missing", "rendering_provider", "facility", "place_of_service")
            },
            "received": ticked(self.received),
            "not_applicable": ticked(self.not_applicable),
            "dates": tuple(sorted(self.date.items())),
        }


class OfItems(StepForm):
    """A form that names some of the documents."""

    gathers = ("items",)
    items: Boxes

    def facts(self, about: About) -> dict[str, Any]:
        chosen = ticked(self.items)
        if not chosen:
            raise Invalid({"items_1": "Tick at least one."})
        return {**dict(self), "items": chosen}


class RequestDocuments(OfItems):
    makes = c.RequestDocuments
    of: Person | None = None
    note: Words = ""


class ProvideDocuments(OfItems):
    makes = c.ProvideDocuments
    location: Text
    dated_on: Day | None = None


class CannotProvide(OfItems):
    makes = c.CannotProvide
    reason: Text


class AskAboutDocuments(StepForm):
    makes = c.AskAboutDocuments
    question: Text


class GoWithout(OfItems):
    makes = c.GoWithout
    reason: Text


class GoWithoutClinical(OfItems):
    makes = c.GoWithoutClinical
    reason: Text


class TakeVersion(StepForm):
    """Which version, the form was drawn for."""

    makes = c.TakeVersion

    def facts(self, about: About) -> dict[str, Any]:
        return {"version_id": about.child or 0}


DOCUMENT_FORMS: Mapping[str, type[StepForm]] = {
    "record_documents": RecordDocuments,
    "mark_ready": MarkReady,
    "request_documents": RequestDocuments,
    "provide_documents": ProvideDocuments,
    "cannot_provide": CannotProvide,
    "ask_about_documents": AskAboutDocuments,
    "take_version": TakeVersion,
    "go_without": GoWithout,
    "go_without_clinical": GoWithoutClinical,
}
