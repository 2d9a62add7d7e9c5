"""The numbers of clerks' own documents: committed to when they come in, stored and answered never."""

from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import WRITING
from acceptance_api.http.wire import DocumentNumber, In, Out
from acceptance_api.identity import DocumentType, check_document
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import register_staff_number

router = APIRouter(tags=["sites"])


class StaffNumberIn(In):
    """The number of a clerk's own document, so that it is noticed when a parcel names it as its sender's."""

    id_number: DocumentNumber
    document: DocumentType = DocumentType.RESIDENT_ID


class StaffNumberOut(Out):
    """Whose number was registered; not the number."""

    outlet_id: UUID
    clerk_id: UUID


@router.post(
    "/outlets/{outlet_id}/clerks/{clerk_id}/id-numbers",
    status_code=201,
    response_model=StaffNumberOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def register_a_staff_number(
    outlet_id: UUID,
    clerk_id: UUID,
    body: StaffNumberIn,
    caller: EnterpriseCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Register the number of a clerk's own document, in place of one registered before."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    require_in_form(office, body.document, body.id_number)

    async def act(tx: Tx) -> Reply:
        await register_staff_number(
            tx,
            office.vault,
            OutletId(outlet_id),
            ClerkId(clerk_id),
            body.id_number,
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=StaffNumberOut(outlet_id=outlet_id, clerk_id=clerk_id))

    return await once(office, caller, attempt, act)


def require_in_form(office: OfficeDep, document: DocumentType, number: str) -> None:
    """Refuse a number that cannot be one: mistyped, it would watch over nobody.

    Raises:
        Problem: INVALID, pointing at the number, never repeating it.
    """
    check = check_document(document, number, on=legal_day(office.clock.now()))
    if check.faults:
        raise Problem(Kind.INVALID, *(Fault("/id_number", fault.value) for fault in check.faults))
