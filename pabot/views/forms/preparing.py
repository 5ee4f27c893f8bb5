"""Forms of the work before the packet is gathered: handing over, checking what is required."""

from slackblocks import Block

from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id


def _assign(sheet: Sheet) -> list[Block]:
    return [
        f.person("owner", "Who takes it?", Id.SUGGEST_STAFF),
        f.text("note", "Note for them", lines=True, optional=True),
    ]


def _check_requirement(sheet: Sheet) -> list[Block]:
    return [
        f.radio("required", "Does the payer want authorization?", words.REQUIRED, initial=f.YES),
        f.text(
            "missing",
            "Documents still missing",
            initial=sheet.request.state.documents_missing,
            lines=True,
            optional=True,
            hint="Leave empty when everything is in: the request is then ready to submit.",
        ),
        f.text(
            "proof",
            "If none is needed: who says so?",
            optional=True,
            hint="Name, call reference or page of the payer. The request is then closed.",
        ),
    ]


PREPARING = {
    "assign": Form("Hand over", "Hand over", _assign, overwrites=True),
    "check_requirement": Form("Requirement checked", "Save", _check_requirement, overwrites=True),
}
