"""A database for what does not depend on which."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "rehearsal.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"
