"""The morning round-up: much that waits for somebody's judgement is told at once, once a day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from record_practice import CARL, CORA, FAY, IDA, MAX, NED, Bench, a_practice, once, together

from pabot.domain import commands as c
from pabot.domain.absences import GoAway
from pabot.domain.commands_patient import AnswerCall, RecordPatientCall
from pabot.domain.happenings import Asked, Caller
from pabot.services.telling import ROUND_UP

TUESDAY = date(2026, 11, 17)


@pytest.fixture
def bench(sqlite_url: str) -> object:
    """For what does not depend on the database."""
    with a_practice(sqlite_url) as made:
        yield made


def asked(practice: Bench, many: int, of: str = IDA) -> list[int]:
    """Requests with a question to this clinician."""
    numbers = [practice.open(clinician_id=of).state.number for _ in range(many)]
    for number in numbers:
        practice.step(CORA, c.AskClinician(number=number, question="Which visit?"))
    return numbers


def called(practice: Bench) -> int:
    number = practice.open().state.number
    practice.step(
        FAY,
        RecordPatientCall(
            number=number, at=practice.clock.now(), caller=Caller.PATIENT, asked=Asked.QUESTION, said="Is it safe?"
        ),
    )
    return number


def clock_says(practice: Bench, day: date, hour: int, minute: int = 0) -> None:
    """On the practice's wall."""
    practice.clock.set(datetime.combine(day, time(hour, minute), ZoneInfo("America/New_York")).astimezone(UTC))


def morning(practice: Bench, day: date = TUESDAY, hour: int = 8, minute: int = 0) -> int:
    clock_says(practice, day, hour, minute)
    return practice.desk.queue_round_ups()


def told(practice: Bench) -> list[tuple[str, str]]:
    rows = practice.rows("SELECT key, recipient FROM message WHERE kind = :kind ORDER BY id", kind=ROUND_UP)
    return [(row["recipient"], row["key"]) for row in rows]


def wanted(practice: Bench) -> list[int]:
    rows = practice.rows("SELECT wanted FROM message WHERE kind = :kind ORDER BY id", kind=ROUND_UP)
    return [row["wanted"] for row in rows]


def answer(practice: Bench, number: int) -> None:
    question = practice.desk.card(number, actor=practice.member(IDA)).state.question
    assert question
    assert question.id
    practice.step(IDA, c.AnswerQuestion(number=number, question_id=question.id, answer="June"))


def test_more_than_three_are_told_a_patient_s_call_among_them(practice: Bench) -> None:
    asked(practice, 3)
    asked(practice, 3, of=NED)
    call = called(practice)
    assert morning(practice) == 1
    assert told(practice) == [(IDA, f"round_up:{TUESDAY}:{IDA}")]
    page = practice.desk.round_up(IDA)
    home = practice.desk.home(actor=practice.member(IDA)).waiting
    assert (page.lines, page.total) == (home.lines, 4)
    assert call in {line.number for line in page.lines}
    practice.step(IDA, AnswerCall(number=call, answer="Yes."))
    assert morning(practice, TUESDAY + timedelta(days=1)) == 0


def test_workers_at_once_and_after_a_restart_tell_once_a_day(practice: Bench) -> None:
    asked(practice, 4)
    clock_says(practice, TUESDAY, 8)

    def tick() -> int:
        with practice.another() as worker:
            return worker.desk.queue_round_ups()

    assert sorted(together(tick, tick, tick)) == [0, 0, 1]  # type: ignore[type-var]
    with practice.another() as restarted:
        assert morning(restarted, TUESDAY, 11) == 0
    assert morning(practice, TUESDAY + timedelta(days=1)) == 1
    assert [key for _, key in told(practice)] == [f"round_up:2026-11-{day}:{IDA}" for day in (17, 18)]


def test_it_comes_from_the_digest_s_time_until_noon_on_open_days(bench: Bench) -> None:
    asked(bench, 4)
    moments = [(17, 7, 59), (17, 8, 0), (18, 11, 59), (19, 12, 0), (19, 16, 0), (20, 8, 0), (21, 9, 0)]  # 21: Saturday
    assert [morning(bench, date(2026, 11, day), *at) for day, *at in moments] == [0, 1, 1, 0, 0, 1, 0]


def test_few_that_become_many_later_wait_for_the_next_morning(bench: Bench) -> None:
    asked(bench, 3)
    assert morning(bench) == 0
    asked(bench, 1)
    assert morning(bench, TUESDAY, 9) == 0
    assert morning(bench, TUESDAY + timedelta(days=1)) == 1


def test_the_cover_is_told_and_who_is_away_is_not(practice: Bench) -> None:
    asked(practice, 2)
    asked(practice, 2, of=NED)
    clock_says(practice, TUESDAY, 7)
    away = GoAway(IDA, TUESDAY, None, (NED,))
    practice.desk.go_away(away, actor=practice.member(MAX), key=once("away"))
    assert morning(practice) == 1
    assert told(practice) == [(NED, f"round_up:{TUESDAY}:{NED}")]
    assert practice.desk.round_up(NED).total == 4


def test_it_follows_what_becomes_of_them_on_that_day(bench: Bench) -> None:
    first, second, third, _ = asked(bench, 4)
    assert morning(bench) == 1
    answer(bench, first)
    assert (wanted(bench), bench.desk.round_up(IDA).total) == ([2], 3)
    bench.take_back(IDA, first)
    assert (wanted(bench), bench.desk.round_up(IDA).total) == ([3], 4)
    bench.step(IDA, c.Withdraw(number=second, reason="patient_declined", payer_told=True))
    assert (wanted(bench), bench.desk.round_up(IDA).total) == ([4], 3)
    bench.step(CORA, c.Assign(number=bench.open().state.number, owner_id=CARL))  # waits for nobody's judgement
    assert wanted(bench) == [4]
    clock_says(bench, TUESDAY + timedelta(days=1), 9)
    answer(bench, third)
    assert wanted(bench) == [4]
