"""The state of one local Slack workspace, with one app in it. Everything else reads and changes it under `lock`.

Time comes from `now`; waiting is real time. Ids look like Slack's and are the same in every run.
"""

import itertools
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pabot.sandbox.block_walk import every_element, name_parts
from pabot.sandbox.delivery import Delivery
from pabot.sandbox.faults import Faults
from pabot.sandbox.model import Call, Channel, File, Json, Message, ResponseUrl, State, Trigger, User, View

if TYPE_CHECKING:
    from pabot.sandbox.people import Person

__all__ = ["Call", "Channel", "File", "Json", "Message", "ResponseUrl", "State", "Trigger", "User", "View", "Workspace"]

T = TypeVar("T")

BOT = "U0BOT"
TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
JOURNAL_LENGTH = 10_000
MOST_RIGHTS = 1_000


class Workspace:
    """One Slack team with one app installed.

    `request_url` set: payloads go there over HTTP; unset: to the open Socket Mode connections.
    `rate_limits`: hold the app to one message a second in each channel.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        team_id: str = "T0001",
        *,
        team_name: str = "Maple Street Practice",
        app_id: str = "A0001",
        app_name: str = "pabot",
        bot_token: str = "xoxb-sandbox",  # noqa: S107 - opens nothing but this sandbox
        app_token: str = "xapp-sandbox",  # noqa: S107
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107
        request_url: str | None = None,
        rate_limits: bool = False,
        seed: int = 0,
    ) -> None:
        self.now = now
        self.team_id, self.team_name = team_id, team_name
        self.app_id, self.bot_id, self.bot_user_id = app_id, "B0001", BOT
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self.request_url, self.rate_limits = request_url, rate_limits
        self.base_url = ""
        """Where the sandbox is served, without a slash at the end; set by the server."""
        self.manifest: Json = {}
        """The app's manifest, where the page finds its commands and shortcuts."""
        self.hint: list[str] = []
        """What the page suggests to try, line by line."""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.modals: dict[str, list[View]] = {}
        """Open modals of each person, the top one last."""
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.files: dict[str, File] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.offered: dict[tuple[str, ...], dict[str, Json]] = {}
        """What a person was offered: (user, container id, block_id, action_id) → option by its value."""
        self.revoked: set[str] = set()
        """Tokens that no longer count."""
        self.last_posts: dict[str, datetime] = {}
        """When the app last posted, by channel: what `rate_limits` goes by."""
        self.journal: deque[Call] = deque(maxlen=JOURNAL_LENGTH)
        self.random = random.Random(seed)  # noqa: S311 - ids and choices that repeat, no secrets
        self.lock = threading.RLock()
        self.revision = 0
        self.closed = False
        self._changed = threading.Condition(self.lock)
        self._serial = itertools.count(1)
        self._last_stamp = 0
        self.faults = Faults(seed)
        self.delivery = Delivery(self)
        self.add_user(User(BOT, app_name, app_name, team_id, is_bot=True))

    # Who and where

    def add_user(
        self,
        user: User | str,
        real_name: str = "",
        *,
        title: str = "",
        tz: str = "America/New_York",
        guest: bool = False,
        team_id: str | None = None,
        deleted: bool = False,
    ) -> User:
        """Add a person: a `User`, or an id and a name. `guest` makes them a single-channel guest."""
        if isinstance(user, str):
            handle = re.sub(r"\W+", ".", real_name.lower()).strip(".") or user.lower()
            user = User(user, handle, real_name or user, team_id or self.team_id, tz, title, deleted=deleted)
            user.is_restricted = user.is_ultra_restricted = guest
        with self.changing():
            self.users[user.id] = user
        return user

    def add_channel(
        self,
        channel_id: str,
        name: str,
        members: set[str] | None = None,
        *,
        app_is_member: bool = True,
        is_private: bool = False,
        is_ext_shared: bool = False,
    ) -> Channel:
        """Add a channel; without `members` everybody of the team is in it."""
        everybody = {user.id for user in self.users.values() if not user.is_bot}
        inside = set(members) if members is not None else everybody
        if app_is_member:
            inside.add(self.bot_user_id)
        channel = Channel(channel_id, name, inside, is_private=is_private, is_ext_shared=is_ext_shared)
        with self.changing():
            self.channels[channel_id] = channel
        return channel

    def direct_channel(self, user_id: str) -> Channel:
        """The conversation between the app and a person, opened when there is none."""
        channel_id = f"D{user_id[1:]}"
        with self.lock:
            if channel_id not in self.channels:
                members = {user_id, self.bot_user_id}
                self.channels[channel_id] = Channel(channel_id, "", members, is_im=True, user=user_id)
            return self.channels[channel_id]

    def person(self, user_id: str) -> "Person":
        """Act as this person."""
        from pabot.sandbox.people import Person

        return Person(self, user_id)

    def message(self, channel_id: str, ts: str) -> Message | None:
        with self.lock:
            return self.channels[channel_id].find(ts)

    # Messages

    def post(
        self,
        channel_id: str,
        user_id: str,
        text: str,
        blocks: list[Json] | None = None,
        *,
        metadata: Json | None = None,
        thread_ts: str | None = None,
        only_for: str | None = None,
        files: list[Json] | None = None,
    ) -> Message:
        """Put a message into a channel, without any of the Web API's checks."""
        with self.changing():
            message = Message(
                ts=self.stamp(),
                channel=channel_id,
                user=user_id,
                text=text,
                blocks=name_parts(blocks or [], self.part_name),
                metadata=metadata,
                thread_ts=thread_ts,
                bot_id=self.bot_id if user_id == self.bot_user_id else None,
                files=files or [],
                only_for=only_for,
            )
            (self.ephemerals if only_for else self.channels[channel_id].messages).append(message)
        return message

    def edit(self, message: Message, text: str, blocks: list[Json]) -> None:
        """Change a message in place. An ephemeral one carries no mark of it."""
        with self.changing():
            message.text, message.blocks = text, name_parts(blocks, self.part_name)
            if not message.only_for:
                message.edited = {"user": message.user, "ts": self.stamp()}

    def remove(self, message: Message) -> None:
        with self.changing():
            message.deleted = True
            kept = self.ephemerals if message.only_for else self.channels[message.channel].messages
            if message in kept:
                kept.remove(message)

    # Views

    def make_view(self, user_id: str, content: Json) -> View:
        """A view with a new id, in nobody's stack yet."""
        view = View(self.new_id("V"), self.new_hash(), user_id, content["type"], [])
        view.root_view_id = view.id
        return self._fill_view(view, content)

    def update_view(self, view: View, content: Json) -> View:
        """New content; what was typed stays where block_id and action_id stay."""
        with self.changing():
            view.hash = self.new_hash()
            return self._fill_view(view, content)

    def _fill_view(self, view: View, content: Json) -> View:
        view.blocks = name_parts(content["blocks"], self.part_name)
        present = {(block["block_id"], element["action_id"]) for block, element in every_element(view.blocks)}
        view.values = {
            block: kept
            for block, typed in view.values.items()
            if (kept := {action: value for action, value in typed.items() if (block, action) in present})
        }
        for name in ("callback_id", "private_metadata", "external_id"):
            setattr(view, name, content.get(name) or "")
        for name in ("title", "submit", "close"):
            setattr(view, name, content.get(name))
        for name in ("notify_on_close", "clear_on_close", "submit_disabled"):
            setattr(view, name, bool(content.get(name)))
        view.errors, view.trouble = {}, None
        return view

    def view(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """An open modal or a Home tab, by its id or by the app's own."""
        with self.lock:
            views = itertools.chain(self.homes.values(), *self.modals.values())
            return next(
                (v for v in views if v.id == view_id or (external_id and v.external_id == external_id)),
                None,
            )

    # Short-lived rights

    def new_trigger(self, user_id: str, view: View | None = None) -> str:
        """A trigger_id for this person, good once within three seconds."""
        with self.lock:
            number = next(self._serial)
            trigger = Trigger(f"{number}.{self.team_id[1:]}.{self.token_part(16)}", user_id, self.now() + TRIGGER_LIFE)
            trigger.view_id = view.id if view is not None and view.type == "modal" else None
            self.triggers[trigger.id] = trigger
            _forget_oldest(self.triggers)
            return trigger.id

    def new_response_url(self, user_id: str, channel_id: str, source: Message | None = None) -> str:
        """An address for answering this interaction."""
        with self.lock:
            right = ResponseUrl(self.token_part(24), user_id, channel_id, self.now() + RESPONSE_URL_LIFE, source)
            self.response_urls[right.id] = right
            _forget_oldest(self.response_urls)
            return f"{self.base_url}/response/{right.id}"

    # Names

    def stamp(self) -> str:
        """A ts: the time with microseconds, never the same twice and never going back."""
        with self.lock:
            self._last_stamp = max(round(self.now().timestamp() * 1_000_000), self._last_stamp + 1)
            return f"{self._last_stamp // 1_000_000}.{self._last_stamp % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        return f"{letter}{next(self._serial):06d}"

    def new_hash(self) -> str:
        return f"{int(self.now().timestamp())}.{self.token_part(8)}"

    def part_name(self) -> str:
        """A block_id or action_id, for one that the app did not name."""
        return self.token_part(5)

    def token_part(self, length: int) -> str:
        with self.lock:
            return "".join(self.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=length))

    # Change

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Around every change: locks, then tells everybody who waits, also when the block failed half-way."""
        with self._changed:
            try:
                yield
            finally:
                self.revision += 1
                self._changed.notify_all()

    def wait_change(self, since: int, timeout: float) -> int:
        """Block until the revision is past `since`, the workspace closes or `timeout` seconds pass; the revision."""
        with self._changed:
            self._changed.wait_for(lambda: self.revision > since or self.closed, timeout)
            return self.revision

    def wait_for(self, question: Callable[[], T], timeout: float = 5.0) -> T:
        """The first truthy answer to `question`, asked after each change and now and then. Raises TimeoutError.

        It is asked without the lock, so it may call the Web API itself.
        """
        deadline = time.monotonic() + timeout
        while True:
            since = self.revision
            if answer := question():
                return answer
            left = deadline - time.monotonic()
            if left <= 0 or self.closed:
                raise TimeoutError(f"not so within {timeout} s: {question}")
            self.wait_change(since, min(left, 0.05))

    def calls(self, method: str | None = None) -> list[Call]:
        """The journal, or the part of it that concerns one method."""
        with self.lock:
            return [call for call in self.journal if method in (None, call.method)]

    def note(self, method: str, arguments: Mapping[str, object], answer: Json | None, status: int = 200) -> None:
        """Write a Web API call into the journal."""
        with self.changing():
            self.journal.append(Call(method, dict(arguments), answer, self.now(), status))

    def close(self) -> None:
        """Wake everybody who waits. The server calls it when it stops."""
        with self.changing():
            self.closed = True


def _forget_oldest(rights: dict[str, Any]) -> None:
    """Long-running workspaces keep only so many triggers and response URLs."""
    if len(rights) > MOST_RIGHTS:
        del rights[next(iter(rights))]
