"""The letter of an appeal: made as a file, for whoever asked."""

from slack_bolt import BoltResponse

from pabot.domain.letters import Kind
from pabot.handlers.call import Call
from pabot.handlers.errors import SLACK_FAILURES, whisper
from pabot.views import letters as views
from pabot.views.letter import letter


def send_letter(call: Call, kind: Kind) -> BoltResponse:
    """`pa.letter.docx`, `pa.letter.pdf`: the file is on its way; a template that is broken is said at once."""
    desk, to_folder = call.desk, call.look.letter_folder is not None
    known = desk.letter_for_file(call.number, actor=call.actor, seen=False, to_folder=to_folder)
    letter(call.look, known, desk.directory(), desk.settings().letterhead, None)
    card = call.desk.send_letter(call.number, kind, actor=call.actor, key=call.press_key, to_folder=to_folder)
    try:
        return call.show(views.asked(call.look, card, kind))
    except SLACK_FAILURES:
        # What was pressed is saved; only the screen is missing.
        whisper("The letter is on its way.", call.body, call.client)
        return call.ack()
