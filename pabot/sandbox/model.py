"""What a Slack workspace holds: people, conversations, messages and views, as plain mutable records."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
State = dict[str, dict[str, Json]]
"""What was typed or chosen: block_id → action_id → the element's state, as in Slack's `state.values`."""


@dataclass
class User:
    """A member of a workspace. A guest is restricted (several channels) or ultra-restricted (one channel)."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "America/New_York"
    title: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False


@dataclass
class Message:
    """A message as it stands now. An ephemeral one has its only reader in `only_for`."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    bot_id: str | None = None
    edited: Json | None = None
    files: list[Json] = field(default_factory=list)
    only_for: str | None = None
    deleted: bool = False
    values: dict[str, State] = field(default_factory=dict)
    """What each person has chosen in it, by user id."""

    @property
    def sent_at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)

    def touched_by(self, user_id: str) -> State:
        return self.values.setdefault(user_id, {})


@dataclass
class Channel:
    """A channel, or (`is_im`) the conversation of the app with one `user`. Messages are in order of their ts."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    is_im: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    user: str | None = None
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        return next((message for message in self.messages if message.ts == ts), None)


@dataclass
class View:
    """A modal in somebody's stack, or somebody's Home tab. Updating changes it in place and gives a new `hash`."""

    id: str
    hash: str
    user: str
    type: str
    blocks: list[Json]
    callback_id: str = ""
    private_metadata: str = ""
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    external_id: str = ""
    notify_on_close: bool = False
    clear_on_close: bool = False
    submit_disabled: bool = False
    root_view_id: str = ""
    previous_view_id: str | None = None
    values: State = field(default_factory=dict)
    """What the person touched; untouched inputs have their initial values."""
    errors: dict[str, str] = field(default_factory=dict)
    """What is wrong, by block_id, as the person sees it."""
    trouble: str | None = None
    """Why the app could not be reached, as the person sees it."""

    def touched_by(self, user_id: str) -> State:
        """The same questions as `Message.touched_by`; a view has one reader."""
        return self.values if user_id == self.user else {}


@dataclass
class Trigger:
    """Lets the app open a form for the person, once, for three seconds."""

    id: str
    user: str
    expires_at: datetime
    used: bool = False
    view_id: str | None = None
    """The modal that the person was in, for `views.push`."""


@dataclass
class File:
    """An uploaded file; `complete` once the app has said so."""

    id: str
    name: str
    title: str
    length: int
    content: bytes = b""
    complete: bool = False


@dataclass
class ResponseUrl:
    """Where the app may answer an interaction: five times, within thirty minutes."""

    id: str
    user: str
    channel: str
    expires_at: datetime
    source: Message | None = None
    uses: int = 0


@dataclass(frozen=True)
class Call:
    """One Web API call as it came and as it was answered (`answer` is None when the connection was cut)."""

    method: str
    arguments: Json
    answer: Json | None
    at: datetime
    status: int = 200
