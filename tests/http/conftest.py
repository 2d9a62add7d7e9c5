"""A running service for each test of the edge."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from acceptance_api.main import create_app
from tests.support.service import Service, running_service, settings_for


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, at every level, before any redaction."""
    with capture_logs() as captured:
        yield captured


@dataclass(frozen=True, slots=True)
class Edge:
    """The application and a client of it, with nothing behind it."""

    app: FastAPI
    http: httpx.AsyncClient


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    """The edge alone, for what needs no database."""
    app = create_app(settings_for(f"sqlite+aiosqlite:///{tmp_path}/none.db", tmp_path))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield Edge(app, client)


@pytest.fixture
async def service(database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    """The service, on each backend in turn."""
    async with running_service(database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def embedded(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Service]:
    """The service on SQLite alone, for what no database can change."""
    async with running_service(sqlite_url, tmp_path) as running:
        yield running
