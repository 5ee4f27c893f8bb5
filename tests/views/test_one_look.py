"""The card of a denied request at one look: what the payer said, who has it, by when, what was tried, what is told."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from appeal_samples import CALL, SECOND, UPHELD, again, contested
from message_samples import CORA, HOSTILE, IDA, NOW
from screen_samples import FAY, MINIMUM

from pabot.domain.cards import AuthorizationCard
from pabot.domain.clocks import Clock, Deadline
from pabot.domain.model import Decision, PatientUpdate, ServiceLine
from pabot.domain.statuses import Outcome, Status
from pabot.views.card import card_message
from pabot.views.words import status_label

UNDECIDED = replace(SECOND, decision=None, decided_by=None, decided_at=None)
READY = Deadline(Clock.APPEAL_READY, NOW + timedelta(hours=5), "ch", NOW, "practice", "24 hours from the denial")
TELL = Deadline(Clock.PATIENT_TOLD, NOW - timedelta(hours=1), "bd", NOW, "practice", "same business day")
TOLD = PatientUpdate(3, Outcome.DENIED, NOW, CORA.user_id, "phone")


def look_at(card: AuthorizationCard) -> str:
    """The section, as it is read."""
    found = [block for block in card_message(MINIMUM, card, CORA).blocks if block["block_id"] == "denial"]
    return found[0]["text"]["text"] if found else ""


def row(card: AuthorizationCard, label: str) -> str:
    return next((line for line in look_at(card).splitlines() if line.startswith(f"*{label}:*")), "")


@pytest.mark.parametrize(
    ("changed", "who"),
    [
        ({"routed_to": None, "routed_at": None}, "Cora Lindqvist, to be routed"),
        ({}, "Dr. Ida Voss since Mon Nov 23, 9:30 AM EST, not in hand yet"),
        ({"accepted_at": NOW}, "Dr. Ida Voss, in hand since Mon Nov 23, 10:30 AM EST"),
        (
            {"decision": Decision.APPEAL, "decided_by": IDA.user_id, "decided_at": NOW},
            "Cora Lindqvist · Dr. Ida Voss decided: Appeal, Mon Nov 23, 10:30 AM EST",
        ),
    ],
    ids=["unrouted", "routed", "in hand", "decided"],
)
def test_who_has_it(changed: dict[str, Any], who: str) -> None:
    assert row(contested(replace(UNDECIDED, **changed)), "With") == f"*With:* {who}"


def test_the_legal_date_stands_before_the_practice_s_own() -> None:
    card = contested(replace(UNDECIDED, p2p_by=date(2026, 11, 28)))
    due = row(replace(card, clocks=(TELL, READY)), "By when")
    window = "4 business days left, act by Fri Nov 27, 2026, the last open day; the window ends Sat Nov 28"
    assert due.index(f"Peer-to-peer window: {window}") < due.index("Appeal window")
    assert due.index("Appeal window") < due.index("Mon Nov 23, 3:30 PM EST, 5 hours left")
    assert "Tell the patient" not in due


def test_what_was_tried_stands_oldest_first() -> None:
    said = look_at(contested(UNDECIDED, appeal=UPHELD, peer_to_peer=CALL))
    marks = ("level 1, Not medically necessary", "appealed: filed ", "Upheld", "Peer-to-peer call", "*Patient:*")
    places = [said.index(mark) for mark in marks]
    assert places == sorted(places)
    assert said.count("evel 1") == 1  # with what came of it


@pytest.mark.parametrize(("days", "says"), [(30, "goes on while it is sent again"), (-1, "is over")])
def test_the_appeal_window_goes_on_while_it_is_sent_again(days: int, says: str) -> None:
    until = NOW.date() + timedelta(days=days)
    sent_again = replace(SECOND, decision=Decision.RESUBMIT, appeal_by=until)
    due = {"windows": (), "clocks": ()}  # none runs for what was not chosen
    assert row(replace(contested(sent_again, status=Status.READY), **due), "By when").endswith(says)
    assert row(replace(contested(sent_again, status=Status.CLOSED), **due), "By when") == ""


def test_what_the_patient_knows() -> None:
    card = again()
    assert "not told yet: due" in row(replace(card, clocks=(TELL,)), "Patient")
    assert "1 hour late" in row(replace(card, clocks=(TELL,)), "Patient")
    state = replace(card.state, patient_update=TOLD, decided_at=NOW - timedelta(hours=1))
    assert "Patient told ✓ Mon Nov 23" in row(replace(card, state=state), "Patient")


def test_what_a_letter_left_open_is_said() -> None:
    lines = (ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2361", "", 2, approved=False, units_approved=0))
    said = look_at(contested(replace(UNDECIDED, lines="2"), lines=lines))
    assert "· denies E2361" in said
    assert row(contested(replace(UNDECIDED, lines="2"), lines=lines), "Not decided by the payer yet").endswith(
        "K0856. It is followed up as before."
    )
    assert "Not decided" not in look_at(contested(UNDECIDED, lines=lines))


def test_a_denial_that_was_overturned_stands_among_what_came_before() -> None:
    card = contested(outcome=Outcome.APPROVED, status=Status.APPROVED, appeal=replace(UPHELD, outcome=Outcome.APPROVED))
    said = json.dumps(card_message(MINIMUM, card, CORA).blocks)
    assert look_at(card) == ""
    assert "Before: level 2, Not medically necessary" in said
    assert "Overturned" in said


def test_the_front_desk_reads_none_of_it() -> None:
    said = json.dumps(card_message(MINIMUM, again(), FAY).blocks)
    assert "Payer said" not in said
    assert SECOND.reason_text not in said


def test_hostile_and_endless_words_of_a_letter_stay_words() -> None:
    for words in (HOSTILE, "long " * 2000):
        said = look_at(contested(replace(UNDECIDED, reason_text=words)))
        assert "<!channel>" not in said
        assert "*With:*" in said
        assert len(said) <= 3000


@pytest.mark.parametrize(
    ("status", "outcome", "in_part", "label"),
    [
        (Status.DENIED, Outcome.DENIED, False, "⛔ Denied"),
        (Status.DENIED, Outcome.DENIED, True, "⛔ Denied (a part denied)"),
        (Status.PENDING, Outcome.DENIED, True, "⏳ Pending payer response (a part denied)"),
        (Status.PENDING, Outcome.DENIED, False, "⏳ Pending payer response (denied)"),
        (Status.CLOSED, Outcome.DENIED, False, "🗄️ Closed (denied)"),
        (Status.APPROVED, Outcome.PARTIAL, False, "✅ Approved (partly approved)"),
    ],
)
def test_a_label_says_whether_all_or_a_part_was_denied(
    status: Status, outcome: Outcome, in_part: bool, label: str
) -> None:
    assert status_label(status, outcome, in_part=in_part) == label
