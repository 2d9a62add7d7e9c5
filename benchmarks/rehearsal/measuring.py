"""One rehearsal of the whole archive by one process: how much processor time it takes, ours and the server's."""

import os
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from acceptance_api.acceptance import Findings, Rehearser, Window, rehearse_outlets
from acceptance_api.campaigns import history
from acceptance_api.kernel.clock import start_of
from acceptance_api.kernel.database import Database
from acceptance_api.rulesets import INSTALLATION, Layer, RuleSet
from acceptance_api.sites import outlets_within
from benchmarks.rehearsal.traffic import DAYS, FIRST

CAMPAIGN: Final = "national-day-2019"
"""Observed: everything to Beijing screened by machine and marked one by one, some goods forbidden."""


@dataclass(frozen=True, slots=True)
class Case:
    """A draft to try."""

    name: str
    draft: RuleSet


def cases() -> tuple[Case, ...]:
    """The campaign as it was, about parcels to Beijing; and the same about every parcel."""
    observed = next(one for one in history() if one.name == CAMPAIGN)
    as_it_was = RuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=INSTALLATION,
        kind="campaign",
        name=observed.name,
        edition=0,
        starts_at=observed.starts_at,
        ends_at=observed.ends_at,
        content=observed.content,
        digest=b"",
    )
    everywhere = replace(as_it_was, content=dict(observed.content) | {"applies_to": {}})
    return Case("to Beijing", as_it_was), Case("everywhere", everywhere)


async def measure(url: str, case: Case) -> dict[str, Any]:
    """Rehearse a draft on everything there is."""
    since = start_of(FIRST)
    window, findings = Window(since, since + timedelta(days=DAYS)), Findings()
    database = Database(url, pool_size=1)
    try:
        async with database.read() as tx:
            outlets = await outlets_within(tx, "")
            backend = await _backend(tx) if database.engine.dialect.name == "postgresql" else None
        rehearser = Rehearser(case.draft)
        before, wall, server = time.process_time(), time.monotonic(), _cpu_s(backend)
        async for _ in rehearse_outlets(database, rehearser, outlets, window, findings):
            pass
        cpu_s, wall_s, server_s = (
            time.process_time() - before,
            time.monotonic() - wall,
            _cpu_s(backend) - server,
        )
    finally:
        await database.dispose()
    return {
        "case": case.name,
        "database": database.engine.dialect.name,
        "cpu_s": cpu_s,
        "server_cpu_s": server_s,
        "wall_s": wall_s,
        "totals": findings.totals.as_json(),
        "grounds": dict(findings.grounds.most_common()),
    }


async def _backend(tx: Any) -> int:  # noqa: ANN401 - a transaction
    """The server's process that serves the only connection."""
    return int((await tx.execute(text("SELECT pg_backend_pid()"))).scalar_one())


def _cpu_s(pid: int | None) -> float:
    """What a process has used so far; nothing where there is none: SQLite works in our own."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
