"""Whoever locks several requests locks them by their numbers, so that none of two writers is refused."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from record_practice import CORA, IDA, MAX, MONDAY, Bench, a_practice, once

from pabot.domain import commands as c
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember
from pabot.store.events import NewEvent, append, append_all, of_authorization

ASKED_AGAIN = 0.02  # seconds
NINE, TEN = of_authorization(9), of_authorization(10)  # in the order of the text ten comes first
LATE = NewEvent("escalated", CORA, MONDAY)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_batch_of_events_lets_through_who_goes_from_one_request_to_the_next(database_url: str) -> None:
    """While it waits for the first it holds none that the other will want."""
    with a_practice(database_url) as bench, bench.another() as elsewhere, ThreadPoolExecutor(1) as pool:
        with bench.store.write() as session:
            append_all(session.connection, session.vault, [(NINE, LATE), (TEN, LATE)])

        def raise_batch() -> dict[str, int]:
            with elsewhere.store.write() as session:
                return append_all(session.connection, session.vault, [(TEN, LATE), (NINE, LATE)])

        with bench.store.write() as session:
            append(session.connection, session.vault, NINE, [LATE])
            batch = pool.submit(raise_batch)
            until_somebody_waits(database_url)
            append(session.connection, session.vault, TEN, [LATE])
        assert batch.result(10) == {NINE: 3, TEN: 3}


def until_somebody_waits(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as onlooker:
        for _ in range(500):
            if onlooker.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                return
            time.sleep(ASKED_AGAIN)
    raise AssertionError("nobody waits for a lock")


def test_what_somebody_leaves_is_given_over_by_number(practice: Bench) -> None:
    """Whoever the heirs are, and whether it is to be owned or judged."""
    judged = practice.denied().state.number
    owned = practice.open(by=CORA).state.number
    both = frozenset({Role.CLINICIAN, Role.COORDINATOR})
    practice.desk.save_member(SaveMember(IDA, "Dr. Ida Voss", both), actor=practice.member(MAX), key=once("staff"))
    practice.step(MAX, c.Assign(number=owned, owner_id=IDA))
    left = SaveMember(IDA, "Dr. Ida Voss", both, active=False)
    practice.desk.save_member(left, actor=practice.member(MAX), key=once("staff"))
    given = practice.rows("SELECT subject, kind FROM event WHERE kind IN ('assign', 'route') ORDER BY id")
    assert [(row["subject"], row["kind"]) for row in given][-2:] == [
        (of_authorization(judged), "route"),
        (of_authorization(owned), "assign"),
    ]
