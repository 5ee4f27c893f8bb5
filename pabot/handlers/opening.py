"""A new request: the form, the save, and the warning when the same one is open already."""

from dataclasses import replace

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain.errors import PossibleDuplicate
from pabot.domain.roles import Action
from pabot.handlers import payload
from pabot.handlers.call import Call
from pabot.handlers.cards import saved
from pabot.handlers.forms_practice import NewRequest
from pabot.views.forms.opening import NEW
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def open_new(call: Call) -> BoltResponse:
    """`/pa new`, the shortcut and every *New* button. Raises NotAllowed before anybody types in vain."""
    roles.require(call.actor, Action.CREATE, staff=call.desk.directory().members.values())
    return call.show(draw(NEW, call.sheet(), Id.NEW_SUBMIT))


def choose_category(call: Call) -> BoltResponse:
    """`pa.new.category`: the same form with the fields of that category. What was typed stays, as when saving."""
    roles.require(call.actor, Action.CREATE, staff=call.desk.directory().members.values())
    chosen = (payload.action(call.body).get("selected_option") or {}).get("value")
    hint = replace(call.hint, what=str(chosen or ""))
    return call.redraw(draw(NEW, replace(call.sheet(), hint=hint), Id.NEW_SUBMIT))


def save_new(call: Call) -> BoltResponse:
    """`pa.new.submit`: saved, or shown once more with the number of the one that looks the same.

    Slack keeps what was typed, because the fields keep their ids.
    """
    typed = NewRequest.read(call.body["view"])
    try:
        command = typed.command(despite_duplicate=call.hint.again)
        return saved(call, call.desk.open_authorization(command, actor=call.actor, key=call.key))
    except PossibleDuplicate as same:
        sheet = replace(call.sheet(), hint=replace(call.hint, again=True, number=same.number, what=typed.category))
        return call.become(draw(NEW, sheet, Id.NEW_SUBMIT))
