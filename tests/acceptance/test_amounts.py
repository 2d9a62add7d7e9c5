"""Limits by the day: counted for a sender over parcels, counters and outlets of one enterprise, and exactly."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from acceptance_api.acceptance import (
    Acceptance,
    DecideParcel,
    DecidingDesk,
    Ground,
    Item,
    NewVerification,
    OfflineParcel,
    Outcome,
    SenderKind,
    decide_parcel,
    receive_parcels,
)
from acceptance_api.acceptance.tables import sender_amounts
from acceptance_api.agreements import AddAgreement, add_agreement
from acceptance_api.audit import OPERATOR
from acceptance_api.identity import Answer, Verification
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Reader, Writer, open_lane
from acceptance_api.kernel.ids import AcceptanceId, AgreementId
from acceptance_api.kernel.problems import Problem
from acceptance_api.rulesets import Layer
from acceptance_api.screening import ScreeningVerdict
from tests.acceptance.layered import SAID
from tests.acceptance.places import another_enterprise, another_outlet, at_another_counter, bind, correct, resolve
from tests.support.authorities import resident_number
from tests.support.builders import ANOTHER_PROVINCE, NOON, SAME_CITY, TODAY, Shop, item, open_shop, parcel, verifying

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOMEBODY_ELSE = resident_number("003")
OVER = Ground.RESTRICTED_OVER_DAILY_LIMIT
LIMITS = {
    "rules": [
        {"about": "R-01", "max_per_sender_per_day": "600", **SAID},
        {"about": "R-02", "max_per_sender_per_day": "0.3", **SAID},
    ]
}
"""Of cigarettes 600 a day, of tobacco leaves 0.3 kg."""


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    """A shop whose brand has limits by the day."""
    await bind(shop, Layer.BRAND, "goods", LIMITS)
    return shop


def cigarettes(quantity: Decimal | int) -> Item:
    return item("卷烟", quantity, goods_code="R-01")


def leaves(quantity: Decimal | int) -> Item:
    return item("烟叶", quantity, goods_code="R-02")


async def ready(
    shop: Shop,
    *contents: Item,
    number: str | None = None,
    verification: Verification | None = None,
    at: datetime = NOON,
    **changes: Any,  # noqa: ANN401 - parts of a parcel
) -> DecideParcel:
    """A parcel with these contents, against which nothing speaks but a limit."""
    request = verifying(number=number) if number else None
    verified = verification or await shop.verify(request, at=at)
    return parcel(
        verification=verified,
        inspection=await shop.inspect(contents=contents, at=at),
        contents=contents,
        **changes,
    )


async def send(
    shop: Shop,
    quantity: Decimal | int,
    *,
    at: datetime = NOON,
    **changes: Any,  # noqa: ANN401 - parts of a parcel
) -> Acceptance:
    """Present a parcel of so many cigarettes."""
    return await shop.decide(await ready(shop, cigarettes(quantity), at=at, **changes), at=at)


async def by_agreement(
    shop: Shop, quantity: Decimal | int, *, agreement_id: AgreementId | None = None, at: datetime = NOON
) -> DecideParcel:
    """A parcel of an agreement customer."""
    contents = (cigarettes(quantity),)
    return parcel(
        sender_kind=SenderKind.AGREEMENT,
        agreement_id=agreement_id or shop.world.agreement_id,
        inspection=await shop.inspect(contents=contents, at=at),
        contents=contents,
    )


async def another_agreement(shop: Shop) -> AgreementId:
    async with shop.database.transaction() as tx:
        request = AddAgreement(
            filing_no="SANDBOX-2",
            customer="另一示例有限公司",
            uscc="91350100M000100Y43",
            representative="另一代表",
            valid_from=date(2020, 1, 1),
            valid_to=date(2099, 12, 31),
        )
        made = await add_agreement(tx, shop.vault, shop.world.enterprise_id, request, actor=OPERATOR, at=NOON)
    return made.id


def outcome(acceptance: Acceptance) -> tuple[Outcome, list[Ground]]:
    decision = acceptance.decision
    return decision.outcome, [objection.ground for objection in decision.objections]


async def totals(shop: Shop, code: str = "R-01") -> list[Decimal]:
    """The last total of each sender, day and enterprise; every chain of totals adds up."""
    query = select(sender_amounts).where(sender_amounts.c.goods_code == code).order_by(sender_amounts.c.number)
    chains: dict[object, list[Any]] = {}
    async with shop.database.read() as tx:
        for row in await tx.execute(query):
            chains.setdefault((row.token, row.enterprise_id, row.day), []).append(row)
    for rows in chains.values():
        total = Decimal(0)
        for i, row in enumerate(rows, 1):
            total += Decimal(row.added)
            assert (row.number, Decimal(row.total)) == (i, total)
    return sorted(Decimal(rows[-1].total) for rows in chains.values())


# --- what is counted --------------------------------------------------------------------------------------------------


async def test_parcels_of_one_day_are_added_up_and_the_limit_itself_may_be_sent(shop: Shop) -> None:
    first, second, third = await send(shop, 250), await send(shop, 350), await send(shop, 1)

    assert [outcome(one) for one in (first, second)] == [(ACCEPTED, []), (ACCEPTED, [])]
    (objection,) = third.decision.objections
    assert (third.decision.outcome, objection.ground, objection.about) == (REFUSED, OVER, "R-01")
    assert objection.by == "brand-goods@1"
    assert third.facts["sent_today"] == {"R-01": "600"}
    assert await totals(shop) == [600]


async def test_lines_of_one_parcel_are_added_up(shop: Shop) -> None:
    contents = [item("卷烟", 200, goods_code="R-01"), item("雪茄烟", 150, goods_code="R-01")]

    await shop.decide(await ready(shop, *contents))

    assert await totals(shop) == [350]


async def test_a_fraction_is_counted_as_what_it_is(shop: Shop) -> None:
    tenth = Decimal("0.1")
    decided = [await shop.decide(await ready(shop, leaves(tenth))) for _ in range(4)]

    assert [one.decision.outcome for one in decided] == [ACCEPTED, ACCEPTED, ACCEPTED, REFUSED]
    assert await totals(shop, "R-02") == [Decimal("0.3")]


async def test_each_kind_of_goods_has_a_count_of_its_own(shop: Shop) -> None:
    await send(shop, 400)
    both = await shop.decide(await ready(shop, cigarettes(200), leaves(Decimal("0.2"))))
    over = await shop.decide(await ready(shop, cigarettes(1), leaves(Decimal("0.1"))))

    assert outcome(both) == (ACCEPTED, [])
    assert [(one.ground, one.about) for one in over.decision.objections] == [(OVER, "R-01")]
    assert [*await totals(shop), *await totals(shop, "R-02")] == [600, Decimal("0.2")]


async def test_goods_without_a_limit_by_the_day_are_not_counted(shop: Shop) -> None:
    await shop.decide(await ready(shop, item("香水", 5, goods_code="R-17")))

    async with shop.database.read() as tx:
        assert (await tx.execute(select(sender_amounts))).first() is None


async def test_every_counter_and_outlet_of_the_enterprise_counts(shop: Shop) -> None:
    beside, elsewhere = await at_another_counter(shop), await another_outlet(shop, "440305")
    near = replace(SAME_CITY, division="440305")
    sent = [
        await send(shop, 250),
        await send(beside, 250),
        await send(elsewhere, 250, destination=near, at=NOON + HOUR),
    ]

    assert [outcome(one) for one in sent] == [(ACCEPTED, []), (ACCEPTED, []), (REFUSED, [OVER])]


async def test_another_enterprises_parcels_do_not_count(shop: Shop) -> None:
    other = await another_enterprise(shop)
    await bind(other, Layer.BRAND, "goods", LIMITS)

    sent = [await send(one, 400) for one in (shop, other)]

    assert [outcome(one) for one in sent] == [(ACCEPTED, [])] * 2
    assert await totals(shop) == [400, 400]


async def test_a_sender_is_known_by_the_number_of_the_document(shop: Shop) -> None:
    number = resident_number("005")
    await send(shop, 400, number=number)

    same = await send(shop, 400, number=number.translate(str.maketrans("0123456789", "０１２３４５６７８９")))
    other = await send(shop, 400, number=SOMEBODY_ELSE)

    assert (outcome(same), outcome(other)) == ((REFUSED, [OVER]), (ACCEPTED, []))


async def test_agreement_customers_are_counted_by_their_agreement(shop: Shop) -> None:
    elsewhere, other = await another_outlet(shop), await another_agreement(shop)
    first = await shop.decide(await by_agreement(shop, 400))
    second = await elsewhere.decide(await by_agreement(elsewhere, 400))
    others = await shop.decide(await by_agreement(shop, 400, agreement_id=other))
    walk_in = await send(shop, 400)

    assert outcome(first) == outcome(others) == outcome(walk_in) == (ACCEPTED, [])
    assert outcome(second) == (REFUSED, [OVER])


# --- when it is counted -----------------------------------------------------------------------------------------------


async def test_another_day_begins_at_midnight_in_china(shop: Shop) -> None:
    last_minute = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    sent = [await send(shop, 400, at=at) for at in (NOON, last_minute, last_minute + timedelta(minutes=1))]

    assert [one.decision.outcome for one in sent] == [ACCEPTED, REFUSED, ACCEPTED]


async def test_who_showed_the_document_before_midnight_is_counted_on_that_day(shop: Shop) -> None:
    before = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    shown = await shop.verify(at=before)
    await send(shop, 400, verification=shown, at=before)

    after = await send(shop, 400, verification=shown, at=before + HOUR)
    anew = await send(shop, 400, at=before + HOUR)

    assert (outcome(after), outcome(anew)) == ((REFUSED, [OVER]), (ACCEPTED, []))


async def test_what_was_decided_offline_counts_on_the_day_it_happened(shop: Shop) -> None:
    """Both are verified when the counter is online again: on one day, for two."""
    parcels = [
        OfflineParcel(
            caller=shop.caller, request=await ready(shop, cigarettes(400)), occurred_at=occurred_at, sequence=i
        )
        for i, occurred_at in enumerate((NOON - DAY, NOON - HOUR))
    ]

    received = await receive_parcels(shop.deciding, parcels, sent_at=NOON, at=NOON, kept=30 * DAY)

    assert [one if isinstance(one, Problem) else outcome(one[0]) for one in received] == [(ACCEPTED, [])] * 2
    async with shop.database.read() as tx:
        days = {row.day for row in await tx.execute(select(sender_amounts.c.day))}
    assert days == {TODAY, TODAY - DAY}


# --- what stands ------------------------------------------------------------------------------------------------------


async def test_refused_parcels_do_not_count(shop: Shop) -> None:
    refused = await shop.decide(replace(await ready(shop, cigarettes(400)), inspection_id=None))
    over = await send(shop, 601)

    assert (refused.decision.outcome, over.decision.outcome) == (REFUSED, REFUSED)
    assert await totals(shop) == []
    assert outcome(await send(shop, 400)) == (ACCEPTED, [])


async def test_a_held_parcel_counts_and_is_given_back_when_it_is_refused(shop: Shop) -> None:
    held = await send(shop, 400, destination=ANOTHER_PROVINCE)
    meanwhile = await send(shop, 400)
    await shop.screen(held.waybill, ScreeningVerdict.PROHIBITED)

    refused = await resolve(shop, held)
    afterwards = await send(shop, 400)

    assert [one.decision.outcome for one in (held, meanwhile, refused)] == [HELD, REFUSED, REFUSED]
    assert outcome(afterwards) == (ACCEPTED, [])
    assert await totals(shop) == [400]


async def test_a_held_parcel_that_is_let_go_is_counted_once(shop: Shop) -> None:
    held = await send(shop, 400, destination=ANOTHER_PROVINCE)
    still = await resolve(shop, held)
    await shop.screen(held.waybill)

    let_go = await resolve(shop, held)

    assert (still.decision.outcome, outcome(let_go)) == (HELD, (ACCEPTED, []))
    assert await totals(shop) == [400]


async def test_another_document_moves_what_was_held_to_its_holder(shop: Shop) -> None:
    """Otherwise each parcel could be counted for a document whose holder nobody could confirm."""
    first, other = resident_number("006"), resident_number("007")
    await send(shop, 400, number=other)
    unconfirmed = await shop.verify(verifying(number=first), answer=Answer.SOURCE_DOWN)
    small, large = [
        await shop.decide(await ready(shop, cigarettes(quantity), verification=unconfirmed)) for quantity in (150, 350)
    ]
    shown = await shop.verify(verifying(number=other))
    named = NewVerification(verification_id=shown.id, sender_name="张建国")

    within, beyond = [await resolve(shop, one, verification=named) for one in (small, large)]

    assert [one.decision.outcome for one in (small, large)] == [HELD, HELD]
    assert (outcome(within), within.facts["sent_today"]) == ((ACCEPTED, []), {"R-01": "400"})
    assert (outcome(beyond), beyond.facts["sent_today"]) == ((REFUSED, [OVER]), {"R-01": "550"})
    assert await totals(shop) == [0, 550]


# --- what is corrected ------------------------------------------------------------------------------------------------


async def ready_again(shop: Shop, before: Acceptance, request: DecideParcel, *contents: Item) -> DecideParcel:
    """The same parcel, inspected anew with other contents."""
    inspection = await shop.inspect(waybill=before.waybill, contents=contents)
    return replace(request, contents=contents, inspection_id=inspection.id)


@pytest.mark.parametrize(
    ("quantity", "then", "total"),
    [
        pytest.param(100, (ACCEPTED, []), 100, id="less"),
        pytest.param(400, (ACCEPTED, []), 400, id="more, up to the limit of a parcel"),
        pytest.param(401, (REFUSED, [Ground.RESTRICTED_OVER_LIMIT]), 0, id="more than may be in a parcel"),
    ],
)
async def test_a_correction_takes_the_place_of_what_was_counted(
    shop: Shop, quantity: int, then: tuple[Outcome, list[Ground]], total: int
) -> None:
    request = await ready(shop, cigarettes(300))
    before = await shop.decide(request)

    corrected = await correct(shop, before, await ready_again(shop, before, request, cigarettes(quantity)))

    assert outcome(corrected) == then
    assert corrected.facts["sent_today"] == {"R-01": "0"}
    assert await totals(shop) == [total]


async def test_a_correction_beyond_the_limit_of_the_day_is_refused_and_counts_no_more(shop: Shop) -> None:
    await send(shop, 300)
    request = await ready(shop, cigarettes(200))
    before = await shop.decide(request)

    corrected = await correct(shop, before, await ready_again(shop, before, request, cigarettes(301)))

    assert outcome(corrected) == (REFUSED, [OVER])
    assert await totals(shop) == [300]


async def test_corrections_may_follow_each_other(shop: Shop) -> None:
    request = await ready(shop, cigarettes(300))
    before = await shop.decide(request)
    for quantity in (350, 50, 200):
        await correct(shop, before, await ready_again(shop, before, request, cigarettes(quantity)))
        assert await totals(shop) == [quantity]


async def test_a_correction_to_other_goods_gives_the_first_ones_back(shop: Shop) -> None:
    request = await ready(shop, cigarettes(300))
    before = await shop.decide(request)

    await correct(shop, before, await ready_again(shop, before, request, leaves(Decimal("0.2"))))

    assert [*await totals(shop), *await totals(shop, "R-02")] == [0, Decimal("0.2")]


async def test_a_correction_to_another_sender_moves_what_was_counted(shop: Shop) -> None:
    request = await ready(shop, cigarettes(300))
    before = await shop.decide(request)
    shown = await shop.verify(verifying(number=SOMEBODY_ELSE))

    await correct(shop, before, replace(request, verification_id=shown.id))

    assert await totals(shop) == [0, 300]
    assert outcome(await send(shop, 400)) == (ACCEPTED, [])
    assert outcome(await send(shop, 400, number=SOMEBODY_ELSE)) == (REFUSED, [OVER])


@pytest.mark.parametrize("kind", [SenderKind.PERSON, SenderKind.AGREEMENT])
async def test_a_correction_on_a_later_day_counts_on_the_day_of_the_parcel(shop: Shop, kind: SenderKind) -> None:
    is_person = kind is SenderKind.PERSON
    request = await (ready(shop, cigarettes(300)) if is_person else by_agreement(shop, 300))
    before = await shop.decide(request)

    await correct(shop, before, await ready_again(shop, before, request, cigarettes(250)), at=NOON + DAY)

    assert await totals(shop) == [250]


# --- exactly ----------------------------------------------------------------------------------------------------------


AT_ONCE, ALLOWED, EACH = 64, 12, 50
"""So many parcels at once, of which so many fit into the limit."""


async def many(shop: Shop, make: Callable[[Verification, int], Iterable[Item]]) -> list[DecideParcel]:
    """Parcels of one sender, which differ in their contents if need be; letters need not be opened."""
    verified = await shop.verify()
    return [
        parcel(verification=verified, contents_kind="letter", contents=tuple(make(verified, i))) for i in range(AT_ONCE)
    ]


async def at_once(requests: list[DecideParcel], desks: list[DecidingDesk], shops: list[Shop]) -> list[Acceptance]:
    """Each decided by one of the desks for one of the shops, all at the same time; an error fails the test."""
    decided = await asyncio.gather(
        *(
            decide_parcel(desks[i % len(desks)], shops[i % len(shops)].caller, request, at=NOON)
            for i, request in enumerate(requests)
        )
    )
    assert all(is_new for _, is_new in decided)
    return [acceptance for acceptance, _ in decided]


def desk_of(shop: Shop, database: Database) -> tuple[DecidingDesk, Callable[[], Any]]:
    """A desk with connections, a reader and a writer of its own, as another process has it; and how to close it."""
    lane = open_lane(database)
    reader = Reader(lane, together_max=128, waiting_max=512)
    writer = Writer(lane, together_max=128, waiting_max=512, lanes=lane.writers)
    return replace(shop.deciding, database=database, reader=reader, writer=writer), lane.close


async def test_of_many_at_once_exactly_as_many_are_accepted_as_the_limit_allows(shop: Shop) -> None:
    desk, requests = shop.deciding, await many(shop, lambda *_: [cigarettes(EACH)])
    counters = [await at_another_counter(shop) for _ in range(3)]

    decided = await at_once(requests, [desk], [shop, *counters])

    counted = Counter(str(outcome(one)) for one in decided)
    assert counted == {str((ACCEPTED, [])): ALLOWED, str((REFUSED, [OVER])): AT_ONCE - ALLOWED}
    assert await totals(shop) == [ALLOWED * EACH]
    assert len(shop.writer.turns) == 0


async def test_two_processes_accept_together_exactly_what_the_limit_allows(postgresql_url: str, tmp_path: Path) -> None:
    databases = [Database(postgresql_url) for _ in range(2)]
    async with open_shop(databases[0], tmp_path) as shop:
        await bind(shop, Layer.BRAND, "goods", LIMITS)
        desk, close = desk_of(shop, databases[1])
        requests = await many(shop, lambda *_: [cigarettes(EACH)])

        decided = await at_once(requests, [shop.deciding, desk], [shop])

        counted = Counter(str(outcome(one)) for one in decided)
        assert counted == {str((ACCEPTED, [])): ALLOWED, str((REFUSED, [OVER])): AT_ONCE - ALLOWED}
        assert await totals(shop) == [ALLOWED * EACH]
        await close()
    for database in databases:
        await database.dispose()


async def test_parcels_with_two_kinds_of_goods_in_either_order_do_not_block_each_other(shop: Shop) -> None:
    def contents(_: Verification, i: int) -> list[Item]:
        lines = [cigarettes(EACH), leaves(Decimal("0.005"))]
        return lines if i % 2 else lines[::-1]

    decided = await at_once(await many(shop, contents), [shop.deciding], [shop])

    assert sum(one.decision.outcome is ACCEPTED for one in decided) == ALLOWED
    assert [*await totals(shop), *await totals(shop, "R-02")] == [ALLOWED * EACH, Decimal("0.06")]


async def test_a_request_that_is_repeated_counts_once_however_often(shop: Shop) -> None:
    request = await ready(shop, cigarettes(400))

    decided = await asyncio.gather(*(decide_parcel(shop.deciding, shop.caller, request, at=NOON) for _ in range(8)))
    again, is_new = await decide_parcel(shop.deciding, shop.caller, request, at=NOON + HOUR)

    assert {outcome(one)[0] for one, _ in decided} == {ACCEPTED}
    assert sum(new for _, new in decided) == 1
    assert (again.id, is_new) == (request.id, False)
    assert await totals(shop) == [400]


async def test_corrections_and_parcels_at_once_lose_nothing(shop: Shop) -> None:
    requests = [await ready(shop, cigarettes(10)) for _ in range(6)]
    before = [await shop.decide(request) for request in requests]
    changed = [
        await ready_again(shop, one, request, cigarettes(20)) for one, request in zip(before, requests, strict=True)
    ]
    more = [await ready(shop, cigarettes(10)) for _ in range(6)]

    outcomes = await asyncio.gather(
        *(correct(shop, one, request) for one, request in zip(before, changed, strict=True)),
        *(shop.decide(request) for request in more),
        return_exceptions=True,
    )

    corrections, parcels = outcomes[:6], outcomes[6:]
    done = sum(isinstance(one, Acceptance) for one in corrections)
    assert all(isinstance(one, Acceptance) for one in parcels)
    assert await totals(shop) == [6 * 10 + done * 20 + (6 - done) * 10]


async def test_another_waybill_of_the_same_id_is_no_second_count(shop: Shop) -> None:
    """An id that another request used is refused, and nothing of the attempt is counted."""
    request = await ready(shop, cigarettes(300))
    await shop.decide(request)
    twin = replace(await ready(shop, cigarettes(300)), id=AcceptanceId(request.id), fingerprint=b"\x01" * 32)

    with pytest.raises(Problem):
        await shop.decide(twin)

    assert await totals(shop) == [300]
