"""The message shortcut: what was said in Slack about a request becomes a contact of it."""

from slack_bolt import BoltResponse

from pabot.handlers.call import Call
from pabot.handlers.cards import saved
from pabot.handlers.forms_practice import Link
from pabot.views.forms.opening import LINK
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def open_link(call: Call) -> BoltResponse:
    """`pa.link.shortcut`: asks for the number. The message itself is not copied: it may name a patient."""
    message = call.body.get("message") or {}
    author = call.desk.directory().get(message.get("user"))
    by = f" with {author.name}" if author else ""
    return call.show(draw(LINK, call.sheet(what=f"Discussed in Slack{by}."), Id.LINK_SUBMIT))


def save_link(call: Call) -> BoltResponse:
    """`pa.link.submit`: a contact, and the card."""
    command = Link.read(call.body["view"]).command()
    return saved(call, call.desk.take_step(command, actor=call.actor, key=call.key))
