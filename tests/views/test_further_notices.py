"""What whoever has a denial reads of a further letter, in the message of the first."""

from dataclasses import replace

import pytest
from message_samples import DENIAL, IDA, LOOK, card, entry
from reading import words

from pabot.domain.model import ServiceLine
from pabot.domain.statuses import Outcome
from pabot.views import messages

NOTICES = [
    ({"notice": "joins", "lines": "E2361"}, "it denies E2361 as well"),
    ({"notice": "corrects"}, "it corrects the one before"),
]


@pytest.mark.parametrize(("detail", "says"), NOTICES)
def test_another_notice_is_said_in_the_message_of_the_first(detail: dict[str, str], says: str) -> None:
    lines = (ServiceLine(1, "K0856"), ServiceLine(2, "E2361", approved=False), ServiceLine(3, "E2311"))
    further = entry("record_denial", **detail)
    made = card(entry=further, outcome=Outcome.DENIED, lines=lines, denial=replace(DENIAL, lines="2"))
    said = words(messages.decision(LOOK, made, IDA, 77))
    assert "*Another notice came,* " in said
    assert says in said
    assert "The payer has not decided K0856, E2311 yet" in said
    once = card(entry=entry("record_denial"), outcome=Outcome.DENIED)
    assert "Another notice" not in words(messages.decision(LOOK, once, IDA, 77))


def test_what_the_payer_approved_after_all_waits_for_nobody() -> None:
    said = words(messages.decision(LOOK, card(outcome=Outcome.APPROVED), IDA, 77))
    assert "*The payer approved it after all.*" in said
