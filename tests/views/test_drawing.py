"""Every kind of message, drawn from a real record in the course of some days in a practice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from reading import fits, pressed, words

from pabot.clock import StandingClock
from pabot.domain import commands as c
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.library import Checklist, KeptChecklist, PayerEntry, parse_codes
from pabot.domain.model import Category, Channel, Decision, LineOfBusiness, Role, ServiceLine
from pabot.domain.patient_words import TextName
from pabot.domain.practice import PracticeSettings, SaveMember
from pabot.domain.steps import NoticeKind
from pabot.domain.wording_changes import ProposeWords
from pabot.jobs import drawing
from pabot.services import telling
from pabot.services.desk import Desk
from pabot.store import messages
from pabot.store.store import Store
from pabot.views.ids import Id
from pabot.views.text import Look, Rendered, Texts

MONDAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
PEOPLE = {
    "U0CORA": Role.COORDINATOR,
    "U0FINN": Role.COORDINATOR,
    "U0DOC": Role.CLINICIAN,
    "U0OTTO": Role.CLINICIAN,
    "U0MAX": Role.MANAGER,
}


@dataclass
class Practice:
    """A desk, and what its people would have read so far: the latest drawing of each message."""

    desk: Desk
    store: Store
    clock: StandingClock
    read: dict[str, Rendered] = field(default_factory=dict)
    steps: int = 0

    def request(self, **changed: Any) -> AuthorizationCard:
        command = c.OpenAuthorization(
            patient=c.Patient("C-88", "J.D."),
            plan_id=self.desk.plans("Northwind")[0].plan_id,
            category=Category.SERVICE,
            service="Power wheelchair",
            lines=(ServiceLine(1, "K0856", "NU", 1),),
            diagnoses=("G35",),
            clinician_id="U0DOC",
            ordered_on=date(2026, 11, 23),
            **changed,
        )
        self.steps += 1
        return self.desk.open_authorization(command, actor=self.person("U0CORA"), key=f"step {self.steps}")

    def does(self, who: str, *commands: c.Command) -> AuthorizationCard:
        for command in commands:
            self.steps += 1
            card = self.desk.take_step(command, actor=self.person(who), key=f"step {self.steps}")
        return card

    def person(self, who: str) -> Any:
        return self.desk.directory().members[who]

    def deliver(self, *, plain: bool = False) -> Mapping[str, Rendered]:
        """Draw what is due, as the deliver job does, and answer everything that people now see, by message key."""
        draw = drawing.painter(self.desk, Look(Texts.found(), ZONE, Privacy.MINIMUM))
        while claimed := self._claim():
            for message in claimed:
                drawn = draw(message, plain)
                if drawn is not None:
                    fits(drawn)
                    self.read[message.key] = drawn
                ts = message.ts if drawn is None else message.ts or f"{message.id}.0"
                with self.store.write() as session:
                    messages.settle_sent(session.connection, message, channel="D1", ts=ts)
        return self.read

    def sees(self, kind: str, who: str = "") -> Rendered:
        (found,) = (drawn for key, drawn in self.deliver().items() if key.startswith(f"{kind}:") and key.endswith(who))
        return found

    def _claim(self) -> list[messages.Claimed]:
        with self.store.write() as session:
            return messages.claim(session.connection, self.clock.now(), timedelta(seconds=60), 8)


@pytest.fixture
def practice(database_url: str) -> Iterator[Practice]:
    clock = StandingClock(MONDAY)
    store = Store(database_url, [Fernet.generate_key().decode()], _calendar)
    store.found(PracticeSettings("America/New_York", "08:00-17:00 mon-fri", "US", team_channel="C0TEAM"))
    desk = Desk(store, clock, Privacy.MINIMUM)
    for user_id, role in PEOPLE.items():
        desk.save_member(SaveMember(user_id, f"Invented {user_id}", frozenset({role})), actor=None, key=user_id)
    desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
    yield Practice(desk, store, clock)
    store.close()


def denied(practice: Practice) -> tuple[int, int]:
    """A request that went out and came back denied: its number and the denial's id."""
    number = practice.request().state.number
    card = practice.does(
        "U0CORA",
        c.Claim(number=number),
        c.CheckRequirement(number=number, required=True),
        c.Submit(number=number, channel=Channel.PORTAL, submitted_at=MONDAY, tracking_number="T-1"),
        c.RecordDenial(
            number=number,
            reason="not_medically_necessary",
            notice_on=date(2026, 11, 23),
            received_at=MONDAY,
            reason_text="No recent examination.",
        ),
    )
    denial = card.state.denial
    assert denial is not None
    assert denial.id is not None
    return number, denial.id


