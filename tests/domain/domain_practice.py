"""An invented practice in New York for the rules to work on: its people, its hours, one request, and how to go on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pabot.domain import appeals
from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.deadlines import Clock, Deadline, running
from pabot.domain.decide import decide, possible
from pabot.domain.documents import Item, ItemKind, Supplier, of_items
from pabot.domain.happenings import DECISIONS
from pabot.domain.library import Checklist, Codes, Fact
from pabot.domain.model import (
    AuthorizationState,
    Category,
    Channel,
    Decision,
    Denial,
    LineOfBusiness,
    Member,
    Role,
    ServiceLine,
    ToldBy,
    Update,
    Urgency,
)
from pabot.domain.orders import Medication
from pabot.domain.payer_rules import DEFAULTS, Layer, PayerRules, Rule, RuleKind, Window
from pabot.domain.roles import Policy
from pabot.domain.rules import Directory, Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Change
from pabot.domain.update_times import OFF, times

NEW_YORK = ZoneInfo("America/New_York")
Told = Callable[["Story"], "Story"]


def at(text: str) -> datetime:
    """`2026-06-01 09:30` on the practice's wall, as the instant it is."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def on_the_wall(instant: datetime) -> str:
    return f"{instant.astimezone(NEW_YORK):%a %Y-%m-%d %H:%M}"


WEEKDAYS = {day: (time(8), time(17)) for day in range(5)}
CALENDAR = PracticeCalendar(
    NEW_YORK,
    WEEKDAYS,
    closed=frozenset({date(2026, 5, 25), date(2026, 7, 3), date(2026, 11, 26)}),
    early={date(2026, 11, 25): time(12)},
)
MANUAL = "Harbor Health manual"
PAYER: PayerRules = DEFAULTS[LineOfBusiness.MEDICARE_ADVANTAGE] | {
    RuleKind.STANDARD: Rule(Window(7, "cd"), MANUAL, layer=Layer.PAYER),
    RuleKind.EXPEDITED: Rule(Window(72, "h"), MANUAL, layer=Layer.PAYER),
    RuleKind.APPEAL: Rule(Window(65, "cd"), MANUAL, layer=Layer.PAYER),
}

CORA = Member("UCORA", "Cora Bell", frozenset({Role.COORDINATOR}))
COLE = Member("UCOLE", "Cole Finch", frozenset({Role.COORDINATOR}))
BILL = Member("UBILL", "Bill Marsh", frozenset({Role.BILLER}))
DORA = Member("UDORA", "Dr. Dora Lake", frozenset({Role.CLINICIAN}))
DEAN = Member("UDEAN", "Dr. Dean Reed", frozenset({Role.CLINICIAN}))
MARA = Member("UMARA", "Mara Stone", frozenset({Role.MANAGER}))
VERA = Member("UVERA", "Vera Hill", frozenset({Role.VIEWER}))
EVERYBODY = (CORA, COLE, BILL, DORA, DEAN, MARA, VERA)
BY_ROLE: Mapping[Role, Member] = {
    Role.COORDINATOR: CORA,
    Role.BILLER: BILL,
    Role.CLINICIAN: DORA,
    Role.MANAGER: MARA,
    Role.VIEWER: VERA,
}


# Here patients are told decisions only; tables of other clocks need not name the news. `test_updates` tells all.
DECISIONS_ONLY = times(tuple((update, OFF) for update in Update if update not in DECISIONS))


def rules(*people: Member, coordinators_submit: bool = True, payer: PayerRules = PAYER) -> Rules:
    staff = Directory({member.user_id: member for member in people or EVERYBODY})
    return Rules(CALENDAR, payer, staff, Policy(coordinators_submit=coordinators_submit), updates=DECISIONS_ONLY)


RULES = rules()

