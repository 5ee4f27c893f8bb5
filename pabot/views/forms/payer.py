"""Forms of what went to the payer and what came back."""

from collections.abc import Mapping

from slackblocks import Block, SectionBlock

from pabot.domain.appeals import RESUBMIT_ONLY, WAYS
from pabot.domain.contacts import MOST_MINUTES, Found
from pabot.domain.denials import denied
from pabot.domain.model import Channel
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.steps_decision import in_question
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import SHOWN, Form, Sheet
from pabot.views.text import full_day
from pabot.views.words import code_line

_REASONS = {key: row.label for key, row in DENIAL_REASONS.items()}
USUAL_MINUTES = "Leave empty for the practice's usual."
REFERENCE = 100  # characters of a number or name that a payer gives


def _submit(sheet: Sheet) -> list[Block]:
    """Sent; with what the payer said at once, if anything, so that one save is enough."""
    return [
        _sent_by(sheet),
        f.moment("submitted_at", "When?", initial=sheet.now),
        _tracking(),
        _expected(sheet),
        f.radio("answer", "Has the payer answered?", words.ANSWERS, initial="waiting"),
        *_approval(sheet, "If approved: "),
    ]


def _acknowledge(sheet: Sheet) -> list[Block]:
    return [
        _tracking(hint="Or say below how you know that the payer has it."),
        f.text("proof", "Other proof of receipt", optional=True, hint="Who confirmed it, and when."),
        _expected(sheet),
    ]


def _return_unprocessed(sheet: Sheet) -> list[Block]:
    return [f.text("reason", "Why did it come back?", lines=True, example="Fax failed; belongs to another vendor")]


def _send_again(sheet: Sheet) -> list[Block]:
    return [
        f.text("reason", "Why was it sent again?", lines=True),
        _sent_by(sheet),
        f.moment("submitted_at", "When?", initial=sheet.now),
        _tracking(),
    ]


def _log_contact(sheet: Sheet) -> list[Block]:
    same = sheet.same_call
    return [
        _channel("How?", initial=_asked_by(sheet)),
        f.select("found", "What did they say?", words.FOUND, initial=Found.NO_CHANGE),
        f.text("result", "In their words", lines=True, optional=True),
        f.text("told_next", "What we are to do next", optional=True, hint="As the payer said it; the card shows it."),
        f.text("spoke_with", "Spoke with", initial=same.spoke_with if same else "", optional=True, longest=REFERENCE),
        f.text("reference", "Call reference", initial=same.reference if same else "", optional=True, longest=REFERENCE),
        f.day("next_check_on", "Check again on", optional=True, hint="Leave empty for the usual next check."),
        f.day("expected_on", "Payer now expects to answer by", optional=True),
        f.number("minutes", "Minutes it took", least=1, most=MOST_MINUTES, optional=True, hint=USUAL_MINUTES),
    ]


def _asked_by(sheet: Sheet) -> Channel:
    """How the practice most likely asked: as a moment ago; by portal where the request was sent so; else by phone."""
    if sheet.same_call:
        return sheet.same_call.channel
    usual = sheet.checklist.channel if sheet.checklist else None
    return Channel.PORTAL if usual is Channel.PORTAL else Channel.PHONE


def _record_information_request(sheet: Sheet) -> list[Block]:
    return [
        f.text("asked", "What does the payer ask for?", lines=True),
        f.radio("clinical", "Is it a clinical question?", words.CLINICAL),
        f.moment("received_at", "When did they ask?", initial=sheet.now),
        f.day(
            "due_on",
            "Answer due by",
            optional=True,
            hint="The payer's own date. Leave empty for its usual window.",
        ),
        *_on_checklist(sheet),
    ]


def _answer_information(sheet: Sheet) -> list[Block]:
    """Names what the payer asked, and what the clinician said to it."""
    state = sheet.request.state
    asked = state.open_information_request
    said = [f"The payer asks: {asked.asked}"] if asked else []
    if asked and asked.clinical and state.question and state.question.answer:
        said.append(f"{sheet.request.name(state.question.answered_by)} answers: {state.question.answer}")
    return [
        *(SectionBlock(text=f.plain(text[:SHOWN]), block_id=f"said_{at}") for at, text in enumerate(said)),
        f.text("answer", "What was sent?", lines=True),
        _channel("How was it sent?"),
    ]


def _record_approval(sheet: Sheet) -> list[Block]:
    waits = sheet.request.state.awaited_lines
    return [
        f.moment("decided_at", "When did the payer decide?", initial=sheet.now),
        f.radio("approved", "What is approved?", _extents(sheet), initial="rest" if waits else "whole"),
        *[
            f.number(
                f"units_{line.seq}",
                f"{line.code} {line.modifiers}".strip() + f": units approved of {line.units}",
                initial=line.units if line in waits or not waits else 0,
                least=0,
                most=9999,
                optional=True,
            )
            for line in sheet.request.state.lines
        ],
        f.select("cut_reason", "If only some of it: why not the rest?", _REASONS, optional=True),
        f.text("cut_reason_text", "The payer's words about the rest", lines=True, optional=True),
        *_approval(sheet),
    ]


def _extents(sheet: Sheet) -> Mapping[str, str]:
    """Without codes there is nothing to choose from; where a letter denied some, the answer is mostly on the rest."""
    state = sheet.request.state
    if codes := ", ".join(line.code for line in state.awaited_lines):
        return {"rest": f"What was still open: {codes}", "lines": words.EXTENTS["lines"], "whole": words.AFTER_ALL}
    return words.EXTENTS if state.lines else words.WHOLE


