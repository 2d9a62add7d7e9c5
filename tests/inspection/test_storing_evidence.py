"""Photos: sealed, known by their digest, harmless to send twice."""

import asyncio
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import text

from acceptance_api.audit import Action, find_entries
from acceptance_api.inspection import Evidence, StoreEvidence, store_evidence
from acceptance_api.inspection.storing_evidence import media_type_of
from acceptance_api.kernel.problems import Kind, Problem
from tests.support.builders import JPEG, NOON, Shop, photo


async def store(shop: Shop, request: StoreEvidence) -> tuple[Evidence, bool]:
    async with shop.database.transaction() as tx:
        return await store_evidence(shop.vault, tx, shop.caller, request, at=NOON)


async def test_a_photo_is_sealed_and_leaves_an_audit_entry(shop: Shop) -> None:
    request = photo()
    stored, is_new = await store(shop, request)

    async with shop.database.read() as tx:
        sealed = (await tx.execute(text("SELECT content_sealed FROM evidence"))).scalar_one()
        (entry,) = await find_entries(tx, stored.outlet_id, subject_id=stored.id)
    assert is_new
    assert (stored.sha256, stored.size_bytes, stored.stored_at) == (request.sha256, len(request.content), NOON)
    assert request.content not in bytes(sealed)
    assert (entry.action, entry.detail["sha256"]) == (Action.EVIDENCE_STORED, request.sha256)


async def test_a_photo_sent_twice_is_stored_once(shop: Shop) -> None:
    first, _ = await store(shop, photo())

    assert await store(shop, photo()) == (first, False)


async def test_a_photo_sent_several_times_at_once_is_stored_once(shop: Shop) -> None:
    answers = await asyncio.gather(*(store(shop, photo()) for _ in range(4)))

    assert len({stored.id for stored, _ in answers}) == 1
    assert sorted(is_new for _, is_new in answers) == [False, False, False, True]


@pytest.mark.parametrize(
    ("presented", "kind"),
    [
        pytest.param(replace(photo(), sha256="0" * 64), Kind.DIGEST_MISMATCH, id="another digest"),
        pytest.param(replace(photo(), media_type="image/png"), Kind.MEDIA_TYPE_UNSUPPORTED, id="not what it says"),
        pytest.param(
            StoreEvidence(sha256=sha256(b"<svg/>").hexdigest(), content=b"<svg/>", media_type="image/svg+xml"),
            Kind.MEDIA_TYPE_UNSUPPORTED,
            id="no photo",
        ),
    ],
)
async def test_what_is_no_photo_or_not_this_one_is_not_stored(shop: Shop, presented: StoreEvidence, kind: Kind) -> None:
    with pytest.raises(Problem) as caught:
        await store(shop, presented)

    assert caught.value.kind is kind


async def test_without_the_permission_nothing_is_stored(shop: Shop) -> None:
    without = replace(shop.caller, client=replace(shop.caller.client, permissions=frozenset()))

    with pytest.raises(Problem) as caught:
        await store(replace(shop, caller=without), photo())

    assert caught.value.kind is Kind.NOT_PERMITTED


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG + b"...", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"GIF89a", None),
        (b"", None),
    ],
    ids=["jpeg", "png", "webp", "sound", "gif", "nothing"],
)
def test_the_first_bytes_say_what_it_is(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type
