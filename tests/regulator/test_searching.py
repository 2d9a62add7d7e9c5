"""Searching under a case: found however it is spelled, within the jurisdiction, one entry each, nothing on trust."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select, text, update

from acceptance_api.acceptance import Acceptance, Outcome, Within, find_by_tokens
from acceptance_api.acceptance.tables import acceptance_tokens, acceptance_waybills, acceptances
from acceptance_api.audit import Action
from acceptance_api.audit.tables import audit_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import AcceptanceId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import Page, SearchingDesk, SearchKind
from acceptance_api.regulator.fields import SEARCHED_COMMITMENT
from acceptance_api.vault import FileKeyStore, Index, Vault
from acceptance_api.vault.key_store import KeyRecord
from tests.regulator.conftest import NOW, Agency, correct, counted, entry_count, ids
from tests.support.authorities import MATCHING, closed_address, resident_number
from tests.support.builders import NOON, Shop, item, parcel, party, verifying

SENDER_PHONE, ADDRESSEE_PHONE = "13800138000", "13900139000"
SECRETS = ("张建国", "建国", "李秀英", SENDER_PHONE, ADDRESSEE_PHONE, "示例路", "示例街", MATCHING, "毛衣", "301室")
FIFTEEN = "110105850214001"
"""The first-generation number of MATCHING's holder."""


SPELLINGS = (
    (SearchKind.ID_NUMBER, (MATCHING,)),
    (SearchKind.ID_NUMBER, (f" {MATCHING[:6]}-{MATCHING[6:14]} {MATCHING[14:]}",)),
    (SearchKind.ID_NUMBER, (MATCHING.translate(str.maketrans("0123456789", "０１２３４５６７８９")),)),
    (SearchKind.ID_NUMBER, (FIFTEEN,)),
    (SearchKind.PHONE, (SENDER_PHONE,)),
    (SearchKind.PHONE, ("+86 139-0013-9000",)),
    (SearchKind.NAME_AND_PHONE, ("张 建国", "8000")),
    (SearchKind.NAME_AND_PHONE, ("李秀英", "９０００")),
)


