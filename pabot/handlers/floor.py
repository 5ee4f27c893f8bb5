"""One request after the other: who has the floor.

Python computes in one thread at a time. Threads that all compute hand over at every statement to the database, and
a fifth of the time goes into handing over; one after the other they are done sooner, and nobody is overtaken. Whoever
waits for Slack lets others go on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

from slack_sdk import WebClient

from pabot.services.desk import Desk
from pabot.turns import Turns

PATIENCE_S = 0.25


class Floor:
    """`at_once` requests have it. Whoever has waited for a quarter of a second goes on beside them: one that takes long
    must not keep the others from answering Slack in its three seconds.

    Nothing leaves before that is on disk which it rests on: what a request noted of who saw what is written, for all
    who have noted something by then, before it is answered and before it calls Slack. One that fails is answered by a
    sentence: what it noted is dropped, for nobody saw it.
    """

    def __init__(self, desk: Desk, at_once: int) -> None:
        self._desk = desk
        self._turns = Turns(at_once)
        self._mine = local()  # `held`: whether this thread has the floor

    @contextmanager
    def held(self) -> Iterator[None]:
        """For as long as a request is worked on. Raises Unavailable when what it noted cannot be written."""
        with self._desk.noting():
            with self._taken():
                yield
            self._desk.settle(self._taken)

    def lent(self, client: WebClient) -> WebClient:
        """The client that Bolt made for this request. During its calls others have the floor."""
        call = client.api_call

        def aside(*given: Any, **named: Any) -> Any:
            with self._left():
                return call(*given, **named)

        client.api_call = aside  # type: ignore[method-assign]
        return client

    @contextmanager
    def _taken(self) -> Iterator[None]:
        self._mine.held = self._turns.take(PATIENCE_S)
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def _left(self) -> Iterator[None]:
        had = self._give()
        try:
            self._desk.settle(self._taken)
            yield
        finally:
            if had:
                self._mine.held = self._turns.take(PATIENCE_S)

    def _give(self) -> bool:
        """Whether there was something to give."""
        had, self._mine.held = getattr(self._mine, "held", False), False
        if had:
            self._turns.give()
        return had
