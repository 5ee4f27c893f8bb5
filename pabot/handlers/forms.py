"""The forms of steps on one request: what was typed, checked, and turned into the command of the domain.

Field names are the forms' block ids. Most forms are their command, field by field; the others say how they differ.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from pabot.domain import commands as c
from pabot.domain.contacts import MOST_MINUTES, Found
from pabot.domain.errors import Invalid
from pabot.domain.model import Channel, Decision
from pabot.domain.requirements import DENIAL_REASONS, WITHDRAWAL_REASONS
from pabot.domain.statuses import Status
from pabot.domain.steps_alarms import REASONS
from pabot.handlers.forms_appeals import APPEAL_FORMS
from pabot.handlers.forms_clocks import CLOCK_FORMS
from pabot.handlers.forms_codes import ChangeCodes
from pabot.handlers.forms_documents import DOCUMENT_FORMS
from pabot.handlers.forms_patient import PATIENT_FORMS, Closing
from pabot.handlers.forms_renewals import RENEWAL_FORMS
from pabot.handlers.forms_review import REVIEW_FORMS
from pabot.handlers.parse import Day, FormModel, Instant, Label, Person, Statement, Text, Tick, Words, YesNo
from pabot.handlers.step_form import About, Boxes, StepForm, ticked

Units = Annotated[int, Field(ge=0, le=9999)]


class Assign(StepForm):
    makes = c.Assign
    owner: Person
    note: Words = ""

    def facts(self, about: About) -> dict[str, Any]:
        return {"owner_id": self.owner, "note": self.note}


class CheckRequirement(StepForm):
    makes = c.CheckRequirement
    required: YesNo
    missing: Words = ""
    proof: Words = ""


class Approval(FormModel):
    """Number and dates, as an approval names them."""

    authorization_number: Label = ""
    no_number_reason: Words = ""
    effective_on: Day | None = None
    expires_on: Day | None = None
    dates_not_stated: Tick = False

    def of_approval(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in Approval.model_fields}
        return given | {"effective_on": None, "expires_on": None} if self.dates_not_stated else given


class Submit(StepForm, Approval):
    """Sent, and perhaps answered at once."""

    makes = c.Submit
    channel: Channel
    submitted_at: Instant
    tracking_number: Label = ""
    expected_on: Day | None = None
    answer: Literal["waiting", "approved", "denied"]

    def facts(self, about: About) -> dict[str, Any]:
        if self.answer != "approved" and self.authorization_number:
            raise Invalid({"answer": "You typed an authorization number. Choose “Approved at once”, or clear it."})
        return {
            "channel": self.channel,
            "submitted_at": self.submitted_at,
            "tracking_number": self.tracking_number,
            "expected_on": _payers_own(self.expected_on, about),
            "approval": self._approval(about) if self.answer == "approved" else None,
        }

    def _approval(self, about: About) -> c.RecordApproval:
        return c.RecordApproval(number=about.number, decided_at=self.submitted_at, **self.of_approval())


class Acknowledge(StepForm):
    makes = c.Acknowledge
    tracking_number: Label = ""
    proof: Words = ""
    expected_on: Day | None = None

    def facts(self, about: About) -> dict[str, Any]:
        return dict(self) | {"expected_on": _payers_own(self.expected_on, about)}


class ReturnUnprocessed(StepForm):
    makes = c.ReturnUnprocessed
    reason: Text


class SendAgain(StepForm):
    makes = c.SendAgain
    reason: Text
    channel: Channel
    submitted_at: Instant
    tracking_number: Label = ""


class LogContact(StepForm):
    makes = c.LogContact
    channel: Channel
    found: Found
    result: Words = ""
    told_next: Words = ""
    spoke_with: Label = ""
    reference: Label = ""
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None
    next_check_on: Day | None = None
    expected_on: Day | None = None


class RecordInformationRequest(StepForm):
    makes = c.RecordInformationRequest
    asked: Text
    clinical: YesNo
    received_at: Instant
    due_on: Day | None = None
    on_checklist: YesNo | None = None


class AnswerInformation(StepForm):
    makes = c.AnswerInformation
    answer: Text
    channel: Channel


class RecordApproval(StepForm, Approval):
    """Whole, or line by line: `units_1`, `units_2` … are gathered into one mapping."""

    makes = c.RecordApproval
    gathers = ("units",)
    decided_at: Instant
    approved: Literal["whole", "lines", "rest"]
    cut_reason: Literal[tuple(DENIAL_REASONS)] = "other"  # type: ignore[valid-type]
    cut_reason_text: Words = ""
    units: dict[int, Units] = Field(default_factory=dict)

    def facts(self, about: About) -> dict[str, Any]:
        approved = tuple(sorted(self.units.items())) if self.approved == "lines" else None
        cut = {"cut_reason": self.cut_reason, "cut_reason_text": self.cut_reason_text}
        rest = self.approved == "rest"
        return {"decided_at": self.decided_at, "approved": approved, "rest": rest, **cut, **self.of_approval()}


class RecordDenial(StepForm):
    """Which lines: `lines_1`, `lines_2` … are groups of boxes; a request of one line asks for none."""

    makes = c.RecordDenial
    gathers = ("lines",)
    reason: Literal[tuple(DENIAL_REASONS)]  # type: ignore[valid-type]
    notice_on: Day
    received_at: Instant
    reason_text: Words = ""
    reference: Label = ""
    appeal_by: Day | None = None
    p2p_by: Day | None = None
    lines: Boxes
    on_checklist: YesNo | None = None

    def facts(self, about: About) -> dict[str, Any]:
        return dict(self) | {"lines": tuple(sorted(ticked(self.lines)))}


class DecideDenial(StepForm):
    """Which decision, and about which denial, the pressed button said."""

    makes = c.DecideDenial
    reason: Text
    words: Words = ""
    chart_number: Label = ""
    expedited: Tick = False
    necessity: Statement = ""

    def facts(self, about: About) -> dict[str, Any]:
        return {"denial_id": about.thing, "decision": _decision(about), **dict(self)}


class AskForMore(StepForm):
    makes = c.AskForMore
    need: Text


class AttestUrgency(StepForm):
    makes = c.AttestUrgency
    expedited: YesNo
    basis: Words = ""


class Hold(StepForm):
    makes = c.Hold
    reason: Literal[tuple(REASONS)]  # type: ignore[valid-type]
    until_on: Day | None = None


class Withdraw(StepForm):
    makes = c.Withdraw
    reason: Literal[tuple(WITHDRAWAL_REASONS)]  # type: ignore[valid-type]
    note: Words = ""
    payer_told: Tick = False


class Close(Closing):
    makes = c.Close


class Reopen(StepForm):
    makes = c.Reopen
    reason: Text
    to: Literal[Status.REQ_CHECK, Status.PENDING]


class CorrectEntry(FormModel):
    """What was wrong; which save it was, the button said."""

    reason: Text


STEP_FORMS: Mapping[str, type[StepForm]] = {
    "assign": Assign,
    "check_requirement": CheckRequirement,
    "change_codes": ChangeCodes,
    **CLOCK_FORMS,
    **DOCUMENT_FORMS,
    "submit": Submit,
    "acknowledge": Acknowledge,
    "return_unprocessed": ReturnUnprocessed,
    "send_again": SendAgain,
    "log_contact": LogContact,
    "record_information_request": RecordInformationRequest,
    "answer_information": AnswerInformation,
    "record_approval": RecordApproval,
    "record_denial": RecordDenial,
    "decide_denial": DecideDenial,
    "ask_for_more": AskForMore,
    "attest_urgency": AttestUrgency,
    "hold": Hold,
    "withdraw": Withdraw,
    "close": Close,
    "reopen": Reopen,
    **PATIENT_FORMS,
    **RENEWAL_FORMS,
    **APPEAL_FORMS,
    **REVIEW_FORMS,
}


def _payers_own(expected_on: date | None, about: About) -> date | None:
    """The date that the payer named; None when the computed one was left as it stood."""
    return None if expected_on is None or expected_on.isoformat() == about.what else expected_on


def _decision(about: About) -> Decision:
    try:
        return Decision(about.what)
    except ValueError:
        raise Invalid({"decision": "Choose what to do about the denial: open the request again."}) from None
