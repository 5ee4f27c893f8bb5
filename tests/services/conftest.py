"""A practice for whoever asks, on each database."""

from collections.abc import Iterator

import pytest
from record_practice import Bench, a_practice


@pytest.fixture
def practice(database_url: str) -> Iterator[Bench]:
    with a_practice(database_url) as bench:
        yield bench
