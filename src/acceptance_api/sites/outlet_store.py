"""What belongs to one outlet in SQL: counters, clerks, machines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import Part, Question
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites.model import Clerk, ClerkRole, Counter, Machine
from acceptance_api.sites.tables import clerks, counters, machines


async def add_counter(tx: Tx, counter: Counter, *, entry: Entry) -> None:
    """Record a counter and its audit entry.

    Raises:
        Problem: ALREADY_EXISTS, when the outlet has a counter of this name.
    """
    if not await insert_new(tx, counters, {name: getattr(counter, name) for name in Counter.__slots__}):
        raise Problem(Kind.ALREADY_EXISTS)
    await append(tx, entry)


async def add_clerk(tx: Tx, clerk: Clerk, *, entry: Entry) -> None:
    """Record a clerk and the audit entry.

    Raises:
        Problem: ALREADY_EXISTS, when a clerk who works at the outlet has this staff number.
    """
    row = {name: getattr(clerk, name) for name in Clerk.__slots__}
    if not await insert_new(tx, clerks, row | {"roles": sorted(role.value for role in clerk.roles)}):
        raise Problem(Kind.ALREADY_EXISTS)
    await append(tx, entry)


async def add_machine(tx: Tx, machine: Machine, *, entry: Entry) -> None:
    """Record a machine and its audit entry.

    Raises:
        Problem: ALREADY_EXISTS, when a machine in use at the outlet has this serial.
    """
    if not await insert_new(tx, machines, {name: getattr(machine, name) for name in Machine.__slots__}):
        raise Problem(Kind.ALREADY_EXISTS)
    await append(tx, entry)


async def retire_clerk(tx: Tx, outlet_id: OutletId, clerk_id: ClerkId, *, at: datetime, entry: Entry) -> None:
    """Let a clerk work here no longer, and record the audit entry; nothing when the clerk was retired before."""
    changed = await tx.execute(
        update(clerks)
        .where(clerks.c.outlet_id == outlet_id, clerks.c.id == clerk_id, clerks.c.retired_at.is_(None))
        .values(retired_at=at)
    )
    if changed.rowcount:
        await append(tx, entry)


async def find_counters(tx: Tx, outlet_id: OutletId) -> tuple[Counter, ...]:
    """The counters of an outlet, oldest first."""
    query = select(counters).where(counters.c.outlet_id == outlet_id).order_by(counters.c.id)
    return tuple(_counter(row) for row in await tx.execute(query))


def clerk_part(outlet_id: ColumnElement[UUID], clerk_id: ColumnElement[UUID]) -> Part[Clerk | None]:
    """The clerk who works at an outlet, as a part of a question; a retired one looks missing."""
    return Part(
        columns=tuple(clerks.columns),
        read=_clerk_at_work,
        joins=((clerks, and_(clerks.c.outlet_id == outlet_id, clerks.c.id == clerk_id)),),
    )


CLERK = Question(
    {"outlet_id": Uuid(), "clerk_id": Uuid()}, lambda asked: (clerk_part(asked["outlet_id"], asked["clerk_id"]),)
)
"""The clerk who works at an outlet."""


async def find_clerk(tx: Tx, outlet_id: OutletId, clerk_id: ClerkId, *, even_retired: bool = False) -> Clerk | None:
    """The clerk who works at this outlet; a retired one looks missing unless asked for."""
    query = select(clerks).where(clerks.c.outlet_id == outlet_id, clerks.c.id == clerk_id)
    row = (await tx.execute(query)).first()
    return _clerk(row) if row and (even_retired or row.retired_at is None) else None


async def find_clerks(tx: Tx, outlet_id: OutletId) -> tuple[Clerk, ...]:
    """Everyone who ever worked at this outlet, oldest first."""
    query = select(clerks).where(clerks.c.outlet_id == outlet_id).order_by(clerks.c.id)
    return tuple(_clerk(row) for row in await tx.execute(query))


def machine_part(outlet_id: ColumnElement[UUID], machine_id: ColumnElement[UUID]) -> Part[Machine | None]:
    """The machine in use at an outlet, as a part of a question; a retired one looks missing."""
    return Part(
        columns=tuple(machines.columns),
        read=_machine_in_use,
        joins=((machines, and_(machines.c.outlet_id == outlet_id, machines.c.id == machine_id)),),
    )


MACHINE = Question(
    {"outlet_id": Uuid(), "machine_id": Uuid()}, lambda asked: (machine_part(asked["outlet_id"], asked["machine_id"]),)
)
"""The machine in use at an outlet."""


async def find_machine(
    tx: Tx, outlet_id: OutletId, machine_id: MachineId, *, even_retired: bool = False
) -> Machine | None:
    """The machine in use at this outlet; a retired one looks missing unless asked for."""
    query = select(machines).where(machines.c.outlet_id == outlet_id, machines.c.id == machine_id)
    row = (await tx.execute(query)).first()
    return _machine(row) if row and (even_retired or row.retired_at is None) else None


async def find_machines(tx: Tx, outlet_id: OutletId) -> tuple[Machine, ...]:
    """Every machine this outlet ever had, oldest first."""
    query = select(machines).where(machines.c.outlet_id == outlet_id).order_by(machines.c.id)
    return tuple(_machine(row) for row in await tx.execute(query))


def _counter(row: Sequence[Any]) -> Counter:
    return Counter(**dict(zip(counters.columns.keys(), row, strict=True)))


def _clerk(row: Sequence[Any]) -> Clerk:
    values = dict(zip(clerks.columns.keys(), row, strict=True))
    return Clerk(**{**values, "roles": frozenset(ClerkRole(role) for role in values["roles"])})


def _clerk_at_work(values: Sequence[Any]) -> Clerk | None:
    clerk = _clerk(values) if values[0] is not None else None
    return clerk if clerk and clerk.retired_at is None else None


def _machine(row: Sequence[Any]) -> Machine:
    return Machine(**dict(zip(machines.columns.keys(), row, strict=True)))


def _machine_in_use(values: Sequence[Any]) -> Machine | None:
    machine = _machine(values) if values[0] is not None else None
    return machine if machine and machine.retired_at is None else None
