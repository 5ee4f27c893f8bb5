"""What Slack sends to an app: the payload of each kind of interaction, as Slack shapes it."""

from typing import TYPE_CHECKING

from pabot.sandbox.inputs import current_state
from pabot.sandbox.model import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace


def command(workspace: "Workspace", user: User, name: str, text: str, channel_id: str) -> dict[str, str]:
    """A slash command: form fields, not JSON."""
    return {
        "token": "deprecated",
        "team_id": user.team_id,
        "team_domain": _domain(workspace),
        "channel_id": channel_id,
        "channel_name": _channel_name(workspace.channels[channel_id]),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.new_response_url(user.id, channel_id),
        "trigger_id": workspace.new_trigger(user.id),
    }


def shortcut(workspace: "Workspace", user: User, callback_id: str) -> Json:
    """A global shortcut knows no conversation."""
    base = _base(workspace, user, "shortcut", with_trigger=True)
    return {**base, "callback_id": callback_id, "action_ts": workspace.stamp()}


def message_shortcut(workspace: "Workspace", user: User, callback_id: str, source: Message) -> Json:
    return {
        **_base(workspace, user, "message_action", with_trigger=True),
        "callback_id": callback_id,
        "action_ts": workspace.stamp(),
        "message_ts": source.ts,
        "channel": _channel(workspace, source.channel),
        "message": message(workspace, source),
        "response_url": workspace.new_response_url(user.id, source.channel, source),
    }


def action(workspace: "Workspace", user: User, container: Message | View, block: Json, act: Json) -> Json:
    """Something pressed or chosen (`block_actions`)."""
    opened_from = container if isinstance(container, View) else None
    trigger = workspace.new_trigger(user.id, opened_from)
    payload = {**_base(workspace, user, "block_actions"), "trigger_id": trigger}
    payload |= _where(workspace, user, container)
    if isinstance(container, Message):
        payload["response_url"] = workspace.new_response_url(user.id, container.channel, container)
        payload["state"] = {"values": current_state(container.blocks, container.touched_by(user.id))}
    stamp = {"block_id": block["block_id"], "action_ts": workspace.stamp()}
    return {**payload, "actions": [{**act, **stamp}]}


def suggestion(
    workspace: "Workspace", user: User, container: Message | View, block: Json, element: Json, text: str
) -> Json:
    """Letters typed into a menu that the app fills (`block_suggestion`)."""
    named = {"action_id": element["action_id"], "block_id": block["block_id"], "value": text}
    return {**_base(workspace, user, "block_suggestion"), **named, **_where(workspace, user, container)}


def submission(workspace: "Workspace", user: User, form: View) -> Json:
    trigger = workspace.new_trigger(user.id, form)
    return {
        **_base(workspace, user, "view_submission"),
        "trigger_id": trigger,
        "view": view(workspace, form),
        "response_urls": [],
    }


def closed(workspace: "Workspace", user: User, form: View, *, is_cleared: bool) -> Json:
    return {**_base(workspace, user, "view_closed"), "view": view(workspace, form), "is_cleared": is_cleared}


def home_opened(workspace: "Workspace", user: User, home: View | None) -> Json:
    """The inner event of `app_home_opened`."""
    channel = workspace.direct_channel(user.id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
    event["event_ts"] = workspace.stamp()
    return {**event, "view": view(workspace, home)} if home else event


def view(workspace: "Workspace", form: View) -> Json:
    """A view as Slack describes it, with what is typed in it so far."""
    return {
        "id": form.id,
        "team_id": workspace.team_id,
        "type": form.type,
        "blocks": form.blocks,
        "private_metadata": form.private_metadata,
        "callback_id": form.callback_id,
        "state": {"values": current_state(form.blocks, form.values)},
        "hash": form.hash,
        "title": form.title,
        "clear_on_close": form.clear_on_close,
        "notify_on_close": form.notify_on_close,
        "close": form.close,
        "submit": form.submit,
        "previous_view_id": form.previous_view_id,
        "root_view_id": form.root_view_id,
        "app_id": workspace.app_id,
        "external_id": form.external_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def message(workspace: "Workspace", told: Message, *, with_metadata: bool = False) -> Json:
    """A message as Slack describes it; its metadata only to those who ask."""
    described: Json = {"type": "message", "ts": told.ts, "user": told.user, "text": told.text}
    described["team"] = workspace.team_id
    if told.bot_id:
        described |= {"bot_id": told.bot_id, "app_id": workspace.app_id}
    optional = {"blocks": told.blocks, "thread_ts": told.thread_ts, "edited": told.edited, "files": told.files}
    described |= {name: value for name, value in optional.items() if value}
    if with_metadata and told.metadata:
        described["metadata"] = told.metadata
    return described


def event_envelope(workspace: "Workspace", event: Json) -> Json:
    """An event in its outer envelope, the same for each attempt to deliver it."""
    return {
        "token": "deprecated",
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def _base(workspace: "Workspace", user: User, kind: str, *, with_trigger: bool = False) -> Json:
    base: Json = {
        "type": kind,
        "token": "deprecated",
        "team": {"id": workspace.team_id, "domain": _domain(workspace)},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": workspace.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return {**base, "trigger_id": workspace.new_trigger(user.id)} if with_trigger else base


def _where(workspace: "Workspace", user: User, container: Message | View) -> Json:
    """The container, and the message or view itself as it stands now."""
    if isinstance(container, View):
        return {"container": {"type": "view", "view_id": container.id}, "view": view(workspace, container)}
    place: Json = {"type": "message", "message_ts": container.ts, "channel_id": container.channel}
    place["is_ephemeral"] = container.only_for is not None
    described: Json = {"container": place, "channel": _channel(workspace, container.channel)}
    if container.only_for is None:  # Slack keeps no ephemeral message, so it sends none
        described["message"] = message(workspace, container)
    return described


def _domain(workspace: "Workspace") -> str:
    return workspace.team_name.lower().replace(" ", "-")


def _channel(workspace: "Workspace", channel_id: str) -> Json:
    return {"id": channel_id, "name": _channel_name(workspace.channels[channel_id])}


def _channel_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
