"""A whole practice: a local workspace, the bot as it is served, a database, and people who act in Slack.

Only Slack's surface is used: commands, buttons, forms, messages. Time stands still in the bot; the workspace's is real.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from slack_bolt.adapter.socket_mode import SocketModeHandler

from pabot.app import Pabot, bolt, build, pin_workspace, wsgi
from pabot.clock import StandingClock, WallClock
from pabot.domain.model import LineOfBusiness, Role
from pabot.domain.practice import SaveMember
from pabot.sandbox.people import Container, Person, SubmitResult
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Message, View, Workspace
from pabot.serving import Quiet, Threaded, hang_up
from pabot.settings import load
from pabot.store import messages
from pabot.store.messages import Undelivered
from pabot.store.vault import new_master_key

TEAM_CHANNEL = "C0TEAM"
MONDAY_10 = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # Monday 16 November 2026, 10:00 in New York

STAFF = {
    "U0CORA": ("Cora Lindqvist", Role.COORDINATOR),
    "U0CARL": ("Carl Ostermann", Role.COORDINATOR),
    "U0BILL": ("Bill Aster", Role.BILLER),
    "U0IDA": ("Dr. Ida Voss", Role.CLINICIAN),
    "U0NED": ("Dr. Ned Farrow", Role.CLINICIAN),
    "U0MAX": ("Max Tiller", Role.MANAGER),
    "U0FAY": ("Fay Front", Role.VIEWER),
}

ORDER = {
    "chart_number": "C-88",
    "initials": "J.D.",
    "payer": "Northwind Health · Gold",
    "category": "service",
    "service": "Power wheelchair",
    "codes": "K0856 NU",
    "diagnoses": "G35",
    "clinician": "Dr. Ida Voss",
}


def words(container: Container | dict[str, Any]) -> str:
    """Everything a person can read in a message or view."""
    blocks = container["blocks"] if isinstance(container, dict) else container.blocks
    said = json.dumps(blocks, ensure_ascii=False)
    return " ".join(re.findall(r'"(?:text|title|label)": "((?:[^"\\]|\\.)*)"', said))


def buttons(container: Container) -> dict[str, str]:
    """Label -> action id of every button on the screen."""
    found: dict[str, str] = {}

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "button":
                found[part["text"]["text"]] = part["action_id"]
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(container.blocks)
    return found


@dataclass
class Colleague:
    """One of the staff, at Slack."""

    practice: "Practice"
    person: Person

    def command(self, text: str) -> Message:
        """`/pa text`; answers what came back, for their eyes only."""
        before = len(self.person.ephemerals)
        self._sends(text)
        assert len(self.person.ephemerals) > before, "the command answered nothing"
        return self.person.ephemerals[-1]

    def opens_form(self, text: str) -> View:
        """A command that opens a modal."""
        self._sends(text)
        assert self.person.modal is not None, "no form opened"
        return self.person.modal

    def presses(self, container: Container, label: str, value: str | None = None) -> View:
        """A button by its label; answers the modal that is open afterwards."""
        outcome = self.person.press(container, buttons(container)[label], value)
        assert outcome.ok, outcome.error
        assert self.person.modal is not None
        return self.person.modal

    def submits(self, **typed: Any) -> View:
        """The open form; answers what it turned into."""
        result = self.person.submit(None, typed)
        assert result.ok, (result.errors, result.error)
        assert result.view is not None, "the form closed without an answer"
        return result.view

    def tries_to_submit(self, **typed: Any) -> SubmitResult:
        return self.person.submit(None, typed)

    def opens_request(self, **changed: Any) -> int:
        """A new request, filled in as the order says; answers its number."""
        self.opens_form("new")
        card = self.submits(**{**ORDER, **changed})
        return int(re.search(r"PA-(\d+)", words(card) + str(card.title)).group(1))  # type: ignore[union-attr]

    def card(self, number: int) -> Message:
        return self.command(f"show {number}")

    def does(self, number: int, step: str, **typed: Any) -> View:
        """Open the card, press a step's button, fill its form."""
        self.presses(self.card(number), step)
        return self.submits(**typed)

    def _sends(self, text: str) -> None:
        outcome = self.person.command("/pa", text, channel=TEAM_CHANNEL)
        assert outcome.ok, outcome.error

    @property
    def direct_messages(self) -> list[Message]:
        return [message for message in self.person.direct_messages if message.user == self.practice.bot_user]


