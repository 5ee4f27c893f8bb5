"""Quiet hours: what can wait is told in the morning, and nothing is lost or told twice over it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from record_practice import CARL, CORA, IDA, MAX, SETTINGS, Bench, once

from pabot.domain import commands as c
from pabot.domain.commands_clocks import ChangeDetails
from pabot.domain.commands_patient import RecordPatientCall
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Urgency
from pabot.store import messages

MONDAY_20 = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)
TUESDAY_7 = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def leave(practice: Bench, at: datetime) -> list[str]:
    """The kinds of message that leave at an instant, each to its first reader."""
    kinds = []
    practice.clock.set(at)
    while claimed := _claim(practice):
        kinds += [one.kind for one in claimed]
        for one in claimed:
            with practice.store.write() as session:
                messages.settle_sent(session.connection, one, channel="D1", ts=f"{one.id}.1")
    return sorted(kinds)


def _claim(practice: Bench) -> list[messages.Claimed]:
    with practice.store.write() as session:
        return messages.claim(session.connection, practice.clock.now(), LEASE, 8)


def by_night(practice: Bench, **changed: object) -> int:
    """A request of the afternoon that is handed over at eight in the evening."""
    number = practice.open(**changed).state.number
    leave(practice, practice.clock.now())
    practice.clock.set(MONDAY_20)
    practice.step(CORA, c.Assign(number=number, owner_id=CARL))
    return number


def test_what_can_wait_is_told_in_the_morning(practice: Bench) -> None:
    number = by_night(practice)
    assert leave(practice, MONDAY_20) == []
    assert practice.desk.card(number, actor=practice.member(CORA)).quiet_until == TUESDAY_7
    assert leave(practice, TUESDAY_7 - timedelta(seconds=1)) == []
    assert leave(practice, TUESDAY_7) == ["assigned"]
    assert practice.desk.card(number, actor=practice.member(CORA)).quiet_until is None


def test_a_held_message_stays_held_when_its_request_moves_on(practice: Bench) -> None:
    number = by_night(practice)
    practice.step(IDA, c.AskClinician(number=number, question="Which visit?"))
    practice.step(IDA, c.AnswerQuestion(number=number, question_id=_question(practice, number), answer="June"))
    assert leave(practice, MONDAY_20 + timedelta(hours=1)) == []
    assert "assigned" in leave(practice, TUESDAY_7)


def test_an_expedited_request_waits_for_nobody(practice: Bench) -> None:
    number = practice.open(by=IDA, expedited=True).state.number
    leave(practice, practice.clock.now())
    practice.clock.set(MONDAY_20)
    practice.step(CORA, c.Assign(number=number, owner_id=CARL))
    assert "assigned" in leave(practice, MONDAY_20)


def test_what_is_held_leaves_when_the_request_becomes_urgent(practice: Bench) -> None:
    number = by_night(practice)
    assert leave(practice, MONDAY_20) == []
    practice.step(IDA, ChangeDetails(number=number, urgency=Urgency.EXPEDITED, reason="cannot walk"))
    assert leave(practice, MONDAY_20) == ["assigned"]


def test_without_quiet_hours_nothing_waits(practice: Bench) -> None:
    settings = replace(SETTINGS, quiet_hours="")
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))
    by_night(practice)
    assert leave(practice, MONDAY_20) == ["assigned"]


def test_what_is_held_is_no_backlog(practice: Bench) -> None:
    by_night(practice)
    assert practice.desk.delivery_state().waiting == 0
    practice.clock.set(TUESDAY_7 + timedelta(minutes=1))
    state = practice.desk.delivery_state()
    assert (state.waiting, state.oldest_since) == (1, TUESDAY_7)
    practice.clock.set(MONDAY_20 + timedelta(hours=6))
    assert practice.desk.audit() == 0


def _question(practice: Bench, number: int) -> int:
    question = practice.desk.card(number, actor=practice.member(IDA)).state.question
    assert question
    assert question.id
    return question.id


def unapproved_by_night(practice: Bench) -> int:
    """The only manager was asked to approve a reopening and did not answer: it is on the managers' list at night."""
    number = practice.open().state.number
    practice.step(IDA, c.Withdraw(number=number, reason="plan_changed", payer_told=True))
    reopening = c.Reopen(number=number, reason="She wants it")
    practice.desk.take_or_ask(reopening, "She called", actor=practice.member(CORA), key=once("ask"))
    leave(practice, practice.clock.now())
    practice.clock.set(MONDAY_20)
    assert practice.desk.keep_approvals() == 1
    return number


def test_what_nobody_approved_is_told_to_the_managers_in_the_morning(practice: Bench) -> None:
    unapproved_by_night(practice)
    assert "overdue_manager" not in leave(practice, MONDAY_20)
    assert "overdue_manager" in leave(practice, TUESDAY_7)


def test_the_managers_list_that_is_held_hides_no_worry_that_is_late_by_night(practice: Bench) -> None:
    number = unapproved_by_night(practice)
    worry = {"caller": Caller.PATIENT, "asked": Asked.WORRY, "said": "I cannot breathe well."}
    practice.step(CORA, RecordPatientCall(number=number, at=MONDAY_20, **worry))
    practice.clock.set(MONDAY_20 + timedelta(minutes=61))
    practice.desk.raise_alarms()
    assert "overdue_manager" in leave(practice, practice.clock.now())
    assert "overdue_manager" not in leave(practice, TUESDAY_7)
