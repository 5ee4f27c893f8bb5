"""Forms of the payer library."""

from slackblocks import Block

from pabot.views.forms import fields as f
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id

CODE = 20  # characters


def _check(sheet: Sheet) -> list[Block]:
    return [
        f.suggested("payer", "Payer and plan", Id.SUGGEST_PAYER),
        f.text("code", "Code", longest=CODE, example="K0856"),
    ]


CHECK = Form("Payer check", "Look it up", _check)
