"""The clocks of a request as values: their names, which of them are raised, and what a running one says of itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from pabot.domain.model import AuthorizationState
from pabot.domain.rules import Rules


class Clock(StrEnum):
    FIRST_TOUCH = "first_touch"
    SUBMISSION = "submission"
    DOCUMENT_CHASE = "document_chase"
    ACKNOWLEDGEMENT = "acknowledgement"
    PAYER_RESPONSE = "payer_response"
    FOLLOW_UP = "follow_up"
    ESCALATION_TRIGGER = "escalation_trigger"
    INFORMATION = "information"
    ROUTING = "routing"
    ACCEPTANCE = "acceptance"
    JUDGEMENT = "judgement"
    APPEAL_READY = "appeal_ready"
    APPEAL_WINDOW = "appeal_window"
    P2P_WINDOW = "p2p_window"
    PATIENT_TOLD = "patient_told"  # a decision
    PATIENT_UPDATE = "patient_update"  # how it goes on
    PATIENT_QUESTION = "patient_question"
    PATIENT_WORRY = "patient_worry"
    TELL_ANSWER = "tell_answer"  # a clinician's answer
    TELL_WORRIED = "tell_worried"
    WORRY_LEFT = "worry_left"  # nobody has answered it
    CLOSURE = "closure"
    EXPIRY = "expiry"
    SERVICE_DATE = "service_date"


CLOCK_LABELS: Mapping[Clock, str] = {
    Clock.FIRST_TOUCH: "First look",
    Clock.SUBMISSION: "Submit",
    Clock.DOCUMENT_CHASE: "Chase documents",
    Clock.ACKNOWLEDGEMENT: "Payer's confirmation",
    Clock.PAYER_RESPONSE: "Payer's response",
    Clock.FOLLOW_UP: "Check with payer",
    Clock.ESCALATION_TRIGGER: "Checklist's escalation trigger",
    Clock.INFORMATION: "Answer the payer",
    Clock.ROUTING: "Route the denial",
    Clock.ACCEPTANCE: "Taken in hand",
    Clock.JUDGEMENT: "Clinician's answer",
    Clock.APPEAL_READY: "Denial decided, and appeal or call on its way",
    Clock.APPEAL_WINDOW: "Appeal window",
    Clock.P2P_WINDOW: "Peer-to-peer window",
    Clock.PATIENT_TOLD: "Tell the patient",
    Clock.PATIENT_UPDATE: "Tell the patient how it goes on",
    Clock.PATIENT_QUESTION: "Answer the patient's question",
    Clock.PATIENT_WORRY: "Call the patient back: urgent worry",
    Clock.TELL_ANSWER: "Tell the patient the clinician's answer",
    Clock.TELL_WORRIED: "Tell the patient the answer to their urgent worry",
    Clock.WORRY_LEFT: "Call the patient back: nobody has answered their urgent worry",
    Clock.CLOSURE: "Close",
    Clock.EXPIRY: "Approval ends",
    Clock.SERVICE_DATE: "Approval before the appointment",
}

ESCALATED = frozenset(
    {
        Clock.SUBMISSION,
        Clock.PAYER_RESPONSE,
        Clock.FOLLOW_UP,
        Clock.ESCALATION_TRIGGER,
        Clock.INFORMATION,
        Clock.ROUTING,
        Clock.ACCEPTANCE,
        Clock.JUDGEMENT,
        Clock.APPEAL_READY,
        Clock.APPEAL_WINDOW,
        Clock.P2P_WINDOW,
        Clock.PATIENT_TOLD,
        Clock.PATIENT_UPDATE,
        Clock.PATIENT_QUESTION,
        Clock.PATIENT_WORRY,
        Clock.TELL_ANSWER,
        Clock.TELL_WORRIED,
        Clock.WORRY_LEFT,
        Clock.SERVICE_DATE,
    }
)
ANSWERED = frozenset({Clock.TELL_ANSWER, Clock.TELL_WORRIED})
PASSED_ON = ANSWERED | {Clock.WORRY_LEFT}  # by the owner to the patient
OF_CLOSED = PASSED_ON | {Clock.PATIENT_QUESTION, Clock.PATIENT_WORRY}  # run on closed requests as well
AT_ANY_HOUR = frozenset({Clock.PATIENT_WORRY, Clock.TELL_WORRIED, Clock.WORRY_LEFT})  # by night, expedited or not
OWNERS_ALONE = frozenset({Clock.PATIENT_UPDATE})  # raised to the owner; no clinician, manager or channel reads of it
LEGAL = frozenset({Clock.INFORMATION, Clock.APPEAL_WINDOW, Clock.P2P_WINDOW})  # dates that the payer's letters set


@dataclass(frozen=True, slots=True)
class Deadline:
    """One running clock.

    `why` is the whole sentence: whose rule, how long, counted from what and since when. `source` is letter, payer,
    practice, or the layer of the payer's rule (default, payer, plan, checklist). Units: `bh` business hours, `bd`
    business days, `ch` calendar hours, `cd` calendar days. `about` tells clocks of one kind apart: a key of
    `review.asked`, for what waits for somebody's judgement; empty for the request as a whole.
    """

    kind: Clock
    due_at: datetime
    unit: str
    started_at: datetime
    source: str
    why: str
    managers_at: datetime | None = None  # when the managers hear of it, as `ladder` says; None: never
    about: str = ""
    asked_of: str | None = None  # the Slack id of whoever was asked to judge, and holds it up; None: the owner


@dataclass(frozen=True, slots=True)
class Moved:
    """A running clock whose date moved, as the timeline keeps it: `kind old new`."""

    kind: Clock
    old: datetime
    new: datetime

    def __str__(self) -> str:
        return f"{self.kind} {self.old.isoformat()} {self.new.isoformat()}"

    @classmethod
    def read(cls, text: str) -> "Moved":
        kind, old, new = text.split()
        return cls(Clock(kind), datetime.fromisoformat(old), datetime.fromisoformat(new))


Clockwork = Callable[[AuthorizationState, Rules], Deadline | None]
Clockworks = Callable[[AuthorizationState, Rules], Iterable[Deadline]]  # one for each that waits


@lru_cache(1024)
def named(day: date) -> str:
    """`Nov 3`: a date within a sentence."""
    return f"{day:%b} {day.day}"


def on(at: datetime, rules: Rules) -> str:
    """`on Nov 3`: the practice's date of an instant."""
    return f"on {named(rules.calendar.day(at))}"
