"""What people ask for when a patient has called."""

from dataclasses import dataclass
from datetime import datetime

from pabot.domain.commands import Command
from pabot.domain.happenings import Asked, Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPatientCall(Command):
    """The patient called, or somebody for them."""

    at: datetime
    caller: Caller
    asked: Asked
    said: str = ""  # in the patient's words
    read_out: bool = False  # the approved sentences
    taken_by_id: str = ""  # empty: whoever records it


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack(Command):
    """A clinician spoke with the patient."""

    call: int | None = None  # its number on the request; None: the one that has waited longest


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCall(Command):
    """A clinician says what the coordinator is to tell the patient."""

    answer: str
    call: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn(Command):
    """The patient was told what a clinician had answered."""

    call: int | None = None  # the number of the call that was answered; None: all that waited to be passed on


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(Command):
    """A patient with an urgent worry that nobody has answered was called back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverCall(Command):
    """Another clinician takes it."""

    to: str
    note: str = ""
    call: int | None = None
