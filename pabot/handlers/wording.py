"""What patients hear: the practice's texts on screen, and how they are changed."""

from typing import Any

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain import wording_changes as rules
from pabot.domain.errors import Invalid, NotAllowed, NotFound
from pabot.domain.patient_words import LANGUAGES, TextName
from pabot.domain.roles import Action
from pabot.domain.wording_changes import SHIPPED, ProposeWords, TextPage, WordsProposal
from pabot.handlers import forms_wording as typed
from pabot.handlers import payload
from pabot.handlers.call import Call
from pabot.views import patient_text
from pabot.views import wording as views
from pabot.views.forms.sheet import draw
from pabot.views.forms.wording import APPROVE, DECLINE, back_form, own_form, propose_form
from pabot.views.ids import Id


def list_texts(call: Call) -> BoltResponse:
    """`/pa wording`."""
    page = call.desk.patient_texts(actor=call.actor)
    return call.whisper(views.texts_message(call.look, page, call.desk.directory()))


def open_texts(call: Call) -> BoltResponse:
    """`pa.wording.open`: the same on a screen of its own."""
    page = call.desk.patient_texts(actor=call.actor)
    return call.show(views.texts_modal(call.look, page, call.desk.directory()))


def open_text(call: Call) -> BoltResponse:
    """`pa.wording.text`: one text, its words and its history."""
    page = _page(call, _text(call))
    return call.show(views.text_modal(call.look, page, call.actor, call.desk.directory()))


def open_propose(call: Call) -> BoltResponse:
    """`pa.wording.propose`: the text as it stands, to be changed."""
    _may_propose(call)
    page = _page(call, _text(call))
    form = propose_form(page.text, views.in_force(call.look, page))
    return call.show(draw(form, call.sheet(what=str(page.text), version=page.n), Id.WORDING_SUBMIT))


def submit_propose(call: Call) -> BoltResponse:
    """`pa.wording.submit`: the words wait; the form turns into them."""
    form = typed.OtherWords.read(call.body["view"])
    text = _text(call)
    if form.words == views.in_force(call.look, _page(call, text)):
        raise Invalid({"words": "Nothing differs from the words in force. Change something first."})
    return _proposed(call, ProposeWords(text, form.words, form.why, call.hint.version or 0))


def open_back(call: Call) -> BoltResponse:
    """`pa.wording.back`: the words of the files are wanted again."""
    _may_propose(call)
    page = _page(call, _text(call))
    return call.show(
        draw(back_form(page.text), call.sheet(what=str(page.text), version=page.n), Id.WORDING_BACK_SUBMIT)
    )


def submit_back(call: Call) -> BoltResponse:
    """`pa.wording_back.submit`."""
    why = typed.Back.read(call.body["view"]).why
    return _proposed(call, ProposeWords(_text(call), SHIPPED, why, call.hint.version or 0))


def open_own(call: Call) -> BoltResponse:
    """`pa.own_words.open`: words for one patient, from the sentence that would be said."""
    refused = roles.may(call.actor, Action.EDIT_PATIENT_UPDATE)
    if refused and not refused.approval:
        raise NotAllowed(refused.sentence(call.desk.directory().members.values()))
    card, language = call.card(), _language(call)
    own = call.desk.own_words(call.number, actor=call.actor)
    sentence = patient_text.said(call.look, card, own, language)
    form = own_form(language, sentence, alone=refused is None)
    sheet = call.sheet(card, number=call.number, what=str(TextName(card.state.status, language)))
    return call.show(draw(form, sheet, Id.OWN_WORDS_SUBMIT))


def submit_own(call: Call) -> BoltResponse:
    """`pa.own_words.submit`: the words hold, or wait for a manager; the form turns into them."""
    form = typed.OwnWords.read(call.body["view"])
    return _proposed(call, ProposeWords(_text(call), form.words, form.why, number=call.number))


def open_words(call: Call) -> BoltResponse:
    """`pa.words.open`: words that wait, and what this person may do about them."""
    return call.show(_modal(call, call.desk.words_proposal(_child(call), actor=call.actor)))


def open_approve(call: Call) -> BoltResponse:
    """`pa.words.approve`: a note for whoever proposed it. Refused before anybody types in vain."""
    found, staff = call.desk.words_proposal(_child(call), actor=call.actor), call.desk.directory()
    rules.require_current(found, staff)
    rules.require_approver(found, call.actor, staff)
    return call.show(draw(APPROVE, call.sheet(child=found.id), Id.WORDS_APPROVE_SUBMIT))


def submit_approve(call: Call) -> BoltResponse:
    """`pa.words_approve.submit`."""
    note = typed.Approve.read(call.body["view"]).note
    return call.become(_modal(call, call.desk.approve_words(_child(call), note, actor=call.actor, key=call.key)))


def cosign(call: Call) -> BoltResponse:
    """`pa.words.cosign`: the press is the signature."""
    return call.show(_modal(call, call.desk.cosign_words(_child(call), actor=call.actor, key=call.press_key)))


def open_decline(call: Call) -> BoltResponse:
    """`pa.words.decline`: the form asks why."""
    return call.show(draw(DECLINE, call.sheet(child=_child(call)), Id.WORDS_DECLINE_SUBMIT))


def submit_decline(call: Call) -> BoltResponse:
    """`pa.words.submit`."""
    why = typed.Decline.read(call.body["view"]).why
    return call.become(_modal(call, call.desk.decline_words(_child(call), why, actor=call.actor, key=call.key)))


def _proposed(call: Call, command: ProposeWords) -> BoltResponse:
    return call.become(_modal(call, call.desk.propose_words(command, actor=call.actor, key=call.key)))


def _modal(call: Call, proposal: WordsProposal) -> dict[str, Any]:
    about = call.desk.card(proposal.number, actor=call.actor) if proposal.number else None
    return views.modal(call.look, proposal, about, call.actor, call.desk.directory())


def _page(call: Call, text: TextName) -> TextPage:
    return call.desk.patient_text(text, actor=call.actor)


def _may_propose(call: Call) -> None:
    roles.require(call.actor, Action.PROPOSE_WORDING, staff=call.desk.directory().members.values())


def _text(call: Call) -> TextName:
    return TextName.read(call.hint.what)


def _language(call: Call) -> str:
    if call.hint.what not in LANGUAGES:
        raise NotFound(payload.UNKNOWN)
    return call.hint.what


def _child(call: Call) -> int:
    if call.hint.child is None:
        raise NotFound(payload.UNKNOWN)
    return call.hint.child
