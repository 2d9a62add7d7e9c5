"""Cases and disclosures in SQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import AgencyId, CaseId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator.model import Case, LegalBasis
from acceptance_api.regulator.tables import cases, disclosures


async def add_case(tx: Tx, case: Case, *, entry: Entry) -> None:
    """Record a case and its audit entry.

    Raises:
        Problem: ID_CONFLICT, when the id was taken meanwhile.
    """
    row = {name: getattr(case, name) for name in Case.__slots__} | {"legal_basis": case.legal_basis.value}
    if not await insert_new(tx, cases, row):
        raise Problem(Kind.ID_CONFLICT)
    await append(tx, entry)


async def close_case(tx: Tx, agency_id: AgencyId, case_id: CaseId, *, at: datetime, entry: Entry) -> None:
    """Close a case, with its audit entry; nothing when it was closed before."""
    changed = await tx.execute(
        update(cases)
        .where(cases.c.agency_id == agency_id, cases.c.id == case_id, cases.c.closed_at.is_(None))
        .values(closed_at=at)
    )
    if changed.rowcount:
        await append(tx, entry)


async def find_case(tx: Tx, agency_id: AgencyId, case_id: CaseId) -> Case | None:
    """The agency's case with this id."""
    row = (await tx.execute(select(cases).where(cases.c.agency_id == agency_id, cases.c.id == case_id))).first()
    return _case(row) if row else None


async def find_cases(tx: Tx, agency_id: AgencyId, *, after: CaseId | None, limit: int) -> tuple[Case, ...]:
    """The agency's cases, oldest first."""
    query = select(cases).where(cases.c.agency_id == agency_id)
    if after is not None:
        query = query.where(cases.c.id > after)
    return tuple(_case(row) for row in await tx.execute(query.order_by(cases.c.id).limit(limit)))


async def add_disclosure(tx: Tx, *, row: Mapping[str, object]) -> None:
    """Record that fields are about to be opened, and why; whoever opens them appends the audit entry alongside."""
    await tx.execute(insert(disclosures), [dict(row)])


def _case(row: Row[tuple[object, ...]]) -> Case:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    return Case(
        **values
        | {"id": CaseId(row.id), "agency_id": AgencyId(row.agency_id), "legal_basis": LegalBasis(row.legal_basis)}
    )
