"""Messages that wait to be sent: one a recipient at a time, none twice, none forgotten."""

from datetime import datetime, timedelta
from functools import partial

from record_practice import CORA, IDA, MONDAY, Bench, together

from pabot.store import messages
from pabot.store.messages import Claimed

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def want(practice: Bench, key: str, recipient: str = CORA, now: datetime = MONDAY) -> None:
    with practice.store.write() as session:
        messages.want(session.connection, key=key, kind="decision", recipient=recipient, subject="1", now=now)


def claim(practice: Bench, now: datetime = MONDAY, limit: int = 10) -> list[Claimed]:
    with practice.store.write() as session:
        return messages.claim(session.connection, now, LEASE, limit)


def keys(claimed: list[Claimed]) -> list[str]:
    return [one.key for one in claimed]


def sent(practice: Bench, claimed: Claimed, ts: str = "1.1") -> None:
    with practice.store.write() as session:
        messages.settle_sent(session.connection, claimed, channel="D1", ts=ts)


def next_due(practice: Bench) -> datetime | None:
    with practice.store.read() as session:
        return messages.next_due(session.connection)


def test_each_recipient_gets_the_oldest_first_and_one_at_a_time(practice: Bench) -> None:
    want(practice, "cora second", CORA, MONDAY - SECOND)
    want(practice, "cora first", CORA, MONDAY - 2 * SECOND)
    want(practice, "ida", IDA)
    first = claim(practice)
    assert sorted(keys(first)) == ["cora first", "ida"]
    assert claim(practice) == []
    sent(practice, next(one for one in first if one.recipient == CORA))
    assert keys(claim(practice)) == ["cora second"]


def test_no_more_than_were_asked_for(practice: Bench) -> None:
    for n in range(5):
        want(practice, f"m{n}", f"U0PERSON{n}", MONDAY - n * SECOND)
    assert sorted(keys(claim(practice, limit=2))) == ["m3", "m4"]


def test_many_for_one_person_do_not_hide_another_s(practice: Bench) -> None:
    for n in range(20):
        want(practice, f"cora {n}", CORA, MONDAY - timedelta(minutes=5))
    want(practice, "ida", IDA)
    found = keys(claim(practice, limit=1)) + keys(claim(practice, limit=1))
    assert found == ["cora 0", "ida"]


def test_eight_workers_never_claim_the_same_message(practice: Bench) -> None:
    for n in range(12):
        want(practice, f"m{n}", f"U0PERSON{n}")
    said = together(*[partial(claim, practice, limit=5)] * 8)
    taken = [one.id for claimed in said if isinstance(claimed, list) for one in claimed]
    assert len(taken) == len(set(taken))
    assert len(taken) + len(claim(practice, limit=20)) == 12


def test_eight_workers_never_write_to_one_person_at_once(practice: Bench) -> None:
    for n in range(30):
        want(practice, f"m{n}", CORA)
    now = MONDAY
    for _ in range(3):
        said = together(*[partial(claim, practice, now, limit=1)] * 8)
        taken = [one.key for claimed in said if isinstance(claimed, list) for one in claimed]
        assert len(taken) == 1, said
        now += LEASE


def test_a_worker_that_died_gives_its_message_back(practice: Bench) -> None:
    want(practice, "m")
    (first,) = claim(practice)
    assert claim(practice, MONDAY + LEASE - SECOND) == []
    (second,) = claim(practice, MONDAY + LEASE)
    assert (second.key, second.attempts) == ("m", first.attempts + 1)
    with practice.store.write() as session:
        assert not messages.begin_post(session.connection, first, MONDAY + LEASE)
        assert messages.begin_post(session.connection, second, MONDAY + LEASE)


def test_a_late_worker_neither_parks_nor_delays_what_another_holds(practice: Bench) -> None:
    want(practice, "m")
    (first,) = claim(practice)
    (second,) = claim(practice, MONDAY + LEASE)
    with practice.store.write() as session:
        messages.park(session.connection, first, "late")
        messages.settle_retry(session.connection, first, at=MONDAY + timedelta(days=1), error="late")
    assert practice.rows("SELECT state, error FROM message") == [{"state": "sending", "error": None}]
    sent(practice, second)
    assert next_due(practice) is None


