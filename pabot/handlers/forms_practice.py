"""The forms that are no step on a request: a new one, a contact from a message, a person, the settings."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pabot.domain import commands as c
from pabot.domain.absences import GoAway, Split
from pabot.domain.access import Access, parse_access
from pabot.domain.cards import PayerFacts
from pabot.domain.codes import normal_number, npi_ok
from pabot.domain.errors import Invalid
from pabot.domain.hours import parse_clock, parse_closures, parse_minutes, parse_update_times, quiet_hours_text
from pabot.domain.model import Category, Channel, Role, Update
from pabot.domain.practice import Closure, PracticeSettings, SaveMember
from pabot.domain.roles import SETTINGS
from pabot.domain.rules import Directory
from pabot.domain.update_times import parse_updates
from pabot.handlers.forms_codes import Codes, Diagnoses, OrderFields
from pabot.handlers.parse import Day, FormModel, Initials, Label, Name, Person, Text, Tick, Words, told
from pabot.handlers.payload import LARGEST


def _number(text: str) -> int:
    number = normal_number(text)
    if number is None or not 0 < number <= LARGEST:
        raise Invalid({"number": "Type the number of a request, such as PA-1042."})
    return number


def plan_id(text: str) -> int:
    """A choice of the payer menu. Raises Invalid."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise Invalid({"payer": "Choose a payer and plan from the list."})
    return int(text)


def _npi(text: str) -> str:
    if text and not npi_ok(text):
        raise ValueError("That is no NPI: ten digits, the last of which checks the others.")
    return text


def _clock(text: str) -> str:
    return parse_clock(text, "digest_at").strftime("%H:%M")


class NewRequest(OrderFields):
    """A new request, as the order says."""

    chart_number: Name
    initials: Initials
    payer: Annotated[int, told(plan_id)]
    category: Category
    service: Name
    codes: Codes = ()
    diagnoses: Diagnoses
    clinician: Person
    urgency: Literal["standard", "expedited"]
    ordered_on: Day
    requested_from: Day | None = None
    requested_to: Day | None = None
    appointment_on: Day | None = None
    note: Words = ""
    first_name: Label = ""
    last_name: Label = ""
    born_on: Day | None = None
    member_id: Label = ""

    @model_validator(mode="before")
    @classmethod
    def codes_but_for_a_medication(cls, typed: Any) -> Any:
        """A medication may go by its name; whatever else is asked for has a code."""
        if typed.get("category") == Category.MEDICATION and not str(typed.get("codes", "")).strip():
            return {name: value for name, value in typed.items() if name != "codes"}
        return {"codes": "", **typed}

    def command(self, *, despite_duplicate: bool) -> c.OpenAuthorization:
        return c.OpenAuthorization(
            patient=c.Patient(
                self.chart_number, self.initials, self.first_name, self.last_name, self.born_on, self.member_id
            ),
            plan_id=self.payer,
            category=self.category,
            service=self.service,
            lines=self.codes,
            diagnoses=self.diagnoses,
            clinician_id=self.clinician,
            ordered_on=self.ordered_on,
            expedited=self.urgency == "expedited",
            requested_from=self.requested_from,
            requested_to=self.requested_to,
            appointment_on=self.appointment_on,
            note=self.note,
            medication=self.medication() if self.category is Category.MEDICATION else None,
            therapy=self.therapy() if self.category is Category.THERAPY else None,
            despite_duplicate=despite_duplicate,
        )


class Link(FormModel):
    """What a Slack message was about, noted as a contact."""

    number: Annotated[int, told(_number)]
    channel: Channel
    result: Text

    def command(self) -> c.LogContact:
        return c.LogContact(number=self.number, channel=self.channel, result=self.result)


class Staff(FormModel):
    """A person of the practice. `user` is asked only when adding."""

    user: Person | None = None
    name: Name
    roles: Annotated[list[Role], Field(min_length=1)]
    npi: Annotated[Label, AfterValidator(_npi)] = ""
    cover: Person | None = None
    away: Tick = False
    active: Tick = False

    def command(self, user_id: str) -> SaveMember:
        """`user_id`: whom the form was opened for; empty when adding."""
        who = user_id or self.user
        if not who:
            raise Invalid({"user": "Choose who it is."})
        return SaveMember(
            who, self.name, frozenset(self.roles), self.npi, self.cover, away=self.away, active=self.active
        )


class Away(FormModel):
    """From when until when somebody is away, and who covers."""

    starts_on: Day
    back_on: Day | None = None
    covers: Annotated[list[Person], Field(min_length=1)]
    split: Split = Split.PAYER

    def command(self, user_id: str) -> GoAway:
        return GoAway(user_id, self.starts_on, self.back_on, tuple(dict.fromkeys(self.covers)), self.split)


class Settings(FormModel):
    """The practice's settings; whether they make a calendar, `services.practice_days` knows."""

    timezone: Name
    office_hours: Name
    holidays: Name
    closures: Annotated[tuple[Closure, ...], told(parse_closures)] = ()
    team_channel: Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{1,30}$")] = ""
    digest_at: Annotated[str, told(_clock)]
    update_times: Annotated[tuple[str, ...], told(parse_update_times)] = ()
    quiet_hours: Annotated[str, told(quiet_hours_text)] = ""
    alone: list[Literal[tuple(SETTINGS)]] = Field(default_factory=list)  # type: ignore[valid-type]
    payer_owners: Words = ""
    clinician_owners: Words = ""
    letterhead: Annotated[Words, StringConstraints(max_length=500)] = ""
    access: Annotated[tuple[Access, ...], told(parse_access)] = ()
    contact_minutes: Annotated[tuple[tuple[Channel, int], ...], told(parse_minutes)] = ()
    patient_updates: Annotated[tuple[tuple[Update, str], ...], told(parse_updates)] = ()

    def command(self, staff: Directory, payers: Iterable[PayerFacts]) -> PracticeSettings:
        """Names become ids. Raises Invalid for a name that is not known."""
        people = {member.name.casefold(): member.user_id for member in staff.members.values() if member.active}
        by_name = {facts.payer.casefold(): facts.payer_id for facts in payers}
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "alone"}
        return PracticeSettings(
            **given
            | {name: name in self.alone for name in SETTINGS}
            | {
                "payer_owners": _pairs("payer_owners", self.payer_owners, by_name, people),
                "clinician_owners": _pairs("clinician_owners", self.clinician_owners, people, people),
            }
        )


def _pairs(field: str, text: str, left: Mapping[str, Any], right: Mapping[str, str]) -> tuple[tuple[Any, str], ...]:
    """`name > person`, one a line."""
    pairs = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, person = (part.strip().casefold() for part in line.partition(">"))
        if name not in left or person not in right:
            raise Invalid({field: f"“{line[:60]}”: write a known name, >, and a person of the staff list."})
        pairs.append((left[name], right[person]))
    return tuple(pairs)
