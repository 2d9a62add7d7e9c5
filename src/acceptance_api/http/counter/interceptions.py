"""Cases of an outlet: opening one, its steps and its evidence, and examining the sender's other parcels."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from acceptance_api.acceptance import find_acceptance
from acceptance_api.access import Caller
from acceptance_api.http.callers import CounterCaller
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
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.pages import Cursor, PageSize, open_cursor
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, READING, WRITING
from acceptance_api.http.wire import Code, In, Instant, Out, RecordId, Text, Waybill
from acceptance_api.interception import (
    OpenInterception,
    Source,
    WaybillUnderWay,
    asks_for_cascade,
    asks_for_cascade_after,
    examine_waybill,
    find_flags,
    find_of_outlet,
    get_own,
    make_report,
    open_interception,
    record_step,
    require_reader,
)
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId, InspectionId, InterceptionId
from acceptance_api.kernel.problems import Fault, Kind, Problem

router = APIRouter(tags=["interceptions"])


class SourceIn(In):
    """What the goods were found in: the parcel itself, or a record of it."""

    kind: Source
    id: UUID | None = Field(None, description="Of the acceptance, the pass or the inspection.")


class InterceptionIn(In):
    """Something was found: which goods, or at least which class of the catalogue (P19 for what nobody knows)."""

    id: RecordId
    waybill: Waybill
    source: SourceIn
    goods_code: Code | None = None
    class_code: Code | None = None
    found_at: Instant | None = Field(None, description="Now, if left out. Reports are due from then on.")
    note: Text | None = Field(None, description="Sealed; shown to nobody but under a disclosure.")


class ExaminationIn(In):
    """A flagged parcel was opened and inspected again, at this outlet."""

    waybill: Waybill
    inspection_id: UUID


class SettledOut(Out):
    """The flags of a waybill that were settled."""

    waybill: str
    settled: list[CascadeFlagOut]


@router.post(
    "/interceptions",
    status_code=201,
    response_model=CaseFileOut,
    responses=documented(
        *CLERK, *WRITING, Kind.NOT_FOUND, Kind.REFERENCE_UNKNOWN, Kind.ID_CONFLICT, Kind.ALREADY_INTERCEPTED
    )
    | again(CaseFileOut),
)
async def open_an_interception(
    body: InterceptionIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Open a case: the waybill is stopped everywhere; what to do at once stands first in the answer.

    For dangerous or criminal goods, the sender's other parcels under way are stopped too.
    """
    request = _request(body, attempt.fingerprint)
    under_way = await _under_way_before(office, caller, request)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        file, is_new = await open_interception(office.vault, tx, caller, request, under_way=under_way, at=at)
        flags = await find_flags(tx, caller.enterprise_id, request.id)
        return Reply(body=file_out(file, flags, at=at), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.get("/interceptions", responses=documented(*CLERK, *READING, Kind.CURSOR_INVALID))
async def list_interceptions(
    caller: CounterCaller,
    office: OfficeDep,
    is_open: OpenOnly = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> InterceptionPage:
    """The outlet's cases, newest first."""
    require_reader(caller)
    filters = ["interceptions", caller.outlet_id, is_open]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    before = (place[0], place[1]) if place and place[0] else None
    async with office.database.read() as tx:
        found = await find_of_outlet(tx, caller.outlet_id, is_open=is_open, before=before, limit=limit + 1)
    return page_out(office, found, limit=limit, filters=filters, at=office.clock.now())


@router.get("/interceptions/{interception_id}", responses=documented(*CLERK, *READING))
async def read_interception(interception_id: UUID, caller: CounterCaller, office: OfficeDep) -> CaseFileOut:
    """One case of the outlet: what to do, where it stands, its history, who must be told, other parcels."""
    require_reader(caller)
    async with office.database.read() as tx:
        file = await get_own(tx, caller, caller.outlet_id, InterceptionId(interception_id))
        flags = await find_flags(tx, caller.enterprise_id, file.interception.id)
    return file_out(file, flags, at=office.clock.now())


@router.post(
    "/interceptions/{interception_id}/steps",
    status_code=201,
    response_model=CaseFileOut,
    responses=documented(
        *CLERK,
        *WRITING,
        Kind.NOT_FOUND,
        Kind.REFERENCE_UNKNOWN,
        Kind.ID_CONFLICT,
        Kind.CHANGED_MEANWHILE,
        Kind.STEP_NOT_ALLOWED,
    )
    | again(CaseFileOut),
)
async def record_an_interception_step(
    interception_id: UUID, body: InterceptionStepIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Take the next step of a case. Of two who take it at once one is first; the other looks again."""
    request = step_request(body, caller.outlet_id, interception_id, attempt.fingerprint)
    async with office.database.read() as tx:
        waybill = await asks_for_cascade_after(tx, caller, request, at=office.clock.now())
    under_way = await parcels_under_way(office, caller, waybill) if waybill else ()

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        file, is_new = await record_step(office.vault, tx, caller, request, under_way=under_way, at=at)
        flags = await find_flags(tx, caller.enterprise_id, file.interception.id)
        return Reply(body=file_out(file, flags, at=at), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.get("/interceptions/{interception_id}/report", responses=documented(*CLERK, *READING))
async def make_an_interception_report(interception_id: UUID, caller: CounterCaller, office: OfficeDep) -> ReportOut:
    """The report of a case, for the bodies that must be told; persons masked. Each leaves its own audit entry."""
    report = await make_report(
        office.database,
        office.disclosure,
        caller,
        caller.outlet_id,
        InterceptionId(interception_id),
        at=office.clock.now(),
    )
    return report_out(report)


@router.put(
    "/interceptions/{interception_id}/evidence/{sha256}",
    status_code=201,
    response_model=CaseEvidenceOut,
    responses=documented(*CLERK, *READING, Kind.DIGEST_MISMATCH, Kind.BODY_TOO_LARGE, Kind.MEDIA_TYPE_UNSUPPORTED)
    | again(CaseEvidenceOut),
    openapi_extra=EVIDENCE_BODY,
)
async def store_interception_evidence(
    interception_id: UUID,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the exact bytes of the body.")],
    request: Request,
    caller: CounterCaller,
    office: OfficeDep,
) -> Response:
    """Store a photo (JPEG, PNG or WebP) or document (PDF) of a case, sealed, for as long as the case is kept."""
    return await keep_evidence(
        office, caller, request, outlet_id=caller.outlet_id, interception_id=interception_id, sha256=sha256
    )


@router.post(
    "/cascade-examinations",
    status_code=201,
    response_model=SettledOut,
    responses=documented(*CLERK, *WRITING, Kind.NOT_FOUND, Kind.REFERENCE_UNKNOWN, Kind.CHANGED_MEANWHILE),
)
async def examine_a_flagged_parcel(
    body: ExaminationIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Let a parcel go on whose sender's other parcel was intercepted: an inspection made since has found nothing."""

    async def act(tx: Tx) -> Reply:
        inspection_id = InspectionId(body.inspection_id)
        settled = await examine_waybill(tx, caller, body.waybill, inspection_id, at=office.clock.now())
        return Reply(body=SettledOut(waybill=body.waybill, settled=[flag_out(flag) for flag in settled]))

    return await once(office, caller, attempt, act)


async def _under_way_before(office: Office, caller: Caller, request: OpenInterception) -> tuple[WaybillUnderWay, ...]:
    async with office.database.read() as tx:
        is_asked_for = await asks_for_cascade(tx, caller, request, at=office.clock.now())
        if request.source is Source.ACCEPTANCE and request.source_id is not None:
            acceptance = await find_acceptance(tx, caller.outlet_id, AcceptanceId(request.source_id))
            if acceptance is None or acceptance.waybill != request.waybill:
                raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/source/id", "unknown"))
    return await parcels_under_way(office, caller, request.waybill) if is_asked_for else ()


def _request(body: InterceptionIn, fingerprint: bytes) -> OpenInterception:
    return OpenInterception(
        id=InterceptionId(body.id),
        waybill=body.waybill,
        source=body.source.kind,
        source_id=body.source.id,
        goods_code=body.goods_code,
        class_code=body.class_code,
        found_at=body.found_at,
        note=body.note,
        fingerprint=fingerprint,
    )
