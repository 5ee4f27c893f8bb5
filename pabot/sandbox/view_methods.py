"""The Web API's methods about views and files, and `blocks.validate`. As in `methods`."""

from typing import TYPE_CHECKING, Any, Literal

from pabot.sandbox import limits, payloads
from pabot.sandbox.model import File, Json, Trigger, View
from pabot.sandbox.refusal import Refusal
from pabot.sandbox.shapes import Problem
from pabot.sandbox.submissions import push_on

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace


def views_open(workspace: "Workspace", arguments: Json) -> Json:
    """A new stack with one form; what was open before is gone."""
    trigger = _trigger(workspace, arguments)
    content = _content(workspace, arguments, "modal")
    _use(trigger)
    workspace.modals[trigger.user] = []
    return _answer(workspace, push_on(workspace, trigger.user, content))


def views_push(workspace: "Workspace", arguments: Json) -> Json:
    trigger = _trigger(workspace, arguments)
    if trigger.view_id is None or workspace.view(trigger.view_id) is None:
        raise Refusal("invalid_trigger_id")
    content = _content(workspace, arguments, "modal")
    _use(trigger)
    return _answer(workspace, push_on(workspace, trigger.user, content))


def views_update(workspace: "Workspace", arguments: Json) -> Json:
    view_id, external_id = arguments.get("view_id"), arguments.get("external_id")
    view = workspace.view(view_id, external_id)
    if view is None or view.type != "modal":
        raise Refusal("not_found")
    _check_hash(view, arguments)
    content = _content(workspace, arguments, "modal", same=view)
    return _answer(workspace, workspace.update_view(view, content))


def views_publish(workspace: "Workspace", arguments: Json) -> Json:
    user_id = arguments.get("user_id")
    if user_id not in workspace.users:
        raise Refusal("user_not_found")
    home = workspace.homes.get(user_id)
    if home is not None:
        _check_hash(home, arguments)
    content = _content(workspace, arguments, "home", same=home)
    with workspace.changing():
        if home is None:
            workspace.homes[user_id] = home = workspace.make_view(user_id, content)
        else:
            workspace.update_view(home, content)
    return _answer(workspace, home)


def blocks_validate(_: "Workspace", arguments: Json) -> Json:
    """Exactly one of `blocks`, `message` and `view`; says what is wrong instead of refusing."""
    given = [name for name in ("blocks", "message", "view") if arguments.get(name)]
    if len(given) != 1:
        raise Refusal("invalid_arguments")
    value = arguments[given[0]]
    if given[0] == "view":
        surface: Literal["modal", "home"] = "home" if value.get("type") == "home" else "modal"
        problems = limits.check_view(value, surface=surface)
    else:
        problems = limits.check_message("", value.get("blocks") if given[0] == "message" else value)
    return {"errors": [_described(problem) for problem in problems]}


# Files


def get_upload_url(workspace: "Workspace", arguments: Json) -> Json:
    try:
        name, length = str(arguments["filename"]), int(arguments["length"])
    except (KeyError, ValueError):
        raise Refusal("invalid_arguments") from None
    with workspace.changing():
        file = File(workspace.new_id("F"), name, name, length)
        workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{workspace.base_url}/upload/{file.id}"}


def complete_upload(workspace: "Workspace", arguments: Json) -> Json:
    """Marks files as uploaded and shares them where asked."""
    wanted = arguments.get("files") or []
    files = [workspace.files.get(each.get("id", "")) for each in wanted]
    if not files or any(file is None or len(file.content) != file.length for file in files):
        raise Refusal("file_not_found")
    channels = arguments.get("channels") or arguments.get("channel_id") or ""
    targets = [_target(workspace, each) for each in channels.split(",") if each]
    done = [file for file in files if file is not None]
    with workspace.changing():
        for file, asked in zip(done, wanted, strict=True):
            file.title, file.complete = asked.get("title") or file.name, True
    described = [describe_file(workspace, file) for file in done]
    words, thread = arguments.get("initial_comment") or "", arguments.get("thread_ts")
    for target in targets:
        workspace.post(target, workspace.bot_user_id, words, arguments.get("blocks"), files=described, thread_ts=thread)
    return {"files": described}


def describe_file(workspace: "Workspace", file: File) -> Json:
    url = f"{workspace.base_url}/files/{file.id}"
    return {"id": file.id, "name": file.name, "title": file.title, "size": file.length, "url_private": url}


# What the methods share


def _trigger(workspace: "Workspace", arguments: Json) -> Trigger:
    trigger = workspace.triggers.get(str(arguments.get("trigger_id")))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if workspace.now() > trigger.expires_at:
        raise Refusal("expired_trigger_id")
    return trigger


def _use(trigger: Trigger) -> None:
    trigger.used = True


def _content(
    workspace: "Workspace", arguments: Json, surface: Literal["modal", "home"], same: View | None = None
) -> Json:
    content: Any = arguments.get("view")
    if problems := limits.check_view(content, surface=surface):
        raise Refusal("invalid_arguments", problems)
    if limits.too_large(content):
        raise Refusal("view_too_large")
    named = content.get("external_id")
    if named and workspace.view(external_id=named) not in (None, same):
        raise Refusal("duplicate_external_id")
    checked: Json = content
    return checked


def _check_hash(view: View, arguments: Json) -> None:
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise Refusal("hash_conflict")


def _answer(workspace: "Workspace", view: View | None) -> Json:
    if view is None:
        raise Refusal("push_limit_reached")
    return {"view": payloads.view(workspace, view)}


def _target(workspace: "Workspace", channel_id: str) -> str:
    channel = workspace.channels.get(channel_id)
    if channel is None or workspace.bot_user_id not in channel.members:
        raise Refusal("channel_not_found")
    return channel.id


def _described(problem: Problem) -> Json:
    field = problem.pointer.rpartition("/")[2]
    return {"code": problem.code, "message": problem.message, "field": field, "pointer": problem.pointer}
