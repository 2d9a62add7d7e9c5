"""What to do when something was found: answered at once, before anything is recorded."""

from fastapi import APIRouter

from acceptance_api.access import Permission, require
from acceptance_api.goods import Disposal
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.interception_rendering import card_out
from acceptance_api.http.interception_wire import SafetyCardOut
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import CLERK, READING
from acceptance_api.interception import disposals_on
from acceptance_api.kernel.clock import legal_day

router = APIRouter(tags=["interceptions"])


@router.get("/safety-cards/{disposal}", responses=documented(*CLERK, *READING))
async def read_safety_card(disposal: Disposal, caller: CounterCaller, office: OfficeDep) -> SafetyCardOut:
    """The card of a class of disposal, in both languages. No database is asked for it."""
    require(caller, Permission.COUNTER_INTERCEPTION_READ)
    at = office.clock.now()
    return card_out(disposals_on(legal_day(at)), disposal, at=at)
