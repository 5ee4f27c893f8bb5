"""The Home tab."""

from slack_bolt import BoltResponse

from pabot.handlers.call import Call
from pabot.views.home import home_view


def open_home(call: Call) -> BoltResponse:
    """`app_home_opened`: drawn anew each time the Home tab is opened, and only then."""
    if call.body["event"].get("tab") == "home":
        board = call.desk.home(actor=call.actor)
        call.client.views_publish(user_id=call.actor.user_id, view=home_view(call.look, board))
    return call.ack()
