"""A practice whose bot runs as it will: in processes of its own, started from the command line."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from pabot.app import Pabot, build
from pabot.clock import WallClock
from pabot.domain.model import LineOfBusiness
from pabot.domain.practice import SaveMember
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Workspace
from pabot.settings import load
from pabot.store.vault import new_master_key
from tests.e2e.practice import STAFF, TEAM_CHANNEL, Colleague

PATIENCE_S = 30
GRACE_S = 10
METRICS_TOKEN = "count-only"
CHECKOUT = Path(__file__).parents[2]


@dataclass
class Office:
    """The workspace, the database and the environment in which pabot is started."""

    workspace: Workspace
    environment: dict[str, str]
    folder: Path

    @property
    def bot_user(self) -> str:
        return self.workspace.bot_user_id

    def colleague(self, name: str) -> Colleague:
        return Colleague(self, self.workspace.person(f"U0{name.upper()}"))

    def says(self, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself: its exit code and its words."""
        return subprocess.run(
            pabot(*arguments),
            env=self.environment | changed,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    @contextmanager
    def running(self, *arguments: str, **changed: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process that stays. At the end it must obey SIGTERM, unless the test has ended it."""
        with open(self.folder / f"{arguments[0]}.log", "ab") as log:
            child = subprocess.Popen(
                pabot(*arguments), env=self.environment | changed, cwd=self.folder, stderr=log, stdout=log
            )
        try:
            yield child
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                assert child.wait(GRACE_S) == 0, self.log(arguments[0])
        finally:
            child.kill()
            child.wait()

    def log(self, name: str) -> str:
        """What a process wrote."""
        return (self.folder / f"{name}.log").read_text()

    def answers(self) -> bool:
        """Whether a command gets an answer."""
        outcome = self.workspace.person("U0CORA").command("/pa", "help", channel=TEAM_CHANNEL)
        return bool(outcome.ok)

    @contextmanager
    def inside(self) -> Iterator[Pabot]:
        """The database, looked at from this process."""
        env = self.environment
        one = build(load(database_url=env["PABOT_DATABASE_URL"], secret_keys=env["PABOT_SECRET_KEYS"]))
        try:
            yield one
        finally:
            one.store.close()


def pabot(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pabot", *arguments]


@contextmanager
def an_office(database_url: str, folder: Path, *, furnished: bool = True) -> Iterator[Office]:
    """Everybody in the workspace and, when furnished, on the staff list; no process runs yet."""
    workspace = Workspace(WallClock().now, "T0PRACTICE")
    for user_id, (name, _) in STAFF.items():
        workspace.add_user(user_id, name)
    workspace.add_channel(TEAM_CHANNEL, "prior-auth")
    with serve(workspace, page=False) as server:
        environment = bare_environment() | {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": server.api_url,
            "PABOT_DATABASE_URL": database_url,
            "PABOT_SECRET_KEYS": new_master_key(),
            "PABOT_TEAM_CHANNEL": TEAM_CHANNEL,
            "PABOT_METRICS_TOKEN": METRICS_TOKEN,
            "PABOT_BIND": f"127.0.0.1:{free_port()}",
        }
        office = Office(workspace, environment, folder)
        if furnished:
            _furnish(office)
        yield office


def bare_environment() -> dict[str, str]:
    """This machine's, without anything that pabot reads."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "PABOT_", "DATABASE_URL", "PORT"))}
    kept["PABOT_CACHE_DIR"] = os.environ["PABOT_CACHE_DIR"]  # of this test run
    return kept | {"PYTHONPATH": str(CHECKOUT), "COLUMNS": "100", "NO_COLOR": "1"}


def _furnish(office: Office) -> None:
    with office.inside() as one:
        # These processes live in real time, which may be a night or a Sunday: nothing is held back then.
        one.store.found(load(team_channel=TEAM_CHANNEL, quiet_hours="").seed())
        for user_id, (name, role) in STAFF.items():
            one.desk.save_member(SaveMember(user_id, name, frozenset({role})), actor=None, key=user_id)
        one.desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)


@contextmanager
def serving(office: Office, how: str, **changed: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`run` alone, or `web` and `worker`; answering when this begins."""
    with ExitStack() as stack:
        if how == "run":
            children = [stack.enter_context(office.running("run", **changed))]
        else:
            office.workspace.request_url = f"http://{office.environment['PABOT_BIND']}/slack/events"
            elsewhere = {"PABOT_BIND": f"127.0.0.1:{free_port()}"}
            children = [
                stack.enter_context(office.running("web", "--workers", "1", **changed)),
                stack.enter_context(office.running("worker", **changed, **elsewhere)),
            ]
        until(office.answers, lambda: "".join(file.read_text() for file in office.folder.glob("*.log")))
        yield children


def until(condition: Callable[[], object], otherwise: Callable[[], str] = lambda: "it never came to be") -> None:
    """Wait for it, patiently."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


def fetch(address: str, path: str, token: str = "") -> tuple[int, str]:
    """Status and body of a page."""
    answer = httpx.get(f"http://{address}{path}", headers={"Authorization": f"Bearer {token}"} if token else {})
    return answer.status_code, answer.text


def listening(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
