"""What is remembered of a request is what a process that remembers nothing reads, whatever happened in between."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, PATIENT, STAFF, Bench, a_practice, once, watched
from test_desk_library import entries
from test_desk_proposals import FORM, approve, propose

from pabot.domain import commands as c
from pabot.domain.absences import GoAway
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.commands_clocks import ChangeDetails
from pabot.domain.diagnoses import Diagnosis, Standing
from pabot.domain.errors import PabotError
from pabot.domain.happenings import Update
from pabot.domain.library import Contacts
from pabot.domain.model import Channel, Decision, ServiceLine
from pabot.services.requests import take
from pabot.store.remembered import Memory, Remembered
from pabot.views import card as views
from pabot.views.text import look

LOOK = look(None, ZoneInfo("America/New_York"), Privacy.FULL)
Doing = Callable[[Bench, int], object]


class Doubtful:
    """A list of diagnoses that knows no code."""

    release, size = "2026", 1

    def look_up(self, code: str) -> Diagnosis:
        return Diagnosis(code, "", Standing.UNKNOWN)

    def search(self, text: str, limit: int) -> tuple[Diagnosis, ...]:
        return ()


def stepped(by: str, makes: type[c.Command], **typed: Any) -> Doing:
    return lambda bench, number: bench.step(by, makes(number=number, **typed))


def submitted(bench: Bench, number: int) -> None:
    at = bench.clock.now()
    bench.step(CORA, c.Submit(number=number, channel=Channel.FAX, submitted_at=at, tracking_number="TRK-1"))


def denied(bench: Bench, number: int) -> None:
    now = bench.clock.now()
    day = bench.desk.calendar().day(now)
    command = c.RecordDenial(number=number, reason="not_medically_necessary", notice_on=day, received_at=now)
    bench.step(CORA, command)


def decided(bench: Bench, number: int) -> None:
    denial = bench.desk.card(number, actor=bench.member(IDA)).state.denial
    command = c.DecideDenial(number=number, denial_id=denial.id or 0 if denial else 0, decision=Decision.RESUBMIT)
    bench.step(IDA, command)


def approved(bench: Bench, number: int) -> None:
    now = bench.clock.now()
    day = bench.desk.calendar().day(now)
    dates = {"effective_on": day, "expires_on": day + timedelta(days=60)}
    bench.step(CORA, c.RecordApproval(number=number, decided_at=now, authorization_number="A-7", **dates))


def moved(bench: Bench, number: int) -> None:
    """Another payer and plan."""
    bench.step(CORA, ChangeDetails(number=number, plan_id=bench.desk.plans("Tidewater")[0].plan_id))


def corrected(bench: Bench, number: int) -> None:
    save = bench.desk.card(number, actor=bench.member(MAX)).correctable
    command = c.CorrectEntry(number=number, save=save or "none", reason="Typed on the wrong request")
    bench.desk.correct_entry(command, actor=bench.member(MAX), key=once("correct"))


def told_more(bench: Bench, number: int) -> None:
    """An order for the same patient tells what was not known of them; the payer and the clinician are the same."""
    bench.open(patient=replace(PATIENT, first_name=once("Jess"), member_id="MEM-9"))


def renamed(bench: Bench, number: int) -> None:
    other = replace(next(one for one in STAFF if one.user_id == CARL), name=once("Carl"))
    bench.desk.save_member(other, actor=bench.member(MAX), key=once("staff"))


def reached_otherwise(bench: Bench, number: int) -> None:
    payer_id = bench.desk.card(number, actor=bench.member(CORA)).payer.payer_id
    bench.desk.save_payer(payer_id, Contacts(phone=once("555")), {}, actor=bench.member(MAX), key=once("payer"))


def asked(bench: Bench, number: int) -> None:
    """A step that wants approval waits for it; its answer changes nothing else."""
    command = c.Withdraw(number=number, reason="patient_declined", note="Called on Friday.")
    bench.desk.take_or_ask(command, "They moved.", actor=bench.member(CORA), key=once("ask"))


def declined(bench: Bench, number: int) -> None:
    for approval in bench.desk.card(number, actor=bench.member(MAX)).approvals:
        bench.desk.decline_step(approval.id, "Not yet.", actor=bench.member(MAX), key=once("decline"))


def gone(bench: Bench, number: int) -> None:
    day = bench.desk.calendar().day(bench.clock.now())
    bench.desk.go_away(GoAway(IDA, day, None, (CORA,)), actor=bench.member(MAX), key=once("away"))


def waited(bench: Bench, number: int, **time: int) -> None:
    bench.clock.forward(**time)
    bench.desk.raise_alarms()


WHAT_HAPPENS: Mapping[str, Doing] = {
    "claimed": stepped(CARL, c.Claim),
    "ready": stepped(CORA, c.MarkReady),
    "codes": stepped(IDA, c.ChangeCodes, lines=(ServiceLine(1, "K0861", "NU", 2),), diagnoses=("M62.81",)),
    "submitted": submitted,
    "contact": stepped(CORA, c.LogContact, channel=Channel.PHONE, result="Still in review.", told_next="Fax it."),
    "denied": denied,
    "decided": decided,
    "approved": approved,
    "assigned": stepped(MAX, c.Assign, owner_id=BILL, note="Please."),
    "withdrawn": stepped(CORA, c.Withdraw, reason="patient_declined"),
    "corrected": corrected,
    "moved": moved,
    "told more": told_more,
    "namesake": lambda bench, number: bench.open(patient=c.Patient(once("CHART"), "J.D.")),
    "renamed": renamed,
    "reached": reached_otherwise,
    "gone": gone,
    "asked": asked,
    "declined": declined,
    "proposed": lambda bench, number: propose(bench, FORM),
    "new version": lambda bench, number: approve(bench, propose(bench, FORM)),
    "soon": lambda bench, number: waited(bench, number, minutes=35),
    "late": lambda bench, number: waited(bench, number, days=4),
}
ALL = list(WHAT_HAPPENS)
FROM_BEGINNING_TO_END = (
    *(
        "ready",
        "submitted",
        "asked",
        "new version",
        "contact",
        "told more",
        "declined",
        "denied",
        "namesake",
        "decided",
        "renamed",
    ),
    *("corrected", "reached", "late"),
)


def worked(bench: Bench, days: list[tuple[str, bool]]) -> None:
    """Whatever happens, here or in another process, the card is the one that a process without a memory makes."""
    bench.desk.import_payers(entries(), source="harbor.yaml")
    number = bench.open(plan_id=bench.desk.plans("Harbor Silver")[0].plan_id).state.number
    with bench.another() as other:
        for what, elsewhere in days:
            with suppress(PabotError):  # what cannot be done now writes nothing, and nothing may be remembered of it
                WHAT_HAPPENS[what](other if elsewhere else bench, number)
            for user in (CORA, FAY):
                assert_same(bench, number, user, what)


def assert_same(bench: Bench, number: int, user: str, after: str) -> None:
    actor = bench.member(user)
    with bench.another() as fresh:
        read = fresh.desk.card(number, actor=actor, seen_full=True)
    remembered = bench.desk.card(number, actor=actor, seen_full=True)
    assert facts(remembered) == facts(read), after
    assert facts(remembered.nameless) == facts(read.nameless), after
    assert views.card_message(LOOK, remembered, actor) == views.card_message(LOOK, read, actor), after


def facts(card: AuthorizationCard) -> dict[str, object]:
    return {field.name: getattr(card, field.name) for field in fields(card) if field.name != "bare"}


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(days=st.lists(st.tuples(st.sampled_from(ALL), st.booleans()), min_size=4, max_size=9))
def test_whatever_happens_it_is_remembered_as_it_is(sqlite_template: Path, days: list[tuple[str, bool]]) -> None:
    with TemporaryDirectory() as folder:
        copy = shutil.copy(sqlite_template, Path(folder) / "record.db")
        with a_practice(f"sqlite:///{copy}", Privacy.FULL) as founded, founded.another(diagnoses=Doubtful()) as bench:
            worked(bench, days)


def test_a_request_from_beginning_to_end_is_remembered_as_it_is(practice: Bench) -> None:
    with practice.another(privacy=Privacy.FULL, diagnoses=Doubtful()) as bench:
        worked(bench, [(what, place % 2 == 0) for place, what in enumerate(FROM_BEGINNING_TO_END)])


def test_a_second_look_asks_once_what_may_have_changed(practice: Bench) -> None:
    number, asked = practice.pending().state.number, []
    practice.desk.card(number, actor=practice.member(CORA))
    actor = practice.member(CORA)

    with watched(practice.store, lambda cursor, statement, values: asked.append(statement)):
        practice.desk.card(number, actor=actor)
    revision, now = asked
    assert "practice.revision" in revision
    assert "event_head.seq" in now


def test_what_was_taken_back_with_its_transaction_is_not_remembered(practice: Bench) -> None:
    number, actor = practice.pending().state.number, practice.member(MAX)

    def assign_in_vain() -> None:
        with practice.store.write() as session:
            assigning = c.Assign(number=number, owner_id=CARL, note="In vain")
            after, _ = take(session, assigning, actor, practice.clock.now()).loaded
            assert after.owner_id == CARL
            session.memory.story(session.connection, session.vault, number)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        assign_in_vain()
    practice.step(MAX, c.Assign(number=number, owner_id=BILL, note="Of the same version"))
    assert_same(practice, number, CORA, "assigned")
    assert practice.desk.card(number, actor=actor).state.owner_id == BILL


def test_what_was_looked_at_longest_ago_is_forgotten(practice: Bench) -> None:
    shared = Remembered(most=2)
    numbers = [practice.pending(patient=c.Patient(f"C-{n}", "J.D.")).state.number for n in range(3)]
    for number in numbers:
        with practice.store.read() as session:
            memory = Memory(shared)
            memory.load(session.connection, session.vault, number)
        memory.commit()
    assert [shared.get(number) is None for number in numbers] == [True, False, False]


def test_a_card_is_of_its_minute(practice: Bench) -> None:
    number, actor = practice.pending().state.number, practice.member(CORA)
    practice.clock.forward(seconds=40)
    card = practice.desk.card(number, actor=actor)
    assert practice.desk.card(number, actor=actor) is card
    practice.clock.forward(seconds=20)
    assert practice.desk.card(number, actor=actor).now == card.now + timedelta(minutes=1)


def test_a_decision_of_this_very_minute_is_what_the_patient_is_to_hear(practice: Bench) -> None:
    practice.clock.forward(seconds=30)
    number = practice.pending().state.number
    practice.clock.forward(seconds=10)
    decided_at = practice.clock.now()
    won = c.RecordApproval(number=number, decided_at=decided_at, authorization_number="A-1", dates_not_stated=True)
    assert practice.step(CORA, won).tellable == (Update.APPROVED,)
