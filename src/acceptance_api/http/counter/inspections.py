"""Inspections, marks and photos."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import Field

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, READING, WRITING
from acceptance_api.http.wire import Code, In, Instant, Line, Out, Quantity, RecordId, Sha256, Text, Waybill
from acceptance_api.inspection import (
    Answer,
    AnswerValue,
    ContentsKind,
    DeclaredItem,
    Evidence,
    Inspection,
    NotOpenedReason,
    Opening,
    RecordInspection,
    SeenItem,
    StoreEvidence,
    issue_mark,
    record_inspection,
    store_evidence,
)
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import InspectionId
from acceptance_api.kernel.problems import Fault, Kind, Problem

router = APIRouter(tags=["inspections"])
ANY_TYPE = "application/octet-stream"
PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})


class AnswerIn(In):
    """An answer to one item of the checklist; not applicable needs a note."""

    item: Code
    value: AnswerValue
    note: Text | None = None


class DeclaredIn(In):
    """What the sender says is inside."""

    name: Line
    quantity: Quantity = Decimal(1)
    goods_code: Code | None = None


class SeenIn(DeclaredIn):
    """What the clerk saw."""

    unidentified: bool = Field(default=False, description="A powder or liquid that cannot be identified by eye.")
    safety_proof: bool = Field(default=False, description="A proof of safety from the competent body was shown.")


class InspectionIn(In):
    """One inspection, as the clerk made it."""

    id: RecordId
    waybill: Waybill
    contents_kind: ContentsKind
    answers: list[AnswerIn] = Field(max_length=60)
    opening: Opening
    not_opened_reason: NotOpenedReason | None = None
    declared: list[DeclaredIn] = Field(min_length=1, max_length=50)
    seen: list[SeenIn] = Field([], max_length=50)
    photos: list[Sha256] = Field([], max_length=20)
    issue_mark: bool = Field(
        default=True, description="Give the inspection mark at once when the checklist is complete."
    )
    opened_at: Instant | None = Field(
        None, description="When the clerk began; one later than now counts as now. Without it nobody asks how long."
    )


class InspectionOut(Out):
    """An inspection and its mark, if the checklist was complete."""

    id: UUID
    waybill: str
    status: str
    checklist_version: str
    missing: list[str]
    failed: list[str]
    objections: list[str]
    mark_serial: str | None
    recorded_at: datetime


class EvidenceOut(Out):
    """A stored photo."""

    sha256: str
    media_type: str
    size_bytes: int
    stored_at: datetime


@router.post(
    "/inspections",
    status_code=201,
    response_model=InspectionOut,
    responses=documented(*CLERK, *WRITING, Kind.REFERENCE_UNKNOWN, Kind.ID_CONFLICT) | again(InspectionOut),
)
async def record_an_inspection(
    body: InspectionIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Record what was seen when the parcel was opened. A failed or incomplete inspection is a record too."""
    _require_one_answer_each(body)

    async def act(tx: Tx) -> Reply:
        request = _request(body, attempt.fingerprint)
        inspection, is_new = await record_inspection(office.vault, tx, caller, request, at=office.clock.now())
        return Reply(body=_out(inspection), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.post(
    "/inspections/{inspection_id}/mark",
    status_code=201,
    response_model=InspectionOut,
    responses=documented(*CLERK, *WRITING, Kind.NOT_FOUND, Kind.MARK_NOT_DUE, Kind.CHANGED_MEANWHILE),
)
async def issue_inspection_mark(
    inspection_id: UUID, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Give a complete inspection its one-time mark; asked again, the same serial."""

    async def act(tx: Tx) -> Reply:
        inspection = await issue_mark(tx, caller, InspectionId(inspection_id), at=office.clock.now())
        return Reply(body=_out(inspection))

    return await once(office, caller, attempt, act)


@router.put(
    "/evidence/{sha256}",
    status_code=201,
    response_model=EvidenceOut,
    responses=documented(*CLERK, *READING, Kind.DIGEST_MISMATCH, Kind.BODY_TOO_LARGE, Kind.MEDIA_TYPE_UNSUPPORTED)
    | again(EvidenceOut),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {ANY_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def store_photo(
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the exact bytes of the body.")],
    request: Request,
    caller: CounterCaller,
    office: OfficeDep,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """Store a photo (JPEG, PNG or WebP, told by its first bytes), sealed at rest.

    Content-addressed, so sending it twice is harmless. A Content-Type that names a kind of picture must be right.
    """
    claimed = content_type.partition(";")[0].strip().lower()
    if claimed not in PHOTO_TYPES | {ANY_TYPE}:
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    photo = StoreEvidence(
        sha256=sha256, content=await request.body(), media_type=claimed if claimed in PHOTO_TYPES else None
    )
    async with office.transaction() as tx:
        stored, is_new = await store_evidence(office.vault, tx, caller, photo, at=office.clock.now())
    body = _evidence_out(stored).model_dump_json()
    return Response(body, status_code=201 if is_new else 200, media_type="application/json")


def _require_one_answer_each(body: InspectionIn) -> None:
    seen: set[str] = set()
    faults = []
    for i, answer in enumerate(body.answers):
        if answer.item in seen:
            faults.append(Fault(f"/answers/{i}/item", "answered_twice"))
        seen.add(answer.item)
    if faults:
        raise Problem(Kind.INVALID, *faults)


def _request(body: InspectionIn, fingerprint: bytes) -> RecordInspection:
    return RecordInspection(
        id=InspectionId(body.id),
        waybill=body.waybill,
        contents_kind=body.contents_kind,
        answers=tuple(Answer(item=a.item, value=a.value, note=a.note) for a in body.answers),
        opening=body.opening,
        not_opened_reason=body.not_opened_reason,
        declared=tuple(DeclaredItem(name=d.name, quantity=d.quantity, goods_code=d.goods_code) for d in body.declared),
        seen=tuple(
            SeenItem(
                name=s.name,
                quantity=s.quantity,
                goods_code=s.goods_code,
                unidentified=s.unidentified,
                safety_proof=s.safety_proof,
            )
            for s in body.seen
        ),
        photos=tuple(dict.fromkeys(body.photos)),
        issue_mark=body.issue_mark,
        fingerprint=fingerprint,
        opened_at=body.opened_at,
    )


def _out(inspection: Inspection) -> InspectionOut:
    return InspectionOut(
        id=inspection.id,
        waybill=inspection.waybill,
        status=inspection.status.value,
        checklist_version=inspection.checklist_version,
        missing=list(inspection.missing),
        failed=list(inspection.failed),
        objections=[objection.value for objection in inspection.objections],
        mark_serial=inspection.mark.serial if inspection.mark else None,
        recorded_at=inspection.recorded_at,
    )


def _evidence_out(photo: Evidence) -> EvidenceOut:
    return EvidenceOut(
        sha256=photo.sha256, media_type=photo.media_type, size_bytes=photo.size_bytes, stored_at=photo.stored_at
    )
