"""Forms of the work before submission: handing over, checking what is required, documents, ready."""

from slackblocks import Block, SectionBlock

from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet, warning
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


def _record_documents(sheet: Sheet) -> list[Block]:
    return [
        f.text(
            "missing",
            "Documents still missing",
            initial=sheet.request.state.documents_missing,
            lines=True,
            optional=True,
            hint="Clear this field when everything is in.",
        )
    ]


def _mark_ready(sheet: Sheet) -> list[Block]:
    missing = sheet.request.state.documents_missing
    text = f.plain("Everything the payer wants is in. Next: submit it.")
    said: list[Block] = [SectionBlock(text=text, block_id="ready")]
    return [warning(f"Noted as missing until now: {missing}", name="missing"), *said] if missing else said


PREPARING = {
    "assign": Form("Hand over", "Hand over", _assign, overwrites=True),
    "check_requirement": Form("Requirement checked", "Save", _check_requirement, overwrites=True),
    "record_documents": Form("Documents", "Save", _record_documents, overwrites=True),
    "mark_ready": Form("Ready to submit", "It is ready", _mark_ready, overwrites=True),
}
