"""The other parcels of a sender in SQL: flagged, then settled."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, insert, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.interception.model import CascadeFlag, CascadeState
from acceptance_api.interception.rows import flag_of, flag_row
from acceptance_api.interception.tables import interception_cascades
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EnterpriseId, InterceptionId

_SETTLED = ("settled_at", "settled_by", "inspection_id", "settled_outlet_id")


async def add_flags(tx: Tx, flags: Iterable[CascadeFlag]) -> None:
    """Flag parcels that this case has not flagged yet."""
    if rows := [flag_row(flag) for flag in flags]:
        await tx.execute(insert(interception_cascades), rows)


async def find_flags(tx: Tx, enterprise_id: EnterpriseId, interception_id: InterceptionId) -> tuple[CascadeFlag, ...]:
    """The parcels that a case flagged, settled ones too."""
    of = interception_cascades.c
    query = select(interception_cascades).where(
        of.enterprise_id == enterprise_id, of.interception_id == interception_id
    )
    return tuple(flag_of(row) for row in await tx.execute(query.order_by(of.waybill)))


async def find_open_flags(tx: Tx, enterprise_id: EnterpriseId, waybill: str) -> tuple[CascadeFlag, ...]:
    """The flags of a waybill that nobody has settled."""
    of = interception_cascades.c
    is_open = of.state == CascadeState.FLAGGED.value
    query = select(interception_cascades).where(of.waybill == waybill, of.enterprise_id == enterprise_id, is_open)
    return tuple(flag_of(row) for row in await tx.execute(query.order_by(of.interception_id)))


async def settle(tx: Tx, flags: Sequence[CascadeFlag], *, entries: Sequence[Entry]) -> bool:
    """Record what became of flagged parcels, with their audit entries; say whether nobody was first."""
    of = interception_cascades.c
    for flag in flags:
        where = and_(
            of.waybill == flag.waybill,
            of.enterprise_id == flag.enterprise_id,
            of.interception_id == flag.interception_id,
            of.state == CascadeState.FLAGGED.value,
        )
        row = flag_row(flag)
        values = {name: row[name] for name in ("state", *_SETTLED)}
        if not (await tx.execute(update(interception_cascades).where(where).values(values))).rowcount:
            return False
    for entry in entries:
        await append(tx, entry)
    return True


async def release_all(
    tx: Tx, enterprise_id: EnterpriseId, interception_id: InterceptionId, *, by: str, at: datetime
) -> int:
    """Let go whatever a case still holds; how many there were."""
    of = interception_cascades.c
    where = and_(
        of.enterprise_id == enterprise_id,
        of.interception_id == interception_id,
        of.state == CascadeState.FLAGGED.value,
    )
    values = {"state": CascadeState.RELEASED.value, "settled_at": at, "settled_by": by}
    return int((await tx.execute(update(interception_cascades).where(where).values(values))).rowcount)
