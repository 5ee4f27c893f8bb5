"""A practice for whoever asks: over Socket Mode, on each database."""

from collections.abc import Iterator

import pytest
from practice import Practice, a_practice


@pytest.fixture
def practice(database_url: str) -> Iterator[Practice]:
    with a_practice(database_url) as one:
        yield one
