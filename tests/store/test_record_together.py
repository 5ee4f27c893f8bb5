"""Notes of many threads are written at once, and nobody goes on before theirs is on disk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event

import pytest
from record_practice import together

from pabot.store.together import Together

LONG = 20  # seconds


class Disk:
    """What was written, batch by batch; or full."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.is_full = False

    def write(self, items: Sequence[str]) -> None:
        if self.is_full:
            raise OSError("no space left")
        self.batches.append(sorted(items))


@contextmanager
def at_once() -> Iterator[None]:
    yield


def test_alone_it_is_on_disk_at_once() -> None:
    disk = Disk()
    notes = Together(disk.write)
    for note in "ab":
        notes.add(note)
    assert disk.batches == [["a"], ["b"]]


def test_later_it_is_on_disk_when_it_is_waited_for() -> None:
    disk = Disk()
    notes = Together(disk.write)
    with notes.later():
        notes.add("a")
        notes.add("b")
        assert disk.batches == []
        notes.settle(at_once)
        assert disk.batches == [["a", "b"]]
        notes.settle(at_once)  # there is nothing to wait for
    notes.settle(at_once)
    notes.add("c")
    assert disk.batches == [["a", "b"], ["c"]]


def test_one_writes_for_all_who_come_before_its_turn() -> None:
    """The first waits for a turn; whoever adds meanwhile is in its batch."""
    disk, others_are_there = Disk(), Event()
    notes = Together(disk.write)

    @contextmanager
    def in_turn() -> Iterator[None]:
        assert others_are_there.wait(LONG)
        yield

    def look(who: str) -> str:
        with notes.later():
            notes.add(who)
            if len(notes._waiting) == 5:
                others_are_there.set()
            notes.settle(in_turn)
            assert any(who in batch for batch in disk.batches)
        return who

    assert together(*(partial(look, who) for who in "abcde")) == list("abcde")
    assert disk.batches == [list("abcde")]


def test_what_cannot_be_written_is_said_to_each_and_not_tried_behind_their_back() -> None:
    disk = Disk()
    notes = Together(disk.write)
    disk.is_full = True
    with notes.later():
        notes.add("a")
        with pytest.raises(OSError, match="no space left"):
            notes.settle(at_once)
    disk.is_full = False
    notes.add("b")
    assert disk.batches == [["b"]]


def test_what_nobody_waited_for_is_not_written() -> None:
    """A request that failed showed nothing."""
    disk = Disk()
    notes = Together(disk.write)

    def fail() -> None:
        with notes.later():
            notes.add("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    notes.add("b")
    assert disk.batches == [["b"]]


def test_whoever_gets_no_turn_keeps_nobody_waiting() -> None:
    disk = Disk()
    notes = Together(disk.write)

    @contextmanager
    def no_turn() -> Iterator[None]:
        raise RuntimeError("no turn")
        yield

    with notes.later():
        notes.add("a")
        with pytest.raises(RuntimeError, match="no turn"):
            notes.settle(no_turn)
    notes.add("b")
    assert disk.batches == [["b"]]


def test_nobody_waits_for_a_turn_whose_note_another_has_written() -> None:
    disk = Disk()
    notes = Together(disk.write)

    @contextmanager
    def never() -> Iterator[None]:
        raise AssertionError("there is nothing left to write")
        yield

    with notes.later():
        notes.add("a")
        together(partial(notes.add, "b"))
        notes.settle(never)
    assert disk.batches == [["a", "b"]]
