"""Telling a patient and closing in one form where closing wants an approval; and an answer that is sent twice."""

from dataclasses import replace

import pytest
from record_practice import BILL, CORA, IDA, MAX, SETTINGS, Bench, once

from pabot.domain import commands as c
from pabot.domain.errors import AlreadyDone, NotNow
from pabot.domain.model import Channel, Decision, ToldBy
from pabot.domain.statuses import Status


def refused(practice: Bench) -> int:
    """A denial that stands, by a clinician's decision, of which the patient has not heard."""
    card = practice.denied()
    number, denial = card.state.number, card.state.denial
    assert denial
    assert denial.id
    accept = c.DecideDenial(number=number, denial_id=denial.id, decision=Decision.ACCEPT, reason="She has one.")
    practice.step(IDA, accept)
    return number


def tells(practice: Bench, number: int, by: str, key: str = "") -> object:
    told = c.TellPatient(
        number=number, how=ToldBy.PHONE, told_at=practice.clock.now(), and_close=True, note="She was glad to know."
    )
    return practice.desk.take_or_ask(told, actor=practice.member(by), key=key or once("tell"))


def strict(practice: Bench) -> None:
    changed = replace(SETTINGS, billers_close_denials=False)
    practice.desk.save_settings(changed, actor=practice.member(MAX), key=once("settings"))


@pytest.mark.parametrize(("by", "asked_of"), [(BILL, MAX), (CORA, IDA)], ids=["biller", "coordinator"])
def test_the_patient_was_told_and_the_closing_is_asked_for(practice: Bench, by: str, asked_of: str) -> None:
    strict(practice)
    number, key = refused(practice), once("tell")
    assert practice.desk.card(number, actor=practice.member(by)).asks_to_close
    for _ in range(2):  # the same form sent twice
        tells(practice, number, by, key)
    card = practice.desk.card(number, actor=practice.member(by))
    assert (card.state.status, card.state.patient_knows) == (Status.PATIENT_NOTIFIED, True)
    (asked,) = card.approvals
    assert (asked.kind, asked.asked_of, asked.by) == ("close", asked_of, by)
    done = practice.desk.approve_step(asked.id, actor=practice.member(asked_of), key=once("approve"))
    assert (done.state.status, done.approvals) == (Status.CLOSED, ())


def test_a_biller_closes_alone_where_the_practice_lets_them(practice: Bench) -> None:
    number = refused(practice)
    tells(practice, number, BILL)
    assert practice.desk.card(number, actor=practice.member(MAX)).state.status is Status.CLOSED


def test_an_approval_that_was_overtaken_says_so_as_often_as_it_is_sent(practice: Bench) -> None:
    number = practice.open().state.number
    withdrawal = c.Withdraw(number=number, reason="patient_declined", note="Called on Friday.")
    (asked,) = practice.desk.take_or_ask(withdrawal, actor=practice.member(CORA), key=once("ask")).approvals
    practice.step(CORA, c.MarkReady(number=number))
    practice.step(CORA, c.Submit(number=number, channel=Channel.FAX, submitted_at=practice.clock.now()))
    key, said = once("approve"), []
    for _ in range(2):
        with pytest.raises(NotNow) as wrong:
            practice.desk.approve_step(asked.id, actor=practice.member(IDA), key=key)
        said.append(str(wrong.value))
    assert said[0] == said[1]
    assert "It cannot be done any more, and Cora Lindqvist is told so. " in said[0]
    with pytest.raises(AlreadyDone):
        practice.desk.approve_step(asked.id, actor=practice.member(IDA), key=once("approve"))
