"""The papers of machines and screeners in SQL."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, ScalarSelect, Table, func, insert, literal_column, select

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Part
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.sites.paper_tables import machine_papers, screener_papers
from acceptance_api.sites.papers import MachinePaper, MachineTerms, Papers, ScreenerPaper, ScreenerTerms


async def add_machine_paper(tx: Tx, paper: MachinePaper, *, entry: Entry) -> None:
    """Record a machine's paper and its audit entry."""
    row = {name: getattr(paper, name) for name in MachinePaper.__slots__}
    await tx.execute(insert(machine_papers).values(row))
    await append(tx, entry)


async def add_screener_paper(tx: Tx, paper: ScreenerPaper, *, entry: Entry) -> None:
    """Record a screener's paper and its audit entry."""
    row = {name: getattr(paper, name) for name in ScreenerPaper.__slots__}
    await tx.execute(insert(screener_papers).values(row))
    await append(tx, entry)


async def find_machine_papers(tx: Tx, outlet_id: OutletId, machine_id: MachineId) -> tuple[MachinePaper, ...]:
    """Every paper of a machine, oldest first."""
    query = (
        select(machine_papers)
        .where(machine_papers.c.outlet_id == outlet_id, machine_papers.c.machine_id == machine_id)
        .order_by(machine_papers.c.id)
    )
    return tuple(MachinePaper(**row._asdict()) for row in await tx.execute(query))


async def find_screener_papers(tx: Tx, outlet_id: OutletId, clerk_id: ClerkId) -> tuple[ScreenerPaper, ...]:
    """Every paper of a screener, oldest first."""
    query = (
        select(screener_papers)
        .where(screener_papers.c.outlet_id == outlet_id, screener_papers.c.clerk_id == clerk_id)
        .order_by(screener_papers.c.id)
    )
    return tuple(ScreenerPaper(**row._asdict()) for row in await tx.execute(query))


def papers_part(
    outlet_id: ColumnElement[UUID],
    machine_id: ColumnElement[UUID],
    clerk_id: ColumnElement[UUID],
    on: ColumnElement[date],
) -> Part[Papers]:
    """The papers in force on a legal day at an outlet, of a machine and of a screener, as a part of a question."""

    def of(table: Table, bearer: Column[Any], bearer_id: ColumnElement[UUID], name: str) -> ScalarSelect[Any]:
        """A column of the newest paper that has begun, found by walking the primary key backwards."""
        return (
            select(table.c[name])
            .where(table.c.outlet_id == outlet_id, bearer == bearer_id, table.c.valid_from <= on)
            .order_by(table.c.id.desc())
            .limit(literal_column("1"))
            .scalar_subquery()
        )

    machine = [of(machine_papers, machine_papers.c.machine_id, machine_id, name) for name in _MACHINE_NAMES]
    screener = [of(screener_papers, screener_papers.c.clerk_id, clerk_id, name) for name in _SCREENER_NAMES]
    # Not EXISTS: PostgreSQL may answer that by reading the whole table once.
    kept = (
        select(table.c.id)
        .where(table.c.outlet_id == outlet_id)
        .order_by(*table.primary_key.columns)
        .limit(literal_column("1"))
        .scalar_subquery()
        for table in _TABLES
    )
    return Part(columns=(*machine, *screener, func.coalesce(*kept)), read=_papers)


_MACHINE_NAMES = ("valid_to", "calibration_due_on")
_SCREENER_NAMES = ("valid_to", "background_checked_on")
_TABLES = (machine_papers, screener_papers)


def _papers(values: Sequence[Any]) -> Papers:
    certified_to, calibration_due_on, trained_to, checked_on, any_id = values
    return Papers(
        machine=MachineTerms(valid_to=certified_to, calibration_due_on=calibration_due_on) if certified_to else None,
        screener=ScreenerTerms(valid_to=trained_to, background_checked_on=checked_on) if trained_to else None,
        are_kept=any_id is not None,
    )
