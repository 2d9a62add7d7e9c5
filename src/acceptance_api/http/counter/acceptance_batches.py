"""What counters decided while they were offline, many at once."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from acceptance_api.acceptance import OCCURRED_AT, OfflineParcel, receive_parcels
from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import CounterCaller, with_clerk
from acceptance_api.http.counter.acceptance_wire import (
    AcceptanceIn,
    AcceptanceOut,
    acceptance_out,
    content_fingerprint,
    parcel_of,
)
from acceptance_api.http.languages import Language
from acceptance_api.http.lean_route import lean
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.pointers import faults_of
from acceptance_api.http.problems import ProblemOut, documented, problem_out
from acceptance_api.http.standard import ASKING, CLERK
from acceptance_api.http.wire import Code, In, Instant, Out
from acceptance_api.kernel.problems import Fault, Kind, Problem

router = APIRouter(tags=["acceptances"])
ITEMS_MAX = 500


class OfflineItemIn(In):
    """One parcel, as the device kept it."""

    occurred_at: Instant = Field(description="When it was decided at the counter, by the device's clock.")
    sequence: int = Field(ge=1, le=2**53 - 1, description="Counts what this device decided offline.")
    bundle_version: Code | None = Field(None, description="The policy bundle the device decided by.")
    clerk_id: UUID | None = Field(None, description="Who stood at the counter, if not the clerk who sends.")
    acceptance: AcceptanceIn


class _Faulty:
    """An item that is not in form: what is wrong with it, beside neighbours that are."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults


def _or_faulty(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - a JSON value, a model
    try:
        return validate(value)
    except ValidationError as error:
        errors = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        return _Faulty(faults_of(RequestValidationError(errors, body=value))[1])


class DeviceIn(In):
    """The device that sends."""

    sent_at: Instant = Field(description="Its clock when it sends: how far it is ahead or behind is taken from this.")


class AcceptanceBatchIn(In):
    """What a counter decided offline. May be sent again, whole or in part: every item is known by its own id."""

    device: DeviceIn
    items: list[Annotated[OfflineItemIn, WrapValidator(_or_faulty)]] = Field(min_length=1, max_length=ITEMS_MAX)


def _is_in_form(batch: AcceptanceBatchIn) -> bool:
    return all(isinstance(item, OfflineItemIn) for item in batch.items)


class ItemResultOut(Out):
    """What became of one item: 201 recorded, 200 known already, else a problem."""

    index: int
    status: int
    id: UUID | None
    acceptance: AcceptanceOut | None = None
    problem: ProblemOut | None = None


class AcceptanceBatchOut(Out):
    """The results, in the order of the items."""

    results: list[ItemResultOut]


@router.post(
    "/acceptance-batches",
    status_code=207,
    response_model=AcceptanceBatchOut,
    responses=documented(*CLERK, *ASKING, Kind.MEDIA_TYPE_UNSUPPORTED),
    response_description="A result for each item, in their order",
)
@lean(AcceptanceBatchIn, in_order=_is_in_form)
async def receive_acceptances(
    body: AcceptanceBatchIn, caller: CounterCaller, office: OfficeDep, language: Language
) -> Response:
    """Record what was decided offline: marked late, never back-dated, by the rules in force when it happened.

    The body may be sent with `Content-Encoding: gzip`. Needs no Idempotency-Key: each item carries its own id, so a
    batch that was cut off is simply sent again.
    """
    require(caller, Permission.COUNTER_ACCEPTANCE_DECIDE)
    parcels = [await _parcel(office, caller, item) for item in body.items]
    received = iter(
        await receive_parcels(
            office.deciding,
            [parcel for parcel in parcels if isinstance(parcel, OfflineParcel)],
            sent_at=body.device.sent_at,
            at=office.clock.now(),
            kept=timedelta(days=office.settings.offline_days_max),
        )
    )
    results = []
    for i, (item, parcel) in enumerate(zip(body.items, parcels, strict=True)):
        outcome = next(received) if isinstance(parcel, OfflineParcel) else parcel
        if isinstance(outcome, Problem):
            problem = problem_out(_placed(outcome, i, parcel), language, request_id=caller.request_id)
            results.append(ItemResultOut(index=i, status=problem.status, id=_id_of(item), problem=problem))
        else:
            acceptance, is_new = outcome
            out = acceptance_out(acceptance, language)
            results.append(ItemResultOut(index=i, status=201 if is_new else 200, id=acceptance.id, acceptance=out))
    answer = AcceptanceBatchOut(results=results).model_dump_json()
    return Response(answer, status_code=207, media_type="application/json")


async def _parcel(office: Office, caller: Caller, item: OfflineItemIn | _Faulty) -> OfflineParcel | Problem:
    if isinstance(item, _Faulty):
        return Problem(Kind.INVALID, *item.faults)
    try:
        clerk = caller if item.clerk_id is None else await with_clerk(office, caller, item.clerk_id)
    except Problem as problem:
        return Problem(problem.kind, Fault("/clerk_id", "not_of_outlet"))
    fingerprint = content_fingerprint(office.fingerprint_key, clerk.named_clerk_id, item.acceptance)
    return OfflineParcel(
        caller=clerk,
        request=parcel_of(item.acceptance, fingerprint=fingerprint),
        occurred_at=item.occurred_at,
        sequence=item.sequence,
        bundle_version=item.bundle_version,
    )


def _placed(problem: Problem, i: int, parcel: OfflineParcel | Problem) -> Problem:
    """Pointers from the root of the body: what was decided about points into the acceptance, the rest into the item."""
    is_of_the_item = isinstance(parcel, Problem) or any(fault.pointer == OCCURRED_AT for fault in problem.faults)
    root = f"/items/{i}" if is_of_the_item else f"/items/{i}/acceptance"
    return Problem(
        problem.kind, *(Fault(f"{root}{fault.pointer}", fault.code, fault.params) for fault in problem.faults)
    )


def _id_of(item: OfflineItemIn | _Faulty) -> UUID | None:
    return item.acceptance.id if isinstance(item, OfflineItemIn) else None