ORDERED = at("2026-06-01 09:00")  # a Monday
SOON_AFTER = ORDERED + timedelta(minutes=10)
REQUEST = AuthorizationState(
    number=1042,
    version=1,
    status=Status.NEW,
    status_since=ORDERED,
    created_at=ORDERED,
    ordered_at=ORDERED,
    opened_by=CORA.user_id,
    clinician_id=DORA.user_id,
    owner_id=None,
    payer_id=1,
    line_of_business=LineOfBusiness.MEDICARE_ADVANTAGE,
    category=Category.SERVICE,
    urgency=Urgency.STANDARD,
    lines=(ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2311", "NU", 2)),
)

CHECKLIST = Checklist(
    "Power wheelchairs",
    codes=(Codes("K0800", "K0899"),),
    items=(
        Item("Signed order", ItemKind.FORM, supplier=Supplier.CLINICIAN, max_age_days=180),
        Item("Visit note", ItemKind.CLINICAL, supplier=Supplier.CLINICIAN),
        Item("Home photo", ItemKind.OTHER, required=False, supplier=Supplier.PATIENT),
    ),
    asks=(Fact.FACILITY,),
)
# What lies in the packet of an appeal that lacks nothing.
WHOLE: Mapping[str, Any] = {
    "signed_by": DORA.user_id,
    "packet": frozenset({"denial_letter", "notes"}),
    "consent_by": "the patient",
    "consent_on": date(2026, 6, 1),
}
FACILITY = {"facility": "Mill Street Clinic"}


CHILDREN = (
    *("denial", "question", "information_request", "appeal", "peer_to_peer"),
    *("patient_update", "patient_news", "attempt"),
)


def stored(change: Change) -> AuthorizationState:
    """The request as it comes back from the record: whatever was new in it has its number."""
    after = change.after
    for name in (
        "denial",
        "question",
        "information_request",
        "appeal",
        "peer_to_peer",
        "patient_update",
        "patient_news",
        "attempt",
    ):
        child = getattr(after, name)
        if child is not None and child.id is None:
            after = replace(after, **{name: replace(child, id=after.version)})
    return after


@dataclass
class Story:
    """One request told from the start. Every save happens a minute after the last, unless the clock is set."""

    state: AuthorizationState = REQUEST
    now: datetime = SOON_AFTER
    book: Rules = RULES
    change: Change | None = None
    saves: int = 0

    def does(self, who: Member, step: type[c.Command], **typed: Any) -> "Story":
        self.now += timedelta(minutes=1)
        self.change = decide(self.state, step(number=self.state.number, **typed), who, self.now, self.book)
        self.state = stored(self.change)
        self.saves += 1
        return self

    def wait_until(self, text: str) -> "Story":
        self.now = at(text)
        return self

    @property
    def today(self) -> date:
        return CALENDAR.day(self.now)

    def given(self, **facts: Any) -> "Story":
        """The same request, had it been so from the start."""
        self.state = replace(self.state, **facts)
        return self

    def offers(self, who: Member) -> set[str]:
        """The kinds of the steps that this person is offered now."""
        return {rule.kind for rule in possible(self.state, who, self.book.policy)}

    # The steps most stories need, with what a person would type.

    def of_a_medication(self) -> "Story":
        """The same request, had it been for a medication that goes by its name."""
        return self.given(category=Category.MEDICATION, lines=(), medication=Medication("Adalimumab", "40 mg", 2, 28))

    def commercial(self) -> "Story":
        """The same request, had it been of a plan whose upheld appeal goes to external review."""
        return self.given(line_of_business=LineOfBusiness.COMMERCIAL_INSURED)

    def with_checklist(self, checklist: Checklist = CHECKLIST) -> "Story":
        """The same request, opened where the library knows what the payer wants."""
        self.book = replace(self.book, checklist=checklist)
        asks = " ".join(fact.field for fact in checklist.asks)
        return self.given(documents=of_items(checklist.items), checklist_version_id=1, asks=asks)

    def newer(self, *items: Item, who: Member = CORA) -> "Story":
        """The checklist wants these besides, from its next version on."""
        body = self.book.checklist
        assert body is not None
        self.book = replace(self.book, found=(2, replace(body, items=(*body.items, *items))))
        return self.does(who, c.TakeVersion, version_id=2)

    def limited(self, days: int = 5) -> "Story":
        """Where the checklist says after how many business days an unanswered request is raised."""
        return self.with_checklist(Checklist("Power wheelchairs", escalate_after_days=days))

    def gathers(self, *items: int, who: Member = CORA, **typed: Any) -> "Story":
        """These items are in."""
        return self.does(who, c.RecordDocuments, **{"received": frozenset(items), **FACILITY, **typed})

    def asks_for(self, *items: int, of: Member | None = DORA, who: Member = CORA) -> "Story":
        return self.does(who, c.RequestDocuments, items=frozenset(items), of=of.user_id if of else None)

    def ready(self, who: Member = CORA) -> "Story":
        return self.does(who, c.MarkReady)

    def submit(self, who: Member = CORA, **typed: Any) -> "Story":
        return self.does(who, c.Submit, channel=Channel.PORTAL, submitted_at=self.now, **typed)

    def pending(self) -> "Story":
        return self.ready().submit(tracking_number="HH-77120")

    def approve(self, who: Member = CORA, **typed: Any) -> "Story":
        return self.does(who, c.RecordApproval, **{**self.approval(), **typed})

    def approval(self) -> dict[str, Any]:
        end = self.today + timedelta(days=90)
        return {
            "decided_at": self.now,
            "authorization_number": "A-555",
            "effective_on": self.today,
            "expires_on": end,
        }

    def partly(self, **typed: Any) -> "Story":
        """The payer grants the first line and cuts the second."""
        return self.approve(approved=((1, 1),), **typed)

    def deny(self, who: Member = CORA, reason: str = "not_medically_necessary", **typed: Any) -> "Story":
        return self.does(
            who, c.RecordDenial, **{"reason": reason, "notice_on": self.today, "received_at": self.now, **typed}
        )

    def decide(self, decision: Decision, who: Member = DORA, **typed: Any) -> "Story":
        assert self.state.denial is not None
        assert self.state.denial.id is not None
        return self.does(who, c.DecideDenial, denial_id=self.state.denial.id, decision=decision, **typed)

    def appeal(self, who: Member = CORA, **typed: Any) -> "Story":
        """Once a clinician has said why, where nobody has."""
        denial = self.state.denial
        if denial and denial.decision is Decision.APPEAL and appeals.wants_reasons(denial, who):
            self.argue(expedited=denial.expedited)
        return self.does(who, ca.FileAppeal, **{**WHOLE, "filed_at": self.now, **typed})

    def argue(self, who: Member = DORA, text: str = "She cannot walk to the door.", **typed: Any) -> "Story":
        denial = self.state.denial
        assert denial is not None
        return self.does(who, ca.WriteNecessity, **{"denial_id": denial.id, "text": text, **typed})

    def call_ends(self, outcome: ca.CallOutcome, who: Member = DORA, **typed: Any) -> "Story":
        call = self.state.open_peer_to_peer
        if call and call.scheduled_for:
            self.now = max(self.now, call.scheduled_for)
        return self.does(who, ca.RecordPeerToPeer, outcome=outcome, **typed)

    def book_call(self, who: Member = CORA, **typed: Any) -> "Story":
        when = {"scheduled_for": self.now + timedelta(days=1), "clinician_id": DORA.user_id}
        return self.does(who, ca.BookPeerToPeer, **{**when, **typed})

    def payer_asks(self, who: Member = CORA, *, clinical: bool = False, **typed: Any) -> "Story":
        asked = {"asked": "the home assessment", "clinical": clinical, "received_at": self.now}
        return self.does(who, c.RecordInformationRequest, **{**asked, **typed})

    def answer_payer(self, who: Member = CORA) -> "Story":
        return self.does(who, c.AnswerInformation, answer="Sent the assessment", channel=Channel.FAX)

    def ask(self, who: Member = CORA, **typed: Any) -> "Story":
        return self.does(who, c.AskClinician, **{"question": "Which chair did you mean?", **typed})

    def answer(self, who: Member = DORA) -> "Story":
        assert self.state.question is not None
        assert self.state.question.id is not None
        return self.does(who, c.AnswerQuestion, question_id=self.state.question.id, answer="The one ordered.")

    def tell(self, who: Member = CORA, **typed: Any) -> "Story":
        return self.does(who, c.TellPatient, **{"how": ToldBy.PHONE, "told_at": self.now, **typed})

    def close(self, who: Member = CORA, **typed: Any) -> "Story":
        return self.does(who, c.Close, **typed)

    def withdraw(self, who: Member = DORA, **typed: Any) -> "Story":
        return self.does(who, c.Withdraw, **{"reason": "patient_declined", "payer_told": True, **typed})


def begun(text: str, request: AuthorizationState = REQUEST) -> Story:
    """A story whose request was ordered and opened at this moment on the practice's wall."""
    return Story(replace(request, ordered_at=at(text), created_at=at(text), status_since=at(text)), at(text))


THREE = (ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2311", "NU", 2), ServiceLine(3, "E2361", "NU", 1))


def sent() -> Story:
    """Three lines with a commercial plan that has them."""
    story = Story(replace(REQUEST, lines=THREE)).commercial()
    story.book = replace(story.book, payer=DEFAULTS[LineOfBusiness.COMMERCIAL_INSURED])
    return story.pending()


def denial_of(story: Story) -> Denial:
    assert story.state.denial is not None
    return story.state.denial


def clocks(state: AuthorizationState, book: Rules = RULES) -> dict[Clock, Deadline]:
    """Of each kind the soonest."""
    return {deadline.kind: deadline for deadline in reversed(running(state, book))}


def due(story: Story, clock: Clock) -> str:
    return on_the_wall(clocks(story.state, story.book)[clock].due_at)
