"""Thirty days of an invented practice, lived through the same use cases as anybody's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from pabot import packs
from pabot.clock import StandingClock
from pabot.demo import people
from pabot.demo.people import ADA, BEN, BILLER, CASEY, CLEO, JORDAN, MANAGER, PEOPLE, PLANS, SERVICES
from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.commands_patient import RecordPatientCall
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Channel, Decision, Member, Reached, ServiceLine, ToldBy
from pabot.domain.practice import SaveMember
from pabot.exchange import yaml_files
from pabot.services.desk import Desk


@dataclass(slots=True)
class Story:
    """One request while it is being told: who works it, and the clock that runs along."""

    desk: Desk
    clock: StandingClock
    staff: dict[str, Member]
    coordinator: str
    clinician: str
    now: datetime
    number: int = 0
    saves: int = 0

    def take(self, command: c.Command, by: str | None = None, *, hours: float = 1) -> None:
        """The next save of the story, `hours` of open time after the one before."""
        actor, key = self._next_save(by, hours)
        self.desk.take_step(replace(command, number=self.number), actor=actor, key=key)

    def ask(self, command: c.Command, why: str, *, hours: float = 1) -> None:
        """The same for a step that wants approval: it is asked for, and waits."""
        actor, key = self._next_save(None, hours)
        self.desk.take_or_ask(replace(command, number=self.number), why, actor=actor, key=key)

    def _next_save(self, by: str | None, hours: float) -> tuple[Member, str]:
        self.clock.set(self.desk.calendar().plus_business_hours(self.clock.now(), hours))
        self.saves += 1
        return self.staff[by or self.coordinator], f"demo:{self.number}:{self.saves}"

    def follow_up(self, *, until_days_ago: int = 0) -> None:
        """Tell the patient that it is with the payer, who is asked every other business day, up to some days ago."""
        self.tell_patient(ToldBy.PORTAL)
        calendar = self.desk.calendar()
        result = "Still in review; nothing is missing."
        last = self.now - timedelta(days=until_days_ago + 1)
        while calendar.plus_business_hours(self.clock.now(), 16) < last:
            self.take(
                c.LogContact(number=0, channel=Channel.PHONE, result=result, spoke_with="Pat (example)"), hours=16
            )

    def tell_patient(self, how: ToldBy = ToldBy.PHONE, *, and_close: bool = False) -> None:
        self.take(c.TellPatient(number=0, how=how, told_at=self.clock.now(), and_close=and_close), hours=1.5)

    @property
    def denial_id(self) -> int:
        denial = self.desk.card(self.number, actor=self.staff[MANAGER]).state.denial
        return denial.id if denial and denial.id else 0


Chapter = Callable[[Story], None]


def ready(story: Story) -> None:
    story.take(c.MarkReady(number=0), hours=0.5)


def submitted(story: Story) -> None:
    ready(story)
    at = story.clock.now()
    story.take(c.Submit(number=0, channel=Channel.FAX, submitted_at=at))


def pending(story: Story) -> None:
    ready(story)
    at = story.clock.now()
    number = f"TRK-{70000 + story.number}"
    story.take(c.Submit(number=0, channel=Channel.PORTAL, submitted_at=at, tracking_number=number))


def followed_up(story: Story) -> None:
    pending(story)
    story.follow_up()


def payer_silent(story: Story) -> None:
    """The payer is past its date and nobody looked since."""
    pending(story)
    story.follow_up(until_days_ago=6)


def documents_missing(story: Story) -> None:
    story.take(c.CheckRequirement(number=0, required=True, missing="Signed order; visit note of the last 6 months"))


def asked_for_more(story: Story) -> None:
    pending(story)
    at = story.clock.now()
    story.take(
        c.RecordInformationRequest(number=0, asked="Signed page 2 of the order", clinical=False, received_at=at),
        hours=9,
    )


def clinical_question(story: Story) -> None:
    pending(story)
    at = story.clock.now()
    asked = "Which other devices were tried, and for how long?"
    story.take(c.RecordInformationRequest(number=0, asked=asked, clinical=True, received_at=at), hours=9)


def approved(story: Story) -> None:
    pending(story)
    _approve(story, hours=18)


def approved_and_closed(story: Story) -> None:
    approved(story)
    story.tell_patient(and_close=True)


def patient_told(story: Story) -> None:
    approved(story)
    story.tell_patient(ToldBy.PORTAL)


def approved_but_not_reached(story: Story) -> None:
    """The patient could not be told yet."""
    approved(story)
    tried = c.TellPatient(number=0, how=ToldBy.PHONE, told_at=story.clock.now(), result=Reached.LEFT_WORD)
    story.take(tried, hours=1.5)


def patient_asked(story: Story) -> None:
    """The patient called while the payer has it, with a question for the clinician."""
    pending(story)
    story.take(
        RecordPatientCall(
            number=0,
            at=story.clock.now(),
            caller=Caller.PATIENT,
            asked=Asked.QUESTION,
            said="Can I go on with the old brace until the new one is here?",
            read_out=True,
        ),
        hours=2,
    )


def denied(story: Story, reason: str = "not_medically_necessary") -> None:
    pending(story)
    now = story.clock.now()
    text = {
        "missing_docs": "The signed order was not in the packet.",
        "not_medically_necessary": "The notes sent do not show what the policy asks for.",
    }[reason]
    story.take(
        c.RecordDenial(
            number=0,
            reason=reason,
            notice_on=story.desk.calendar().day(now),
            received_at=now,
            reason_text=text,
            reference=f"DN-{story.number}",
        ),
        hours=6,
    )


def denied_and_told(story: Story, reason: str = "not_medically_necessary") -> None:
    denied(story, reason)
    story.tell_patient()


def denied_for_documents(story: Story) -> None:
    denied_and_told(story, "missing_docs")


def appeal_decided(story: Story) -> None:
    denied_and_told(story)
    words = "Describe the fall in March and the failed walker trial."
    _decide(story, Decision.APPEAL, "The record answers what the letter asks.", words)


def appealed(story: Story) -> None:
    appeal_decided(story)
    where = "The chart, letter on the walker trial"
    story.take(ca.WriteNecessity(number=0, denial_id=story.denial_id, where=where), by=story.clinician, hours=1)
    now = story.clock.now()
    filed = ca.FileAppeal(
        number=0,
        filed_at=now,
        reference=f"AP-{story.number}",
        signed_by=story.clinician,
        packet=frozenset({"denial_letter", "notes"}),
        consent_by="the patient",
        consent_on=story.desk.calendar().day(now),
    )
    story.take(filed, hours=2)


def appeal_running(story: Story) -> None:
    appealed(story)
    story.follow_up()


def appeal_won(story: Story) -> None:
    appealed(story)
    _approve(story, hours=36)
    story.tell_patient(and_close=True)


def denial_accepted(story: Story) -> None:
    denied_and_told(story)
    _decide(story, Decision.ACCEPT, "Another device fits better.", "")


def resubmitting(story: Story) -> None:
    denied_and_told(story, "missing_docs")
    _decide(story, Decision.RESUBMIT, "The order was signed; it was left out.", "", by=BILLER)


def call_booked(story: Story) -> None:
    denied_and_told(story)
    _decide(story, Decision.P2P, "A call is quicker here.", "")
    at = story.desk.calendar().plus_business_hours(story.clock.now(), 10)
    story.take(ca.BookPeerToPeer(number=0, scheduled_for=at, clinician_id=story.clinician, phone="555-0100"))


def not_required(story: Story) -> None:
    proof = "Portal look-up, reference EX-0001"
    story.take(c.CheckRequirement(number=0, required=False, proof=proof))


def withdrawn(story: Story) -> None:
    story.take(c.Withdraw(number=0, reason="patient_declined"), by=story.clinician)


def in_check(story: Story) -> None:
    story.take(c.Claim(number=0))


def withdrawal_asked(story: Story) -> None:
    """A coordinator wants to withdraw it, and somebody must approve."""
    in_check(story)
    story.ask(
        c.Withdraw(number=0, reason="patient_declined"), "They called this morning: no brace, thank you.", hours=0.1
    )


def question_asked(story: Story) -> None:
    story.take(c.AskClinician(number=0, question="The order names two sizes. Which one is meant?"))


def untouched(story: Story) -> None:
    """Just opened."""


# (business days ago, chapter, expedited) for each of the forty requests, oldest first.
SCRIPT: tuple[tuple[int, Chapter, bool], ...] = (
    (21, approved_and_closed, False), (21, appeal_won, False), (20, approved_and_closed, False),
    (19, not_required, False), (19, approved_and_closed, False), (18, withdrawn, False),
    (17, appeal_running, False), (16, approved_and_closed, False), (15, denial_accepted, False),
    (14, approved_and_closed, False), (13, approved_and_closed, False), (9, payer_silent, False),
    (11, approved_and_closed, False), (10, payer_silent, False), (2, asked_for_more, False),
    (9, approved_and_closed, False), (8, approved_and_closed, False), (2, resubmitting, False),
    (4, followed_up, False), (5, patient_told, False), (4, followed_up, False),
    (3, approved_but_not_reached, False), (3, asked_for_more, False), (3, appeal_decided, False),
    (3, denied, False), (1, denied_for_documents, False), (3, call_booked, False),
    (2, clinical_question, False), (1, patient_asked, False), (1, denied_and_told, False),
    (1, pending, False), (1, pending, False), (1, submitted, False),
    (1, pending, True), (1, submitted, False), (1, documents_missing, False),
    (0, question_asked, False), (0, withdrawal_asked, False), (0, ready, False), (0, untouched, True),
)  # fmt: skip


def found(desk: Desk) -> list[int]:
    """The practice's people and payers. Answers the plans' ids."""
    for person in PEOPLE:
        command = SaveMember(person.user_id, person.name, person.roles, person.npi)
        desk.save_member(command, actor=None, key=f"demo:staff:{person.user_id}")
    for person in PEOPLE:
        if person.cover_id:
            command = SaveMember(person.user_id, person.name, person.roles, person.npi, person.cover_id)
            desk.save_member(command, actor=None, key=f"demo:cover:{person.user_id}")
    return [desk.add_plan(*plan) for plan in PLANS]


def live(desk: Desk, clock: StandingClock, now: datetime) -> Iterator[int]:
    """Live the forty requests, up to `now`; yields each number. `clock` must be the desk's own."""
    plans = found(desk)
    staff = dict(desk.directory().members)
    for index, (days_ago, chapter, expedited) in enumerate(SCRIPT):
        clock.set(_morning(desk, now, days_ago, index))
        story = Story(desk, clock, staff, (CASEY, JORDAN)[index % 2], (ADA, BEN, CLEO)[index % 3], now)
        story.number = _open(story, index, plans[index % len(plans)], expedited)
        chapter(story)
        yield story.number
    clock.set(now)
    shipped = [entry for name in packs.names() for entry in yaml_files.read(name, packs.text(name))]
    desk.import_payers(shipped, source="the packs that pabot brings")
    desk.drop_settled_messages(now - timedelta(days=1))


