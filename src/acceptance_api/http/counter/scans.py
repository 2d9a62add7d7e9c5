"""Parcels under way: what is to be done with them at every place that sees them."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.acceptance import Scan, ScanParcel, Stage, Why, find_scan, require_open, scan_parcel
from acceptance_api.access import Permission, require
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.languages import Language
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, READING, WRITING
from acceptance_api.http.wire import In, Out, RecordId, Waybill
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ScanId
from acceptance_api.kernel.problems import Kind, Problem

router = APIRouter(tags=["scans"])


class ScanIn(In):
    """A parcel that is seen here."""

    id: RecordId
    waybill: Waybill
    stage: Stage


class ReasonOut(Out):
    """Why the parcel may not simply go on. `by` is the version of the campaign that asks for it."""

    code: str
    title: str
    about: str | None
    by: str | None


class ScanOut(Out):
    """What is to be done with the parcel here."""

    id: UUID
    waybill: str
    acceptance_id: UUID
    stage: str
    instruction: str = Field(description="`proceed`, `screen` (here), `return` (to the sender) or `hold`.")
    reasons: list[ReasonOut]
    rules: dict[str, str]
    clerk_id: UUID
    recorded_at: datetime


@router.post(
    "/scans",
    status_code=201,
    response_model=ScanOut,
    responses=documented(*CLERK, *WRITING, Kind.REFERENCE_UNKNOWN, Kind.ID_CONFLICT) | again(ScanOut),
)
async def scan(
    body: ScanIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep, language: Language
) -> Response:
    """Judge a parcel again where it is now: go on, screen it here, send it back, or hold it; with every reason."""
    at = office.clock.now()
    outlet = require_open(await office.roster.outlet(caller.outlet_id, at=at))
    rules = await office.rules.rules(caller.enterprise_id, at=at, presented_at=at)

    async def act(tx: Tx) -> Reply:
        request = ScanParcel(
            id=ScanId(body.id), waybill=body.waybill, stage=body.stage, fingerprint=attempt.fingerprint
        )
        made, is_new = await scan_parcel(rules, tx, caller, outlet, request, at=at)
        return Reply(
            body=_scan_out(made, language),
            status=201 if is_new else 200,
            headers={"Location": f"/counter/v1/scans/{made.id}"},
        )

    return await once(office, caller, attempt, act)


@router.get("/scans/{scan_id}", responses=documented(*CLERK, *READING))
async def read_scan(scan_id: UUID, caller: CounterCaller, office: OfficeDep, language: Language) -> ScanOut:
    """One scan of this outlet."""
    require(caller, Permission.COUNTER_SCAN_READ)
    async with office.database.read() as tx:
        found = await find_scan(tx, caller.outlet_id, ScanId(scan_id))
    if found is None:
        raise Problem(Kind.NOT_FOUND)
    return _scan_out(found, language)


def _scan_out(made: Scan, language: str) -> ScanOut:
    return ScanOut(
        id=made.id,
        waybill=made.waybill,
        acceptance_id=made.acceptance_id,
        stage=made.stage.value,
        instruction=made.instruction.value,
        reasons=[_reason_out(why, language) for why in made.reasons],
        rules=dict(made.rules),
        clerk_id=made.clerk_id,
        recorded_at=made.recorded_at,
    )


def _reason_out(why: Why, language: str) -> ReasonOut:
    meaning = why.reason.value
    return ReasonOut(
        code=why.reason.code, title=meaning.en if language == "en" else meaning.zh, about=why.about, by=why.by
    )
