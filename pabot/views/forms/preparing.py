"""Forms of the work before the packet is gathered: handing over, checking what is required."""

from slackblocks import Block

from pabot.domain.cards import Privacy
from pabot.domain.codes import written
from pabot.domain.model import Category, Role
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.orders import order_fields
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id

DIRECTED = "The clinician who told you to change it."


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


def _change_codes(sheet: Sheet) -> list[Block]:
    """The diagnoses on file stand here only where identity may; elsewhere an empty field leaves them as they are."""
    card = sheet.request
    known = card.diagnoses if sheet.look.privacy is Privacy.FULL else ()
    keep = "" if known else " Leave empty to keep those on file; else type all of them."
    licensed = sheet.viewer.is_(Role.CLINICIAN)
    return [
        f.codes(initial="\n".join(map(written, card.state.lines)), optional=card.state.category is Category.MEDICATION),
        *order_fields(card.state.category, card.state.medication, card.state.therapy),
        f.diagnoses(initial=known, optional=not known, hint=f"The main one first.{keep}"),
        *([] if licensed else [f.person("director", "Directed by", Id.SUGGEST_CLINICIAN, hint=DIRECTED)]),
        f.text("reason", "Why", optional=True, hint="The team reads this: no patient names, no diagnoses."),
    ]


PREPARING = {
    "assign": Form("Hand over", "Hand over", _assign, overwrites=True),
    "check_requirement": Form("Requirement checked", "Save", _check_requirement, overwrites=True),
    "change_codes": Form("Change codes", "Save", _change_codes, overwrites=True, wants_diagnoses=True),
}
