"""Which other parcels of the same sender are under way: they may hold what was found in one.

The tokens of an ID number change with the month, so the number is opened once, under an audit entry of its own, to make
those of the months before. It is shown to nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, select

from acceptance_api.acceptance.cells import cells_of
from acceptance_api.acceptance.fields import SENDER_ID_NUMBER
from acceptance_api.acceptance.model import RecordKey
from acceptance_api.acceptance.scan_model import Stage
from acceptance_api.acceptance.store import find_acceptances, find_sealed_of
from acceptance_api.acceptance.tables import acceptance_tokens, acceptance_waybills, acceptances, decisions, scans
from acceptance_api.access import Audience, Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import Cell, DisclosureDesk
from acceptance_api.identity import find_verifications
from acceptance_api.kernel.clock import legal_months
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import AcceptanceId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import Index, Vault

UNDER_WAY: Final = timedelta(days=30)
"""A policy value: an older parcel without a last scan is taken to have arrived."""
FOUND_MAX: Final = 500
_VERIFICATION_LEAD: Final = timedelta(days=31)
"""A verification may be older than the acceptance it serves, so its token may be of the month before."""
_LAST_STAGES: Final = tuple(stage.value for stage in Stage if stage.is_last)
_PERMISSIONS: Final = {
    Audience.COUNTER: Permission.COUNTER_INTERCEPTION_RECORD,
    Audience.ENTERPRISE: Permission.ENTERPRISE_INTERCEPTION_RECORD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelUnderWay:
    """A parcel that stands accepted or held, and was seen neither delivered nor returned."""

    waybill: str
    outlet_id: OutletId
    acceptance_id: AcceptanceId


async def find_under_way(
    database: Database, disclosure: DisclosureDesk, vault: Vault, caller: Caller, waybill: str, *, at: datetime
) -> tuple[ParcelUnderWay, ...]:
    """The sender's other parcels under way in the caller's enterprise, newest first, at most `FOUND_MAX`.

    Nothing for a waybill that was never presented, or whose sender showed no document here (letters, agreement
    customers): there is no number to go by.

    Raises:
        Problem: NOT_PERMITTED, KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot make tokens.
    """
    _require_recorder(caller)
    async with database.read() as tx:
        presented = await _presented(tx, caller, waybill)
        cells = await _numbers(tx, presented)
    if not cells:
        return ()
    look = await disclosure.begin(_entry(caller, presented, at=at))
    numbers = {number for number in await look.full(cells) if number}
    months = legal_months(at - UNDER_WAY - _VERIFICATION_LEAD, at)
    tokens = [
        token
        for number in numbers
        for token in await vault.search_tokens([caller.enterprise_id], months, Index.ID_NUMBER, number)
    ]
    async with database.read() as tx:
        return await _under_way(tx, caller, tokens, waybill, since=at - UNDER_WAY)


async def _presented(tx: Tx, caller: Caller, waybill: str) -> tuple[RecordKey, ...]:
    """Every presentation of the waybill in this enterprise, refused ones too: what was found may be why."""
    of = acceptance_waybills.c
    query = (
        select(of.outlet_id, of.acceptance_id)
        .where(of.waybill == waybill, of.enterprise_id == caller.enterprise_id)
        .order_by(of.recorded_at.desc())
        .limit(FOUND_MAX)
    )
    return tuple((OutletId(row.outlet_id), AcceptanceId(row.acceptance_id)) for row in await tx.execute(query))


async def _numbers(tx: Tx, presented: Sequence[RecordKey]) -> list[Cell]:
    """The sealed numbers of the documents that the sender showed."""
    found = await find_acceptances(tx, presented)
    sealed = await find_sealed_of(tx, [one.key for one in found])
    verifications = await find_verifications(tx, [key for one in found if (key := one.verification_key)])
    cells = []
    for one in found:
        verification = verifications.get(one.verification_key) if one.verification_key else None
        if verification is not None:
            (_, latest), *_ = sealed[one.key]
            cells.append(cells_of(one, latest, verification)[SENDER_ID_NUMBER.role])
    return cells


async def _under_way(
    tx: Tx, caller: Caller, tokens: Iterable[int], waybill: str, *, since: datetime
) -> tuple[ParcelUnderWay, ...]:
    token, place, record = acceptance_tokens.c, acceptance_waybills.c, acceptances.c
    presented = and_(record.outlet_id == token.outlet_id, record.id == token.acceptance_id, record.revision == 1)
    stands = and_(
        place.waybill == record.waybill,
        place.enterprise_id == record.enterprise_id,
        place.acceptance_id == record.id,
        place.stands,
    )
    query = (
        select(record.waybill, record.outlet_id, record.id, record.recorded_at)
        .distinct()
        .select_from(acceptance_tokens)
        .join(acceptances, presented)
        .join(acceptance_waybills, stands)
        .where(
            token.token.in_(sorted(set(tokens))),
            token.role == SENDER_ID_NUMBER.role,
            token.recorded_at >= since,
            record.enterprise_id == caller.enterprise_id,
            record.waybill != waybill,
            # A verification serves many records; only those that rest on it are its holder's.
            exists().where(
                decisions.c.outlet_id == token.outlet_id,
                decisions.c.acceptance_id == token.acceptance_id,
                decisions.c.verification_id == token.source_id,
            ),
            ~exists().where(
                scans.c.waybill == record.waybill,
                scans.c.enterprise_id == record.enterprise_id,
                scans.c.acceptance_id == record.id,
                scans.c.stage.in_(_LAST_STAGES),
            ),
        )
        .order_by(record.recorded_at.desc(), record.id.desc())
        .limit(FOUND_MAX)
    )
    return tuple(
        ParcelUnderWay(waybill=row.waybill, outlet_id=OutletId(row.outlet_id), acceptance_id=AcceptanceId(row.id))
        for row in await tx.execute(query)
    )


def _require_recorder(caller: Caller) -> None:
    permission = _PERMISSIONS.get(caller.client.audience)
    if permission is None:
        raise Problem(Kind.NOT_PERMITTED)
    require(caller, permission)


def _entry(caller: Caller, presented: Sequence[RecordKey], *, at: datetime) -> Entry:
    (outlet_id, acceptance_id), *_ = presented
    return Entry(
        action=Action.SENDER_PARCELS_SOUGHT,
        actor=caller.actor,
        at=at,
        stream_id=outlet_id,
        subject_id=acceptance_id,
        detail={"days": UNDER_WAY.days, "by": SENDER_ID_NUMBER.role},
    )
