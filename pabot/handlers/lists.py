"""Lists: the queue, what was found, my work."""

from slack_bolt import BoltResponse
from slack_sdk.webhook import WebhookClient

from pabot.domain.cards import QueuePage
from pabot.domain.errors import NotNow
from pabot.handlers import payload
from pabot.handlers.call import Call
from pabot.views import queue as views
from pabot.views.text import Rendered

MINE = "mine"
PATIENCE = 2  # seconds for Slack to take an answer
TOO_OLD = "This list is too old for Slack to change. Ask again with /pa queue."


def page_of(call: Call, query: str, page: int = 1) -> QueuePage:
    """A page of the list that `query` asks for: it comes back in the buttons that turn the page."""
    if query == MINE:
        return call.desk.mine(actor=call.actor, page=page)
    return call.desk.queue(query, actor=call.actor, page=page)


def drawn(call: Call, page: QueuePage) -> Rendered:
    return views.list_message(call.look, page)


def open_queue(call: Call) -> BoltResponse:
    """`pa.queue.open`."""
    return _show(call, page_of(call, call.hint.what), in_place=False)


def open_mine(call: Call) -> BoltResponse:
    """`pa.mine.open`."""
    return _show(call, page_of(call, MINE), in_place=False)


def turn_page(call: Call) -> BoltResponse:
    """`pa.queue.page`: in place, wherever the list stands."""
    return _show(call, page_of(call, call.hint.what, call.hint.number or 1), in_place=True)


def _show(call: Call, page: QueuePage, *, in_place: bool) -> BoltResponse:
    """Beneath the message that was pressed, for this person only; from the Home tab or a modal, as a modal."""
    url = call.body.get("response_url")
    if not url:
        return call.show(views.list_modal(call.look, page))
    own = payload.is_ephemeral(call.body)  # others read along in any other message: it stays as it is
    said = drawn(call, page)
    answer = WebhookClient(str(url), timeout=PATIENCE, retry_handlers=[]).send(
        text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=in_place and own
    )
    if answer.status_code != 200:
        raise NotNow(TOO_OLD)
    return call.ack()
