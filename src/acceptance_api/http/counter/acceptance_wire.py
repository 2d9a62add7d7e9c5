"""Acceptances on the wire."""

import hmac
from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from acceptance_api.acceptance import (
    Acceptance,
    CorrectionReason,
    CorrectParcel,
    DecideParcel,
    Late,
    NewInspection,
    NewVerification,
    ResolveParcel,
    SenderRefusal,
    Transport,
)
from acceptance_api.http.counter.parties import (
    Addressee,
    AgreementSender,
    DestinationIn,
    ItemIn,
    Sender,
    destination_of,
    item_of,
    kind_of,
    organisation_of,
    party_of,
)
from acceptance_api.http.decisions import DecisionOut, decision_out
from acceptance_api.http.wire import Code, DivisionCode, Grams, In, Millimetres, Out, PersonName, RecordId, Waybill
from acceptance_api.inspection import ContentsKind
from acceptance_api.kernel.ids import AcceptanceId, AgreementId, ClerkId, InspectionId, VerificationId


class Measures(In):
    """Outer measures of the parcel."""

    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres


class ParcelIn(In):
    """A parcel as it stands on the counter."""

    id: RecordId
    waybill: Waybill
    sender: Sender
    addressee: Addressee
    destination: DestinationIn
    transport: Transport = Transport.GROUND
    contents_kind: ContentsKind
    contents: list[ItemIn] = Field(min_length=1, max_length=50)
    weight_g: Grams | None = None
    measures: Measures | None = None
    inspection_id: UUID | None = Field(None, description="Letters need none.")
    sender_refusal: SenderRefusal | None = Field(None, description="What the sender would not do.")
    transit: list[DivisionCode] = Field(
        default_factory=list,
        max_length=20,
        description="Divisions the parcel is known to pass through; campaigns may ask something of it there.",
        json_schema_extra={"default": []},
    )

    @model_validator(mode="after")
    def _has_division(self) -> "ParcelIn":
        if self.destination.country == "CN" and self.destination.division is None:
            raise ValueError("division_required_within_china")
        return self


class AcceptanceIn(ParcelIn):
    """A parcel to be decided."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01937f5e-7a00-7000-8000-000000000001",
                    "waybill": "SF1234567890123",
                    "sender": {
                        "kind": "person",
                        "name": "张三",
                        "phone": "13800000000",
                        "address": "北京市朝阳区示例路1号",
                        "verification_id": "01937f5e-7a00-7000-8000-000000000002",
                    },
                    "addressee": {"name": "李四", "phone": "13900000000", "address": "上海市黄浦区示例路2号"},
                    "destination": {"country": "CN", "division": "310101"},
                    "transport": "ground",
                    "contents_kind": "general",
                    "contents": [{"name": "毛衣", "quantity": 2}],
                    "inspection_id": "01937f5e-7a00-7000-8000-000000000003",
                }
            ]
        }
    )


class CorrectionIn(ParcelIn):
    """The whole record as it should read; `id` is the correction's own, the waybill cannot change."""

    reason: CorrectionReason


class NewVerificationIn(In):
    """A later verification, with the sender's name as on the waybill."""

    verification_id: UUID
    sender_name: PersonName


class NewInspectionIn(In):
    """A later inspection, with the contents as declared."""

    inspection_id: UUID
    contents: list[ItemIn] = Field(min_length=1, max_length=50)


class DocumentsIn(In):
    """Documents shown since for goods that need them."""

    goods_code: Code
    documents: list[Code] = Field(min_length=1, max_length=10)


class ResolutionIn(In):
    """What came to be known of a held parcel. Later screenings need not be named."""

    id: RecordId
    verification: NewVerificationIn | None = None
    inspection: NewInspectionIn | None = None
    documents: list[DocumentsIn] = Field([], max_length=20)
    signals_confirmed: bool = Field(
        default=False, description="A second clerk has looked at the signals and answers for going on."
    )


class LateOut(Out):
    """The mark of a record that was made offline: when it happened by our clock and by the device's."""

    occurred_at: datetime
    device_occurred_at: datetime
    clock_skew_ms: int
    sequence: int
    bundle_version: str | None


class AcceptanceOut(Out):
    """A parcel and its decision. Personal data are not repeated to the counter."""

    id: UUID
    waybill: str
    outlet_id: UUID
    clerk_id: UUID
    revision: int
    sequence: int
    reach: str
    decision: DecisionOut
    verification_id: UUID | None
    inspection_id: UUID | None
    agreement_id: UUID | None
    recorded_at: datetime
    decided_at: datetime
    late: LateOut | None


