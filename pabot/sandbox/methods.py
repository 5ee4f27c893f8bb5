"""The Web API's methods about people, conversations and messages. Each takes the workspace and its arguments.

They run under the workspace's lock, return what belongs beside `"ok": true`, and raise `Refusal`.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pabot.sandbox import limits, payloads
from pabot.sandbox.model import Channel, Json, Message, User
from pabot.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace

BETWEEN_POSTS = timedelta(seconds=1)
MOST_HISTORY = 999
METADATA_KEYS = {"event_type", "event_payload"}


def auth_test(workspace: "Workspace", _: Json) -> Json:
    bot = workspace.users[workspace.bot_user_id]
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.team_name,
        "team_id": workspace.team_id,
        "user": bot.name,
        "user_id": bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(workspace: "Workspace", _: Json) -> Json:
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={workspace.delivery.new_ticket()}"}


# People


def users_info(workspace: "Workspace", arguments: Json) -> Json:
    return {"user": _described_user(_user(workspace, arguments.get("user")))}


def users_list(workspace: "Workspace", arguments: Json) -> Json:
    page, cursor = _page(list(workspace.users.values()), arguments, 1000)
    return {"members": [_described_user(user) for user in page], **cursor}


# Conversations


def conversations_open(workspace: "Workspace", arguments: Json) -> Json:
    wanted = arguments.get("users")
    names = wanted.split(",") if isinstance(wanted, str) else list(wanted or ())
    if len(names) != 1:
        raise Refusal("users_list_not_supplied" if not names else "method_not_supported_for_channel_type")
    user = _user(workspace, names[0])
    if user.deleted:
        raise Refusal("user_disabled")
    if user.is_bot:
        raise Refusal("cannot_dm_bot")
    known = f"D{user.id[1:]}" in workspace.channels
    channel = workspace.direct_channel(user.id)
    return {"channel": {"id": channel.id}, **({"no_op": True, "already_open": True} if known else {})}


def conversations_info(workspace: "Workspace", arguments: Json) -> Json:
    return {"channel": _described_channel(workspace, _visible(workspace, arguments))}


def conversations_members(workspace: "Workspace", arguments: Json) -> Json:
    channel = _visible(workspace, arguments)
    page, cursor = _page(sorted(channel.members), arguments, 1000)
    return {"members": page, **cursor}


def conversations_list(workspace: "Workspace", arguments: Json) -> Json:
    types = set(str(arguments.get("types") or "public_channel").split(","))
    seen = [each for each in workspace.channels.values() if _kind(each) in types and _may_see(workspace, each)]
    page, cursor = _page(seen, arguments, 1000)
    return {"channels": [_described_channel(workspace, each) for each in page], **cursor}


def conversations_history(workspace: "Workspace", arguments: Json) -> Json:
    """Newest first; replies only where they were also sent to the channel, which nobody does here."""
    channel = _readable(workspace, arguments)
    roots = [each for each in channel.messages if each.thread_ts in (None, each.ts)]
    return _messages(workspace, arguments, _within(roots, arguments)[::-1])


def conversations_replies(workspace: "Workspace", arguments: Json) -> Json:
    channel, ts = _readable(workspace, arguments), arguments.get("ts")
    thread = [each for each in channel.messages if ts in (each.ts, each.thread_ts)]
    if not thread:
        raise Refusal("thread_not_found")
    return _messages(workspace, arguments, _within(thread, arguments))


# Messages


def post_message(workspace: "Workspace", arguments: Json) -> Json:
    channel = _writable(workspace, arguments)
    text, blocks = _content(arguments)
    metadata = _metadata(arguments)
    _hold_to_pace(workspace, channel)
    thread_ts = arguments.get("thread_ts")
    message = workspace.post(channel.id, workspace.bot_user_id, text, blocks, metadata=metadata, thread_ts=thread_ts)
    described = payloads.message(workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": described}


def post_ephemeral(workspace: "Workspace", arguments: Json) -> Json:
    channel = _writable(workspace, arguments)
    text, blocks = _content(arguments)
    user_id = arguments.get("user")
    if user_id not in workspace.users:
        raise Refusal("user_not_found")
    if user_id not in channel.members:
        raise Refusal("user_not_in_channel")
    thread_ts = arguments.get("thread_ts")
    message = workspace.post(channel.id, workspace.bot_user_id, text, blocks, only_for=user_id, thread_ts=thread_ts)
    return {"message_ts": message.ts}


def update_message(workspace: "Workspace", arguments: Json) -> Json:
    """Blocks and metadata that are not given stay as they are; an empty list takes the blocks away."""
    message = _own_message(workspace, arguments, "cant_update_message")
    text, blocks = _content(arguments, kept=message)
    if metadata := _metadata(arguments):
        message.metadata = metadata
    workspace.edit(message, text, blocks)
    described = payloads.message(workspace, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": described}


def delete_message(workspace: "Workspace", arguments: Json) -> Json:
    message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.remove(message)
    return {"channel": message.channel, "ts": message.ts}


# What the methods share


def _user(workspace: "Workspace", user_id: Any) -> User:
    if user_id not in workspace.users:
        raise Refusal("user_not_found")
    return workspace.users[user_id]


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _may_see(workspace: "Workspace", channel: Channel) -> bool:
    return workspace.bot_user_id in channel.members or not (channel.is_private or channel.is_im)


def _visible(workspace: "Workspace", arguments: Json) -> Channel:
    """The channel meant, by id or by #name. A private one without the app in it does not exist for the app."""
    wanted = str(arguments.get("channel") or "")
    named = (each for each in workspace.channels.values() if each.name and f"#{each.name}" == wanted)
    channel = workspace.channels.get(wanted) or next(named, None)
    if channel is None or not _may_see(workspace, channel):
        raise Refusal("channel_not_found")
    return channel


