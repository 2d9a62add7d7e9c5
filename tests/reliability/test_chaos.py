"""The long drill, `make chaos`: kill -9 of the service and of its database at random moments, under load.

ACCEPTANCE_CHAOS_SEED repeats a run, ACCEPTANCE_CHAOS_KILLS says how many kills (20). It covers the death of processes;
the kernel lives on, so it cannot tell whether `fsync` reached the disk: only a machine that loses its power can.
"""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.counters import books_of
from tests.reliability.running import running_server
from tests.reliability.striking import Drill, Target, drill, migrated, strikes_of

pytestmark = pytest.mark.chaos

COUNTERS = 32
KILLS = int(os.environ.get("ACCEPTANCE_CHAOS_KILLS", "20"))
SEED = int(os.environ.get("ACCEPTANCE_CHAOS_SEED", secrets.randbelow(1_000_000)))
RECOVERY_S = 2.0
CONTROL_KILLS_MAX = 12
_LONG_LIVED = {"ACCEPTANCE_TOKEN_LIFETIME_S": "3600"}
Tell = Callable[[object], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Say something that is seen whatever becomes of the test."""

    def say(words: object) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{words}\n")
            sys.stdout.flush()

    return say


async def test_nothing_answered_is_lost_and_nothing_is_done_twice_on_postgresql(tmp_path: Path, tell: Tell) -> None:
    tell(f"postgresql: seed {SEED}, {KILLS} kills")
    async with (
        migrated() as database,
        running_server(database.url, tmp_path, ACCEPTANCE_UNSAFE_DATABASE="false", **_LONG_LIVED) as (server, till),
    ):
        report = await drill(server, till, database, strikes=strikes_of(SEED, KILLS), seed=SEED, counters=COUNTERS)
        books = await books_of(database.url)
    tell(f"postgresql: {report}")

    assert books.faults(report.answered) == []
    assert max(report.recoveries_s) <= RECOVERY_S
    assert len(report.answered) > 20 * KILLS


async def test_nothing_answered_is_lost_and_nothing_is_done_twice_on_sqlite(
    sqlite_url: str, tmp_path: Path, tell: Tell
) -> None:
    tell(f"sqlite: seed {SEED}, {KILLS} kills")
    strikes = [Target.SERVICE] * KILLS
    async with running_server(sqlite_url, tmp_path, ACCEPTANCE_UNSAFE_DATABASE="false", **_LONG_LIVED) as (
        server,
        till,
    ):
        report = await drill(server, till, None, strikes=strikes, seed=SEED, counters=COUNTERS)
    tell(f"sqlite: {report}")

    assert (await books_of(sqlite_url)).faults(report.answered) == []
    assert len(report.answered) > 20 * KILLS


async def test_the_drill_can_fail_a_database_that_answers_before_it_has_written_loses_records(
    tmp_path: Path, tell: Tell
) -> None:
    """The negative control: when this loses nothing either, the drill above proves nothing."""
    async with (
        migrated({"synchronous_commit": "off"}) as database,
        running_server(database.url, tmp_path, **_LONG_LIVED) as (server, till),
    ):
        lost, kills, report = 0, 0, Drill(seed=SEED)
        while not lost and kills < CONTROL_KILLS_MAX:
            kills += 1
            report = await drill(
                server, till, database, strikes=[Target.DATABASE], seed=SEED + kills, counters=COUNTERS
            )
            lost = len((await books_of(database.url)).lost(report.answered))
    tell(f"control, synchronous_commit=off: lost {lost} of {len(report.answered)} at kill {kills}")

    assert lost > 0


def test_a_seed_says_what_is_killed() -> None:
    strikes = strikes_of(SEED, 20)

    assert strikes == strikes_of(SEED, 20)
    assert [strikes.count(target) for target in Target] == [9, 9, 2]
