"""One error handler: what went wrong becomes a sentence, on the surface where the person is looking.

Every answer has status 200: anything else is shown by Slack as a failure of its own, and retried.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from ssl import SSLError
from typing import Any
from urllib.error import URLError

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from pabot.domain.errors import Invalid, PabotError
from pabot.handlers import payload
from pabot.logs import where_it_failed
from pabot.views import problem

log = logging.getLogger(__name__)

# What can come of a call to Slack: its refusal, a broken answer, a broken line or silence.
SLACK_FAILURES = (SlackClientError, HTTPException, URLError, ConnectionError, TimeoutError, SSLError)
TOO_LATE = "That took too long for Slack. Press again."
SLACK_SENTENCES: Mapping[str, str] = {
    "expired_trigger_id": TOO_LATE,
    "exchanged_trigger_id": TOO_LATE,
    "invalid_trigger_id": TOO_LATE,
    "hash_conflict": "This window changed in the meantime. Press again.",
    "not_found": "This window is no longer open. Open the request again with /pa show.",
    "push_limit_reached": "Too many windows lie on top of each other. Close one and try again.",
}
SLACK_SILENT = "Slack did not answer pabot. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence for the person; of a form, also a sentence for each field. `pressable`: the trigger still works."""

    sentence: str
    fields: Mapping[str, str] = field(default_factory=dict)
    pressable: bool = True


def answer(wrong: Exception, body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
    """Tell the person, whatever happened and wherever they are."""
    trouble = explained(wrong, body)
    try:
        return SURFACES.get(str(body.get("type") or "command"), _said_nowhere)(trouble, body, ack, client)
    except SLACK_FAILURES as silent:
        log.warning("a problem could not be shown to %s: %s", payload.user_id(body), type(silent).__name__)
        return ack()


def explained(wrong: Exception, body: payload.Body) -> Problem:
    """The sentence of an error. One that nobody foresaw gets a reference, which the log has as well."""
    if isinstance(wrong, Invalid):
        return Problem(wrong.sentence, wrong.fields)
    if isinstance(wrong, PabotError):
        return Problem(wrong.sentence)
    if isinstance(wrong, SlackApiError):
        code = str(wrong.response.get("error"))
        log.warning("Slack refused a view for %s: %s", payload.user_id(body), code)
        if code in SLACK_SENTENCES:
            return Problem(SLACK_SENTENCES[code], pressable=SLACK_SENTENCES[code] is not TOO_LATE)
    elif isinstance(wrong, SLACK_FAILURES):
        log.warning("Slack did not answer for %s: %s", payload.user_id(body), type(wrong).__name__)
        return Problem(SLACK_SILENT, pressable=False)
    return Problem(_unforeseen(wrong, body))


def _unforeseen(wrong: BaseException, body: payload.Body) -> str:
    """Logged with where it happened, never with what was typed: messages of libraries may quote their input."""
    reference = secrets.token_hex(4)
    where = payload.action_id(body) or payload.callback_id(body) or body.get("command") or body.get("type")
    log.error("reference %s in %s for %s: %s", reference, where, payload.user_id(body), where_it_failed(wrong))
    return f"Something went wrong inside pabot. Look at the request before you try again. Reference: {reference}"


def _of_command(trouble: Problem, body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
    said = problem.problem_message(trouble.sentence)
    return ack(text=said.text, blocks=said.blocks, response_type="ephemeral")


def _of_form(trouble: Problem, body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
    """Under its fields; what belongs to no field lies on top, and what was typed stays beneath."""
    inputs = {str(block.get("block_id")) for block in payload.view(body).get("blocks") or [] if _is_input(block)}
    placed = {_block(name, inputs): said for name, said in trouble.fields.items()}
    known = {name: said for name, said in placed.items() if name in inputs}
    if known:
        return ack(response_action="errors", errors=known)
    return ack(response_action="push", view=problem.problem_modal(trouble.sentence))


def _of_press(trouble: Problem, body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
    """On top of the modal, or as one; without a live trigger as a line only this person sees."""
    if not (trouble.pressable and _opened(trouble, body, client)):
        whisper(trouble.sentence, body, client)
    return ack()


def _opened(trouble: Problem, body: payload.Body, client: WebClient) -> bool:
    """Whether Slack took the problem as a window."""
    show = client.views_push if payload.in_modal(body) else client.views_open
    try:
        show(trigger_id=str(body.get("trigger_id")), view=problem.problem_modal(trouble.sentence))
    except SlackClientError:
        return False
    return True


def whisper(sentence: str, body: payload.Body, client: WebClient) -> None:
    """A line that only this person sees: where they pressed, else in their own conversation with the bot."""
    user, said = payload.user_id(body), problem.problem_message(sentence)
    if channel := payload.channel_id(body):
        client.chat_postEphemeral(channel=channel, user=user, text=said.text, blocks=said.blocks)
    else:
        client.chat_postMessage(channel=user, text=said.text, blocks=said.blocks)


def _of_suggestion(trouble: Problem, body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
    return ack(options=[])


def _said_nowhere(trouble: Problem, body: payload.Body, ack: Ack, client: WebClient) -> BoltResponse:
    """An event has no surface; opening the Home tab tries again."""
    return ack()


def _is_input(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "input"


def _block(name: str, inputs: set[str]) -> str:
    """The block of a field: forms say `owner` where a command says `owner_id`."""
    return name if name in inputs else name.removesuffix("_id")


SURFACES: Mapping[str, Callable[[Problem, payload.Body, Ack, WebClient], BoltResponse]] = {
    "command": _of_command,
    "view_submission": _of_form,
    "block_actions": _of_press,
    "shortcut": _of_press,
    "message_action": _of_press,
    "block_suggestion": _of_suggestion,
}


def last_resort(error: Exception, body: payload.Body) -> BoltResponse:
    """For what goes wrong outside a handler, before or after it."""
    sentence = _unforeseen(error, body)
    return BoltResponse(status=200, body=sentence if "command" in body else "")
