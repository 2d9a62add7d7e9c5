"""Finding and listing: by waybill, by the tokens of a person, by period; page after page without gap or repetition."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from acceptance_api.acceptance import (
    Acceptance,
    Claim,
    Outcome,
    Within,
    find_acceptances,
    find_by_tokens,
    find_by_waybill,
    find_sealed_of,
    list_acceptances,
)
from acceptance_api.acceptance.searching import TOKENS_PER_STATEMENT
from acceptance_api.acceptance.store import Place
from acceptance_api.kernel.clock import legal_month
from acceptance_api.kernel.ids import AcceptanceId, new_uuid
from acceptance_api.vault import Index
from tests.support.authorities import MATCHING
from tests.support.builders import NOON, SENDER, Shop, new_waybill, parcel, party

DAY = timedelta(days=1)
Page = Callable[[Shop, Place | None, int], Awaitable[list[Place]]]
OFFSETS_US = (0, 0, 0, 1, 1, 10, 999, 1_000, 1_000, 1_000_000)
"""Several in one instant, several within a second, one in the next."""


def within(*, jurisdiction: str = "", since: datetime = NOON, before: Place | None = None, limit: int = 50) -> Within:
    return Within(jurisdiction=jurisdiction, since=since, until=NOON + DAY, before=before, limit=limit)


async def several(shop: Shop) -> list[Acceptance]:
    """Parcels decided close to one another, newest first; ids are minted in another order than they are decided."""
    requests = [parcel() for _ in OFFSETS_US]
    decided = [
        await shop.decide(request, at=NOON + timedelta(microseconds=offset))
        for request, offset in zip(reversed(requests), OFFSETS_US, strict=True)
    ]
    return sorted(decided, key=lambda one: (one.recorded_at, one.id), reverse=True)


async def page_of_listing(shop: Shop, before: Place | None, limit: int) -> list[Place]:
    async with shop.database.read() as tx:
        listed = await list_acceptances(
            tx, [shop.caller.outlet_id], since=NOON, until=NOON + DAY, before=before, limit=limit
        )
    return [(one.recorded_at, one.id) for one in listed]


async def page_of_search(shop: Shop, before: Place | None, limit: int) -> list[Place]:
    tokens = await tokens_of(shop, Index.PHONE, "13800138000")
    async with shop.database.read() as tx:
        found = await find_by_tokens(tx, tokens, ["sender_phone"], within(before=before, limit=limit))
    return [(one.recorded_at, one.acceptance_id) for one in found]


async def tokens_of(shop: Shop, index: Index, *values: str) -> tuple[int, ...]:
    return await shop.vault.search_tokens([shop.caller.enterprise_id], [legal_month(NOON)], index, *values)


@pytest.mark.parametrize("page", [page_of_listing, page_of_search], ids=["listing", "search"])
async def test_pages_follow_one_another_without_gap_or_repetition(shop: Shop, page: Page) -> None:
    expected = [(one.recorded_at, one.id) for one in await several(shop)]

    for limit in (1, 3, 50):
        seen: list[Place] = []
        while some := await page(shop, seen[-1] if seen else None, limit):
            seen += some
        assert seen == expected


async def test_a_period_is_half_open(shop: Shop) -> None:
    decided = await shop.decide(parcel())
    tick = timedelta(microseconds=1)

    async with shop.database.read() as tx:
        found = [
            bool(await list_acceptances(tx, [decided.outlet_id], since=a, until=b, before=None, limit=9))
            for a, b in [(NOON, NOON + tick), (NOON - DAY, NOON), (NOON + tick, NOON + DAY)]
        ]

    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("role", "index", "values"),
    [
        pytest.param("sender_phone", Index.PHONE, ("+86 138-0013-8000",), id="the sender's telephone"),
        pytest.param("addressee_phone", Index.PHONE, ("13900139000",), id="the addressee's telephone"),
        pytest.param("sender_name_and_phone", Index.NAME_AND_PHONE, (" 张 建国", "8000"), id="the sender's name"),
        pytest.param("addressee_name_and_phone", Index.NAME_AND_PHONE, ("李秀英", "9000"), id="the addressee's name"),
        pytest.param(
            "sender_id_number", Index.ID_NUMBER, (f"{MATCHING[:6]} {MATCHING[6:].lower()}",), id="the sender's number"
        ),
    ],
)
async def test_a_record_is_found_by_what_is_known_of_a_person_in_any_spelling(
    shop: Shop, role: str, index: Index, values: tuple[str, ...]
) -> None:
    known = await shop.verify()
    decided = await shop.decide(parcel(verification=known))
    await shop.decide(parcel(sender=party(name="王五", phone="13500135000"), addressee=party(phone="13400134000")))

    async with shop.database.read() as tx:
        found = await find_by_tokens(tx, await tokens_of(shop, index, *values), [role], within())
        elsewhere = await find_by_tokens(tx, await tokens_of(shop, index, *values), ["another role"], within())

    assert [(claim.acceptance_id, claim.role) for claim in found] == [(decided.id, role)]
    assert found[0].source_id == (known.id if role == "sender_id_number" else decided.id)
    assert elsewhere == ()


async def test_a_jurisdiction_is_a_prefix_of_the_outlets_division(shop: Shop) -> None:
    decided = await shop.decide(parcel())
    tokens = await tokens_of(shop, Index.PHONE, "13800138000")

    async with shop.database.read() as tx:
        for jurisdiction, seen in {"": True, "11": True, "1101": True, "110105": True, "44": False, "1": True}.items():
            here = within(jurisdiction=jurisdiction)
            by_token = await find_by_tokens(tx, tokens, ["sender_phone"], here)
            by_waybill = await find_by_waybill(tx, decided.waybill, here)
            assert bool(by_token) is bool(by_waybill) is seen, jurisdiction


async def test_every_presentation_of_a_waybill_is_found_newest_first(shop: Shop) -> None:
    waybill = new_waybill()
    first = await shop.decide(parcel(waybill=waybill))
    second = await shop.decide(parcel(waybill=waybill), at=NOON + timedelta(minutes=1))

    async with shop.database.read() as tx:
        found = await find_by_waybill(tx, waybill, within())

    assert first.decision.outcome is second.decision.outcome is Outcome.REFUSED
    assert found == (
        Claim(outlet_id=second.outlet_id, acceptance_id=second.id, recorded_at=second.recorded_at),
        Claim(outlet_id=first.outlet_id, acceptance_id=first.id, recorded_at=first.recorded_at),
    )


async def test_more_tokens_than_one_statement_takes_find_the_same(shop: Shop) -> None:
    decided = await shop.decide(parcel())
    (token,) = await tokens_of(shop, Index.PHONE, "13800138000")
    many = [token, *range(2 * TOKENS_PER_STATEMENT)]

    async with shop.database.read() as tx:
        found = await find_by_tokens(tx, many, ["sender_phone"], within())

    assert [claim.acceptance_id for claim in found] == [decided.id]


async def test_nothing_is_found_for_nothing(shop: Shop) -> None:
    async with shop.database.read() as tx:
        assert await find_by_tokens(tx, (), ["sender_phone"], within()) == ()
        assert await find_acceptances(tx, []) == ()
        assert await find_sealed_of(tx, []) == {}


async def test_several_records_are_read_at_once_and_unknown_ones_are_left_out(shop: Shop) -> None:
    first, second = await shop.decide(parcel()), await shop.decide(parcel(), at=NOON + timedelta(minutes=1))
    keys = [(one.outlet_id, one.id) for one in (first, second)]
    unknown = (first.outlet_id, AcceptanceId(new_uuid()))

    async with shop.database.read() as tx:
        found = await find_acceptances(tx, [*keys, unknown])
        sealed = await find_sealed_of(tx, [*keys, unknown])

    assert [replace(one, facts={}) for one in found] == [replace(one, facts={}) for one in (second, first)]
    assert set(sealed) == {first.key, second.key}


async def test_the_sender_is_nowhere_in_the_clear(shop: Shop) -> None:
    decided = await shop.decide(parcel(verification=await shop.verify()))

    async with shop.database.read() as tx:
        sealed = await find_sealed_of(tx, [(decided.outlet_id, decided.id)])

    assert SENDER not in repr(decided)
    assert SENDER not in repr(sealed)
