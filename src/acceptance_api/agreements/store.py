"""Safety agreements in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, select

from acceptance_api.agreements.model import Agreement
from acceptance_api.agreements.tables import agreements
from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import Part
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


def agreement_part(enterprise_id: ColumnElement[UUID], agreement_id: ColumnElement[UUID]) -> Part[Agreement | None]:
    """An agreement, as a part of a question."""
    return Part(
        columns=tuple(agreements.columns),
        read=_agreement_of,
        joins=((agreements, and_(agreements.c.enterprise_id == enterprise_id, agreements.c.id == agreement_id)),),
    )


async def find_agreements(
    tx: Tx, enterprise_id: EnterpriseId, *, after: AgreementId | None = None, limit: int = 50
) -> tuple[Agreement, ...]:
    """The agreements of an enterprise, lapsed ones too, oldest first."""
    query = select(agreements).where(agreements.c.enterprise_id == enterprise_id)
    if after is not None:
        query = query.where(agreements.c.id > after)
    return tuple(_agreement(row) for row in await tx.execute(query.order_by(agreements.c.id).limit(limit)))


def _agreement(row: Row[tuple[object, ...]]) -> Agreement:
    return _made(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name


def _agreement_of(values: Sequence[Any]) -> Agreement | None:
    return _made(dict(zip(agreements.columns.keys(), values, strict=True))) if values[0] is not None else None


def _made(values: Mapping[str, Any]) -> Agreement:
    return Agreement(
        **{
            **values,
            "enterprise_id": EnterpriseId(values["enterprise_id"]),
            "id": AgreementId(values["id"]),
            "outlets": frozenset(OutletId(UUID(outlet_id)) for outlet_id in values["outlets"]),
            "contents_kinds": frozenset(values["contents_kinds"]),
        }
    )
