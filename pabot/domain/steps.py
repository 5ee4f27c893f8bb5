"""The shapes in which the rules answer: a step's row in the table, its plan, and the change it comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status


class NoticeKind(StrEnum):
    """Direct messages that a step may call for."""

    DECISION = "decision"  # a denial waits for this person
    CLOSING = "closing"  # a window closes before who is to decide is here again: their cover knows
    QUESTION = "question"  # a question waits for this person
    ATTEST = "attest"  # somebody proposed expedited review
    INSTRUCTION = "instruction"  # the owner is told what was decided and what to do now
    PATIENT_CALLED = "patient_called"  # a patient's question or worry waits for this person
    CALL_ANSWERED = "call_answered"  # the owner reads what to tell the patient who called
    ANSWERED = "answered"  # the owner reads the clinician's answer
    SENT_ON = "sent_on"  # the clinician knows: the plan sends its denial on to an independent reviewer by itself
    RETURNED = "returned"  # the owner reads why it was given back
    CALL = "call"  # a peer-to-peer call is booked for this clinician
    NEED = "need"  # the clinician needs something from the owner
    ASSIGNED = "assigned"  # the request is yours now
    DOCUMENTS = "documents"  # this person is asked for documents
    PROVIDED = "provided"  # the owner reads that they are there, or cannot be had
    UNASSIGNED = "unassigned"  # managers: nobody has it


@dataclass(frozen=True, slots=True)
class Notice:
    kind: NoticeKind
    to: str
    child: int | None = None  # what of the request it is about, where the kind does not say
    at_once: bool = False  # quiet hours do not hold it


@dataclass(frozen=True, slots=True)
class Step:
    """What a person did, as the timeline keeps it. `detail` holds the words typed, never the patient's identity."""

    kind: str
    before: Status | None
    after: Status
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a step makes of a request: its facts, the statuses to walk through, whom to tell, what to keep."""

    facts: AuthorizationState
    path: tuple[Status, ...] = ()
    notices: tuple[Notice, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """The answer of the rules: the request before and after, the timeline's steps, and whom to tell."""

    before: AuthorizationState
    after: AuthorizationState
    steps: tuple[Step, ...]
    notices: tuple[Notice, ...]


Planner = Callable[[AuthorizationState, Any, Member, datetime, Rules], Plan]


@dataclass(frozen=True, slots=True)
class StepRule:
    """One row of the table of steps: who may, from which statuses, and whether its button makes sense now."""

    kind: str
    label: str
    action: Action
    sources: frozenset[Status]
    plan: Planner
    applies: Callable[[AuthorizationState], bool] = lambda state: True
    offered: bool = True  # on the card; else only where an alarm asks for it
    directed: bool = False  # its form asks who approves it, so that it is offered to whoever needs an approval
    asked_before: bool = False  # by a step of its own, so that no approval of this one is asked for

    @property
    def asks(self) -> bool:
        """Whether somebody who needs an approval for it may ask for one, and it waits for that."""
        return not (self.directed or self.asked_before)
