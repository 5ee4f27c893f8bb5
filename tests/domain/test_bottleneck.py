"""Where work piles up, and what that points at."""

import pytest

from pabot.domain.metrics import CAUSES, bottleneck
from pabot.domain.statuses import OPEN, Status

S = Status


@pytest.mark.parametrize(
    ("counts", "late", "worst"),
    [
        ({S.PENDING: 9, S.READY: 2}, {S.READY: 1}, S.READY),  # a large pile on time is none
        ({S.PENDING: 9, S.READY: 2}, {S.READY: 1, S.PENDING: 3}, S.PENDING),
        ({S.PENDING: 9, S.READY: 2}, {S.READY: 1, S.PENDING: 1}, S.PENDING),  # as many late: the larger pile
    ],
)
def test_the_bottleneck_is_where_most_is_late(
    counts: dict[Status, int], late: dict[Status, int], worst: Status
) -> None:
    found = bottleneck(counts, late)
    assert (found.status, found.count, found.late) == (worst, counts[worst], late[worst])
    assert found.cause == CAUSES[worst]


def test_nothing_late_is_no_bottleneck() -> None:
    assert bottleneck({S.PENDING: 9}, {}).status is None


def test_every_open_status_has_its_cause() -> None:
    assert set(CAUSES) == OPEN
