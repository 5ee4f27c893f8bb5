"""An office for whoever asks: on each database, or on SQLite where the database does not matter."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import Office, an_office
from terminal import terminal

__all__ = ["terminal"]


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with an_office(database_url, tmp_path) as one:
        yield one


@pytest.fixture
def sqlite_office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    copy = tmp_path / "pabot.db"
    shutil.copy(sqlite_template, copy)
    with an_office(f"sqlite:///{copy}", tmp_path) as one:
        yield one
