"""The timeline says in the practice's words what was done, and nothing typed can pass for an entry of it."""

from dataclasses import replace
from typing import Any

import pytest
from message_samples import BEA, CORA, IDA
from screen_samples import MINIMUM, entry, pending, view_of

from pabot.domain.cards import TimelineEntry
from pabot.domain.model import Decision
from pabot.domain.statuses import Outcome, Status


def story(*entries: TimelineEntry) -> list[str]:
    """The lines of a card's history, without its heading."""
    view = view_of(MINIMUM, replace(pending(), timeline=entries, older=0), CORA)
    text = next(block["text"]["text"] for block in view["blocks"] if block["block_id"] == "history")
    heading, *lines = str(text).splitlines()
    assert heading == "*History*"
    return lines


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        ("open", {"service": "Power wheelchair"}, "Opened"),
        ("submit", {"channel": "epa", "tracking_number": ""}, "Submitted – by ePA"),
        ("submit", {"channel": "fax", "tracking_number": "NW_20"}, "Submitted – by fax · tracking NW_20"),
        ("decide_denial", {"decision": "p2p", "reason": "", "words": ""}, "Decided – Peer-to-peer"),
        ("decide_denial", {"decision": "accept", "reason": "Too late"}, "Decided – Accept denial · Too late"),
        (
            "attest_urgency",
            {"expedited": True, "basis": "Oxygen runs out"},
            "Urgency attested – expedited · Oxygen runs out",
        ),
        ("attest_urgency", {"expedited": False, "basis": ""}, "Urgency attested – standard"),
        (
            "book_peer_to_peer",
            {"at": "2026-11-24T02:30:00+00:00", "clinician": IDA.user_id, "phone": "555-0100"},
            "Call booked – with Dr. Ida Voss · Mon Nov 23, 9:30 PM EST · phone 555-0100",
        ),
        (
            "record_approval",
            {"expires_on": "2027-05-23", "outcome": "partial"},
            "partly approved · until Sun May 23, 2027",
        ),
        ("assign", {"from": BEA.user_id, "to": CORA.user_id, "note": "Hers"}, "Handed over – to Cora Lindqvist · Hers"),
        ("escalated", {"clock": "follow_up"}, "Was late – Check with payer"),
        ("something_new", {"unknown": "not shown"}, "something_new"),
    ],
)
def test_each_entry_reads_as_the_practice_speaks(kind: str, detail: dict[str, Any], said: str) -> None:
    assert story(entry(60, kind, **detail))[0].endswith(said)


@pytest.mark.parametrize(
    ("key", "value"), [*(("decision", one) for one in Decision), *(("outcome", one) for one in Outcome)]
)
def test_no_choice_is_without_words(key: str, value: str) -> None:
    assert " – " in story(entry(60, "submit", **{key: value}))[0]


def test_an_entry_names_the_status_it_led_to() -> None:
    assert story(entry(60, "claim", Status.REQ_CHECK))[0].endswith("→ Requirement check needed")


def test_typed_line_breaks_make_no_entry() -> None:
    forged = "Called.\nMon Nov 23, 9:30 AM EST · Dr. Ida Voss: Approved"
    lines = story(entry(60, "log_contact", result=forged), entry(90, "claim"))
    assert len(lines) == 2
    assert "Called. Mon Nov 23" in lines[0]


def test_what_was_taken_back_is_struck_through_without_its_words() -> None:
    wrong = replace(entry(60, "log_contact", result="Wrong patient"), in_error=True)
    assert story(wrong) == ["~Mon Nov 23, 9:30 AM EST · Cora Lindqvist: Contact logged~ _recorded in error_"]


def test_long_words_are_cut_and_no_entry_is_lost() -> None:
    lines = story(*(entry(60 + index, "log_contact", result="x" * 3000) for index in range(8)))
    assert len(lines) == 8
    assert all(line.endswith("…") and len(line) < 240 for line in lines)
