"""Cases and the audit entries they left."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.audit import find_entries
from acceptance_api.http.callers import RegulatorCaller
from acceptance_api.http.entries import EntryOut, EntryPage, entry_out
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In, Instant, Line, Out, PersonName, RecordId, Text
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import CaseId, EntryId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import Case, LegalBasis, Officer, OpenCase, close_case, find_case, find_cases, open_case

router = APIRouter(tags=["cases"])


class OfficerIn(In):
    """A named officer."""

    name: PersonName
    certificate_number: Line


class CaseIn(In):
    """What must be stated before anything is searched."""

    id: RecordId
    legal_basis: LegalBasis
    number: Annotated[Line, Field(max_length=80, description="The agency's own number of the case.")]
    officers: list[OfficerIn] = Field(min_length=2, max_length=10)
    purpose: Text
    expires_at: Instant


class CaseOut(Out):
    """A case. Its officers and purpose are sealed and not repeated."""

    id: UUID
    legal_basis: str
    number: str
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None


class CasePage(Page[CaseOut]):
    """A page of cases."""


@router.post(
    "/cases", status_code=201, response_model=CaseOut, responses=documented(*WRITING, Kind.ID_CONFLICT) | again(CaseOut)
)
async def open_a_case(body: CaseIn, caller: RegulatorCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Open a case: a legal basis, a number, two named officers, an expiry."""
    request = OpenCase(
        id=CaseId(body.id),
        legal_basis=body.legal_basis,
        number=body.number,
        officers=tuple(Officer(name=o.name, certificate_number=o.certificate_number) for o in body.officers),
        purpose=body.purpose,
        expires_at=body.expires_at,
        fingerprint=attempt.fingerprint,
    )

    async def act(tx: Tx) -> Reply:
        case, is_new = await open_case(office.vault, tx, caller, request, at=office.clock.now())
        return Reply(body=_out(case), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.get("/cases", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_cases(
    caller: RegulatorCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> CasePage:
    """The agency's cases, oldest first."""
    require(caller, Permission.REGULATOR_CASE_READ)
    filters = ["cases", caller.agency_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    async with office.database.read() as tx:
        cases = await find_cases(tx, caller.agency_id, after=CaseId(place[1]) if place else None, limit=limit + 1)
    end = (None, cases[limit - 1].id) if len(cases) > limit else None
    return CasePage(
        data=[_out(case) for case in cases[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.get("/cases/{case_id}", responses=documented(*READING))
async def read_case(case_id: UUID, caller: RegulatorCaller, office: OfficeDep) -> CaseOut:
    """One case of this agency."""
    require(caller, Permission.REGULATOR_CASE_READ)
    return _out(await _case(office, caller, case_id))


@router.post(
    "/cases/{case_id}/closing",
    status_code=201,
    response_model=CaseOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def close_a_case(case_id: UUID, caller: RegulatorCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Close a case: nothing more can be searched under it."""

    async def act(tx: Tx) -> Reply:
        await close_case(tx, caller, CaseId(case_id), at=office.clock.now())
        case = await find_case(tx, caller.agency_id, CaseId(case_id))
        if case is None:
            raise Problem(Kind.NOT_FOUND)
        return Reply(body=_out(case))

    return await once(office, caller, attempt, act)


@router.get("/cases/{case_id}/entries", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_case_entries(
    case_id: UUID,
    caller: RegulatorCaller,
    office: OfficeDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> EntryPage:
    """Every look under a case, oldest first: who searched and disclosed what, when."""
    require(caller, Permission.REGULATOR_AUDIT_READ)
    await _case(office, caller, case_id)
    filters = ["entries", caller.agency_id, case_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = EntryId(place[1]) if place else None
    async with office.database.read() as tx:
        entries = await find_entries(tx, caller.agency_id, case_id=case_id, after=after, limit=limit + 1)
    end = (None, entries[limit - 1].id) if len(entries) > limit else None
    data: list[EntryOut] = [entry_out(entry) for entry in entries[:limit]]
    next_cursor = seal_cursor(office.cursor_key, end, filters=filters)
    return EntryPage(data=data, has_more=end is not None, next_cursor=next_cursor)


async def _case(office: OfficeDep, caller: RegulatorCaller, case_id: UUID) -> Case:
    async with office.database.read() as tx:
        case = await find_case(tx, caller.agency_id, CaseId(case_id))
    if case is None:
        raise Problem(Kind.NOT_FOUND)
    return case


def _out(case: Case) -> CaseOut:
    return CaseOut(
        id=case.id,
        legal_basis=case.legal_basis.value,
        number=case.number,
        opened_at=case.opened_at,
        expires_at=case.expires_at,
        closed_at=case.closed_at,
    )
