"""Group commit: small writes of many threads in one transaction, which wait for the disk once."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Whoever comes first writes for all who came meanwhile. `write` does it in one transaction."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._waiting: deque[tuple[T, Future[None]]] = deque()
        self._turn = Lock()

    def add(self, item: T) -> None:
        """Returns when the item is on disk. Raises what kept its batch from being written; then none of it is."""
        done: Future[None] = Future()
        self._waiting.append((item, done))
        with self._turn:
            if not done.done():
                self._write_waiting()
        done.result()

    def _write_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self._write([item for item, _ in batch])
        except BaseException as failed:
            for _, done in batch:
                done.set_exception(failed)
        else:
            for _, done in batch:
                done.set_result(None)
