"""Running the loader beside a server, and reading the clocks of server and database around it."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, cpu_s, python, rss_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How a server is loaded: so many connections, for so long, at a rate or (0) as fast as it answers."""

    connections: int
    seconds: float
    rate: float = 0.0

    @property
    def name(self) -> str:
        """`64` or `open 64`."""
        return f"open {self.connections}" if self.rate else str(self.connections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a good answer is: its status, how often it holds a text, and how many units of work it stands for."""

    status: int = 201
    mark: str = ""
    marks: int = 1
    units: int = 1


class LoaderFailed(Exception):  # noqa: N818 - it says what happened
    """The loader ended without a sum."""


def measure(
    port: int, requests: Path, load: Load, expected: Expected, *, server: int, database: int | None
) -> dict[str, Any]:
    """Load a server; what came back, and what the process trees of server and database spent on it.

    Raises:
        LoaderFailed: it could not connect, or ended without a sum.
    """
    command = python(
        *("-m", "benchmarks.loader", str(requests)),
        *("--port", str(port), "--connections", str(load.connections), "--seconds", str(load.seconds)),
        *("--rate", str(load.rate), "--status", str(expected.status)),
        *("--mark", expected.mark, "--marks", str(expected.marks), "--units", str(expected.units)),
    )
    spent = _spent_by({"server_cpu_s": server} | ({"database_cpu_s": database} if database else {}))
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - own command
        assert process.stdin  # noqa: S101 - both are pipes
        assert process.stdout  # noqa: S101
        if process.stdout.readline() != "ready\n":
            raise LoaderFailed("it did not connect")
        before = spent()
        process.stdin.write("go\n")
        process.stdin.flush()
        said = process.stdout.readline()
        after = spent()
    if not said:
        raise LoaderFailed("it ended without a sum")
    found: dict[str, Any] = json.loads(said)
    found |= {name: round(after[name] - before[name], 4) for name in after}
    return found | {"rss_bytes": rss_bytes(server), "load_1m": round(os.getloadavg()[0], 2)}


def _spent_by(trees: dict[str, int]) -> Callable[[], dict[str, float]]:
    return lambda: {name: cpu_s(pid) for name, pid in trees.items()}
