"""Cases of every outlet of the enterprise: which are open, which reports are overdue, and the steps of headquarters."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.interception_rendering import file_out, flag_out, page_out, report_out
from acceptance_api.http.interception_wire import (
    CascadeFlagOut,
    CaseEvidenceOut,
    CaseFileOut,
    InterceptionPage,
    InterceptionStepIn,
    OpenOnly,
    ReportOut,
)
from acceptance_api.http.interceptions import EVIDENCE_BODY, keep_evidence, parcels_under_way, step_request
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, PageSize, open_cursor
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Code, In, Out, Waybill
from acceptance_api.interception import (
    asks_for_cascade_after,
    find_flags,
    find_of_enterprise,
    get_own,
    make_report,
    record_step,
    release_waybill,
    require_reader,
)
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import InterceptionId, OutletId
from acceptance_api.kernel.problems import Kind

router = APIRouter(tags=["interceptions"])
Overdue = Annotated[bool, Query(description="Only cases with a report that should have been made by now.")]
_CASE = "/outlets/{outlet_id}/interceptions/{interception_id}"


class ReleaseIn(In):
    """A flagged parcel is let go without being examined; `by` is the staff number of who answers for it."""

    waybill: Waybill
    by: Code


class ReleasedOut(Out):
    """The flags of a waybill that were settled."""

    waybill: str
    settled: list[CascadeFlagOut]


@router.get("/interceptions", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_enterprise_interceptions(
    caller: EnterpriseCaller,
    office: OfficeDep,
    *,
    overdue: Overdue = False,
    is_open: OpenOnly = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> InterceptionPage:
    """The cases of all outlets, newest first."""
    require_reader(caller)
    at = office.clock.now()
    filters = ["interceptions", caller.enterprise_id, overdue, is_open]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    async with office.database.read() as tx:
        found = await find_of_enterprise(
            tx,
            caller.enterprise_id,
            is_open=is_open,
            overdue_at=at if overdue else None,
            before=(place[0], place[1]) if place and place[0] else None,
            limit=limit + 1,
        )
    return page_out(office, found, limit=limit, filters=filters, at=at)


@router.get(_CASE, responses=documented(*READING))
async def read_enterprise_interception(
    outlet_id: UUID, interception_id: UUID, caller: EnterpriseCaller, office: OfficeDep
) -> CaseFileOut:
    """One case: what to do, where it stands, its history, who must be told, the sender's other parcels."""
    require_reader(caller)
    async with office.database.read() as tx:
        file = await get_own(tx, caller, OutletId(outlet_id), InterceptionId(interception_id))
        flags = await find_flags(tx, caller.enterprise_id, file.interception.id)
    return file_out(file, flags, at=office.clock.now())


@router.get(f"{_CASE}/report", responses=documented(*READING))
async def make_an_enterprise_report(
    outlet_id: UUID, interception_id: UUID, caller: EnterpriseCaller, office: OfficeDep
) -> ReportOut:
    """The report of a case, for the bodies that must be told; persons masked. Each leaves its own audit entry."""
    report = await make_report(
        office.database,
        office.disclosure,
        caller,
        OutletId(outlet_id),
        InterceptionId(interception_id),
        at=office.clock.now(),
    )
    return report_out(report)


@router.post(
    f"{_CASE}/steps",
    status_code=201,
    response_model=CaseFileOut,
    responses=documented(
        *WRITING,
        Kind.NOT_FOUND,
        Kind.REFERENCE_UNKNOWN,
        Kind.ID_CONFLICT,
        Kind.CHANGED_MEANWHILE,
        Kind.STEP_NOT_ALLOWED,
    )
    | again(CaseFileOut),
)
async def record_an_enterprise_step(
    outlet_id: UUID,
    interception_id: UUID,
    body: InterceptionStepIn,
    caller: EnterpriseCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Take the next step of a case. Headquarters name who acted: a clerk of the outlet, or an officer."""
    request = step_request(body, OutletId(outlet_id), interception_id, attempt.fingerprint)
    async with office.database.read() as tx:
        waybill = await asks_for_cascade_after(tx, caller, request, at=office.clock.now())
    under_way = await parcels_under_way(office, caller, waybill) if waybill else ()

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        file, is_new = await record_step(office.vault, tx, caller, request, under_way=under_way, at=at)
        flags = await find_flags(tx, caller.enterprise_id, file.interception.id)
        return Reply(body=file_out(file, flags, at=at), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.put(
    f"{_CASE}/evidence/{{sha256}}",
    status_code=201,
    response_model=CaseEvidenceOut,
    responses=documented(*READING, Kind.DIGEST_MISMATCH, Kind.BODY_TOO_LARGE, Kind.MEDIA_TYPE_UNSUPPORTED)
    | again(CaseEvidenceOut),
    openapi_extra=EVIDENCE_BODY,
)
async def store_enterprise_evidence(
    outlet_id: UUID,
    interception_id: UUID,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the exact bytes of the body.")],
    request: Request,
    caller: EnterpriseCaller,
    office: OfficeDep,
) -> Response:
    """Store a photo (JPEG, PNG or WebP) or document (PDF) of a case, sealed, for as long as the case is kept."""
    return await keep_evidence(
        office, caller, request, outlet_id=OutletId(outlet_id), interception_id=interception_id, sha256=sha256
    )


@router.post(
    "/cascade-releases",
    status_code=201,
    response_model=ReleasedOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.CHANGED_MEANWHILE),
)
async def release_a_flagged_parcel(
    body: ReleaseIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Let a parcel go on, unexamined, whose sender's other parcel was intercepted."""

    async def act(tx: Tx) -> Reply:
        settled = await release_waybill(tx, caller, body.waybill, by=body.by, at=office.clock.now())
        return Reply(body=ReleasedOut(waybill=body.waybill, settled=[flag_out(flag) for flag in settled]))

    return await once(office, caller, attempt, act)
