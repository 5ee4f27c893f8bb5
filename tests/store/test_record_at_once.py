"""Many people and workers at the same moment: the record takes each step once, and none is lost."""

from contextlib import ExitStack
from datetime import timedelta
from functools import partial

import pytest
from record_practice import BILL, CARL, CORA, IDA, MAX, MONDAY, Bench, once, together

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import AlreadyDone, NotAllowed, NotNow, NotOnStaff, Stale
from pabot.domain.model import Channel, Decision, Role
from pabot.domain.practice import SaveMember
from pabot.store import escalations
from pabot.store.events import verify
from pabot.store.store import KEY_LIFE, claim_key, claim_period, forget_old


def test_a_form_sent_twice_finds_the_first_result(practice: Bench) -> None:
    first = practice.open(key="form-1")
    again = practice.open(key="form-1", service="Something else")
    assert again.state.number == first.state.number
    assert again.service == "Power wheelchair"
    assert practice.rows('SELECT count(*) AS n FROM "authorization"') == [{"n": 1}]


def test_a_step_sent_twice_is_taken_once(practice: Bench) -> None:
    number = practice.pending().state.number
    call = c.LogContact(number=number, channel=Channel.PHONE, result="In review")
    first = practice.step(CORA, call, key="call-1")
    assert practice.step(CORA, call, key="call-1").state.version == first.state.version
    assert practice.rows("SELECT count(*) AS n FROM contact") == [{"n": 1}]


def test_a_key_of_another_use_case_is_refused(practice: Bench) -> None:
    number = practice.open(key="form-1").state.number
    with pytest.raises(NotAllowed, match="something else before"):
        practice.step(CORA, c.MarkReady(number=number), key="form-1")
    practice.step(CORA, c.MarkReady(number=number), key="form-2")
    other = practice.open().state.number
    with pytest.raises(NotAllowed):
        practice.step(CORA, c.MarkReady(number=other), key="form-2")


def test_a_refused_form_may_be_sent_again(practice: Bench) -> None:
    """The key of a step that was not saved is free."""
    number = practice.open().state.number
    with pytest.raises(NotNow):
        practice.step(CORA, c.Acknowledge(number=number, tracking_number="T-1"), key="form-1")
    practice.step(CORA, c.MarkReady(number=number))
    practice.step(CORA, c.Submit(number=number, channel=Channel.FAX, submitted_at=practice.clock.now()))
    assert practice.step(CORA, c.Acknowledge(number=number, tracking_number="T-1"), key="form-1").state.acknowledged_at


def test_keys_are_forgotten_after_a_week(practice: Bench) -> None:
    with practice.store.write() as session:
        assert claim_key(session.connection, "k", "open", MONDAY) is None
        forget_old(session.connection, MONDAY + KEY_LIFE)
        assert claim_key(session.connection, "k", "open", MONDAY) == ""
        forget_old(session.connection, MONDAY + KEY_LIFE + timedelta(seconds=1))
        assert claim_key(session.connection, "k", "open", MONDAY) is None


def test_the_same_form_from_two_threads_makes_one_request(practice: Bench) -> None:
    with practice.another() as elsewhere:
        for attempt in range(5):
            open_it = [partial(bench.open, key=f"form-{attempt}") for bench in (practice, elsewhere)]
            cards = together(*open_it)
            numbers = {card.state.number for card in cards if isinstance(card, AuthorizationCard)}
            assert len(numbers) == 1, cards
    assert practice.rows('SELECT count(*) AS n FROM "authorization"') == [{"n": 5}]


def test_of_two_decisions_on_one_denial_exactly_one_counts(practice: Bench) -> None:
    with practice.another() as elsewhere:
        for _ in range(5):
            state = practice.denied().state
            assert state.denial
            assert state.denial.id
            decisions = [
                c.DecideDenial(
                    number=state.number, denial_id=state.denial.id, decision=decision, reason="Seen", words="x"
                )
                for decision in (Decision.APPEAL, Decision.ACCEPT)
            ]
            said = together(partial(practice.step, IDA, decisions[0]), partial(elsewhere.step, IDA, decisions[1]))
            saved = [card for card in said if isinstance(card, AuthorizationCard)]
            assert len(saved) == 1, said
            assert len([fault for fault in said if isinstance(fault, AlreadyDone | NotNow)]) == 1, said
            now = practice.desk.card(state.number, actor=practice.member(IDA)).state
            assert now.version == state.version + 1
            assert now.denial == saved[0].state.denial


def test_two_people_who_claim_the_same_request_are_told_apart(practice: Bench) -> None:
    number = practice.open(by=IDA).state.number
    with practice.another() as elsewhere:
        said = together(
            partial(practice.step, CORA, c.Claim(number=number)), partial(elsewhere.step, CARL, c.Claim(number=number))
        )
    saved = [card for card in said if isinstance(card, AuthorizationCard)]
    assert len(saved) == 1, said
    assert practice.desk.card(number, actor=practice.member(MAX)).state.owner_id == saved[0].state.owner_id


