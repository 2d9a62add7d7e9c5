"""Devices that decide while they are offline lose nothing and repeat nothing, whatever link, clock and power do.

A seed that fails is replayed by `python -m tests.offline SEED`.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.offline.contract import RENUMBERED_AT
from tests.offline.invariants import faults_of
from tests.offline.model import ModelServer
from tests.offline.real import Arena, open_arena
from tests.offline.simulation import DEVICES_MAX, simulate
from tests.offline.story import Story
from tests.offline.weather import starts_at

ROOT = Path(__file__).parents[2]
QUICK, ON_POSTGRESQL, OF_THE_MODEL = range(30), range(4), range(300)
LONG, LONG_OF_THE_MODEL = range(2_000), range(20_000)


async def test_the_protocol_holds_between_the_devices_and_the_model() -> None:
    assert await failing_with_the_model(OF_THE_MODEL) == {}


async def test_the_service_keeps_the_protocol_and_does_what_the_model_does(sqlite_url: str, tmp_path: Path) -> None:
    async with open_arena(sqlite_url, tmp_path) as arena:
        assert await failing(arena, QUICK) == {}


async def test_so_it_does_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    async with open_arena(postgresql_url, tmp_path) as arena:
        assert await failing(arena, ON_POSTGRESQL) == {}


@pytest.mark.long
async def test_the_protocol_holds_for_many_seeds() -> None:
    assert await failing_with_the_model(LONG_OF_THE_MODEL) == {}


@pytest.mark.long
async def test_the_service_keeps_the_protocol_for_many_seeds(sqlite_url: str, tmp_path: Path) -> None:
    async with open_arena(sqlite_url, tmp_path) as arena:
        assert await failing(arena, LONG) == {}


async def test_a_seed_is_replayed_byte_for_byte_by_its_command() -> None:
    first, second = (replayed(7, hash_seed=hash_seed) for hash_seed in ("1", "2"))
    story, another = await simulate(7, ModelServer()), await simulate(8, ModelServer())

    assert first == second == [*story.trace, f"digest {story.digest}"]
    assert story.digest != another.digest


async def test_the_quick_seeds_hold_every_kind_of_trouble() -> None:
    seen: Counter[str] = Counter()
    for seed in QUICK:
        seen.update(troubles_of(await simulate(seed, ModelServer())))

    assert {trouble for trouble in TROUBLES if seen[trouble] == 0} == set()


# --- how it is asked --------------------------------------------------------------------------------------------------

TROUBLES = (
    "lost", "arrives twice", "overtaken", "gzip", "loses power", "never reached the disk",
    "sets its clock", "sets its clock by -", "skew over a day", "decided before, received after",
    "200", "201", "409 (waybill_already_decided)", "422 (invalid acceptance/waybill)", "422 (invalid occurred_at)",
    "503 overloaded", "503 (overloaded)", "accepted", "held", "refused", "by 2018-05-01", "by 2025-06-01",
)  # fmt: skip


async def failing_with_the_model(seeds: Iterable[int]) -> dict[int, list[str]]:
    """What does not hold, by the seeds in which it does not."""
    found = {seed: faults_of(await simulate(seed, ModelServer())) for seed in seeds}
    return {seed: faults for seed, faults in found.items() if faults}


async def failing(arena: Arena, seeds: Iterable[int]) -> dict[int, list[str]]:
    """The same of the service: what does not hold, where it differs from the model, what the audit trail lacks."""
    found = {}
    for seed in seeds:
        server = await arena.server(devices=DEVICES_MAX, at=starts_at(seed))
        story = await simulate(seed, server, version=await server.version())
        faults = faults_of(story) + differences(story, await simulate(seed, ModelServer()))
        if sorted(await server.decided()) != [record.id for record in story.records]:
            faults.append("the audit trail tells of other decisions than are recorded")
        if faults:
            found[seed] = faults
    return found


def differences(one: Story, other: Story) -> list[str]:
    """The first line in which two traces differ."""
    if one.digest == other.digest:
        return []
    pairs = zip([*one.trace, "(ends)"], [*other.trace, "(ends)"], strict=False)
    return [next(f"the service: {mine}; the model: {its}" for mine, its in pairs if mine != its)]


def replayed(seed: int, *, hash_seed: str) -> list[str]:
    """What the command prints, in a process of its own."""
    command = [sys.executable, "-m", "tests.offline", str(seed)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return done.stdout.splitlines()


def troubles_of(story: Story) -> set[str]:
    """Which kinds of trouble a story holds."""
    text = "\n".join(story.trace)
    seen = {trouble for trouble in TROUBLES if trouble in text}
    spans = [line.rpartition("-> ")[2] for line in story.trace if " sends " in line]
    arrivals = {(one.device, one.sent_at) for one in story.arrivals}
    return seen | {
        name
        for name, happened in {
            "arrives twice": any(span.count("ms") > 1 for span in spans) and len(arrivals) < len(story.arrivals),
            "never reached the disk": any(not presented.is_kept for presented in story.presented),
            "overtaken": [one.sent_at for one in story.arrivals] != sorted(one.sent_at for one in story.arrivals),
            "decided before, received after": any(
                record.late.occurred_at < RENUMBERED_AT <= record.recorded_at for record in story.records
            ),
            "skew over a day": any(abs(one.skew) > timedelta(days=1) for one in story.arrivals),
        }.items()
        if happened
    }
