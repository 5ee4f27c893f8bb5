"""The real `/pa show` and the real log-a-contact form under gunicorn, beside an empty Bolt handler in the same run.

A show is measured twice: 200 requests in turn, each looked at some ten times by one person, as `show`; and each once,
of which the process remembers nothing, as `first`. Both leave a view in the record each time.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_least, at_most, told
from benchmarks.load import SECRET, TEAM, USER
from pabot.app import Pabot, build
from pabot.clock import WallClock
from pabot.domain import commands as c
from pabot.domain.model import Category, Channel, LineOfBusiness, Role, ServiceLine
from pabot.domain.practice import SaveMember
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Workspace
from pabot.settings import load
from pabot.store import migrations
from pabot.store.vault import new_master_key

REQUESTS, CONNECTIONS, OPEN, OTHERS = 2000, 50, 200, 50


def run(postgres: str | None) -> list[Figure]:
    """Figures on SQLite with their claims; PostgreSQL's beside them."""
    with _bare() as port:
        bare = {kind: _load(port, kind, 1001) for kind in ("show", "write")}
        bare["first"] = bare["show"]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        measured = _measure(f"sqlite:///{folder}/bench.db")
    found.append(at_least("show_vs_bare_bolt", measured["show"]["rate"], bare["show"]["rate"], 0.35))
    found.append(at_least("write_vs_bare_bolt", measured["write"]["rate"], bare["write"]["rate"], 0.25))
    found.append(told("show_first_vs_bare_bolt", measured["first"]["rate"], bare["first"]["rate"]))
    found.append(at_most("show_p99_vs_bare_bolt", measured["show"]["p99_ms"], bare["show"]["p99_ms"], 4))
    found.append(at_most("write_p99_vs_bare_bolt", measured["write"]["p99_ms"], bare["write"]["p99_ms"], 4))
    found.append(told("show_first_p99_vs_bare_bolt", measured["first"]["p99_ms"], bare["first"]["p99_ms"]))
    if postgres:
        measured = _measure(postgres)
        for kind in ("show", "first", "write"):
            name = "show_first" if kind == "first" else kind
            found.append(told(f"{name}_vs_bare_bolt_postgresql", measured[kind]["rate"], bare[kind]["rate"]))
    return found


def _measure(url: str) -> dict[str, dict[str, float]]:
    workspace = Workspace(WallClock().now, TEAM, signing_secret=SECRET)
    workspace.add_user(USER, "Cora Lindqvist")
    with serve(workspace, page=False) as slack:
        environment = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.api_url,
            "PABOT_DATABASE_URL": url,
            "PABOT_SECRET_KEYS": new_master_key(),
            "PABOT_PRIVACY": "full",  # the view event is part of what is measured
        }
        first = _furnish(environment)
        with _pabot_web(environment) as port:
            return {
                "first": _first_looks(port, first),
                **{kind: _load(port, kind, first) for kind in ("show", "write")},
            }


def _furnish(environment: dict[str, str]) -> int:
    """A practice with some hundred open requests; answers the first number."""
    migrations.upgrade(environment["PABOT_DATABASE_URL"])
    pabot = build(load(database_url=environment["PABOT_DATABASE_URL"], secret_keys=environment["PABOT_SECRET_KEYS"]))
    pabot.store.found(load().seed())
    for user_id, role in ((USER, Role.COORDINATOR), ("U0IDA", Role.CLINICIAN), ("U0MAX", Role.MANAGER)):
        pabot.desk.save_member(SaveMember(user_id, user_id, frozenset({role})), actor=None, key=user_id)
    plan = pabot.desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
    numbers = [_one_pending(pabot, plan, place) for place in range(OPEN + OTHERS)]
    pabot.store.close()
    return numbers[0]


def _one_pending(pabot: Pabot, plan: int, place: int) -> int:
    actor = pabot.desk.directory().members[USER]
    today = pabot.desk.calendar().day(pabot.clock.now())
    command = c.OpenAuthorization(
        patient=c.Patient(f"C-{place}", "J.D.", "Juno", "Nobody"),
        plan_id=plan,
        category=Category.SERVICE,
        service="Power wheelchair",
        lines=(ServiceLine(1, "K0856", "NU"),),
        diagnoses=("G35",),
        clinician_id="U0IDA",
        ordered_on=today,
    )
    number = pabot.desk.open_authorization(command, actor=actor, key=f"open {place}").state.number
    pabot.desk.take_step(c.MarkReady(number=number), actor=actor, key=f"ready {place}")
    sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=pabot.clock.now(), tracking_number=f"T{place}")
    pabot.desk.take_step(sent, actor=actor, key=f"sent {place}")
    return number


def _first_looks(port: int, first: int) -> dict[str, float]:
    """Each request once, by a process that has warmed up on others."""
    _loaded(port, "show", first + OPEN, OTHERS, 2 * OTHERS)
    return _loaded(port, "show", first, OPEN, OPEN)


def _load(port: int, kind: str, first: int) -> dict[str, float]:
    """The better of two runs, of the baseline as well: a neighbour on the machine must not flatter either."""
    _loaded(port, kind, first, OPEN, REQUESTS // 10)  # to warm up
    return max((_loaded(port, kind, first, OPEN, REQUESTS) for _ in range(2)), key=lambda figures: figures["rate"])


def _loaded(port: int, kind: str, first: int, count: int, requests: int) -> dict[str, float]:
    wanted: dict[str, Any] = {
        "port": port, "kind": kind, "first": first, "count": count, "connections": CONNECTIONS,
        "form": contact_form(), "requests": requests,
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.load", json.dumps(wanted)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def contact_form() -> dict[str, Any]:
    """What Slack sends of the form in which somebody logged a call."""
    state = {
        "channel": {"channel": {"type": "static_select", "selected_option": {"value": "phone"}}},
        "found": {"found": {"type": "static_select", "selected_option": {"value": "in_review"}}},
        "spoke_with": {"spoke_with": {"type": "plain_text_input", "value": "Pat"}},
        "reference": {"reference": {"type": "plain_text_input", "value": "REF-1"}},
        "result": {"result": {"type": "plain_text_input", "value": "Still in review."}},
        "next_check_on": {"next_check_on": {"type": "datepicker", "selected_date": None}},
        "expected_on": {"expected_on": {"type": "datepicker", "selected_date": None}},
    }
    blocks = [{"type": "input", "block_id": name} for name in state]
    return {
        "id": "V1", "hash": "1.1", "type": "modal", "callback_id": "pa.log_contact.submit",
        "blocks": blocks, "state": {"values": state},
    }  # fmt: skip


@contextmanager
def _bare() -> Iterator[int]:
    port = free_port()
    with process([sys.executable, "-m", "benchmarks.bare", str(port)]):
        _wait(port)
        yield port


@contextmanager
def _pabot_web(environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "pabot", "web", "--workers", "1"]
    with process(command, {**environment, "PABOT_BIND": f"127.0.0.1:{port}"}):
        _wait(port)
        yield port


@contextmanager
def process(command: list[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A child that is stopped at the end."""
    child = subprocess.Popen(command, env={**os.environ, **(environment or {})}, cwd=Path(__file__).parents[1])
    try:
        yield child
    finally:
        child.terminate()
        child.wait(15)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")
