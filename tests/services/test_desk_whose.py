"""On one request a denial, a question and a patient's call wait for three people: each hears of their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from record_practice import BILL, CORA, FAY, IDA, MAX, NED, STAFF, Bench, once

from pabot.domain import commands as c
from pabot.domain.absences import GoAway
from pabot.domain.cards import Digest
from pabot.domain.commands_patient import AnswerCall, CallBack, HandOverCall, PassOn, RecordPatientCall
from pabot.domain.commands_review import ReturnReview
from pabot.domain.deadlines import Clock
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Channel, Role
from pabot.domain.review import Matter
from pabot.services.presence import asked_about
from pabot.store.migrations import configuration, upgrade

TUESDAY_NOON = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
DECIDE, ANSWER = "Decide what to do about the denial", "Answer the question"
CALL = "Answer the patient who called"
DENIALS = {Clock.ACCEPTANCE, Clock.APPEAL_READY}


def called(practice: Bench, number: int, asked: Asked = Asked.QUESTION) -> None:
    at = practice.clock.now()
    practice.step(FAY, RecordPatientCall(number=number, at=at, caller=Caller.PATIENT, asked=asked, said="Is it safe?"))


def for_three(practice: Bench) -> int:
    """The denial waits for the biller, a question for Dr. Farrow, and the patient's call for Dr. Voss."""
    number = practice.pending().state.number
    today = practice.desk.calendar().day(practice.clock.now())
    denial = {"reason": "missing_docs", "notice_on": today, "received_at": practice.clock.now()}
    practice.step(CORA, c.RecordDenial(number=number, appeal_by=today + timedelta(days=60), **denial))
    practice.step(CORA, c.AskClinician(number=number, question="Which visit?", to=NED))
    called(practice, number)
    return number


def late(practice: Bench, at: datetime = TUESDAY_NOON) -> None:
    practice.clock.set(at)
    practice.desk.raise_alarms()


def wanted_of(practice: Bench, user: str) -> set[Clock]:
    day = practice.desk.calendar().day(practice.clock.now())
    return {item.clock for item in practice.desk.overdue_for(user, day).items if item.wants_decision}


def alarmed(practice: Bench) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = 'overdue_clinician' ORDER BY recipient")
    return [row["recipient"] for row in rows]


def on_home(practice: Bench, user: str) -> list[tuple[int, str, Clock | None]]:
    waiting = practice.desk.home(actor=practice.member(user)).waiting
    assert waiting.total == len(waiting.lines)
    return [(line.number, line.needed, line.due_kind) for line in waiting.lines]


def saved(practice: Bench, user: str, **changed: object) -> None:
    member = next(member for member in STAFF if member.user_id == user)
    practice.desk.save_member(replace(member, **changed), actor=practice.member(MAX), key=once("member"))  # type: ignore[arg-type]


WHOSE: Mapping[str, tuple[set[Clock], str, Clock]] = {
    BILL: (DENIALS, DECIDE, Clock.ACCEPTANCE),
    NED: ({Clock.ACCEPTANCE}, ANSWER, Clock.ACCEPTANCE),
    IDA: ({Clock.PATIENT_QUESTION}, CALL, Clock.PATIENT_QUESTION),
}


def test_each_hears_of_their_own_and_of_no_other_s(practice: Bench) -> None:
    number = for_three(practice)
    for user, (_, needed, clock) in WHOSE.items():
        assert on_home(practice, user) == [(number, needed, clock)]
    assert on_home(practice, CORA) == []
    late(practice)
    assert alarmed(practice) == [BILL, IDA, NED]
    assert {user: wanted_of(practice, user) for user in WHOSE} == {user: clocks for user, (clocks, *_) in WHOSE.items()}
    (line,) = practice.desk.digest().waiting_for_clinician
    assert line.needed == f"{DECIDE}; answer the question; answer the patient who called"
    assert set(line.waits_for.split(", ")) == {"Bill Aster", "Dr. Ned Farrow", "Dr. Ida Voss"}


