"""What one person sees of the workspace at one place: read from the workspace under its lock, drawn by templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pabot.sandbox.model import Channel, Json, Message, User, View
from pabot.sandbox.mrkdwn import Viewer
from pabot.sandbox.workspace import Workspace

HOME = "home"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in the list of people one can be. `link` is where choosing them leads."""

    id: str
    name: str
    title: str
    link: str
    unread: int
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, the direct message with the app, or the app's Home."""

    id: str
    kind: str  # home, channel or direct
    sign: str  # the name of its icon
    name: str
    title: str
    about: str
    empty: str
    unread: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    id: str
    name: str
    is_app: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the stream: a message with its replies, or (`day` alone) where a day begins."""

    key: str
    day: str = ""
    channel: str = ""
    ts: str = ""
    at: datetime | None = None
    author: Author | None = None
    text: str = ""
    blocks: tuple[Json, ...] = ()
    edited: bool = False
    ephemeral: bool = False
    files: tuple[Json, ...] = ()
    replies: tuple["Entry", ...] = ()

    @property
    def scope(self) -> str:
        return "m" + self.ts.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything the page's templates draw."""

    team: str
    me: User
    viewer: Viewer
    people: tuple[Somebody, ...]
    place: Place
    places: tuple[tuple[str, tuple[Place, ...]], ...]
    shortcuts: tuple[Mapping[str, Any], ...]
    message_shortcuts: tuple[Mapping[str, Any], ...]
    commands: tuple[Mapping[str, Any], ...]
    hint: tuple[str, ...]
    outage: bool
    entries: tuple[Entry, ...]
    home: View | None
    views: tuple[View, ...]


@dataclass
class Reading:
    """How far each person has read each conversation: the ts of the last message they were shown."""

    seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def mark(self, user_id: str, channel: Channel) -> None:
        if channel.messages:
            self.seen[user_id, channel.id] = channel.messages[-1].ts

    def unread(self, user_id: str, channel: Channel) -> int:
        last = self.seen.get((user_id, channel.id), "")
        return sum(message.ts > last and message.user != user_id for message in channel.messages)


def look(workspace: Workspace, reading: Reading, user_id: str | None, place_id: str | None) -> Screen:
    """The screen of a person (the first, when `user_id` is unknown) at a place (the first channel, likewise)."""
    with workspace.lock:
        everybody = _people(workspace)
        me = next((user for user in everybody if user.id == user_id), everybody[0])
        channels = _channels(workspace, me)
        here = next((channel for channel in channels if channel.id == place_id), None)
        if here is None and place_id != HOME:
            here = channels[0]
        if here is not None:
            reading.mark(me.id, here)
        places = [_place(workspace, reading, me, channel, channel is here) for channel in channels]
        home = _home(workspace, here is None)
        viewer = _viewer(workspace, me)
        features = workspace.manifest.get("features", {})
        shortcuts = features.get("shortcuts", ())
        return Screen(
            team=workspace.team_name,
            me=me,
            viewer=viewer,
            people=tuple(_somebody(workspace, reading, user, me, place_id) for user in everybody),
            place=next((place for place in places if place.current), home),
            places=(
                ("Channels", tuple(place for place in places if place.kind == "channel")),
                ("App", (home, *(place for place in places if place.kind == "direct"))),
            ),
            shortcuts=tuple(each for each in shortcuts if each.get("type") == "global"),
            message_shortcuts=tuple(each for each in shortcuts if each.get("type") == "message"),
            commands=tuple(features.get("slash_commands", ())),
            hint=tuple(workspace.hint),
            outage=workspace.faults.outage,
            entries=_entries(workspace, me, here, viewer) if here else (),
            home=workspace.homes.get(me.id),
            views=tuple(workspace.modals.get(me.id, ())),
        )


def _people(workspace: Workspace) -> list[User]:
    return [user for user in workspace.users.values() if not user.is_bot and not user.deleted]


def _channels(workspace: Workspace, user: User) -> list[Channel]:
    """The channels that somebody is in, and their conversation with the app."""
    inside = [each for each in workspace.channels.values() if not each.is_im and user.id in each.members]
    return [*inside, workspace.direct_channel(user.id)]


