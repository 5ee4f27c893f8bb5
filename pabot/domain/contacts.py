"""Contacts with payers: what one brought, and how long it takes when nobody says."""

from collections.abc import Mapping
from enum import StrEnum

from pabot.domain.model import Channel


class Found(StrEnum):
    """What a contact brought, so that the usual answers are one choice and no typing."""

    NO_CHANGE = "no_change"
    IN_REVIEW = "in_review"
    COMPLETE = "complete"
    NOBODY = "nobody"
    OTHER = "other"


FOUND_LABELS: Mapping[Found, str] = {
    Found.NO_CHANGE: "No change",
    Found.IN_REVIEW: "In medical review",
    Found.COMPLETE: "They have everything they need",
    Found.NOBODY: "Nobody reached",
    Found.OTHER: "Something else: written below",
}
MOST_MINUTES = 600  # of one contact; more is a slip of the key


def in_words(found: Found, result: str) -> str:
    """What a contact brought, as the record says it: the choice, and what was typed beside it.

    Words say more than *No change*, with which the form begins, and stand without it.
    """
    chosen = "" if found is Found.OTHER or (found is Found.NO_CHANGE and result) else FOUND_LABELS[found]
    return ". ".join(filter(None, (chosen, result)))


def minutes_of(typed: int | None, channel: Channel, usual: Mapping[Channel, int]) -> int | None:
    """Minutes of staff time: as typed, else the practice's usual for that channel; None: nobody has said."""
    return usual.get(channel) if typed is None else typed
