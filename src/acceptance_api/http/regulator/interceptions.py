"""Cases of interception in an agency's jurisdiction, looked at under a case of its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import RegulatorCaller
from acceptance_api.http.interception_rendering import interception_out, masked_history_out, obligation_out
from acceptance_api.http.interception_wire import InterceptionOut, MaskedInterceptionStepOut, ObligationOut
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.pages import Cursor, Page, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING
from acceptance_api.http.wire import Out
from acceptance_api.interception import LookAtInterceptions, disposals_on, look_at_interceptions
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import CaseId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import Case, find_case

router = APIRouter(tags=["interceptions"])
UnderCase = Annotated[UUID, Query(description="An open case of the calling agency.")]
Limit = Annotated[int, Query(ge=1, le=50, description="How many at most; each comes with its whole history.")]


class RegulatedInterceptionOut(Out):
    """A case as its supervisor sees it: names and certificate numbers are masked."""

    enterprise_id: UUID
    interception: InterceptionOut
    history: list[MaskedInterceptionStepOut]
    obligations: list[ObligationOut]


class RegulatedInterceptionPage(Page[RegulatedInterceptionOut]):
    """A page of cases, newest first, and the audit entry that this look left."""

    entry_id: UUID


@router.get("/interceptions", responses=documented(*READING, Kind.CASE_NOT_OPEN, Kind.CURSOR_INVALID))
async def list_regulated_interceptions(
    case_id: UnderCase, caller: RegulatorCaller, office: OfficeDep, limit: Limit = 20, cursor: Cursor = None
) -> RegulatedInterceptionPage:
    """The cases in the agency's jurisdiction. Each page is a look of its own and leaves its own audit entry."""
    require(caller, Permission.REGULATOR_INTERCEPTION_READ)
    case = await _open_case(office, caller, case_id)
    filters = ["interceptions", caller.agency_id, case_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    at = office.clock.now()
    request = LookAtInterceptions(
        case_id=case.id,
        legal_basis=case.legal_basis.value,
        before=(place[0], place[1]) if place and place[0] else None,
        limit=limit,
    )
    page = await look_at_interceptions(office.database, office.disclosure, caller, request, at=at)
    return RegulatedInterceptionPage(
        data=[
            RegulatedInterceptionOut(
                enterprise_id=one.file.interception.enterprise_id,
                interception=interception_out(one.file.interception, at=at),
                history=masked_history_out(one),
                obligations=[
                    obligation_out(disposals_on(legal_day(one.file.interception.opened_at)), obligation, at=at)
                    for obligation in one.file.obligations
                ],
            )
            for one in page.files
        ],
        has_more=page.end is not None,
        next_cursor=seal_cursor(office.cursor_key, page.end, filters=filters),
        entry_id=page.entry_id,
    )


async def _open_case(office: Office, caller: Caller, case_id: UUID) -> Case:
    async with office.database.read() as tx:
        case = await find_case(tx, caller.agency_id, CaseId(case_id))
    if case is None or not case.is_open(office.clock.now()):
        raise Problem(Kind.CASE_NOT_OPEN)
    return case
