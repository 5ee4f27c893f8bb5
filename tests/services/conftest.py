"""Practices of other kinds than the usual one, which runs on each database."""

from collections.abc import Iterator

import pytest
from record_practice import Bench, a_practice

from pabot.domain.cards import Privacy


@pytest.fixture
def bench(sqlite_url: str) -> Iterator[Bench]:
    """A practice on SQLite alone, for rules that are the same on each database."""
    with a_practice(sqlite_url) as made:
        yield made


@pytest.fixture
def open_practice(database_url: str) -> Iterator[Bench]:
    """A practice that shows identity in Slack."""
    with a_practice(database_url, Privacy.FULL) as made:
        yield made
