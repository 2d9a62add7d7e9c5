"""Looking at cases with the persons in them masked: the look is recorded first, only then anything is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from acceptance_api.access import Caller, Permission, owner_of, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import Cell, DisclosureDesk, Look, Mask
from acceptance_api.interception import store
from acceptance_api.interception.fields import (
    ACTOR_CERTIFICATE,
    ACTOR_NAME,
    HOLDER_CERTIFICATE,
    HOLDER_NAME,
    NOTE,
    WITNESS_CERTIFICATE,
    WITNESS_NAME,
)
from acceptance_api.interception.model import CaseFile, Step
from acceptance_api.interception.recorders import get_own, require_reader
from acceptance_api.interception.store import Place
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import CaseId, EntryId, InterceptionId, OutletId
from acceptance_api.sites import Enterprise, Outlet, find_enterprise, get_outlet

_MASKS: Final = {
    ACTOR_NAME: Mask.NAME,
    ACTOR_CERTIFICATE: Mask.DOCUMENT_NUMBER,
    HOLDER_NAME: Mask.NAME,
    HOLDER_CERTIFICATE: Mask.DOCUMENT_NUMBER,
    WITNESS_NAME: Mask.NAME,
    WITNESS_CERTIFICATE: Mask.DOCUMENT_NUMBER,
    NOTE: Mask.HIDDEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtInterceptions:
    """Which cases an agency looks at, under which open case of its own and on what legal basis."""

    case_id: CaseId
    legal_basis: str
    before: Place | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFile:
    """A case, and for each of its steps the masked persons by field. A mask still tells something: no repr."""

    file: CaseFile
    masked: tuple[Mapping[str, str | None], ...]

    def __repr__(self) -> str:
        """Show no value."""
        return "<masked file>"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """Cases, newest first; `end` is the place of the last when there are more; `entry_id` the look's audit entry."""

    files: tuple[MaskedFile, ...]
    end: Place | None
    entry_id: EntryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the report of a case is made of."""

    masked: MaskedFile
    enterprise: Enterprise | None
    outlet: Outlet
    made_at: datetime
    entry_id: EntryId


async def look_at_interceptions(
    database: Database, disclosure: DisclosureDesk, caller: Caller, request: LookAtInterceptions, *, at: datetime
) -> LookPage:
    """The cases within an agency's jurisdiction, masked. That its own case is open, whoever calls has made sure of.

    Raises:
        Problem: NOT_PERMITTED, KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED.
    """
    require(caller, Permission.REGULATOR_INTERCEPTION_READ)
    async with database.read() as tx:
        found = await store.find_within(tx, caller.client.jurisdiction, before=request.before, limit=request.limit + 1)
        files = await store.files_of(tx, found[: request.limit])
    entry = Entry(
        action=Action.INTERCEPTIONS_LISTED,
        actor=replace(caller.actor, case_id=request.case_id),
        at=at,
        stream_id=caller.agency_id,
        subject_id=request.case_id,
        detail={"legal_basis": request.legal_basis, "found": len(files)},
    )
    look = await disclosure.begin(entry)
    last = files[-1].interception if len(found) > request.limit else None
    end = (last.opened_at, last.id) if last else None
    return LookPage(files=await _masked(look, files), end=end, entry_id=entry.id)


async def make_report(
    database: Database,
    disclosure: DisclosureDesk,
    caller: Caller,
    outlet_id: OutletId,
    interception_id: InterceptionId,
    *,
    at: datetime,
) -> Report:
    """What a body is told of a case, persons masked; nothing of the sender but the waybill, by which a body may ask.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also another's case), KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED.
    """
    require_reader(caller)
    async with database.read() as tx:
        file = await get_own(tx, caller, outlet_id, interception_id)
        outlet = await get_outlet(tx, outlet_id)
        enterprise = await find_enterprise(tx, outlet.enterprise_id)
    entry = Entry(
        action=Action.INTERCEPTION_REPORT_MADE,
        actor=caller.actor,
        at=at,
        stream_id=owner_of(caller),
        subject_id=interception_id,
        detail={"steps": len(file.steps), "state": file.interception.state.value},
    )
    look = await disclosure.begin(entry)
    (masked,) = await _masked(look, [file])
    return Report(masked=masked, enterprise=enterprise, outlet=outlet, made_at=at, entry_id=entry.id)


async def _masked(look: Look, files: Sequence[CaseFile]) -> tuple[MaskedFile, ...]:
    steps = [(file, step) for file in files for step in file.steps]
    shown = iter(await look.masked([_cells(file, step) for file, step in steps]))
    return tuple(MaskedFile(file=file, masked=tuple(next(shown) for _ in file.steps)) for file in files)


def _cells(file: CaseFile, step: Step) -> Mapping[str, Cell]:
    """The sealed values a step has; who kept the goods is named in the step that gave them."""
    return {
        field.column: Cell(
            field=field,
            owner_id=file.interception.enterprise_id,
            record_id=step.id,
            envelope=step.sealed[field.sealed_name],
            mask=mask,
        )
        for field, mask in _MASKS.items()
        if step.sealed[field.sealed_name] is not None
    }
