"""`pabot run`, `web` and `worker` as processes: they answer, save, deliver, and end when they are told to."""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import psutil
import pytest
from office import GRACE_S, METRICS_TOKEN, Office, an_office, fetch, free_port, serving, until

from pabot.domain.health import TICKS
from tests.e2e.practice import words

NOISE = ("will be unused", "slack_bolt", "slack_sdk", "apscheduler", "Traceback", "WARNING", "ERROR")


@pytest.mark.parametrize("how", ["run", "web and worker"])
def test_a_request_is_saved_and_the_clinician_hears_of_its_denial(office: Office, how: str) -> None:
    cora, ida = office.colleague("cora"), office.colleague("ida")
    with serving(office, how) as children:
        number = cora.opens_request()
        cora.does(number, "Ready to submit")
        cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
        cora.does(number, "Denied", reason="not_medically_necessary", reason_text="Criteria not shown.")
        until(lambda: ida.direct_messages)
        assert f"PA-{number}" in words(ida.direct_messages[-1])
        for child in children:
            _ends_when_told(child)
    said = "".join(log.read_text() for log in office.folder.glob("*.log"))
    assert not [line for line in said.splitlines() if any(noise in line for noise in NOISE)], said


@pytest.fixture(scope="module")
def at_work(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`pabot run`, on SQLite."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(sqlite_template, folder / "pabot.db")
    with an_office(f"sqlite:///{folder / 'pabot.db'}", folder) as one, serving(one, "run"):
        yield one


@pytest.mark.parametrize("role", ["run", "worker"])
def test_a_second_one_on_the_same_file_is_refused(at_work: Office, role: str) -> None:
    refused = at_work.says(role)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "SQLite takes one" in refused.stderr


def test_health_and_figures_of_run(at_work: Office) -> None:
    address = at_work.environment["PABOT_BIND"]
    _is_well(address)
    _figures_need_the_token(address)


def test_health_and_figures_of_web(sqlite_office: Office) -> None:
    address = sqlite_office.environment["PABOT_BIND"]
    sqlite_office.workspace.request_url = f"http://{address}/slack/events"
    with sqlite_office.running("web"):
        until(sqlite_office.answers)
        _is_well(address)
        assert fetch(address, "/")[0] == 404
        _figures_need_the_token(address)


def test_a_taken_port_is_said(sqlite_office: Office) -> None:
    taken = sqlite_office.environment["SLACK_API_URL"].split("/")[2]
    refused = sqlite_office.says("web", PABOT_BIND=taken)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"Nothing can listen on {taken}")


def test_slack_away_at_the_start(sqlite_office: Office) -> None:
    """A known workspace is enough to start, to answer over HTTP and to end; Socket Mode connects when Slack is back."""
    address = sqlite_office.environment["PABOT_BIND"]
    first = sqlite_office.says("run", SLACK_API_URL=_nobody())
    assert first.returncode == 1
    assert first.stderr.splitlines()[-1].startswith("Slack does not answer")

    with sqlite_office.inside() as one:
        workspace = sqlite_office.workspace
        one.desk.know_identity(workspace.team_id, workspace.bot_id, workspace.bot_user_id)
    with sqlite_office.running("run", SLACK_API_URL=_nobody()) as run:
        until(lambda: "trying again" in sqlite_office.log("run"))
        _is_well(address)
        _ends_when_told(run)
    with sqlite_office.running("web", SLACK_API_URL=_nobody()):
        sqlite_office.workspace.request_url = f"http://{address}/slack/events"
        until(sqlite_office.answers)


@pytest.mark.parametrize("how", ["run", "web and worker"])
def test_the_list_of_diagnoses_is_built_beside_the_work(sqlite_office: Office, how: str, tmp_path: Path) -> None:
    """People are answered meanwhile; once it is there, they find by name what they type."""
    cora, cache = sqlite_office.colleague("cora"), tmp_path / "cache"
    with serving(sqlite_office, how, PABOT_CACHE_DIR=str(cache)) as children:
        until(lambda: list(cache.glob("*.db")))
        until(lambda: not _building(children))
        number = cora.opens_request(diagnoses=["M54.16 · Radiculopathy, lumbar region"])
        assert "One of the diagnoses" not in words(cora.card(number))
    assert [path.suffix for path in sorted(cache.iterdir())] == [".db", ".lock"]


@pytest.mark.parametrize("how", ["run", "web and worker"])
def test_an_end_in_the_middle_of_building_ends_all(sqlite_office: Office, how: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with serving(sqlite_office, how, PABOT_CACHE_DIR=str(cache)) as children:
        until(lambda: _building(children))
        family = _building(children)
        for child in children:
            _ends_when_told(child)
    assert psutil.wait_procs(family, GRACE_S)[1] == []
    assert "Traceback" not in "".join(log.read_text() for log in sqlite_office.folder.glob("*.log"))


def test_a_cache_folder_that_cannot_be_written_is_one_line(sqlite_office: Office) -> None:
    with serving(sqlite_office, "run", PABOT_CACHE_DIR="/proc/none"):
        until(lambda: "no diagnoses are suggested" in sqlite_office.log("run"))
        assert sqlite_office.colleague("cora").opens_request(diagnoses=["M54.1X"])
    assert sqlite_office.log("run").count("WARNING") == 1


def test_a_token_that_slack_refuses(sqlite_office: Office) -> None:
    """It is no outage: the start fails, also where the workspace is known."""
    with sqlite_office.inside() as one:
        one.desk.know_identity(sqlite_office.workspace.team_id, "B0BOT", "U0BOT")
    bot = sqlite_office.says("web", SLACK_BOT_TOKEN="xoxb-old")
    assert (bot.returncode, bot.stderr) == (
        1,
        "Slack refuses the bot: invalid_auth. Check SLACK_BOT_TOKEN, then try again.\n",
    )
    app = sqlite_office.says("run", SLACK_APP_TOKEN="xapp-old")
    assert app.returncode == 2
    assert app.stderr.splitlines()[-1].startswith("Slack refuses SLACK_APP_TOKEN (invalid_auth)")


def _ends_when_told(child: Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    assert child.wait(GRACE_S) == 0
    assert time.monotonic() - begun < GRACE_S


def _building(children: list[Popen[bytes]]) -> list[psutil.Process]:
    """The processes that make a list of diagnoses."""
    family = [one for child in children for one in psutil.Process(child.pid).children(recursive=True)]
    return [one for one in family if "pabot.store.diagnosis_build" in _command(one)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # it has just ended
        return []


def _is_well(address: str) -> None:
    status, said = fetch(address, "/healthz")
    assert (status, said.splitlines()[0]) == (200, "ok")
    assert {line.split(":")[0] for line in said.splitlines()[1:]} == set(TICKS)


def _figures_need_the_token(address: str) -> None:
    assert fetch(address, "/metrics")[0] == 401
    assert fetch(address, "/metrics", "guessed")[0] == 401
    status, figures = fetch(address, "/metrics", METRICS_TOKEN)
    assert status == 200
    assert "pabot_messages_waiting 0\n" in figures


def _nobody() -> str:
    return f"http://127.0.0.1:{free_port()}/api/"
