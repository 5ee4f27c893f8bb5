"""Who is next: whoever has waited longest, and nobody is owed a turn that they no longer want."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

from pabot.turns import Turns


@contextmanager
def in_line(turns: Turns, done: list[int], people: int) -> Iterator[None]:
    """So many people, one behind the other; each says when their turn has come, and gives it on."""

    def wait(who: int) -> None:
        assert turns.take(20)
        done.append(who)
        turns.give()

    threads = [Thread(target=wait, args=(who,)) for who in range(people)]
    for who, thread in enumerate(threads, 1):
        thread.start()
        until(lambda who=who: len(turns._waiting) == who)  # type: ignore[misc]
    yield
    for thread in threads:
        thread.join(20)


def until(holds: Callable[[], bool]) -> None:
    ends = monotonic() + 20
    while not holds():
        assert monotonic() < ends
        sleep(0.001)


def test_whoever_has_waited_longest_is_next() -> None:
    turns, done = Turns(1), list[int]()
    assert turns.take(0)
    with in_line(turns, done, 6):
        assert done == []
        turns.give()
    assert done == list(range(6))


def test_so_many_at_once_and_no_more() -> None:
    turns = Turns(2)
    assert [turns.take(0.01) for _ in range(3)] == [True, True, False]
    turns.give()
    assert turns.take(0.01)


def test_a_turn_that_nobody_waits_for_any_more_is_free() -> None:
    turns, done = Turns(1), list[int]()
    assert turns.take(0)
    assert not turns.take(0.01)
    with in_line(turns, done, 1):
        turns.give()
    assert done == [0]
    assert turns.take(0)
