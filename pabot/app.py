"""The composition root: the one place that knows every part and puts them together."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from pabot.clock import Clock, WallClock
from pabot.domain.errors import PabotError
from pabot.handlers.routes import register
from pabot.jobs.deliver import Delivery
from pabot.jobs.drawing import painter
from pabot.jobs.ticks import Jobs
from pabot.services.desk import Desk
from pabot.services.practice_days import make_calendar
from pabot.settings import Settings
from pabot.slack.client import Slack, slack
from pabot.slack.errors import Permanent, SlackTrouble
from pabot.store.diagnoses import DiagnosisFile
from pabot.store.store import Store
from pabot.views.text import Look, look

log = logging.getLogger(__name__)

HANDLER_TIMEOUT_S = 2  # of the three seconds that Slack gives a request
THREADS = 32
AT_ONCE = 4  # requests that are worked on while a database server answers the others; SQLite leaves nothing to do
EVENTS_PATH = "/slack/events"
BACKLOG_IS_BAD = timedelta(minutes=15)

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Pabot:
    """All parts of one process, wired."""

    settings: Settings
    clock: Clock
    store: Store
    diagnoses: DiagnosisFile
    desk: Desk
    look: Look
    slack: Slack
    jobs: Jobs


def build(settings: Settings, clock: Clock | None = None) -> Pabot:
    """Put the parts together. Opens no connection and calls nobody; construct after a fork."""
    clock = clock or WallClock()
    diagnoses = DiagnosisFile(settings.cache_folder)
    store = Store(
        settings.database_url, settings.secret_keys, lambda row: make_calendar(row, clock.now().date()), diagnoses
    )
    desk = Desk(store, clock, settings.privacy)
    screens = look(settings.templates_dir, store.zone, settings.privacy, settings.letters_dir)
    sender = slack(settings.slack_bot_token, settings.slack_api_url or None)
    delivery = Delivery(store, sender, clock, painter(desk, screens))
    return Pabot(settings, clock, store, diagnoses, desk, screens, sender, Jobs(desk, delivery))


def pin_workspace(pabot: Pabot) -> None:
    """Learn from Slack who the bot is; a known identity is enough to start when Slack is away.

    Raises SlackTrouble when Slack refuses the token, and when it is away on the very first start; Invalid when the
    token is another workspace's.
    """
    known = pabot.desk.pinned()
    try:
        identity = pabot.slack.identity()
    except SlackTrouble as trouble:
        if isinstance(trouble, Permanent) or not known.team_id:
            raise
        log.warning("Slack did not answer at the start; going on with what is known")
        return
    pabot.desk.know_identity(identity.team_id, identity.bot_id, identity.bot_user_id)


def bolt(pabot: Pabot) -> App:
    """The Bolt app. It answers when the handler is done: acknowledged means saved."""
    settings, pinned = pabot.settings, pabot.desk.pinned()
    client = WebClient(
        base_url=settings.slack_api_url or WebClient.BASE_URL,
        timeout=HANDLER_TIMEOUT_S,
        retry_handlers=[],
    )
    who = AuthorizeResult(
        enterprise_id=None,
        team_id=pinned.team_id,
        bot_token=settings.slack_bot_token,
        bot_id=pinned.bot_id,
        bot_user_id=pinned.bot_user_id,
    )
    app = App(
        client=client,
        signing_secret=settings.slack_signing_secret or "socket-mode-needs-none",
        authorize=lambda **_: who,
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(THREADS, thread_name_prefix="listener"),
    )
    # Bolt logs the whole body of a request with a bad signature at INFO.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)
    register(app, pabot.desk, pabot.look, at_once=1 if pabot.store.is_sqlite else AT_ONCE)
    return app


def wsgi(pabot: Pabot) -> Wsgi:
    """What gunicorn serves: Slack's requests, the health and the figures."""
    slack_requests = SlackRequestHandler(bolt(pabot), path=EVENTS_PATH)

    def application(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        page = PAGES.get(environ["PATH_INFO"])
        if page is None:
            answer: Iterable[bytes] = slack_requests(environ, start)
            return answer
        status, body = page(pabot, environ)
        start(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [body.encode()]

    return application


def health_pages(pabot: Pabot) -> Wsgi:
    """`/healthz` and `/metrics` alone, for processes that Slack does not call."""

    def application(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        status, body = PAGES.get(environ["PATH_INFO"], _not_found)(pabot, environ)
        start(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [body.encode()]

    return application


def _healthz(pabot: Pabot, environ: Environ) -> tuple[str, str]:
    """`ok` or what is wrong, then a line for each tick."""
    now = pabot.clock.now()
    try:
        state, pulses = pabot.desk.delivery_state(), pabot.desk.pulses()
    except PabotError as fault:
        return "503 Service Unavailable", fault.sentence
    wrong = [f"{pulse.tick} has stopped" for pulse in pulses if pulse.is_late(now)]
    if state.oldest_since is not None and now - state.oldest_since > BACKLOG_IS_BAD:
        wrong.append(f"{state.waiting} messages wait, the oldest since {state.oldest_since}")
    body = "\n".join(["; ".join(wrong) or "ok", *(pulse.words(now) for pulse in pulses)])
    return "503 Service Unavailable" if wrong else "200 OK", body


def _metrics(pabot: Pabot, environ: Environ) -> tuple[str, str]:
    """Counts only. Needs `Authorization: Bearer …` with PABOT_METRICS_TOKEN."""
    token = pabot.settings.metrics_token
    if not token or environ.get("HTTP_AUTHORIZATION") != f"Bearer {token}":
        return "401 Unauthorized", "a token is needed"
    state, now = pabot.desk.delivery_state(), pabot.clock.now()
    oldest = (now - state.oldest_since).total_seconds() if state.oldest_since else 0
    figures = {
        "pabot_messages_waiting": state.waiting,
        "pabot_messages_oldest_seconds": round(oldest),
        "pabot_messages_parked": len(state.parked),
        "pabot_faults_standing": pabot.desk.faults_standing(),
        **{f'pabot_tick_age_seconds{{tick="{name}"}}': age for name, age in _ages(pabot, now)},
    }
    return "200 OK", "".join(f"{name} {value}\n" for name, value in figures.items())


def _ages(pabot: Pabot, now: datetime) -> Iterator[tuple[str, int]]:
    """How long ago each tick ran, in seconds; those that no worker was to run yet are left out."""
    for pulse in pabot.desk.pulses():
        age = pulse.age(now)
        if age is not None:
            yield pulse.tick, round(age.total_seconds())


def _not_found(pabot: Pabot, environ: Environ) -> tuple[str, str]:
    return "404 Not Found", "not found"


PAGES: Mapping[str, Callable[[Pabot, Environ], tuple[str, str]]] = {"/healthz": _healthz, "/metrics": _metrics}
