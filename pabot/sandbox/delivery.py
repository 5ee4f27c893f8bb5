"""How payloads reach the app: over its Socket Mode connections, or to its request URL with a signature."""

import asyncio
import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from pabot.sandbox import payloads
from pabot.sandbox.model import Json

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace

Kind = Literal["slash_commands", "interactive", "events_api"]
ACK_SECONDS = 3.0
MOST_CONNECTIONS = 10


@dataclass(frozen=True)
class Answer:
    """What the app answered. `error`: Slack's word for an app that did not."""

    error: str | None = None
    body: Json = field(default_factory=dict)


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app. A draining one was told to reconnect and gets no more payloads."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    draining: bool = False
    greeted: threading.Event = field(default_factory=threading.Event)
    """Set once hello is sent. The app believes itself connected a little earlier."""

    def send(self, message: Json) -> None:
        """From any thread; a connection that has gone raises."""
        self.greeted.wait(ACK_SECONDS)
        asyncio.run_coroutine_threadsafe(self.socket.send_text(json.dumps(message)), self.loop).result(ACK_SECONDS)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.socket.close(), self.loop).result(ACK_SECONDS)


def sign(secret: str, timestamp: str, body: str) -> str:
    """Slack's request signature (v0): HMAC-SHA-256 over version, timestamp and raw body."""
    basis = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), basis, hashlib.sha256).hexdigest()


def _real_time() -> float:
    """Apps compare a request's timestamp with their own wall clock, whatever the workspace's clock says."""
    return time.time()  # noqa: TID251


class Delivery:
    """Hands each payload to the app once, and waits three real seconds for its answer.

    `retry_waits`: pauses before an event is tried again, in seconds. Slack's own are 0, 60 and 300.
    `signed_at`: the epoch seconds that HTTP requests are signed with.
    """

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self.connections: list[Connection] = []
        self.ack_seconds = ACK_SECONDS
        self.retry_waits: tuple[float, ...] = (0.0, 0.05, 0.1)
        self.signed_at: Callable[[], float] = _real_time
        self._unanswered: dict[str, Future[Json]] = {}
        self._tickets: set[str] = set()

    def send(self, kind: Kind, payload: Json, *, attempt: int = 0, reason: str = "") -> Answer:
        """One payload to the app, and its answer. Blocks; not to be called from the server's own thread."""
        carry = self._over_http if self.workspace.request_url else self._over_socket
        answer = carry(kind, payload, attempt, reason)
        if self.workspace.faults.duplicate_envelopes:
            carry(kind, payload, attempt, reason)
        return answer

    def send_event(self, event: Json) -> Answer:
        """An event, tried again until acknowledged: at least once, at most four times."""
        envelope = payloads.event_envelope(self.workspace, event)
        answer = self.send("events_api", envelope)
        for attempt, wait in enumerate(self.retry_waits, start=1):
            if not answer.error:
                break
            time.sleep(wait)
            answer = self.send("events_api", envelope, attempt=attempt, reason=RETRY_REASONS[answer.error])
        return answer

    # Socket Mode

    def new_ticket(self) -> str:
        """Lets one connection in."""
        ticket = self.workspace.token_part(24)
        self._tickets.add(ticket)
        return ticket

    def take_ticket(self, ticket: str) -> bool:
        if ticket not in self._tickets:
            return False
        self._tickets.remove(ticket)
        return True

    async def serve_socket(self, socket: WebSocket) -> None:
        """One connection of the app, from hello until it closes."""
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.close(reason="too_many_websockets")
            return
        connection = Connection(socket, asyncio.get_running_loop())
        with self.workspace.changing():
            self.connections.append(connection)
        try:
            await self._greet(connection)
            while True:
                self._acknowledged(json.loads(await socket.receive_text()))
        except WebSocketDisconnect:
            pass
        finally:
            with self.workspace.changing():
                self.connections.remove(connection)

    async def _greet(self, connection: Connection) -> None:
        await connection.socket.accept()
        await connection.socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self.workspace.app_id},
            }
        )
        with self.workspace.changing():  # somebody may be waiting for `connected`
            connection.greeted.set()

    def disconnect(self, reason: str = "refresh_requested", *, abruptly: bool = False) -> None:
        """Ask every connection to come anew (`warning`, `refresh_requested`), or close them without asking."""
        with self.workspace.lock:
            leaving = [each for each in self.connections if not each.draining]
            for connection in leaving:
                connection.draining = True
        for connection in leaving:
            if abruptly:
                connection.close()
            else:
                connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    @property
    def connected(self) -> bool:
        """Whether a Socket Mode connection can take a payload."""
        return any(each.greeted.is_set() and not each.draining for each in self.connections)

    def _over_socket(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        with self.workspace.lock:
            ready = [each for each in self.connections if not each.draining]
            if not ready:
                return Answer("dispatch_failed")
            connection = self.workspace.random.choice(ready)
            envelope_id = str(UUID(int=self.workspace.random.getrandbits(128), version=4))
            answered = self._unanswered[envelope_id] = Future[Json]()
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            connection.send(envelope)
            return Answer(body=answered.result(self.ack_seconds))
        except TimeoutError:
            return Answer("operation_timeout")
        except (RuntimeError, OSError, WebSocketDisconnect):  # it closed while we wrote
            return Answer("dispatch_failed")
        finally:
            self._unanswered.pop(envelope_id, None)

    def _acknowledged(self, answer: Json) -> None:
        """The app's acknowledgement; one that comes too late has nobody waiting."""
        waiting = self._unanswered.get(answer.get("envelope_id", ""))
        if waiting and not waiting.done():
            waiting.set_result(_as_body(answer.get("payload")))

    # HTTP

    def _over_http(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        body, content_type = ENCODINGS[kind](payload)
        timestamp = str(int(self.signed_at()))
        headers |= {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.workspace.signing_secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        return self._post(body, headers)

    def _post(self, body: str, headers: Mapping[str, str]) -> Answer:
        address = urlsplit(self.workspace.request_url or "")
        connector = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = connector(address.netloc, timeout=self.ack_seconds)
        try:
            connection.request("POST", address.path or "/", body.encode(), dict(headers))
            response = connection.getresponse()
            text = response.read().decode()
        except TimeoutError:
            return Answer("operation_timeout")
        except (OSError, http.client.HTTPException):
            return Answer("dispatch_failed")
        finally:
            connection.close()
        if response.status != 200:
            return Answer("dispatch_failed")
        is_json = "json" in (response.getheader("Content-Type") or "")
        return Answer(body=_as_body(json.loads(text) if is_json and text else text))


RETRY_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "http_error"}

ENCODINGS: dict[Kind, Callable[[Json], tuple[str, str]]] = {
    "slash_commands": lambda payload: (urlencode(payload), "application/x-www-form-urlencoded"),
    "interactive": lambda payload: (
        urlencode({"payload": json.dumps(payload)}),
        "application/x-www-form-urlencoded",
    ),
    "events_api": lambda payload: (json.dumps(payload), "application/json"),
}


def _as_body(answer: object) -> Json:
    """An answer is a JSON object, plain words for the person, or nothing."""
    if isinstance(answer, dict):
        return answer
    return {"text": answer} if isinstance(answer, str) and answer else {}
