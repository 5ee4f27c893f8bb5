"""Telling patients and hearing from them, at the desk: what lies in the tables, whom it reaches, what comes back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from record_practice import CORA, FAY, IDA, MAX, NED, SETTINGS, Bench, once

from pabot.domain import commands as c
from pabot.domain.absences import GoAway, Split
from pabot.domain.commands_patient import AnswerCall, CalledBack, RecordPatientCall
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid, NotAllowed, NotNow
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Reached, ToldBy, Update
from pabot.domain.statuses import Status
from pabot.domain.update_times import parse_updates

MONDAY_21 = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
SAID = "<!channel> *Can I* take it & go?"


def tell(practice: Bench, number: int, **typed: object) -> c.TellPatient:
    usual = {"number": number, "how": ToldBy.PHONE, "told_at": practice.clock.now()}
    return c.TellPatient(**{**usual, **typed})  # type: ignore[arg-type]


def called(practice: Bench, number: int, asked: Asked = Asked.QUESTION, **typed: object) -> RecordPatientCall:
    usual = {"number": number, "at": practice.clock.now(), "caller": Caller.PATIENT, "asked": asked, "said": SAID}
    return RecordPatientCall(**{**usual, **typed})  # type: ignore[arg-type]


def kinds(practice: Bench, number: int) -> set[Clock]:
    return {clock.kind for clock in practice.desk.card(number, actor=practice.member(CORA)).clocks}


def waiting_for(practice: Bench, user: str) -> list[int]:
    return [line.number for line in practice.desk.home(actor=practice.member(user)).waiting.lines]


def test_news_is_raised_to_its_owner_alone(practice: Bench) -> None:
    number = practice.pending().state.number
    assert Clock.PATIENT_UPDATE in kinds(practice, number)
    practice.clock.set(datetime(2026, 11, 17, 22, 1, tzinfo=UTC))
    practice.step(CORA, c.LogContact(number=number, channel=c.Channel.PHONE, result="In review"))
    practice.desk.raise_alarms()
    rows = practice.rows("SELECT kind, recipient FROM message WHERE kind LIKE 'overdue_%' OR kind = 'escalated_today'")
    assert [(row["kind"], row["recipient"]) for row in rows] == [("overdue_owner", CORA)]
    figures = practice.desk.digest()
    assert [line.number for line in figures.patients_to_tell] == [number]
    assert (figures.breaches, figures.due_today, figures.bottleneck.late) == ((), (), 0)


def test_changing_what_is_told_sets_running_clocks_anew(practice: Bench) -> None:
    number = practice.pending().state.number
    off = replace(SETTINGS, patient_updates=parse_updates("Submitted > off\nPending > off\nDelayed > off"))
    practice.desk.save_settings(off, actor=practice.member(MAX), key=once("settings"))
    assert practice.desk.settings().patient_updates == off.patient_updates
    practice.desk.keep_clocks()
    rows = practice.rows("SELECT kind FROM deadline WHERE done_at IS NULL")
    assert Clock.PATIENT_UPDATE not in {row["kind"] for row in rows}
    (row,) = practice.rows('SELECT due_kind FROM "authorization"')
    assert row["due_kind"] in kinds(practice, number)
    practice.desk.save_settings(SETTINGS, actor=practice.member(MAX), key=once("settings"))
    practice.desk.keep_clocks()
    rows = practice.rows("SELECT kind FROM deadline WHERE done_at IS NULL")
    assert Clock.PATIENT_UPDATE in {row["kind"] for row in rows}
    wrong = replace(SETTINGS, patient_updates=((Update.APPROVED, "off"),))
    with pytest.raises(Invalid):
        practice.desk.save_settings(wrong, actor=practice.member(MAX), key=once("settings"))


def test_an_attempt_is_kept_and_taken_back(practice: Bench) -> None:
    number = practice.pending().state.number
    tried = tell(practice, number, result=Reached.LEFT_WORD, note=SAID)
    practice.step(CORA, tried, key="twice")
    card = practice.step(CORA, tried, key="twice")
    assert card.state.attempt is not None
    assert (card.state.attempt.tries, card.state.attempt.note) == (1, SAID)
    assert SAID not in str(practice.rows("SELECT * FROM attempt"))
    due = {clock.kind: clock.why for clock in card.clocks}[Clock.PATIENT_UPDATE]
    back = {clock.kind: clock.why for clock in practice.take_back(CORA, number).clocks}[Clock.PATIENT_UPDATE]
    assert (due, back) == ("the day of the next try, after trying on Nov 16", "1 business day from sending on Nov 16")
    (row,) = practice.rows("SELECT voided FROM attempt")
    assert row["voided"]
    assert practice.desk.card(number, actor=practice.member(CORA)).state.attempt is None


def test_a_question_reaches_the_clinician_and_their_home(practice: Bench) -> None:
    number = practice.pending().state.number
    call = practice.step(FAY, called(practice, number)).state.calls[0]
    (row,) = practice.rows("SELECT recipient, subject FROM message WHERE kind = 'patient_called'")
    assert (row["recipient"], row["subject"]) == (IDA, f"{number}:{call.seq}")
    assert waiting_for(practice, IDA) == [number]
    assert SAID not in str(practice.rows("SELECT * FROM patient_call"))
    practice.clock.forward(hours=5)
    practice.desk.raise_alarms()
    late = practice.desk.overdue_for(IDA, practice.desk.calendar().day(practice.clock.now()))
    assert [(item.clock, item.wants_decision) for item in late.items] == [(Clock.PATIENT_QUESTION, True)]
    with pytest.raises(NotAllowed, match="a clinician"):
        practice.step(CORA, CalledBack(number=number))
    card = practice.step(IDA, AnswerCall(number=number, answer="Yes, with food."))
    assert card.state.status is Status.PENDING
    assert waiting_for(practice, IDA) == []
    (row,) = practice.rows("SELECT recipient FROM message WHERE kind = 'call_answered'")
    assert row["recipient"] == CORA


def test_a_worry_by_night_is_told_and_raised_by_night(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.clock.set(MONDAY_21)
    practice.step(CORA, called(practice, number, Asked.WORRY))
    practice.step(CORA, called(practice, number, Asked.QUESTION))
    held = practice.rows("SELECT held_until FROM message WHERE kind = 'patient_called' ORDER BY id")
    assert [row["held_until"] is None for row in held] == [True, False]
    practice.clock.forward(hours=1, minutes=1)
    assert practice.desk.raise_alarms() == 2  # to everybody who works on it, and to the managers
    (row,) = practice.rows("SELECT DISTINCT kind FROM deadline JOIN escalation ON deadline_id = id")
    assert row["kind"] == Clock.PATIENT_WORRY


def test_a_call_taken_back_returns_what_was_read_out(practice: Bench) -> None:
    number = practice.pending().state.number
    card = practice.step(CORA, called(practice, number, read_out=True))
    assert (card.state.patient_news is None, len(card.state.calls)) == (False, 1)
    back = practice.take_back(CORA, number)
    assert (back.state.patient_news, back.state.calls) == (None, ())
    assert not kinds(practice, number) & {Clock.PATIENT_QUESTION}
    assert [entry.in_error for entry in back.timeline if entry.kind == "patient_called"] == [True]


def test_a_message_about_a_call_taken_back_never_speaks_of_a_later_one(practice: Bench) -> None:
    number = practice.pending().state.number
    wrong = practice.step(CORA, called(practice, number)).state.calls[0].seq
    practice.take_back(CORA, number)
    right = practice.step(CORA, called(practice, number, Asked.WORRY)).state.calls[0].seq
    with pytest.raises(NotNow, match="no longer on the record"):
        practice.step(IDA, CalledBack(number=number, call=wrong))
    assert not practice.step(IDA, CalledBack(number=number, call=right)).state.open_calls
    assert len(practice.rows("SELECT DISTINCT subject FROM message WHERE kind = 'patient_called'")) == 2


def test_a_clinician_s_answer_is_taken_back_by_a_clinician_only(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.step(CORA, called(practice, number))
    practice.step(IDA, CalledBack(number=number))
    assert practice.desk.card(number, actor=practice.member(MAX)).correctable is None
    assert practice.take_back(IDA, number).state.open_calls


def test_a_call_about_a_closed_request_is_late_like_any_other(practice: Bench) -> None:
    number = practice.pending().state.number
    done = c.Withdraw(number=number, reason="patient_declined", payer_told=True)
    practice.step(IDA, done)
    practice.step(FAY, called(practice, number, Asked.WORRY))
    practice.clock.forward(hours=2)
    practice.desk.raise_alarms()
    day = practice.desk.calendar().day(practice.clock.now())
    assert [item.line.number for item in practice.desk.overdue_for(IDA, day).items] == [number]


def test_a_second_call_is_marked_in_the_digest(practice: Bench) -> None:
    number, other = practice.pending().state.number, practice.pending().state.number
    for asked in (number, number, other):
        practice.step(FAY, called(practice, asked, Asked.STATUS))
    assert [line.number for line in practice.desk.digest().called_again] == [number]
    assert practice.desk.card(number, actor=practice.member(FAY)).called_lately == 2
    practice.clock.forward(days=9)
    assert practice.desk.digest().called_again == ()


def test_what_waits_for_somebody_who_goes_away_waits_for_their_cover(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.step(CORA, called(practice, number))
    today = practice.desk.calendar().day(practice.clock.now())
    away = GoAway(IDA, today, today + timedelta(days=3), (NED,), Split.PAYER)
    practice.desk.go_away(away, actor=practice.member(IDA), key=once("away"))
    state = practice.desk.card(number, actor=practice.member(CORA)).state
    assert [call.asked_of for call in state.open_calls] == [NED]
    assert waiting_for(practice, NED) == [number]
