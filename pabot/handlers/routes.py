"""From ids to functions: one Bolt listener for each kind of payload, and a table behind each."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from pabot.domain.commands import ChangeDecision, Claim
from pabot.domain.commands_clocks import Resume
from pabot.domain.commands_patient import CallBack
from pabot.domain.errors import NotFound
from pabot.domain.letters import Kind
from pabot.domain.model import Decision
from pabot.handlers import (
    approvals,
    away,
    cards,
    commands,
    errors,
    home,
    letters,
    library,
    link,
    lists,
    opening,
    patient_calls,
    payload,
    practice,
    renewals,
    sheets,
    steps,
    suggestions,
    sweep,
    wording,
)
from pabot.handlers.call import Call
from pabot.handlers.floor import Floor
from pabot.handlers.forms import STEP_FORMS
from pabot.services.desk import Desk
from pabot.views.forms import FORMS
from pabot.views.ids import Id, step_open, step_submit
from pabot.views.text import Look

Handler = Callable[[Call], BoltResponse]
Table = Mapping[str, Handler]
GONE = "This button belongs to an earlier version of pabot. Use /pa help to go on."

COMMANDS: Table = {"/pa": commands.run}

ACTIONS: Table = {
    **{step_open(kind): partial(steps.open_step, kind=kind) for kind in FORMS},
    step_open("claim"): partial(steps.press, makes=Claim),
    step_open("change_decision"): partial(steps.press, makes=ChangeDecision),
    step_open("called_back"): patient_calls.called_back,
    step_open("pass_on"): patient_calls.pass_on,
    step_open("call_back"): partial(steps.press, makes=CallBack),
    step_open("resume"): partial(steps.press, makes=Resume),
    step_open("accept_review"): steps.accept_review,
    Id.ASK_BECAUSE: steps.ask_because,
    step_open("decide_denial"): steps.choose_decision,
    Id.DECIDE_APPEAL: partial(steps.decide, decision=Decision.APPEAL),
    Id.DECIDE_P2P: partial(steps.decide, decision=Decision.P2P),
    Id.DECIDE_RESUBMIT: partial(steps.decide, decision=Decision.RESUBMIT),
    Id.DECIDE_ACCEPT: partial(steps.decide, decision=Decision.ACCEPT),
    Id.ATTEST_YES: partial(steps.attest, answer="yes"),
    Id.ATTEST_NO: partial(steps.attest, answer="no"),
    Id.ASK_INSTEAD: steps.ask_instead,
    Id.NEW_OPEN: opening.open_new,
    Id.NEW_CATEGORY: opening.choose_category,
    Id.RENEW_OPEN: renewals.open_renewal,
    Id.CARD_OPEN: cards.open_card,
    Id.CARD_CHOOSE: cards.open_card,
    Id.WHICH_PATIENT: cards.which_patient,
    Id.CORRECT_OPEN: cards.open_correction,
    Id.QUEUE_OPEN: lists.open_queue,
    Id.QUEUE_PAGE: lists.turn_page,
    Id.MINE_OPEN: lists.open_mine,
    Id.SWEEP_OPEN: sweep.open_sweep,
    Id.SWEEP_PUT_OFF: sweep.put_off,
    Id.SWEEP_CARD: sweep.open_card,
    Id.HELP_OPEN: commands.open_help,
    Id.LETTER_DOCX: partial(letters.send_letter, kind=Kind.DOCX),
    Id.LETTER_PDF: partial(letters.send_letter, kind=Kind.PDF),
    Id.SHEET_OPEN: sheets.open_sheet,
    Id.SHEET_SEND: sheets.send_sheet,
    Id.STAFF_OPEN: practice.open_person,
    Id.HOLD_ON_IT: steps.on_it,
    Id.HOLD_FOR: steps.snooze,
    Id.AWAY_OPEN: away.open_away,
    Id.PRESENCE_YES: away.they_are_in,
    Id.PAYERS_PAGE: library.turn_payers,
    Id.PAYER_OPEN: library.open_payer,
    Id.PAYER_EDIT: library.edit_payer,
    Id.CHECKLIST_OPEN: library.open_checklist,
    Id.APPROVAL_APPROVE: approvals.open_approve,
    Id.APPROVAL_DECLINE: approvals.open_decline,
    Id.APPROVAL_BACK: approvals.take_back,
    Id.PROPOSE_OPEN: library.open_propose,
    Id.PROPOSE_ITEM_OPEN: library.open_item,
    Id.PROPOSAL_OPEN: library.open_proposal,
    Id.PROPOSAL_APPROVE: library.approve,
    Id.PROPOSAL_COSIGN: library.cosign,
    Id.PROPOSAL_REFUSE: library.open_refuse,
    Id.WORDING_OPEN: wording.open_texts,
    Id.WORDING_TEXT: wording.open_text,
    Id.WORDING_PROPOSE: wording.open_propose,
    Id.WORDING_BACK: wording.open_back,
    Id.OWN_WORDS_OPEN: wording.open_own,
    Id.WORDS_OPEN: wording.open_words,
    Id.WORDS_APPROVE: wording.open_approve,
    Id.WORDS_COSIGN: wording.cosign,
    Id.WORDS_DECLINE: wording.open_decline,
}

SUBMISSIONS: Table = {
    **{step_submit(kind): partial(steps.save_step, kind=kind) for kind in STEP_FORMS},
    step_submit("submit"): steps.save_submission,
    step_submit("log_contact"): steps.save_contact,
    step_submit("record_peer_to_peer"): steps.save_call,
    **{step_submit(kind): partial(steps.save_payers_word, kind=kind) for kind in steps.PAYERS_WORD},
    Id.NEW_SUBMIT: opening.save_new,
    Id.RENEW_SUBMIT: renewals.save_renewal,
    Id.SWEEP_SUBMIT: sweep.save_and_next,
    Id.LINK_SUBMIT: link.save_link,
    Id.CORRECT_SUBMIT: cards.save_correction,
    Id.AWAY_SUBMIT: away.save_away,
    Id.STAFF_SUBMIT: practice.save_person,
    Id.SETTINGS_SUBMIT: practice.save_settings,
    Id.APPROVE_SUBMIT: approvals.approve,
    Id.DECLINE_SUBMIT: approvals.decline,
    Id.CHECK_SUBMIT: library.submit_check,
    Id.PROPOSE_SUBMIT: library.submit_propose,
    Id.PROPOSE_ITEM_SUBMIT: library.submit_item,
    Id.REFUSE_SUBMIT: library.submit_refuse,
    Id.PAYER_SUBMIT: library.save_payer,
    Id.WORDING_SUBMIT: wording.submit_propose,
    Id.WORDING_BACK_SUBMIT: wording.submit_back,
    Id.OWN_WORDS_SUBMIT: wording.submit_own,
    Id.WORDS_APPROVE_SUBMIT: wording.submit_approve,
    Id.WORDS_DECLINE_SUBMIT: wording.submit_decline,
}

SUGGESTIONS: Table = {
    Id.SUGGEST_PAYER: suggestions.payers,
    Id.SUGGEST_CLINICIAN: suggestions.clinicians,
    Id.SUGGEST_STAFF: suggestions.staff,
    Id.SUGGEST_DIAGNOSES: suggestions.diagnoses,
    Id.CARD_CHOOSE: suggestions.requests,
}

SHORTCUTS: Table = {Id.SHORTCUT_NEW: opening.open_new, Id.SHORTCUT_LINK: link.open_link}

EVENTS: Table = {"app_home_opened": home.open_home}

TABLES: Mapping[str, Table] = {
    "command": COMMANDS,
    "action": ACTIONS,
    "submission": SUBMISSIONS,
    "suggestion": SUGGESTIONS,
    "shortcut": SHORTCUTS,
    "event": EVENTS,
}


def register(app: App, desk: Desk, look: Look, at_once: int = 1) -> None:
    """Give a Bolt app its six listeners and its last resort."""
    attach(app, partial(_listener, desk=desk, look=look, floor=Floor(desk, at_once)))
    app.error(errors.last_resort)


def attach(app: App, listen: Callable[[Table, Callable[[payload.Body], str]], Callable[..., BoltResponse]]) -> None:
    """One listener for each kind of payload; `listen` makes it from a table and the way to the id in a body."""
    anything = re.compile("")
    app.command(anything)(listen(COMMANDS, lambda body: str(body.get("command"))))
    app.action(anything)(listen(ACTIONS, payload.action_id))
    app.view(anything)(listen(SUBMISSIONS, payload.callback_id))
    app.options(anything)(listen(SUGGESTIONS, payload.action_id))
    app.shortcut(anything)(listen(SHORTCUTS, payload.callback_id))
    app.event("app_home_opened")(listen(EVENTS, lambda body: str(body["event"]["type"])))


def _listener(
    table: Table, name: Callable[[payload.Body], str], *, desk: Desk, look: Look, floor: Floor
) -> Callable[[payload.Body, Ack, WebClient], BoltResponse]:
    def listener(body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
        client = floor.lent(client)
        try:
            with floor.held():
                handler = table.get(name(body), _gone)
                return handler(Call.of(body, ack, client, desk, look))
        except Exception as wrong:
            return errors.answer(wrong, body, ack, client)

    return listener


def _gone(call: Call) -> BoltResponse:
    raise NotFound(GONE)
