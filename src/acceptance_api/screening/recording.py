"""Recording a pass through the X-ray machine."""

from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.clock import SHANGHAI
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import store
from acceptance_api.screening.model import RecordScreening, Screening
from acceptance_api.sites import Clerk, ClerkRole, Machine, find_clerk, find_machine


async def record_screening(tx: Tx, caller: Caller, request: RecordScreening, *, at: datetime) -> tuple[Screening, bool]:
    """Record one pass, before or after acceptance; say whether it is new.

    Raises:
        Problem: NOT_PERMITTED (also a clerk who is no screener), CLERK_NOT_OF_OUTLET, REFERENCE_UNKNOWN (the machine),
            ID_CONFLICT or CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_SCREENING_RECORD)
    if known := await store.find(tx, caller.outlet_id, request.id):
        if known.fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return known, False
    machine = await find_machine(tx, caller.outlet_id, request.machine_id)
    if machine is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/machine_id", "unknown"))
    operator = await _screener(tx, caller)
    number = await store.next_pass_number(tx, caller.outlet_id, request.waybill)
    screening = Screening(
        id=request.id,
        enterprise_id=caller.enterprise_id,
        outlet_id=caller.outlet_id,
        waybill=request.waybill,
        pass_number=number,
        machine_id=request.machine_id,
        operator_id=operator.id,
        verdict=request.verdict,
        label_serial=label_serial(machine, operator, pass_number=number, at=at),
        recorded_at=at,
        fingerprint=request.fingerprint,
    )
    await store.add(tx, screening, entry=_entry(caller, screening))
    return screening, True


def label_serial(machine: Machine, operator: Clerk, *, pass_number: int, at: datetime) -> str:
    """The string of the screening label: time, machine, screener, pass number (after the Tianjin trial rule, 2017)."""
    return f"{at.astimezone(SHANGHAI):%Y%m%d%H%M%S}-{machine.serial}-{operator.staff_no}-{pass_number}"


async def _screener(tx: Tx, caller: Caller) -> Clerk:
    """The clerk of the request, if the enterprise has named them a screener (快递暂行条例 33: trained for it)."""
    clerk = await find_clerk(tx, caller.outlet_id, caller.named_clerk_id)
    if clerk is None:
        raise Problem(Kind.CLERK_NOT_OF_OUTLET)
    if ClerkRole.SCREENER not in clerk.roles:
        raise Problem(Kind.NOT_PERMITTED, Fault("header:clerk-id", "not_a_screener"))
    return clerk


def _entry(caller: Caller, screening: Screening) -> Entry:
    return Entry(
        action=Action.SCREENING_RECORDED,
        actor=caller.actor,
        at=screening.recorded_at,
        stream_id=screening.outlet_id,
        subject_id=screening.id,
        detail={"verdict": screening.verdict.value, "pass_number": screening.pass_number},
    )
