"""What somebody asks to do has its words, whatever the practice lets people do alone."""

import pytest
from message_samples import LOOK, NAMES, approval, line
from reading import words

from pabot.domain.approvals import Approval
from pabot.domain.cards import AskedLine
from pabot.domain.decide import STEPS
from pabot.domain.roles import COLUMNS, SETTINGS, Action, Policy, cells
from pabot.views import approvals

POLICIES = [Policy(**dict.fromkeys(SETTINGS, lets)) for lets in (False, True)]
ASKED = sorted(
    rule.kind
    for rule in STEPS.values()
    for action in (rule.action, *((Action.CLOSE_DENIED,) if rule.kind == "close" else ()))
    if rule.asks
    and any(cell.startswith("R:") for policy in POLICIES for role in COLUMNS for cell in cells(action, role, policy))
)


def told(of: Approval) -> str:
    return words(approvals.answered(LOOK, AskedLine(of, line()), NAMES))


@pytest.mark.parametrize("kind", ASKED)
def test_every_step_that_may_be_asked_for_has_words_of_its_own(kind: str) -> None:
    of = approval(kind=kind)
    assert "You asked to " in told(of)
    assert of.label not in told(of)


def test_a_step_without_words_goes_by_its_button() -> None:
    of = approval(kind="claim")
    assert f"You asked to record “{of.label}”" in told(of)
