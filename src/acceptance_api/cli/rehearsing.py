"""Rehearsing a draft campaign against the database directly: what would it have held or refused of past traffic?"""

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from acceptance_api.acceptance import (
    PARSERS,
    WINDOW_MAX,
    Findings,
    Ground,
    Heading,
    Rehearser,
    Tally,
    VersionUnknown,
    Window,
    chart_of,
    count_past,
    findings_from_json,
    rehearse_outlets,
)
from acceptance_api.http.strict_json import require_strict
from acceptance_api.kernel.clock import start_of
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.settings import Settings
from acceptance_api.rulesets import INSTALLATION, Layer, RuleSet
from acceptance_api.sites import Outlet, outlets_within

_SLICES: Final = 8
"""Parts of the work for each process: those that are ready early take more of them."""
_COUNTED_TOGETHER: Final = 20
_OUTLETS_SHOWN: Final = 20
Seen = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one process is given; the draft as its document, for a process cannot be given what was read of it."""

    url: str
    draft: RuleSet
    outlets: Sequence[Outlet]
    window: Window


def rehearse(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSON: a campaign's document, or its frame.")
    ],
    *,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first legal day.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The legal day after the last.")],
    jurisdiction: Annotated[
        str, typer.Option(help="Only outlets here: GB/T 2260 prefix, nothing for the whole country.")
    ] = "",
    chart: Annotated[Path | None, typer.Option(help="Draw the findings into this SVG file.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that decide; each takes outlets.")] = 1,
) -> None:
    """Decide the parcels of a period again, as if this campaign had been in force; nothing is recorded."""
    window = Window(start_of(since.date()), start_of(until.date()))
    if not window.since < window.until <= window.since + WINDOW_MAX:
        raise typer.BadParameter(f"a period of 1 to {WINDOW_MAX.days} days")
    try:
        draft = _draft(file, jurisdiction, window)
        findings = asyncio.run(_rehearsed(Settings().database_url, draft, window, workers))
    except Problem as problem:
        _give_up(f"{problem.kind.code}: {problem.kind.value.en}{''.join(map(_pointed_at, problem.faults))}")
    except VersionUnknown as error:
        _give_up(f"the edition {error} is not known here")
    console = Console()
    console.print(_of_totals(findings, draft))
    console.print(_of_grounds(findings))
    console.print(_of_outlets(findings))
    if chart is not None:
        heading = Heading(version=draft.version, window=window, jurisdiction=jurisdiction, percent=100.0)
        chart.write_text(chart_of(findings, heading, language="en"), "utf-8")
        typer.echo(f"drew {chart}")


def find(task: Task) -> dict[str, Any] | Kind:
    """What a process finds at its outlets, or why it cannot: in JSON, for it is sent from one process to another."""
    try:
        return asyncio.run(_find(task)).as_json()
    except Problem as problem:
        return problem.kind


async def _find(task: Task) -> Findings:
    database = Database(task.url, pool_size=1)
    try:
        return await _found(database, Rehearser(task.draft), task.outlets, task.window, lambda _: None)
    finally:
        await database.dispose()


async def _found(
    database: Database, rehearser: Rehearser, outlets: Sequence[Outlet], window: Window, seen: Seen
) -> Findings:
    findings = Findings()
    async for _ in rehearse_outlets(database, rehearser, outlets, window, findings):
        seen(findings.totals.seen)
    findings.close()
    return findings


async def _rehearsed(url: str, draft: RuleSet, window: Window, workers: int) -> Findings:
    rehearser = Rehearser(draft)  # a draft that cannot be read is told before anything is looked at
    database = Database(url, pool_size=1)
    try:
        outlets, counts = await _outlets(database, draft.jurisdiction, window)
        with _progress() as progress:
            bar = progress.add_task("decisions", total=sum(counts.values()))
            if workers == 1:
                return await _found(
                    database, rehearser, outlets, window, lambda seen: progress.update(bar, completed=seen)
                )
            slices = _sliced(outlets, counts, workers * _SLICES)
            tasks = [Task(url=url, draft=draft, outlets=some, window=window) for some in slices]
            return await asyncio.to_thread(_together, tasks, workers, lambda seen: progress.update(bar, advance=seen))
    finally:
        await database.dispose()


def _together(tasks: Sequence[Task], workers: int, seen: Seen) -> Findings:
    """What several processes find; each starts anew, so that none inherits a connection."""
    findings = Findings()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(find, task) for task in tasks]):
            result = done.result()
            if isinstance(result, Kind):
                raise Problem(result)
            part = findings_from_json(result)
            findings.merge(part)
            seen(part.totals.seen)
    findings.close()
    return findings


async def _outlets(
    database: Database, jurisdiction: str, window: Window
) -> tuple[list[Outlet], Mapping[OutletId, int]]:
    """The outlets that recorded anything, and how many decisions each."""
    outlets: list[Outlet] = []
    counts: dict[OutletId, int] = {}
    async with database.read() as tx:
        known = await outlets_within(tx, jurisdiction)
    for start in range(0, len(known), _COUNTED_TOGETHER):
        some = known[start : start + _COUNTED_TOGETHER]
        async with database.read() as tx:
            counts |= await count_past(tx, [outlet.id for outlet in some], window)
        outlets += [outlet for outlet in some if outlet.id in counts]
    return outlets, counts


def _sliced(outlets: Sequence[Outlet], counts: Mapping[OutletId, int], parts: int) -> list[list[Outlet]]:
    """The outlets in parts of about as many decisions; the biggest first, each to the smallest part."""
    slices: list[tuple[int, list[Outlet]]] = [(0, []) for _ in range(parts)]
    for outlet in sorted(outlets, key=lambda one: -counts[one.id]):
        least = min(range(parts), key=lambda number: slices[number][0])
        slices[least] = slices[least][0] + counts[outlet.id], [*slices[least][1], outlet]
    return [some for _, some in slices if some]


def _draft(file: Path, jurisdiction: str, window: Window) -> RuleSet:
    """The draft in a file, with an edition's number that none has: it was never proposed.

    Raises:
        Problem: MALFORMED_JSON or INVALID.
    """
    body = file.read_bytes()
    require_strict(body, depth_max=Settings().json_depth_max)
    document = json.loads(body)
    is_frame = isinstance(document, dict) and "content" in document
    content = document["content"] if is_frame else document
    PARSERS["campaign"](content)
    name = document.get("name") if is_frame else None
    return RuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=INSTALLATION,
        kind="campaign",
        name=str(name or "draft"),
        edition=0,
        starts_at=window.since,
        ends_at=window.until,
        content=content,
        digest=b"",
        jurisdiction=jurisdiction,
    )


def _progress() -> Progress:
    """On the standard error: what is printed can be kept."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _of_totals(findings: Findings, draft: RuleSet) -> Table:
    table = Table("", "parcels", title=f"Rehearsal of {draft.version}", min_width=48)
    table.columns[1].justify = "right"
    for name, number in findings.totals.as_json().items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    return table


def _of_grounds(findings: Findings) -> Table:
    table = Table("ground", "weight", "parcels", title="By ground", min_width=48)
    table.columns[2].justify = "right"
    for code, parcels in findings.grounds.most_common():
        table.add_row(code, Ground.of(code).value.weight.value, f"{parcels:,}")
    return table


def _of_outlets(findings: Findings) -> Table:
    table = Table("outlet", "division", "seen", "concerned", "would hold", "would refuse", title="By outlet")
    for column in table.columns[2:]:
        column.justify = "right"
    ranked = findings.ranked()
    for one in ranked[:_OUTLETS_SHOWN]:
        table.add_row(str(one.outlet_id), one.division, *_figures(one.tally))
    rest = Tally()
    rest.add(findings.others)
    for one in ranked[_OUTLETS_SHOWN:]:
        rest.add(one.tally)
    if rest.seen:
        table.add_row("others", "", *_figures(rest))
    return table


def _figures(tally: Tally) -> list[str]:
    return [f"{number:,}" for number in (tally.seen, tally.concerned, tally.would_hold, tally.would_refuse)]


def _pointed_at(fault: Fault) -> str:
    return f" {fault.pointer} {fault.code}"


def _give_up(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(2)
