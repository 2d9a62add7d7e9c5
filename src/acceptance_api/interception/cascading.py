"""The sender's other parcels: held when dangerous or criminal goods were found in one, until somebody looked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from acceptance_api.access import Caller, Permission, owner_of, require
from acceptance_api.audit import Action, Entry
from acceptance_api.inspection import InspectionStatus, find_inspection
from acceptance_api.interception import cascade_store
from acceptance_api.interception.model import CascadeFlag, CascadeState, Interception, WaybillUnderWay
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import InspectionId
from acceptance_api.kernel.problems import Fault, Kind, Problem


def flags_of(
    case: Interception, under_way: Iterable[WaybillUnderWay], *, known: Iterable[CascadeFlag], at: datetime
) -> tuple[CascadeFlag, ...]:
    """The flags that a case still has to set, its own waybill left out."""
    left_out = {case.waybill, *(flag.waybill for flag in known)}
    wanted = {one.waybill: one for one in under_way if one.waybill not in left_out}
    return tuple(
        CascadeFlag(
            waybill=one.waybill,
            enterprise_id=case.enterprise_id,
            interception_id=case.id,
            outlet_id=case.outlet_id,
            accepted_at_outlet_id=one.outlet_id,
            acceptance_id=one.acceptance_id,
            state=CascadeState.FLAGGED,
            flagged_at=at,
        )
        for one in wanted.values()
    )


async def examine_waybill(
    tx: Tx, caller: Caller, waybill: str, inspection_id: InspectionId, *, at: datetime
) -> tuple[CascadeFlag, ...]:
    """Settle every flag of a waybill by an inspection made since, at any outlet of the enterprise.

    An inspection that failed settles nothing: what it found opens a case of its own.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (nothing is flagged), REFERENCE_UNKNOWN (no inspection of this waybill here),
            INVALID (made before the flag, or not passed) or CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_INTERCEPTION_RECORD)
    flags = await _flags(tx, caller, waybill)
    inspection = await find_inspection(tx, caller.outlet_id, inspection_id)
    if inspection is None or inspection.waybill != waybill:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/inspection_id", "unknown"))
    if inspection.recorded_at < max(flag.flagged_at for flag in flags):
        raise Problem(Kind.INVALID, Fault("/inspection_id", "before_the_flag"))
    if inspection.status is not InspectionStatus.PASSED:
        raise Problem(Kind.INVALID, Fault("/inspection_id", "not_passed"))
    settled = tuple(
        replace(
            flag,
            state=CascadeState.EXAMINED,
            settled_at=at,
            settled_by=str(caller.named_clerk_id),
            inspection_id=inspection.id,
            settled_outlet_id=caller.outlet_id,
        )
        for flag in flags
    )
    return await _settle(tx, caller, settled, action=Action.CASCADE_EXAMINED, at=at)


async def release_waybill(tx: Tx, caller: Caller, waybill: str, *, by: str, at: datetime) -> tuple[CascadeFlag, ...]:
    """Let a flagged waybill go without examining it, on the word of a member of staff, by their number.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (nothing is flagged) or CHANGED_MEANWHILE.
    """
    require(caller, Permission.ENTERPRISE_INTERCEPTION_RECORD)
    flags = await _flags(tx, caller, waybill)
    settled = tuple(replace(flag, state=CascadeState.RELEASED, settled_at=at, settled_by=by) for flag in flags)
    return await _settle(tx, caller, settled, action=Action.CASCADE_RELEASED, at=at)


async def _flags(tx: Tx, caller: Caller, waybill: str) -> tuple[CascadeFlag, ...]:
    flags = await cascade_store.find_open_flags(tx, caller.enterprise_id, waybill)
    if not flags:
        raise Problem(Kind.NOT_FOUND)
    return flags


async def _settle(
    tx: Tx, caller: Caller, flags: Sequence[CascadeFlag], *, action: Action, at: datetime
) -> tuple[CascadeFlag, ...]:
    entries = [
        Entry(
            action=action,
            actor=caller.actor,
            at=at,
            stream_id=owner_of(caller),
            subject_id=flag.interception_id,
            detail={"acceptance_id": str(flag.acceptance_id), "settled_by": flag.settled_by},
        )
        for flag in flags
    ]
    if not await cascade_store.settle(tx, flags, entries=entries):
        raise Problem(Kind.CHANGED_MEANWHILE)
    return tuple(flags)
