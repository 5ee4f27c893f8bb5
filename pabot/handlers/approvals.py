"""Approving or declining what somebody asked for, and taking back what one asked for oneself."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse

from pabot.domain.cards import AskedLine
from pabot.domain.errors import NotFound
from pabot.handlers import payload
from pabot.handlers.call import Call
from pabot.handlers.cards import saved
from pabot.handlers.parse import FormModel, Text, Words
from pabot.views.approvals import approve_form, decline_form
from pabot.views.forms.sheet import WHY, draw
from pabot.views.ids import Id


class Why(FormModel):
    """The note for whoever approves, on the form of any step."""

    approval_why: Words = ""


class Approve(FormModel):
    note: Words = ""


class Decline(FormModel):
    note: Text


def without_why(view: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The note for whoever approves, and the form without it, as its step knows it. Raises Invalid."""
    typed = dict((view.get("state") or {}).get("values", {}))
    asked = {WHY: typed.pop(WHY)} if WHY in typed else {}
    why = Why.read({"state": {"values": asked}}).approval_why
    return why, {**view, "state": {"values": typed}}


def open_approve(call: Call) -> BoltResponse:
    """`pa.approval.approve`: what is asked as it stands now, and a note."""
    asked = _asked(call)
    card = call.desk.card(asked.approval.number, actor=call.actor)
    sheet = call.sheet(card, number=asked.approval.number, version=card.state.version, child=asked.approval.id)
    return call.show(draw(approve_form(asked), sheet, Id.APPROVE_SUBMIT))


def open_decline(call: Call) -> BoltResponse:
    """`pa.approval.decline`: why not."""
    asked = _asked(call)
    card = call.desk.card(asked.approval.number, actor=call.actor)
    sheet = call.sheet(card, number=asked.approval.number, child=asked.approval.id)
    return call.show(draw(decline_form(asked), sheet, Id.DECLINE_SUBMIT))


def approve(call: Call) -> BoltResponse:
    """`pa.approve.submit`: the step is taken under both names, and the card."""
    note = Approve.read(call.body["view"]).note
    card = call.desk.approve_step(_id(call), note, call.hint.version, actor=call.actor, key=call.key)
    return saved(call, card)


def decline(call: Call) -> BoltResponse:
    """`pa.decline.submit`: whoever asked reads why."""
    note = Decline.read(call.body["view"]).note
    return saved(call, call.desk.decline_step(_id(call), note, actor=call.actor, key=call.key))


def take_back(call: Call) -> BoltResponse:
    """`pa.approval.take_back`: the press is enough."""
    return saved(call, call.desk.take_back_asked(_id(call), actor=call.actor, key=call.press_key))


def _asked(call: Call) -> AskedLine:
    """Refuses before anybody types in vain. The request is the approval's own, whatever the button says."""
    return call.desk.approval(_id(call), actor=call.actor)


def _id(call: Call) -> int:
    if call.hint.child is None:
        raise NotFound(payload.UNKNOWN)
    return call.hint.child
