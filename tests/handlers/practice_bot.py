"""A bot on a fresh SQLite record, spoken to with signed requests; its calls to Slack go to a real local server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from pabot.clock import StandingClock, WallClock
from pabot.domain import commands as c
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.diagnoses import NO_LIST, DiagnosisList
from pabot.domain.model import Category, LineOfBusiness, Member, Role, ServiceLine
from pabot.domain.practice import PracticeSettings, SaveMember
from pabot.handlers.routes import register
from pabot.services.desk import Desk
from pabot.store.migrations import upgrade
from pabot.store.store import Store
from pabot.views.text import Look, Texts

SECRET = "a-signing-secret"
TEAM = "T0PRACTICE"
MONDAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
SETTINGS = PracticeSettings("America/New_York", "08:00-17:00 mon-fri", "US")
PEOPLE = {
    "U0CORA": SaveMember("U0CORA", "Cora Lindqvist", frozenset({Role.COORDINATOR})),
    "U0BILL": SaveMember("U0BILL", "Bill Aster", frozenset({Role.BILLER})),
    "U0DOC": SaveMember("U0DOC", "Dr. Ida Voss", frozenset({Role.CLINICIAN})),
    "U0MAX": SaveMember("U0MAX", "Max Tiller", frozenset({Role.MANAGER})),
    "U0DESK": SaveMember("U0DESK", "Fay Front", frozenset({Role.VIEWER})),
}


KNOWN: dict[str, dict[str, Any]] = {"users.info": {"user": {}}}  # a full member


class Slack(ThreadingHTTPServer):
    """Answers every Web API call with ok, or with the next error it was told; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.errors: dict[str, list[str]] = {}
        self.gone: set[str] = set()  # paths that answer 404
        self.url = f"http://127.0.0.1:{self.server_port}/api/"

    def sent(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]


