"""The baseline: an empty Bolt handler, served exactly as pabot is; `socket` runs it in Socket Mode instead."""

import sys
import threading
from typing import Any

from gunicorn.app.base import BaseApplication
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from benchmarks.load import SECRET


def bare_app(base_url: str = "http://127.0.0.1:9/api/") -> App:
    who = AuthorizeResult(enterprise_id=None, team_id="T0BENCH", bot_token="xoxb", bot_id="B0", bot_user_id="U0BOT")
    app = App(
        client=WebClient(token="xoxb-sandbox", base_url=base_url),
        signing_secret=SECRET,
        authorize=lambda **_: who,
        process_before_response=True,
    )

    @app.command("/pa")
    def command(ack: Ack) -> BoltResponse:
        return ack()

    @app.view("pa.log_contact.submit")
    def view(ack: Ack) -> BoltResponse:
        return ack()

    return app


class Bare(BaseApplication):  # type: ignore[misc]
    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"127.0.0.1:{self._port}", "workers": 1, "worker_class": "gthread", "threads": 16,
            "loglevel": "warning", "control_socket_disable": True,
        }  # fmt: skip
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return SlackRequestHandler(bare_app(), path="/slack/events")


def main() -> None:
    if sys.argv[1] == "socket":
        SocketModeHandler(bare_app(sys.argv[2]), "xapp-sandbox").connect()
        threading.Event().wait()
    else:
        Bare(int(sys.argv[1])).run()


if __name__ == "__main__":
    main()