def content_fingerprint(key: bytes, clerk_id: ClerkId, body: AcceptanceIn) -> bytes:
    """A keyed digest of what an acceptance says, however it is spelled and sent: alone, or in a batch later."""
    return hmac.digest(key, clerk_id.bytes + body.model_dump_json().encode(), "sha256")


def parcel_of(body: ParcelIn, *, fingerprint: bytes) -> DecideParcel:
    """What a body asks to be decided."""
    sender, measures = body.sender, body.measures
    agreement_id = sender.agreement_id if isinstance(sender, AgreementSender) else None
    verification_id = sender.verification_id
    return DecideParcel(
        id=AcceptanceId(body.id),
        waybill=body.waybill,
        sender_kind=kind_of(sender),
        sender=party_of(sender),
        organisation=organisation_of(sender),
        addressee=party_of(body.addressee),
        destination=destination_of(body.destination),
        transport=body.transport,
        contents_kind=body.contents_kind.value,
        contents=tuple(item_of(item) for item in body.contents),
        weight_g=body.weight_g,
        sides_mm=(measures.length_mm, measures.width_mm, measures.height_mm) if measures else None,
        verification_id=VerificationId(verification_id) if verification_id else None,
        inspection_id=InspectionId(body.inspection_id) if body.inspection_id else None,
        agreement_id=AgreementId(agreement_id) if agreement_id else None,
        sender_refusal=body.sender_refusal,
        fingerprint=fingerprint,
        transit=tuple(body.transit),
        addressee_verification_id=VerificationId(body.addressee.verification_id)
        if body.addressee.verification_id
        else None,
    )


def correction_of(body: CorrectionIn, acceptance_id: UUID, *, fingerprint: bytes) -> CorrectParcel:
    """The correction a body asks for."""
    parcel = parcel_of(body, fingerprint=fingerprint)
    return CorrectParcel(acceptance_id=AcceptanceId(acceptance_id), reason=body.reason, parcel=parcel)


def resolution_of(body: ResolutionIn, acceptance_id: UUID, *, fingerprint: bytes) -> ResolveParcel:
    """The resolution a body asks for."""
    verification, inspection = body.verification, body.inspection
    return ResolveParcel(
        id=body.id,
        acceptance_id=AcceptanceId(acceptance_id),
        verification=NewVerification(
            verification_id=VerificationId(verification.verification_id), sender_name=verification.sender_name
        )
        if verification
        else None,
        inspection=NewInspection(
            inspection_id=InspectionId(inspection.inspection_id),
            contents=tuple(item_of(item) for item in inspection.contents),
        )
        if inspection
        else None,
        documents=_documents(body.documents),
        fingerprint=fingerprint,
        signals_confirmed=body.signals_confirmed,
    )


def _documents(shown: list[DocumentsIn]) -> dict[str, tuple[str, ...]]:
    """The documents by goods, whether they came in one line or several."""
    documents: dict[str, tuple[str, ...]] = {}
    for line in shown:
        documents[line.goods_code] = (*documents.get(line.goods_code, ()), *line.documents)
    return documents


def acceptance_out(acceptance: Acceptance, language: str) -> AcceptanceOut:
    """An acceptance as the counter sees it."""
    return AcceptanceOut(
        id=acceptance.id,
        waybill=acceptance.waybill,
        outlet_id=acceptance.outlet_id,
        clerk_id=acceptance.clerk_id,
        revision=acceptance.revision,
        sequence=acceptance.sequence,
        reach=acceptance.reach.value,
        decision=decision_out(acceptance.decision, language),
        verification_id=acceptance.references.verification_id,
        inspection_id=acceptance.references.inspection_id,
        agreement_id=acceptance.references.agreement_id,
        recorded_at=acceptance.recorded_at,
        decided_at=acceptance.decided_at,
        late=late_out(acceptance.late) if acceptance.late else None,
    )


def late_out(late: Late) -> LateOut:
    """The mark of a late record."""
    return LateOut(
        occurred_at=late.occurred_at,
        device_occurred_at=late.device_occurred_at,
        clock_skew_ms=late.clock_skew_ms,
        sequence=late.sequence,
        bundle_version=late.bundle_version,
    )
