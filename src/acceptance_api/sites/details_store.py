"""Where outlets stand and when they close, in SQL."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import Part, Question
from acceptance_api.kernel.ids import EnterpriseId, OutletId
from acceptance_api.sites.details import OutletDetails, minute_of
from acceptance_api.sites.details_tables import outlet_details
from acceptance_api.sites.model import Outlet

_MICRO: Final = 1_000_000
_NAMES: Final = ("outlet_id", "latitude_udeg", "longitude_udeg", "closing_minute")


async def put(tx: Tx, outlet: Outlet, details: OutletDetails, *, at: datetime, entry: Entry) -> None:
    """Record the details of an outlet, in place of those recorded before, and the audit entry."""
    closing = details.closing_time
    row = {
        "latitude_udeg": _micro(details.latitude),
        "longitude_udeg": _micro(details.longitude),
        "closing_minute": None if closing is None else minute_of(closing),
        "described_at": at,
    }
    new = row | {"enterprise_id": outlet.enterprise_id, "outlet_id": outlet.id}
    if not await insert_new(tx, outlet_details, new):
        await tx.execute(update(outlet_details).where(_is(outlet.enterprise_id, outlet.id)).values(row))
    await append(tx, entry)


async def find_details(tx: Tx, enterprise_id: EnterpriseId, outlet_id: OutletId) -> OutletDetails | None:
    """What is known of an outlet of an enterprise."""
    columns = [outlet_details.c[name] for name in _NAMES]
    row = (await tx.execute(select(*columns).where(_is(enterprise_id, outlet_id)))).first()
    return _details(tuple(row)) if row else None


def details_part(enterprise_id: ColumnElement[UUID], outlet_id: ColumnElement[UUID]) -> Part[OutletDetails | None]:
    """What is known of an outlet, as a part of a question; a question may hold this part of several outlets."""
    table = outlet_details.alias()
    place = and_(table.c.enterprise_id == enterprise_id, table.c.outlet_id == outlet_id)
    return Part(columns=tuple(table.c[name] for name in _NAMES), read=_details, joins=((table, place),))


def _is(enterprise_id: EnterpriseId, outlet_id: OutletId) -> ColumnElement[bool]:
    return and_(outlet_details.c.enterprise_id == enterprise_id, outlet_details.c.outlet_id == outlet_id)


def _details(values: Sequence[Any]) -> OutletDetails | None:
    outlet_id, latitude, longitude, closing = values
    if outlet_id is None:
        return None
    return OutletDetails(
        latitude=None if latitude is None else latitude / _MICRO,
        longitude=None if longitude is None else longitude / _MICRO,
        closing_time=None if closing is None else time(*divmod(closing, 60)),
    )


def _micro(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * _MICRO)


DETAILS: Final = Question(
    {"enterprise_id": Uuid(), "outlet_id": Uuid()},
    lambda asked: (details_part(asked["enterprise_id"], asked["outlet_id"]),),
)
