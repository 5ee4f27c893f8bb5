"""One invented request on the ways on which a denial is contested."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from message_samples import CORA, DENIAL, IDA, NOW, card

from pabot.domain.appeals import WAYS, Level
from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Appeal, Decision, Denial, DenialClass, LineOfBusiness, PeerToPeer
from pabot.domain.statuses import Outcome, Status

EXTERNAL = WAYS[LineOfBusiness.COMMERCIAL_INSURED][1]
SENT_ON = WAYS[LineOfBusiness.MEDICARE_ADVANTAGE][1]
FIRST = replace(
    DENIAL,
    id=70,
    reason="not_medically_necessary",
    denial_class=DenialClass.CLINICAL,
    notice_on=date(2026, 9, 14),
    decision=Decision.APPEAL,
    decided_by=IDA.user_id,
    decided_at=NOW - timedelta(days=60),
)
SECOND = replace(
    FIRST,
    id=77,
    level=2,
    notice_on=date(2026, 11, 20),
    appeal_by=date(2027, 3, 20),
    appeal_source="45 CFR 147.136",
    p2p_by=None,
    packet="denial_letter",
    attachments="Letter of November 20\nGait study",
    necessity="She cannot walk to the door without a fall.",
    necessity_by=IDA.user_id,
    necessity_at=NOW - timedelta(hours=2),
    necessity_version=2,
    decided_at=NOW - timedelta(hours=3),
)
UPHELD = Appeal(
    4,
    1,
    True,
    NOW - timedelta(days=58),
    CORA.user_id,
    "AP-1",
    date(2026, 10, 24),
    Outcome.DENIED,
    NOW - timedelta(days=3),
    kind="internal appeal",
    signed_by=IDA.user_id,
)
CALL = PeerToPeer(
    6,
    NOW - timedelta(hours=5),
    "555-0142",
    IDA.user_id,
    CORA.user_id,
    "educational",
    NOW - timedelta(hours=4),
    note="Only explained the policy.",
    dictated_by=IDA.user_id,
)


def contested(
    denial: Denial = SECOND, level: Level | None = EXTERNAL, earlier: tuple[Denial, ...] = (FIRST,), **changed: Any
) -> AuthorizationCard:
    """Upheld once, and on its way to external review."""
    facts = {"denial": denial, "question": None, "outcome": Outcome.DENIED, "decided_at": denial.received_at, **changed}
    return replace(card(**facts), appeal_level=level, earlier=earlier)


def again() -> AuthorizationCard:
    """To be decided anew, after the first level was upheld."""
    return contested(replace(SECOND, decision=None, decided_by=None, decided_at=None))


def at_the_end() -> AuthorizationCard:
    last = replace(SECOND, level=3, appeal_by=None, decision=None, decided_by=None, decided_at=None)
    return contested(last, None, (SECOND, FIRST), appeal=replace(UPHELD, level=2, kind="external review"))


def forwarded() -> AuthorizationCard:
    """By the plan itself."""
    gone = replace(SECOND, appeal_by=None, decided_by=None, necessity="", packet="", attachments="")
    review = Appeal(5, 2, False, NOW, CORA.user_id, "", date(2026, 12, 23), kind=SENT_ON.name, automatic=True)
    return contested(gone, SENT_ON, status=Status.PENDING, appeal=review)
