"""What people ask for around an appeal or a call with the payer's reviewer; see `commands.py` for the rest."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pabot.domain.commands import Command


class CallOutcome(StrEnum):
    """What came of a peer-to-peer call."""

    OVERTURNED = "overturned"
    UPHELD = "upheld"
    EDUCATIONAL = "educational"  # the reviewer explained; such a call cannot change the decision
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackAppeal(Command):
    """How far the packet of an appeal is: what lies in it, and the patient's written consent."""

    packet: frozenset[str] = frozenset()  # keys of `appeals.PACKET`
    attachments: str = ""  # one a line, as the letter lists them
    consent_by: str = ""  # who signed it
    consent_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAppeal(PackAppeal):
    """The appeal went to the payer. Where the plan sends a case on by itself: that it did."""

    filed_at: datetime
    signed_by: str = ""  # whose signature is on the letter
    expedited: bool = False
    reference: str = ""
    decision_due_on: date | None = None
    without: str = ""  # why something required is not in the packet


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNecessity(Command):
    """Why the care is necessary, for the letter: a clinician's words, or where their own text lies."""

    denial_id: int
    text: str = ""
    where: str = ""
    expedited: bool = False  # that waiting for the usual decision would endanger the patient


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAppeal(Command):
    """The practice takes an appeal back before it is decided."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissAppeal(Command):
    """The payer did not take the appeal up: too late, say, or without consent."""

    reason: str  # in the payer's words


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPeerToPeer(Command):
    """A call was asked for; its time may be open yet."""

    clinician_id: str
    scheduled_for: datetime | None = None
    phone: str = ""
    requested_at: datetime | None = None
    requested_with: str = ""
    reference: str = ""
    slots: tuple[datetime, ...] = ()  # that the payer offered


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPeerToPeer(Command):
    """What came of the call. Whoever is no clinician names the one who dictated it."""

    outcome: CallOutcome
    note: str = ""
    director: str | None = None
