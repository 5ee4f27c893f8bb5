"""The one place that reads the wall clock. Everything else is handed a `Clock`, so that a test may stand still."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class StandingClock:
    """A clock that moves only when told: for tests and rehearsals."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def forward(self, **span: float) -> None:
        """Move on by a `timedelta(**span)`."""
        self.at += timedelta(**span)


@dataclass(frozen=True)
class MovedClock:
    """Starts at an instant of one's choosing and runs at the usual pace: for rehearsals that talk to Slack."""

    start: datetime
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.start + (datetime.now(UTC) - self.since)
