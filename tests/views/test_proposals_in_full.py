"""Whoever approves a change of a checklist reads all of it."""

from dataclasses import replace

import pytest
from library_samples import MAX, PROPOSAL, REFUSED, STAFF
from message_samples import IDA
from reading import fits, words
from screen_samples import MINIMUM

from pabot.domain.documents import Item, ItemKind
from pabot.domain.model import Member
from pabot.views import proposals

MANY = [f"Report {n} of the <!channel> & *clinic*" for n in range(1, 38)]
LONG = [f"Report {n}: {'every page of it, signed ' * 8}END{n}" for n in range(1, 4)]


@pytest.mark.parametrize("labels", [MANY, LONG], ids=["many", "long"])
@pytest.mark.parametrize("reader", [IDA, MAX], ids=["clinician", "manager"])
def test_every_change_is_read_in_full_before_it_is_approved(labels: list[str], reader: Member) -> None:
    added = tuple(Item(label, ItemKind.CLINICAL) for label in labels)
    proposal = replace(PROPOSAL, body=replace(PROPOSAL.body, items=(*PROPOSAL.body.items, *added)))
    drawn = proposals.message(MINIMUM, proposal, reader, STAFF)
    fits(drawn)
    said = words(drawn)
    for label in labels:
        assert label.split("<")[0].split(":")[0] in said
    assert "<!channel>" not in said
    assert all(f"END{n}" in said for n in range(1, 4)) or labels is MANY
    in_all = [block["block_id"] for block in proposals.modal(MINIMUM, proposal, reader, STAFF)["blocks"]]
    assert in_all[1] == "changes_0"


def test_what_is_told_whole_at_a_glance_or_decided_is_not_told_twice() -> None:
    for proposal in (PROPOSAL, REFUSED):
        assert "in full" not in words(proposals.message(MINIMUM, proposal, MAX, STAFF))