def _record_denial(sheet: Sheet) -> list[Block]:
    return [
        *_before(sheet),
        *_which_lines(sheet),
        f.select("reason", "Reason in the letter", _REASONS),
        f.text("reason_text", "The payer's words", lines=True, optional=True),
        f.day("notice_on", "Date of the letter", initial=sheet.today),
        f.moment("received_at", "Received", initial=sheet.now),
        f.text("reference", "Denial number", optional=True, longest=REFERENCE),
        f.day(
            "appeal_by",
            "Appeal by",
            optional=True,
            hint=_appeal_hint(sheet),
        ),
        f.day("p2p_by", "Peer-to-peer by", optional=True),
        *_on_checklist(sheet, "Was it on our checklist, if a document was missing?"),
    ]


def _before(sheet: Sheet) -> list[Block]:
    """What this letter is to one that is still to be answered."""
    state = sheet.request.state
    first = state.denial_to_answer
    if first is None:
        return []
    codes = ", ".join(line.code for line in state.lines if line.seq in denied(state, first))
    said = f"A denial{f' of {codes}' if codes else ''} by the letter of {full_day(first.notice_on)} is to be answered."
    both = "A letter on other lines joins it: the nearer dates hold, and both reasons are kept."
    corrected = "A letter that names all of it again replaces its reason, dates and number."
    return [f.said("before", " ".join((said, corrected, *([both] if len(state.lines) > 1 else []))))]


def _which_lines(sheet: Sheet) -> list[Block]:
    """Those that the letter denies; the others stay with the payer."""
    state = sheet.request.state
    if len(state.lines) < 2:
        return []
    first = state.denial_to_answer
    named = denied(state, first) if first and not state.awaited_lines else in_question(state)
    hint = "Untick what it does not decide: that stays with the payer. If none is ticked, those ticked now count."
    choices = {line.seq: code_line(line) for line in state.lines}
    return f.boxes("lines", "What does the letter deny?", choices, ticked=sorted(named), hint=hint)


def _appeal_hint(sheet: Sheet) -> str:
    if WAYS[sheet.request.state.line_of_business]:
        return "As the letter says. Leave empty for the plan's usual window."
    return f"{RESUBMIT_ONLY} Leave it empty."


def _on_checklist(sheet: Sheet, label: str = "Was this on our checklist?") -> list[Block]:
    """The one question that keeps the library alive; *No* leads on to proposing it."""
    if sheet.request.checklist is None:
        return []
    return [f.select("on_checklist", label, {f.YES: "Yes", f.NO: "No, that is new"}, optional=True)]


def _approval(sheet: Sheet, said: str = "") -> list[Block]:
    """Number and dates of an approval: asked for when it is recorded, and by a submission approved at once."""
    return [
        f.text("authorization_number", _said(said, "authorization number"), optional=True, longest=REFERENCE),
        f.text("no_number_reason", _said(said, "why there is no number"), optional=True),
        f.day("effective_on", _said(said, "starts"), optional=True),
        f.day("expires_on", _said(said, "ends"), optional=True, hint=_usual_end(sheet)),
        f.tick("dates_not_stated", _said(said, "dates"), "The payer stated no dates"),
    ]


def _usual_end(sheet: Sheet) -> str | None:
    """How long the checklist says that approvals hold. Only a hint: the date is the payer's to give."""
    end = sheet.checklist.usually_ends(sheet.today) if sheet.checklist else None
    if sheet.checklist is None or end is None:
        return None
    usual = f"The payer's approvals usually hold {sheet.checklist.valid_days} days"
    return f"{usual}: one from today, until {full_day(end)}. Its letter says what holds here."


def _said(before: str, words: str) -> str:
    text = before + words
    return text[0].upper() + text[1:]


def _sent_by(sheet: Sheet) -> Block:
    """The checklist's channel and form, where it names them."""
    checklist = sheet.checklist
    usual = checklist.channel if checklist else None
    hint = f"The payer's form: {checklist.form}" if checklist and checklist.form else None
    return _channel("How was it sent?", usual or "portal", hint)


def _channel(label: str, initial: str = "portal", hint: str | None = None) -> Block:
    return f.select("channel", label, words.CHANNELS, initial=initial, hint=hint)


def _tracking(hint: str | None = None) -> Block:
    return f.text("tracking_number", "Tracking number", optional=True, longest=REFERENCE, hint=hint)


def _expected(sheet: Sheet) -> Block:
    """The computed date with its reason; the payer's own replaces it."""
    expected_on, why = sheet.expected or (None, "")
    hint = f"Computed: {why}. Change it when the payer names another date." if why else None
    return f.day("expected_on", "Response expected by", initial=expected_on, optional=True, hint=hint)


PAYER = {
    "submit": Form("Submitted", "Save", _submit, overwrites=True, wants_expected=True),
    "acknowledge": Form("Payer has it", "Save", _acknowledge, overwrites=True, wants_expected=True),
    "return_unprocessed": Form("Came back", "Save", _return_unprocessed, overwrites=True),
    "send_again": Form("Sent again", "Save", _send_again, overwrites=True),
    "log_contact": Form("Log a contact", "Save", _log_contact),
    "record_information_request": Form("Payer asks for more", "Save", _record_information_request),
    "answer_information": Form("Answer sent", "Save", _answer_information),
    "record_approval": Form("Approved", "Save approval", _record_approval, overwrites=True),
    "record_denial": Form("Denied", "Save denial", _record_denial, overwrites=True),
}