def test_a_form_drawn_before_somebody_else_saved_is_refused(practice: Bench) -> None:
    state = practice.open().state
    assign = [c.Assign(number=state.number, version=state.version, owner_id=to) for to in (CARL, BILL)]
    with practice.another() as elsewhere:
        said = together(partial(practice.step, MAX, assign[0]), partial(elsewhere.step, MAX, assign[1]))
    assert sorted(type(one).__name__ for one in said) == ["AuthorizationCard", "Stale"], said
    (refused,) = [one for one in said if isinstance(one, Stale)]
    assert "Max Tiller recorded" in refused.sentence


def test_calls_logged_at_the_same_moment_are_all_kept(practice: Bench) -> None:
    """They do not compete: each is saved after the other, and no version is skipped."""
    state = practice.pending().state
    with ExitStack() as stack:
        benches = [practice, *(stack.enter_context(practice.another()) for _ in range(3))]
        call = c.LogContact(number=state.number, channel=Channel.PHONE, result="In review")
        calls = [partial(benches[n % 4].step, CORA, call, key=once("call")) for n in range(8)]
        versions = sorted(card.state.version for card in together(*calls) if isinstance(card, AuthorizationCard))
    assert versions == [state.version + n for n in range(1, 9)]
    assert practice.rows("SELECT count(*) AS n FROM contact") == [{"n": 8}]
    with practice.store.read() as session:
        assert list(verify(session.connection, session.vault)) == []


def test_a_period_is_claimed_by_one_of_eight_workers(practice: Bench) -> None:
    with ExitStack() as stack:
        benches = [stack.enter_context(practice.another()) for _ in range(8)]

        def claim(bench: Bench, day: str) -> bool:
            with bench.store.write() as session:
                return claim_period(session.connection, "digest", day, MONDAY)

        for day in ("2026-11-16", "2026-11-17", "2026-11-18"):
            assert sorted(map(bool, together(*(partial(claim, bench, day) for bench in benches)))) == [False] * 7 + [
                True
            ]


def test_the_digest_is_queued_once_by_eight_workers(practice: Bench) -> None:
    with ExitStack() as stack:
        benches = [stack.enter_context(practice.another()) for _ in range(8)]
        said = together(*(bench.desk.queue_digest for bench in benches))
    assert sorted(map(bool, said)) == [False] * 7 + [True], said
    assert practice.rows("SELECT wanted FROM message WHERE kind = 'digest'") == [{"wanted": 1}]


def test_a_clock_that_ran_out_is_raised_once_at_each_level_by_eight_workers(practice: Bench) -> None:
    numbers = [practice.pending().state.number for _ in range(3)]
    practice.clock.forward(days=14)
    late = practice.rows(
        "SELECT id FROM deadline WHERE done_at IS NULL AND kind IN ('payer_response', 'follow_up') ORDER BY id"
    )
    news = practice.rows("SELECT id FROM deadline WHERE done_at IS NULL AND kind = 'patient_update'")
    assert (len(late), len(news)) == (2 * len(numbers), len(numbers))
    raised_to = {
        escalations.OWNERS: sorted([*late, *news], key=lambda row: row["id"]),
        escalations.MANAGERS: late,  # that a patient waits for news is the owner's alone
    }
    total = sum(map(len, raised_to.values()))
    with ExitStack() as stack:
        benches = [stack.enter_context(practice.another()) for _ in range(8)]
        said = together(*(bench.desk.raise_alarms for bench in benches))
    assert sum(count for count in said if isinstance(count, int)) == total, said
    for level, those in raised_to.items():
        query = "SELECT deadline_id AS id FROM escalation WHERE level = :level ORDER BY deadline_id"
        assert practice.rows(query, level=level) == those
    raised = practice.rows("SELECT count(*) AS n FROM event WHERE kind = 'escalated'")
    assert raised == [{"n": total}]
    assert practice.desk.raise_alarms() == 0
    with practice.store.read() as session:
        day = session.practice.calendar.day(practice.clock.now())
        assert len(escalations.raised(session.connection, day)) == len(raised_to[escalations.OWNERS])


def test_somebody_who_was_taken_off_the_list_meanwhile_is_refused(practice: Bench) -> None:
    """Who may do it is asked in the same transaction, not when the form was opened."""
    cora = practice.member(CORA)
    number = practice.open().state.number
    left = SaveMember(CORA, "Cora Lindqvist", frozenset({Role.COORDINATOR}), active=False)
    with practice.another() as elsewhere:
        elsewhere.desk.save_member(left, actor=elsewhere.member(MAX), key=once("staff"))
    with pytest.raises(NotOnStaff, match="not on this practice"):
        practice.desk.take_step(c.MarkReady(number=number), actor=cora, key=once("step"))
