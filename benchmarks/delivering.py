"""Delivery under faults, with the worker killed (-9) again and again: nothing lost, nothing twice; and the control."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, at_least, exactly, more_than, told
from pabot.app import Pabot, build
from pabot.clock import WallClock
from pabot.sandbox.faults import Kind
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Workspace
from pabot.settings import load
from pabot.store import messages, migrations
from pabot.store.vault import new_master_key

KILLS = 200
RATES: tuple[tuple[Kind, float], ...] = (("error_500", 0.05), ("drop_before", 0.03), ("drop_after", 0.03))


@dataclass(frozen=True, slots=True)
class Outcome:
    messages: int
    kills: int
    lost: int
    twice: int
    seconds: float


def run() -> list[Figure]:
    done = deliver(messages_each=130, people=100, control=False, patience_s=900, most=KILLS)
    control = deliver(messages_each=10, people=100, control=True)
    return [
        exactly("delivery_lost", done.lost, 0),
        exactly("delivery_twice", done.twice, 0),
        more_than("delivery_control_twice", control.twice, 0),
        at_least("delivery_kills", done.kills, KILLS, 1),
        told("delivery_messages", done.messages, control.messages),
    ]


def deliver(
    *,
    messages_each: int,
    people: int,
    control: bool,
    url: str | None = None,
    patience_s: float = 120,
    seed: int = 7,
    most: int = 1000,
) -> Outcome:
    """So many messages to so many people; the worker is killed within half a second or so of its work, `most` times."""
    workspace = Workspace(WallClock().now)
    for place in range(people):
        workspace.add_user(f"U{place:04d}", f"Person {place}")
    with tempfile.TemporaryDirectory() as folder, serve(workspace, page=False) as slack:
        environment = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_API_URL": slack.api_url,
            "PABOT_DATABASE_URL": url or f"sqlite:///{folder}/delivery.db",
            "PABOT_SECRET_KEYS": new_master_key(),
        }
        pabot = _queue(environment, messages_each, people)
        workspace.faults.reseed(seed)
        for kind, rate in RATES:
            workspace.faults.add(kind, "chat.postMessage", rate=rate)
        started = time.perf_counter()
        kills = _kill_again_and_again(environment, pabot, control=control, patience_s=patience_s, seed=seed, most=most)
        seconds = time.perf_counter() - started
        pabot.store.close()
        said = Counter(
            message.text
            for channel in workspace.channels.values()
            for message in channel.messages
            if message.user == workspace.bot_user_id
        )
    wanted = messages_each * people
    twice = sum(count - 1 for count in said.values())
    return Outcome(wanted, kills, wanted - len(said), twice, seconds)


def _queue(environment: dict[str, str], messages_each: int, people: int) -> Pabot:
    migrations.upgrade(environment["PABOT_DATABASE_URL"])
    pabot = build(load(database_url=environment["PABOT_DATABASE_URL"], secret_keys=environment["PABOT_SECRET_KEYS"]))
    pabot.store.found(load().seed())
    now = pabot.clock.now()
    with pabot.store.write() as session:
        for turn in range(messages_each):
            for place in range(people):
                user = f"U{place:04d}"
                messages.want(
                    session.connection, key=f"m:{user}:{turn}", kind="notice", recipient=user, subject="", now=now
                )
    return pabot


def _kill_again_and_again(
    environment: dict[str, str], pabot: Pabot, *, control: bool, patience_s: float, seed: int, most: int
) -> int:
    """Answers how many workers died before all was delivered; after `most`, the next one lives until then."""
    command = [sys.executable, "-m", "benchmarks.killed_worker", *(["blind"] if control else [])]
    dice, kills, end = random.Random(seed), 0, time.monotonic() + patience_s
    while time.monotonic() < end:
        here = {"env": {**os.environ, **environment}, "cwd": Path(__file__).parents[1]}
        with subprocess.Popen(command, stdout=subprocess.PIPE, **here) as worker:
            worker.stdout.readline()  # it is at work; how long the machine took to start it does not matter
            time.sleep(0.1 + dice.random() / 2)
            while kills >= most and _waiting(pabot) and time.monotonic() < end:
                time.sleep(0.5)
            worker.send_signal(signal.SIGKILL)
        if not _waiting(pabot):
            return kills
        kills += 1
    return kills


def _waiting(pabot: Pabot) -> int:
    with pabot.store.read() as session:
        return messages.backlog(session.connection, WallClock().now())[0]
