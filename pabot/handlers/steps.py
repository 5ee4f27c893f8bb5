"""Steps on one request: the button opens a short form, the form is saved, the card comes back.

A contact that was logged where no card stood is answered by what was noted.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from slack_bolt import BoltResponse

from pabot.domain import commands as c
from pabot.domain import roles
from pabot.domain.cards import AuthorizationCard
from pabot.domain.commands_appeals import CallOutcome
from pabot.domain.commands_review import AcceptReview
from pabot.domain.decide import STEPS_BY_KIND, permission
from pabot.domain.errors import AlreadyDone, Judges, NotNow
from pabot.domain.statuses import MEANINGS
from pabot.domain.steps_alarms import A_DAY, ON_IT
from pabot.domain.triggers import DENIAL_NOTICE
from pabot.domain.wording_changes import NONE_OF_ITS_OWN, OwnWords
from pabot.handlers import payload
from pabot.handlers.approvals import without_why
from pabot.handlers.call import Call
from pabot.handlers.cards import saved
from pabot.handlers.forms import STEP_FORMS
from pabot.handlers.library import item_form
from pabot.handlers.parse import typed_words
from pabot.handlers.step_form import About
from pabot.views import receipt
from pabot.views.forms import FORMS
from pabot.views.forms.clinical import decision_modal
from pabot.views.forms.sheet import draw_step

PAYERS_WORD = ("record_information_request", "record_denial")


def open_step(call: Call, kind: str) -> BoltResponse:
    """`pa.<kind>.open`: the form of a step, unless it cannot be done now."""
    return call.show(step_form(call, kind, call.card()))


def ask_instead(call: Call) -> BoltResponse:
    """`pa.ask_clinician.instead`: what was typed into another form becomes the facts of a question to a clinician."""
    words = typed_words(call.body["view"])
    return call.show(step_form(call.about(what=""), "ask_clinician", call.card(), typed=words))


def step_form(call: Call, kind: str, card: AuthorizationCard, typed: str = "") -> dict[str, Any]:
    """The form of a step, drawn from the request as it stands. Raises NotAllowed or NotNow."""
    _require(call, kind, card)
    form = FORMS[kind]
    if form.wants_diagnoses:
        card = call.desk.card(card.state.number, actor=call.actor, seen_full=True)
    expected = call.desk.expected_on(card.state.number, at=call.desk.clock.now()) if form.wants_expected else None
    sheet = call.sheet(
        card,
        expected,
        number=card.state.number,
        version=card.state.version if form.overwrites else None,
        child=call.hint.child or _child(kind, card),
        what=expected[0].isoformat() if expected else call.hint.what,
        sweep=call.hint.sweep,
        back=payload.in_modal(call.body),
    )
    return draw_step(kind, form, replace(sheet, typed=typed, asks=_asked(call, kind, card), own=_own_words(call, kind)))


def _own_words(call: Call, kind: str) -> OwnWords:
    """Of a request's patient, for the forms that show what is to be said."""
    return call.desk.own_words(call.number, actor=call.actor) if FORMS[kind].wants_own_words else NONE_OF_ITS_OWN


def save_step(call: Call, kind: str) -> BoltResponse:
    """`pa.<kind>.submit`: one step, one save; the form turns into the card.

    Words that judge bring the form back once, with a way to the clinician; saving again keeps them.
    """
    try:
        return saved(call, save(call, kind))
    except Judges as judges:
        if not judges.may_keep:
            raise
        card, hint = call.card(), replace(call.hint, as_is=True)
        sheet = replace(call.sheet(card), hint=hint, warned=judges.sentence)
        sheet = replace(sheet, asks=_asked(call, kind, card), own=_own_words(call, kind))
        return call.become(draw_step(kind, FORMS[kind], sheet))


def save(call: Call, kind: str) -> AuthorizationCard:
    """The step is taken, or, where this person may only with approval, asked for."""
    why, view = without_why(call.body["view"])
    command = STEP_FORMS[kind].read(view).command(about(call))
    command = replace(command, as_is=call.hint.as_is)
    return call.desk.take_or_ask(command, why, actor=call.actor, key=call.key)


def about(call: Call) -> About:
    hint = call.hint
    return About(call.number, hint.version, hint.child, hint.what, hint.save)


def save_submission(call: Call) -> BoltResponse:
    """`pa.submit.submit`: denied at once leads straight on to the denial's form."""
    _, view = without_why(call.body["view"])
    answer = dict(STEP_FORMS["submit"].read(view))["answer"]
    card = save(call, "submit")
    if answer != "denied" or "record_denial" not in card.steps:  # asked for only: nothing is sent yet
        return saved(call, card)
    return call.become(step_form(call.about(what=""), "record_denial", card))


def save_payers_word(call: Call, kind: str) -> BoltResponse:
    """`pa.<kind>.submit` of what a payer asked or denied: what was not on the checklist leads on to proposing it."""
    form = STEP_FORMS[kind].read(call.body["view"])
    card = call.desk.take_step(form.command(about(call)), actor=call.actor, key=call.key)
    if dict(form)["on_checklist"] is not False or card.checklist is None:
        return saved(call, card)
    return call.become(item_form(call, card.checklist.checklist_id, card.state.number))


