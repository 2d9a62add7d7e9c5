"""Inspections, marks and photos in SQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.inspection.model import ContentsKind, InspectionStatus, NotOpenedReason, Objection, Opening
from acceptance_api.inspection.record import Evidence, Inspection, Mark
from acceptance_api.inspection.tables import evidence, inspection_marks, inspections
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, EvidenceId, InspectionId, OutletId
from acceptance_api.kernel.problems import Kind, Problem


async def add(tx: Tx, inspection: Inspection, *, entry: Entry) -> None:
    """Record an inspection and its audit entry.

    Raises:
        Problem: ID_CONFLICT, when the id was taken meanwhile.
    """
    if not await insert_new(tx, inspections, _row(inspection)):
        raise Problem(Kind.ID_CONFLICT)
    await append(tx, entry)


async def find_inspection(tx: Tx, outlet_id: OutletId, inspection_id: InspectionId) -> Inspection | None:
    """The inspection with this id at this outlet, with its mark."""
    joined = inspections.outerjoin(
        inspection_marks,
        and_(
            inspection_marks.c.outlet_id == inspections.c.outlet_id,
            inspection_marks.c.inspection_id == inspections.c.id,
        ),
    )
    query = (
        select(inspections, inspection_marks.c.serial, inspection_marks.c.issued_at, inspection_marks.c.used_by)
        .select_from(joined)
        .where(inspections.c.outlet_id == outlet_id, inspections.c.id == inspection_id)
    )
    row = (await tx.execute(query)).first()
    return _inspection(row) if row else None


async def add_mark(tx: Tx, outlet_id: OutletId, mark: Mark, *, entry: Entry) -> bool:
    """Give a mark its serial, once for an inspection; say whether it was given now."""
    row = {
        "outlet_id": outlet_id,
        "inspection_id": mark.inspection_id,
        "serial": mark.serial,
        "waybill": mark.waybill,
        "issued_at": mark.issued_at,
        "used_by": None,
    }
    if not await insert_new(tx, inspection_marks, row):
        return False
    await append(tx, entry)
    return True


async def use_mark(tx: Tx, outlet_id: OutletId, inspection_id: InspectionId, acceptance_id: UUID) -> None:
    """Bind a mark to the acceptance it serves.

    Raises:
        Problem: CHANGED_MEANWHILE, when another acceptance used it first.
    """
    result = await tx.execute(
        update(inspection_marks)
        .where(
            inspection_marks.c.outlet_id == outlet_id,
            inspection_marks.c.inspection_id == inspection_id,
            or_(inspection_marks.c.used_by.is_(None), inspection_marks.c.used_by == acceptance_id),
        )
        .values(used_by=acceptance_id)
    )
    if result.rowcount != 1:
        raise Problem(Kind.CHANGED_MEANWHILE)


async def add_evidence(
    tx: Tx,
    photo: Evidence,
    *,
    enterprise_id: EnterpriseId,
    content_sealed: bytes,
    seal_key_id: int,
    entry: Entry,
) -> bool:
    """Store a sealed photo with its audit entry; say whether it is new."""
    row = {name: getattr(photo, name) for name in Evidence.__slots__} | {
        "enterprise_id": enterprise_id,
        "content_sealed": content_sealed,
        "seal_key_id": seal_key_id,
    }
    if not await insert_new(tx, evidence, row):
        return False
    await append(tx, entry)
    return True


async def find_evidence(tx: Tx, outlet_id: OutletId, digests: Sequence[str]) -> dict[str, Evidence]:
    """The photos of this outlet with these digests, by digest, without their content."""
    columns = [evidence.c[name] for name in Evidence.__slots__]
    query = select(*columns).where(evidence.c.outlet_id == outlet_id, evidence.c.sha256.in_(digests))
    return {
        row.sha256: Evidence(
            outlet_id=OutletId(row.outlet_id),
            sha256=row.sha256,
            id=EvidenceId(row.id),
            media_type=row.media_type,
            size_bytes=row.size_bytes,
            stored_at=row.stored_at,
        )
        for row in await tx.execute(query)
    }


def _row(inspection: Inspection) -> dict[str, object]:
    names = [name for name in Inspection.__slots__ if name != "mark"]
    reason = inspection.not_opened_reason
    return {name: getattr(inspection, name) for name in names} | {
        "contents_kind": inspection.contents_kind.value,
        "status": inspection.status.value,
        "missing": list(inspection.missing),
        "failed": list(inspection.failed),
        "objections": [objection.value for objection in inspection.objections],
        "opening": inspection.opening.value,
        "not_opened_reason": reason.value if reason else None,
        "photos": list(inspection.photos),
    }


def _inspection(row: Row[tuple[object, ...]]) -> Inspection:
    return Inspection(
        id=InspectionId(row.id),
        enterprise_id=EnterpriseId(row.enterprise_id),
        outlet_id=OutletId(row.outlet_id),
        clerk_id=ClerkId(row.clerk_id),
        waybill=row.waybill,
        contents_kind=ContentsKind(row.contents_kind),
        checklist_version=row.checklist_version,
        status=InspectionStatus(row.status),
        missing=tuple(row.missing),
        failed=tuple(row.failed),
        objections=tuple(Objection(code) for code in row.objections),
        opening=Opening(row.opening),
        not_opened_reason=NotOpenedReason(row.not_opened_reason) if row.not_opened_reason else None,
        answers=row.answers,
        photos=tuple(row.photos),
        recorded_at=row.recorded_at,
        findings_sealed=row.findings_sealed,
        seal_key_id=row.seal_key_id,
        declared_commitment=row.declared_commitment,
        fingerprint=row.fingerprint,
        mark=_mark(row) if row.serial else None,
    )


def _mark(row: Row[tuple[object, ...]]) -> Mark:
    return Mark(
        serial=row.serial,
        inspection_id=InspectionId(row.id),
        waybill=row.waybill,
        issued_at=row.issued_at,
        used_by=row.used_by,
    )
