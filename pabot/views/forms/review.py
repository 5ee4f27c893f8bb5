"""Forms of a clinician's review: asking, handing over, answering, giving back."""

from slackblocks import Block, SectionBlock

from pabot.domain import review
from pabot.domain.errors import NotNow
from pabot.domain.model import Role
from pabot.domain.review import Matter
from pabot.domain.triggers import JUDGEMENT, TRIGGERS
from pabot.views.forms import fields as f
from pabot.views.forms.sheet import SHOWN, Form, Sheet
from pabot.views.ids import Id

OCCASIONS = {key: trigger.label for key, trigger in TRIGGERS.items()}


def _ask_clinician(sheet: Sheet) -> list[Block]:
    """The occasion brings its usual question; whoever asks adds the facts."""
    state = sheet.request.state
    trigger = sheet.hint.what if sheet.hint.what in TRIGGERS else JUDGEMENT
    clinician = sheet.staff.clinician_for(state.clinician_id, state.number)
    asked = state.open_information_request
    payers = f.tick("payers_question", "The payer's question", "It is about what the payer asks: it is clinical")
    return [
        f.select("trigger", "Why a clinician?", OCCASIONS, initial=trigger),
        f.text("background", "The facts", lines=True, initial=sheet.typed, hint="What was seen or heard."),
        f.text("question", "The exact question", lines=True, initial=TRIGGERS[trigger].question),
        f.person("to", "For", Id.SUGGEST_CLINICIAN, initial=clinician),
        *([payers] if asked and not asked.clinical else []),
    ]


def _route(sheet: Sheet) -> list[Block]:
    billers = Role.BILLER in review.may_judge(sheet.request.state, _matter(sheet))
    source = Id.SUGGEST_STAFF if billers else Id.SUGGEST_CLINICIAN
    hint = "A clinician or a biller." if billers else "A clinician."
    return [
        f.person("to", "Who decides?", source, hint=hint),
        f.text("note", "Note for them", lines=True, optional=True),
    ]


def _answer_question(sheet: Sheet) -> list[Block]:
    question = sheet.request.state.open_question
    asked: list[Block] = []
    if question:
        said = f"{sheet.request.name(question.asked_by)} asks: {question.text}"
        facts = f"\nThe facts: {question.background}" if question.background else ""
        asked = [SectionBlock(text=f.plain(f"{said}{facts}"[:SHOWN]), block_id="asked")]
    return [*asked, f.text("answer", "Your answer", lines=True)]


def _return_review(sheet: Sheet) -> list[Block]:
    state = sheet.request.state
    reasons = review.reasons(state, review.at_hand(state, sheet.hint.what, sheet.viewer) or Matter.DENIAL)
    return [
        f.radio("reason", "Why does it go back?", reasons),
        f.text("words", "What is missing, or who can answer it", lines=True, hint="The owner reads this at once."),
    ]


def _matter(sheet: Sheet) -> Matter:
    """What the form is about; a form that outlived it is refused when it is saved."""
    try:
        return review.meant(sheet.request.state, sheet.hint.what)
    except NotNow:
        return Matter.DENIAL


REVIEW = {
    "ask_clinician": Form("Route to clinician", "Ask", _ask_clinician),
    "route": Form("Route", "Route", _route, overwrites=True),
    "answer_question": Form("Answer", "Save answer", _answer_question),
    "return_review": Form("Return", "Return", _return_review),
}
