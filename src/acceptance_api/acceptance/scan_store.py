"""Scans in SQL: only ever added."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from acceptance_api.acceptance.model import RecordKey
from acceptance_api.acceptance.scan_model import Instruction, Scan, ScanReason, Stage, Why
from acceptance_api.acceptance.tables import acceptance_waybills, scans
from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import AcceptanceId, ClerkId, EnterpriseId, OutletId, ScanId
from acceptance_api.kernel.problems import Kind, Problem


async def add(tx: Tx, scan: Scan, *, entry: Entry) -> None:
    """Record a scan and its audit entry.

    Raises:
        Problem: ID_CONFLICT, when the id was taken meanwhile.
    """
    row = {name: getattr(scan, name) for name in Scan.__slots__}
    row |= {
        "stage": scan.stage.value,
        "instruction": scan.instruction.value,
        "reasons": [_why_json(why) for why in scan.reasons],
        "rules": dict(scan.rules),
    }
    if not await insert_new(tx, scans, row):
        raise Problem(Kind.ID_CONFLICT)
    await append(tx, entry)


async def find_scan(tx: Tx, outlet_id: OutletId, scan_id: ScanId) -> Scan | None:
    """The scan with this id at this outlet."""
    query = select(scans).where(scans.c.outlet_id == outlet_id, scans.c.id == scan_id)
    row = (await tx.execute(query)).first()
    return _scan(row) if row else None


async def find_scans(tx: Tx, outlet_id: OutletId, waybill: str) -> tuple[Scan, ...]:
    """Every scan of a waybill at this outlet, oldest first."""
    query = select(scans).where(scans.c.outlet_id == outlet_id, scans.c.waybill == waybill)
    return tuple(_scan(row) for row in await tx.execute(query.order_by(scans.c.recorded_at, scans.c.id)))


async def find_presented(tx: Tx, waybill: str, enterprise_id: EnterpriseId) -> list[RecordKey]:
    """The acceptances of a waybill at any outlet of an enterprise: the one that stands first, then the newest."""
    table = acceptance_waybills.c
    query = (
        select(table.outlet_id, table.acceptance_id)
        .where(table.waybill == waybill, table.enterprise_id == enterprise_id)
        .order_by(table.stands.desc(), table.recorded_at.desc())
    )
    return [(OutletId(row.outlet_id), AcceptanceId(row.acceptance_id)) for row in await tx.execute(query)]


def _scan(row: Row[tuple[object, ...]]) -> Scan:
    return Scan(
        id=ScanId(row.id),
        enterprise_id=EnterpriseId(row.enterprise_id),
        outlet_id=OutletId(row.outlet_id),
        waybill=row.waybill,
        acceptance_id=AcceptanceId(row.acceptance_id),
        accepted_at_outlet_id=OutletId(row.accepted_at_outlet_id),
        stage=Stage(row.stage),
        instruction=Instruction(row.instruction),
        reasons=tuple(_why(stored) for stored in row.reasons),
        rules=row.rules,
        clerk_id=ClerkId(row.clerk_id),
        recorded_at=row.recorded_at,
        fingerprint=row.fingerprint,
    )


def _why_json(why: Why) -> dict[str, Any]:
    return {"reason": why.reason.code, "about": why.about, "by": why.by}


def _why(stored: Mapping[str, Any]) -> Why:
    return Why(reason=ScanReason.of(stored["reason"]), about=stored["about"], by=stored["by"])
