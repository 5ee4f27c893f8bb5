"""The forms around an appeal and a call with the payer's reviewer."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pabot.domain import commands_appeals as ca
from pabot.domain.appeals import PACKET
from pabot.handlers.parse import Day, Instant, Label, Person, Statement, Text, Tick, Words
from pabot.handlers.step_form import About, StepForm


def _known(keys: list[str]) -> list[str]:
    if not set(keys) <= set(PACKET):
        raise ValueError("Choose among what is offered.")
    return keys


Keys = Annotated[list[str], Field(default_factory=list), AfterValidator(_known)]


class Packet(StepForm):
    """What lies in the packet of an appeal."""

    packet: Keys
    attachments: Words = ""
    consent_by: Label = ""
    consent_on: Day | None = None

    def facts(self, about: About) -> dict[str, Any]:
        return dict(self) | {"packet": frozenset(self.packet)}


class PackAppeal(Packet):
    makes = ca.PackAppeal


class FileAppeal(Packet):
    makes = ca.FileAppeal
    filed_at: Instant
    signed_by: Person | Literal[""] = ""
    expedited: Tick = False
    reference: Label = ""
    decision_due_on: Day | None = None
    without: Words = ""


class WriteNecessity(StepForm):
    makes = ca.WriteNecessity
    text: Statement = ""
    where: Label = ""
    expedited: Tick = False

    def facts(self, about: About) -> dict[str, Any]:
        return dict(self) | {"denial_id": about.child or 0}


class EndAppeal(StepForm):
    reason: Text


class WithdrawAppeal(EndAppeal):
    makes = ca.WithdrawAppeal


class DismissAppeal(EndAppeal):
    makes = ca.DismissAppeal


class BookPeerToPeer(StepForm):
    """`slots_1`, `slots_2` … are gathered; an empty one is no slot."""

    makes = ca.BookPeerToPeer
    gathers = ("slots",)
    scheduled_for: Instant | None = None
    clinician: Person
    phone: Label = ""
    requested_at: Instant | None = None
    requested_with: Label = ""
    reference: Label = ""
    slots: dict[int, Instant] = Field(default_factory=dict)

    def facts(self, about: About) -> dict[str, Any]:
        facts = dict(self) | {"clinician_id": self.clinician, "slots": tuple(self.slots.values())}
        facts.pop("clinician")
        return facts


class RecordPeerToPeer(StepForm):
    makes = ca.RecordPeerToPeer
    outcome: ca.CallOutcome
    note: Words = ""
    director: Person | None = None


APPEAL_FORMS: Mapping[str, type[StepForm]] = {
    "pack_appeal": PackAppeal,
    "write_necessity": WriteNecessity,
    "file_appeal": FileAppeal,
    "withdraw_appeal": WithdrawAppeal,
    "dismiss_appeal": DismissAppeal,
    "book_peer_to_peer": BookPeerToPeer,
    "record_peer_to_peer": RecordPeerToPeer,
}
