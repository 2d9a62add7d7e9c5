"""Replay a seed and print its trace: `python -m tests.offline SEED [--service]`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from structlog.testing import capture_logs

from acceptance_api.kernel.migrations import upgrade
from tests.offline.invariants import faults_of
from tests.offline.model import ModelServer
from tests.offline.real import open_arena
from tests.offline.simulation import DEVICES_MAX, simulate
from tests.offline.story import Story
from tests.offline.weather import starts_at


def main() -> int:
    """Print the trace, its digest, and what does not hold; fail when something does not."""
    parser = argparse.ArgumentParser(prog="python -m tests.offline", description="Replay a simulation by its seed.")
    parser.add_argument("seed", type=int)
    parser.add_argument("--service", action="store_true", help="against the service on SQLite, not against the model")
    asked = parser.parse_args()
    story = asyncio.run(_with_the_service(asked.seed) if asked.service else simulate(asked.seed, ModelServer()))
    faults = faults_of(story)
    lines = [*story.trace, f"digest {story.digest}", *(f"FAULT {fault}" for fault in faults)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if faults else 0


async def _with_the_service(seed: int) -> Story:
    with tempfile.TemporaryDirectory() as directory, capture_logs():
        url = f"sqlite+aiosqlite:///{directory}/acceptance.db"
        await upgrade(url)
        async with open_arena(url, Path(directory)) as arena:
            server = await arena.server(devices=DEVICES_MAX, at=starts_at(seed))
            return await simulate(seed, server, version=await server.version())


if __name__ == "__main__":
    sys.exit(main())
