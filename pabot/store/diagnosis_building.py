"""Has the list of diagnoses made beside a process that serves people, without ever being waited for."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

log = logging.getLogger(__name__)

GRACE_S = 2


class Building:
    """The child that makes the file, and a thread that hears how it went."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._stopped = Event()
        self._child: subprocess.Popen[str] | None = None
        self._watch = Thread(target=self._hear, daemon=True, name="diagnoses")

    def start(self) -> None:
        """Nothing to do when the file is there."""
        if self._target.exists():
            return
        self._child = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "pabot.store.diagnosis_build", str(self._target)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C at the terminal is ours to pass on
        )
        self._watch.start()

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def wait(self) -> None:
        """Until it is known how it went."""
        if self._child:
            self._watch.join()

    def stop(self) -> None:
        """End it if it still runs; what it left is swept by the next one."""
        self._stopped.set()
        if self._child:
            self._child.terminate()
            self._watch.join(GRACE_S)

    def _hear(self) -> None:
        if self._child is None:
            return
        _, said = self._child.communicate()
        if self._stopped.is_set():
            return
        if self._child.returncode == 0:
            log.info("the list of diagnoses is ready")
            return
        reason = (said.strip().splitlines() or ["no reason given"])[-1]
        log.warning(
            "no diagnoses are suggested, codes typed by hand work: the list cannot be written to %s (%s); "
            "name another folder in PABOT_CACHE_DIR",
            self._target.parent,
            reason,
        )


def can_be_written(folder: Path) -> bool:
    """Whether the list can be made there; the folder itself need not exist yet."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


@contextmanager
def built_meanwhile(target: Path) -> Iterator[Building]:
    building = Building(target)
    building.start()
    try:
        yield building
    finally:
        building.stop()
