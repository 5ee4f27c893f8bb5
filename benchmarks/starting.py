"""From the start of `pabot run` to its first acknowledged command, and the memory it idles in."""

import compileall
import sys
import tempfile
import time
from pathlib import Path

import psutil

import pabot
from benchmarks.figures import Figure, at_most, below
from benchmarks.load import SECRET, TEAM, USER
from benchmarks.serving import process
from pabot.app import build
from pabot.clock import WallClock
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Workspace
from pabot.settings import load
from pabot.store import migrations
from pabot.store.vault import new_master_key

SETTLED_S, BUILT_S = 5, 60


def run() -> list[Figure]:
    compileall.compile_dir(Path(pabot.__file__).parent, quiet=1)  # as it is installed: with its bytecode
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(WallClock().now, TEAM, signing_secret=SECRET)
        workspace.add_user(USER, "Cora Lindqvist")
        workspace.add_channel("C0BENCH", "bench")
        with serve(workspace, page=False) as slack:
            environment = {
                "SLACK_BOT_TOKEN": workspace.bot_token,
                "SLACK_APP_TOKEN": workspace.app_token,
                "SLACK_API_URL": slack.api_url,
                "PABOT_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "PABOT_SECRET_KEYS": new_master_key(),
                "PABOT_BIND": "127.0.0.1:0",
                "PABOT_CACHE_DIR": f"{folder}/cache",  # the very first start: the list is built meanwhile
            }
            _furnish(environment)
            started = time.perf_counter()
            with process([sys.executable, "-m", "pabot", "run"], environment) as child:
                while not workspace.person(USER).command("/pa", "help", channel="C0BENCH").ok:
                    time.sleep(0.01)
                first_ack = time.perf_counter() - started
                memory = _idle_memory(child.pid)
            with process([sys.executable, "-m", "benchmarks.bare", "socket", slack.api_url]) as child:
                while not workspace.person(USER).command("/pa", "help", channel="C0BENCH").ok:
                    time.sleep(0.05)
                bare = _idle_memory(child.pid)
    return [below("start_to_first_ack_s", first_ack, 2.0), at_most("idle_memory_vs_bare_bolt", memory, bare, 3)]


def _furnish(environment: dict[str, str]) -> None:
    migrations.upgrade(environment["PABOT_DATABASE_URL"])
    pabot = build(load(database_url=environment["PABOT_DATABASE_URL"], secret_keys=environment["PABOT_SECRET_KEYS"]))
    pabot.store.found(load().seed())
    pabot.desk.save_member(SaveMember(USER, "Cora Lindqvist", frozenset({Role.COORDINATOR})), actor=None, key="staff")
    pabot.store.close()


def _idle_memory(pid: int) -> float:
    """Megabytes of a process that has nothing to do, its children included, once nothing is built any more."""
    process = psutil.Process(pid)
    time.sleep(SETTLED_S)
    psutil.wait_procs(process.children(), BUILT_S)
    return sum(part.memory_info().rss for part in (process, *process.children(recursive=True))) / 1e6
