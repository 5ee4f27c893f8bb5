"""Renewing an approval: the form with everything carried over, and the new request."""

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain.roles import Action
from pabot.handlers.call import Call
from pabot.handlers.cards import saved
from pabot.handlers.forms_renewals import Renewal
from pabot.views.forms.renewals import RENEW
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def open_renewal(call: Call) -> BoltResponse:
    """`pa.renew.open`: a new request with everything carried over. Raises NotAllowed before anybody types in vain."""
    roles.require(call.actor, Action.CREATE, staff=call.desk.directory().members.values())
    call.desk.require_renewable(call.number)
    card = call.desk.card(call.number, actor=call.actor, seen_full=True)
    return call.show(draw(RENEW, call.sheet(card, number=call.number), Id.RENEW_SUBMIT))


def save_renewal(call: Call) -> BoltResponse:
    """`pa.renew.submit`: the new request's card."""
    typed = Renewal.read(call.body["view"])
    command = typed.command(call.number, call.card().state.category)
    return saved(call, call.desk.renew(command, actor=call.actor, key=call.key))