def _readable(workspace: "Workspace", arguments: Json) -> Channel:
    channel = _visible(workspace, arguments)
    if workspace.bot_user_id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _writable(workspace: "Workspace", arguments: Json) -> Channel:
    """Where the app may write. A person's id stands for the conversation with them."""
    wanted = arguments.get("channel")
    if wanted in workspace.users and not workspace.users[wanted].is_bot:
        arguments = {**arguments, "channel": workspace.direct_channel(wanted).id}
    channel = _readable(workspace, arguments)
    if channel.is_archived:
        raise Refusal("is_archived")
    if channel.user and workspace.users[channel.user].deleted:
        raise Refusal("user_disabled")
    return channel


def _own_message(workspace: "Workspace", arguments: Json, not_yours: str) -> Message:
    channel = _visible(workspace, arguments)
    message = channel.find(str(arguments.get("ts")))
    if message is None:
        raise Refusal("message_not_found")
    if message.user != workspace.bot_user_id:
        raise Refusal(not_yours)
    if channel.is_archived:
        raise Refusal("is_archived")
    return message


def _content(arguments: Json, kept: Message | None = None) -> tuple[str, list[Json]]:
    """Text and blocks, checked as Slack checks them."""
    text, blocks = arguments.get("text") or "", arguments.get("blocks")
    if kept is not None and blocks is None:
        blocks = kept.blocks
    blocks = blocks or []
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > limits.MESSAGE_TEXT:
        raise Refusal("msg_too_long")
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    if problems := limits.check_message(text, blocks):
        raise Refusal("invalid_blocks", problems)
    return text, blocks


def _metadata(arguments: Json) -> Json | None:
    metadata = arguments.get("metadata")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or set(metadata) != METADATA_KEYS:
        raise Refusal("invalid_metadata_format")
    return metadata


def _hold_to_pace(workspace: "Workspace", channel: Channel) -> None:
    if not workspace.rate_limits:
        return
    now, last = workspace.now(), workspace.last_posts.get(channel.id)
    if last is not None and now - last < BETWEEN_POSTS:
        raise Refusal("ratelimited", retry_after=1)
    workspace.last_posts[channel.id] = now


def _within(messages: list[Message], arguments: Json) -> list[Message]:
    """Those between `oldest` and `latest`; the two themselves only when `inclusive`."""
    oldest, latest = _ts(arguments.get("oldest") or "0"), _ts(arguments.get("latest") or "9999999999")
    if _is_true(arguments.get("inclusive")):
        return [each for each in messages if oldest <= _ts(each.ts) <= latest]
    return [each for each in messages if oldest < _ts(each.ts) < latest]


def _ts(value: Any) -> int:
    """Microseconds of a ts, which is text and may be shorter than six places."""
    seconds, _, rest = str(value).partition(".")
    try:
        return int(seconds) * 1_000_000 + int(rest.ljust(6, "0")[:6] or 0)
    except ValueError:
        raise Refusal("invalid_ts_oldest") from None


def _messages(workspace: "Workspace", arguments: Json, found: list[Message]) -> Json:
    page, cursor = _page(found, arguments, MOST_HISTORY, usual=100)
    with_metadata = _is_true(arguments.get("include_all_metadata"))
    described = [payloads.message(workspace, each, with_metadata=with_metadata) for each in page]
    return {"messages": described, "has_more": bool(cursor["response_metadata"]["next_cursor"]), **cursor}


def _page(items: list[Any], arguments: Json, most: int, usual: int | None = None) -> tuple[list[Any], Json]:
    try:
        limit, start = int(arguments.get("limit") or usual or most), int(arguments.get("cursor") or 0)
    except ValueError:
        raise Refusal("invalid_cursor") from None
    if not 1 <= limit <= most:
        raise Refusal("invalid_limit")
    following = start + limit
    more = str(following) if following < len(items) else ""
    return items[start:following], {"response_metadata": {"next_cursor": more}}


def _is_true(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def _described_channel(workspace: "Workspace", channel: Channel) -> Json:
    described: Json = {
        "id": channel.id,
        "is_im": channel.is_im,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
    }
    if channel.is_im:
        return {**described, "user": channel.user}
    inside = workspace.bot_user_id in channel.members
    own = {"name": channel.name, "is_channel": not channel.is_private, "is_member": inside}
    return {**described, **own, "num_members": len(channel.members)}


def _described_user(user: User) -> Json:
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "tz": user.tz,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "profile": {"real_name": user.real_name, "display_name": user.name, "title": user.title},
    }
