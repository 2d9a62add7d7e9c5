"""Photos and documents of a case: sealed, of known kinds, stored once."""

import hashlib

import pytest
from sqlalchemy import select

from acceptance_api.interception import CaseEvidence, StoreCaseEvidence, store_case_evidence
from acceptance_api.interception.evidence import media_type_of
from acceptance_api.interception.tables import interception_evidence
from acceptance_api.kernel.ids import InterceptionId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.interception.conftest import Room
from tests.support.builders import NOON

PDF = b"%PDF-1.7 a receipt of the police"


async def stored(
    room: Room,
    interception_id: InterceptionId,
    content: bytes,
    *,
    sha256: str | None = None,
    claimed: str | None = None,
) -> tuple[CaseEvidence, bool]:
    """Store a document."""
    request = StoreCaseEvidence(
        outlet_id=room.shop.world.outlet_id,
        interception_id=interception_id,
        sha256=sha256 or hashlib.sha256(content).hexdigest(),
        content=content,
        media_type=claimed,
    )
    async with room.shop.database.transaction() as tx:
        return await store_case_evidence(room.shop.vault, tx, room.shop.caller, request, at=NOON)


async def test_a_document_is_sealed_and_stored_once(room: Room) -> None:
    case = (await room.open()).interception
    first, is_new = await stored(room, case.id, PDF)
    again, is_new_again = await stored(room, case.id, PDF)
    async with room.shop.database.read() as tx:
        (row,) = (await tx.execute(select(interception_evidence))).all()

    assert (first, is_new, is_new_again) == (again, True, False)
    assert (first.media_type, first.size_bytes) == ("application/pdf", len(PDF))
    assert PDF not in row.content_sealed


@pytest.mark.parametrize(
    ("content", "sha256", "claimed", "kind"),
    [
        pytest.param(PDF, "00" * 32, None, Kind.DIGEST_MISMATCH, id="another digest"),
        pytest.param(b"GIF89a", None, None, Kind.MEDIA_TYPE_UNSUPPORTED, id="of no known kind"),
        pytest.param(PDF, None, "image/png", Kind.MEDIA_TYPE_UNSUPPORTED, id="claimed to be a picture"),
    ],
)
async def test_only_what_it_claims_to_be_is_stored(
    room: Room, content: bytes, sha256: str | None, claimed: str | None, kind: Kind
) -> None:
    case = (await room.open()).interception

    with pytest.raises(Problem) as found:
        await stored(room, case.id, content, sha256=sha256, claimed=claimed)

    assert found.value.kind is kind


async def test_a_case_that_is_not_there_keeps_nothing(room: Room) -> None:
    with pytest.raises(Problem) as found:
        await stored(room, InterceptionId(new_uuid()), PDF)

    assert found.value.kind is Kind.NOT_FOUND


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
        (b"%PDF-1.4", "application/pdf"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type
