"""The submission sheet: opened on a screen, or sent as a file into the person's own messages."""

from slack_bolt import BoltResponse

from pabot.handlers.call import Call
from pabot.handlers.errors import SLACK_FAILURES, whisper
from pabot.views import submission_sheet as views


def open_sheet(call: Call) -> BoltResponse:
    """`pa.sheet.open` and `/pa sheet`: full privacy settings show identity here, which leaves an event."""
    card = call.desk.submission_sheet(call.number, actor=call.actor)
    return call.show(views.sheet_modal(call.look, card, call.desk.directory(), call.actor))


def send_sheet(call: Call) -> BoltResponse:
    """`pa.sheet.send`: the file is on its way; the sheet stays on the screen."""
    card = call.desk.send_sheet(call.number, actor=call.actor, key=call.press_key)
    try:
        return call.show(views.sheet_modal(call.look, card, call.desk.directory(), call.actor, asked=True))
    except SLACK_FAILURES:
        # What was pressed is saved; only the screen is missing.
        whisper("The PDF is on its way into your messages with pabot.", call.body, call.client)
        return call.ack()
