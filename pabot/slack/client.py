"""The outbound edge: the few calls that delivery makes, without any retry of the library's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from pabot.slack.errors import Gone, Permanent, Refused, Retry, Unknown

TIMEOUT_S = 10
MARKER_EVENT = "pabot_message"
LOOK_BACK = timedelta(seconds=90)
HISTORY_PAGES = 5

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is, as `auth.test` says."""

    team_id: str
    bot_id: str
    bot_user_id: str


@dataclass(frozen=True, slots=True)
class Slack:
    """Delivery's view of a workspace. Every method raises a `SlackTrouble`."""

    web: WebClient

    def identity(self) -> Identity:
        answer = self._call(self.web.auth_test)
        return Identity(answer["team_id"], answer.get("bot_id", ""), answer["user_id"])

    def scopes(self) -> frozenset[str] | None:
        """The scopes of the token, as Slack's header tells; None when it does not say."""
        headers = self._call(self.web.auth_test).headers
        told = [str(value) for name, value in headers.items() if str(name).lower() == "x-oauth-scopes"]
        return frozenset(word.strip() for word in told[0].split(",")) if told else None

    def is_member(self, channel: str) -> bool:
        return bool(self._call(self.web.conversations_info, channel=channel)["channel"].get("is_member"))

    def direct_channel(self, user_id: str) -> str:
        """The direct message's channel with a person."""
        return str(self._call(self.web.conversations_open, users=user_id)["channel"]["id"])

    def is_gone(self, user_id: str) -> bool:
        """Whether a person's account was deactivated, or is none of this workspace."""
        try:
            return bool(self._call(self.web.users_info, user=user_id)["user"].get("deleted"))
        except Permanent as refused:
            if refused.reason == "user_not_found":
                return True
            raise

    def is_shared_outside(self, channel: str) -> bool:
        """Whether people of another organization can read along."""
        info: Mapping[str, Any] = self._call(self.web.conversations_info, channel=channel)["channel"]
        return bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared"))

    def post(
        self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], marker: str, thread: str | None = None
    ) -> str:
        """A new message, in the thread of another's ts or in the channel itself; answers its ts.

        `marker` is opaque and finds it again.
        """
        metadata = {"event_type": MARKER_EVENT, "event_payload": {"key": marker}}
        answer = self._call(
            self.web.chat_postMessage,
            channel=channel,
            text=text,
            blocks=list(blocks),
            metadata=metadata,
            thread_ts=thread,
            unfurl_links=False,
        )
        return str(answer["ts"])

    def update(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]], marker: str) -> str:
        metadata = {"event_type": MARKER_EVENT, "event_payload": {"key": marker}}
        answer = self._call(
            self.web.chat_update, channel=channel, ts=ts, text=text, blocks=list(blocks), metadata=metadata
        )
        return str(answer["ts"])

    def upload(self, channel: str, name: str, title: str, text: str, content: bytes) -> None:
        """A file with a few words, shared in a channel. Slack carries no marker with it, so it cannot be found again:
        when the answer is lost (Unknown), nobody can tell whether it is there.
        """
        self._call(
            self.web.files_upload_v2,
            channel=channel,
            filename=name,
            title=title,
            initial_comment=text,
            content=content,
        )

    def find(self, channel: str, marker: str, since: datetime, thread: str | None = None) -> str | None:
        """The ts of the message with this marker, or None when the history (or the thread) does not hold it."""
        read = partial(self.web.conversations_replies, ts=thread) if thread else self.web.conversations_history
        oldest = str((since - LOOK_BACK).timestamp())
        cursor = ""
        for _ in range(HISTORY_PAGES):
            answer = self._call(
                read,
                channel=channel,
                oldest=oldest,
                limit=200,
                cursor=cursor,
                include_all_metadata=True,
            )
            for message in answer["messages"]:
                if message.get("metadata", {}).get("event_payload", {}).get("key") == marker:
                    return str(message["ts"])
            more: Mapping[str, str] = answer.get("response_metadata", {})
            cursor = more.get("next_cursor", "")
            if not cursor:
                return None
        raise Permanent("history_too_long")

    def _call(self, method: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
        try:
            return method(**arguments)
        except SlackApiError as refused:
            raise _meaning(refused) from refused
        except (SlackClientError, OSError, HTTPException, ValueError) as lost:
            raise Unknown(type(lost).__name__) from lost


def slack(token: str, base_url: str | None = None, timeout_s: int = TIMEOUT_S) -> Slack:
    """A client of delivery's own: no retry handlers, or the library would send twice."""
    where = base_url or WebClient.BASE_URL
    return Slack(WebClient(token=token, base_url=where, timeout=timeout_s, retry_handlers=[]))


def _meaning(refused: SlackApiError) -> Exception:
    """Slack's error as one of ours."""
    answer = refused.response
    status = getattr(answer, "status_code", 200)
    data = answer if isinstance(answer, dict) else answer.data
    reason = data.get("error", "") if isinstance(data, dict) else ""
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        headers = getattr(answer, "headers", {}) or {}
        seconds = int(headers.get("Retry-After") or headers.get("retry-after") or 1)
        return Retry("ratelimited", timedelta(seconds=seconds))
    if status >= 500 or reason in PASSING or not reason:
        return Unknown(reason or f"http_{status}")
    if reason in GONE:
        return Gone(reason)
    if reason in REFUSED:
        return Refused(reason)
    return Permanent(reason)
