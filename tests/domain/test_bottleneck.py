"""Where work piles up against its own history, and what that points at."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pabot.domain.metrics import CAUSES, ENOUGH, Move, bottleneck, stood
from pabot.domain.statuses import OPEN, Status

S = Status
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
USUAL = [{S.PENDING: 10, S.DOCS_NEEDED: 4, S.READY: 1}] * ENOUGH


@pytest.mark.parametrize(
    ("counts", "late", "worst"),
    [
        ({S.PENDING: 9, S.READY: 2}, {S.READY: 1}, S.READY),  # a large pile on time is none
        ({S.PENDING: 9, S.READY: 2}, {S.READY: 1, S.PENDING: 3}, S.PENDING),
        ({S.PENDING: 9, S.READY: 2}, {S.READY: 1, S.PENDING: 1}, S.PENDING),  # as many late: the larger pile
        ({S.PENDING: 9}, {}, None),
    ],
)
@pytest.mark.parametrize("days", [0, 1, ENOUGH - 1])
def test_without_enough_history_it_is_where_most_is_late(
    counts: dict[Status, int], late: dict[Status, int], worst: Status | None, days: int
) -> None:
    found = bottleneck(counts, late, USUAL[:days])
    assert (found.status, found.days, found.usual) == (worst, days, None)
    if worst:
        assert (found.count, found.late, found.cause) == (counts[worst], late[worst], CAUSES[worst])


@pytest.mark.parametrize(
    ("counts", "late", "worst"),
    [
        ({S.PENDING: 10, S.DOCS_NEEDED: 8}, {}, S.DOCS_NEEDED),
        ({S.PENDING: 10, S.DOCS_NEEDED: 8}, {S.PENDING: 9}, S.DOCS_NEEDED),  # late as usual is no pile
        ({S.PENDING: 14, S.DOCS_NEEDED: 6}, {}, None),  # not half as many again; two more are few
        ({S.PENDING: 16, S.DOCS_NEEDED: 9}, {}, S.PENDING),  # both pile up: the one with more beyond its usual
        ({S.PENDING: 10, S.DOCS_NEEDED: 4, S.READY: 1, S.CLINICAL_REVIEW: 3}, {}, S.CLINICAL_REVIEW),  # usually none
        ({S.PENDING: 10, S.DOCS_NEEDED: 7, S.READY: 4}, {S.READY: 1}, S.READY),  # as much beyond: more of it late
        ({}, {}, None),
    ],
)
def test_with_history_it_is_what_exceeds_its_usual(
    counts: dict[Status, int], late: dict[Status, int], worst: Status | None
) -> None:
    found = bottleneck(counts, late, USUAL)
    assert (found.status, found.days) == (worst, ENOUGH)
    assert found.usual == (USUAL[0].get(worst, 0) if worst else None)
    assert found.count == (counts[worst] if worst else sum(counts.values()))


def test_a_usual_is_the_median_so_that_one_wild_day_is_none() -> None:
    wild = [*USUAL, {S.DOCS_NEEDED: 90}]
    assert bottleneck({S.DOCS_NEEDED: 8}, {}, wild).usual == 4


def test_every_open_status_has_its_cause() -> None:
    assert set(CAUSES) == OPEN


def test_a_morning_is_worked_back_from_now() -> None:
    moves = [
        Move(NOON - 1 * HOUR, S.READY, S.SUBMITTED),
        Move(NOON - 3 * HOUR, S.NEW, S.READY),
        Move(NOON - 5 * HOUR, None, S.NEW),
    ]
    at = [NOON - hours * HOUR for hours in (0, 1, 2, 4, 6)]
    found = stood({S.SUBMITTED: 1}, moves, at)
    one = [{S.SUBMITTED: 1}, {S.SUBMITTED: 1}, {S.READY: 1}, {S.NEW: 1}, {}]
    assert [+each for each in found] == [Counter(each) for each in one]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(Status)), max_size=40))
def test_what_stood_then_is_what_was_counted_then(walk: list[tuple[int, Status]]) -> None:
    """Requests that walk from status to status, counted after each step and worked back at the end."""
    where: dict[int, Status] = {}
    moves, counted, at = [], [], []
    for step, (number, status) in enumerate(walk):
        at.append(NOON + step * HOUR)
        counted.append(Counter(where.values()))
        moves.append(Move(NOON + step * HOUR + HOUR / 2, where.get(number), status))
        where[number] = status
    found = stood(Counter(where.values()), reversed(moves), at[::-1])
    assert [+each for each in found] == counted[::-1]
