"""Deciding, resolving, correcting and reading acceptances."""

from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.acceptance import (
    Acceptance,
    correct_parcel,
    draft_decision,
    find_acceptance,
    find_repeated,
    resolve_parcel,
)
from acceptance_api.access import Permission, require
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.acceptance_wire import (
    AcceptanceIn,
    AcceptanceOut,
    CorrectionIn,
    ResolutionIn,
    acceptance_out,
    content_fingerprint,
    correction_of,
    parcel_of,
    resolution_of,
)
from acceptance_api.http.idempotency import AttemptDep, Reply, once, once_together
from acceptance_api.http.languages import Language
from acceptance_api.http.lean_route import lean
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, READING, WRITING
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Record
from acceptance_api.kernel.ids import AcceptanceId
from acceptance_api.kernel.problems import Kind, Problem

router = APIRouter(tags=["acceptances"])
_REFERRING = (Kind.REFERENCE_UNKNOWN, Kind.ID_CONFLICT, Kind.CHANGED_MEANWHILE)


@router.post(
    "/acceptances",
    status_code=201,
    response_model=AcceptanceOut,
    responses=documented(*CLERK, *WRITING, *_REFERRING, Kind.WAYBILL_ALREADY_DECIDED) | again(AcceptanceOut),
)
@lean(AcceptanceIn)
async def decide_acceptance(
    body: AcceptanceIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep, language: Language
) -> Response:
    """Decide a parcel: accepted, held or refused, with every ground. A refusal is a record too and answers 201."""
    fingerprint = content_fingerprint(office.fingerprint_key, caller.named_clerk_id, body)
    request = parcel_of(body, fingerprint=fingerprint)

    async def draft() -> tuple[Reply, Record] | None:
        drafted = await draft_decision(office.deciding, caller, request, at=office.clock.now())
        return (_reply(drafted[0], language, is_new=True), drafted[1]) if drafted else None

    async def repeated() -> Reply | None:
        known = await find_repeated(office.deciding, caller, request)
        return _reply(known, language, is_new=False) if known is not None else None

    return await once_together(office, caller, attempt, draft, repeated)


@router.get("/acceptances/{acceptance_id}", responses=documented(*CLERK, *READING))
async def read_acceptance(
    acceptance_id: UUID, caller: CounterCaller, office: OfficeDep, language: Language
) -> AcceptanceOut:
    """One acceptance of this outlet, with its latest decision."""
    require(caller, Permission.COUNTER_ACCEPTANCE_READ)
    async with office.database.read() as tx:
        acceptance = await find_acceptance(tx, caller.outlet_id, AcceptanceId(acceptance_id))
    if acceptance is None:
        raise Problem(Kind.NOT_FOUND)
    return acceptance_out(acceptance, language)


@router.post(
    "/acceptances/{acceptance_id}/resolutions",
    status_code=201,
    response_model=AcceptanceOut,
    responses=documented(*CLERK, *WRITING, *_REFERRING, Kind.NOT_FOUND, Kind.NOT_HELD, Kind.SECOND_PERSON_REQUIRED)
    | again(AcceptanceOut),
)
async def resolve_acceptance(
    acceptance_id: UUID,
    body: ResolutionIn,
    caller: CounterCaller,
    office: OfficeDep,
    attempt: AttemptDep,
    language: Language,
) -> Response:
    """Decide a held parcel again, with what is known now."""
    at = office.clock.now()
    rules = await office.rules.rules(caller.enterprise_id, at=at, presented_at=at)

    async def act(tx: Tx) -> Reply:
        request = resolution_of(body, acceptance_id, fingerprint=attempt.fingerprint)
        acceptance, is_new = await resolve_parcel(office.vault, rules, tx, caller, request, at=at)
        return _reply(acceptance, language, is_new=is_new)

    return await once(office, caller, attempt, act)


@router.post(
    "/acceptances/{acceptance_id}/corrections",
    status_code=201,
    response_model=AcceptanceOut,
    responses=documented(*CLERK, *WRITING, *_REFERRING, Kind.NOT_FOUND, Kind.NOT_STANDING) | again(AcceptanceOut),
)
async def correct_acceptance(
    acceptance_id: UUID,
    body: CorrectionIn,
    caller: CounterCaller,
    office: OfficeDep,
    attempt: AttemptDep,
    language: Language,
) -> Response:
    """Supersede a record with the whole record as it should read. The old revision stays; the outcome may change."""
    at = office.clock.now()
    rules = await office.rules.rules(caller.enterprise_id, at=at, presented_at=at)

    async def act(tx: Tx) -> Reply:
        request = correction_of(body, acceptance_id, fingerprint=attempt.fingerprint)
        acceptance, is_new = await correct_parcel(office.vault, rules, tx, caller, request, at=at)
        return _reply(acceptance, language, is_new=is_new)

    return await once(office, caller, attempt, act)


def _reply(acceptance: Acceptance, language: str, *, is_new: bool) -> Reply:
    return Reply(
        body=acceptance_out(acceptance, language),
        status=201 if is_new else 200,
        headers={"Location": f"/counter/v1/acceptances/{acceptance.id}"},
    )
