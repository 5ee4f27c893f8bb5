"""Whoever approves a change of a checklist reads all of it."""

from dataclasses import replace

import pytest
from library_samples import MAX, PROPOSAL, REFUSED, STAFF
from message_samples import CORA, IDA
from reading import fits, pressed, words
from screen_samples import MINIMUM

from pabot.domain.documents import Item, ItemKind
from pabot.domain.library import Checklist
from pabot.domain.model import Member
from pabot.views import proposals
from pabot.views.text import Rendered

MANY = tuple(Item(f"Report {n} of the <!channel> & *clinic*", ItemKind.CLINICAL) for n in range(37))


def drawn(reader: Member, body: Checklist) -> Rendered:
    made = proposals.message(MINIMUM, replace(PROPOSAL, body=body), reader, STAFF)
    fits(made)
    assert proposals.modal(MINIMUM, replace(PROPOSAL, body=body), reader, STAFF)["blocks"] == made.blocks
    return made


@pytest.mark.parametrize("reader", [IDA, MAX, CORA], ids=["clinician", "manager", "author"])
def test_every_document_is_read_before_it_is_approved(reader: Member) -> None:
    said = words(drawn(reader, replace(PROPOSAL.body, items=(*PROPOSAL.body.items, *MANY))))
    assert all(f"Report {n} of the" in said for n in range(37))
    assert "<!channel>" not in said


@pytest.mark.parametrize("letter", ["<", "a ", "אב "])
def test_notes_as_long_as_a_file_may_have_them_are_read_to_their_end(letter: str) -> None:
    """Two thousand characters before, and two thousand after."""
    was = replace(PROPOSAL.body, portal_notes="OLD " + letter * (1980 // len(letter)) + " OLDEND")
    now = replace(was, portal_notes="NEW " + letter * (1980 // len(letter)) + " NEWEND")
    made = proposals.message(MINIMUM, replace(PROPOSAL, current=was, body=now), MAX, STAFF)
    fits(made)
    assert words(made).index("OLDEND") < words(made).index("NEWEND")


def test_what_no_message_holds_is_not_to_be_taken() -> None:
    many = tuple(Item(f"{n} " + "&" * 70, ItemKind.CLINICAL) for n in range(1500))
    made = drawn(IDA, replace(PROPOSAL.body, items=many))
    assert "do not fit. Do not take it; ask for it in parts." in words(made)
    assert "pa.proposal.refuse" in pressed(made)


def test_what_was_decided_keeps_its_changes() -> None:
    assert "Video of the patient walking" in words(proposals.message(MINIMUM, REFUSED, MAX, STAFF))