def test_each_list_says_whom_the_clock_waits_for(practice: Bench) -> None:
    for_three(practice)
    late(practice)
    day = practice.desk.calendar().day(practice.clock.now())
    names = {(item.clock, item.waits_for) for item in practice.desk.escalated_on(day).items}
    assert names >= {
        (Clock.ACCEPTANCE, "Bill Aster"),
        (Clock.ACCEPTANCE, "Dr. Ned Farrow"),
        (Clock.PATIENT_QUESTION, "Dr. Ida Voss"),
        (Clock.PATIENT_TOLD, "Cora Lindqvist"),
    }
    assert {(item.clock, item.waits_for) for item in practice.desk.overdue_at(CORA, TUESDAY_NOON).items} >= names


def test_what_one_has_done_leaves_the_others_theirs(practice: Bench) -> None:
    number = for_three(practice)
    late(practice)
    practice.step(IDA, AnswerCall(number=number, answer="Yes, with food."))
    question = practice.desk.card(number, actor=practice.member(NED)).state.question
    assert question
    assert question.id
    practice.step(NED, c.AnswerQuestion(number=number, question_id=question.id, answer="The one in June"))
    assert (wanted_of(practice, IDA), wanted_of(practice, NED), wanted_of(practice, BILL)) == (set(), set(), DENIALS)
    assert on_home(practice, BILL) == [(number, DECIDE, Clock.ACCEPTANCE)]


def test_the_second_s_time_runs_beside_the_first_s(practice: Bench) -> None:
    """The denial was routed an hour after the question was asked, and its own four hours are over as well."""
    number = practice.pending().state.number
    practice.step(CORA, c.AskClinician(number=number, question="Which visit?", to=NED))
    practice.clock.forward(hours=1)
    called(practice, number)
    practice.step(IDA, HandOverCall(number=number, to=NED))
    practice.clock.forward(minutes=5)
    called(practice, number)
    practice.clock.forward(hours=5)
    practice.desk.raise_alarms()
    assert wanted_of(practice, NED) == {Clock.ACCEPTANCE, Clock.PATIENT_QUESTION}
    assert wanted_of(practice, IDA) == {Clock.PATIENT_QUESTION}


@pytest.mark.parametrize("user", [NED, IDA])
@pytest.mark.parametrize("how", ["goes away", "leaves", "loses the role"])
@pytest.mark.parametrize("when", ["before it is late", "after"])
def test_whoever_is_not_here_has_somebody_who_hears_in_their_place(
    practice: Bench, user: str, how: str, when: str
) -> None:
    number, heir = for_three(practice), {NED: IDA, IDA: NED}[user]
    if when == "after":
        late(practice)
    if how == "goes away":
        away = GoAway(user, practice.desk.calendar().day(practice.clock.now()), None, (heir,))
        practice.desk.go_away(away, actor=practice.member(user), key=once("away"))
    else:
        saved(practice, user, **({"active": False} if how == "leaves" else {"roles": frozenset({Role.VIEWER})}))
    late(practice, TUESDAY_NOON if when == "before it is late" else TUESDAY_NOON + timedelta(hours=4))
    assert Clock.PATIENT_QUESTION in wanted_of(practice, heir)
    assert [row[0] for row in on_home(practice, heir)] == [number]
    assert wanted_of(practice, BILL) == DENIALS
    if how != "goes away":
        assert wanted_of(practice, user) == set()
    assert set(alarmed(practice)) >= {BILL, heir}


def test_what_is_late_goes_with_the_hand_over(practice: Bench) -> None:
    """A call keeps its time: the other doctor has it on the list of the day, the first one no more."""
    number = for_three(practice)
    late(practice)
    practice.step(IDA, HandOverCall(number=number, to=NED))
    assert wanted_of(practice, NED) == {Clock.ACCEPTANCE, Clock.PATIENT_QUESTION}
    assert wanted_of(practice, IDA) == set()
    assert on_home(practice, IDA) == []
    ended = practice.rows("SELECT ended FROM deadline WHERE kind = 'patient_question' AND done_at IS NOT NULL")
    assert ended == []  # and the owner is not told again
    practice.take_back(IDA, number)
    assert wanted_of(practice, IDA) == {Clock.PATIENT_QUESTION}


def test_a_denial_that_goes_to_a_doctor_takes_its_clocks_along(practice: Bench) -> None:
    number = for_three(practice)
    late(practice)
    practice.step(BILL, c.Route(number=number, to=IDA, what=Matter.DENIAL))
    assert wanted_of(practice, BILL) == set()
    assert wanted_of(practice, IDA) == {Clock.APPEAL_READY, Clock.PATIENT_QUESTION}
    assert on_home(practice, IDA) == [(number, f"{CALL}; decide what to do about the denial", Clock.PATIENT_QUESTION)]


