"""A practice for whoever asks: over Socket Mode, on each database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice import Practice, a_practice


@pytest.fixture
def practice(database_url: str) -> Iterator[Practice]:
    with a_practice(database_url) as one:
        yield one


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """For what does not depend on the database."""
    copy = tmp_path / "pabot.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"
