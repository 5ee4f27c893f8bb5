"""A practice for whoever asks, on each database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from record_practice import Bench, a_practice


@pytest.fixture
def practice(database_url: str) -> Iterator[Bench]:
    with a_practice(database_url) as bench:
        yield bench


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """For what does not depend on the database."""
    copy = tmp_path / "record.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"
