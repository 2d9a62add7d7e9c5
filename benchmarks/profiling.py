"""Where our service spends its time under load: a flame graph, and the heaviest functions as text."""

import asyncio
import subprocess
import sys
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.loading import Load
from benchmarks.processes import cpu_s, tree
from benchmarks.workloads.bench import Bench

_SHOWN = 45
_RATE_HZ = 500
_SETTLE_S = 1.0


async def profile(bench: Bench, load: Load, output: Path) -> list[Path]:
    """Load our service, and watch it with py-spy meanwhile; the files.

    The load is not a measurement: whoever watches takes part of the processor.
    """
    async with AsyncExitStack() as stack:
        ours = await bench.ours("profiled", "acceptance_api")
        await bench.opened(stack, ours)
        await ours.measure(Load(connections=load.connections, seconds=2), count=6_000)
        await ours.preparation.provide(int(load.seconds * 4_000))
        loading = asyncio.create_task(ours.measure(load, count=int(load.seconds * 4_000)))
        await asyncio.sleep(load.seconds * 0.2 + _SETTLE_S)
        busiest = max(tree(ours.running.pid), key=cpu_s)
        seconds = max(1, round(load.seconds * 0.6))
        stacks = await asyncio.to_thread(_watched, busiest, seconds, output / "profile.txt")
        found = await loading
    bench.say(f"  {found['rate']:,.0f}/s while it was watched")
    listed = output / "profile.md"
    listed.write_text(listing(stacks))
    return [output / "profile.txt", listed]


def listing(stacks: str) -> str:
    """The heaviest functions: by themselves, and with all they call; a line of `stacks` is `a;b;c count`."""
    alone: Counter[str] = Counter()
    within: Counter[str] = Counter()
    total = 0
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        names = [_without_line(frame) for frame in frames.split(";")]
        total += int(count)
        alone[names[-1]] += int(count)
        within.update(dict.fromkeys(names, int(count)))
    return "\n".join(
        [*_ranked("By themselves", alone, total), "", *_ranked("With all they call", within, total), ""],
    )


def _ranked(title: str, counted: Counter[str], total: int) -> list[str]:
    ranked = counted.most_common(_SHOWN)
    return [f"## {title}", "", *(f"- {count / max(total, 1):6.1%} {name}" for name, count in ranked)]


def _without_line(frame: str) -> str:
    """`name (file:line)` without the line."""
    return frame.rpartition(":")[0] + ")" if ":" in frame else frame


def _watched(pid: int, seconds: int, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    command = Path(sys.executable).with_name("py-spy")
    subprocess.run(  # noqa: S603 - own paths
        [
            *(command, "record", "--pid", str(pid), "--format", "raw", "--output", path),
            *("--duration", str(seconds), "--rate", str(_RATE_HZ), "--nonblocking"),
        ],
        check=True,
        capture_output=True,
    )
    return path.read_text()
