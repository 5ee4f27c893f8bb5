"""Finding the function for a payload: with every route of the app, beside an app with one listener."""

import time
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from benchmarks.figures import Figure, at_most
from pabot.handlers.routes import Table, attach

TURNS = 4000


def run() -> list[Figure]:
    every, one = _app(), _app()
    attach(every, _nothing)

    @one.view("pa.log_contact.submit")
    def view(ack: Ack) -> BoltResponse:
        return ack()

    took = {"every": 0.0, "one": 0.0}
    for _ in range(4):  # in turn, so that a busy moment hits both
        took["every"] += _time(every)
        took["one"] += _time(one)
    return [at_most("dispatch_vs_one_listener", took["every"] / TURNS * 1e6, took["one"] / TURNS * 1e6, 1.5)]


def _nothing(table: Table, name: Any) -> Any:
    """The real look-up, and then nothing."""

    def listener(body: dict[str, Any], ack: Ack) -> BoltResponse:
        table.get(name(body))
        return ack()

    return listener


def _app() -> App:
    who = AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb", bot_id="B0", bot_user_id="U0BOT")
    client = WebClient(token="xoxb")
    return App(
        client=client,
        signing_secret="x",
        authorize=lambda **_: who,
        process_before_response=True,
        request_verification_enabled=False,
    )


def _time(app: App) -> float:
    payload = (
        '{"type":"view_submission","user":{"id":"U0"},"team":{"id":"T0"},'
        '"view":{"id":"V1","type":"modal","callback_id":"pa.log_contact.submit","state":{"values":{}}}}'
    )
    headers = {"content-type": ["application/x-www-form-urlencoded"]}
    body = urlencode({"payload": payload})
    started = time.perf_counter()
    for _ in range(TURNS // 4):
        assert app.dispatch(BoltRequest(body=body, headers=headers)).status == 200
    return time.perf_counter() - started
