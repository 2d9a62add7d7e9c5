"""Screening passes in SQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, cast, func, literal_column, select

from acceptance_api.audit import Entry, row_of
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Part, Record
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, ScreeningId
from acceptance_api.screening.model import Screening, ScreeningVerdict
from acceptance_api.screening.tables import screenings


def record_of(screening: Screening, *, entry: Entry) -> Record:
    """A pass and its audit entry, to be committed together; the waybill's next pass waits for this one."""
    row = {name: getattr(screening, name) for name in Screening.__slots__} | {"verdict": screening.verdict.value}
    claims = frozenset({("pass", screening.outlet_id, screening.waybill)})
    return Record(((screenings, row), row_of(entry)), claims)


def verdicts_part(outlet_id: ColumnElement[UUID], waybill: ColumnElement[str]) -> Part[tuple[ScreeningVerdict, ...]]:
    """The verdicts of a waybill's passes at an outlet, in order, as a part of a question."""
    numbered = cast(screenings.c.pass_number, String) + literal_column("':'", String) + screenings.c.verdict
    passes = (
        select(func.aggregate_strings(numbered, ","))
        .where(screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill)
        .scalar_subquery()
    )
    return Part(columns=(passes,), read=_verdicts)


async def find(tx: Tx, outlet_id: OutletId, screening_id: ScreeningId) -> Screening | None:
    """The pass with this id at this outlet."""
    query = select(screenings).where(screenings.c.outlet_id == outlet_id, screenings.c.id == screening_id)
    row = (await tx.execute(query)).first()
    return _screening(row) if row else None


async def find_of_waybill(tx: Tx, outlet_id: OutletId, waybill: str) -> tuple[Screening, ...]:
    """Every pass of a waybill at this outlet, in order."""
    query = (
        select(screenings)
        .where(screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill)
        .order_by(screenings.c.pass_number)
    )
    return tuple(_screening(row) for row in await tx.execute(query))


def _verdicts(values: Sequence[Any]) -> tuple[ScreeningVerdict, ...]:
    if values[0] is None:
        return ()
    passes = [one.split(":") for one in values[0].split(",")]
    return tuple(ScreeningVerdict(verdict) for _, verdict in sorted(passes, key=lambda one: int(one[0])))


def _screening(row: Row[tuple[object, ...]]) -> Screening:
    return Screening(
        id=ScreeningId(row.id),
        enterprise_id=EnterpriseId(row.enterprise_id),
        outlet_id=OutletId(row.outlet_id),
        waybill=row.waybill,
        pass_number=row.pass_number,
        machine_id=MachineId(row.machine_id),
        operator_id=ClerkId(row.operator_id),
        verdict=ScreeningVerdict(row.verdict),
        label_serial=row.label_serial,
        recorded_at=row.recorded_at,
        fingerprint=row.fingerprint,
    )