def last_morning(desk: Desk, now: datetime) -> datetime:
    """Shortly after the latest digest time that has passed on an open day."""
    calendar = desk.calendar()
    day = calendar.last_open_day(calendar.day(now))
    morning = calendar.opens(day) + timedelta(minutes=5)
    if morning > now:
        morning = calendar.opens(calendar.last_open_day(day - timedelta(days=1))) + timedelta(minutes=5)
    return morning


def _open(story: Story, index: int, plan_id: int, expedited: bool) -> int:
    service = SERVICES[index % len(SERVICES)]
    codes = (service.code, service.also) if service.also else (service.code,)
    today = story.desk.calendar().day(story.clock.now())
    command = c.OpenAuthorization(
        patient=people.patient(index),
        plan_id=plan_id,
        category=service.category,
        service=service.label,
        lines=tuple(ServiceLine(seq, code, service.modifiers, service.units) for seq, code in enumerate(codes, 1)),
        diagnoses=("M54.16",) if index % 2 else ("M17.11",),
        clinician_id=story.clinician,
        ordered_on=today,
        expedited=expedited,
        appointment_on=today + timedelta(days=30) if index % 4 == 0 else None,
    )
    card = story.desk.open_authorization(command, actor=story.staff[story.coordinator], key=f"demo:open:{index}")
    return card.state.number


def _morning(desk: Desk, now: datetime, days_ago: int, index: int) -> datetime:
    """A morning `days_ago` open days before `now`; today's requests came in just before `now`."""
    calendar = desk.calendar()
    if days_ago == 0:
        return now - timedelta(minutes=90 - index)
    day = calendar.day(now)
    for _ in range(days_ago):
        day = calendar.last_open_day(day - timedelta(days=1))
    return calendar.at(day, time(9, index % 50))


def _approve(story: Story, *, hours: float) -> None:
    calendar = story.desk.calendar()
    decided_at = calendar.plus_business_hours(story.clock.now(), hours)
    today = calendar.day(decided_at)
    story.take(
        c.RecordApproval(
            number=0,
            decided_at=decided_at,
            authorization_number=f"AUTH-{90000 + story.number}",
            effective_on=today,
            expires_on=today + timedelta(days=90),
        ),
        hours=hours,
    )


def _decide(story: Story, decision: Decision, reason: str, words: str, by: str | None = None) -> None:
    command = c.DecideDenial(number=0, denial_id=story.denial_id, decision=decision, reason=reason, words=words)
    story.take(command, by=by or story.clinician, hours=2)
