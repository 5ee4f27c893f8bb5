"""What was noted of a contact, for whoever logged it from a message."""

from dataclasses import replace

import pytest
from message_samples import HOSTILE, IDENTITY, LOOK
from reading import fits, same_as_golden, words
from screen_samples import entry, pending

from pabot.domain.cards import Logged
from pabot.views import receipt
from pabot.views.text import Rendered

CARD = pending()
NOTED = entry(0, "log_contact", channel="phone", spoke_with="Pat", result="In review", next_check_on="2026-11-25")
DONE = Logged(CARD.state, CARD.payer.payer, NOTED, CARD.clocks, CARD.names, CARD.now)

ALL = {
    "noted": DONE,
    "noted_before": replace(DONE, entry=None),
    "noted_hostile": replace(
        DONE, payer=HOSTILE, entry=replace(NOTED, detail={"result": HOSTILE, "spoke_with": HOSTILE})
    ),
    "noted_nothing_runs": replace(DONE, clocks=()),
}


@pytest.mark.parametrize("name", ALL)
def test_every_answer_is_as_it_was_looked_at(request: pytest.FixtureRequest, name: str) -> None:
    view = receipt.logged(LOOK, ALL[name])
    drawn = Rendered(view["title"]["text"], view["blocks"])
    fits(drawn)
    same_as_golden(request, f"receipt_{name}", drawn)
    assert not [one for one in IDENTITY if one in words(drawn)]
