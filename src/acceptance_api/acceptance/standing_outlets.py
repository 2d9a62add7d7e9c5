"""The outlet a caller stands in: only an open one accepts."""

from acceptance_api.access import Caller
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import Outlet, find_outlet


async def outlet_of(tx: Tx, caller: Caller) -> Outlet:
    """The caller's outlet.

    Raises:
        Problem: NOT_PERMITTED, when it is closed or gone.
    """
    return require_open(await find_outlet(tx, caller.outlet_id))


def require_open(outlet: Outlet | None) -> Outlet:
    """The caller's outlet.

    Raises:
        Problem: NOT_PERMITTED, when it is closed or gone.
    """
    if outlet is None or outlet.closed_at is not None:
        raise Problem(Kind.NOT_PERMITTED)
    return outlet
