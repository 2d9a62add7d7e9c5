"""Storing photos and documents of a case: sealed at rest, known by the digest of their bytes."""

import hashlib
import hmac
from datetime import datetime

from acceptance_api.access import Caller
from acceptance_api.audit import Action, Entry
from acceptance_api.interception import evidence_store
from acceptance_api.interception.evidence import CaseEvidence, StoreCaseEvidence, media_type_of
from acceptance_api.interception.fields import CONTENT
from acceptance_api.interception.recorders import get_own, require_recorder
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EvidenceId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import Vault


async def store_case_evidence(
    vault: Vault, tx: Tx, caller: Caller, request: StoreCaseEvidence, *, at: datetime
) -> tuple[CaseEvidence, bool]:
    """Seal and keep a photo or document of a case; say whether it is new. Sending it twice is harmless.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also another's case), DIGEST_MISMATCH or MEDIA_TYPE_UNSUPPORTED.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    require_recorder(caller)
    case = (await get_own(tx, caller, request.outlet_id, request.interception_id)).interception
    if not hmac.compare_digest(hashlib.sha256(request.content).hexdigest(), request.sha256):
        raise Problem(Kind.DIGEST_MISMATCH)
    media_type = media_type_of(request.content)
    if media_type is None or request.media_type not in {None, media_type}:
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    if (known := await evidence_store.find_evidence(tx, case, request.sha256)) is not None:
        return known, False
    evidence = CaseEvidence(
        outlet_id=case.outlet_id,
        interception_id=case.id,
        sha256=request.sha256,
        id=EvidenceId(new_uuid()),
        media_type=media_type,
        size_bytes=len(request.content),
        stored_at=at,
    )
    scope = await vault.scope(case.enterprise_id, at=at)
    is_new = await evidence_store.add_evidence(
        tx,
        case,
        evidence,
        content_sealed=scope.seal_bytes(CONTENT, evidence.id, request.content),
        seal_key_id=scope.key_id,
        entry=_entry(caller, evidence),
    )
    if not is_new:  # somebody stored it meanwhile, under an id of its own
        return await evidence_store.find_evidence(tx, case, request.sha256) or evidence, False
    return evidence, True


def _entry(caller: Caller, evidence: CaseEvidence) -> Entry:
    return Entry(
        action=Action.INTERCEPTION_EVIDENCE_STORED,
        actor=caller.actor,
        at=evidence.stored_at,
        stream_id=evidence.outlet_id,
        subject_id=evidence.interception_id,
        detail={
            "sha256": evidence.sha256,
            "size_bytes": evidence.size_bytes,
            "media_type": evidence.media_type,
        },
    )
