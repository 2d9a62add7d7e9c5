"""Photos and documents of a case in SQL."""

from sqlalchemy import ColumnElement, and_, select

from acceptance_api.audit import Entry, append
from acceptance_api.interception.evidence import CaseEvidence
from acceptance_api.interception.model import Interception
from acceptance_api.interception.tables import interception_evidence
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import EvidenceId, InterceptionId, OutletId


async def add_evidence(
    tx: Tx, case: Interception, evidence: CaseEvidence, *, content_sealed: bytes, seal_key_id: int, entry: Entry
) -> bool:
    """Keep a sealed photo or document with its audit entry; say whether it is new."""
    row = {name: getattr(evidence, name) for name in CaseEvidence.__slots__} | {
        "enterprise_id": case.enterprise_id,
        "content_sealed": content_sealed,
        "seal_key_id": seal_key_id,
    }
    if not await insert_new(tx, interception_evidence, row):
        return False
    await append(tx, entry)
    return True


async def is_stored(tx: Tx, case: Interception, sha256: str) -> bool:
    """Whether the case has a photo or document of this digest."""
    return (await tx.execute(select(interception_evidence.c.id).where(_is(case, sha256)))).first() is not None


async def find_evidence(tx: Tx, case: Interception, sha256: str) -> CaseEvidence | None:
    """The case's photo or document of this digest, without its content."""
    columns = [interception_evidence.c[name] for name in CaseEvidence.__slots__]
    row = (await tx.execute(select(*columns).where(_is(case, sha256)))).first()
    if row is None:
        return None
    return CaseEvidence(
        outlet_id=OutletId(row.outlet_id),
        interception_id=InterceptionId(row.interception_id),
        sha256=row.sha256,
        id=EvidenceId(row.id),
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        stored_at=row.stored_at,
    )


def _is(case: Interception, sha256: str) -> ColumnElement[bool]:
    of = interception_evidence.c
    return and_(of.outlet_id == case.outlet_id, of.interception_id == case.id, of.sha256 == sha256)
