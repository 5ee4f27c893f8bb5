"""A clinician's review at the desk: taken in hand once, handed on when somebody leaves, urgent worries by night."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from record_practice import CORA, IDA, MAX, NED, STAFF, Bench, a_practice, once, together

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.commands_clocks import ChangeDetails
from pabot.domain.commands_review import AcceptReview, ReturnReview
from pabot.domain.deadlines import Clock
from pabot.domain.errors import AlreadyDone, NotAllowed
from pabot.domain.model import Role, Urgency
from pabot.domain.next_steps import waits_for

SATURDAY = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # the office is closed
HER = next(member for member in STAFF if member.user_id == IDA)


@pytest.fixture
def bench(sqlite_url: str) -> object:
    """For what does not depend on the database."""
    with a_practice(sqlite_url) as made:
        yield made


def asked(bench: Bench, trigger: str = "judgement") -> int:
    number = bench.open().state.number
    bench.step(CORA, c.AskClinician(number=number, question="Which visit?", trigger=trigger, background="Two notes."))
    return number


def question_id(bench: Bench, number: int) -> int:
    question = bench.desk.card(number, actor=bench.member(IDA)).state.question
    assert question
    assert question.id
    return question.id


@pytest.mark.parametrize("does", ["takes", "answers", "gives back"])
def test_of_two_clinicians_at_once_one_counts(practice: Bench, does: str) -> None:
    number = asked(practice)
    commands = {
        "takes": AcceptReview(number=number),
        "answers": c.AnswerQuestion(number=number, question_id=question_id(practice, number), answer="June"),
        "gives back": ReturnReview(number=number, reason="cannot_judge", words="the June note"),
    }
    with practice.another() as elsewhere:
        both = (partial(practice.step, IDA, commands[does]), partial(elsewhere.step, NED, commands[does]))
        said = together(*both)
    assert len([one for one in said if isinstance(one, AuthorizationCard)]) == 1, said
    (refused,) = [one for one in said if not isinstance(one, AuthorizationCard)]
    assert "already" in str(refused) or "moved on" in str(refused)


def test_what_was_asked_and_said_comes_back_from_the_record(practice: Bench) -> None:
    number = asked(practice, "unclear_criteria")
    practice.step(IDA, AcceptReview(number=number))
    card = practice.step(IDA, ReturnReview(number=number, reason="cannot_judge", words="the June note"))
    question = practice.desk.card(number, actor=practice.member(CORA)).state.question
    assert question == card.state.question
    assert question
    assert (question.trigger, question.background, question.returned_by) == ("unclear_criteria", "Two notes.", IDA)
    assert question.return_reason == "It cannot be judged without something: the June note"
    kinds = [row["kind"] for row in practice.rows("SELECT kind FROM message WHERE recipient = :who", who=CORA)]
    assert "returned" in kinds
    practice.take_back(IDA, number)
    again = practice.desk.card(number, actor=practice.member(IDA)).state
    assert again.open_question
    assert again.open_question.accepted_at


def test_an_urgent_worry_is_told_and_raised_on_closed_days(bench: Bench) -> None:
    calm, number = asked(bench), bench.open().state.number
    bench.clock.set(SATURDAY)
    bench.step(CORA, c.AskClinician(number=number, question="May she wait?", trigger="patient_worry"))
    held = "SELECT held_until FROM message WHERE kind = 'question' AND \"authorization\" = :number"
    assert bench.rows(held, number=number) == [{"held_until": None}]
    bench.clock.set(SATURDAY + timedelta(minutes=61))
    bench.desk.raise_alarms()
    late = bench.desk.overdue_for(IDA, bench.desk.calendar().day(bench.clock.now()))
    assert [(item.line.number, item.clock) for item in late.items] == [(number, Clock.ACCEPTANCE)]
    assert calm not in {item.line.number for item in late.items}
    bench.step(IDA, AcceptReview(number=number))
    assert not bench.desk.overdue_for(IDA, late.day).items


def test_whoever_loses_the_role_is_refused_and_another_has_it(bench: Bench) -> None:
    number = asked(bench)
    denied = bench.denied().state.number
    urgent = bench.open().state.number
    bench.step(CORA, ChangeDetails(number=urgent, urgency=Urgency.EXPEDITED))
    for taken in (number, denied):
        bench.step(IDA, AcceptReview(number=taken))
    demoted = replace(HER, roles=frozenset({Role.VIEWER}))
    bench.desk.save_member(demoted, actor=bench.member(MAX), key=once("member"))
    with pytest.raises(NotAllowed, match=r"Only a clinician may answer a clinical question\. Ask Dr\. Ned Farrow\."):
        bench.step(IDA, AcceptReview(number=number))
    for of in (number, denied, urgent):
        card = bench.desk.card(of, actor=bench.member(NED))
        assert waits_for(card.state) == NED
        assert Clock.ACCEPTANCE in {clock.kind for clock in card.clocks}
    kinds = {row["kind"] for row in bench.rows("SELECT kind FROM message WHERE recipient = :who", who=NED)}
    assert {"question", "decision", "attest"} <= kinds


def test_nobody_takes_what_somebody_has(bench: Bench) -> None:
    number = asked(bench)
    bench.step(IDA, AcceptReview(number=number))
    with pytest.raises(AlreadyDone, match=r"Dr\. Ida Voss has it already"):
        bench.step(NED, AcceptReview(number=number))


def test_what_waits_for_a_clinician_goes_by_the_legal_date_first(practice: Bench) -> None:
    """Where there is none, by the soonest clock, which is sooner here than any window."""
    plain = asked(practice)
    late, soon = practice.pending().state.number, practice.pending().state.number
    practice.clock.forward(hours=1)
    last_days = {late: date(2027, 1, 15), soon: date(2026, 12, 18)}
    for number, last_day in last_days.items():
        denial = c.RecordDenial(
            number=number,
            reason="not_medically_necessary",
            notice_on=date(2026, 11, 16),
            received_at=practice.clock.now(),
            reason_text="The notes do not show it.",
            appeal_by=last_day,
        )
        practice.step(CORA, denial)
    waiting = practice.desk.home(actor=practice.member(IDA)).waiting.lines
    zone = practice.desk.calendar().zone
    said = [(line.number, line.legal_at and line.legal_at.astimezone(zone).date()) for line in waiting]
    assert said == [(soon, last_days[soon]), (late, last_days[late]), (plain, None)]
