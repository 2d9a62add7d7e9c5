"""What counters and enterprises do alike with cases: steps, evidence, the sender's other parcels."""

from uuid import UUID

from fastapi import Request, Response

from acceptance_api.acceptance import find_under_way
from acceptance_api.access import Caller
from acceptance_api.http.interception_rendering import evidence_out
from acceptance_api.http.interception_wire import (
    InterceptionStepIn,
    StepClerkIn,
    StepOfficerIn,
    StepOtherPersonIn,
    StepSenderIn,
)
from acceptance_api.http.office import Office
from acceptance_api.interception import (
    Person,
    PersonKind,
    RecordStep,
    StepKind,
    StoreCaseEvidence,
    WaybillUnderWay,
    store_case_evidence,
)
from acceptance_api.kernel.ids import ClerkId, InterceptionId, OutletId
from acceptance_api.kernel.problems import Kind, Problem

ANY_TYPE = "application/octet-stream"
EVIDENCE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
EVIDENCE_BODY = {
    "requestBody": {"required": True, "content": {ANY_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


def step_request(
    body: InterceptionStepIn, outlet_id: OutletId, interception_id: UUID, fingerprint: bytes
) -> RecordStep:
    """What a body asks for."""
    return RecordStep(
        id=body.id,
        outlet_id=outlet_id,
        interception_id=InterceptionId(interception_id),
        number=body.number,
        kind=StepKind(body.kind),
        actor=_person(body.actor),
        evidence=body.evidence,
        holder=_person(body.holder),
        witness=_person(body.witness),
        body=body.body,
        reference=body.reference,
        instruction=body.instruction,
        is_evacuated=body.is_evacuated,
        goods_code=body.goods_code,
        class_code=body.class_code,
        happened_at=body.happened_at,
        note=body.note,
        fingerprint=fingerprint,
    )


async def parcels_under_way(office: Office, caller: Caller, waybill: str) -> tuple[WaybillUnderWay, ...]:
    """The sender's other parcels under way, which a case of dangerous or criminal goods flags."""
    found = await find_under_way(
        office.database, office.disclosure, office.vault, caller, waybill, at=office.clock.now()
    )
    return tuple(
        WaybillUnderWay(waybill=one.waybill, outlet_id=one.outlet_id, acceptance_id=one.acceptance_id) for one in found
    )


async def keep_evidence(
    office: Office,
    caller: Caller,
    request: Request,
    *,
    outlet_id: OutletId,
    interception_id: UUID,
    sha256: str,
) -> Response:
    """Store the body as a photo or document of a case.

    Raises:
        Problem: MEDIA_TYPE_UNSUPPORTED, or whatever storing raises.
    """
    claimed = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if claimed not in EVIDENCE_TYPES | {ANY_TYPE}:
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    evidence = StoreCaseEvidence(
        outlet_id=outlet_id,
        interception_id=InterceptionId(interception_id),
        sha256=sha256,
        content=await request.body(),
        media_type=claimed if claimed in EVIDENCE_TYPES else None,
    )
    async with office.transaction() as tx:
        stored, is_new = await store_case_evidence(office.vault, tx, caller, evidence, at=office.clock.now())
    body = evidence_out(stored).model_dump_json()
    return Response(body, status_code=201 if is_new else 200, media_type="application/json")


def _person(given: StepClerkIn | StepOfficerIn | StepSenderIn | StepOtherPersonIn | None) -> Person | None:
    if given is None:
        return None
    kind = PersonKind(given.kind)
    if isinstance(given, StepClerkIn):
        return Person(kind=kind, clerk_id=ClerkId(given.clerk_id))
    if isinstance(given, StepOfficerIn):
        return Person(kind=kind, body=given.body, name=given.name, certificate_number=given.certificate_number)
    return Person(kind=kind, name=given.name if isinstance(given, StepOtherPersonIn) else None)
