"""What people ask for about a request's dates: to put its facts right, to let it wait, to take it up again."""

from dataclasses import dataclass
from datetime import date, datetime

from pabot.domain.commands import Command
from pabot.domain.model import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetails(Command):
    """What a request was recorded with, put right; None stays as it is."""

    plan_id: int | None = None
    acknowledged_at: datetime | None = None  # when the payer received it
    appointment_on: date | None = None
    no_appointment: bool = False  # it was called off
    urgency: Urgency | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldUntil(Command):
    """Nothing is to be done before a day."""

    until_on: date
    reason: str  # a key of `holds.REASONS`
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """Take up again what is on hold, before its day."""
