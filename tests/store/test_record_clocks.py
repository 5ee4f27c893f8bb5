"""Clocks in their rows: a moved date opens another row, a corrected entry returns what ran before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, MONDAY, Bench, once
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.deadlines import Clock
from pabot.domain.errors import NotAllowed, NotNow
from pabot.domain.model import Channel, Decision, ToldBy
from pabot.domain.statuses import Outcome, Status
from pabot.store.bookkeeping import recipient_pace
from pabot.store.clocks import reconcile
from pabot.store.schema import deadline


def running(practice: Bench, number: int) -> list[dict[str, Any]]:
    """The clocks that run, without the numbers of their rows."""
    return practice.rows(
        "SELECT kind, due_at, unit, started_at, source, why FROM deadline "
        'WHERE "authorization" = :n AND done_at IS NULL ORDER BY kind',
        n=number,
    )


def clock(practice: Bench, number: int, kind: Clock) -> list[dict[str, Any]]:
    return practice.rows(
        "SELECT id, due_at, ended, done_by, done_at, superseded_by FROM deadline "
        'WHERE "authorization" = :n AND kind = :kind ORDER BY id',
        n=number,
        kind=kind.value,
    )


def test_a_moved_date_closes_its_row_and_opens_another(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.clock.forward(hours=1)
    call = c.LogContact(number=number, channel=Channel.PHONE, result="Later", expected_on=date(2026, 12, 9))
    practice.step(CARL, call)
    old, new = clock(practice, number, Clock.PAYER_RESPONSE)
    assert (old["ended"], old["done_by"], old["superseded_by"]) == ("moved", CARL, new["id"])
    assert (new["ended"], new["done_at"], new["superseded_by"]) == (None, None, None)
    assert old["due_at"] != new["due_at"]


def test_a_clock_that_was_met_has_nobody_after_it(practice: Bench) -> None:
    number = practice.open().state.number
    practice.step(CORA, c.MarkReady(number=number))
    practice.step(CORA, c.Submit(number=number, channel=Channel.FAX, submitted_at=MONDAY))
    (row,) = clock(practice, number, Clock.SUBMISSION)
    assert (row["ended"], row["done_by"], row["superseded_by"]) == ("met", CORA, None)
    assert row["done_at"]


def test_a_clock_that_keeps_its_date_keeps_its_row(practice: Bench) -> None:
    number = practice.pending().state.number
    before = clock(practice, number, Clock.PAYER_RESPONSE)
    practice.step(CORA, c.Assign(number=number, owner_id=CARL))
    assert clock(practice, number, Clock.PAYER_RESPONSE) == before


def test_reconciling_again_changes_nothing(practice: Bench) -> None:
    card = practice.pending()
    before = practice.rows("SELECT * FROM deadline ORDER BY id")
    with practice.store.write() as session:
        done = reconcile(session.connection, card.state.number, card.clocks, MONDAY, by=CORA)
    assert done == ([], (), [])
    assert practice.rows("SELECT * FROM deadline ORDER BY id") == before


def test_what_a_card_shows_is_what_the_rows_say(practice: Bench) -> None:
    for card in (practice.open(), practice.pending(), practice.denied()):
        number = card.state.number
        shown = sorted((one.kind.value, one.why) for one in card.clocks)
        assert [(row["kind"], row["why"]) for row in running(practice, number)] == shown
        (line,) = practice.desk.find(str(number), actor=practice.member(CORA)).lines
        assert (line.due_kind, line.due_at) == (card.clocks[0].kind, card.clocks[0].due_at)


def test_a_correction_marks_the_clocks_it_stops(practice: Bench) -> None:
    number = practice.denied().state.number
    practice.take_back(CORA, number)
    for kind in (Clock.ACCEPTANCE, Clock.APPEAL_READY, Clock.APPEAL_WINDOW, Clock.PATIENT_TOLD):
        assert [row["ended"] for row in clock(practice, number, kind)] == ["corrected"], kind


Save = Callable[[Bench, AuthorizationCard], c.Command]


def _deny(practice: Bench, card: AuthorizationCard) -> c.Command:
    return c.RecordDenial(
        number=card.state.number,
        reason="missing_docs",
        notice_on=date(2026, 11, 16),
        received_at=practice.clock.now(),
        appeal_by=date(2027, 1, 15),
    )


SAVES: dict[str, tuple[str, Save]] = {
    "assigned": (MAX, lambda practice, card: c.Assign(number=card.state.number, owner_id=BILL)),
    "contact": (
        CORA,
        lambda practice, card: c.LogContact(
            number=card.state.number,
            channel=Channel.PHONE,
            result="More time",
            next_check_on=date(2026, 11, 24),
            expected_on=date(2026, 12, 9),
        ),
    ),
    "asked for more": (
        CORA,
        lambda practice, card: c.RecordInformationRequest(
            number=card.state.number, asked="Page 2", clinical=True, received_at=practice.clock.now()
        ),
    ),
    "question": (
        CORA,
        lambda practice, card: c.AskClinician(number=card.state.number, question="Which was tried?", to="U0NED"),
    ),
    "approved": (
        CORA,
        lambda practice, card: c.RecordApproval(
            number=card.state.number,
            decided_at=practice.clock.now(),
            authorization_number="AUTH-1",
            effective_on=date(2026, 11, 16),
            expires_on=date(2027, 2, 16),
        ),
    ),
    "denied": (CORA, _deny),
    "withdrawn": (
        MAX,
        lambda practice, card: c.Withdraw(number=card.state.number, reason="patient_declined", payer_told=True),
    ),
}


@pytest.mark.parametrize("save", SAVES)
def test_a_correction_returns_status_owner_and_clocks(practice: Bench, save: str) -> None:
    by, command = SAVES[save]
    card = practice.pending()
    number = card.state.number
    before = running(practice, number)
    practice.clock.forward(hours=1)
    wrong = practice.step(by, command(practice, card))
    assert wrong.state != card.state
    practice.clock.forward(minutes=5)
    restored = practice.take_back(MAX, number).state
    assert restored == replace(card.state, version=wrong.state.version + 1)
    assert running(practice, number) == before
    assert practice.desk.card(number, actor=practice.member(MAX)).state == restored


def test_corrections_follow_one_by_one_back_to_the_opening(practice: Bench) -> None:
    number = practice.open().state.number
    now = practice.clock.now()
    states = [practice.desk.card(number, actor=practice.member(CORA)).state]
    for command in (
        c.MarkReady(number=number),
        c.Submit(number=number, channel=Channel.PORTAL, submitted_at=now, tracking_number="TRK-1"),
        c.RecordDenial(number=number, reason="not_medically_necessary", notice_on=now.date(), received_at=now),
        c.TellPatient(number=number, how=ToldBy.PHONE, told_at=now),
    ):
        states.append(practice.step(CORA, command).state)
    for earlier in reversed(states[:-1]):
        restored = practice.take_back(CORA, number).state
        assert replace(restored, version=earlier.version) == earlier
    assert practice.desk.card(number, actor=practice.member(MAX)).correctable is None


def test_children_of_a_wrong_entry_stay_on_file_and_are_void(practice: Bench) -> None:
    denied = practice.denied().state
    practice.take_back(CORA, denied.number)
    again = practice.step(CORA, _deny(practice, practice.desk.card(denied.number, actor=practice.member(CORA))))
    assert again.state.denial
    assert denied.denial
    assert again.state.denial.id != denied.denial.id
    assert [bool(row["voided"]) for row in practice.rows("SELECT voided FROM denial ORDER BY id")] == [True, False]


def test_only_the_newest_save_that_counts_can_be_taken_back(practice: Bench) -> None:
    number = practice.pending().state.number
    older = practice.desk.card(number, actor=practice.member(CORA)).correctable
    assert older
    practice.step(CORA, c.LogContact(number=number, channel=Channel.PHONE, result="In review"))
    with pytest.raises(NotNow, match="Mark the newest entry first"):
        practice.desk.correct_entry(
            c.CorrectEntry(number=number, save=older, reason="Wrong"), actor=practice.member(CORA), key=once("correct")
        )
    practice.take_back(CORA, number)
    practice.take_back(CORA, number)
    card = practice.desk.card(number, actor=practice.member(CORA))
    assert card.state.status is Status.READY
    assert [entry.in_error for entry in card.timeline if entry.kind in ("submit", "log_contact")].count(False) == 0


def test_who_may_take_an_entry_back(practice: Bench) -> None:
    """Its author for a day, or a manager; the front desk never; an opening by nobody."""
    number = practice.pending().state.number
    assert practice.desk.card(number, actor=practice.member(FAY)).correctable is None
    assert practice.desk.card(number, actor=practice.member(CARL)).correctable is None
    assert practice.desk.card(number, actor=practice.member(MAX)).correctable
    save = practice.desk.card(number, actor=practice.member(CORA)).correctable
    assert save
    with pytest.raises(NotAllowed):
        practice.desk.correct_entry(
            c.CorrectEntry(number=number, save=save, reason="Wrong"), actor=practice.member(CARL), key=once("correct")
        )
    practice.clock.forward(days=3)
    assert practice.desk.card(number, actor=practice.member(CORA)).correctable is None
    fresh = practice.open().state.number
    assert practice.desk.card(fresh, actor=practice.member(MAX)).correctable is None


def test_a_licensed_decision_is_not_a_manager_s_to_take_back(practice: Bench) -> None:
    state = practice.denied().state
    assert state.denial
    assert state.denial.id
    appeal = c.DecideDenial(
        number=state.number, denial_id=state.denial.id, decision=Decision.APPEAL, reason="Tried", words="x"
    )
    practice.step(IDA, appeal)
    assert practice.desk.card(state.number, actor=practice.member(MAX)).correctable is None
    undone = practice.take_back(IDA, state.number).state
    assert (undone.status, undone.outcome) == (Status.CLINICAL_REVIEW, Outcome.DENIED)
    assert undone.denial == state.denial


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=0),
        datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=1),
        datetime(2026, 3, 8, 3, 0, 0, 123456, tzinfo=ZoneInfo("America/New_York")),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(practice: Bench, at: datetime) -> None:
    with practice.store.write() as session:
        session.connection.execute(insert(recipient_pace).values(recipient="U0CORA", free_at=at))
    with practice.store.read() as session:
        back = session.connection.execute(select(recipient_pace.c.free_at)).scalar_one()
    assert back == at.astimezone(UTC)
    assert back.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(practice: Bench) -> None:
    naive = datetime(2026, 11, 16, 15, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="needs its zone"), practice.store.write() as session:
        session.connection.execute(insert(recipient_pace).values(recipient="U0CORA", free_at=naive))


def test_two_clocks_of_one_kind_cannot_run_at_once(practice: Bench) -> None:
    card = practice.pending()
    values = {
        "authorization": card.state.number,
        "kind": Clock.PAYER_RESPONSE.value,
        "due_at": MONDAY,
        "unit": "cd",
        "started_at": MONDAY,
        "source": "payer",
        "why": "twice",
    }
    with pytest.raises(IntegrityError), practice.store.write() as session:
        session.connection.execute(insert(deadline).values(values))
