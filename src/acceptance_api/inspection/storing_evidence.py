"""Storing photos: sealed at rest, known by the digest of their bytes, so that sending twice is harmless."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.inspection import store
from acceptance_api.inspection.fields import PHOTO
from acceptance_api.inspection.record import Evidence
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EvidenceId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import Vault

_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEvidence:
    """A photo as it arrived, the digest it claims, and the media type it claims, if it does."""

    sha256: str
    content: bytes
    media_type: str | None = None


async def store_evidence(
    vault: Vault, tx: Tx, caller: Caller, request: StoreEvidence, *, at: datetime
) -> tuple[Evidence, bool]:
    """Seal and keep a photo; say whether it is new.

    Raises:
        Problem: NOT_PERMITTED, DIGEST_MISMATCH, MEDIA_TYPE_UNSUPPORTED or KEYS_UNAVAILABLE.
    """
    require(caller, Permission.COUNTER_EVIDENCE_STORE)
    if not hmac.compare_digest(hashlib.sha256(request.content).hexdigest(), request.sha256):
        raise Problem(Kind.DIGEST_MISMATCH)
    media_type = media_type_of(request.content)
    if media_type is None or request.media_type not in {None, media_type}:
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    known = (await store.find_evidence(tx, caller.outlet_id, [request.sha256])).get(request.sha256)
    if known is not None:
        return known, False
    photo = Evidence(
        outlet_id=caller.outlet_id,
        sha256=request.sha256,
        id=EvidenceId(new_uuid()),
        media_type=media_type,
        size_bytes=len(request.content),
        stored_at=at,
    )
    scope = await vault.scope(caller.enterprise_id, at=at)
    is_new = await store.add_evidence(
        tx,
        photo,
        enterprise_id=caller.enterprise_id,
        content_sealed=scope.seal_bytes(PHOTO, photo.id, request.content),
        seal_key_id=scope.key_id,
        entry=_entry(caller, photo),
    )
    if not is_new:  # somebody stored it meanwhile, under an id of its own
        return (await store.find_evidence(tx, caller.outlet_id, [request.sha256]))[request.sha256], False
    return photo, True


def media_type_of(content: bytes) -> str | None:
    """The media type that the first bytes show, or None."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for signature, media_type in _SIGNATURES if content.startswith(signature)), None)


def _entry(caller: Caller, photo: Evidence) -> Entry:
    return Entry(
        action=Action.EVIDENCE_STORED,
        actor=caller.actor,
        at=photo.stored_at,
        stream_id=photo.outlet_id,
        subject_id=photo.id,
        detail={"sha256": photo.sha256, "size_bytes": photo.size_bytes, "media_type": photo.media_type},
    )
