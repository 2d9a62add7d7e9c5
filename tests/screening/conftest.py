"""A shop: an outlet with its staff, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acceptance_api.kernel.database import Database
from tests.screening.staff import Staff, staff_of
from tests.support.builders import Shop, open_shop


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in a fresh database, with keys of its own."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def staff(shop: Shop) -> Staff:
    """The shop's staff."""
    return await staff_of(shop)