def save_contact(call: Call) -> BoltResponse:
    """`pa.log_contact.submit`: from a message or by a command it turns into what was noted; elsewhere, as all do."""
    if call.hint.back or call.hint.sweep:
        return save_step(call, "log_contact")
    command = cast(c.LogContact, STEP_FORMS["log_contact"].read(call.body["view"]).command(about(call)))
    noted = call.desk.log_contact(command, actor=call.actor, key=call.key)
    return call.become(receipt.logged(call.look, noted))


def save_call(call: Call) -> BoltResponse:
    """`pa.record_peer_to_peer.submit`: a call that was won leads straight on to the approval's form."""
    form = STEP_FORMS["record_peer_to_peer"].read(call.body["view"])
    card = call.desk.take_step(form.command(about(call)), actor=call.actor, key=call.key)
    if dict(form)["outcome"] is not CallOutcome.OVERTURNED:
        return saved(call, card)
    return call.become(step_form(call.about(what=""), "record_approval", card))


def press(call: Call, makes: type[c.Command]) -> BoltResponse:
    """`pa.claim.open`, `pa.resume.open`, `pa.change_decision.open`: the press is the step."""
    return saved(call, call.desk.take_step(makes(number=call.number), actor=call.actor, key=call.press_key))


def on_it(call: Call) -> BoltResponse:
    """`pa.hold.on_it`: somebody sees to all that the message names."""
    numbers = [int(number) for number in call.hint.what.split(",") if number.isdecimal()]
    for number in numbers:
        call.desk.take_step(c.Hold(number=number, reason=ON_IT), actor=call.actor, key=f"{call.press_key}:{number}")
    return call.ack()


def snooze(call: Call) -> BoltResponse:
    """`pa.hold.for`: the reason is enough; another day asks for it in the form."""
    if call.hint.what == A_DAY:
        return open_step(call.about(what=""), "hold")
    command = c.Hold(number=call.number, reason=call.hint.what)
    call.desk.take_step(command, actor=call.actor, key=call.press_key)
    return call.ack()


def accept_review(call: Call) -> BoltResponse:
    """`pa.accept_review.open`: the press is the step, about what the button stood under."""
    command = AcceptReview(number=call.number, what=call.hint.what, child=call.hint.child)
    return saved(call, call.desk.take_step(command, actor=call.actor, key=call.press_key))


def ask_because(call: Call) -> BoltResponse:
    """`pa.ask_clinician.because`: the form of one of the six occasions. A denial notice that is not recorded yet is
    recorded, which routes it; one that nobody has is routed.
    """
    card, kind = call.card(), "ask_clinician"
    denial = card.state.undecided_denial
    if call.hint.what == DENIAL_NOTICE and denial and denial.routed_at is None:
        kind = "route"
    elif call.hint.what == DENIAL_NOTICE and "record_denial" in card.steps:
        kind = "record_denial"
    about = call if kind == "ask_clinician" else call.about(what="")
    return call.show(step_form(about, kind, card))


def choose_decision(call: Call) -> BoltResponse:
    """`pa.decide_denial.open`: the four decisions, when they were not on the screen."""
    card = call.card()
    _require(call, "decide_denial", card)
    return call.show(decision_modal(call.sheet(card)))


def decide(call: Call, decision: str) -> BoltResponse:
    """`pa.decide_denial.<decision>`: the form of that decision. Raises AlreadyDone when it was taken."""
    card = call.card()
    denial = card.state.denial
    if denial and denial.decision and denial.id == (call.hint.child or denial.id):
        raise AlreadyDone(f"{card.name(denial.decided_by)} decided this already. Nothing changed now.")
    return call.show(step_form(call.about(what=decision), "decide_denial", card))


def attest(call: Call, answer: str) -> BoltResponse:
    """`pa.attest_urgency.<yes or no>`: the form with that answer chosen."""
    return open_step(call.about(what=answer), "attest_urgency")


def _require(call: Call, kind: str, card: AuthorizationCard) -> None:
    """Refuse before anybody types in vain; the desk judges again when the form is saved."""
    if kind in (*card.steps, *card.asks):
        return
    staff = call.desk.directory().members.values()
    policy = call.desk.settings().policy
    rule = STEPS_BY_KIND[kind]
    action = permission(rule, card.state, call.actor, call.hint.what)
    roles.require(call.actor, action, card.state, policy, staff=staff)
    if not rule.offered and card.state.status in rule.sources:
        return
    raise NotNow(f"“{rule.label}” cannot be done now: PA-{card.state.number} is “{MEANINGS[card.state.status].label}”.")


def _asked(call: Call, kind: str, card: AuthorizationCard) -> str:
    """Who is asked to approve it; empty where this person needs nobody's approval. Raises AlreadyDone, NotAllowed."""
    if kind not in card.asks:
        return ""
    return call.desk.who_approves(card.state.number, kind, actor=call.actor).name


def _child(kind: str, card: AuthorizationCard) -> int | None:
    """What a decision or an answer is about, when the button did not say."""
    if kind == "take_version":
        return card.newer.version_id if card.newer else None
    children: Mapping[str, Any] = {
        "decide_denial": card.state.denial,
        "write_necessity": card.state.denial,
        "answer_question": card.state.question,
    }
    child = children.get(kind)
    return child.id if child else None
