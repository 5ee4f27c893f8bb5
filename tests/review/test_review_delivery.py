"""What happens to a message when our own record is away, and what a failure may say in the log."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest

from pabot.clock import StandingClock
from pabot.domain.errors import Unavailable
from pabot.domain.practice import PracticeSettings
from pabot.jobs.deliver import Delivery
from pabot.jobs.drawing import Drawing
from pabot.jobs.ticks import _guarded
from pabot.services.practice_days import make_calendar
from pabot.store import messages
from pabot.store.messages import Claimed
from pabot.store.store import Store
from pabot.store.vault import new_master_key

SECRET = "Jessamine Doverly"
NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Store:
    copy(sqlite_template, tmp_path / "pabot.db")
    settings = PracticeSettings("America/New_York", "08:00-17:00 mon-fri", "US")
    made = Store(f"sqlite:///{tmp_path / 'pabot.db'}", [new_master_key()], lambda row: make_calendar(row, NOW.date()))
    made.found(settings)
    with made.write() as session:
        messages.want(session.connection, key="k", kind="need", recipient="C0TEAM", subject="1", now=NOW)
    return made


def failing_with(store: Store, clock: StandingClock, fault: Exception) -> Delivery:
    class Here:
        """A channel of our own; the message never gets as far as being sent."""

        def is_shared_outside(self, channel: str) -> bool:
            return False

    def draw(claimed: Claimed, plain: bool) -> Drawing | None:
        raise fault

    return Delivery(store, Here(), clock, draw)  # type: ignore[arg-type]


def test_a_record_that_is_busy_for_a_moment_parks_no_message(store: Store) -> None:
    clock = StandingClock(NOW)
    failing_with(store, clock, Unavailable("The record is busy.")).run()
    with store.read() as session:
        assert not messages.undelivered(session.connection)
        again = messages.next_due(session.connection)
    assert again is not None
    assert NOW < again <= NOW + timedelta(minutes=5)
    store.close()


def test_a_message_that_cannot_be_drawn_says_nothing_of_its_words(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    failing_with(store, StandingClock(NOW), ValueError(SECRET)).run()
    with store.read() as session:
        assert [row.error for row in messages.undelivered(session.connection)] == ["ValueError"]
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text
    store.close()


def test_a_tick_that_fails_says_nothing_of_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def job() -> None:
        raise ValueError(SECRET)

    with caplog.at_level(logging.ERROR):
        _guarded(job, "job")()
    assert "tick failed" in caplog.text
    assert SECRET not in caplog.text
