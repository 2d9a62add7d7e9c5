"""Which lines may be recorded at all: a parcel of this enterprise, by somebody who worked there, in the past. Pure."""

from datetime import datetime, timedelta

from acceptance_api.acceptance import OCCURRED_AT
from acceptance_api.imports.model import LateParcel
from acceptance_api.kernel.ids import EnterpriseId
from acceptance_api.kernel.problems import Fault
from acceptance_api.sites.model import Clerk, Outlet

CLOCK_SKEW_MAX = timedelta(minutes=5)
"""How far the clock of a counter may be ahead of ours."""


def faults_of(
    parcel: LateParcel,
    *,
    enterprise_id: EnterpriseId,
    outlet: Outlet | None,
    clerk: Clerk | None,
    received_at: datetime,
    kept: timedelta,
) -> tuple[Fault, ...]:
    """What speaks against recording a late parcel; `outlet` and `clerk` are those that it names, if there are such.

    It may have happened at most `kept` before the file came in.
    A clerk who has left since was there then. Another enterprise's outlet looks unknown.
    """
    faults = []
    if parcel.occurred_at > received_at + CLOCK_SKEW_MAX:
        faults.append(Fault(OCCURRED_AT, "in_the_future"))
    if parcel.occurred_at < received_at - kept:
        faults.append(Fault(OCCURRED_AT, "occurred_too_long_ago"))
    if outlet is None or outlet.enterprise_id != enterprise_id:
        return (*faults, Fault("/outlet_id", "unknown"))
    if outlet.closed_at is not None:
        faults.append(Fault("/outlet_id", "closed"))
    if clerk is None:
        faults.append(Fault("/clerk_id", "unknown"))
    elif clerk.retired_at is not None and clerk.retired_at <= parcel.occurred_at:
        faults.append(Fault("/clerk_id", "retired"))
    return tuple(faults)
