"""Screeners sign on to machines and off; machines say that they are on."""

from dataclasses import dataclass
from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, MachineId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import shift_store
from acceptance_api.screening.model import ShiftId
from acceptance_api.screening.policy import minute_of
from acceptance_api.screening.shift_store import Sign
from acceptance_api.screening.stepping import acting_clerk, require_screener
from acceptance_api.sites import find_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A screener's time at a machine. Signing on elsewhere ends it too."""

    id: ShiftId
    clerk_id: ClerkId
    machine_id: MachineId
    signed_on_at: datetime
    signed_off_at: datetime | None = None


async def sign_on(
    tx: Tx, caller: Caller, shift_id: ShiftId, machine_id: MachineId, *, at: datetime
) -> tuple[Shift, bool]:
    """Sign the screener of the request on to a machine; say whether that is new.

    Raises:
        Problem: NOT_PERMITTED (also no screener), REFERENCE_UNKNOWN (the machine), ID_CONFLICT, CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_SHIFT_SIGN)
    clerk = await acting_clerk(tx, caller)
    require_screener(clerk)
    if await find_machine(tx, caller.outlet_id, machine_id) is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/machine_id", "unknown"))
    if signs := await shift_store.find_signs(tx, caller.outlet_id, clerk.id, shift_id):
        if signs[0].machine_id != machine_id:
            raise Problem(Kind.ID_CONFLICT)
        return _shift(signs), False
    sign = await _signed(tx, caller, shift_id, machine_id, is_on=True, at=at)
    return _shift((sign,)), True


async def sign_off(tx: Tx, caller: Caller, shift_id: ShiftId, *, at: datetime) -> Shift:
    """End a shift of the screener of the request; asked again, it is answered with when that was.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also another screener's), STEP_NOT_DUE (signed on elsewhere since),
            CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_SHIFT_SIGN)
    signs = await shift_store.find_signs(tx, caller.outlet_id, caller.named_clerk_id, shift_id)
    if not signs:
        raise Problem(Kind.NOT_FOUND)
    if not signs[-1].is_on:
        return _shift(signs)
    last = await shift_store.find_last_sign(tx, caller.outlet_id, caller.named_clerk_id)
    if last != signs[-1]:
        raise Problem(Kind.STEP_NOT_DUE)
    sign = await _signed(tx, caller, shift_id, signs[0].machine_id, is_on=False, at=at)
    return _shift((*signs, sign))


async def report_machine(tx: Tx, caller: Caller, machine_id: MachineId, *, at: datetime) -> bool:
    """Keep that a machine is on in this minute; say whether that was not known yet.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also a retired machine).
    """
    require(caller, Permission.COUNTER_MACHINE_REPORT)
    if await find_machine(tx, caller.outlet_id, machine_id) is None:
        raise Problem(Kind.NOT_FOUND)
    entry = Entry(
        action=Action.HEARTBEAT_RECORDED, actor=caller.actor, at=at, stream_id=caller.outlet_id, subject_id=machine_id
    )
    return await shift_store.add_minute(tx, caller.outlet_id, machine_id, minute_of(at), at=at, entry=entry)


async def _signed(
    tx: Tx, caller: Caller, shift_id: ShiftId, machine_id: MachineId, *, is_on: bool, at: datetime
) -> Sign:
    last = await shift_store.find_last_sign(tx, caller.outlet_id, caller.named_clerk_id)
    sign = Sign(
        outlet_id=caller.outlet_id,
        clerk_id=caller.named_clerk_id,
        number=last.number + 1 if last else 1,
        shift_id=shift_id,
        machine_id=machine_id,
        is_on=is_on,
        at=at,
    )
    entry = Entry(
        action=Action.SHIFT_STARTED if is_on else Action.SHIFT_ENDED,
        actor=caller.actor,
        at=at,
        stream_id=caller.outlet_id,
        subject_id=shift_id,
        detail={"machine_id": machine_id.hex},
    )
    await shift_store.add_sign(tx, sign, entry=entry)
    return sign


def _shift(signs: tuple[Sign, ...]) -> Shift:
    first, last = signs[0], signs[-1]
    return Shift(
        id=first.shift_id,
        clerk_id=first.clerk_id,
        machine_id=first.machine_id,
        signed_on_at=first.at,
        signed_off_at=None if last.is_on else last.at,
    )
