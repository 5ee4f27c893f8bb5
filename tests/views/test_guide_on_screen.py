"""`/pa guide` on screen: whole for every role."""

import pytest
from message_samples import LOOK
from reading import fits

from pabot.domain.access import Access
from pabot.domain.guide import guide
from pabot.domain.model import Role
from pabot.views.guide import guide_message


@pytest.mark.parametrize("role", Role)
def test_nothing_of_it_is_cut_on_screen(role: Role) -> None:
    """Slack takes 3000 characters a section."""
    told = guide({role})
    drawn = guide_message(LOOK, told, (Access("<!channel> portal", "*everybody*", "Max Tiller"),))
    fits(drawn)
    shown = "\n".join(block["text"]["text"] for block in drawn.blocks)
    assert "…" not in shown
    assert all(f"• {line}" in shown for line in (*told.may, *told.with_approval, *told.may_not))
    assert "<!channel>" not in shown
