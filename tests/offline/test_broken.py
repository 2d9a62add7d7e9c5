"""What breaks the protocol is noticed: each check by something that breaks what it checks."""

import pytest

from tests.offline.broken import DEVICES, SERVERS
from tests.offline.device import Device
from tests.offline.invariants import CHECKS
from tests.offline.model import ModelServer
from tests.offline.simulation import simulate
from tests.offline.story import Story

SEEDS = range(60)


@pytest.mark.parametrize(("server", "check"), SERVERS.items(), ids=lambda one: getattr(one, "__name__", one))
async def test_a_server_that_breaks_the_protocol_is_noticed(server: type[ModelServer], check: str) -> None:
    assert any([notices(check, await simulate(seed, server())) for seed in SEEDS])


@pytest.mark.parametrize(("device", "check"), DEVICES.items(), ids=lambda one: getattr(one, "__name__", one))
async def test_an_app_that_breaks_the_protocol_is_noticed(device: type[Device], check: str) -> None:
    assert any([notices(check, await simulate(seed, ModelServer(), make=device)) for seed in SEEDS])


def test_every_check_has_something_that_breaks_what_it_checks() -> None:
    assert {*SERVERS.values(), *DEVICES.values()} == {check.__name__ for check in CHECKS}


def notices(check: str, story: Story) -> bool:
    """Whether a check finds fault with a story."""
    (found,) = [one for one in CHECKS if one.__name__ == check]
    return next(found(story), None) is not None
