"""The figures of an outlet's screening, for who supervises it."""

from uuid import UUID

from fastapi import APIRouter

from acceptance_api.http.callers import RegulatorCaller
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.screening_figures import First, Last, ScreeningStatisticsOut, statistics_out
from acceptance_api.http.standard import READING
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import OutletId
from acceptance_api.screening import summary_for_regulator

router = APIRouter(tags=["screenings"])


@router.get("/screening-statistics", responses=documented(*READING))
async def read_regulated_screening(
    outlet_id: UUID, caller: RegulatorCaller, office: OfficeDep, first: First = None, last: Last = None
) -> ScreeningStatisticsOut:
    """The screening of an outlet in the agency's jurisdiction on at most 92 legal days: sums, no parcel."""
    at = office.clock.now()
    last = last or legal_day(at)
    first = first or last
    async with office.database.read() as tx:
        summary = await summary_for_regulator(tx, caller, OutletId(outlet_id), first=first, last=last, at=at)
    return statistics_out(summary, first=first, last=last)
