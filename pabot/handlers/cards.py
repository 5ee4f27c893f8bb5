"""The card of one request: shown on a command, opened from a list, and what a saved form turns into."""

from slack_bolt import BoltResponse

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import NotNow
from pabot.handlers import payload
from pabot.handlers.call import Call
from pabot.handlers.errors import SLACK_FAILURES, whisper
from pabot.handlers.forms import CorrectEntry
from pabot.handlers.sweep import following
from pabot.views import card as views
from pabot.views import messages
from pabot.views.forms.ending import CORRECT_ENTRY
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def open_card(call: Call) -> BoltResponse:
    """`pa.card.open` and `pa.card.choose`: the card as a modal, at minimum."""
    return call.show(views.card_modal(call.look, call.card(), call.actor))


def which_patient(call: Call) -> BoltResponse:
    """`pa.patient.which`: who it is, for this person's eyes only, where the settings are full; a view is kept."""
    channel = payload.channel_id(call.body)
    if not channel:  # on any other surface it would stay
        raise NotNow("Press it in the message, or use /pa show.")
    card = call.desk.card(call.number, actor=call.actor, seen_full=True)
    said = messages.which_patient(call.look, card, call.actor)
    call.client.chat_postEphemeral(channel=channel, user=call.actor.user_id, text=said.text, blocks=said.blocks)
    return call.ack()


def saved(call: Call, card: AuthorizationCard) -> BoltResponse:
    """The card after a save, so that the next step is one press away; or, in a sweep, what comes next in it."""
    if call.hint.sweep:
        return call.become(following(call))
    view = views.card_modal(call.look, card, call.actor)
    if call.body.get("type") == "view_submission":
        return call.become(view)
    try:
        return call.show(view)
    except SLACK_FAILURES:
        # What was pressed is saved; only the screen is missing.
        whisper(f"Saved. See it with /pa show {card.state.number}.", call.body, call.client)
        return call.ack()


def open_correction(call: Call) -> BoltResponse:
    """`pa.correct_entry.open`: which entry, and what was wrong."""
    sheet = call.sheet(call.card(), number=call.number, save=call.hint.save)
    return call.show(draw(CORRECT_ENTRY, sheet, Id.CORRECT_SUBMIT))


def save_correction(call: Call) -> BoltResponse:
    """`pa.correct_entry.submit`: the entry is struck through, and what was before returns."""
    reason = CorrectEntry.read(call.body["view"]).reason
    command = c.CorrectEntry(number=call.number, save=call.hint.save, reason=reason)
    return saved(call, call.desk.correct_entry(command, actor=call.actor, key=call.key))