class _Answer(BaseHTTPRequestHandler):
    server: Slack

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        method = self.path.rsplit("/", 1)[-1]
        typed = "json" in self.headers.get("Content-Type", "")
        arguments = json.loads(raw) if typed else {name: values[0] for name, values in parse_qs(raw).items()}
        if isinstance(arguments.get("view"), str):
            arguments["view"] = json.loads(arguments["view"])
        self.server.calls.append((method, arguments))
        waiting = self.server.errors.get(method)
        answer = {"ok": False, "error": waiting.pop(0)} if waiting else {"ok": True, **KNOWN.get(method, {})}
        body = json.dumps(answer).encode()
        self.send_response(404 if method in self.server.gone else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class Bot:
    """The app as Slack meets it."""

    def __init__(self, desk: Desk, slack: Slack, clock: StandingClock, look: Look, api_url: str) -> None:
        self.desk, self.slack, self.clock, self.look = desk, slack, clock, look
        self.app = App(
            signing_secret=SECRET,
            client=WebClient(token="xoxb-test", base_url=api_url, timeout=2, retry_handlers=[]),
            authorize=lambda **_: AuthorizeResult(
                enterprise_id=None, team_id=TEAM, bot_token="xoxb-test", bot_user_id="U0BOT", bot_id="B0BOT"
            ),
            process_before_response=True,
            token_verification_enabled=False,
            raise_error_for_unhandled_request=True,
        )
        register(self.app, desk, look)
        self._ticks = count(1)

    def member(self, user: str) -> Member:
        return self.desk.directory().members[user]

    def command(self, who: str, text: str, **changed: str) -> dict[str, Any]:
        fields = {
            "command": "/pa",
            "text": text,
            "user_id": who,
            "team_id": TEAM,
            "channel_id": "C0TEAM",
            "trigger_id": self._once("trigger"),
        }
        return self._answer(self.post(urlencode(fields | changed)))

    def press(self, who: str, action_id: str, value: str = "", **changed: Any) -> dict[str, Any]:
        """A button in a message, unless `view` says that it stands in a modal."""
        action = {"action_id": action_id, "block_id": "b", "type": "button", "value": value}
        body = {
            "type": "block_actions",
            "trigger_id": self._once("trigger"),
            "actions": [action | {"action_ts": self._once("action")}],
            "container": {"type": "message", "channel_id": "C0TEAM"},
            "channel": {"id": "C0TEAM"},
        }
        return self.interact(who, body | changed)

    def submit(self, who: str, view: dict[str, Any], state: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """A form as it was drawn, with what was typed."""
        sent = {"id": "V1", "hash": "1.1", "type": "modal", **view, "state": {"values": state}}
        return self.interact(who, {"type": "view_submission", "view": sent | changed})

    def suggest(self, who: str, action_id: str, typed: str) -> dict[str, Any]:
        return self.interact(who, {"type": "block_suggestion", "action_id": action_id, "value": typed})

    def shortcut(self, who: str, callback_id: str, **changed: Any) -> dict[str, Any]:
        body = {"type": "shortcut", "callback_id": callback_id, "trigger_id": self._once("trigger")}
        return self.interact(who, body | changed)

    def interact(self, who: str, body: dict[str, Any]) -> dict[str, Any]:
        whole = {"user": {"id": who, "team_id": TEAM}, "team": {"id": TEAM}, **body}
        return self._answer(self.post(urlencode({"payload": json.dumps(whole)})))

    def event(self, event: dict[str, Any]) -> BoltResponse:
        body = {"type": "event_callback", "team_id": TEAM, "event_id": self._once("Ev"), "event": event}
        return self.post(json.dumps(body), kind="application/json")

    def post(self, body: str, kind: str = "application/x-www-form-urlencoded") -> BoltResponse:
        stamp = str(int(WallClock().now().timestamp()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        headers = {"content-type": [kind], "x-slack-request-timestamp": [stamp], "x-slack-signature": [str(signature)]}
        return self.app.dispatch(BoltRequest(body=body, headers=headers))

    def opened(self) -> dict[str, Any]:
        """The modal that was opened last."""
        return dict(self.slack.sent("views.open")[-1]["view"])

    def request(self, chart: str = "C-88", **changed: Any) -> AuthorizationCard:
        """A request opened at the desk, for what comes after."""
        command = c.OpenAuthorization(
            patient=c.Patient(chart, "J.D."),
            plan_id=changed.pop("plan_id", None) or self.desk.plans("Northwind")[0].plan_id,
            category=Category.SERVICE,
            service="Power wheelchair",
            lines=changed.pop("lines", (ServiceLine(1, "K0856", "NU", 1),)),
            diagnoses=("G35",),
            clinician_id="U0DOC",
            ordered_on=date(2026, 11, 20),
            **changed,
        )
        return self.desk.open_authorization(command, actor=self.member("U0CORA"), key=self._once("open"))

    def step(self, user: str, command: c.Command) -> AuthorizationCard:
        return self.desk.take_step(command, actor=self.member(user), key=self._once("step"))

    def _once(self, kind: str) -> str:
        return f"{kind}-{next(self._ticks)}"

    def _answer(self, response: BoltResponse) -> dict[str, Any]:
        """Whatever happens, Slack is answered with 200."""
        assert response.status == 200, response.body
        return dict(json.loads(response.body)) if response.body else {}


@contextmanager
def running(
    folder: Path, privacy: Privacy = Privacy.MINIMUM, api_url: str = "", diagnoses: DiagnosisList = NO_LIST
) -> Iterator[Bot]:
    """`api_url`: another workspace than the one that only remembers."""
    url, clock, slack = f"sqlite:///{folder / 'record.db'}", StandingClock(MONDAY), Slack()
    upgrade(url)
    store = Store(url, [Fernet.generate_key().decode()], _calendar, diagnoses)
    store.found(SETTINGS)
    desk = Desk(store, clock, privacy)
    desk.know_identity(TEAM, "B0BOT", "U0BOT")
    for member in PEOPLE.values():
        desk.save_member(member, actor=None, key=f"add {member.user_id}")
    desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
    desk.add_plan("Tidewater Mutual", "PPO", LineOfBusiness.COMMERCIAL_INSURED)
    thread = Thread(target=slack.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Bot(desk, slack, clock, look(privacy), api_url or slack.url)
    finally:
        slack.shutdown()
        slack.server_close()
        store.close()


def look(privacy: Privacy) -> Look:
    return Look(Texts.found(), ZoneInfo("America/New_York"), privacy)


def _calendar(settings: PracticeSettings) -> PracticeCalendar:
    return PracticeCalendar(ZoneInfo(settings.timezone), dict.fromkeys(range(5), (time(8), time(17))))
