"""Group commit: small writes of many threads in one transaction, which wait for the disk once."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock, local
from typing import Generic, TypeVar

T = TypeVar("T")

Turn = Callable[[], AbstractContextManager[None]]  # what whoever writes waits for before


class Together(Generic[T]):
    """One thread writes for all that wait at that moment. `write` does it in one transaction."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._waiting: deque[tuple[T, Future[None]]] = deque()
        self._is_led = False  # somebody is about to write what waits
        self._change = Lock()
        self._mine = local()  # `later`: what this thread has added and not waited for; None: it waits at once

    def add(self, item: T) -> None:
        """On disk when this returns; within `later`, when `settle` has. Raises what kept it from being written."""
        done: Future[None] = Future()
        with self._change:
            self._waiting.append((item, done))
        later: list[Future[None]] | None = getattr(self._mine, "later", None)
        if later is None:
            self._written([done], nullcontext)
        else:
            later.append(done)

    @contextmanager
    def later(self) -> Iterator[None]:
        """What this thread adds meanwhile is waited for by `settle`; what is not waited for by the end is dropped."""
        self._mine.later = []
        try:
            yield
        finally:
            dropped, self._mine.later = self._mine.later, None
            if dropped:
                with self._change:
                    self._waiting = deque(one for one in self._waiting if one[1] not in dropped)

    def settle(self, turn: Turn) -> None:
        """Return when all is on disk that this thread has added. Raises what kept it from being written."""
        added: list[Future[None]] | None = getattr(self._mine, "later", None)
        if added:
            self._mine.later = []
            self._written(added, turn)

    def _written(self, added: Sequence[Future[None]], turn: Turn) -> None:
        with self._change:
            leads = bool(self._waiting) and not self._is_led
            self._is_led = self._is_led or leads
        if leads:
            self._lead(turn)
        for done in added:
            done.result()

    def _lead(self, turn: Turn) -> None:
        """Write for all that wait when the turn comes. A batch that cannot be written is written for nobody."""
        batch: deque[tuple[T, Future[None]]] = deque()
        try:
            with turn():
                batch = self._batch()
                self._write([item for item, _ in batch])
        except BaseException as failed:
            for _, done in batch or self._batch():
                done.set_exception(failed)
        else:
            for _, done in batch:
                done.set_result(None)

    def _batch(self) -> deque[tuple[T, Future[None]]]:
        """All that waits. Whoever adds from now on needs another to write it."""
        with self._change:
            batch, self._waiting, self._is_led = self._waiting, deque(), False
        return batch
