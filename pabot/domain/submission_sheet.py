"""The submission sheet: the administrative facts of a request in the order of a payer's form, gaps marked.

Nothing is composed or judged here. A row is a recorded fact, or says that it is not recorded and whom to ask.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from pabot.domain import roles
from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import AuthorizationState, Member, ServiceLine, Urgency
from pabot.domain.requirements import CATEGORY_LABELS, CHANNEL_LABELS, LINE_OF_BUSINESS_LABELS
from pabot.domain.roles import Action
from pabot.domain.rules import Directory
from pabot.domain.statuses import OPEN, Status

SEE_THE_CHART, NONE_RECORDED = "see the chart", "none recorded"
# While something may still be sent to the payer: the first time, again, or as an appeal.
PREPARED_IN = OPEN - {Status.APPROVED, Status.PATIENT_NOTIFIED}
UNCHECKED = frozenset({Status.NEW, Status.REQ_CHECK})  # nobody has asked yet which documents the payer wants
URGENCIES = {Urgency.STANDARD: "Standard", Urgency.EXPEDITED: "Expedited"}
FRONT_DESK, PAYER, MANAGER = "the front desk", "the payer", "a manager"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the patient is, as `views.patients.identity` let it pass. What was never recorded is empty."""

    last_name: str
    first_name: str
    born_on: date | None
    member_id: str
    chart_number: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact. `gap`: it is not recorded, and `value` says whom to ask."""

    label: str
    value: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    sections: tuple[Section, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The labels of what is not recorded, in the order of the form."""
        return tuple(row.label for section in self.sections for row in section.rows if row.gap)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Where the rows are read from. No `identity`: its rows point to the chart."""

    card: AuthorizationCard
    staff: Directory
    zone: ZoneInfo
    identity: Identity | None

    @property
    def state(self) -> AuthorizationState:
        return self.card.state

    @property
    def clinician(self) -> Member | None:
        return self.staff.get(self.state.clinician_id)

    @property
    def clinician_name(self) -> str:
        return self.clinician.name if self.clinician else "the ordering clinician"


def may_prepare(actor: Member, state: AuthorizationState, policy: roles.Policy) -> bool:
    """Whether this person is offered the sheet now: whoever may record a submission, while one may still come."""
    return state.status in PREPARED_IN and roles.may(actor, Action.SUBMIT, state, policy) is None


def submission_sheet(card: AuthorizationCard, staff: Directory, zone: ZoneInfo, identity: Identity | None) -> Sheet:
    """The sheet of a request as it is recorded now. `zone`: the practice's, whose calendar the order's date is in."""
    facts = _Facts(card, staff, zone, identity)
    return Sheet(tuple(Section(title, tuple(rows(facts))) for title, rows in SECTIONS))


def _coverage(facts: _Facts) -> Iterator[Row]:
    payer = facts.card.payer
    yield _row("Payer", payer.payer, FRONT_DESK)
    yield _row("Plan", payer.plan, FRONT_DESK)
    yield Row("Line of business", LINE_OF_BUSINESS_LABELS[payer.line_of_business])
    who = facts.identity
    if who is None:
        yield from (Row(label, SEE_THE_CHART) for label in IDENTITY_LABELS)
        return
    values = (who.member_id, who.last_name, who.first_name, _day(who.born_on), who.chart_number)
    yield from (_row(label, value, FRONT_DESK) for label, value in zip(IDENTITY_LABELS, values, strict=True))


def _ordering(facts: _Facts) -> Iterator[Row]:
    clinician = facts.clinician
    yield _row("Clinician", clinician.name if clinician else "", MANAGER)
    yield _row("NPI", (clinician.npi or "") if clinician else "", facts.clinician_name)


def _rendering(facts: _Facts) -> Iterator[Row]:
    """What the checklist does not ask for is no gap: most requests do without."""
    for label in ("Rendering provider", "Facility", "Place of service"):
        field = label.lower().replace(" ", "_")
        value = getattr(facts.state, field)
        asked = field in facts.state.asks.split()
        yield _row(label, value, facts.clinician_name) if value or asked else Row(label, NONE_RECORDED)


def _service(facts: _Facts) -> Iterator[Row]:
    yield Row("Category", CATEGORY_LABELS[facts.state.category])
    yield _row("Service", facts.card.service, facts.clinician_name)
    if not facts.state.lines and not facts.state.medication:
        yield _row("Code", "", facts.clinician_name)
    yield from (Row(f"Code {line.seq}", _code(line)) for line in facts.state.lines)
    yield from _medication(facts)
    yield from _therapy(facts)


def _medication(facts: _Facts) -> Iterator[Row]:
    """Not every payer asks for the NDC: none is no gap."""
    if medication := facts.state.medication:
        yield _row("Medication", medication.name, facts.clinician_name)
        yield _row("Strength", medication.strength, facts.clinician_name)
        yield _row("Quantity", _count(medication.quantity), facts.clinician_name)
        yield _row("Days' supply", _count(medication.days_supply), facts.clinician_name)
        yield Row("NDC", medication.ndc or NONE_RECORDED)


def _therapy(facts: _Facts) -> Iterator[Row]:
    if therapy := facts.state.therapy:
        yield _row("Visits", _count(therapy.visits), facts.clinician_name)
        yield _row("Frequency", therapy.frequency, facts.clinician_name)
        yield _row("Period", _count(therapy.period_days, "day"), facts.clinician_name)


def _diagnoses(facts: _Facts) -> Iterator[Row]:
    """Loaded with identity, and shown where it is."""
    if facts.identity is None:
        yield Row("Diagnosis codes", SEE_THE_CHART)
    else:
        yield _row("Diagnosis codes", ", ".join(facts.card.diagnoses), facts.clinician_name)


def _dates(facts: _Facts) -> Iterator[Row]:
    state = facts.state
    yield Row("Ordered on", _day(state.ordered_at.astimezone(facts.zone).date()))
    yield _row("Requested from", _day(state.requested_from), facts.clinician_name)
    yield _row("Requested to", _day(state.requested_to), facts.clinician_name)
    yield Row("Appointment", _day(state.appointment_on) or NONE_RECORDED)  # not every service has one


def _urgency(facts: _Facts) -> Iterator[Row]:
    state = facts.state
    proposed = "; expedited is proposed" if state.urgency_proposed and not state.is_expedited else ""
    yield Row("Urgency", URGENCIES[state.urgency] + proposed)
    if state.is_expedited or state.urgency_proposed or state.attested_by:
        attested = facts.card.name(state.attested_by) if state.attested_by else ""
        yield _row("Attested by", attested, facts.clinician_name)


def _numbers(facts: _Facts) -> Iterator[Row]:
    state = facts.state
    if state.submitted_at or state.tracking_number:
        yield _row("Tracking number", state.tracking_number, PAYER)
    else:
        yield Row("Tracking number", "none before submission")
    yield Row("Authorization number", state.authorization_number or state.no_number_reason or "none yet")
    if state.denial:
        yield _row("Denial reference", state.denial.reference, PAYER)


def _documents(facts: _Facts) -> Iterator[Row]:
    """How it is to be sent, as the checklist says; then what is not in yet."""
    state = facts.state
    body = facts.card.checklist.body if facts.card.checklist else None
    yield Row("Channel", CHANNEL_LABELS[body.channel] if body and body.channel else NONE_RECORDED)
    yield Row("Form", (body.form if body else "") or NONE_RECORDED)
    missing = "; ".join(filter(None, (state.documents_missing, *(document.label for document in state.wanting))))
    unknown = not missing and not state.documents and state.status in UNCHECKED
    yield _row("Missing documents", "" if unknown else missing or "none", PAYER)


def _contact(facts: _Facts) -> Iterator[Row]:
    owner = facts.state.owner_id
    yield _row("Owner", facts.card.name(owner) if owner else "", MANAGER)


IDENTITY_LABELS = ("Member ID", "Last name", "First name", "Birth date", "Chart number")
# The order of payers' forms.
SECTIONS: tuple[tuple[str, Callable[[_Facts], Iterator[Row]]], ...] = (
    ("Patient and coverage", _coverage),
    ("Ordering clinician", _ordering),
    ("Rendering provider and facility", _rendering),
    ("Service", _service),
    ("Diagnoses", _diagnoses),
    ("Dates", _dates),
    ("Urgency", _urgency),
    ("Numbers", _numbers),
    ("Channel and documents", _documents),
    ("Contact at the practice", _contact),
)


def _row(label: str, value: str, ask: str) -> Row:
    """A recorded fact, or a gap that says whom to ask."""
    return Row(label, value) if value.strip() else Row(label, f"not recorded – ask {ask}", gap=True)


def _day(on: date | None) -> str:
    """As portals want it typed; empty for none."""
    return f"{on:%m/%d/%Y}" if on else ""


def _count(count: int | None, of: str = "") -> str:
    """A number with its unit; empty for none."""
    return "" if count is None else f"{count} {of}{'' if count == 1 else 's'}" if of else str(count)


def _code(line: ServiceLine) -> str:
    count = len(line.modifiers.split())
    modifiers = f"{'modifier' if count == 1 else 'modifiers'} {line.modifiers}" if count else "no modifiers"
    return f"{line.code}, {modifiers}, {line.units} {'unit' if line.units == 1 else 'units'}"
