"""Bolt apps that talk to the sandbox, over sockets and over HTTP, and the clock it goes by."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from pabot.sandbox.workspace import Workspace

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@dataclass
class Time:
    """A clock that moves only when told."""

    at: datetime = field(default=MONDAY)

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


Register = Callable[[App], None]
Running = Callable[[Register], App]


def _app(workspace: Workspace, client: WebClient, register: Register) -> App:
    app = App(
        client=client,
        signing_secret=workspace.signing_secret,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
    )
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    register(app)
    return app


@contextmanager
def over_sockets(workspace: Workspace, client: WebClient, register: Register) -> Iterator[App]:
    app = _app(workspace, client, register)
    handler = SocketModeHandler(app, workspace.app_token, ping_interval=1)
    handler.connect()
    workspace.wait_for(lambda: workspace.delivery.connected)
    try:
        yield app
    finally:
        handler.client.auto_reconnect_enabled = False
        workspace.delivery.disconnect(abruptly=True)  # the client's own close waits three seconds for a word from us
        session = handler.client.current_session
        workspace.wait_for(lambda: session is None or session.sock is None)
        handler.close()


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def over_http(workspace: Workspace, client: WebClient, register: Register) -> Iterator[App]:
    app = _app(workspace, client, register)
    listening = make_server("127.0.0.1", 0, SlackRequestHandler(app), server_class=_Threaded, handler_class=_Quiet)
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    workspace.request_url = f"http://127.0.0.1:{listening.server_port}/slack/events"
    try:
        yield app
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
