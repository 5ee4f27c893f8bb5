"""A few at once, and whoever has waited longest next.

A lock of the library wakes whom it likes: at fifty requests at once the unlucky waited six times as long as most.
"""

from collections import deque
from threading import Lock


class Turns:
    """So many turns at the same time. Whoever took one gives it back."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[Lock] = deque()  # each is released when its turn has come
        self._change = Lock()

    def take(self, wait_s: float) -> bool:
        """Wait for a turn, at most so many seconds. False when none came."""
        with self._change:
            if self._free:
                self._free -= 1
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        return mine.acquire(timeout=wait_s) or not self._left(mine)

    def give(self) -> None:
        """The turn goes to whoever has waited longest."""
        with self._change:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _left(self, mine: Lock) -> bool:
        """Wait no longer. False when the turn came in that very moment."""
        with self._change:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True
