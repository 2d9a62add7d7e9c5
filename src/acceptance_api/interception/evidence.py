"""The words of evidence of a case: photos, and documents such as an authority's receipt."""

from dataclasses import dataclass, field
from datetime import datetime

from acceptance_api.kernel.ids import EvidenceId, InterceptionId, OutletId

_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidence:
    """A stored photo or document, known by the digest of its bytes."""

    outlet_id: OutletId
    interception_id: InterceptionId
    sha256: str
    id: EvidenceId
    media_type: str
    size_bytes: int
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCaseEvidence:
    """A photo or document as it arrived, the digest it claims, and the media type it claims, if it does."""

    outlet_id: OutletId
    interception_id: InterceptionId
    sha256: str
    content: bytes = field(repr=False)
    media_type: str | None = None


def media_type_of(content: bytes) -> str | None:
    """The media type that the first bytes show, or None: JPEG, PNG, WebP or PDF."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for signature, media_type in _SIGNATURES if content.startswith(signature)), None)
