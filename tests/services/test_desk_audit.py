"""What must not be, made by hand behind pabot's back: it is found once, mended where that is safe, told where not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from record_practice import BILL, CARL, CORA, MAX, MONDAY, Bench, once, tamper, together
from sqlalchemy import bindparam, text

from pabot.domain.health import TICKS, FaultKind
from pabot.domain.practice import SaveMember
from pabot.store.columns import Instant
from pabot.store.events import verify

TUESDAY = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)  # ten o'clock in the practice
A_DAY = timedelta(days=1)


def by_hand(practice: Bench, statement: str, **values: object) -> None:
    times = [bindparam(name, type_=Instant()) for name, value in values.items() if isinstance(value, datetime)]
    with practice.store.write() as session:
        assert session.connection.execute(text(statement).bindparams(*times), values).rowcount >= 1


def standing(practice: Bench) -> list[tuple[str, str]]:
    rows = practice.rows("SELECT kind, subject FROM fault WHERE mended_at IS NULL ORDER BY kind, subject")
    return [(row["kind"], row["subject"]) for row in rows]


def told(practice: Bench) -> list[tuple[str, str, int]]:
    rows = practice.rows("SELECT recipient, subject, wanted FROM message WHERE kind = 'faults' ORDER BY id")
    return [(row["recipient"], row["subject"], row["wanted"]) for row in rows]


def happened(practice: Bench, number: int, kind: str) -> int:
    rows = practice.rows(
        "SELECT count(*) AS n FROM event WHERE subject = :of AND kind = :kind",
        of=f"authorization:{number}",
        kind=kind,
    )
    return int(rows[0]["n"])


def clocks(practice: Bench, number: int) -> set[str]:
    rows = practice.rows('SELECT kind FROM deadline WHERE "authorization" = :of AND done_at IS NULL', of=number)
    return {row["kind"] for row in rows}


def all_sent(practice: Bench) -> None:
    """As if the deliver job ran all the time."""
    with practice.store.write() as session:
        session.connection.execute(text("UPDATE message SET sent = wanted"))


def audited_twice_at_once(practice: Bench) -> None:
    """Two workers at the same moment, and then one more."""
    with practice.another() as other:
        for outcome in together(practice.desk.audit, other.desk.audit):
            assert isinstance(outcome, int), outcome
    practice.desk.audit()


def lost_clocks(practice: Bench, number: int) -> None:
    by_hand(practice, 'DELETE FROM deadline WHERE "authorization" = :of', of=number)


def lost_owner(practice: Bench, number: int, to: str | None = None) -> None:
    by_hand(practice, 'UPDATE "authorization" SET owner_id = :to WHERE number = :of', to=to, of=number)


def test_a_practice_in_order_has_no_fault(practice: Bench) -> None:
    practice.pending()
    practice.clock.set(TUESDAY)
    assert practice.desk.audit() == 0
    assert (standing(practice), told(practice)) == ([], [])


def test_an_open_request_without_a_clock_gets_its_clocks_back_once(practice: Bench) -> None:
    number = practice.pending().state.number
    had = clocks(practice, number)
    lost_clocks(practice, number)
    audited_twice_at_once(practice)
    assert clocks(practice, number) == had
    assert happened(practice, number, "repaired") == 1
    assert (standing(practice), told(practice)) == ([], [])


def test_what_was_mended_does_not_stand_in_the_way_of_a_correction(practice: Bench) -> None:
    number = practice.pending().state.number
    lost_clocks(practice, number)
    practice.desk.audit()
    assert practice.take_back(CORA, number).state.submitted_at is None


def test_many_requests_are_mended_in_batches(practice: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pabot.services.audit.BATCH", 2)
    numbers = [practice.open().state.number for _ in range(5)]
    by_hand(practice, "DELETE FROM deadline")
    practice.desk.audit()
    assert all(clocks(practice, number) for number in numbers)


def test_a_closed_request_needs_no_clock_and_no_owner(practice: Bench) -> None:
    number = practice.open().state.number
    by_hand(practice, 'DELETE FROM deadline WHERE "authorization" = :of', of=number)
    by_hand(practice, "UPDATE \"authorization\" SET is_open = :no, status = 'closed', owner_id = NULL", no=False)
    practice.clock.forward(hours=3)
    assert practice.desk.audit() == 0


def leave(practice: Bench, user: str, cover: str | None = None) -> None:
    """Somebody leaves, without anything that pabot does when somebody leaves."""
    by_hand(
        practice, "UPDATE staff SET active = :no, cover_id = :cover WHERE user_id = :of", no=False, cover=cover, of=user
    )
    by_hand(practice, "UPDATE practice SET revision = revision + 1")


def test_what_somebody_who_left_still_has_goes_to_the_cover(practice: Bench) -> None:
    number = practice.open().state.number
    leave(practice, CORA, cover=CARL)
    audited_twice_at_once(practice)
    assert practice.desk.card(number, actor=practice.member(MAX)).state.owner_id == CARL
    assert happened(practice, number, "assign") == 1
    assert standing(practice) == []


def test_without_a_cover_it_goes_to_whom_the_practice_s_rules_name(practice: Bench) -> None:
    card = practice.open()
    rules = replace(practice.desk.settings(), payer_owners=((card.payer.payer_id, BILL),))
    practice.desk.save_settings(rules, actor=practice.member(MAX), key=once("settings"))
    lost_owner(practice, card.state.number)
    audited_twice_at_once(practice)
    assert practice.desk.card(card.state.number, actor=practice.member(MAX)).state.owner_id == BILL
    assert happened(practice, card.state.number, "assign") == 1


def test_with_neither_the_managers_have_it_on_their_list_and_after_an_hour_among_the_faults(practice: Bench) -> None:
    number = practice.open().state.number
    leave(practice, CORA)
    audited_twice_at_once(practice)
    assert practice.desk.card(number, actor=practice.member(MAX)).state.owner_id is None
    assert [row["recipient"] for row in practice.rows("SELECT recipient FROM message WHERE kind = 'unassigned'")] == [
        MAX
    ]
    assert standing(practice) == []
    all_sent(practice)
    practice.clock.forward(hours=2)
    audited_twice_at_once(practice)
    assert standing(practice) == [("no_owner", str(number))]
    assert told(practice) == [(MAX, "2026-11-16", 1)]


def test_a_fault_is_told_once_and_never_again_while_it_stands(practice: Bench) -> None:
    number = practice.open().state.number
    lost_owner(practice, number)
    for day in range(4):
        practice.clock.set(TUESDAY + day * A_DAY)
        audited_twice_at_once(practice)
        all_sent(practice)
    assert told(practice) == [(MAX, "2026-11-17", 1)]


def test_the_message_clears_itself_as_it_is_mended(practice: Bench) -> None:
    number = practice.open().state.number
    lost_owner(practice, number)
    practice.clock.set(TUESDAY)
    practice.desk.audit()
    (line,) = practice.desk.faults(date(2026, 11, 17)).lines
    assert (line.fault.kind, line.request.number if line.request else None) == (FaultKind.NO_OWNER, number)
    lost_owner(practice, number, CARL)
    assert practice.desk.faults(date(2026, 11, 17)).lines == ()
    practice.desk.audit()
    assert (standing(practice), told(practice)) == ([], [(MAX, "2026-11-17", 2)])


def test_what_comes_back_is_a_fault_anew(practice: Bench) -> None:
    number = practice.open().state.number
    for day in range(2):
        practice.clock.set(TUESDAY + day * A_DAY)
        lost_owner(practice, number)
        practice.desk.audit()
        lost_owner(practice, number, CARL)
        practice.desk.audit()
    assert [day for _, day, _ in told(practice)] == ["2026-11-17", "2026-11-18"]


def test_what_is_found_at_night_is_told_in_the_morning(practice: Bench) -> None:
    number = practice.open().state.number
    lost_owner(practice, number)
    practice.clock.set(datetime(2026, 11, 17, 4, 0, tzinfo=UTC))
    assert practice.desk.audit() == 1
    assert told(practice) == []
    practice.clock.set(TUESDAY)
    practice.desk.audit()
    assert told(practice) == [(MAX, "2026-11-17", 1)]


def test_the_cover_reads_it_while_the_manager_is_away(practice: Bench) -> None:
    away = SaveMember(MAX, "Max Tiller", practice.member(MAX).roles, cover_id=BILL, away=True)
    practice.desk.save_member(away, actor=practice.member(MAX), key=once("away"))
    lost_owner(practice, practice.open().state.number)
    practice.clock.set(TUESDAY)
    practice.desk.audit()
    assert [reader for reader, _, _ in told(practice)] == [BILL]


def test_a_clock_that_ran_out_is_raised_where_the_alarms_do_not_run(practice: Bench) -> None:
    number = practice.open().state.number
    practice.clock.set(TUESDAY)
    audited_twice_at_once(practice)
    assert happened(practice, number, "escalated") == len(practice.rows("SELECT * FROM escalation")) > 0
    assert standing(practice) == []


def test_a_clock_that_ran_out_and_cannot_be_raised_is_told(practice: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    number = practice.open().state.number
    practice.clock.set(TUESDAY)
    monkeypatch.setattr("pabot.services.alarms.Alarms.raise_alarms", lambda desk: 0)
    practice.desk.audit()
    assert standing(practice) == [("not_raised", str(number))]
    monkeypatch.undo()
    practice.desk.audit()
    assert standing(practice) == []


def unsent(practice: Bench) -> int:
    practice.denied()
    return int(practice.rows("SELECT id FROM message WHERE kind = 'decision'")[0]["id"])


WAITS_LONG = "UPDATE message SET lease_until = NULL, next_try_at = :long_ago WHERE id = :of"
HOLDER_DIED = "UPDATE message SET lease_until = :long_ago, next_try_at = :long_ago, state = 'sending' WHERE id = :of"
IN_HAND = "UPDATE message SET lease_until = :soon, next_try_at = :long_ago, state = 'sending' WHERE id = :of"
TRIED_SOON = "UPDATE message SET lease_until = NULL, next_try_at = :soon WHERE id = :of"
SENT = "UPDATE message SET sent = wanted, next_try_at = :long_ago WHERE id = :of"
PARKED = "UPDATE message SET state = 'parked', next_try_at = :long_ago WHERE id = :of"  # that is told elsewhere


@pytest.mark.parametrize(
    ("changed", "is_fault"),
    [
        (WAITS_LONG, True),
        (HOLDER_DIED, True),
        (IN_HAND, False),
        (TRIED_SOON, False),
        (SENT, False),
        (PARKED, False),
    ],
)
def test_a_message_that_nobody_sends_is_told_once(practice: Bench, changed: str, is_fault: bool) -> None:
    practice.denied()
    message = practice.rows("SELECT id FROM message WHERE kind = 'decision'")[0]["id"]
    now = practice.clock.now()
    times = {"long_ago": now - timedelta(hours=2), "soon": now + timedelta(seconds=60)}
    by_hand(practice, changed, of=message, **{name: at for name, at in times.items() if f":{name}" in changed})
    practice.desk.beat("audit")
    audited_twice_at_once(practice)
    assert standing(practice) == [("message", str(message))] * is_fault
    assert len(told(practice)) == is_fault


def test_what_waited_for_a_worker_is_no_fault_when_one_comes(practice: Bench) -> None:
    """It is sent at once; managers are told of it only where it still waits when the auditor comes again."""
    practice.denied()
    (waits,) = practice.rows("SELECT id FROM message WHERE kind = 'decision'")
    by_hand(practice, WAITS_LONG, of=waits["id"], long_ago=practice.clock.now() - timedelta(hours=12))
    practice.desk.audit()
    assert (standing(practice), told(practice)) == ([], [])
    practice.desk.beat("audit")
    practice.clock.forward(minutes=5)
    practice.desk.audit()
    assert standing(practice) == [("message", str(waits["id"]))]


def served_since(practice: Bench, at: datetime) -> None:
    now = practice.clock.now()
    practice.clock.set(at)
    practice.desk.worker_was_here()
    practice.clock.set(now)


def digests(practice: Bench) -> int:
    return len(practice.rows("SELECT id FROM message WHERE kind = 'digest'"))


def test_a_digest_that_nobody_queued_is_queued(practice: Bench) -> None:
    served_since(practice, MONDAY)
    practice.clock.set(TUESDAY)
    audited_twice_at_once(practice)
    assert (digests(practice), standing(practice)) == (1, [])


def test_a_digest_that_is_gone_is_told(practice: Bench) -> None:
    served_since(practice, MONDAY)
    practice.clock.set(TUESDAY)
    practice.desk.queue_digest()
    by_hand(practice, "DELETE FROM message WHERE kind = 'digest'")
    audited_twice_at_once(practice)
    assert standing(practice) == [("digest", "2026-11-17")]
    all_sent(practice)
    practice.clock.set(TUESDAY + A_DAY)
    practice.desk.audit()
    assert standing(practice) == []


@pytest.mark.parametrize(
    ("served", "at", "queued", "missed"),
    [
        (None, "12:30", False, False),  # nobody served: nothing was missed
        ("2026-11-17T10:00", "12:30", False, False),  # the first worker came after it
        ("2026-11-16T10:00", "11:59", True, False),
        ("2026-11-16T10:00", "12:30", True, True),
        ("2026-11-16T10:00", "23:30", True, True),
    ],
)
def test_a_digest_that_could_not_be_made_by_noon_is_told_as_missed_once_on_its_day(
    practice: Bench, served: str | None, at: str, queued: bool, missed: bool
) -> None:
    calendar = practice.desk.calendar()
    if served:
        then = datetime.fromisoformat(served)
        served_since(practice, calendar.at(then.date(), then.time()))
    practice.clock.set(calendar.at(date(2026, 11, 17), datetime.fromisoformat(f"2026-11-17T{at}").time()))
    with practice.another() as other:
        answers = together(practice.desk.queue_digest, other.desk.queue_digest)
    assert sorted(answers, key=str) == ([False, True] if queued else [False, False])
    assert digests(practice) == queued
    assert practice.desk.digest(date(2026, 11, 17)).missed is (missed or at == "12:30")


def test_a_digest_that_was_posted_was_not_missed(practice: Bench) -> None:
    served_since(practice, MONDAY)
    practice.clock.set(TUESDAY)
    practice.desk.queue_digest()
    by_hand(practice, "UPDATE message SET sent = wanted WHERE kind = 'digest'")
    practice.clock.forward(hours=4)
    assert not practice.desk.queue_digest()
    assert not practice.desk.digest(date(2026, 11, 17)).missed


def test_a_tick_that_rests_while_the_auditor_runs_is_told(practice: Bench) -> None:
    served_since(practice, MONDAY - A_DAY)
    for name in TICKS:
        practice.desk.beat(name)
    practice.clock.forward(minutes=16)
    for name in TICKS.keys() - {"alarms"}:
        practice.desk.beat(name)
    audited_twice_at_once(practice)
    assert standing(practice) == [("tick", "alarms")]
    practice.desk.beat("alarms")
    practice.desk.audit()
    assert standing(practice) == []


def test_after_a_night_without_a_worker_no_tick_is_ill(practice: Bench) -> None:
    served_since(practice, MONDAY - A_DAY)
    for name in TICKS:
        practice.desk.beat(name)
    practice.clock.set(TUESDAY)
    practice.desk.audit()
    assert [kind for kind, _ in standing(practice) if kind == "tick"] == []


def test_an_event_that_mends_is_signed_like_any_other(practice: Bench) -> None:
    number = practice.open().state.number
    lost_clocks(practice, number)
    practice.desk.audit()
    tamper(practice.url, "UPDATE event SET actor = 'U0EVE' WHERE kind = ?", "repaired")
    with practice.store.read() as session:
        assert [fault.what for fault in verify(session.connection, session.vault)] == ["the event was changed"]