async def test_a_record_is_found_however_it_is_spelled(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(await shop.ready())

    assert [ids(await agency.search(kind, *values)) for kind, values in SPELLINGS] == [[acceptance.id]] * len(SPELLINGS)


async def test_a_hit_is_masked(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(await shop.ready())
    page = await agency.search(SearchKind.WAYBILL, acceptance.waybill)
    (hit,) = page.hits

    assert (hit.acceptance.id, hit.acceptance.decision, page.end) == (acceptance.id, acceptance.decision, None)
    assert hit.masked == {
        "sender_name": "张**",
        "sender_phone": "13*******00",
        "sender_address": "北京市朝阳区示例路***",
        "organisation_name": None,
        "organisation_code": None,
        "addressee_name": "李**",
        "addressee_phone": "13*******00",
        "addressee_address": "北京市海淀区示例街***",
        "contents": "***",
        "sender_id_number": f"1****************{MATCHING[-1]}",
    }
    assert "张" not in repr(page)


async def test_a_lower_case_check_character_is_the_same_number(shop: Shop, agency: Agency) -> None:
    number = next(n for i in range(1, 99) if (n := resident_number(f"{i:03}")).endswith("X"))
    verified = await shop.verify(verifying(number=number.lower()))
    acceptance = await shop.decide(parcel(verification=verified))

    for spelled in (number, number.lower(), f"{number[:-1]}\uff58"):
        assert ids(await agency.search(SearchKind.ID_NUMBER, spelled)) == [acceptance.id]


IN_VAIN = (
    (SearchKind.WAYBILL, ("EX-NOBODYS",)),
    (SearchKind.ID_NUMBER, (resident_number("002"),)),
    (SearchKind.PHONE, ("13700137000",)),
    (SearchKind.NAME_AND_PHONE, ("张建国", "9000")),
)


async def test_a_search_in_vain_leaves_its_entry_too(shop: Shop, agency: Agency) -> None:
    await shop.decide(await shop.ready())
    pages = [await agency.search(kind, *values) for kind, values in IN_VAIN]

    assert [(page.hits, page.end) for page in pages] == [((), None)] * len(IN_VAIN)
    assert [entry.id for entry in await agency.entries()][1:] == [page.entry_id for page in pages]


async def test_every_presentation_of_a_waybill_is_found(shop: Shop, agency: Agency) -> None:
    first = await shop.decide(parcel(), at=NOON)
    again = await shop.decide(replace(await shop.ready(), waybill=first.waybill), at=NOON + timedelta(microseconds=1))
    await shop.decide(parcel())

    assert first.decision.outcome is Outcome.REFUSED
    assert ids(await agency.search(SearchKind.WAYBILL, first.waybill)) == [again.id, first.id]


async def test_an_outlet_shows_its_half_open_period(shop: Shop, southern: Shop, agency: Agency) -> None:
    made = [await shop.decide(parcel(), at=NOON + timedelta(microseconds=i)) for i in range(4)]
    await southern.decide(parcel())
    page = await agency.search(
        SearchKind.OUTLET,
        outlet_id=shop.world.outlet_id,
        since=NOON + timedelta(microseconds=1),
        until=NOON + timedelta(microseconds=3),
    )

    assert ids(page) == [made[2].id, made[1].id]


async def test_an_unknown_outlet_is_missing(agency: Agency) -> None:
    for outlet_id in (None, OutletId(new_uuid())):
        with pytest.raises(Problem) as caught:
            await agency.search(SearchKind.OUTLET, outlet_id=outlet_id)
        assert caught.value.kind is Kind.NOT_FOUND


BORDERS = {
    "": "north and south",
    "44": "south",
    "4403": "south",
    "440305": "south",
    "440306": "",
    "11": "north",
    "110105": "north",
    "%": "",
}
EVERY_WAY = (
    (SearchKind.ID_NUMBER, (MATCHING,)),
    (SearchKind.PHONE, (SENDER_PHONE,)),
    (SearchKind.NAME_AND_PHONE, ("李秀英", "9000")),
)


async def test_a_jurisdiction_ends_at_its_border(shop: Shop, southern: Shop, agency: Agency) -> None:
    north = await shop.decide(await shop.ready())
    south = await southern.decide(replace(await southern.ready(), waybill=north.waybill), at=NOON + timedelta(hours=1))
    for jurisdiction, seen in BORDERS.items():
        expected = [one.id for one, name in ((south, "south"), (north, "north")) if name in seen]
        looking = agency.within(jurisdiction)

        for kind, values in (*EVERY_WAY, (SearchKind.WAYBILL, (north.waybill,))):
            assert ids(await looking.search(kind, *values)) == expected


async def test_an_outlet_beyond_the_border_looks_missing(shop: Shop, southern: Shop, agency: Agency) -> None:
    acceptance = await southern.decide(parcel())
    outlet_id = southern.world.outlet_id

    assert ids(await agency.within("4403").search(SearchKind.OUTLET, outlet_id=outlet_id)) == [acceptance.id]
    with pytest.raises(Problem) as caught:
        await agency.within("11").search(SearchKind.OUTLET, outlet_id=outlet_id)
    assert caught.value.kind is Kind.NOT_FOUND
    assert shop.world.outlet_id != outlet_id


async def test_a_person_is_found_across_months_and_enterprises(shop: Shop, southern: Shop, agency: Agency) -> None:
    moments = [NOON - timedelta(days=days) for days in (0, 25, 50, 75)]
    made = [
        await one.decide(parcel(verification=await one.verify(at=at)), at=at)
        for at in moments
        for one in (southern, shop)
    ]
    whole, part = (moments[-1], NOON + timedelta(seconds=1)), (moments[2], moments[0])

    for kind, value in ((SearchKind.PHONE, SENDER_PHONE), (SearchKind.ID_NUMBER, MATCHING)):
        assert set(ids(await agency.search(kind, value, since=whole[0], until=whole[1]))) == {one.id for one in made}
        assert set(ids(await agency.search(kind, value, since=part[0], until=part[1]))) == {one.id for one in made[2:6]}


async def test_many_tokens_are_asked_for_in_batches(shop: Shop, southern: Shop) -> None:
    made = [await one.decide(parcel(), at=NOON + timedelta(seconds=i)) for i, one in enumerate((shop, southern) * 2)]
    within = Within(jurisdiction="", since=NOON, until=NOW, before=None, limit=3)
    owners = (shop.world.enterprise_id, southern.world.enterprise_id)
    tokens = await shop.vault.search_tokens(owners, ("2026-11",), Index.PHONE, SENDER_PHONE)
    async with counted(shop.database) as statements, shop.database.read() as tx:
        claims = await find_by_tokens(tx, tokens, ("sender_phone",), within, per_statement=1)

        assert [claim.acceptance_id for claim in claims] == [one.id for one in reversed(made)][:3]
        assert claims == await find_by_tokens(tx, tokens, ("sender_phone",), within)
        assert await find_by_tokens(tx, (), ("sender_phone",), within) == ()
    assert len([statement for statement in statements if "SELECT" in statement]) == 2 * len(tokens) + 2 == 6


Look = Callable[[Agency, Page | None], Awaitable[Page]]


async def pages_of(agency: Agency, turn: Callable[[], Awaitable[object]], look: Look) -> list[UUID]:
    """Every record of a search, page by page; something happens between the pages."""
    page = await look(agency, None)
    seen = ids(page)
    while page.end:
        await turn()
        page = await look(agency, page)
        seen += ids(page)
    return seen


@pytest.mark.parametrize("kind", [SearchKind.PHONE, SearchKind.OUTLET, SearchKind.WAYBILL])
async def test_pages_neither_lose_nor_repeat_a_record_while_new_ones_arrive(
    shop: Shop, agency: Agency, kind: SearchKind
) -> None:
    """Two of three were recorded at one instant, and both parties of each have the same telephone."""
    refused = replace(parcel(), sender=party(), addressee=party())
    instants = count()

    async def arrive(microseconds: int = 1_000_000) -> None:
        at = NOON + timedelta(microseconds=microseconds + next(instants) // 2)
        arrived.append(await shop.decide(replace(refused, id=AcceptanceId(new_uuid())), at=at))

    arrived: list[Acceptance] = []
    value = {SearchKind.PHONE: SENDER_PHONE, SearchKind.WAYBILL: refused.waybill}.get(kind, "")
    for _ in range(5):
        await arrive(0)
    for limit in (1, 2, 3, 100):
        expected = [one.id for one in sorted(arrived, key=lambda one: (one.recorded_at, one.id), reverse=True)]

        async def look(agency: Agency, after: Page | None, limit: int = limit) -> Page:
            page = await agency.search(kind, value, outlet_id=shop.world.outlet_id, limit=limit, after=after)
            assert len(page.hits) <= limit
            return page

        assert await pages_of(agency, arrive, look) == expected


async def test_every_look_leaves_one_entry_that_verifies_and_tells_nothing(
    shop: Shop, southern: Shop, agency: Agency
) -> None:
    await shop.decide(await shop.ready())
    await southern.decide(await southern.ready())
    async with shop.database.read() as tx:
        before = await entry_count(tx)
    page = await agency.search(SearchKind.NAME_AND_PHONE, "张建国", "8000")
    async with shop.database.read() as tx:
        assert await entry_count(tx) == before + 1
        row = (await tx.execute(select(audit_entries).where(audit_entries.c.id == page.entry_id))).one()
    *_, entry = await agency.entries()
    about: dict[str, Any] = {"owner_id": agency.case.agency_id, "label": SEARCHED_COMMITMENT}
    about["salt"] = UUID(entry.detail["salt"])

    assert (entry.id, entry.action, entry.at) == (page.entry_id, Action.RECORDS_SEARCHED, NOW)
    assert (entry.actor.case_id, entry.subject_id) == (agency.case.id, agency.case.id)
    assert (entry.detail["kind"], entry.detail["found"]) == ("name_and_phone", 2)
    assert await shop.vault.commitment_matches(entry.commitments["values"], text="张建国\n8000", **about)
    assert not await shop.vault.commitment_matches(entry.commitments["values"], text="张建国\n8001", **about)
    assert not any(secret in repr(row) for secret in SECRETS)


async def test_a_corrected_record_is_found_by_old_and_new_and_shows_the_latest(shop: Shop, agency: Agency) -> None:
    request = await shop.ready()
    acceptance = await shop.decide(request)
    mended = replace(request, sender=party(phone="13700137000"), addressee=party(name="王芳", phone="13600136000"))
    months_later = NOON + timedelta(days=70)
    corrected = await correct(shop, acceptance, mended, at=months_later)

    for kind, values in (
        (SearchKind.PHONE, (SENDER_PHONE,)),
        (SearchKind.PHONE, ("13700137000",)),
        (SearchKind.PHONE, (ADDRESSEE_PHONE,)),
        (SearchKind.NAME_AND_PHONE, ("李秀英", "9000")),
        (SearchKind.NAME_AND_PHONE, ("王芳", "6000")),
        (SearchKind.ID_NUMBER, (MATCHING,)),
    ):
        (hit,) = (await agency.search(kind, *values, at=months_later)).hits
        assert (hit.acceptance.id, hit.acceptance.revision) == (corrected.id, 2)
        assert hit.masked["addressee_name"] == "王**"


async def test_a_record_is_found_by_a_verification_it_no_longer_rests_on(shop: Shop, agency: Agency) -> None:
    request = await shop.ready()
    acceptance = await shop.decide(request)
    months_later, number = NOON + timedelta(days=70), resident_number("002")
    other = await shop.verify(verifying(number=number), at=months_later)
    await correct(shop, acceptance, replace(request, verification_id=other.id), at=months_later)

    for searched in (MATCHING, number):
        (hit,) = (await agency.search(SearchKind.ID_NUMBER, searched, at=months_later)).hits
        assert hit.masked["sender_id_number"] == f"1****************{number[-1]}"


async def test_a_verification_of_the_month_before_finds_its_record(shop: Shop, agency: Agency) -> None:
    """A minute before midnight in China, and a minute after."""
    midnight = datetime(2026, 10, 31, 16, tzinfo=UTC)
    verified = await shop.verify(at=midnight - timedelta(minutes=1))
    acceptance = await shop.decide(parcel(verification=verified), at=midnight + timedelta(minutes=1))

    assert ids(await agency.search(SearchKind.ID_NUMBER, MATCHING, since=midnight)) == [acceptance.id]


PLANTED = {
    "phone": (SearchKind.PHONE, (SENDER_PHONE,), "sender_phone"),
    "name and phone": (SearchKind.NAME_AND_PHONE, ("张建国", "8000"), "sender_name_and_phone"),
    "id number": (SearchKind.ID_NUMBER, (MATCHING,), "sender_id_number"),
}


@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize("how", ["moved with its source", "written over another"])
async def test_a_token_planted_on_another_record_is_no_hit_and_is_logged(
    shop: Shop, agency: Agency, what: str, how: str
) -> None:
    kind, values, role = PLANTED[what]
    person = await shop.decide(parcel(verification=await shop.verify()))
    verified = await shop.verify(verifying(number=resident_number("002"), name="王芳"))
    innocent = await shop.decide(parcel(verification=verified, sender=party(name="王芳", phone="13700137000")))
    of = acceptance_tokens.c
    change: Mapping[str, object]
    async with shop.database.transaction() as tx:
        theirs = (await tx.execute(select(of.token).where(of.acceptance_id == person.id, of.role == role))).scalar_one()
        if how == "moved with its source":
            which, change = person, {"acceptance_id": innocent.id, "source_id": of.source_id}
            await tx.execute(acceptance_tokens.delete().where(of.acceptance_id == innocent.id))
        else:
            which, change = innocent, {"token": theirs}
        await tx.execute(update(acceptance_tokens).where(of.acceptance_id == which.id, of.role == role).values(change))
    with structlog.testing.capture_logs() as lines:
        found = await agency.search(kind, *values)

    assert innocent.id not in ids(found)
    assert ids(found) == ([] if how == "moved with its source" else [person.id])
    assert len(lines) == 1
    assert not any(secret in repr(lines) for secret in (*SECRETS, "王芳", "13700137000"))


@pytest.mark.parametrize("change", ["waybill", "origin"])
async def test_an_index_that_says_other_than_its_record_is_no_hit(shop: Shop, agency: Agency, change: str) -> None:
    acceptance = await shop.decide(parcel())
    async with shop.database.transaction() as tx:
        edited = {"waybill": "EX-PLANTED"} if change == "waybill" else {"origin": "440305"}
        await tx.execute(update(acceptance_waybills).values(edited))
    waybill = edited.get("waybill", acceptance.waybill)

    assert ids(await agency.within("44" if change == "origin" else "").search(SearchKind.WAYBILL, waybill)) == []


async def test_an_index_without_its_record_is_no_hit(shop: Shop, agency: Agency) -> None:
    await shop.decide(parcel())
    async with shop.database.transaction() as tx:
        await tx.execute(acceptances.delete())

    assert ids(await agency.search(SearchKind.PHONE, SENDER_PHONE)) == []


async def test_a_swapped_envelope_is_reported_as_damage(shop: Shop, agency: Agency) -> None:
    one, other = [await shop.decide(parcel()) for _ in range(2)]
    async with shop.database.transaction() as tx:
        stolen = select(acceptances.c.contents_sealed).where(acceptances.c.id == other.id)
        sealed = (await tx.execute(stolen)).scalar_one()
        await tx.execute(update(acceptances).where(acceptances.c.id == one.id).values(contents_sealed=sealed))
    with pytest.raises(Problem) as caught:
        await agency.search(SearchKind.WAYBILL, one.waybill)

    assert caught.value.kind is Kind.SEALED_DATA_DAMAGED
    assert ids(await agency.search(SearchKind.WAYBILL, other.waybill)) == [other.id]


@pytest.mark.parametrize("kind", [SearchKind.PHONE, SearchKind.ID_NUMBER, SearchKind.OUTLET])
async def test_a_full_page_takes_as_many_statements_as_one_hit(shop: Shop, agency: Agency, kind: SearchKind) -> None:
    verified = await shop.verify()
    value = {SearchKind.PHONE: SENDER_PHONE, SearchKind.ID_NUMBER: MATCHING}.get(kind, "")
    await shop.decide(parcel(verification=verified))
    async with counted(shop.database) as for_one:
        await agency.search(kind, value, outlet_id=shop.world.outlet_id)
    for _ in range(12):
        await shop.decide(parcel(verification=verified, contents=(item("书"),)))
    async with counted(shop.database) as for_many:
        assert len((await agency.search(kind, value, outlet_id=shop.world.outlet_id)).hits) == 13

    assert len(for_many) == len(for_one) <= 12


class NotingKeyStore(FileKeyStore):
    """A key store that remembers for how many keys it was asked at a time."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.asked: list[int] = []

    async def find(self, key_ids: Collection[int]) -> Mapping[int, KeyRecord]:
        """The records of those ids that exist."""
        self.asked.append(len(key_ids))
        return await super().find(key_ids)


async def test_a_page_fetches_its_keys_at_once(shop: Shop, agency: Agency, tmp_path: Path) -> None:
    """Records of six days are sealed with six keys."""
    for days in range(6):
        await shop.decide(parcel(), at=NOON - timedelta(days=5 * days))
    key_store = NotingKeyStore(tmp_path / "keys")
    vault = Vault(key_store)
    desk = SearchingDesk(database=shop.database, vault=vault, disclosure=DisclosureDesk(shop.database, vault))
    looking = replace(agency, desk=desk)
    page = await looking.search(SearchKind.PHONE, SENDER_PHONE, since=NOON - timedelta(days=40))

    assert len(page.hits) == 6
    assert key_store.asked == [6]


async def test_without_a_database_there_is_no_look(shop: Shop, agency: Agency) -> None:
    await shop.decide(parcel())
    gone = Database(closed_address().replace("http://", "postgresql+asyncpg://nobody@") + "/nowhere")
    with pytest.raises(Problem) as caught:
        await replace(agency, desk=replace(agency.desk, database=gone)).search(SearchKind.PHONE, SENDER_PHONE)
    await gone.dispose()

    assert caught.value.kind is Kind.DATABASE_UNAVAILABLE


async def test_no_plaintext_stands_in_any_table(shop: Shop, agency: Agency) -> None:
    await shop.decide(await shop.ready())
    await agency.search(SearchKind.ID_NUMBER, MATCHING)
    async with shop.database.read() as tx:
        rows = [
            repr((await tx.execute(text(f'SELECT * FROM "{table}"'))).all())  # noqa: S608 - our own tables' names
            for table in ("acceptances", "acceptance_tokens", "verifications", "decisions", "audit_entries", "cases")
        ]

    assert not any(secret in row for row in rows for secret in SECRETS)


async def test_two_outlets_that_mint_one_id_keep_their_records_apart(
    shop: Shop, southern: Shop, agency: Agency
) -> None:
    ours = await shop.ready()
    theirs = replace(await southern.ready(), id=ours.id, sender=party(name="王芳", phone="13700137000"))
    await shop.decide(ours)
    await southern.decide(theirs)

    hits = (await agency.search(SearchKind.PHONE, ADDRESSEE_PHONE)).hits

    assert {hit.acceptance.key: hit.masked["sender_name"] for hit in hits} == {
        (shop.world.outlet_id, ours.id): "张**",
        (southern.world.outlet_id, ours.id): "王**",
    }
