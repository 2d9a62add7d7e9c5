"""The papers of an outlet's screeners: training, background check."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Code, Day, In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import (
    FileScreenerPaper,
    ScreenerPaper,
    file_screener_paper,
    find_clerk,
    find_screener_papers,
    get_outlet,
)

router = APIRouter(tags=["sites"])


class ScreenerPaperIn(In):
    """A screener's training certificate and background check, said anew as a whole; last days are included."""

    certificate_no: Code
    valid_from: Day
    valid_to: Day
    background_checked_on: Day | None = Field(None, description="When the background was checked; left out if not.")
    screening_company: Annotated[Line, Field(max_length=120)] | None = Field(
        None, description="The company whose employee the screener is; left out for the enterprise's own."
    )


class ScreenerPaperOut(Out):
    """A filed paper."""

    id: UUID
    clerk_id: UUID
    certificate_no: str
    valid_from: date
    valid_to: date
    background_checked_on: date | None
    screening_company: str | None
    filed_at: datetime


class ScreenerPaperList(Out):
    """Every paper of a screener, oldest first; the newest that has begun is in force."""

    data: list[ScreenerPaperOut]


@router.get("/outlets/{outlet_id}/clerks/{clerk_id}/screener-papers", responses=documented(*READING))
async def list_screener_papers(
    outlet_id: UUID, clerk_id: UUID, caller: EnterpriseCaller, office: OfficeDep
) -> ScreenerPaperList:
    """The papers of a clerk who screens, also of a retired one."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        if await find_clerk(tx, outlet.id, ClerkId(clerk_id), even_retired=True) is None:
            raise Problem(Kind.NOT_FOUND)
        found = await find_screener_papers(tx, outlet.id, ClerkId(clerk_id))
    return ScreenerPaperList(data=[_out(paper) for paper in found])


@router.post(
    "/outlets/{outlet_id}/clerks/{clerk_id}/screener-papers",
    status_code=201,
    response_model=ScreenerPaperOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def file_a_screener_paper(
    outlet_id: UUID,
    clerk_id: UUID,
    body: ScreenerPaperIn,
    caller: EnterpriseCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """File a paper; from its first day on it takes the place of the earlier ones, which stay."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    request = FileScreenerPaper(
        certificate_no=body.certificate_no,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        background_checked_on=body.background_checked_on,
        screening_company=body.screening_company,
    )

    async def act(tx: Tx) -> Reply:
        paper = await file_screener_paper(
            tx,
            OutletId(outlet_id),
            ClerkId(clerk_id),
            request,
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_out(paper))

    return await once(office, caller, attempt, act)


def _out(paper: ScreenerPaper) -> ScreenerPaperOut:
    return ScreenerPaperOut(
        id=paper.id,
        clerk_id=paper.clerk_id,
        certificate_no=paper.certificate_no,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        background_checked_on=paper.background_checked_on,
        screening_company=paper.screening_company,
        filed_at=paper.filed_at,
    )
