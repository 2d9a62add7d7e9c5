"""How many parcels of an agreement were chosen for inspection, and how many were inspected."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from acceptance_api.access import Permission, require
from acceptance_api.agreements import Agreement, Shares, find_shares, get_agreement
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING
from acceptance_api.http.wire import Day, Out
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import AgreementId
from acceptance_api.kernel.problems import Fault, Kind, Problem

router = APIRouter(tags=["agreements"])


class SamplingOut(Out):
    """The parcels of an agreement on some legal days, both ends included; shares are null without a parcel."""

    agreement_id: UUID
    since: date
    until: date
    sampling_ratio: Decimal
    parcels: int
    sampled: int
    inspected: int
    sampled_and_inspected: int
    sampled_share: Decimal | None
    inspected_share: Decimal | None


@router.get("/agreements/{agreement_id}/sampling", responses=documented(*READING))
async def read_sampling(
    agreement_id: UUID,
    caller: EnterpriseCaller,
    office: OfficeDep,
    since: Annotated[Day | None, Query(description="The agreement's first day when left out.")] = None,
    until: Annotated[Day | None, Query(description="Today when left out.")] = None,
) -> SamplingOut:
    """What the service chose of an agreement's parcels, by a key that nobody at a counter has, and what came of it."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_READ)
    async with office.database.read() as tx:
        agreement = await get_agreement(tx, caller.enterprise_id, AgreementId(agreement_id))
        first, last = since or agreement.valid_from, until or legal_day(office.clock.now())
        if since is not None and last < since:
            raise Problem(Kind.INVALID, Fault("/until", "before_since"))
        shares = await find_shares(tx, caller.enterprise_id, agreement.id, since=first, until=last)
    return _out(agreement, shares, since=first, until=last)


def _out(agreement: Agreement, shares: Shares, *, since: date, until: date) -> SamplingOut:
    return SamplingOut(
        agreement_id=agreement.id,
        since=since,
        until=until,
        sampling_ratio=agreement.sampling_ratio,
        parcels=shares.parcels,
        sampled=shares.sampled,
        inspected=shares.inspected,
        sampled_and_inspected=shares.sampled_and_inspected,
        sampled_share=shares.sampled_share,
        inspected_share=shares.inspected_share,
    )
