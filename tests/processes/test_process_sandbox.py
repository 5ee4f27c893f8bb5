"""`pabot sandbox`, as somebody tries it at a terminal."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from office import PATIENCE_S, Office, bare_environment, pabot, until
from terminal import Terminal

CTRL_C_S = 3


@contextmanager
def opened(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and what it printed until it was open."""
    said = folder / "said"
    with said.open("w") as file:
        child = subprocess.Popen(
            pabot("sandbox", "--no-browse", "--port", "0", *options),
            env=bare_environment(),
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        until(lambda: "pabot is running" in said.read_text() or child.poll() is not None)
        yield child, said.read_text()
    finally:
        child.kill()
        child.wait()


def test_it_opens_says_what_to_do_and_ends(tmp_path: Path) -> None:
    with opened(tmp_path, "--folder", "kept") as (child, said):
        address = re.search(r"The sandbox is open: (http://127\.0\.0\.1:\d+) ", said)
        assert address, said
        assert httpx.get(address[1]).status_code == 200
        assert "WARNING" not in said
        assert "slack_bolt" not in said

        command = re.search(r"set -a;.*", said)
        assert command
        moved = subprocess.run(
            ["bash", "-c", command[0].replace("pabot tick", " ".join(pabot("tick")))],
            env=bare_environment(),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        assert (moved.returncode, moved.stderr) == (0, "")
        assert moved.stdout.startswith("Messages sent or tried: ")

        child.send_signal(signal.SIGINT)
        begun = time.monotonic()
        assert child.wait(PATIENCE_S) == 0
        assert time.monotonic() - begun < CTRL_C_S
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_what_it_cannot_use_is_said(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "sandbox.db").touch()
    used = terminal("sandbox --no-browse --port 0 --folder .")
    assert used.code == 2
    assert "holds the database of an earlier sandbox" in used.err
    refused = terminal("sandbox --no-browse --port 0 --folder /proc/none")
    assert (refused.code, "/proc/none cannot be used" in refused.err) == (2, True)


def test_a_taken_port_is_said(terminal: Terminal, sqlite_office: Office) -> None:
    port = sqlite_office.workspace.base_url.rpartition(":")[2]
    said = terminal(f"sandbox --no-browse --port {port}")
    assert said.code == 2
    assert said.err.strip() == f"Port {port} is taken. Any free one will do: pabot sandbox --port 0"
