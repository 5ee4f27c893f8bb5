"""Figures for people who run the practice. This first one reads a pile-up as a cause (founding guide R16)."""

from collections.abc import Mapping

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


def bottleneck(counts: Mapping[Status, int], late: Mapping[Status, int]) -> Bottleneck:
    """Where most is late; ties go to the larger pile. Nothing late is said as such."""
    piles = [status for status in CAUSES if late.get(status)]
    if not piles:
        return Bottleneck(None, sum(counts.values()), 0, "")
    worst = max(piles, key=lambda status: (late[status], counts.get(status, 0)))
    return Bottleneck(worst, counts.get(worst, 0), late[worst], CAUSES[worst])
