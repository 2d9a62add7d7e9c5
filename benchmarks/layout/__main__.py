"""`python -m benchmarks.layout`: do monthly partitions pay, or one plain table beside a look-up table?

Three layouts of the same rows in one PostgreSQL, asked in turn with the same keys, in reversed order every other round:

- `plain`: acceptances, and the tokens that find them, as the service has them;
- `partitioned`: both cut by month, by the time in the acceptance's UUIDv7, so that no key changes;
- `mixed`: acceptances cut by month, tokens plain: a look-up table that knows of no month.

Ids are minted by devices, whose clocks may be wrong, so a partitioned table has a partition for all other times too.
A month is 30 days; the last of the 25 is the current one. A person's tokens are other ones in each month. Statements
are prepared once and PostgreSQL plans them as it sees fit: where it plans anew each time, many partitions cost time.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from acceptance_api.kernel.clock import SystemClock
from benchmarks.layout.corpus import Corpus
from benchmarks.layout.measuring import Bench
from benchmarks.layout.report import report_of
from benchmarks.layout.schema import LAYOUTS, create_layouts
from benchmarks.machine import commit, describe
from benchmarks.postgresql import connect, running_postgresql

RESULTS = Path(__file__).parents[1] / "results"
FORGOTTEN = 3
Say = Callable[[str], None]


def main(
    rows: Annotated[
        list[int] | None, typer.Option(min=100, help="Acceptances; 10,000 and 1,000,000 when not given.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1)] = 7,
    output: Annotated[Path, typer.Option(help="Where layout.json and layout.md go.")] = RESULTS,
) -> None:
    """Measure, and write the raw rounds and a report."""
    found = asyncio.run(_run(rows or [10_000, 1_000_000], rounds, typer.echo))
    output.mkdir(parents=True, exist_ok=True)
    (output / "layout.json").write_text(json.dumps(found, indent=1) + "\n")
    (output / "layout.md").write_text(report_of(found))
    typer.echo(f"wrote layout.json and layout.md to {output}")


async def _run(sizes: Sequence[int], rounds: int, say: Say) -> dict[str, Any]:
    found: dict[str, Any] = {
        "at": SystemClock().now().isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": describe(),
        "rounds": rounds,
        "sizes": [],
    }
    with running_postgresql() as server:
        found["postgresql"] = await server.require_durable()
        for rows in sizes:
            found["sizes"].append(await _measure(await server.create(f"layout_{rows}"), rows, rounds, say))
    return found


async def _measure(url: str, rows: int, rounds: int, say: Say) -> dict[str, Any]:
    corpus = Corpus(rows=rows, until=SystemClock().now())
    say(f"{rows} acceptances: filling {len(LAYOUTS)} layouts")
    await create_layouts(url, corpus)
    async with AsyncExitStack() as stack:
        connections = [await connect(url) for _ in range(2)]
        for one in connections:
            stack.push_async_callback(one.close)
        bench = Bench(corpus=corpus, connection=connections[0], beside=connections[1])
        await bench.fill()
        size = await bench.bytes_of()
        for number in range(1, rounds + 1):
            await bench.run(number)
            say(f"  round {number} of {rounds}")
        for month in range(FORGOTTEN):
            await bench.forget(month)
        return {"rows": rows, "bytes": size, "rounds": bench.rounds, "forgotten": bench.forgotten}


if __name__ == "__main__":
    typer.run(main)