@dataclass
class Practice:
    """The practice and its bot."""

    workspace: Workspace
    pabot: Pabot
    clock: StandingClock
    reconnect: Callable[[], None] = field(default=lambda: None)

    @property
    def bot_user(self) -> str:
        return self.workspace.bot_user_id

    def __getattr__(self, name: str) -> Colleague:
        """`practice.cora`: the colleague of that first name."""
        for user_id in STAFF:
            if user_id == f"U0{name.upper()}":
                return Colleague(self, self.workspace.person(user_id))
        raise AttributeError(name)

    def deliver(self) -> None:
        """Send everything that waits; the clock moves on where Slack's pace asks for it."""
        while self.pabot.jobs.delivery.run() or self._rested():
            pass

    def tick(self) -> None:
        """What the worker does by itself, once."""
        self.pabot.desk.raise_alarms()
        self.pabot.desk.queue_digest()
        self.deliver()

    def thread_of(self, message: Message) -> list[Message]:
        """The replies to a message of the team channel."""
        return [each for each in self.workspace.channels[message.channel].messages if each.thread_ts == message.ts]

    def team_messages(self) -> list[Message]:
        """What the bot posted to the channel itself, not into a thread of it."""
        said = self.workspace.channels[TEAM_CHANNEL].messages
        return [message for message in said if message.user == self.bot_user and message.thread_ts is None]

    def _rested(self) -> bool:
        with self.pabot.store.read() as session:
            due = messages.next_due(session.connection)
        if due is None:
            return False
        self.clock.set(max(due, self.clock.now()))
        return True


def _badly_drawn(row: Undelivered) -> bool:
    """Whether it is us who made it so that it could not be sent: no test of a practice wants that."""
    return row.error == "invalid_blocks" or row.error.endswith("Error")


@contextmanager
def a_practice(
    database_url: str, *, transport: str = "socket", privacy: str = "minimum", at: datetime = MONDAY_10
) -> Iterator[Practice]:
    """Everybody at work, the bot connected by `socket` or `http`."""
    workspace = Workspace(WallClock().now, "T0PRACTICE")
    for user_id, (name, _) in STAFF.items():
        workspace.add_user(user_id, name)
    workspace.add_channel(TEAM_CHANNEL, "prior-auth")
    clock = StandingClock(at)
    with serve(workspace, page=False) as server:
        settings = load(
            slack_bot_token=workspace.bot_token,
            slack_app_token=workspace.app_token,
            slack_signing_secret=workspace.signing_secret,
            slack_api_url=server.api_url,
            database_url=database_url,
            secret_keys=new_master_key(),
            team_channel=TEAM_CHANNEL,
            privacy=privacy,
        )
        pabot = build(settings, clock)
        pabot.store.found(settings.seed())
        pin_workspace(pabot)
        for user_id, (name, role) in STAFF.items():
            pabot.desk.save_member(SaveMember(user_id, name, frozenset({role})), actor=None, key=user_id)
        pabot.desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
        pabot.desk.add_plan("Tidewater Mutual", "PPO", LineOfBusiness.COMMERCIAL_INSURED)
        try:
            with (_by_http if transport == "http" else _by_socket)(pabot, workspace):
                yield Practice(workspace, pabot, clock)
                assert not [row for row in pabot.desk.delivery_state().parked if _badly_drawn(row)]
        finally:
            pabot.store.close()


@contextmanager
def _by_socket(pabot: Pabot, workspace: Workspace) -> Iterator[None]:
    handler = SocketModeHandler(bolt(pabot), pabot.settings.slack_app_token)
    handler.connect()
    try:
        yield
    finally:
        hang_up(handler)


@contextmanager
def _by_http(pabot: Pabot, workspace: Workspace) -> Iterator[None]:
    server: WSGIServer = make_server("127.0.0.1", 0, wsgi(pabot), Threaded, Quiet)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    workspace.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