def _somebody(workspace: Workspace, reading: Reading, user: User, me: User, place_id: str | None) -> Somebody:
    """Choosing somebody stays at the same place, when it is theirs too."""
    channels = _channels(workspace, user)
    shared = place_id == HOME or any(channel.id == place_id for channel in channels)
    elsewhere = channels[-1].id if place_id == workspace.direct_channel(me.id).id else channels[0].id
    return Somebody(
        id=user.id,
        name=user.real_name,
        title=user.title,
        link=str(place_id) if shared else elsewhere,
        unread=sum(reading.unread(user.id, channel) for channel in channels),
        current=user is me,
    )


def _place(workspace: Workspace, reading: Reading, me: User, channel: Channel, current: bool) -> Place:
    unread = reading.unread(me.id, channel)
    if channel.is_im:
        app = workspace.users[workspace.bot_user_id].real_name
        empty = f"This is where {app} writes to you, and to nobody else."
        return Place(channel.id, "direct", "mail", app, app, "Direct message", empty, unread, current)
    people = len(channel.members - {workspace.bot_user_id})
    about = f"{'Private · ' if channel.is_private else ''}{people} {'person' if people == 1 else 'people'}"
    sign = "lock" if channel.is_private else "hash"
    empty = "Nothing here yet. A slash command’s answer is seen by you alone."
    return Place(channel.id, "channel", sign, channel.name, f"#{channel.name}", about, empty, unread, current)


def _home(workspace: Workspace, current: bool) -> Place:
    app = workspace.users[workspace.bot_user_id].real_name
    return Place(HOME, "home", "home", "Home", "Home", f"{app}’s own page for you", "", current=current)


def _viewer(workspace: Workspace, me: User) -> Viewer:
    return Viewer(
        now=workspace.now(),
        zone=ZoneInfo(me.tz),
        users={user.id: user.real_name for user in workspace.users.values()},
        channels={channel.id: channel.name for channel in workspace.channels.values() if not channel.is_im},
    )


def _entries(workspace: Workspace, me: User, channel: Channel, viewer: Viewer) -> tuple[Entry, ...]:
    """The stream in order of time, with the person's ephemeral messages in it and each day's beginning marked."""
    private = [each for each in workspace.ephemerals if each.channel == channel.id and each.only_for == me.id]
    said = sorted([*channel.messages, *private], key=lambda message: message.ts)
    roots = {message.ts for message in said}
    entries: list[Entry] = []
    day = ""
    for message in said:
        if message.thread_ts and message.thread_ts != message.ts and message.thread_ts in roots:
            continue
        replies = [each for each in said if each.thread_ts == message.ts and each is not message]
        entry = _entry(workspace, viewer, message, replies)
        words = _day(message.sent_at, viewer)
        if words != day:
            day = words
            entries.append(Entry(key=f"day-{message.sent_at.astimezone(viewer.zone).date()}", day=words))
        entries.append(entry)
    return tuple(entries)


def _entry(workspace: Workspace, viewer: Viewer, message: Message, replies: list[Message]) -> Entry:
    return Entry(
        key=message.ts,
        channel=message.channel,
        ts=message.ts,
        at=message.sent_at.astimezone(viewer.zone),
        author=_author(workspace, message.user),
        text=message.text,
        blocks=tuple(message.blocks),
        edited=bool(message.edited),
        ephemeral=message.only_for is not None,
        files=tuple(message.files),
        replies=tuple(_entry(workspace, viewer, reply, []) for reply in replies),
    )


def _author(workspace: Workspace, user_id: str) -> Author:
    """Whoever wrote it; Slack's own notices come from nobody who is in the workspace."""
    user = workspace.users.get(user_id)
    return Author(user.id, user.real_name, user.is_bot) if user else Author(user_id, "Workspace", True)


def _day(at: datetime, viewer: Viewer) -> str:
    day, today = at.astimezone(viewer.zone).date(), viewer.now.astimezone(viewer.zone).date()
    near = {0: "Today", -1: "Yesterday"}.get((day - today).days)
    return near or f"{day:%A}, {day:%B} {day.day}"