def test_there_is_a_view_for_every_kind_of_message() -> None:
    alarms = {telling.OVERDUE_OWNER, telling.OVERDUE_CLINICIAN, telling.ESCALATED_TODAY, telling.DIGEST}
    alarms |= {
        telling.PROPOSAL,
        telling.PROPOSAL_DECIDED,
        telling.WORDS,
        telling.WORDS_DECIDED,
        telling.NEWER_CHECKLIST,
        telling.LIBRARY_REVIEW,
        telling.WEEKLY_REPORT,
    }
    alarms.add(telling.OVERDUE_MANAGER)
    assert set(drawing.DRAWN) >= set(NoticeKind) | alarms


def test_a_denial_from_the_letter_to_the_instruction(practice: Practice) -> None:
    number, denial_id = denied(practice)
    asked = practice.sees(NoticeKind.DECISION, "U0DOC")
    assert "No recent examination." in words(asked)
    assert "pa.decide_denial.appeal" in pressed(asked)

    practice.does("U0DOC", c.AskForMore(number=number, need="The October note."))
    assert "The October note." in words(practice.sees(NoticeKind.NEED))

    decision = c.DecideDenial(number=number, denial_id=denial_id, decision=Decision.APPEAL, words="Send the note.")
    practice.does("U0DOC", decision)
    assert pressed(practice.sees(NoticeKind.DECISION, "U0DOC")) == [
        "pa.write_necessity.open",
        "pa.change_decision.open",
    ]
    told = practice.sees(NoticeKind.INSTRUCTION, "U0CORA")
    assert "Send the note." in words(told)
    assert pressed(told) == ["pa.file_appeal.open"]


def test_not_mine_takes_the_buttons_away_here_and_gives_them_there(practice: Practice) -> None:
    number, _ = denied(practice)
    practice.deliver()
    practice.does("U0DOC", c.Route(number=number, to="U0OTTO"))
    assert pressed(practice.sees(NoticeKind.DECISION, "U0DOC")) == []
    assert "This went to Invented U0OTTO" in words(practice.sees(NoticeKind.DECISION, "U0DOC"))
    assert "pa.decide_denial.appeal" in pressed(practice.sees(NoticeKind.DECISION, "U0OTTO"))


def test_a_decision_recorded_in_error_asks_again(practice: Practice) -> None:
    number, denial_id = denied(practice)
    decision = c.DecideDenial(number=number, denial_id=denial_id, decision=Decision.ACCEPT)
    card = practice.does("U0DOC", decision)
    assert pressed(practice.sees(NoticeKind.DECISION, "U0DOC")) == ["pa.change_decision.open"]
    assert card.correctable is not None
    wrong = c.CorrectEntry(number=number, save=card.correctable, reason="Pressed the wrong one.")
    practice.desk.correct_entry(wrong, actor=practice.person("U0DOC"), key="correction")
    assert "pa.decide_denial.appeal" in pressed(practice.sees(NoticeKind.DECISION, "U0DOC"))
    assert "is being changed" in words(practice.sees(NoticeKind.INSTRUCTION, "U0CORA"))


def test_a_question_and_its_answer(practice: Practice) -> None:
    number = practice.request().state.number
    practice.does("U0CORA", c.Claim(number=number))
    card = practice.does("U0CORA", c.AskClinician(number=number, question="Is home use documented?"))
    assert "pa.answer_question.open" in pressed(practice.sees(NoticeKind.QUESTION, "U0DOC"))
    question = card.state.question
    assert question is not None
    assert question.id is not None
    practice.does("U0DOC", c.AnswerQuestion(number=number, question_id=question.id, answer="Yes, page two."))
    assert pressed(practice.sees(NoticeKind.QUESTION, "U0DOC")) == []
    assert "Yes, page two." in words(practice.sees(NoticeKind.ANSWERED, "U0CORA"))


def test_words_for_a_patient_wait_and_lapse(practice: Practice) -> None:
    number = practice.request().state.number
    asked = ProposeWords(TextName("new", "en"), "We have it, and we look at it now.", "Shorter.", number=number)
    made = practice.desk.propose_words(asked, actor=practice.person("U0CORA"), key="own-words")
    practice.deliver()
    waits = practice.sees(telling.WORDS, "U0MAX")
    assert pressed(waits) == [Id.WORDS_APPROVE, Id.WORDS_DECLINE]
    assert waits.text == f"PA-{number} · J.D. · Northwind Health · New request"
    practice.does("U0CORA", c.MarkReady(number=number))
    practice.deliver()
    lapsed = practice.sees(telling.WORDS, "U0MAX")
    assert "The request has moved on" in words(lapsed)
    assert pressed(lapsed) == [Id.WORDS_DECLINE]
    practice.desk.decline_words(made.id, "Not needed.", actor=practice.person("U0MAX"), key="no")
    practice.deliver()
    assert "Not needed." in words(practice.sees(telling.WORDS_DECIDED, "U0CORA"))
    assert pressed(practice.sees(telling.WORDS, "U0MAX")) == []