def test_a_first_post_without_an_answer_is_remembered_as_unknown(practice: Bench) -> None:
    want(practice, "m")
    (first,) = claim(practice)
    with practice.store.write() as session:
        messages.begin_post(session.connection, first, MONDAY)
        messages.settle_retry(session.connection, first, at=MONDAY + SECOND, error="timeout")
    assert practice.rows("SELECT state FROM message") == [{"state": "unknown"}]
    (again,) = claim(practice, MONDAY + SECOND)
    assert again.posting_since == MONDAY
    assert again.marker == first.marker
    with practice.store.write() as session:
        messages.settle_absent(session.connection, again)
        messages.settle_retry(session.connection, again, at=MONDAY + 2 * SECOND, error="timeout")
    assert practice.rows("SELECT state FROM message") == [{"state": "waiting"}]


def test_what_was_wanted_anew_while_it_was_sent_stays_due(practice: Bench) -> None:
    want(practice, "m")
    (first,) = claim(practice)
    want(practice, "m", now=MONDAY + SECOND)
    sent(practice, first)
    (again,) = claim(practice, MONDAY + SECOND)
    assert (again.wanted, again.sent, again.ts) == (2, 1, "1.1")
    sent(practice, again)
    assert claim(practice, MONDAY + 5 * SECOND) == []


def test_a_person_who_was_just_written_to_rests(practice: Bench) -> None:
    want(practice, "cora")
    want(practice, "ida", IDA)
    with practice.store.write() as session:
        messages.pace(session.connection, CORA, MONDAY + SECOND)
    assert keys(claim(practice)) == ["ida"]
    assert keys(claim(practice, MONDAY + SECOND)) == ["cora"]


def test_the_next_due_instant_knows_of_the_rest(practice: Bench) -> None:
    assert next_due(practice) is None
    want(practice, "cora")
    assert next_due(practice) == MONDAY
    with practice.store.write() as session:
        messages.pace(session.connection, CORA, MONDAY + 3 * SECOND)
    assert next_due(practice) == MONDAY + 3 * SECOND
    want(practice, "ida", IDA, MONDAY + 2 * SECOND)
    assert next_due(practice) == MONDAY + 2 * SECOND


def test_what_slack_refused_waits_for_people(practice: Bench) -> None:
    want(practice, "m")
    (first,) = claim(practice)
    with practice.store.write() as session:
        messages.park(session.connection, first, "channel_not_found")
        messages.refresh_lists(session.connection, "digest", "2026-11-16", MONDAY)
    assert claim(practice, MONDAY + timedelta(days=1)) == []
    assert next_due(practice) is None
    (parked,) = practice.desk.delivery_state().parked
    assert (parked.key, parked.error) == ("m", "channel_not_found")
    practice.clock.forward(minutes=1)
    assert practice.desk.retry_parked() == 1
    assert keys(claim(practice, practice.clock.now())) == ["m"]


def test_a_post_that_is_gone_is_posted_anew(practice: Bench) -> None:
    want(practice, "m")
    sent(practice, claim(practice)[0])
    want(practice, "m")
    (again,) = claim(practice)
    with practice.store.write() as session:
        messages.settle_gone(session.connection, again)
        assert messages.begin_post(session.connection, again, MONDAY), "by the worker that has it"
    assert claim(practice) == []
    (third,) = claim(practice, MONDAY + timedelta(minutes=5))
    assert third.ts is None


def test_how_much_waits_and_since_when(practice: Bench) -> None:
    assert practice.desk.delivery_state().waiting == 0
    want(practice, "a", CORA, MONDAY - SECOND)
    want(practice, "b", IDA, MONDAY)
    state = practice.desk.delivery_state()
    assert (state.waiting, state.oldest_since) == (2, MONDAY - SECOND)
