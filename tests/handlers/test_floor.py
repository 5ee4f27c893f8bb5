"""Who has the floor: one request after the other; whoever waits for Slack gives it up, and nobody waits for long."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from practice_bot import Bot, running
from record_practice import together
from slack_sdk import WebClient

from pabot.domain.cards import Privacy
from pabot.handlers import floor as the_floor
from pabot.handlers.floor import Floor

LONG = 20  # seconds


@pytest.fixture
def open_bot(tmp_path: Path) -> Iterator[Bot]:
    """Of a practice that shows identity in Slack, so that each look leaves an event."""
    with running(tmp_path, privacy=Privacy.FULL) as one:
        yield one


class Line(WebClient):
    """A line to Slack on which something may happen."""

    def __init__(self, happens: Any) -> None:
        super().__init__()
        self._happens = happens

    def api_call(self, *_: Any, **__: Any) -> Any:
        return self._happens()


def views(bot: Bot) -> int:
    with bot.desk.store.read() as session:
        return int(session.connection.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'view'").scalar_one())


def test_one_request_is_worked_on_after_the_other(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_floor, "PATIENCE_S", LONG)
    floor, at_work, most = Floor(bot.desk, 1), list[int](), list[int]()

    def work() -> None:
        with floor.held():
            at_work.append(1)
            most.append(len(at_work))
            bot.desk.settings()
            at_work.pop()

    assert together(*[work] * 8) == [None] * 8
    assert most == [1] * 8


def test_others_go_on_while_somebody_waits_for_slack(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_floor, "PATIENCE_S", LONG)
    floor, asked, answered = Floor(bot.desk, 1), Event(), Event()
    slow = Line(lambda: asked.set() or answered.wait(LONG))

    def open_a_form() -> None:
        with floor.held():
            assert floor.lent(slow).api_call("views.open")

    waiting = Thread(target=open_a_form)
    waiting.start()
    assert asked.wait(LONG)
    with floor.held():  # would wait for as long as it takes
        answered.set()
    waiting.join(LONG)
    assert not waiting.is_alive()


def test_nobody_waits_for_one_that_takes_long(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_floor, "PATIENCE_S", 0.01)
    floor, done, begun = Floor(bot.desk, 1), Event(), Event()

    def draw_a_long_list() -> None:
        with floor.held():
            begun.set()
            assert done.wait(LONG)

    long = Thread(target=draw_a_long_list)
    long.start()
    assert begun.wait(LONG)
    with floor.held():
        done.set()
    long.join(LONG)
    with floor.held():  # whoever went on beside it had nothing to give back
        assert not floor._turns.take(0.01)


def test_a_view_is_on_disk_before_slack_hears_of_it(open_bot: Bot) -> None:
    number = open_bot.request().state.number
    seen: list[int] = []
    floor = Floor(open_bot.desk, 1)
    with floor.held():
        open_bot.desk.card(number, actor=open_bot.member("U0CORA"), seen_full=True)
        assert views(open_bot) == 0
        floor.lent(Line(lambda: seen.append(views(open_bot)))).api_call("views.open")
        open_bot.desk.card(number, actor=open_bot.member("U0DOC"), seen_full=True)
    assert seen == [1]
    assert views(open_bot) == 2


def test_a_card_whose_view_cannot_be_kept_is_not_shown(open_bot: Bot, tmp_path: Path) -> None:
    number = open_bot.request().state.number
    command = f"show {number}"
    assert "Diagnoses: G35" in str(open_bot.command("U0CORA", command))
    with closing(sqlite3.connect(tmp_path / "record.db")) as other:
        other.execute("BEGIN IMMEDIATE")  # reading goes on meanwhile
        said = str(open_bot.command("U0CORA", command))
    assert "The record does not answer. Nothing was saved; try again in a moment." in said
    assert "Diagnoses: G35" not in said
    assert views(open_bot) == 1
