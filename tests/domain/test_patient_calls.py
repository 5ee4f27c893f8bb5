"""A patient calls: who hears of it, by when it is answered, and what it settles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, MARA, VERA, Story, at, on_the_wall, rules

from pabot.domain import ladder, quiet
from pabot.domain.commands import AnswerQuestion, AskClinician
from pabot.domain.commands_patient import AnswerCall, CallBack, CalledBack, HandOverCall, PassOn, RecordPatientCall
from pabot.domain.commands_review import ReturnReview
from pabot.domain.deadlines import Clock, running
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotNow
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Member
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.statuses import Status
from pabot.domain.steps import NoticeKind
from pabot.domain.update_times import times

BOOK = replace(rules(), updates=times())


def call(story: Story, by: Member = VERA, **typed: Any) -> Story:
    usual = {"at": story.now, "caller": Caller.PATIENT, "asked": Asked.STATUS, "said": "When is it?"}
    return story.does(by, RecordPatientCall, **{**usual, **typed})


def pending() -> Story:
    return Story(book=BOOK).pending()


def due(story: Story, kind: Clock) -> str:
    return next(on_the_wall(one.due_at) for one in running(story.state, story.book) if one.kind is kind)


def told(story: Story) -> list[tuple[NoticeKind, str, bool]]:
    assert story.change is not None
    return [(notice.kind, notice.to, notice.at_once) for notice in story.change.notices]


def test_the_front_desk_records_a_call_about_where_it_stands() -> None:
    story = call(pending())
    (kept,) = story.state.calls
    assert (kept.taken_by, kept.said, kept.asked_of) == (VERA.user_id, "When is it?", None)
    assert told(story) == []
    assert story.state.status is Status.PENDING


@pytest.mark.parametrize(
    ("asked", "clock", "by", "at_once"),
    [
        (Asked.QUESTION, Clock.PATIENT_QUESTION, "Tue 2026-06-02 12:00", False),
        (Asked.WORRY, Clock.PATIENT_WORRY, "Mon 2026-06-01 21:00", True),
    ],
)
def test_what_only_a_clinician_may_answer_goes_to_one_at_once(
    asked: Asked, clock: Clock, by: str, at_once: bool
) -> None:
    story = call(pending().wait_until("2026-06-01 19:59"), at=at("2026-06-01 20:00"), asked=asked)
    assert told(story) == [(NoticeKind.PATIENT_CALLED, DORA.user_id, at_once)]
    assert due(story, clock) == by
    assert (waits_for(story.state), story.state.status) == (DORA.user_id, Status.PENDING)
    assert needed(story.state).startswith("Answer the patient who called; meanwhile: ")
    assert clock not in {one.kind for one in running(story.does(DORA, CalledBack).state, BOOK)}


def test_the_managers_hear_of_a_worry_as_soon_as_it_is_late() -> None:
    story = call(pending(), asked=Asked.WORRY)
    late = next(one for one in ladder.clocks(story.state, BOOK) if one.kind is Clock.PATIENT_WORRY)
    assert late.managers_at == late.due_at


def test_the_cover_of_a_clinician_who_is_away_is_asked() -> None:
    away = replace(DORA, away=True, cover_id=DEAN.user_id)
    story = Story(book=replace(rules(CORA, away, DEAN, MARA, VERA), updates=times())).pending()
    assert told(call(story, asked=Asked.QUESTION)) == [(NoticeKind.PATIENT_CALLED, DEAN.user_id, False)]


def test_an_answer_for_the_coordinator_reaches_the_owner() -> None:
    story = call(pending(), asked=Asked.QUESTION).does(DORA, AnswerCall, answer="Take it with food.")
    assert told(story) == [(NoticeKind.CALL_ANSWERED, CORA.user_id, False)]
    assert (story.state.calls[0].answer, story.state.open_calls) == ("Take it with food.", ())


def test_a_second_question_waits_beside_the_first() -> None:
    story = call(call(pending(), asked=Asked.QUESTION), asked=Asked.QUESTION)
    first, second = (one.seq for one in story.state.open_calls)
    story.does(DORA, CalledBack, call=first).does(DORA, HandOverCall, call=second, to=DEAN.user_id)
    assert [one.asked_of for one in story.state.open_calls] == [DEAN.user_id]
    with pytest.raises(AlreadyDone):
        story.does(DEAN, CalledBack, call=first)


def test_a_closed_request_is_called_about_as_well() -> None:
    story = call(Story(book=BOOK).pending().approve().tell(and_close=True), asked=Asked.WORRY)
    assert story.state.status is Status.CLOSED
    assert due(story, Clock.PATIENT_WORRY)
    assert needed(story.state) == "Answer the patient who called"


def test_what_was_read_out_to_the_patient_is_told() -> None:
    story = call(pending(), read_out=True)
    assert story.state.patient_news is not None
    assert story.state.patient_news.told_by == VERA.user_id
    call(story.approve(), read_out=True, caller=Caller.REPRESENTATIVE)
    assert (story.state.patient_knows, story.state.status) == (True, Status.PATIENT_NOTIFIED)
    denied = call(Story(book=BOOK).pending().deny(), read_out=True)
    assert (denied.state.patient_knows, denied.state.status) == (True, Status.CLINICAL_REVIEW)


def test_a_call_before_the_decision_tells_nothing_of_it() -> None:
    story = pending()
    early = story.now - timedelta(minutes=1)
    assert not call(story.approve(), at=early, read_out=True).state.patient_knows


REFUSED: list[tuple[str, Member, dict[str, Any], str]] = [
    ("read out to a stranger", VERA, {"caller": Caller.UNVERIFIED, "read_out": True}, "read_out"),
    ("tomorrow", VERA, {"at": at("2026-06-02 09:00")}, "at"),
    ("before it was opened", VERA, {"at": at("2026-05-29 09:00")}, "at"),
    ("taken by a colleague, says the front desk", VERA, {"taken_by_id": MARA.user_id}, "taken_by"),
    ("taken by a stranger", VERA, {"taken_by_id": "UNOBODY"}, "taken_by"),
]


@pytest.mark.parametrize(("who", "typed", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_is_refused_under_its_field(who: Member, typed: dict[str, Any], field: str) -> None:
    story = pending()
    with pytest.raises(Invalid) as wrong:
        call(story, who, **typed)
    assert set(wrong.value.fields) == {field}
    assert story.state.calls == ()


@pytest.mark.parametrize("who", [CORA, BILL, MARA, VERA])
def test_nobody_without_a_licence_answers_for_the_clinician(who: Member) -> None:
    story = call(pending(), asked=Asked.QUESTION)
    for typed in ({"step": CalledBack}, {"step": AnswerCall, "answer": "Yes."}):
        with pytest.raises(NotAllowed, match="a clinician"):
            story.does(who, **typed)  # type: ignore[arg-type]
    assert story.state.open_calls


def test_nothing_is_answered_that_nobody_asked() -> None:
    for story, call_ in ((pending(), None), (call(pending(), asked=Asked.QUESTION), 7)):
        with pytest.raises(NotNow):
            story.does(DORA, CalledBack, call=call_)


def test_a_call_is_handed_to_another_clinician_only() -> None:
    story = call(pending(), asked=Asked.QUESTION)
    for to in (CORA, DORA):
        with pytest.raises(Invalid) as wrong:
            story.does(DORA, HandOverCall, to=to.user_id)
        assert set(wrong.value.fields) == {"to"}


def asked_as_a_question() -> Story:
    story = pending().does(CORA, AskClinician, question="May she wait?", trigger="patient_worry")
    assert story.state.question
    return story.does(DORA, AnswerQuestion, question_id=story.state.question.id, answer="She must come in today.")


def answered(asked: Asked) -> Story:
    return call(pending(), asked=asked).does(DORA, AnswerCall, answer="Take it with food.")


ANSWERED: dict[str, tuple[Callable[[], Story], Clock, timedelta | None]] = {  # an hour on the wall, or a business day
    "a question of the patient's call": (lambda: answered(Asked.QUESTION), Clock.TELL_ANSWER, None),
    "an urgent worry of the patient's call": (lambda: answered(Asked.WORRY), Clock.TELL_WORRIED, timedelta(hours=1)),
    "an urgent worry asked as a question": (asked_as_a_question, Clock.TELL_WORRIED, timedelta(hours=1)),
}


@pytest.mark.parametrize("what", ANSWERED)
def test_an_answer_waits_with_the_owner_until_the_patient_has_heard_it(what: str) -> None:
    made, kind, within = ANSWERED[what]
    story = made()
    clock = next(one for one in ladder.clocks(story.state, BOOK) if one.kind is kind)
    assert clock.due_at == (story.now + within if within else BOOK.calendar.plus_business_days(story.now, 1))
    assert clock.managers_at == (clock.due_at if within else BOOK.calendar.plus_business_days(clock.due_at, 1))
    assert (clock.asked_of, waits_for(story.state)) == (None, CORA.user_id)
    assert needed(story.state).startswith("Tell the patient the clinician's answer; meanwhile: ")
    assert "pass_on" in story.offers(CORA)
    with pytest.raises(NotAllowed):
        story.does(VERA, PassOn)
    story.does(CORA, PassOn)
    assert story.state.untold_since is None
    assert not {one.kind for one in running(story.state, BOOK)} & {Clock.TELL_ANSWER, Clock.TELL_WORRIED}
    with pytest.raises(NotNow, match="No answer of a clinician waits"):
        story.does(CORA, PassOn)


def worried() -> Story:
    return pending().does(CORA, AskClinician, question="May she wait?", trigger="patient_worry")


def given_back() -> Story:
    return worried().does(DORA, ReturnReview, reason="cannot_judge", words="Is there a fever?")


LEFT: dict[str, Callable[[], Story]] = {
    "given back": given_back,
    "given back at once, as no clinical matter": lambda: worried().does(
        DORA, ReturnReview, reason="not_clinical", words="The line was busy."
    ),
    "overtaken by the payer's approval": lambda: worried().approve(),
    "overtaken by a withdrawal": lambda: worried().withdraw(),
}


@pytest.mark.parametrize("how", LEFT)
def test_an_urgent_worry_that_nobody_answered_stays_the_owner_s_until_the_patient_is_called(how: str) -> None:
    story = LEFT[how]()
    clock = next(one for one in ladder.clocks(story.state, BOOK) if one.kind is Clock.WORRY_LEFT)
    assert clock.due_at == clock.managers_at == story.now + timedelta(hours=1)
    assert (clock.asked_of, waits_for(story.state)) == (None, CORA.user_id)
    assert needed(story.state).startswith("Call the patient back: nobody has answered their urgent worry")
    assert not quiet.can_wait(story.state, (), story.now + timedelta(days=1))
    assert "call_back" in story.offers(CORA)
    with pytest.raises(NotAllowed):
        story.does(VERA, CallBack)
    story.does(CORA, CallBack)
    assert Clock.WORRY_LEFT not in {one.kind for one in running(story.state, BOOK)}
    with pytest.raises(NotNow, match="No patient with an urgent worry waits"):
        story.does(CORA, CallBack)


def test_a_worry_that_is_asked_anew_is_the_next_doctor_s() -> None:
    """What is asked besides leaves it with the owner; given back once more, it is theirs from then on."""
    story = given_back()
    story.does(CORA, AskClinician, question="Which visit?", trigger="judgement")
    assert due(story, Clock.WORRY_LEFT)
    story.answer().does(CORA, AskClinician, question="May she wait?", trigger="patient_worry", to=DEAN.user_id)
    found = {one.kind: one.asked_of for one in running(story.state, BOOK)}
    assert (found[Clock.ACCEPTANCE], Clock.WORRY_LEFT in found) == (DEAN.user_id, False)
    story.wait_until("2026-06-01 16:30").does(DEAN, ReturnReview, reason="cannot_judge", words="Is there a fever?")
    assert due(story, Clock.WORRY_LEFT)


def test_a_question_that_is_no_worry_leaves_nobody_to_be_called() -> None:
    story = pending().does(CORA, AskClinician, question="Which visit?", trigger="judgement")
    story.does(DORA, ReturnReview, reason="cannot_judge", words="Which payer?")
    assert story.state.worry_since is None


def test_one_call_back_leaves_the_answer_to_another_worry_to_be_told() -> None:
    story = call(given_back(), asked=Asked.WORRY).does(DORA, AnswerCall, answer="Come in today.")
    story.does(CORA, CallBack)
    assert due(story, Clock.TELL_WORRIED)
    story.does(CORA, PassOn)
    assert not story.state.patient_waits


def test_a_second_answer_puts_the_first_off_by_nothing() -> None:
    story = answered(Asked.QUESTION)
    first = due(story, Clock.TELL_ANSWER)
    call(story.wait_until("2026-06-01 16:30"), asked=Asked.QUESTION).does(DORA, AnswerCall, answer="No.")
    assert due(story, Clock.TELL_ANSWER) == first
    assert story.does(CORA, PassOn).state.untold_since is None


def test_whoever_called_back_has_told_the_patient_themselves() -> None:
    story = call(pending(), asked=Asked.WORRY).does(DORA, CalledBack)
    assert story.state.untold_since is None


def test_an_answer_about_a_closed_request_waits_as_well() -> None:
    story = call(Story(book=BOOK).pending().approve().tell(and_close=True), asked=Asked.WORRY)
    story.does(DORA, AnswerCall, answer="Come in today.")
    assert due(story, Clock.TELL_WORRIED)
    assert (needed(story.state), waits_for(story.state)) == ("Tell the patient the clinician's answer", CORA.user_id)
    assert waits_for(story.does(CORA, PassOn).state) is None
