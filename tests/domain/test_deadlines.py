"""Every clock of a request: what starts it, what stops it, and that it follows its facts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from domain_practice import (
    COLE,
    CORA,
    DORA,
    RULES,
    Story,
    Told,
    clocks,
)

from pabot.domain import commands as c
from pabot.domain.commands_review import AcceptReview
from pabot.domain.deadlines import CLOCK_LABELS, Clock, running
from pabot.domain.model import AuthorizationState, Decision

NO_DATES: dict[str, Any] = {"effective_on": None, "expires_on": None, "dates_not_stated": True}
LIMITED = "follow_up payer_response escalation_trigger"

# What runs after each part of a request's life. Every row is the whole list: a clock that is not named has stopped.

BOOKED: Told = lambda s: s.given(appointment_on=date(2026, 6, 26))  # noqa: E731 - one more beginning

RUNNING: list[tuple[str, Told, str]] = [
    ("opened", lambda s: s, "first_touch submission"),
    ("taken", lambda s: s.does(CORA, c.Claim), "submission"),
    (
        "documents missing",
        lambda s: s.does(CORA, c.CheckRequirement, required=True, missing="office note"),
        "submission document_chase",
    ),
    ("ready", lambda s: s.ready(), "submission"),
    ("sent", lambda s: s.ready().submit(), "acknowledgement follow_up payer_response"),
    ("the payer has it", lambda s: s.pending(), "follow_up payer_response"),
    ("the payer has it, and the checklist has a limit", lambda s: s.limited().pending(), LIMITED),
    ("the payer asks", lambda s: s.pending().payer_asks(), "information"),
    ("answered", lambda s: s.pending().payer_asks().answer_payer(), "follow_up payer_response"),
    ("the payer asks a clinical thing", lambda s: s.pending().payer_asks(clinical=True), "information acceptance"),
    (
        "a question in hand, before the payer's confirmation",
        lambda s: s.ready().submit().ask().does(DORA, AcceptReview),
        "judgement acknowledgement follow_up payer_response",
    ),
    ("a question before sending", lambda s: s.ready().ask(), "submission acceptance"),
    ("an appointment is booked", lambda s: BOOKED(s).pending(), "follow_up payer_response service_date"),
    (
        "denied before it",
        lambda s: BOOKED(s).pending().deny().tell(),
        "acceptance appeal_ready appeal_window service_date",
    ),
    ("the appointment is given up", lambda s: BOOKED(s).pending().deny().tell().decide(Decision.ACCEPT), "closure"),
    ("approved before it", lambda s: BOOKED(s).pending().approve(), "patient_told expiry"),
    ("approved", lambda s: s.pending().approve(), "patient_told expiry"),
    ("approved and told", lambda s: s.pending().approve().tell(), "closure expiry"),
    ("approved and closed", lambda s: s.pending().approve().tell(and_close=True), "expiry"),
    (
        "denied and routed",
        lambda s: s.pending().deny(p2p_by=date(2026, 6, 10)),
        "acceptance appeal_ready appeal_window p2p_window patient_told",
    ),
    (
        "denied, seen, told",
        lambda s: s.pending().deny().does(DORA, c.AskForMore, need="the gait study").tell(),
        "judgement appeal_ready appeal_window",
    ),
    ("decided to appeal", lambda s: s.pending().deny().tell().decide(Decision.APPEAL), "appeal_ready appeal_window"),
    (
        "appeal filed",
        lambda s: s.pending().deny().tell().decide(Decision.APPEAL).appeal(),
        "follow_up payer_response",
    ),
    (
        "decided for a call",
        lambda s: s.pending().deny(p2p_by=date(2026, 6, 10)).tell().decide(Decision.P2P),
        "appeal_ready appeal_window p2p_window",
    ),
    (
        "call booked",
        lambda s: s.pending().deny(p2p_by=date(2026, 6, 10)).tell().decide(Decision.P2P).book_call(),
        "appeal_window follow_up payer_response",
    ),
    ("to be sent again", lambda s: s.pending().deny().tell().decide(Decision.RESUBMIT), "submission"),
    ("denial accepted", lambda s: s.pending().deny().decide(Decision.ACCEPT), "patient_told"),
    ("denial accepted, then told", lambda s: s.pending().deny().decide(Decision.ACCEPT).tell(), "closure"),
    ("told, then accepted", lambda s: s.pending().deny().tell().decide(Decision.ACCEPT), "closure"),
    (
        "partly approved",
        lambda s: s.pending().partly(),
        "acceptance appeal_ready appeal_window patient_told expiry",
    ),
    (
        "partly approved without dates, told, accepted",
        lambda s: s.pending().partly(**NO_DATES).tell().decide(Decision.ACCEPT),
        "closure",
    ),
    ("withdrawn while being asked", lambda s: s.ready().ask().withdraw(), ""),
    ("not required", lambda s: s.does(CORA, c.CheckRequirement, required=False, proof="Ana, ref 9"), ""),
]


@pytest.mark.parametrize(("told", "expected"), [row[1:] for row in RUNNING], ids=[row[0] for row in RUNNING])
def test_what_runs_when(told: Told, expected: str) -> None:
    story = told(Story())
    assert {str(clock) for clock in clocks(story.state, story.book)} == set(expected.split())


def test_every_clock_is_shown_here() -> None:
    shown = {word for row in RUNNING for word in row[2].split()}
    of_calls = {"patient_question", "patient_worry", "tell_answer", "tell_worried", "worry_left"}
    assert shown | {"routing", "patient_update", *of_calls} == {clock.value for clock in Clock}
    assert set(CLOCK_LABELS) == set(Clock)


def test_the_soonest_comes_first() -> None:
    found = running(Story().pending().partly().state, RULES)
    assert list(found) == sorted(found, key=lambda deadline: deadline.due_at)


# Moving a fact moves its clock; taking it back returns it.
MOVES: list[tuple[Clock, Told, str]] = [
    (Clock.SUBMISSION, lambda s: s.ready(), "ordered_at"),
    (Clock.FIRST_TOUCH, lambda s: s, "created_at"),
    (Clock.DOCUMENT_CHASE, lambda s: s.does(CORA, c.CheckRequirement, required=True, missing="note"), "status_since"),
    (Clock.ACKNOWLEDGEMENT, lambda s: s.ready().submit(), "submitted_at"),
    (Clock.PAYER_RESPONSE, lambda s: s.pending(), "acknowledged_at"),
    (Clock.FOLLOW_UP, lambda s: s.pending(), "next_check_on"),
    (Clock.INFORMATION, lambda s: s.pending().payer_asks(), "information_request.due_on"),
    (Clock.ACCEPTANCE, lambda s: s.pending().deny(), "denial.routed_at"),
    (Clock.JUDGEMENT, lambda s: s.pending().deny().does(DORA, AcceptReview), "denial.accepted_at"),
    (Clock.APPEAL_READY, lambda s: s.pending().deny(), "denial.received_at"),
    (Clock.APPEAL_WINDOW, lambda s: s.pending().deny(), "denial.appeal_by"),
    (Clock.P2P_WINDOW, lambda s: s.pending().deny(p2p_by=date(2026, 6, 10)), "denial.p2p_by"),
    (Clock.PATIENT_TOLD, lambda s: s.pending().approve(), "decided_at"),
    (Clock.CLOSURE, lambda s: s.pending().approve().tell(), "patient_update.told_at"),
    (Clock.EXPIRY, lambda s: s.pending().approve(), "expires_on"),
    (Clock.SERVICE_DATE, lambda s: BOOKED(s).pending(), "appointment_on"),
]


@pytest.mark.parametrize(("clock", "told", "fact"), MOVES, ids=[row[0].value for row in MOVES])
def test_moving_a_fact_moves_its_clock_and_back(clock: Clock, told: Told, fact: str) -> None:
    state = told(Story()).state
    before = clocks(state)[clock]
    moved = clocks(_moved(state, fact, timedelta(days=7)))[clock]
    assert moved.due_at - before.due_at == timedelta(days=7)
    assert clocks(_moved(_moved(state, fact, timedelta(days=7)), fact, timedelta(days=-7)))[clock] == before


def _moved(state: AuthorizationState, fact: str, by: timedelta) -> AuthorizationState:
    *owner, name = fact.split(".")
    if not owner:
        return replace(state, **{name: getattr(state, name) + by})
    child = getattr(state, owner[0])
    return replace(state, **{owner[0]: replace(child, **{name: getattr(child, name) + by})})


def test_another_owner_changes_no_clock() -> None:
    story = Story().pending()
    before = running(story.state, RULES)
    assert running(story.does(CORA, c.Assign, owner_id=COLE.user_id).state, RULES) == before
