"""Figures for people who run the practice. This first one reads a pile-up as a cause (founding guide R16)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from pabot.domain.cards import Bottleneck
from pabot.domain.statuses import Status

CAUSES: Mapping[Status, str] = {
    Status.NEW: "requests come in faster than they are taken",
    Status.REQ_CHECK: "it takes too long to learn what the payer wants",
    Status.DOCS_NEEDED: "orders arrive without the documents that payers want: look at intake",
    Status.READY: "finished requests wait to be sent",
    Status.SUBMITTED: "submissions go unconfirmed: look at how they are sent",
    Status.PENDING: "payers are slow, or follow-ups are too far apart",
    Status.ADDL_INFO: "payers ask for more than our checklist holds",
    Status.APPROVED: "approved patients wait to be told",
    Status.DENIED: "denials are not routed",
    Status.CLINICAL_REVIEW: "questions and denials wait for a clinician",
    Status.PATIENT_NOTIFIED: "finished requests are not closed",
}


LOOK_BACK, ENOUGH = 30, 10  # calendar days of history; business days of it that make a usual (our judgement)
MORE, TIMES = 3, 1.5  # a pile is so many above its usual, and so many times it (our judgement)


@dataclass(frozen=True, slots=True)
class Move:
    """One request came from a status (None: it was opened) to another."""

    at: datetime
    before: Status | None
    after: Status


def stood(counts: Mapping[Status, int], moves: Iterable[Move], at: Sequence[datetime]) -> list[Counter[Status]]:
    """How many requests stood in each status at these instants, worked back from the counts of now.

    `at` and `moves` go from the newest to the oldest.
    """
    standing, found, left = Counter(counts), [], iter(at)
    instant = next(left, None)
    for move in moves:
        while instant is not None and move.at <= instant:
            found.append(Counter(standing))
            instant = next(left, None)
        standing[move.after] -= 1
        if move.before is not None:
            standing[move.before] += 1
    return found + [Counter(standing) for _ in ([] if instant is None else [instant, *left])]


def bottleneck(
    counts: Mapping[Status, int], late: Mapping[Status, int], history: Sequence[Mapping[Status, int]] = ()
) -> Bottleneck:
    """Where more piles up than usual, against the `history` of its mornings; the largest excess comes first.

    With too little history to know what is usual: where most is late, ties to the larger pile.
    """
    days = len(history)
    usual = {status: median_low(each.get(status, 0) for each in history) for status in CAUSES} if days >= ENOUGH else {}
    excess = {status: counts.get(status, 0) - many for status, many in usual.items()}
    piles = [
        status
        for status in CAUSES
        if (excess[status] >= MORE and counts[status] >= usual[status] * TIMES if usual else late.get(status))
    ]
    if not piles:
        return Bottleneck(None, sum(counts.values()), sum(late.values()), "", days)
    worst = max(piles, key=lambda status: (excess.get(status, 0), late.get(status, 0), counts.get(status, 0)))
    return Bottleneck(worst, counts.get(worst, 0), late.get(worst, 0), CAUSES[worst], days, usual.get(worst))
