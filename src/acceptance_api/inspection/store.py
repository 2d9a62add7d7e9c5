"""Inspections, marks and photos in SQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, and_, func, insert, select

from acceptance_api.audit import Entry, append
from acceptance_api.inspection.model import ContentsKind, InspectionStatus, NotOpenedReason, Objection, Opening
from acceptance_api.inspection.record import Evidence, Inspected, Inspection, Mark, seconds_between
from acceptance_api.inspection.tables import evidence, inspection_mark_uses, inspection_marks, inspections, photo_uses
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import NewRow, Part
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, EvidenceId, InspectionId, OutletId
from acceptance_api.kernel.problems import Kind, Problem


async def add(tx: Tx, inspection: Inspection, *, entry: Entry) -> None:
    """Record an inspection, the use of its photos, and its audit entry.

    Raises:
        Problem: ID_CONFLICT, when the id was taken meanwhile.
    """
    if not await insert_new(tx, inspections, _row(inspection)):
        raise Problem(Kind.ID_CONFLICT)
    if photos := dict.fromkeys(inspection.photos):  # a counter may name one twice
        await tx.execute(insert(photo_uses), [_use(inspection, sha256) for sha256 in photos])
    await append(tx, entry)


async def count_reused(tx: Tx, enterprise_id: EnterpriseId, photos: Sequence[str], *, waybill: str) -> int:
    """How many of these photos served an inspection of another waybill of the enterprise; looking twice is no reuse."""
    of = photo_uses.c
    query = select(func.count(of.sha256.distinct())).where(
        of.sha256.in_(photos), of.enterprise_id == enterprise_id, of.waybill != waybill
    )
    return int((await tx.execute(query)).scalar_one())


async def find_inspection(tx: Tx, outlet_id: OutletId, inspection_id: InspectionId) -> Inspection | None:
    """The inspection with this id at this outlet, with its mark."""
    mark, used_by = inspection_marks.c, inspection_mark_uses.c.acceptance_id.label("used_by")
    query = select(inspections, mark.serial, mark.issued_at, used_by)
    for table, on in _mark_joins():
        query = query.outerjoin(table, on)
    query = query.where(inspections.c.outlet_id == outlet_id, inspections.c.id == inspection_id)
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
    table, row = mark_use(outlet_id, inspection_id, acceptance_id)
    if await insert_new(tx, table, row):
        return
    query = select(table.c.acceptance_id).where(table.c.outlet_id == outlet_id, table.c.inspection_id == inspection_id)
    if (await tx.execute(query)).scalar() != acceptance_id:
        raise Problem(Kind.CHANGED_MEANWHILE)


def mark_use(outlet_id: OutletId, inspection_id: InspectionId, acceptance_id: UUID) -> NewRow:
    """The row that binds a mark to the acceptance it serves, for who commits it together with the acceptance."""
    row = {"outlet_id": outlet_id, "inspection_id": inspection_id, "acceptance_id": acceptance_id}
    return inspection_mark_uses, row


def inspected_part(outlet_id: ColumnElement[UUID], inspection_id: ColumnElement[UUID]) -> Part[Inspected | None]:
    """What a decision asks of an inspection and its mark, as a part of a question."""
    names = ("id", "enterprise_id", "waybill", "contents_kind", "checklist_version", "status", "failed", "objections")
    return Part(
        columns=(
            *(inspections.c[name] for name in (*names, "declared_commitment")),
            *(inspections.c[name] for name in ("opened_at", "recorded_at", "photos_reused", "opening", "unidentified")),
            inspection_marks.c.serial,
            inspection_mark_uses.c.acceptance_id,
        ),
        read=_inspected,
        joins=(
            (inspections, and_(inspections.c.outlet_id == outlet_id, inspections.c.id == inspection_id)),
            *_mark_joins(),
        ),
    )


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


def _mark_joins() -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """What joins to each inspection its mark, and the acceptance that the mark serves, where there are any."""
    mark, use, of = inspection_marks.c, inspection_mark_uses.c, inspections.c
    return (
        (inspection_marks, and_(mark.outlet_id == of.outlet_id, mark.inspection_id == of.id)),
        (inspection_mark_uses, and_(use.outlet_id == of.outlet_id, use.inspection_id == of.id)),
    )


def _use(inspection: Inspection, sha256: str) -> dict[str, object]:
    return {
        "sha256": sha256,
        "enterprise_id": inspection.enterprise_id,
        "outlet_id": inspection.outlet_id,
        "inspection_id": inspection.id,
        "waybill": inspection.waybill,
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
        opened_at=row.opened_at,
        photos_reused=row.photos_reused,
        unidentified=row.unidentified,
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


def _inspected(values: Sequence[Any]) -> Inspected | None:
    if values[0] is None:
        return None
    inspection_id, enterprise_id, waybill, kind, version, status, failed, objections, commitment, *rest = values
    opened_at, recorded_at, photos_reused, opening, unidentified, serial, used = rest
    return Inspected(
        id=InspectionId(inspection_id),
        enterprise_id=EnterpriseId(enterprise_id),
        waybill=waybill,
        contents_kind=ContentsKind(kind),
        checklist_version=version,
        status=InspectionStatus(status),
        failed=tuple(failed),
        objections=tuple(map(Objection, objections)),
        declared_commitment=commitment,
        is_marked=serial is not None,
        mark_used_by=used,
        inspection_seconds=seconds_between(opened_at, recorded_at),
        photos_reused=photos_reused,
        opened=opening == Opening.OPENED.value,
        unidentified=bool(unidentified),
    )
