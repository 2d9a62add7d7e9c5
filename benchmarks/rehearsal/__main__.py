"""`python -m benchmarks.rehearsal`: how many past decisions does a rehearsal look at in a second of processor time?

Two databases are filled with the same million decisions, then one process rehearses a campaign on all of them, twice:
one that concerns a parcel in twenty, and one that concerns all.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from acceptance_api.kernel.clock import SystemClock
from benchmarks.machine import commit, describe
from benchmarks.postgresql import running_postgresql
from benchmarks.rehearsal.filling import fill
from benchmarks.rehearsal.measuring import CAMPAIGN, cases, measure
from benchmarks.rehearsal.report import report_of
from benchmarks.rehearsal.traffic import DAYS

RESULTS = Path(__file__).parents[1] / "results"
Say = Callable[[str], None]


def main(
    *,
    records: Annotated[int, typer.Option(min=1_000, help="Decisions in each database.")] = 1_000_000,
    outlets: Annotated[int, typer.Option(min=1)] = 400,
    output: Annotated[Path, typer.Option(help="Where rehearsal.json and rehearsal.md go.")] = RESULTS,
) -> None:
    """Measure, and write the figures and a report."""
    directory = Path(tempfile.mkdtemp(prefix="acceptance-rehearsal-"))
    try:
        found = asyncio.run(_run(directory, records, outlets, typer.echo))
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    output.mkdir(parents=True, exist_ok=True)
    (output / "rehearsal.json").write_text(json.dumps(found, indent=1) + "\n")
    (output / "rehearsal.md").write_text(report_of(found))
    typer.echo(f"wrote rehearsal.json and rehearsal.md to {output}")


async def _run(directory: Path, records: int, outlets: int, say: Say) -> dict[str, Any]:
    found: dict[str, Any] = {
        "at": SystemClock().now().isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": describe(),
        "records": records,
        "outlets": outlets,
        "days": DAYS,
        "campaign": CAMPAIGN,
        "rehearsals": [],
    }
    with running_postgresql() as server:
        found["postgresql"] = await server.settings()
        urls = [await server.create("rehearsal"), f"sqlite+aiosqlite:///{directory}/rehearsal.db"]
        for url in urls:
            say(f"filling {url.partition(':')[0]} with {records:,} decisions")
            await fill(url, records=records, outlets=outlets, tell=lambda _: None)
        say("filled")
        for url in urls:
            for case in cases():
                one = await measure(url, case)
                found["rehearsals"].append(one)
                say(f"{one['database']}, {case.name}: {records / one['cpu_s']:,.0f} decisions a second and core")
    return found


if __name__ == "__main__":
    typer.run(main)
