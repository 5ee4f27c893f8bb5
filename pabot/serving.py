"""Processes: one of all (`run`), or split for scale (`web`, `worker`). Each ends cleanly on SIGTERM."""

import fcntl
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from types import FrameType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt.adapter.socket_mode import SocketModeHandler

from pabot.app import Pabot, bolt, build, health_pages, pin_workspace
from pabot.settings import Settings, SettingsError
from pabot.store.engine import sqlite_file

log = logging.getLogger(__name__)


def run(settings: Settings, stop: threading.Event) -> None:
    """Socket Mode and the jobs in this process, until `stop` is set."""
    with sole("web", settings), sole("worker", settings):
        pabot = build(settings)
        pin_workspace(pabot)
        pabot.desk.worker_was_here()
        handler = SocketModeHandler(bolt(pabot), settings.slack_app_token, ping_interval=10)
        scheduler = pabot.jobs.scheduler()
        health = _serve_health(pabot)
        handler.connect()  # type: ignore[no-untyped-call]
        scheduler.start()
        log.info("pabot is running")
        stop.wait()
        handler.close()  # type: ignore[no-untyped-call]
        scheduler.shutdown(wait=True)
        _end(health)
        pabot.store.close()


def work(settings: Settings, stop: threading.Event) -> None:
    """The jobs alone."""
    with sole("worker", settings):
        pabot = build(settings)
        pin_workspace(pabot)
        pabot.desk.worker_was_here()
        scheduler = pabot.jobs.scheduler()
        health = _serve_health(pabot)
        scheduler.start()
        log.info("the worker is running")
        stop.wait()
        scheduler.shutdown(wait=True)
        _end(health)
        pabot.store.close()


def web(settings: Settings, workers: int) -> None:
    """Slack's HTTP requests under gunicorn; on SQLite one process with threads."""
    from pabot.under_gunicorn import Served  # gunicorn costs the other processes memory

    with sole("web", settings):
        Served(settings, 1 if sqlite_file(settings.database_url) else workers).run()


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
                f"Another pabot {role} already serves {path}. SQLite takes one; use PostgreSQL for more."
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
