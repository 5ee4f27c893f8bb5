"""Reading what Slack sends: where it comes from, which id it names, what it carries. Nothing here is believed."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pabot.domain.errors import NotFound
from pabot.views.ids import Hint

Body = Mapping[str, Any]

UNKNOWN = "This does not carry what it should. Open the request again with /pa show."
LARGEST = 2**31 - 1  # numbers that the database counts to
LONGEST = 300  # characters of anything carried

_HINTS = TypeAdapter(Hint)


def action(body: Body) -> Mapping[str, Any]:
    """The pressed button or the changed menu."""
    actions = body.get("actions") or [{}]
    return dict(actions[0])


def action_id(body: Body) -> str:
    """The id of the element: pressed, or asking for suggestions."""
    return str(action(body).get("action_id") or body.get("action_id") or "")


def callback_id(body: Body) -> str:
    """The id of the form or shortcut."""
    return str(view(body).get("callback_id") or body.get("callback_id") or "")


def view(body: Body) -> Mapping[str, Any]:
    return body.get("view") or {}


def in_modal(body: Body) -> bool:
    """Whether a button was pressed inside a form or card that is open on the person's screen."""
    return view(body).get("type") == "modal"


def is_ephemeral(body: Body) -> bool:
    """Whether the pressed message is seen by this person alone."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


def channel_id(body: Body) -> str:
    """Where the command was typed or the button stands; empty for modals and the Home tab."""
    container = body.get("container") or {}
    channel = body.get("channel") or {}
    return str(body.get("channel_id") or channel.get("id") or container.get("channel_id") or "")


def user_id(body: Body) -> str:
    event = body.get("event") or {}
    user = body.get("user") or {}
    return str(body.get("user_id") or user.get("id") or event.get("user") or "")


def team_id(body: Body) -> str:
    """The person's own workspace: theirs when Slack names it, else the one that the payload comes from."""
    user, team = body.get("user") or {}, body.get("team") or {}
    return str(user.get("team_id") or team.get("id") or body.get("team_id") or "")


def hint(body: Body) -> Hint:
    """What a button's value, a menu's option or a form's metadata carries. Raises NotFound on anything else."""
    if body.get("type") == "view_submission" or _in_an_input(body):
        return unpack(str(view(body).get("private_metadata") or ""))
    pressed = action(body)
    option = pressed.get("selected_option") or {}
    return unpack(str(option.get("value") or pressed.get("value") or ""))


def _in_an_input(body: Body) -> bool:
    """Whether it is a field of a form that was changed: its value is what somebody chose, and no hint."""
    changed = action(body).get("block_id")
    blocks = view(body).get("blocks") or []
    return any(block.get("type") == "input" and block.get("block_id") == changed for block in blocks)


def unpack(text: str) -> Hint:
    if not text:  # of a command
        return Hint()
    try:
        carried = _HINTS.validate_json(text, strict=True)
    except ValidationError:
        raise NotFound(UNKNOWN) from None
    numbers = [number for number in (carried.number, carried.child) if number is not None]
    words = (carried.key, carried.save, carried.what, carried.sweep)
    if not all(0 < number <= LARGEST for number in numbers) or any(len(word) > LONGEST for word in words):
        raise NotFound(UNKNOWN)
    return carried
