"""The figures of an outlet's screening, for who manages it."""

from uuid import UUID

from fastapi import APIRouter

from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.screening_figures import First, Last, ScreeningStatisticsOut, statistics_out
from acceptance_api.http.standard import READING
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import OutletId
from acceptance_api.screening import summary_for_enterprise

router = APIRouter(tags=["screenings"])


@router.get("/screening-statistics", responses=documented(*READING))
async def read_screening_statistics(
    outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep, first: First = None, last: Last = None
) -> ScreeningStatisticsOut:
    """An outlet's screening on at most 92 legal days, by machine and by staff number."""
    at = office.clock.now()
    last = last or legal_day(at)
    first = first or last
    async with office.database.read() as tx:
        summary = await summary_for_enterprise(tx, caller, OutletId(outlet_id), first=first, last=last, at=at)
    return statistics_out(summary, first=first, last=last)
