"""Has the list of diagnoses made beside a process that serves people, without ever being waited for."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

log = logging.getLogger(__name__)

AFTER_S = 3  # the start of whoever serves people comes first
GRACE_S = 2


class Building:
    """The child that makes the file, and a thread that starts it and hears how it went."""

    def __init__(self, target: Path, after_s: float = AFTER_S) -> None:
        self._target, self._after_s = target, after_s
        self._lock = Lock()
        self._stopped = Event()
        self._child: subprocess.Popen[str] | None = None
        self._thread = Thread(target=self._build, daemon=True, name="diagnoses")

    def start(self) -> None:
        """Nothing to do when the file is there."""
        if not self._target.exists():
            self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def wait(self) -> None:
        """Until it is known how it went."""
        if self._thread.is_alive():
            self._thread.join()

    def stop(self) -> None:
        """End it if it still runs; what it left is swept by the next one."""
        with self._lock:
            self._stopped.set()
            if self._child:
                self._child.terminate()
        if self._thread.is_alive():
            self._thread.join(GRACE_S)

    def _build(self) -> None:
        self._stopped.wait(self._after_s)
        with self._lock:
            if self._stopped.is_set():
                return
            self._child = _child(self._target)
        _, said = self._child.communicate()
        if not self._stopped.is_set():
            self._tell(self._child.returncode, said)

    def _tell(self, code: int, said: str) -> None:
        if code == 0:
            log.info("the list of diagnoses is ready")
            return
        reason = (said.strip().splitlines() or ["no reason given"])[-1]
        log.warning(
            "no diagnoses are suggested, codes typed by hand work: the list cannot be written to %s (%s); "
            "name another folder in PABOT_CACHE_DIR",
            self._target.parent,
            reason,
        )


def _child(target: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "pabot.store.diagnosis_build", str(target)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C at the terminal is ours to pass on
    )


def can_be_written(folder: Path) -> bool:
    """Whether the list can be made there; the folder itself need not exist yet."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


@contextmanager
def built_meanwhile(target: Path, after_s: float = AFTER_S) -> Iterator[Building]:
    building = Building(target, after_s)
    building.start()
    try:
        yield building
    finally:
        building.stop()
