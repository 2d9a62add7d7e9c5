"""Who is at which machine, and which machines are on, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, case, literal_column, select

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import Part
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.screening.model import ShiftId, SignOn
from acceptance_api.screening.tables import machine_minutes, screener_signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A screener's signing on to a machine, or off; both name the shift, and count from 1 for each screener."""

    outlet_id: OutletId
    clerk_id: ClerkId
    number: int
    shift_id: ShiftId
    machine_id: MachineId
    is_on: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Where a screener is signed on, if anywhere; `is_kept` tells whether anybody of the outlet ever signed on."""

    sign_on: SignOn | None
    is_kept: bool


async def add_sign(tx: Tx, sign: Sign, *, entry: Entry) -> None:
    """Record a sign and its audit entry.

    Raises:
        Problem: CHANGED_MEANWHILE, when the screener signed meanwhile.
    """
    if not await insert_new(tx, screener_signs, {name: getattr(sign, name) for name in Sign.__slots__}):
        raise Problem(Kind.CHANGED_MEANWHILE)
    await append(tx, entry)


async def find_signs(tx: Tx, outlet_id: OutletId, clerk_id: ClerkId, shift_id: ShiftId) -> tuple[Sign, ...]:
    """The signs of a screener's shift: on, and perhaps off."""
    signs = screener_signs.c
    query = (
        select(screener_signs)
        .where(signs.outlet_id == outlet_id, signs.clerk_id == clerk_id, signs.shift_id == shift_id)
        .order_by(signs.number)
    )
    return tuple(Sign(**row._asdict()) for row in await tx.execute(query))


async def find_last_sign(tx: Tx, outlet_id: OutletId, clerk_id: ClerkId) -> Sign | None:
    """The newest sign of a screener."""
    signs = screener_signs.c
    query = (
        select(screener_signs)
        .where(signs.outlet_id == outlet_id, signs.clerk_id == clerk_id)
        .order_by(signs.number.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return Sign(**row._asdict()) if row else None


def presence_part(outlet_id: ColumnElement[UUID], clerk_id: ColumnElement[UUID]) -> Part[Presence]:
    """Where a screener is signed on, as a part of a question."""
    signs = screener_signs.c

    def newest(column: ColumnElement[Any]) -> ScalarSelect[Any]:
        return (
            select(column)
            .where(signs.outlet_id == outlet_id, signs.clerk_id == clerk_id)
            .order_by(signs.number.desc())
            .limit(literal_column("1"))
            .scalar_subquery()
        )

    machine_id = case((signs.is_on, signs.machine_id))
    # Not EXISTS: PostgreSQL may answer that by reading the whole table once.
    kept = (
        select(signs.clerk_id)
        .where(signs.outlet_id == outlet_id)
        .order_by(*screener_signs.primary_key.columns)
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    return Part(columns=(newest(machine_id), newest(signs.at), kept), read=_presence)


async def add_minute(
    tx: Tx, outlet_id: OutletId, machine_id: MachineId, minute: int, *, at: datetime, entry: Entry
) -> bool:
    """Keep that a machine was heard of in a minute, with the audit entry; say whether that is new."""
    row = {"outlet_id": outlet_id, "machine_id": machine_id, "minute": minute, "reported_at": at}
    if not await insert_new(tx, machine_minutes, row):
        return False
    await append(tx, entry)
    return True


def _presence(values: Sequence[Any]) -> Presence:
    machine_id, at, anybody = values
    sign_on = SignOn(machine_id=machine_id, at=at) if machine_id is not None else None
    return Presence(sign_on=sign_on, is_kept=anybody is not None)
