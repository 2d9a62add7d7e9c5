"""`python -m benchmarks`: measure the service beside its peers and limits, without any network."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from benchmarks.behaviour import Misbehaved
from benchmarks.loading import Load
from benchmarks.postgresql import NotDurable, running_postgresql
from benchmarks.processes import NotReady
from benchmarks.profiling import profile as watch
from benchmarks.reporting import Keeping, write_report
from benchmarks.rounds import FULL, NORMAL, QUICK, Plan
from benchmarks.workloads.accepting import accept
from benchmarks.workloads.batching import batch
from benchmarks.workloads.bench import Bench, Workload
from benchmarks.workloads.duties import compare_duties
from benchmarks.workloads.embedded import accept_embedded
from benchmarks.workloads.reading import read
from benchmarks.workloads.searching import search
from benchmarks.workloads.soaking import soak as soak_for

RESULTS = Path(__file__).parent / "results"
Measure = Callable[[Bench], Awaitable[Workload]]
WORKLOADS: dict[str, Measure] = {
    "accept": accept,
    "sqlite": accept_embedded,
    "batch": batch,
    "search": search,
    "read": read,
    "duties": compare_duties,
}
QUICKLY = ("accept",)

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def run(
    *,
    quick: Annotated[bool, typer.Option(help="A look in 90 seconds.")] = False,
    full: Annotated[bool, typer.Option(help="An hour, for a release.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Of: {', '.join(WORKLOADS)}.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1)] = None,
    seconds: Annotated[float | None, typer.Option(min=0.5)] = None,
    records: Annotated[
        int | None, typer.Option(min=1_000, help="One more archive to search, of so many records.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Measure, and write the raw rounds, a report and a plot."""
    chosen = tuple(only or (QUICKLY if quick else WORKLOADS))
    if unknown := set(chosen) - WORKLOADS.keys():
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(WORKLOADS)}")
    base = QUICK if quick else FULL if full else NORMAL
    plan = replace(
        base,
        rounds=rounds or base.rounds,
        seconds=seconds or base.seconds,
        records=(*base.records, records) if records else base.records,
    )
    workloads = {name: WORKLOADS[name] for name in WORKLOADS if name in chosen}
    uvloop.run(_with_bench(plan, lambda bench: _measured(bench, workloads, output)))


@app.command()
def soak(
    *,
    seconds: Annotated[float, typer.Option(min=40, help="How long it is loaded.")] = NORMAL.soak_s,
    output: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS / "soak",
) -> None:
    """Load our service at half of its peak for minutes, and watch its memory."""
    plan = replace(NORMAL, name="soak", soak_s=seconds)
    uvloop.run(_with_bench(plan, lambda bench: _measured(bench, {"soak": soak_for}, output)))


@app.command()
def profile(
    *,
    counters: Annotated[int, typer.Option(min=1)] = 64,
    seconds: Annotated[float, typer.Option(min=5)] = 15,
    output: Annotated[Path, typer.Option(help="Where the files go.")] = Path("var/profile"),
) -> None:
    """Watch our service under load: where does the time go?"""
    load = Load(connections=counters, seconds=seconds)
    uvloop.run(_with_bench(NORMAL, lambda bench: watch(bench, load, output)))
    typer.echo((output / "profile.md").read_text())


@app.command()
def report(raw: Path, *, output: Annotated[Path, typer.Option(help="Where the report goes.")] = RESULTS) -> None:
    """Write the report of a run that was kept."""
    for path in write_report(raw, output):
        typer.echo(f"wrote {path}")


async def _measured(bench: Bench, workloads: Mapping[str, Measure], output: Path) -> list[Path]:
    keeping = Keeping(bench.plan, await bench.postgresql.require_durable(), output)
    written: list[Path] = []
    for name, measure in workloads.items():
        typer.echo(f"{name}:")
        written = keeping.keep(await measure(bench))
    return written


async def _with_bench(plan: Plan, work: Callable[[Bench], Awaitable[list[Path]]]) -> None:
    """Do something with a PostgreSQL and a place for files, both gone at the end; name what it wrote.

    Told to stop, it stops the servers first.
    """
    whole = asyncio.current_task()
    assert whole is not None  # noqa: S101 - a coroutine runs in a task
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, whole.cancel)
    directory = Path(tempfile.mkdtemp(prefix="acceptance-bench-"))
    try:
        with running_postgresql() as postgresql:
            bench = Bench(postgresql=postgresql, directory=directory, plan=plan, say=typer.echo)
            for path in await work(bench):
                typer.echo(f"wrote {path}")
    except (NotDurable, NotReady, Misbehaved) as error:
        typer.echo(f"nothing is measured: {error}", err=True)
        raise typer.Exit(code=1) from None
    except asyncio.CancelledError:
        typer.echo("stopped", err=True)
        raise typer.Exit(code=143) from None
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    app()
