"""What the tests of identity share: one running sandbox, and a client."""

import ssl
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from acceptance_api.identity.sandbox_http import Mode
from tests.support.authorities import Sandbox, StandingClock, running_sandbox

_TRUST = ssl.create_default_context()
"""Made once: reading the machine's certificates is the slowest part of making a client."""


@pytest.fixture(scope="session")
def _server() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_server: Sandbox) -> Sandbox:
    """The sandbox, behaving."""
    _server.behave(Mode.NORMAL)
    return _server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of our own, closed afterwards."""
    async with httpx.AsyncClient(trust_env=False, verify=_TRUST) as client:
        yield client


@pytest.fixture
def clock() -> StandingClock:
    """A clock that stands."""
    return StandingClock()
