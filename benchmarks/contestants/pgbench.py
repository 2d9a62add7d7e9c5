"""The limit: pgbench, PostgreSQL's own client in C, inserts the rows of one acceptance in one statement.

It validates nothing, seals nothing, decides nothing and asks nobody: no service can be faster for long.
"""

import asyncio
import math
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.migrations import upgrade
from benchmarks.figures import quantile
from benchmarks.loading import Load
from benchmarks.people import COUNT
from benchmarks.postgresql import PostgreSQL
from benchmarks.processes import cpu_s
from benchmarks.record import Record, Terms, spread

_WARM_S, _WARM_EACH_S = 0.3, 0.01
"""Left out of the figures: a fresh backend first fills its caches, a service's connections have theirs filled."""
_FAILED = re.compile(r"^number of failed transactions: ([0-9]+)", re.MULTILINE)
_SETTINGS = f"\\set person random(1, {COUNT})\n\\set number random(1, 9000000000000)\n"
TERMS = Terms(
    minted=lambda number: f"m.u{number}",
    waybill="('PB' || lpad(:number::text, 13, '0'))",
    key="replace(m.u0::text, '-', '')",
    now="now()",
    blind=spread(":person"),
)


class PgbenchFailed(Exception):  # noqa: N818 - it says what happened
    """pgbench did not run to its end."""


class Pgbench:
    """The limit, in a database of its own with our schema."""

    name = "pgbench"
    title = "pgbench, the same rows in one statement"

    def __init__(self, directory: Path, postgresql: PostgreSQL, record: Record) -> None:
        """Not yet opened."""
        directory.mkdir(parents=True)
        self._directory = directory
        self._postgresql = postgresql
        self._record = record
        self._url = ""

    async def open(self) -> None:
        """Make the schema, and write the script."""
        self._url = await self._postgresql.create("limit")
        await upgrade(self._url)
        ids = ", ".join(f"uuidv7() AS u{number}" for number in range(self._record.minted))
        statement = self._record.statement(TERMS, source=f"SELECT {ids}")
        (self._directory / "script.sql").write_text(f"{_SETTINGS}{statement};\n")

    async def close(self) -> None:
        """Nothing runs between loads."""

    async def prepare(self, count: int) -> None:
        """Nothing: what it needs is made before each load's clock starts."""

    async def measure(self, load: Load, *, count: int) -> dict[str, Any]:
        """Run it with as many clients, for as long; what it said."""
        del count  # its records are made as it goes
        return await asyncio.to_thread(self._run, load)

    def _run(self, load: Load) -> dict[str, Any]:
        for log in self._directory.glob("latency.*"):
            log.unlink()
        warm_s = _WARM_S + load.connections * _WARM_EACH_S
        seconds = math.ceil(warm_s + load.seconds)
        with subprocess.Popen(  # noqa: S603 - own paths
            self._command(load, seconds),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"LC_ALL": "C.UTF-8"},
        ) as process:
            time.sleep(warm_s)
            since, spent = SystemClock().now().timestamp(), cpu_s(self._postgresql.pid)
            said, complained = process.communicate()
        spent = cpu_s(self._postgresql.pid) - spent
        if process.returncode:
            raise PgbenchFailed(complained[-2000:])
        failed = int(found[1]) if (found := _FAILED.search(said)) else 0
        ended, latencies = self._transactions(since)
        elapsed = (max(ended) if ended else since) - since
        return {
            "elapsed_s": round(elapsed, 6),
            "good": len(latencies),
            "accepted": len(latencies),
            "rate": round(len(latencies) / elapsed, 3) if elapsed else 0.0,
            "answers": len(latencies),
            "statuses": {"committed": len(latencies)},
            "surprises": {"failed transactions": failed} if failed else {},
            **{f"p{q}_ms": quantile(latencies, q / 100) if latencies else None for q in (50, 90, 99)},
            "max_ms": latencies[-1] if latencies else None,
            "database_cpu_s": round(spent, 4),
            "load_1m": round(os.getloadavg()[0], 2),
        }

    def _command(self, load: Load, seconds: int) -> list[str | Path]:
        return [
            *(self._postgresql.binaries / "pgbench", "--no-vacuum", "--protocol=prepared"),
            *("--file", self._directory / "script.sql", "--log", f"--log-prefix={self._directory}/latency"),
            *(f"--client={load.connections}", f"--jobs={min(2, load.connections)}", f"--time={seconds}"),
            f"postgresql://postgres@/limit?host={quote(str(self._postgresql.directory), safe='')}",
        ]

    def _transactions(self, since: float) -> tuple[list[float], list[float]]:
        """When the transactions after the warm-up ended, and their latencies in milliseconds, in order.

        A line of the log: client, number, microseconds it took, script, second and microsecond in which it ended.
        """
        logs = [log.read_text() for log in self._directory.glob("latency.*")]
        lines = [line.split(" ", 6) for log in logs for line in log.splitlines()]
        known = [(int(one[4]) + int(one[5]) / 1e6, int(one[2]) / 1000) for one in lines]
        counted = [one for one in known if one[0] >= since]
        return [ended for ended, _ in counted], sorted(latency for _, latency in counted)