def test_a_request_handed_over(practice: Practice) -> None:
    number = practice.request().state.number
    practice.does("U0CORA", c.Assign(number=number, owner_id="U0FINN", note="You know the payer."))
    assert "You know the payer." in words(practice.sees(NoticeKind.ASSIGNED, "U0FINN"))


def test_an_alarm_and_its_all_clear(practice: Practice) -> None:
    number = practice.request().state.number
    practice.does("U0CORA", c.Claim(number=number), c.CheckRequirement(number=number, required=True))
    practice.clock.set(MONDAY + timedelta(days=1))
    assert practice.desk.raise_alarms() == 1
    assert f"PA-{number}" in words(practice.sees(telling.OVERDUE_OWNER))
    assert "For your information" in words(practice.sees(telling.OVERDUE_CLINICIAN))
    assert f"PA-{number}" in words(practice.sees(telling.ESCALATED_TODAY))

    sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=practice.clock.now())
    practice.does("U0CORA", sent)
    assert "Nothing of it is late any longer" in words(practice.sees(telling.OVERDUE_OWNER))
    assert "Nothing more is wanted of you" in words(practice.sees(telling.OVERDUE_CLINICIAN))
    assert "All clear" in words(practice.sees(telling.ESCALATED_TODAY))


def test_an_alarm_that_cleared_before_anybody_read_it_is_not_sent(practice: Practice) -> None:
    number = practice.request().state.number
    practice.does("U0CORA", c.Claim(number=number), c.CheckRequirement(number=number, required=True))
    practice.clock.set(MONDAY + timedelta(days=1))
    assert practice.desk.raise_alarms() == 1
    practice.does("U0CORA", c.Submit(number=number, channel=Channel.PORTAL, submitted_at=practice.clock.now()))
    assert not [key for key in practice.deliver() if key.startswith(("overdue", "escalated"))]


@pytest.mark.parametrize("plain", [False, True])
def test_the_morning_digest(practice: Practice, plain: bool) -> None:
    denied(practice)
    practice.clock.set(MONDAY + timedelta(days=1) - timedelta(hours=2))
    assert practice.desk.queue_digest()
    practice.deliver(plain=plain)
    drawn = practice.sees(telling.DIGEST)
    assert "Waiting for a clinician" in words(drawn)
    assert ("data_table" in {block["type"] for block in drawn.blocks}) is not plain


def test_the_round_up_follows_what_is_answered(practice: Practice) -> None:
    """On the first morning all but three are answered before it leaves; on the second it is there already."""
    asked = [practice.request(despite_duplicate=True).state.number for _ in range(5)]
    practice.does("U0CORA", *(c.AskClinician(number=number, question="Which visit?") for number in asked))

    def answer(number: int) -> None:
        question = practice.desk.card(number, actor=practice.person("U0DOC")).state.question
        assert question is not None
        assert question.id is not None
        practice.does("U0DOC", c.AnswerQuestion(number=number, question_id=question.id, answer="June"))

    practice.clock.forward(hours=22)  # half past eight
    assert practice.desk.queue_round_ups() == 1
    answer(asked[0])
    answer(asked[1])
    assert not [key for key in practice.deliver() if key.startswith(telling.ROUND_UP)]
    more = [practice.request(despite_duplicate=True).state.number for _ in range(2)]
    practice.does("U0CORA", *(c.AskClinician(number=number, question="Which visit?") for number in more))
    assert not [key for key in practice.deliver() if key.startswith(telling.ROUND_UP)]
    practice.clock.forward(hours=24)
    assert practice.desk.queue_round_ups() == 1
    assert "5 requests wait for your judgement" in words(practice.sees(telling.ROUND_UP))
    for number in asked[2:]:
        answer(number)
    drawn = practice.sees(telling.ROUND_UP)
    assert "2 requests wait for your judgement" in words(drawn)
    assert [f"PA-{number}" in words(drawn) for number in (asked[2], *more)] == [False, True, True]


def test_the_weekly_review_of_checklists(practice: Practice) -> None:
    chairs = KeptChecklist(Checklist("Chairs", (parse_codes("K0800-K0899"),)), "Gold")
    practice.desk.import_payers([PayerEntry("Northwind Health", checklists=(chairs,))], source="northwind.yaml")
    practice.request()
    assert practice.desk.queue_review()
    drawn = practice.sees(telling.LIBRARY_REVIEW, "U0MAX")
    assert "Northwind Health: Chairs* · 1 open request follows it\n🕒 Never verified." in words(drawn)
    assert drawn.blocks[1]["accessory"]["action_id"] == Id.CHECKLIST_OPEN


def _calendar(settings: PracticeSettings) -> PracticeCalendar:
    return PracticeCalendar(ZoneInfo(settings.timezone), dict.fromkeys(range(5), (time(8), time(17))))
