"""Screening passes in SQL."""

from sqlalchemy import Row, func, select

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, ScreeningId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.screening.model import Screening, ScreeningVerdict
from acceptance_api.screening.tables import screenings


async def add(tx: Tx, screening: Screening, *, entry: Entry) -> None:
    """Record a pass and its audit entry.

    Raises:
        Problem: CHANGED_MEANWHILE, when another pass of the waybill took the same number first.
    """
    row = {name: getattr(screening, name) for name in Screening.__slots__}
    if not await insert_new(tx, screenings, row | {"verdict": screening.verdict.value}):
        raise Problem(Kind.CHANGED_MEANWHILE)
    await append(tx, entry)


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


async def next_pass_number(tx: Tx, outlet_id: OutletId, waybill: str) -> int:
    """The number the next pass of a waybill would carry."""
    query = select(func.max(screenings.c.pass_number)).where(
        screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill
    )
    return int((await tx.execute(query)).scalar() or 0) + 1


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
