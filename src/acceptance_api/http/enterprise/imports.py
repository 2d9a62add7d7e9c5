"""Imports: a large file of late acceptances, received at once and processed beside the counters."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.enterprise.import_bodies import MEDIA_TYPE, Body
from acceptance_api.http.enterprise.import_lines import line_schema
from acceptance_api.http.idempotency import Attempt, Reply, once
from acceptance_api.http.idempotency.attempts import key_of, operation_of
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import FaultOut, documented
from acceptance_api.http.routes import template_of
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Out
from acceptance_api.imports import (
    Import,
    ImportId,
    ImportKey,
    ReceivingDesk,
    cancel_import,
    find_faulty,
    get_import,
    give_up,
    queue_import,
    receive_lines,
)
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Kind

router = APIRouter(tags=["imports"])
_RETRY_AFTER_S = 2
IdempotencyKey = Annotated[
    str, Header(description="Minted by the client before the first send; 1 to 128 visible ASCII characters.")
]


class LinesOut(Out):
    """How many lines came in, and what became of those that were processed. Blank lines are not counted."""

    received: int
    processed: int
    accepted: int
    held: int
    refused: int
    repeated: int
    faulty: int


class ImportOut(Out):
    """A file of late acceptances, and how far it has come."""

    id: UUID
    state: str
    progress: float
    lines: LinesOut
    failure: str | None
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class FaultyLineOut(Out):
    """A line of which nothing was recorded; its number counts from 1, blank lines too. No value is repeated."""

    line: int
    errors: list[FaultOut]


class FaultyLinePage(Page[FaultyLineOut]):
    """A page of faulty lines, in the order of the file. The first 10,000 of a file are kept."""


@router.post(
    "/imports",
    status_code=202,
    response_model=ImportOut,
    responses=documented(*WRITING),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "One line of `x-line-schema` for each parcel, in UTF-8, ended by LF. `Content-Encoding: "
            "gzip` is understood.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            "x-line-schema": line_schema(),
        }
    },
)
async def receive_an_import(
    request: Request, caller: EnterpriseCaller, office: OfficeDep, idempotency_key: IdempotencyKey
) -> Response:
    """Load parcels that were presented at the enterprise's counters and are recorded late.

    The answer comes when every line is in; each is then decided by the rules that were in force when its parcel stood
    on the counter, and marked late. A line with a fault is left out, and told of under `faults`; the others go on. The
    id in each line makes it safe to load a file again.
    """
    require(caller, Permission.ENTERPRISE_IMPORT_MANAGE)
    operation, key = operation_of(request.method, template_of(request.scope)), key_of(idempotency_key)
    settings, at = office.settings, office.clock.now()
    body = Body(request, bytes_max=settings.import_bytes_max, fingerprint_key=office.fingerprint_key)
    desk = ReceivingDesk(
        database=office.database,
        vault=office.vault,
        line_bytes_max=settings.body_bytes_max,
        lines_max=settings.import_lines_max,
    )
    received = await receive_lines(desk, caller, body.pieces(), at=at)
    try:
        attempt = Attempt(operation=operation, key=key, fingerprint=body.fingerprint)
        return await _queued(office, caller, attempt, received)
    finally:
        # Of a repeated request, or one that cannot be answered, the lines are not needed.
        await give_up(desk, received, at=at)


@router.get("/imports/{import_id}", responses=documented(*READING))
async def read_import(import_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> ImportOut:
    """One import, and how far it has come."""
    require(caller, Permission.ENTERPRISE_IMPORT_READ)
    async with office.database.read() as tx:
        return _out(await get_import(tx, caller, ImportId(import_id)))


@router.get("/imports/{import_id}/faults", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_import_faults(
    import_id: UUID, caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> FaultyLinePage:
    """The lines of which nothing was recorded, and why; they come to be known while the import runs."""
    require(caller, Permission.ENTERPRISE_IMPORT_READ)
    filters = ["import-faults", caller.enterprise_id, import_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    async with office.database.read() as tx:
        one = await get_import(tx, caller, ImportId(import_id))
        found = await find_faulty(tx, one.key, after=place[1].int if place else 0, limit=limit + 1)
    # A cursor carries an id; the place in a file is a number, written as one.
    end = (None, UUID(int=found[limit - 1].number)) if len(found) > limit else None
    return FaultyLinePage(
        data=[
            FaultyLineOut(
                line=line.number,
                errors=[FaultOut(pointer=f.pointer, code=f.code, params=dict(f.params)) for f in line.faults],
            )
            for line in found[:limit]
        ],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.delete("/imports/{import_id}", status_code=204, responses=documented(*READING))
async def cancel_an_import(import_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> None:
    """Cancel what has not been processed; what has been stays. Cancelling again, or too late, changes nothing."""
    require(caller, Permission.ENTERPRISE_IMPORT_MANAGE)
    await cancel_import(office.database, caller, ImportId(import_id), at=office.clock.now())


async def _queued(office: Office, caller: Caller, attempt: Attempt, received: ImportKey) -> Response:
    async def act(tx: Tx) -> Reply:
        queued = await queue_import(tx, caller, received, at=office.clock.now())
        headers = {"Location": f"/enterprise/v1/imports/{queued.id}", "Retry-After": str(_RETRY_AFTER_S)}
        return Reply(body=_out(queued), status=202, headers=headers)

    return await once(office, caller, attempt, act)


def _out(one: Import) -> ImportOut:
    tally = one.tally
    return ImportOut(
        id=one.id,
        state=one.state.value,
        progress=tally.progress,
        lines=LinesOut(
            received=tally.received,
            processed=tally.processed,
            accepted=tally.accepted,
            held=tally.held,
            refused=tally.refused,
            repeated=tally.repeated,
            faulty=tally.faulty,
        ),
        failure=one.failure.value if one.failure else None,
        received_at=one.received_at,
        started_at=one.started_at,
        finished_at=one.finished_at,
    )
