"""An enterprise looks at its own acceptances: masked, page by page, under one entry each."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from acceptance_api.acceptance import ListAcceptances, MaskedAcceptance, Place, list_masked
from acceptance_api.access import Caller
from acceptance_api.audit import Action, find_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.support.authorities import MATCHING
from tests.support.builders import NOON, Shop, open_shop, parcel


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in a fresh database."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def headquarters(shop: Shop) -> Caller:
    """The IT of the shop's enterprise."""
    return await shop.caller_of(shop.world.enterprise)


async def listed(
    shop: Shop,
    caller: Caller,
    *,
    outlet_id: OutletId | None = None,
    until: datetime = NOON + timedelta(days=1),
    before: Place | None = None,
    limit: int = 50,
) -> tuple[MaskedAcceptance, ...]:
    """One page of the shop's acceptances."""
    request = ListAcceptances(
        outlet_id=outlet_id or shop.world.outlet_id, since=NOON, until=until, before=before, limit=limit
    )
    desk = DisclosureDesk(shop.database, shop.vault)
    return await list_masked(shop.database, desk, caller, request, at=NOON + timedelta(hours=1))


async def test_an_enterprise_sees_its_own_acceptances_masked(shop: Shop, headquarters: Caller) -> None:
    refused = await shop.decide(parcel())
    accepted = await shop.decide(await shop.ready(), at=NOON + timedelta(microseconds=1))
    first, second = await listed(shop, headquarters)

    assert (first.acceptance.id, second.acceptance.id) == (accepted.id, refused.id)
    assert (first.masked["sender_name"], first.masked["sender_phone"]) == ("张**", "13*******00")
    assert (first.masked["contents"], second.masked["sender_id_number"]) == ("***", None)
    assert first.masked["sender_id_number"] == f"1****************{MATCHING[-1]}"
    assert repr(first) == "<masked acceptance>"


async def test_every_listing_leaves_one_entry(shop: Shop, headquarters: Caller) -> None:
    await shop.decide(parcel())
    await listed(shop, headquarters)
    await listed(shop, headquarters, until=NOON)
    async with shop.database.read() as tx:
        entries = await find_entries(tx, shop.world.enterprise_id, subject_id=shop.world.outlet_id)

    assert [entry.detail["found"] for entry in entries if entry.action is Action.RECORDS_LISTED] == [1, 0]


async def test_pages_follow_one_another(shop: Shop, headquarters: Caller) -> None:
    made = [await shop.decide(parcel(), at=NOON + timedelta(microseconds=i // 2)) for i in range(5)]
    expected = [one.id for one in sorted(made, key=lambda one: (one.recorded_at, one.id), reverse=True)]
    seen, before = [], None
    while page := await listed(shop, headquarters, before=before, limit=1):
        assert len(page) <= 2
        seen.append(page[0].acceptance.id)
        before = (page[0].acceptance.recorded_at, page[0].acceptance.id)

    assert seen == expected


@pytest.mark.parametrize("whose", ["nobody's", "another enterprise's"])
async def test_an_outlet_of_others_looks_missing(shop: Shop, headquarters: Caller, whose: str) -> None:
    other = Caller(client=replace(headquarters.client, enterprise_id=EnterpriseId(new_uuid())))
    nobodys = whose == "nobody's"
    with pytest.raises(Problem) as caught:
        await listed(shop, headquarters if nobodys else other, outlet_id=OutletId(new_uuid()) if nobodys else None)

    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_counter_may_not_list(shop: Shop) -> None:
    with pytest.raises(Problem) as caught:
        await listed(shop, shop.caller)

    assert caught.value.kind is Kind.NOT_PERMITTED
