"""The form that snoozes an alarm: why, and until when."""

from slackblocks import Block

from pabot.domain.steps_alarms import ON_IT, REASONS
from pabot.views.forms import fields as f
from pabot.views.forms.sheet import Form, Sheet

WAITING = {reason: label for reason, label in REASONS.items() if reason != ON_IT}


def _hold(sheet: Sheet) -> list[Block]:
    return [
        f.radio("reason", "What does it wait for?", WAITING, initial="promised"),
        f.day(
            "until_on",
            "Until",
            optional=True,
            hint="Leave empty for tomorrow morning. The managers hear of it after that; nothing is cleared.",
        ),
    ]


ALARMS = {"hold": Form("Snooze", "Snooze", _hold)}
