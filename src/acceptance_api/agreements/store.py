"""Safety agreements in SQL."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, select, update

from acceptance_api.agreements.model import Agreement, EndReason
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
        "goods": sorted(agreement.goods),
        "sampling_ratio": written(agreement.sampling_ratio),
        "ended_reason": agreement.ended_reason.value if agreement.ended_reason else None,
    }
    if not await insert_new(tx, agreements, row):
        raise Problem(Kind.ALREADY_EXISTS)
    await append(tx, entry)


async def end(tx: Tx, agreement: Agreement, *, reason: EndReason, at: datetime, entry: Entry) -> None:
    """End an agreement and record the audit entry; nothing when it was ended before."""
    place = update(agreements).where(_is(agreement.enterprise_id, agreement.id), agreements.c.ended_at.is_(None))
    if (await tx.execute(place.values(ended_at=at, ended_reason=reason.value))).rowcount:
        await append(tx, entry)


async def supersede(tx: Tx, old: Agreement, *, by: AgreementId, since: date) -> bool:
    """Put a renewal in an agreement's place from a day on; say whether it was free."""
    place = update(agreements).where(_is(old.enterprise_id, old.id), agreements.c.superseded_by.is_(None))
    return bool((await tx.execute(place.values(superseded_by=by, superseded_from=since))).rowcount)


async def check(tx: Tx, agreement: Agreement, *, on: date, entry: Entry) -> None:
    """Record on which day it was last looked into, and the audit entry; an earlier day changes nothing."""
    earlier = agreements.c.last_checked_on.is_(None) | (agreements.c.last_checked_on < on)
    place = update(agreements).where(_is(agreement.enterprise_id, agreement.id), earlier)
    await tx.execute(place.values(last_checked_on=on))
    await append(tx, entry)


async def find_agreement(tx: Tx, enterprise_id: EnterpriseId, agreement_id: AgreementId) -> Agreement | None:
    """The agreement with this id; another enterprise's looks missing."""
    row = (await tx.execute(select(agreements).where(_is(enterprise_id, agreement_id)))).first()
    return _agreement(row) if row else None


async def get_agreement(tx: Tx, enterprise_id: EnterpriseId, agreement_id: AgreementId) -> Agreement:
    """The agreement with this id; another enterprise's looks missing.

    Raises:
        Problem: NOT_FOUND.
    """
    agreement = await find_agreement(tx, enterprise_id, agreement_id)
    if agreement is None:
        raise Problem(Kind.NOT_FOUND)
    return agreement


def agreement_part(enterprise_id: ColumnElement[UUID], agreement_id: ColumnElement[UUID]) -> Part[Agreement | None]:
    """An agreement, as a part of a question."""
    return Part(
        columns=tuple(agreements.columns),
        read=_agreement_of,
        joins=((agreements, and_(agreements.c.enterprise_id == enterprise_id, agreements.c.id == agreement_id)),),
    )


async def find_agreements(
    tx: Tx,
    enterprise_id: EnterpriseId,
    *,
    expiring: tuple[date, date] | None = None,
    after: AgreementId | None = None,
    limit: int = 50,
) -> tuple[Agreement, ...]:
    """The agreements of an enterprise, lapsed ones too, oldest first.

    `expiring` keeps those whose last day lies between two legal days, both included, and that nothing has ended or
    renewed.
    """
    query = select(agreements).where(agreements.c.enterprise_id == enterprise_id)
    if expiring is not None:
        query = query.where(
            agreements.c.valid_to.between(*expiring),
            agreements.c.ended_at.is_(None),
            agreements.c.superseded_by.is_(None),
        )
    if after is not None:
        query = query.where(agreements.c.id > after)
    return tuple(_agreement(row) for row in await tx.execute(query.order_by(agreements.c.id).limit(limit)))


def written(ratio: Decimal) -> str:
    """A ratio as it is stored: digits without an exponent, so that it reads back as itself."""
    return f"{ratio.normalize():f}"


def _is(enterprise_id: EnterpriseId, agreement_id: AgreementId) -> ColumnElement[bool]:
    return and_(agreements.c.enterprise_id == enterprise_id, agreements.c.id == agreement_id)


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
            "goods": frozenset(values["goods"]),
            "sampling_ratio": Decimal(values["sampling_ratio"]),
            "ended_reason": EndReason(values["ended_reason"]) if values["ended_reason"] else None,
        }
    )
