"""Recording a pass through the X-ray machine."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, Uuid

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.clock import SHANGHAI
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Question, Reader, Record
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import store
from acceptance_api.screening.model import RecordScreening, Screening
from acceptance_api.sites import Clerk, ClerkRole, Machine, Roster

PASSES = Question(
    {"outlet_id": Uuid(), "waybill": String()},
    lambda asked: (store.verdicts_part(asked["outlet_id"], asked["waybill"]),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningDesk:
    """What recording a pass needs: who works where, and the passes there were."""

    database: Database
    reader: Reader
    roster: Roster


async def draft_screening(
    desk: ScreeningDesk, caller: Caller, request: RecordScreening, *, at: datetime
) -> tuple[Screening, Record]:
    """One pass, before or after acceptance; with it the record to commit, the audit entry in it.

    A conflict on committing means that the id was taken, or that another pass of the waybill took the number first:
    `find_repeated` tells.

    Raises:
        Problem: NOT_PERMITTED (also a clerk who is no screener), CLERK_NOT_OF_OUTLET, REFERENCE_UNKNOWN (the machine).
    """
    require(caller, Permission.COUNTER_SCREENING_RECORD)
    machine = await desk.roster.machine(caller.outlet_id, request.machine_id, at=at)
    if machine is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/machine_id", "unknown"))
    operator = await _screener(desk, caller, at=at)
    (verdicts,) = await desk.reader.ask(PASSES, caller.outlet_id, request.waybill)
    number = len(verdicts) + 1
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
    return screening, store.record_of(screening, entry=_entry(caller, screening))


async def find_repeated(desk: ScreeningDesk, caller: Caller, request: RecordScreening) -> Screening | None:
    """The pass that this very request recorded before; None for a new id.

    Raises:
        Problem: NOT_PERMITTED or ID_CONFLICT.
    """
    require(caller, Permission.COUNTER_SCREENING_RECORD)
    async with desk.database.read() as tx:
        known = await store.find(tx, caller.outlet_id, request.id)
    if known is not None and known.fingerprint != request.fingerprint:
        raise Problem(Kind.ID_CONFLICT)
    return known


def label_serial(machine: Machine, operator: Clerk, *, pass_number: int, at: datetime) -> str:
    """The string of the screening label: time, machine, screener, pass number (after the Tianjin trial rule, 2017)."""
    return f"{at.astimezone(SHANGHAI):%Y%m%d%H%M%S}-{machine.serial}-{operator.staff_no}-{pass_number}"


async def _screener(desk: ScreeningDesk, caller: Caller, *, at: datetime) -> Clerk:
    """The clerk of the request, if the enterprise has named them a screener (快递暂行条例 33: trained for it)."""
    clerk = await desk.roster.clerk(caller.outlet_id, caller.named_clerk_id, at=at)
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