def test_the_cover_of_a_day_has_the_judgement_of_whoever_is_away(practice: Bench) -> None:
    number = for_three(practice)
    today = practice.desk.calendar().day(practice.clock.now())
    practice.desk.go_away(GoAway(NED, today, None, (IDA,)), actor=practice.member(MAX), key=once("away"))
    state = practice.desk.card(number, actor=practice.member(IDA)).state
    assert state.question
    assert (state.question.asked_of, state.denial and state.denial.routed_to) == (IDA, BILL)
    assert on_home(practice, IDA) == [(number, f"{ANSWER}; answer the patient who called", Clock.ACCEPTANCE)]
    hand_over = practice.desk.hand_over(practice.desk.absence(NED).id, cover=IDA)  # type: ignore[union-attr]
    assert [line.number for line in hand_over.lines] == [number]


def test_whoever_is_asked_for_something_due_today_and_does_nothing_is_asked_about(practice: Bench) -> None:
    number = for_three(practice)
    practice.clock.set(datetime(2026, 11, 17, 15, 30, tzinfo=UTC))
    practice.step(IDA, c.LogContact(number=number, channel=Channel.PHONE, result="In review"))
    practice.desk.ask_who_is_in()
    rows = practice.rows("SELECT DISTINCT subject FROM message WHERE kind = 'is_in'")
    assert [asked_about(row["subject"])[1] for row in rows] == [[BILL, CORA, NED]]


def closed(practice: Bench) -> int:
    number = practice.pending().state.number
    practice.step(IDA, c.Withdraw(number=number, reason="plan_changed", payer_told=True))
    return number


def test_a_call_about_a_closed_request_is_on_home_in_the_round_up_and_in_the_alarms(practice: Bench) -> None:
    number = closed(practice)
    called(practice, number)
    assert on_home(practice, IDA) == [(number, CALL, Clock.PATIENT_QUESTION)]
    assert [line.number for line in practice.desk.round_up(IDA).lines] == [number]
    assert [line.number for line in practice.desk.mine(actor=practice.member(IDA)).lines] == [number]
    assert [line.waits_for for line in practice.desk.digest().waiting_for_clinician] == ["Dr. Ida Voss"]
    late(practice)
    assert (alarmed(practice), wanted_of(practice, IDA)) == ([IDA], {Clock.PATIENT_QUESTION})
    practice.step(IDA, HandOverCall(number=number, to=NED))
    assert (on_home(practice, IDA), wanted_of(practice, NED)) == ([], {Clock.PATIENT_QUESTION})
    practice.step(NED, AnswerCall(number=number, answer="Yes."))
    assert (on_home(practice, NED), wanted_of(practice, NED)) == ([], set())


def test_what_is_late_about_a_closed_request_is_in_the_digest(practice: Bench) -> None:
    """For the doctor who was asked, then for the owner who passes the answer on."""
    number = closed(practice)
    called(practice, number, Asked.WORRY)
    practice.clock.forward(hours=2)
    morning = practice.desk.digest()
    assert late_in(morning) == [(number, Clock.PATIENT_WORRY, "Dr. Ida Voss")]
    assert (morning.totals["breaches"], morning.closed_late, morning.bottleneck.late) == (1, 1, 0)
    (share,) = practice.desk.owners_morning(morning.day).shares
    assert (share.owner, share.open, share.late) == ("Cora Lindqvist", 0, 1)
    practice.step(IDA, AnswerCall(number=number, answer="She must come in today."))
    assert late_in(practice.desk.digest()) == []
    practice.clock.forward(hours=2)
    assert late_in(practice.desk.digest()) == [(number, Clock.TELL_WORRIED, "Cora Lindqvist")]
    practice.step(CORA, PassOn(number=number))
    assert (late_in(practice.desk.digest()), practice.desk.digest().closed_late) == ([], 0)


def late_in(morning: Digest) -> list[tuple[int, Clock, str]]:
    return [(item.line.number, item.clock, item.waits_for) for item in morning.breaches]


