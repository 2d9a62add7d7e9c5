"""Recording a pass through the X-ray machine."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Date, String, Uuid

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.clock import SHANGHAI, legal_day
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Question, Reader, Record
from acceptance_api.kernel.ids import ScreeningId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import store
from acceptance_api.screening.editions import screening_values_on
from acceptance_api.screening.history import PassHistory
from acceptance_api.screening.history_store import history_of
from acceptance_api.screening.labels import Names
from acceptance_api.screening.model import PassReservation, RecordScreening, Screening
from acceptance_api.screening.policy import entered, is_on_shift, reservations_of
from acceptance_api.screening.shift_store import Presence, presence_part
from acceptance_api.sites import Clerk, ClerkRole, Machine, Papers, Roster, papers_part

PASSES = Question(
    {"outlet_id": Uuid(), "waybill": String(), "machine_id": Uuid(), "clerk_id": Uuid(), "on": Date()},
    lambda asked: (
        store.last_pass_part(asked["outlet_id"], asked["waybill"]),
        papers_part(asked["outlet_id"], asked["machine_id"], asked["clerk_id"], asked["on"]),
        presence_part(asked["outlet_id"], asked["clerk_id"]),
    ),
)
"""What a pass has to know before it is recorded, in one round trip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningDesk:
    """What recording a pass needs: who works where, and the passes there were."""

    database: Database
    reader: Reader
    roster: Roster
    names: Names = field(default_factory=Names)


async def draft_screening(
    desk: ScreeningDesk, caller: Caller, request: RecordScreening, *, at: datetime
) -> tuple[Screening, Record]:
    """One pass, before or after acceptance; with it the record to commit, the audit entry in it.

    What the papers and the shift say against it is recorded with it: the record shows what was done. A conflict on
    committing means that the id was taken, or that another pass of the waybill took the number first:
    `find_repeated` tells.

    Raises:
        Problem: NOT_PERMITTED (also a clerk who is no screener), CLERK_NOT_OF_OUTLET, REFERENCE_UNKNOWN (the machine).
    """
    require(caller, Permission.COUNTER_SCREENING_RECORD)
    machine = await desk.roster.machine(caller.outlet_id, request.machine_id, at=at)
    if machine is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/machine_id", "unknown"))
    operator = await _screener(desk, caller, at=at)
    asked = (caller.outlet_id, request.waybill, machine.id, operator.id, legal_day(at))
    last, papers, presence = await desk.reader.ask(PASSES, *asked)
    number = last + 1
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
        label_kind=request.label_kind,
        reservations=_reservations(papers, presence, machine, at=at),
        flags=request.flags,
        flags_open=len(request.flags),
        state=entered(request.verdict, flags=len(request.flags)),
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


async def read_screening(desk: ScreeningDesk, caller: Caller, screening_id: ScreeningId) -> PassHistory:
    """A pass of the caller's outlet, and everything that was done with it since.

    Raises:
        Problem: NOT_PERMITTED or NOT_FOUND.
    """
    require(caller, Permission.COUNTER_SCREENING_READ)
    async with desk.database.read() as tx:
        screening = await store.find(tx, caller.outlet_id, screening_id)
        if screening is None:
            raise Problem(Kind.NOT_FOUND)
        return await history_of(tx, screening)


async def name_on_labels(desk: ScreeningDesk, caller: Caller, *, at: datetime) -> str:
    """The name of the caller's enterprise, as it stands on its labels.

    Raises:
        Problem: NOT_FOUND, DATABASE_UNAVAILABLE or OVERLOADED.
    """
    return await desk.names.of(desk.database, caller.enterprise_id, at=at)


def label_serial(machine: Machine, operator: Clerk, *, pass_number: int, at: datetime) -> str:
    """The string of the screening label: time, machine, screener, pass number (after the Tianjin trial rule, 2017).

    It stands in addresses as one step of a path, so a slash in a machine's serial or a staff number is another stroke.
    """
    who = f"{machine.serial}-{operator.staff_no}".replace("/", "_")
    return f"{at.astimezone(SHANGHAI):%Y%m%d%H%M%S}-{who}-{pass_number}"


def _reservations(papers: Papers, presence: Presence, machine: Machine, *, at: datetime) -> tuple[PassReservation, ...]:
    found = list(reservations_of(papers.machine, papers.screener, papers_are_kept=papers.are_kept, at=at))
    values = screening_values_on(legal_day(at))
    if presence.is_kept and not is_on_shift(presence.sign_on, machine.id, values, at=at):
        found.append(PassReservation.OPERATOR_NOT_ON_SHIFT)
    return tuple(found)


async def _screener(desk: ScreeningDesk, caller: Caller, *, at: datetime) -> Clerk:
    """The clerk of the request, if the enterprise has named them a screener (快递暂行条例 33: trained for it)."""
    clerk = await desk.roster.clerk(caller.outlet_id, caller.named_clerk_id, at=at)
    if clerk is None:
        raise Problem(Kind.CLERK_NOT_OF_OUTLET)
    if ClerkRole.SCREENER not in clerk.roles:
        raise Problem(Kind.NOT_PERMITTED, Fault("header:clerk-id", "not_a_screener"))
    return clerk


def _entry(caller: Caller, screening: Screening) -> Entry:
    detail: dict[str, object] = {"verdict": screening.verdict.value, "pass_number": screening.pass_number}
    if screening.flags:
        detail["flags"] = len(screening.flags)
    return Entry(
        action=Action.SCREENING_RECORDED,
        actor=caller.actor,
        at=screening.recorded_at,
        stream_id=screening.outlet_id,
        subject_id=screening.id,
        detail=detail,
    )
