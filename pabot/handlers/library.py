"""The payer library on screen: what a payer wants."""

from slack_bolt import BoltResponse

from pabot.handlers.call import Call
from pabot.handlers.forms_library import Check
from pabot.views import library as library_views
from pabot.views.forms.library import CHECK
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def check(call: Call) -> BoltResponse:
    """`/pa check PAYER CODE`; without words the form asks."""
    if not call.text:
        return call.show(draw(CHECK, call.sheet(), Id.CHECK_SUBMIT))
    return call.whisper(library_views.answer_message(call.look, call.desk.look_up(call.text, actor=call.actor)))


def submit_check(call: Call) -> BoltResponse:
    """`pa.check.submit`: the form turns into the answer."""
    typed = Check.read(call.body["view"])
    found = call.desk.look_up_plan(typed.payer, typed.code, actor=call.actor)
    return call.become(library_views.answer_modal(call.look, found))
