"""What an app's answer to an interaction does to the screen: view responses, command answers, response URLs."""

from typing import TYPE_CHECKING

from pabot.sandbox import limits
from pabot.sandbox.model import Json, Message, ResponseUrl, View

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace

MOST_VIEWS = 3
MOST_RESPONSES = 5


def apply(workspace: "Workspace", view: View, body: Json) -> str | None:
    """Do what the app answered to a `view_submission`. Returns why Slack would not, or None."""
    with workspace.changing():
        view.errors = {}
        act = RESPONSE_ACTIONS.get(body.get("response_action"))
        return act(workspace, view, body) if act else f"invalid_response_action: {body.get('response_action')}"


def _close(workspace: "Workspace", view: View, _: Json) -> None:
    """Only this form goes; the one beneath comes to the top."""
    stack = workspace.modals.get(view.user, [])
    stack[:] = [each for each in stack if each is not view]


def _clear(workspace: "Workspace", view: View, _: Json) -> None:
    workspace.modals[view.user] = []


def _errors(_: "Workspace", view: View, body: Json) -> str | None:
    errors = body.get("errors") or {}
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not errors or not set(errors) <= inputs:
        return f"invalid_errors: no input block is named {', '.join(sorted(set(errors) - inputs)) or 'at all'}"
    view.errors = dict(errors)
    return None


def _update(workspace: "Workspace", view: View, body: Json) -> str | None:
    content = body.get("view") or {}
    if problems := limits.check_view(content, surface="modal"):
        return f"invalid_view: {'; '.join(map(str, problems))}"
    workspace.update_view(view, content)
    return None


def _push(workspace: "Workspace", view: View, body: Json) -> str | None:
    content = body.get("view") or {}
    if problems := limits.check_view(content, surface="modal"):
        return f"invalid_view: {'; '.join(map(str, problems))}"
    return None if push_on(workspace, view.user, content) else "push_limit_reached"


RESPONSE_ACTIONS = {None: _close, "errors": _errors, "update": _update, "push": _push, "clear": _clear}


def push_on(workspace: "Workspace", user_id: str, content: Json) -> View | None:
    """A new view on top of the person's stack, or None when it is full."""
    stack = workspace.modals.setdefault(user_id, [])
    if len(stack) >= MOST_VIEWS:
        return None
    view = workspace.make_view(user_id, content)
    if stack:
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def offered_options(body: Json) -> list[Json]:
    """The options of an answer to `block_suggestion`; Slack shows none of an answer it does not accept."""
    groups = body.get("option_groups") or [{"options": body.get("options") or []}]
    offered = [option for group in groups for option in group["options"]]
    return [] if limits.check_options(body) else offered


def answer_command(workspace: "Workspace", user_id: str, channel_id: str, body: Json) -> str | None:
    """A command answered in its acknowledgement, or any response URL: a message, ephemeral unless told otherwise."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if problems := limits.check_message(text, blocks):
        return f"invalid_blocks: {'; '.join(map(str, problems))}"
    only_for = None if body.get("response_type") == "in_channel" else user_id
    workspace.post(channel_id, workspace.bot_user_id, text, blocks, only_for=only_for)
    return None


def use_response_url(workspace: "Workspace", response_id: str, body: Json) -> tuple[int, str]:
    """POST to a response URL: (HTTP status, body)."""
    with workspace.lock:
        right = workspace.response_urls.get(response_id)
        if right is None or workspace.now() >= right.expires_at:
            return 404, "expired_url"
        if right.uses >= MOST_RESPONSES:
            return 404, "used_url"
        right.uses += 1
        problem = _respond(workspace, right, body)
        return (400, problem) if problem else (200, "ok")


def _respond(workspace: "Workspace", right: ResponseUrl, body: Json) -> str | None:
    source: Message | None = right.source
    if body.get("delete_original") and source:
        workspace.remove(source)
        return None
    if not body.get("replace_original") or source is None:
        return answer_command(workspace, right.user, right.channel, body)
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if problems := limits.check_message(text, blocks):
        return f"invalid_blocks: {'; '.join(map(str, problems))}"
    workspace.edit(source, text, blocks)
    return None
