"""Forms of the packet: what is in, whom to ask for the rest, what they answer, going ahead without."""

from collections.abc import Iterable, Sequence

from slackblocks import Block, SectionBlock

from pabot.domain.documents import Document, DocumentState, Supplier
from pabot.domain.library import Fact
from pabot.domain.library_diff import differences
from pabot.domain.model import AuthorizationState
from pabot.domain.places import PLACES
from pabot.views.forms import fields as f
from pabot.views.forms.payer import REFERENCE
from pabot.views.forms.sheet import Form, Sheet, warning
from pabot.views.ids import Id
from pabot.views.text import clip

CHANGES = 12  # that are shown
NAME = 80
OPTIONAL = " (optional)"


def _record_documents(sheet: Sheet) -> list[Block]:
    state = sheet.request.state
    there = [d.seq for d in state.documents if d.state is DocumentState.RECEIVED]
    optional = [d for d in state.documents if not d.required]
    not_needed = [d.seq for d in optional if d.state is DocumentState.NOT_APPLICABLE]
    where = f.text(
        "location",
        "Where do the new ones lie?",
        optional=True,
        hint="Folder, page or link. The file itself stays there.",
    )
    return [
        *_boxes("received", "In the packet", state.documents, ticked=there),
        *([where] if state.documents else []),
        *[_date(document) for document in state.documents if document.max_age_days],
        *_boxes("not_applicable", "Does not apply here", optional, ticked=not_needed),
        *_facts(sheet),
        f.text(
            "missing",
            "Missing besides" if state.documents else "Documents still missing",
            initial=state.documents_missing,
            lines=True,
            optional=True,
            hint=f"Leave this empty when everything is in: the request is then ready to {_then(state)}.",
        ),
    ]


def _then(state: AuthorizationState) -> str:
    return "answer the payer" if state.open_information_request else "submit"


def _facts(sheet: Sheet) -> list[Block]:
    """What the checklist asks for besides documents."""
    state = sheet.request.state
    fields: dict[Fact, Block] = {
        Fact.RENDERING: f.text(
            "rendering_provider", "Rendering provider", initial=state.rendering_provider, optional=True, longest=NAME
        ),
        Fact.FACILITY: f.text("facility", "Facility", initial=state.facility, optional=True, longest=NAME),
        Fact.PLACE_OF_SERVICE: f.select(
            "place_of_service",
            "Place of service",
            {code: f"{code} {label}" for code, label in PLACES.items()},
            initial=state.place_of_service or None,
            optional=True,
        ),
    }
    return [block for fact, block in fields.items() if fact.field in state.asks.split()]


def _request_documents(sheet: Sheet) -> list[Block]:
    """What the clinician must supply is ticked, and the clinician is asked, unless there is nothing."""
    state = sheet.request.state
    open_ones = [document for document in state.documents if not document.is_settled]
    clinicians = [d for d in open_ones if d.supplier is Supplier.CLINICIAN and not d.is_asked_for]
    theirs = [d.seq for d in clinicians if d.required] or [d.seq for d in clinicians]
    clinician = sheet.staff.clinician_for(state.clinician_id, state.number) if theirs else None
    return [
        *_boxes("items", "What is needed?", open_ones, ticked=theirs),
        f.person(
            "of",
            "From whom?",
            Id.SUGGEST_STAFF,
            initial=clinician,
            optional=True,
            hint="They get one message. Leave empty when you asked the patient or the facility yourself.",
        ),
        f.text("note", "Note for them", lines=True, optional=True),
    ]


def _provide_documents(sheet: Sheet) -> list[Block]:
    asked = _asked_of(sheet)
    dated = any(document.max_age_days for document in asked)
    when = f.day("dated_on", "Date on it", optional=True, hint="The payer takes it only up to a certain age.")
    return [
        *_boxes("items", "What is there?", asked, ticked=[document.seq for document in asked]),
        f.text("location", "Where does it lie?", hint="Folder, page or link. The file itself stays there."),
        *([when] if dated else []),
    ]


def _cannot_provide(sheet: Sheet) -> list[Block]:
    asked = _asked_of(sheet)
    ticked = [document.seq for document in asked] if len(asked) == 1 else []
    return [
        *_boxes("items", "What cannot be had?", asked, ticked=ticked),
        f.text("reason", "Why?", lines=True),
    ]


def _ask_about_documents(sheet: Sheet) -> list[Block]:
    return [f.text("question", "What do you want to know first?", lines=True)]


def _go_without(sheet: Sheet) -> list[Block]:
    return _waive(sheet, [document for document in sheet.request.state.wanting if not document.is_clinical])


def _go_without_clinical(sheet: Sheet) -> list[Block]:
    return _waive(sheet, [document for document in sheet.request.state.wanting if document.is_clinical])


def _waive(sheet: Sheet, documents: Sequence[Document]) -> list[Block]:
    return [
        warning("The payer's checklist asks for these. Without them the request may be denied.", name="gives_up"),
        *_boxes("items", "Go ahead without", documents),
        f.text("reason", "Why?", lines=True),
    ]


def _take_version(sheet: Sheet) -> list[Block]:
    newer = sheet.request.newer
    if newer is None:
        return [f.said("nothing", "The request follows the version in force already.")]
    kept = sheet.request.checklist
    changes = differences(kept.body if kept else None, newer.body)[:CHANGES]
    return [
        f.said("since", f"Version {newer.n} of “{newer.body.service}”: {newer.why}"),
        f.said("changes", "\n".join(f"• {change}" for change in changes) or "Nothing that you would notice."),
    ]


def _mark_ready(sheet: Sheet) -> list[Block]:
    missing = sheet.request.state.documents_missing
    text = f.plain("Everything the payer wants is in. Next: submit it.")
    said: list[Block] = [SectionBlock(text=text, block_id="ready")]
    return [warning(f"Noted as missing until now: {missing}", name="missing"), *said] if missing else said


def _asked_of(sheet: Sheet) -> list[Document]:
    """What this person was asked for; for others, whatever is asked for."""
    asked = [document for document in sheet.request.state.documents if document.is_asked_for]
    own = [document for document in asked if document.asked_of == sheet.viewer.user_id]
    return own or asked


def _boxes(name: str, label: str, documents: Sequence[Document], *, ticked: Iterable[int] = ()) -> list[Block]:
    """A box for each document."""
    return f.boxes(name, label, {document.seq: _label(document) for document in documents}, ticked=ticked)


def _label(document: Document) -> str:
    return document.label if document.required else clip(document.label, f.OPTION_TEXT - len(OPTIONAL)) + OPTIONAL


def _date(document: Document) -> Block:
    label = f"Date of “{document.label}”"
    return f.day(
        f"date_{document.seq}",
        clip(label, REFERENCE),
        initial=document.dated_on,
        optional=True,
        hint=f"At most {document.max_age_days} days old.",
    )


DOCUMENTS = {
    "take_version": Form("New checklist", "Take it", _take_version, overwrites=True),
    "record_documents": Form("Documents", "Save", _record_documents, overwrites=True),
    "mark_ready": Form("Ready to submit", "It is ready", _mark_ready, overwrites=True),
    "request_documents": Form("Ask for documents", "Ask", _request_documents),
    "provide_documents": Form("Provided", "Save", _provide_documents),
    "cannot_provide": Form("Cannot be had", "Save", _cannot_provide),
    "ask_about_documents": Form("Ask first", "Ask", _ask_about_documents),
    "go_without": Form("Go without", "Go without", _go_without),
    "go_without_clinical": Form("Go without", "Go without", _go_without_clinical),
}
