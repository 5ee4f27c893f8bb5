"""Processes: one of all (`run`), or split for scale (`web`, `worker`). Each ends cleanly on SIGTERM."""

import fcntl
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socketserver import ThreadingMixIn
from types import FrameType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from pabot.app import Pabot, bolt, build, health_pages, pin_workspace
from pabot.settings import Settings, SettingsError
from pabot.store.diagnosis_building import built_meanwhile
from pabot.store.engine import sqlite_file
from pabot.views import template_faults

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 30
REFUSED_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "not_allowed_token_type", "account_inactive", "token_revoked", "missing_scope"}
)


def run(settings: Settings, stop: threading.Event, connected: Callable[[], None] = lambda: None) -> None:
    """Socket Mode and the jobs in this process, until `stop` is set. `connected` is called once Slack is there."""
    with sole("web", settings), sole("worker", settings), _at_work(settings) as pabot:
        handler = SocketModeHandler(bolt(pabot), settings.slack_app_token, ping_interval=10)
        try:
            _connect(handler, stop)
            if not stop.is_set():
                connected()
                log.info("pabot is running")
            stop.wait()
        finally:
            hang_up(handler)


def work(settings: Settings, stop: threading.Event) -> None:
    """The jobs alone."""
    with sole("worker", settings), _at_work(settings):
        log.info("the worker is running")
        stop.wait()


def web(settings: Settings, workers: int) -> None:
    """Slack's HTTP requests under gunicorn; on SQLite one process with threads."""
    from pabot.under_gunicorn import Served  # gunicorn costs the other processes memory

    with sole("web", settings):
        pabot = build(settings)
        pin_workspace(pabot)
        _name_broken_templates(pabot)
        pabot.store.close()  # gunicorn forks, and every worker builds its own
        _claim_port(settings.address)
        Served(settings, 1 if sqlite_file(settings.database_url) else workers).run()


def _name_broken_templates(pabot: Pabot) -> None:
    """What is broken of the practice's own gives way to what pabot brings, so nothing stands still: it is said."""
    for fault in template_faults.faults(pabot.look.texts):
        log.error("%s: what pabot brings is said instead", fault)


@contextmanager
def _at_work(settings: Settings) -> Iterator[Pabot]:
    """The parts with their jobs and their health page; at the end what runs is finished."""
    pabot = build(settings)
    pin_workspace(pabot)
    _name_broken_templates(pabot)
    pabot.desk.worker_was_here()
    scheduler = pabot.jobs.scheduler()
    health = _serve_health(pabot)
    scheduler.start()
    try:
        with built_meanwhile(pabot.diagnoses.path):
            yield pabot
    finally:
        scheduler.shutdown(wait=True)
        _end(health)
        pabot.store.close()


def _connect(handler: SocketModeHandler, stop: threading.Event) -> None:
    """Open the socket, however long Slack is away. Raises SettingsError when it refuses the token."""
    pause_s = 1
    while not stop.is_set():
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except Exception as away:  # the library lets through whatever the network does
            reason = away.response.get("error") if isinstance(away, SlackApiError) else type(away).__name__
            if reason in REFUSED_TOKEN:
                raise SettingsError(f"Slack refuses SLACK_APP_TOKEN ({reason}). Check it, then try again.") from away
            log.warning("no connection to Slack (%s); trying again in %s s", reason, pause_s)
            stop.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        else:
            return


def hang_up(handler: SocketModeHandler) -> None:
    """End the connection. Its reader sits on the socket for three seconds, and the one who hands out what was read
    waits a second for more: the answer to a ping wakes the first, an empty message the second.
    """
    client: Any = handler.client
    if client.is_connected():
        client.current_session_state.terminated = True
        with suppress(OSError):
            client.current_session.ping("closing")
    client.closed = True
    client.message_queue.put(None)
    handler.close()  # type: ignore[no-untyped-call]


@contextmanager
def sole(role: str, settings: Settings) -> Iterator[None]:
    """On SQLite one process of a role on one disk; a second one is refused. PostgreSQL takes any number."""
    path = sqlite_file(settings.database_url)
    if path is None:
        yield
        return
    with open(f"{path}.{role}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError(
                f"Another pabot serves {path} already ({role}). SQLite takes one; use PostgreSQL for more."
            ) from None
        yield


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets."""
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop


class Threaded(ThreadingMixIn, WSGIServer):
    """A small server with a thread for each request: health checks, and tests."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Health checks are not worth a line."""


def _claim_port(address: str) -> None:
    """Raises SettingsError when nothing can listen there: gunicorn would try for a while and then only say so."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), int(port)), family=family).close()
    except OSError as taken:
        raise SettingsError(f"Nothing can listen on {address} ({taken.strerror}). Set PABOT_BIND.") from None


def _serve_health(pabot: Pabot) -> WSGIServer | None:
    """`/healthz` on a loopback port; a taken port is said and does not stop the bot."""
    port = int(pabot.settings.address.rpartition(":")[2])
    try:
        server = make_server("127.0.0.1", port, health_pages(pabot), Threaded, Quiet)
    except OSError:
        log.warning("port %s is taken: /healthz is not served", port)
        return None
    threading.Thread(target=server.serve_forever, daemon=True, name="health").start()
    return server


def _end(health: WSGIServer | None) -> None:
    if health:
        health.shutdown()
        health.server_close()
