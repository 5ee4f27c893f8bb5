"""What the invented people do next about a request, and how long they take: the steps that a person is offered.

How payers answer and how long people need is our judgement; the seed makes it repeat.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from string import ascii_uppercase

from pabot.domain import appeals
from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.cards import AuthorizationCard
from pabot.domain.commands_review import AcceptReview
from pabot.domain.errors import PabotError
from pabot.domain.model import AuthorizationState, Channel, Decision, Role, ToldBy
from pabot.domain.review import Matter, asked, in_hand, waiting
from pabot.domain.rules import Directory
from pabot.domain.statuses import AWAITING_ANSWER, Status
from pabot.services.desk import Desk
from rehearsal import people

AT_WORK, AT_JUDGEMENT = 1.2, 2.0  # business hours until somebody gets to it, on average
TAKEN_FIRST = 0.5  # of what waits for a judgement is taken in hand at the first look, and judged at another
FORGOTTEN, FORGOTTEN_FOR = 0.05, (8.0, 18.0)  # how often it slips, and for how many business hours
NEWS_AHEAD = timedelta(days=2)
REASONS = ("not_medically_necessary", "missing_docs", "step_therapy", "wrong_code", "quantity_frequency")


@dataclass(frozen=True, slots=True)
class Turn:
    """One look at a request by one person."""

    card: AuthorizationCard
    who: str
    roles: frozenset[Role]
    now: datetime
    today: date
    dice: random.Random
    answer: str  # what the payer has said by now, and nobody has recorded; empty: nothing

    @property
    def state(self) -> AuthorizationState:
        return self.card.state

    @property
    def number(self) -> int:
        return self.state.number


Play = Callable[[Turn], c.Command | None]


def _initials(at: int) -> str:
    """Of nobody else for months: nobody here has a chart to look at before deciding."""
    return f"{ascii_uppercase[at % 26]}.{ascii_uppercase[at // 26 % 26]}."


def _answer_question(turn: Turn) -> c.Command | None:
    asked = turn.state.open_question
    if asked is None:
        return None
    return c.AnswerQuestion(number=turn.number, question_id=asked.id or 0, answer="As the note says.")


def _take_in_hand(turn: Turn) -> c.Command | None:
    """Between two patients, where there is no time to judge; else it is judged at once."""
    if not _is_untaken(turn.state) or turn.who not in dict(asked(turn.state)).values():
        return None
    return AcceptReview(number=turn.number) if turn.dice.random() < TAKEN_FIRST else None


def _is_untaken(state: AuthorizationState) -> bool:
    """Whether a denial or a question waits that nobody has said to have."""
    matters = (matter for matter in waiting(state) if matter is not Matter.URGENCY)
    return any(not in_hand(state, matter) for matter in matters)


def _decide(turn: Turn) -> c.Command | None:
    denial = turn.state.undecided_denial
    if denial is None:
        return None
    choices = [Decision.P2P, Decision.RESUBMIT]
    if turn.card.appeal_level is not None:
        choices.append(Decision.APPEAL)
    if Role.CLINICIAN in turn.roles:
        choices.append(Decision.ACCEPT)
    chosen = turn.dice.choice(choices)
    return c.DecideDenial(number=turn.number, denial_id=denial.id or 0, decision=chosen, reason="The notes.")


def _tell(turn: Turn) -> c.Command | None:
    """A decision at once; news when it is due in the next days."""
    waits = turn.card.waits
    if waits is None or not (waits.is_decision or waits.due_at <= turn.now + NEWS_AHEAD):
        return None
    return c.TellPatient(number=turn.number, how=ToldBy.PHONE, told_at=turn.now)


def _check(turn: Turn) -> c.Command:
    chance = turn.dice.random()
    if chance < 0.05:
        return c.CheckRequirement(number=turn.number, required=False, proof="Portal, reference EX-1")
    return c.CheckRequirement(number=turn.number, required=True, missing="The signed order" if chance < 0.25 else "")


def _submit(turn: Turn) -> c.Command:
    by_portal = turn.dice.random() < 0.7
    return c.Submit(
        number=turn.number,
        channel=Channel.PORTAL if by_portal else Channel.FAX,
        submitted_at=turn.now,
        tracking_number=f"TRK-{turn.number}-{turn.state.rounds}" if by_portal else "",
    )


def _hear(turn: Turn) -> c.Command | None:
    """Record what the payer said."""
    if turn.answer == "approved":
        until = turn.today + timedelta(days=90)
        number = f"AUTH-{turn.number}"
        return c.RecordApproval(
            number=turn.number,
            decided_at=turn.now,
            authorization_number=number,
            effective_on=turn.today,
            expires_on=until,
        )
    if turn.answer == "denied":
        reason = turn.dice.choice(REASONS)
        return c.RecordDenial(number=turn.number, reason=reason, notice_on=turn.today, received_at=turn.now)
    if turn.answer:
        clinical = turn.answer == "clinical"
        asked = "The latest note"
        return c.RecordInformationRequest(number=turn.number, asked=asked, clinical=clinical, received_at=turn.now)
    return None


def _log(turn: Turn) -> c.Command | None:
    due = turn.state.next_check_on
    if turn.state.stage not in AWAITING_ANSWER or due is None or due > turn.today:
        return None
    return c.LogContact(number=turn.number, channel=Channel.PHONE, result="Still in review.")


def _book(turn: Turn) -> c.Command | None:
    """Once: the time stands until the payer has spoken."""
    booked = turn.state.open_peer_to_peer
    if booked and booked.scheduled_for:
        return None
    call = turn.now + timedelta(hours=turn.dice.choice((20, 28, 44)))
    return ca.BookPeerToPeer(number=turn.number, scheduled_for=call, clinician_id=turn.state.clinician_id)


def _argue(turn: Turn) -> c.Command | None:
    denial = turn.state.denial
    if denial is None or denial.is_argued or denial.decision is not Decision.APPEAL:
        return None
    return ca.WriteNecessity(number=turn.number, denial_id=denial.id or 0, where="the chart, letter of today")


def _file(turn: Turn) -> c.Command | None:
    denial = turn.state.denial
    argues = denial is not None and Role.BILLER not in appeals.signers(denial) and Role.CLINICIAN not in turn.roles
    if denial and argues and not denial.is_argued:
        return None
    return ca.FileAppeal(
        number=turn.number,
        filed_at=turn.now,
        reference=f"AP-{turn.number}",
        signed_by=turn.state.clinician_id,
        packet=frozenset({"denial_letter", "notes"}),
        consent_by="the patient",
        consent_on=turn.today,
    )


PLAYS: Mapping[str, Play] = {  # by the step that is offered, the most pressing first
    "accept_review": _take_in_hand,
    "answer_question": _answer_question,
    "decide_denial": _decide,
    "attest_urgency": lambda turn: c.AttestUrgency(
        number=turn.number, expedited=turn.dice.random() < 0.6, basis="The wound worsens."
    ),
    "tell_patient": _tell,
    "answer_information": lambda turn: c.AnswerInformation(
        number=turn.number, answer="Sent the note.", channel=Channel.FAX
    ),
    "write_necessity": _argue,
    "file_appeal": _file,
    "book_peer_to_peer": _book,
    "check_requirement": _check,
    "record_documents": lambda turn: (
        c.RecordDocuments(number=turn.number) if turn.state.status is Status.DOCS_NEEDED else None
    ),
    "mark_ready": lambda turn: c.MarkReady(number=turn.number),
    "submit": _submit,
    "acknowledge": lambda turn: c.Acknowledge(number=turn.number, tracking_number=f"TRK-{turn.number}"),
    "record_approval": _hear,
    "log_contact": _log,
    "close": lambda turn: c.Close(number=turn.number),
}


@dataclass(slots=True)
class Players:
    """The people of the practice, and what each payer will answer when."""

    dice: random.Random
    answers: dict[int, tuple[datetime, str]] = field(default_factory=dict)  # by request; of its present turn
    steps: int = 0
    refused: list[str] = field(default_factory=list)

    def open(self, desk: Desk, at: int, now: datetime) -> int:
        """A new request, by a coordinator who is here."""
        staff, today = desk.directory(), desk.calendar().day(now)
        here = [member for member in staff.with_role(Role.COORDINATOR) if not member.away]
        service, category, line = self.dice.choice(people.SERVICES)
        plans = desk.plans()
        command = c.OpenAuthorization(
            patient=c.Patient(f"EX-{at:05}", _initials(at)),
            plan_id=self.dice.choice(plans).plan_id,
            category=category,
            service=service,
            lines=(line,),
            diagnoses=("M17.11",),
            clinician_id=self.dice.choice(people.CLINICIANS).user_id,
            ordered_on=today,
            expedited=self.dice.random() < 0.05,
        )
        self.steps += 1
        return desk.open_authorization(command, actor=self.dice.choice(here), key=f"open:{at}").state.number

    def look(self, desk: Desk, number: int, now: datetime) -> datetime | None:
        """Somebody does what is next, if there is something. Answers when to look again; None: it is closed."""
        staff, calendar = desk.directory(), desk.calendar()
        state = desk.card(number, actor=staff.members[people.MANAGER]).state
        for who in _at_hand(state, staff):
            member = staff.members[who]
            card = desk.card(number, actor=member)
            turn = Turn(card, who, member.roles, now, calendar.day(now), self.dice, self._heard(card.state, now))
            made = (play(turn) for kind, play in PLAYS.items() if kind in card.steps)
            command = next((one for one in made if one is not None), None)
            if command is not None:
                state = self._take(desk, command, turn) or state
                break
        return self._next_look(state, calendar, now)

    def _take(self, desk: Desk, command: c.Command, turn: Turn) -> AuthorizationState | None:
        self.steps += 1
        actor = desk.directory().members[turn.who]
        try:
            after = desk.take_step(command, actor=actor, key=f"step:{self.steps}").state
        except PabotError as refusal:
            self.refused.append(f"PA-{turn.number} {type(command).__name__} by {turn.who}: {refusal}")
            return None
        if turn.answer and isinstance(command, c.RecordApproval | c.RecordDenial | c.RecordInformationRequest):
            del self.answers[turn.number]
        return after

    def _heard(self, state: AuthorizationState, now: datetime) -> str:
        """What the payer answered by now. A payer's turn begins when somebody first looks at it."""
        if state.stage not in AWAITING_ANSWER:
            return ""
        if state.number not in self.answers:
            days = 0.5 if state.is_expedited else self.dice.uniform(1, 9)
            kinds = ("approved", "denied", "information", "clinical")
            (kind,) = self.dice.choices(kinds, (70, 17, 8, 5))
            self.answers[state.number] = (now + timedelta(days=days), kind)
        at, kind = self.answers[state.number]
        return kind if at <= now else ""

    def _next_look(self, state: AuthorizationState, calendar: PracticeCalendar, now: datetime) -> datetime | None:
        if not state.is_open:
            return None
        slow = self.dice.random() < FORGOTTEN and not state.is_expedited
        judged = bool(asked(state))
        mean = AT_JUDGEMENT if judged and not _is_untaken(state) else AT_WORK
        hours = self.dice.uniform(*FORGOTTEN_FOR) if slow else min(self.dice.expovariate(1 / mean), 6)
        soon = calendar.plus_business_hours(now, 0.4 if state.is_expedited else hours)
        waits = state.stage in AWAITING_ANSWER and not judged and not state.undecided_denial
        if not waits or state.number not in self.answers or state.next_check_on is None:
            return soon
        check = calendar.opens(calendar.first_open_day(state.next_check_on)) + timedelta(hours=self.dice.uniform(1, 7))
        answer = self.answers[state.number][0]
        return max(soon, min(check, answer))


def _at_hand(state: AuthorizationState, staff: Directory) -> list[str]:
    """Whoever is asked to judge, then whoever owns it: themselves or who stands in for them today."""
    found = []
    for _, who in asked(state):
        member = staff.get(who)
        here = member if member and member.active and not member.away else staff.clinician_for(who)
        found += [here.user_id] if here else []
    owner = staff.acting_for(state.owner_id) if state.owner_id else None
    return [*found, *([owner.user_id] if owner else [])]
