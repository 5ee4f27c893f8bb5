"""Frozen values that the rules read and answer with. No rule ever sees a database row."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pabot.domain.documents import Document, wanting
from pabot.domain.happenings import LETTER as LETTER
from pabot.domain.happenings import Appeal as Appeal
from pabot.domain.happenings import Attempt as Attempt
from pabot.domain.happenings import Decision as Decision
from pabot.domain.happenings import Denial as Denial
from pabot.domain.happenings import DenialClass as DenialClass
from pabot.domain.happenings import InformationRequest as InformationRequest
from pabot.domain.happenings import PatientCall as PatientCall
from pabot.domain.happenings import PatientNews as PatientNews
from pabot.domain.happenings import PatientUpdate as PatientUpdate
from pabot.domain.happenings import PeerToPeer as PeerToPeer
from pabot.domain.happenings import Question as Question
from pabot.domain.happenings import Reached as Reached
from pabot.domain.happenings import ToldBy as ToldBy
from pabot.domain.happenings import Update as Update
from pabot.domain.orders import Medication, Therapy
from pabot.domain.statuses import Outcome, PendingKind, Status


class Role(StrEnum):
    """Roles add up; a manager without a licence is no clinician."""

    COORDINATOR = "coordinator"
    BILLER = "biller"
    CLINICIAN = "clinician"
    MANAGER = "manager"
    VIEWER = "viewer"


class Urgency(StrEnum):
    STANDARD = "standard"
    EXPEDITED = "expedited"


class Category(StrEnum):
    SERVICE = "service"
    PROCEDURE = "procedure"
    IMAGING = "imaging"
    MEDICATION = "medication"
    THERAPY = "therapy"


class Channel(StrEnum):
    """How the practice talked to the payer, or the payer to the practice."""

    PORTAL = "portal"
    FAX = "fax"
    PHONE = "phone"
    EPA = "epa"
    MAIL = "mail"


class LineOfBusiness(StrEnum):
    MEDICARE_FFS = "medicare_ffs"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    PART_D = "part_d"
    MEDICAID_FFS = "medicaid_ffs"
    MEDICAID_MCO = "medicaid_mco"
    CHIP = "chip"
    QHP = "qhp"
    COMMERCIAL_INSURED = "commercial_insured"
    ERISA_SELF_FUNDED = "erisa_self_funded"
    TRICARE_VA = "tricare_va"
    WORKERS_COMP = "workers_comp"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the staff list, known by their Slack id."""

    user_id: str
    name: str
    roles: frozenset[Role]
    npi: str | None = None
    cover_id: str | None = None
    away: bool = False
    active: bool = True

    def is_(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One code of the request, with the payer's decision on it."""

    seq: int
    code: str
    modifiers: str = ""  # up to four, joined by a space
    units: int = 1
    approved: bool | None = None
    units_approved: int | None = None
    units_used: int = 0  # of those approved, as far as the practice has recorded


@dataclass(frozen=True, slots=True)
class AuthorizationState:
    """A request and the children that guards look at: the latest denial, question, appeal and so on.

    Instants are aware and in UTC; `*_on` and `*_by` are calendar dates of the practice.
    People are Slack user ids.
    """

    number: int
    version: int
    status: Status
    status_since: datetime
    created_at: datetime
    ordered_at: datetime
    opened_by: str
    clinician_id: str
    owner_id: str | None
    payer_id: int
    line_of_business: LineOfBusiness
    category: Category
    urgency: Urgency
    lines: tuple[ServiceLine, ...]  # none for a medication that is asked for by its name
    urgency_proposed: bool = False
    urgency_proposed_at: datetime | None = None  # where it was proposed later than at the opening
    urgency_asked_of: str | None = None  # where its attestation was handed over; else the ordering clinician
    urgency_asked_at: datetime | None = None
    attested_by: str | None = None
    outcome: Outcome | None = None
    return_status: Status | None = None
    pending_kind: PendingKind | None = None
    documents_missing: str = ""
    submitted_at: datetime | None = None
    submitted_by_channel: Channel | None = None
    acknowledged_at: datetime | None = None
    tracking_number: str = ""
    expected_on: date | None = None
    expected_source: str = ""
    next_check_on: date | None = None
    decided_at: datetime | None = None
    authorization_number: str = ""
    no_number_reason: str = ""
    effective_on: date | None = None
    expires_on: date | None = None
    requested_from: date | None = None
    requested_to: date | None = None
    appointment_on: date | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    close_reason: str = ""
    not_required_proof: str = ""
    rounds: int = 1
    plan_id: int = 0
    checklist_version_id: int | None = None
    rendering_provider: str = ""
    facility: str = ""
    place_of_service: str = ""
    held_until: datetime | None = None  # somebody is on it, or waits for something: the managers are not told sooner
    held_by: str | None = None
    held_for: str = ""  # a key of `steps_alarms.REASONS`
    renews: int | None = None  # the request whose approval this one continues
    no_renewal: str = ""  # why the approval may run out: a key of `expiry.NO_RENEWAL`
    on_hold_until: date | None = None  # nothing is to be done before: the practice's own clocks pause until that day
    on_hold_since: datetime | None = None
    on_hold_for: str = ""  # a key of `holds.REASONS`
    days_on_hold: int = 0  # business days, of the holds that are over
    resumed_at: datetime | None = None  # the end of the latest hold
    asks: str = ""  # which of these three the checklist asks for, joined by a space
    medication: Medication | None = None
    therapy: Therapy | None = None
    diagnoses: tuple[str, ...] | None = None  # known only to a change of codes; None: as the record has them
    documents: tuple[Document, ...] = ()
    denial: Denial | None = None
    information_request: InformationRequest | None = None
    appeal: Appeal | None = None
    peer_to_peer: PeerToPeer | None = None
    question: Question | None = None
    patient_update: PatientUpdate | None = None  # of the latest decision
    patient_news: PatientNews | None = None
    attempt: Attempt | None = None
    calls: tuple[PatientCall, ...] = ()
    answer_since: datetime | None = None  # a clinician has answered, and the patient has not heard it
    urgent_answer_since: datetime | None = None  # the same of an urgent worry
    worry_since: datetime | None = None  # a question about a patient's urgent worry ended without an answer

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED

    @property
    def stage(self) -> Status:
        """The status apart from a clinician's review: where the request stands, and returns to when it is over."""
        in_review = self.status is Status.CLINICAL_REVIEW
        return self.return_status if in_review and self.return_status else self.status

    @property
    def is_expedited(self) -> bool:
        return self.urgency is Urgency.EXPEDITED

    @property
    def wanting(self) -> tuple[Document, ...]:
        """The required documents that keep the packet from being complete."""
        return wanting(self.documents)

    @property
    def facts_wanting(self) -> tuple[str, ...]:
        """What the payer wants to know and nobody has filled in, in words."""
        return tuple(name.replace("_", " ") for name in self.asks.split() if not getattr(self, name))

    @property
    def is_complete(self) -> bool:
        """Whether the packet holds everything that was asked for."""
        return not (self.wanting or self.facts_wanting or self.documents_missing)

    @property
    def open_information_request(self) -> InformationRequest | None:
        request = self.information_request
        return request if request and request.answered_at is None else None

    @property
    def open_appeal(self) -> Appeal | None:
        return self.appeal if self.appeal and self.appeal.outcome is None else None

    @property
    def open_peer_to_peer(self) -> PeerToPeer | None:
        return self.peer_to_peer if self.peer_to_peer and self.peer_to_peer.outcome is None else None

    @property
    def open_question(self) -> Question | None:
        return self.question if self.question and self.question.over_at is None else None

    @property
    def open_calls(self) -> tuple[PatientCall, ...]:
        """Those that wait for a clinician, the oldest first; of a closed request as well."""
        return tuple(sorted((call for call in self.calls if call.is_open), key=lambda call: call.at))

    @property
    def untold_since(self) -> datetime | None:
        """Since when an answer of a clinician waits to be passed on to the patient; of a closed request as well."""
        return min((at for at in (self.answer_since, self.urgent_answer_since) if at), default=None)

    @property
    def patient_waits(self) -> bool:
        """Whether the patient waits to hear from the owner: a clinician's answer, or that there is none."""
        return self.untold_since is not None or self.worry_since is not None

    @property
    def undecided_denial(self) -> Denial | None:
        """A request that ended, by withdrawal say, or that the payer approved after all, waits for no decision."""
        waits = self.denial is not None and self.denial.decision is None and self.is_open
        return self.denial if waits and self.outcome is not Outcome.APPROVED else None

    @property
    def denial_to_answer(self) -> Denial | None:
        """The denial that still wants something: undecided, or to be contested by what nobody has filed or booked."""
        denial = self.denial
        contests = denial is not None and denial.decision in (Decision.APPEAL, Decision.P2P)
        if contests and self.is_contestable and not self.decision_is_carried_out:
            return denial
        return self.undecided_denial

    @property
    def undecided_lines(self) -> tuple[ServiceLine, ...]:
        """The lines that a denial's letters do not name, and that were not decided either."""
        if self.denial is None or self.outcome is not Outcome.DENIED:
            return ()
        named = self.denial.lines.split()
        return tuple(line for line in self.lines if named and str(line.seq) not in named and line.approved is None)

    @property
    def awaited_lines(self) -> tuple[ServiceLine, ...]:
        """The lines that the payer has yet to decide beside a denial; what is sent again it decides as a whole."""
        resent = self.denial is not None and self.denial.decision is Decision.RESUBMIT
        return () if resent else self.undecided_lines

    @property
    def some_denied(self) -> bool:
        """Whether only some of it was denied, and the rest is not decided."""
        return bool(self.undecided_lines)

    @property
    def in_part(self) -> bool:
        """Whether the payer's latest decision is no and yes, or no and not yet."""
        return self.outcome is Outcome.PARTIAL or self.some_denied

    @property
    def chosen(self) -> Decision | None:
        """What was decided about a denial that stands, in whole or in part."""
        return self.denial.decision if self.denial and self.is_contestable else None

    @property
    def stands_at(self) -> Status:
        """Where a request with a denial stands apart from its review: with the payer while that decides any of it."""
        if self.awaited_lines or self.open_appeal or self.open_peer_to_peer:
            return Status.ADDL_INFO if self.open_information_request else Status.PENDING
        return Status.APPROVED if self.outcome is Outcome.PARTIAL else Status.DENIED

    @property
    def is_granted(self) -> bool:
        """Whether the payer approved it, or a part of it."""
        return self.outcome in (Outcome.APPROVED, Outcome.PARTIAL)

    @property
    def is_contestable(self) -> bool:
        """Whether the payer's latest decision is one that an appeal or a call could change."""
        return self.outcome in (Outcome.DENIED, Outcome.PARTIAL)

    @property
    def appeal_is_filed(self) -> bool:
        """Whether the payer has the appeal of the latest denial."""
        denial, appeal = self.denial, self.appeal
        if denial is None or appeal is None:
            return False
        return appeal.level == denial.level and appeal.filed_at >= denial.received_at and not appeal.is_void

    @property
    def call_was_won(self) -> bool:
        """Whether the payer's reviewer gave in, and its approval is awaited."""
        denial, call = self.denial, self.peer_to_peer
        if denial is None or call is None or call.outcome != "overturned" or call.outcome_at is None:
            return False
        return denial.decided_at is not None and call.outcome_at >= denial.decided_at

    @property
    def decision_is_carried_out(self) -> bool:
        """Whether what was decided about the latest denial is done: filed, booked, sent again, or told."""
        denial = self.denial
        if denial is None or denial.decision is None or denial.decided_at is None:
            return False
        sent_at = self.submitted_at
        done = {
            Decision.APPEAL: self.appeal_is_filed,
            Decision.P2P: self.open_peer_to_peer is not None or self.call_was_won or not self.is_contestable,
            Decision.RESUBMIT: sent_at is not None and sent_at >= denial.decided_at,
            Decision.ACCEPT: self.patient_knows,
        }
        return done[denial.decision] or not self.is_open

    @property
    def patient_heard_at(self) -> datetime | None:
        """When the patient was last told anything; a telling that was waived counts."""
        told = (update.told_at for update in (self.patient_update, self.patient_news) if update)
        return max(told, default=None)

    @property
    def patient_knows(self) -> bool:
        """Whether the patient was told (or a manager waived telling) since the latest decision."""
        update = self.patient_update
        if update is None or self.decided_at is None:
            return False
        return update.outcome is self.outcome and update.told_at >= self.decided_at
