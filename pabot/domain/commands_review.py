"""What whoever was asked to judge can do besides judging: take it in hand, or give it back."""

from dataclasses import dataclass

from pabot.domain.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReview(Command):
    """I have it."""

    what: str = ""  # a `review.Matter`; empty: what waits first
    child: int | None = None  # the question or denial that the button stood under


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReview(Command):
    """It goes back unanswered."""

    reason: str  # a key of `review.RETURNS`
    words: str
    what: str = ""
    child: int | None = None
