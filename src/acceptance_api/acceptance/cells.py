"""The cells of a record: which sealed values stand behind the fields that can be shown or disclosed."""

from collections.abc import Mapping
from uuid import UUID

from acceptance_api.acceptance.fields import INDEXED, SEALED, SENDER_ID_NUMBER, PersonalField
from acceptance_api.acceptance.model import Acceptance, Revisions, SealedRecord
from acceptance_api.acceptance.searching import Claim
from acceptance_api.disclosure import Cell, Mask, Probe
from acceptance_api.identity import DOCUMENT_NUMBER, Verification, VerificationKey
from acceptance_api.kernel.ids import VerificationId

FIELDS = (*(personal.name for personal in SEALED), SENDER_ID_NUMBER.role)
"""Every field that can be shown masked or disclosed."""


def cells_of(acceptance: Acceptance, sealed: SealedRecord, verification: Verification | None) -> Mapping[str, Cell]:
    """The cells of a record's latest revision, by the names of the fields."""
    cells = {personal.name: _cell(personal, acceptance, sealed) for personal in SEALED}
    return cells | {SENDER_ID_NUMBER.role: _id_number(acceptance.enterprise_id, verification)}


def probe_of(
    claim: Claim, acceptance: Acceptance, revisions: Revisions, verifications: Mapping[VerificationKey, Verification]
) -> Probe | None:
    """What must be opened and recomputed to confirm a claim; None when its source is gone or is another record's."""
    if claim.token is None or claim.index_key_id is None or not claim.is_referenced:
        return None
    cells = _sources(claim, acceptance, revisions, verifications)
    if not cells:
        return None
    index = next(indexed.index for indexed in (*INDEXED, SENDER_ID_NUMBER) if indexed.role == claim.role)
    return Probe(index=index, index_key_id=claim.index_key_id, token=claim.token, cells=cells)


def _sources(
    claim: Claim, acceptance: Acceptance, revisions: Revisions, verifications: Mapping[VerificationKey, Verification]
) -> tuple[Cell, ...]:
    if claim.role == SENDER_ID_NUMBER.role:
        source = verifications.get((claim.outlet_id, VerificationId(claim.source_id))) if claim.source_id else None
        return (_id_number(acceptance.enterprise_id, source),) if source else ()
    sealed = next((record for _, record in revisions if record.record_id == claim.source_id), None)
    indexed = next((i for i in INDEXED if i.role == claim.role), None)
    if sealed is None or indexed is None:
        return ()
    return tuple(_cell(personal, acceptance, sealed) for personal in indexed.fields)


def _cell(personal: PersonalField, acceptance: Acceptance, sealed: SealedRecord) -> Cell:
    return Cell(
        field=personal.field,
        owner_id=acceptance.enterprise_id,
        record_id=sealed.record_id,
        envelope=sealed.envelopes[personal.field.sealed_name],
        mask=personal.mask,
    )


def _id_number(owner_id: UUID, verification: Verification | None) -> Cell:
    return Cell(
        field=DOCUMENT_NUMBER,
        owner_id=owner_id,
        record_id=verification.id if verification else owner_id,
        envelope=verification.document_number_sealed if verification else None,
        mask=Mask.DOCUMENT_NUMBER,
    )
