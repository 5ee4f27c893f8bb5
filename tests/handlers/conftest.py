"""A running bot for whoever asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_bot import Bot, running


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    with running(tmp_path) as one:
        yield one