def test_the_answer_to_be_passed_on_today_is_due_today(practice: Bench) -> None:
    number = closed(practice)
    called(practice, number)
    practice.step(IDA, AnswerCall(number=number, answer="Yes."))
    practice.clock.set(datetime(2026, 11, 17, 14, 0, tzinfo=UTC))
    assert [(item.line.number, item.clock) for item in practice.desk.digest().due_today] == [
        (number, Clock.TELL_ANSWER)
    ]


@pytest.mark.parametrize("ended", ["given back", "withdrawn"])
def test_a_worry_that_nobody_answered_is_raised_to_its_owner_by_night(practice: Bench, ended: str) -> None:
    number = practice.pending().state.number
    practice.clock.set(datetime(2026, 11, 17, 1, 0, tzinfo=UTC))
    practice.step(CORA, c.AskClinician(number=number, question="May she wait?", trigger="patient_worry"))
    if ended == "given back":
        practice.step(IDA, ReturnReview(number=number, reason="cannot_judge", words="Is there a fever?"))
    else:
        practice.step(IDA, c.Withdraw(number=number, reason="plan_changed", payer_told=True))
    practice.clock.forward(minutes=61)
    practice.desk.raise_alarms()
    told = practice.rows("SELECT kind, recipient FROM message WHERE kind IN ('overdue_owner', 'overdue_manager')")
    assert {(row["kind"], row["recipient"]) for row in told} == {("overdue_owner", CORA), ("overdue_manager", MAX)}
    assert number in {line.number for line in practice.desk.home(actor=practice.member(CORA)).mine.lines}
    assert late_in(practice.desk.digest()) == [(number, Clock.WORRY_LEFT, "Cora Lindqvist")]
    practice.step(CORA, CallBack(number=number))
    assert late_in(practice.desk.digest()) == []
    assert practice.take_back(CORA, number).state.worry_since is not None


def untold(practice: Bench, *, of_a_closed_one: bool = False) -> int:
    """A worry by night that a doctor has answered, for the coordinator to pass on."""
    number = closed(practice) if of_a_closed_one else practice.pending().state.number
    practice.clock.set(datetime(2026, 11, 17, 1, 0, tzinfo=UTC))
    called(practice, number, Asked.WORRY)
    practice.step(IDA, AnswerCall(number=number, answer="She must come in today."))
    return number


@pytest.mark.parametrize("of_a_closed_one", [False, True])
def test_an_urgent_answer_that_the_patient_has_not_heard_is_raised_by_night(
    practice: Bench, of_a_closed_one: bool
) -> None:
    number = untold(practice, of_a_closed_one=of_a_closed_one)
    assert number in {line.number for line in practice.desk.home(actor=practice.member(CORA)).mine.lines}
    assert number in {line.number for line in practice.desk.mine(actor=practice.member(CORA)).lines}
    practice.clock.forward(minutes=61)
    practice.desk.raise_alarms()
    told = practice.rows("SELECT kind, recipient FROM message WHERE kind IN ('overdue_owner', 'overdue_manager')")
    assert {(row["kind"], row["recipient"]) for row in told} == {("overdue_owner", CORA), ("overdue_manager", MAX)}
    day = practice.desk.calendar().day(practice.clock.now())
    assert [item.clock for item in practice.desk.overdue_for_managers(day).items] == [Clock.TELL_WORRIED]
    practice.step(CORA, PassOn(number=number))
    assert practice.desk.overdue_for_managers(day).items == ()
    on_hers = {line.number for line in practice.desk.home(actor=practice.member(CORA)).mine.lines}
    assert (number in on_hers) is not of_a_closed_one
    assert practice.take_back(CORA, number).state.urgent_answer_since is not None
    assert [item.clock for item in practice.desk.overdue_for_managers(day).items] == []  # its clock runs anew


def test_a_record_from_before_knows_whose_each_clock_is(practice: Bench) -> None:
    """The revision says it of the one clock that ran of each kind, and the next tick of the rest."""
    rows = "SELECT kind, about, asked_of, due_at FROM deadline WHERE done_at IS NULL ORDER BY kind, about"
    for_three(practice)
    called(practice, closed(practice))
    before = practice.rows(rows)
    practice.store.close()
    command.downgrade(configuration(practice.url), "0018")
    upgrade(practice.url)
    with practice.another() as after:
        after.desk.keep_clocks()
        assert after.rows(rows) == before
