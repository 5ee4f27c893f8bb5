"""What `/healthz`, `/metrics` and `pabot check` say of the ticks, as their clock moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pabot import checks
from pabot.app import Pabot, build, health_pages
from pabot.clock import StandingClock
from pabot.domain.health import TICKS
from pabot.settings import Settings, load
from pabot.store import migrations
from pabot.store.vault import new_master_key


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load(
        database_url=f"sqlite:///{tmp_path / 'pabot.db'}", secret_keys=new_master_key(), metrics_token="figures"
    )
    migrations.upgrade(made.database_url)
    return made


@pytest.fixture
def pabot(settings: Settings) -> Iterator[Pabot]:
    one = build(settings, StandingClock())
    one.store.found(settings.seed())
    yield one
    one.store.close()


def page(pabot: Pabot, path: str) -> tuple[str, list[str]]:
    told: list[str] = []
    environ = {"PATH_INFO": path, "HTTP_AUTHORIZATION": "Bearer figures"}
    body = b"".join(health_pages(pabot)(environ, lambda status, headers: told.append(status)))
    return told[0], body.decode().splitlines()


def forward(pabot: Pabot, **span: float) -> None:
    assert isinstance(pabot.clock, StandingClock)
    pabot.clock.forward(**span)


def test_before_any_worker_all_is_well(pabot: Pabot) -> None:
    status, lines = page(pabot, "/healthz")
    assert (status, lines[0]) == ("200 OK", "ok")
    assert lines[1:] == [f"{name}: no worker has served yet" for name in TICKS]
    assert "pabot_faults_standing 0" in page(pabot, "/metrics")[1]
    assert "tick_age" not in str(page(pabot, "/metrics"))


def test_each_tick_shows_its_age_and_one_that_stopped_is_named(pabot: Pabot) -> None:
    pabot.desk.worker_was_here()
    for name in TICKS:
        pabot.jobs.run(name)
    forward(pabot, minutes=16)
    assert page(pabot, "/healthz")[0] == "503 Service Unavailable"
    for name in TICKS.keys() - {"alarms"}:
        pabot.jobs.run(name)
    status, lines = page(pabot, "/healthz")
    assert (status, lines[0]) == ("503 Service Unavailable", "alarms has stopped")
    assert {"alarms: ran 16 min ago: too long", "digest: ran 0 s ago"} <= set(lines)
    figures = page(pabot, "/metrics")[1]
    assert {'pabot_tick_age_seconds{tick="alarms"} 960', 'pabot_tick_age_seconds{tick="audit"} 0'} <= set(figures)
    assert "pabot_faults_standing 0" in figures


def test_a_tick_writes_once_in_half_a_minute(pabot: Pabot) -> None:
    noted = []
    for _ in range(120):  # a minute of the fastest tick
        pabot.jobs.run("deliver")
        noted.append(next(pulse.ran_at for pulse in pabot.desk.pulses() if pulse.tick == "deliver"))
        forward(pabot, seconds=0.5)
    assert len(set(noted)) == 2


def test_check_says_what_stopped_and_what_to_do(settings: Settings, pabot: Pabot) -> None:
    pabot.desk.worker_was_here()
    forward(pabot, hours=-2)
    for name in TICKS.keys() - {"deliver"}:
        pabot.jobs.run(name)
    forward(pabot, hours=2)
    pabot.jobs.run("deliver")
    said = {line.what: line.ok for line in checks.run(settings, audit=False)}
    assert said["alarms: ran 2 h ago: too long: start pabot run or pabot worker"] is False
    assert [well for what, well in said.items() if what.startswith("deliver: ran ")] == [
        True
    ]  # by the clock on the wall
    assert said["faults that the auditor found: 0"] is True
