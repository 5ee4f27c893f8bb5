"""Forms of telling the patient and of their calls, with the words to read out in sight."""

from slackblocks import Block

from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Reached
from pabot.domain.update_times import label
from pabot.views import patient_text
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.ending import and_close
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id
from pabot.views.words import attempts


def _tell_patient(sheet: Sheet) -> list[Block]:
    card = sheet.request
    possible = {update.value: label(update, in_part=card.state.in_part) for update in card.tellable}
    tried = attempts(sheet.look, card)
    return [
        *patient_text.approved(sheet.look, card, sheet.own),
        *([f.said("tried", tried)] if tried else []),
        f.select("update", "What were they told?", possible, initial=next(iter(possible), None)),
        f.radio("result", "Do they know it now?", words.REACHED, initial=Reached.TOLD),
        f.select("how", "How?", words.TOLD_BY, initial="phone"),
        f.moment("told_at", "When?", initial=sheet.now),
        f.person("told_by", "Who told them?", Id.SUGGEST_STAFF, initial=sheet.viewer),
        f.day("next_on", "If not: when is it tried again?", optional=True, hint="Empty: the next business day."),
        *and_close(sheet),
        f.text("note", "Note", lines=True, optional=True),
    ]


def _waive_update(sheet: Sheet) -> list[Block]:
    closing = and_close(sheet)
    steps = closing[1:]  # the reason is about the patient: why a closure step stays undone has a place of its own
    note = [f.text("note", "Note", lines=True, optional=True)] if steps else []
    return [f.text("reason", "Why need the patient not be told?", lines=True), *closing, *note]


def _patient_called(sheet: Sheet) -> list[Block]:
    card = sheet.request
    return [
        *patient_text.approved(sheet.look, card, sheet.own),
        f.moment("at", "When did they call?", initial=sheet.now),
        f.radio("caller", "Who called?", words.CALLERS, initial=Caller.PATIENT),
        f.radio(
            "asked",
            "What about?",
            words.ASKED,
            initial=Asked.STATUS,
            hint="A clinical question or a worry goes to the clinician at once.",
        ),
        f.text("said", "In their words", lines=True, optional=True),
        f.tick("read_out", "The sentence above", "I read it out", hint="Never to a caller who could not be verified."),
        f.person("taken_by", "Who took the call?", Id.SUGGEST_STAFF, initial=sheet.viewer),
    ]


def _answer_call(sheet: Sheet) -> list[Block]:
    return [
        *_asked(sheet),
        f.text("answer", "What is the patient to be told?", lines=True, hint="The request's owner passes it on."),
    ]


def _hand_over_call(sheet: Sheet) -> list[Block]:
    return [
        *_asked(sheet),
        f.person("to", "Which clinician takes it?", Id.SUGGEST_CLINICIAN),
        f.text("note", "Note", optional=True),
    ]


def _asked(sheet: Sheet) -> list[Block]:
    """The patient's words, of the call that is meant."""
    meant = (call for call in sheet.request.state.open_calls if sheet.hint.child in (None, call.seq))
    said = next((call.said for call in meant), "")
    return [f.said("patient_said", said)] if said else []


PATIENT = {
    "tell_patient": Form("Patient told", "Save", _tell_patient, wants_own_words=True),
    "waive_update": Form("No need to tell", "Save", _waive_update),
    "patient_called": Form("Patient called", "Save", _patient_called, wants_own_words=True),
    "answer_call": Form("Answer the call", "Answer", _answer_call),
    "hand_over_call": Form("Hand the call over", "Hand over", _hand_over_call),
}
