"""A quiet log: what the simulation has to tell stands in its trace."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def lines() -> Iterator[None]:
    """Keep the log out of the way."""
    with capture_logs():
        yield
