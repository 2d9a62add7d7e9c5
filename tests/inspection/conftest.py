"""A shop: an outlet with its staff, on each database."""

from pathlib import Path

import pytest

from acceptance_api.kernel.database import Database
from tests.support.builders import Shop, open_shop


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> Shop:
    """A shop in a fresh database, with keys of its own."""
    return await open_shop(database, tmp_path)
