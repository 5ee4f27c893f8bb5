"""Who is asked to approve a step, one after the other, and what makes the asking pointless."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, EVERYBODY, MARA, REQUEST, at

from pabot.domain import commands as c
from pabot.domain.approvals import Approval, ApprovalState, in_turn, next_asked, overtaken
from pabot.domain.decide import STEPS_BY_KIND, offers
from pabot.domain.model import Member, Role
from pabot.domain.roles import CLINICAL, Policy
from pabot.domain.rules import Directory
from pabot.domain.statuses import Status

EITHER = frozenset({Role.CLINICIAN, Role.MANAGER})
CLINICIAN, MANAGER = frozenset({Role.CLINICIAN}), frozenset({Role.MANAGER})
MONA = Member("U0MONA", "Mona Field", frozenset({Role.MANAGER}))
NOW = at("2026-06-02 10:00")
STATE = replace(REQUEST, clinician_id=DEAN.user_id)
NOBODY_ASKS = ("attest_urgency", "change_codes", "record_peer_to_peer")  # proposing asks; forms name who directs


def staff(*people: Member) -> Directory:
    return Directory({member.user_id: member for member in (*EVERYBODY, MONA, *people)})


def names(members: Iterable[Member]) -> list[str]:
    return [member.name for member in members]


@pytest.mark.parametrize(
    ("wanted", "by", "changed", "turn"),
    [
        (EITHER, CORA, (), [DEAN, MARA, MONA]),
        (MANAGER, CORA, (), [MARA, MONA]),
        (CLINICIAN, BILL, (), [DEAN, DORA]),
        (EITHER, CORA, (replace(DEAN, away=True, cover_id=DORA.user_id),), [DORA, MARA, MONA]),
        (EITHER, CORA, (replace(DEAN, active=False, cover_id=None),), [DORA, MARA, MONA]),
        (CLINICIAN, CORA, (replace(DEAN, cover_id=DORA.user_id),), [DEAN, DORA]),
        (MANAGER, CORA, (replace(MARA, away=True, cover_id=MONA.user_id),), [MONA]),
        (MANAGER, CORA, (replace(MARA, away=True, cover_id=CORA.user_id),), [MONA]),  # a cover without the role
        (MANAGER, MARA, (), [MONA]),  # never whoever asks
        (EITHER, DEAN, (), [MARA, MONA]),
        (MANAGER, CORA, (replace(MARA, active=False), replace(MONA, active=False)), []),
    ],
)
def test_who_is_asked_in_turn(
    wanted: frozenset[Role], by: Member, changed: tuple[Member, ...], turn: list[Member]
) -> None:
    assert names(in_turn(STATE, wanted, by.user_id, staff(*changed))) == names(turn)


def test_nobody_is_asked_twice() -> None:
    asked: list[str] = []
    while member := next_asked(STATE, EITHER, CORA.user_id, staff(), asked):
        asked.append(member.user_id)
    assert asked == [DEAN.user_id, MARA.user_id, MONA.user_id]


APPROVAL = Approval(
    1, STATE.number, "withdraw", c.Withdraw(number=STATE.number, reason="duplicate"), {}, "", CORA.user_id, NOW,
    EITHER, ApprovalState.OPEN, DEAN.user_id, NOW, NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "people", "why"),
    [
        ({}, (), ""),
        ({"status": Status.READY}, (), ""),
        ({"status": Status.CLOSED}, (), "has moved on"),
        ({"status": Status.CLINICAL_REVIEW}, (), "not even with approval. Only a clinician may withdraw"),
        ({}, (replace(CORA, active=False),), "not on the staff list any more"),
        ({}, (replace(CORA, roles=frozenset({Role.VIEWER})),), "not even with approval"),
        ({}, (replace(CORA, roles=frozenset({Role.MANAGER})),), ""),  # they may by now; it can still be approved
    ],
)
def test_what_makes_it_pointless(changed: dict[str, object], people: tuple[Member, ...], why: str) -> None:
    sentence = overtaken(APPROVAL, replace(STATE, **changed), staff(*people), Policy())
    assert (sentence == "") is (why == "")
    assert why in sentence


def test_what_is_asked_for_in_another_way_is_no_approval() -> None:
    assert {kind for kind, rule in STEPS_BY_KIND.items() if not rule.asks} == set(NOBODY_ASKS)
    assert {STEPS_BY_KIND[kind].action for kind in NOBODY_ASKS} <= CLINICAL


def test_a_step_is_offered_or_asked_for_and_never_both() -> None:
    for member in EVERYBODY:
        for status in Status:
            state = replace(STATE, status=status)
            may, ask = offers(state, member, Policy())
            assert not set(may) & set(ask)
    assert {rule.kind for rule in offers(STATE, CORA, Policy())[1]} == {"withdraw"}
    assert not offers(STATE, MARA, Policy())[1]
