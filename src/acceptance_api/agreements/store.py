"""Safety agreements in SQL."""

from uuid import UUID

from sqlalchemy import Row, select

from acceptance_api.agreements.model import Agreement
from acceptance_api.agreements.tables import agreements
from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import AgreementId, EnterpriseId, OutletId
from acceptance_api.kernel.problems import Kind, Problem


async def add(tx: Tx, agreement: Agreement, *, entry: Entry) -> None:
    """Record an agreement and its audit entry.

    Raises:
        Problem: ALREADY_EXISTS, when the enterprise has an agreement of this filing number.
    """
    row = {name: getattr(agreement, name) for name in Agreement.__slots__}
    row |= {
        "outlets": sorted(str(outlet_id) for outlet_id in agreement.outlets),
        "contents_kinds": sorted(agreement.contents_kinds),
    }
    if not await insert_new(tx, agreements, row):
        raise Problem(Kind.ALREADY_EXISTS)
    await append(tx, entry)


async def find_agreement(tx: Tx, enterprise_id: EnterpriseId, agreement_id: AgreementId) -> Agreement | None:
    """The agreement with this id; another enterprise's looks missing."""
    query = select(agreements).where(agreements.c.enterprise_id == enterprise_id, agreements.c.id == agreement_id)
    row = (await tx.execute(query)).first()
    return _agreement(row) if row else None


async def find_agreements(
    tx: Tx, enterprise_id: EnterpriseId, *, after: AgreementId | None = None, limit: int = 50
) -> tuple[Agreement, ...]:
    """The agreements of an enterprise, lapsed ones too, oldest first."""
    query = select(agreements).where(agreements.c.enterprise_id == enterprise_id)
    if after is not None:
        query = query.where(agreements.c.id > after)
    return tuple(_agreement(row) for row in await tx.execute(query.order_by(agreements.c.id).limit(limit)))


def _agreement(row: Row[tuple[object, ...]]) -> Agreement:
    return Agreement(
        enterprise_id=EnterpriseId(row.enterprise_id),
        id=AgreementId(row.id),
        filing_no=row.filing_no,
        customer_sealed=row.customer_sealed,
        uscc_sealed=row.uscc_sealed,
        representative_sealed=row.representative_sealed,
        seal_key_id=row.seal_key_id,
        outlets=frozenset(OutletId(UUID(outlet_id)) for outlet_id in row.outlets),
        contents_kinds=frozenset(row.contents_kinds),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
