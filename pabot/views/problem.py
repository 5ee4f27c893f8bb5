"""A sentence about what went wrong, where the person is looking."""

from typing import Any

from slackblocks import AlertBlock, Block

from pabot.views import parts
from pabot.views.text import Rendered, clip, safe

ALERT = 200  # characters that Slack takes in an alert


def problem_modal(sentence: str) -> dict[str, Any]:
    """As a screen on top of what the person was doing. What an alert cannot hold stands beneath it in full."""
    alert = AlertBlock(parts.plain(sentence, ALERT), level="warning", block_id="problem")
    whole: list[Block] = [parts.section("whole", safe(clip(sentence, parts.SECTION)))] if len(sentence) > ALERT else []
    return parts.modal("That did not work", [alert, *whole])


def problem_message(sentence: str) -> Rendered:
    """As a line that only this person sees."""
    said = safe(clip(sentence, parts.SECTION))
    return parts.message(said, [parts.section("problem", safe(f"⚠️ {clip(sentence, parts.SECTION)}"))])
