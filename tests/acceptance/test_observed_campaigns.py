"""The observed campaigns, held again: what they asked of counters, and of parcels under way, measure by measure.

Each stands as rule set in a database; parcels are decided and scanned as any others. The law of before 2018 is not in
the release, so campaigns of before then are held again in the year of the other tests.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance_api.acceptance import (
    Acceptance,
    Destination,
    Ground,
    Instruction,
    Item,
    Outcome,
    Scan,
    ScanReason,
    SenderKind,
    Stage,
    Transport,
)
from acceptance_api.campaigns import ObservedCampaign, history
from acceptance_api.identity import Verification
from acceptance_api.inspection import NotOpenedReason, Opening, SeenItem, record_inspection
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.rulesets import Layer
from acceptance_api.screening import WriteOffLabel, write_off_label
from acceptance_api.screening.model import WriteOffReason
from tests.acceptance.places import an_agency, another_outlet, bind, scan
from tests.support.authorities import resident_number
from tests.support.builders import NOON, Shop, inspecting, item, open_shop, parcel, verifying

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
HISTORY = {one.name: one for one in history()}
BEIJING, HAIDIAN, SHANGHAI, TAIYUAN, ZAOZHUANG = "110105", "110108", "310101", "140105", "370402"
HANGZHOU, NINGBO_XIANGSHAN, ZHANGJIAKOU, CHENGDU = "330106", "330225", "130702", "510104"
LAW_SINCE = 2019
"""The first year of which the release knows the law from its first day on."""
ADDRESSEE = "李秀英"
MARK, RESCREEN, UNSCREENED = ScanReason.NO_SCREENING_MARK, ScanReason.NOT_SCREENED_AGAIN, ScanReason.NOT_SCREENED


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A campaign, a parcel's way that it binds, and what was asked of it there."""

    name: str
    origin: str
    destination: str = BEIJING
    at_the_counter: frozenset[Ground] = frozenset()
    """Against a parcel that nobody screened, by the campaign."""
    aircraft: tuple[bool, bool] = (False, False)
    """Whether drones are refused at the counter, and stopped where they go."""
    under_way: frozenset[ScanReason] = frozenset()
    """Against a parcel that nobody screened, about to be delivered."""

    @property
    def version(self) -> str:
        """As decisions and scans name it."""
        return f"{self.name}@1"

    @property
    def campaign(self) -> ObservedCampaign:
        """What is known of it."""
        return HISTORY[self.name]

    @property
    def starts_at(self) -> datetime:
        """Its first instant, perhaps in a later year."""
        return again(self.campaign.starts_at)

    @property
    def ends_at(self) -> datetime | None:
        """The first instant after it."""
        return again(self.campaign.ends_at) if self.campaign.ends_at else None

    @property
    def within(self) -> datetime:
        """A moment of its second day."""
        return self.starts_at + DAY + 12 * HOUR


def again(at: datetime) -> datetime:
    """The same moment of a year whose law is known."""
    return at if at.year >= LAW_SINCE else at.replace(year=NOON.year)


SCREEN, LABEL = Ground.NOT_SCREENED, Ground.SCREENING_MARK_MISSING
OBSERVED = {
    one.name: one
    for one in (
        Observed(name="national-day-2009", origin=SHANGHAI, at_the_counter=frozenset({Ground.ADDRESSEE_NOT_VERIFIED})),
        Observed(
            name="parade-2015",
            origin=SHANGHAI,
            at_the_counter=frozenset({SCREEN}),
            aircraft=(True, True),
            under_way=frozenset({UNSCREENED, RESCREEN}),
        ),
        Observed(
            name="national-day-2019",
            origin=SHANGHAI,
            at_the_counter=frozenset({SCREEN, LABEL}),
            aircraft=(True, False),
            under_way=frozenset({UNSCREENED, RESCREEN, MARK}),
        ),
        Observed(
            name="party-centenary-2021-taiyuan",
            origin=TAIYUAN,
            at_the_counter=frozenset({SCREEN, LABEL}),
            aircraft=(True, True),
            under_way=frozenset({UNSCREENED}),
        ),
        Observed(
            name="winter-olympics-2022",
            origin=SHANGHAI,
            destination=ZHANGJIAKOU,
            at_the_counter=frozenset({SCREEN, LABEL}),
            aircraft=(True, True),
            under_way=frozenset({UNSCREENED, RESCREEN, MARK}),
        ),
        Observed(
            name="party-congress-2022",
            origin=SHANGHAI,
            at_the_counter=frozenset({SCREEN}),
            under_way=frozenset({UNSCREENED, RESCREEN, MARK}),
        ),
        Observed(name="two-sessions-2023", origin=SHANGHAI, aircraft=(True, True), under_way=frozenset({RESCREEN})),
        Observed(name="universiade-2023", origin=SHANGHAI, destination=CHENGDU),
        Observed(
            name="asian-games-2023-hangzhou",
            origin=SHANGHAI,
            destination=HANGZHOU,
            at_the_counter=frozenset({SCREEN, LABEL}),
            aircraft=(True, True),
            under_way=frozenset({UNSCREENED, RESCREEN}),
        ),
        Observed(
            name="asian-games-2023-venues",
            origin=SHANGHAI,
            destination=NINGBO_XIANGSHAN,
            at_the_counter=frozenset({SCREEN, LABEL}),
            aircraft=(True, True),
            under_way=frozenset({UNSCREENED, RESCREEN}),
        ),
        Observed(
            name="two-sessions-2024-zaozhuang",
            origin=ZAOZHUANG,
            aircraft=(True, True),
            under_way=frozenset({RESCREEN, MARK}),
        ),
        Observed(name="two-sessions-2025", origin=SHANGHAI),
    )
}
EACH = pytest.mark.parametrize("observed", OBSERVED.values(), ids=OBSERVED)
WITH_AN_END = pytest.mark.parametrize(
    "observed", [one for one in OBSERVED.values() if one.ends_at], ids=[n for n, one in OBSERVED.items() if one.ends_at]
)


@dataclass(frozen=True, slots=True)
class Way:
    """The outlet that accepts a parcel, and the one that delivers it."""

    origin: Shop
    destination: Shop


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in Shanghai, which was there before every campaign."""
    async with open_shop(
        database, tmp_path, division=SHANGHAI, at=again(HISTORY["national-day-2019"].starts_at)
    ) as one:
        yield one


async def order(shop: Shop, observed: Observed, **frame: Any) -> str:  # noqa: ANN401 - as in bind
    """Put the campaign in force for its window, a fortnight ahead; the key of its set."""
    owner_id = frame.pop("owner_id", shop.world.agency_id)
    window = {"starts_at": observed.starts_at, "ends_at": observed.ends_at, "at": observed.starts_at - 14 * DAY}
    content = observed.campaign.content
    await bind(shop, Layer.CAMPAIGN, "campaign", content, owner_id=owner_id, name=observed.name, **window | frame)
    return f"campaign:{owner_id}/{observed.name}"


async def way(shop: Shop, origin: str, destination: str) -> Way:
    """A way between two divisions; within one, from an outlet to another."""
    first = shop if origin == SHANGHAI else await another_outlet(shop, origin)
    return Way(first, await another_outlet(shop, destination))


async def send(
    shop: Shop,
    destination: str,
    *contents: Item,
    at: datetime,
    is_screened: bool = True,
    addressee: Verification | None = None,
    **changes: Any,  # noqa: ANN401 - parts of a parcel
) -> Acceptance:
    """Present a parcel of a verified sender, inspected, and screened with a label if not told otherwise."""
    contents = contents or (item(),)
    inspection = await shop.inspect(contents=contents, at=at)
    if is_screened:
        await shop.screen(inspection.waybill, at=at)
    request = parcel(
        verification=await shop.verify(at=at),
        inspection=inspection,
        contents=contents,
        destination=Destination(country="CN", division=destination),
    )
    request = replace(request, addressee_verification_id=addressee.id if addressee else None, **changes)
    return await shop.decide(request, at=at)


async def shown_by_the_addressee(shop: Shop, at: datetime) -> Verification:
    return await shop.verify(verifying(name=ADDRESSEE, number=resident_number("021")), at=at)


def asked_by(acceptance: Acceptance, observed: Observed) -> set[Ground]:
    """What the campaign has against a parcel."""
    return {one.ground for one in acceptance.decision.objections if one.by == observed.version}


def told_by(made: Scan, observed: Observed) -> set[ScanReason]:
    """What the campaign has against a parcel under way."""
    return {why.reason for why in made.reasons if why.by == observed.version}


async def lose_the_label(shop: Shop, waybill: str, serial: str, at: datetime) -> None:
    request = WriteOffLabel(
        id=new_uuid(), waybill=waybill, serial=serial, reason=WriteOffReason.LOST, fingerprint=bytes(32)
    )
    async with shop.database.transaction() as tx:
        await write_off_label(tx, shop.caller, request, at=at)


def test_every_observed_campaign_is_held_again() -> None:
    assert OBSERVED.keys() == HISTORY.keys()


# --- each of them -----------------------------------------------------------------------------------------------------


@EACH
async def test_what_is_asked_at_the_counter_of_a_parcel_that_nobody_screened(shop: Shop, observed: Observed) -> None:
    key = await order(shop, observed)
    there = await way(shop, observed.origin, observed.destination)

    before = await send(there.origin, observed.destination, at=observed.starts_at - SECOND, is_screened=False)
    within = await send(there.origin, observed.destination, at=observed.starts_at, is_screened=False)

    assert asked_by(before, observed) == set()
    assert asked_by(within, observed) == set(observed.at_the_counter)
    assert key not in before.decision.rules
    asks = bool(observed.at_the_counter or observed.under_way or any(observed.aircraft))
    assert (key in within.decision.rules) is asks


@EACH
async def test_a_parcel_that_was_checked_as_asked_is_accepted(shop: Shop, observed: Observed) -> None:
    await order(shop, observed)
    there = await way(shop, observed.origin, observed.destination)
    addressee = await shown_by_the_addressee(there.origin, observed.within)

    decided = await send(there.origin, observed.destination, at=observed.within, addressee=addressee)

    assert (decided.decision.outcome, decided.decision.objections) == (ACCEPTED, ())


@EACH
async def test_whether_drones_are_refused(shop: Shop, observed: Observed) -> None:
    await order(shop, observed)
    there = await way(shop, observed.origin, observed.destination)
    drone = item("无人机") if any(observed.aircraft) else item("毛衣")
    addressee = await shown_by_the_addressee(there.origin, observed.within)

    before = await send(there.origin, observed.destination, drone, at=observed.starts_at - SECOND)
    within = await send(there.origin, observed.destination, drone, at=observed.within, addressee=addressee)
    arrived = await scan(there.destination, before.waybill, Stage.AT_DESTINATION, at=observed.within)

    at_the_counter, at_the_destination = observed.aircraft
    assert before.decision.outcome is ACCEPTED
    assert asked_by(within, observed) == ({Ground.GOODS_FORBIDDEN_BY_CAMPAIGN} if at_the_counter else set())
    assert (within.decision.outcome is REFUSED) is at_the_counter
    assert (ScanReason.GOODS_FORBIDDEN in told_by(arrived, observed)) is at_the_destination
    assert (arrived.instruction is Instruction.HOLD) is at_the_destination


@EACH
async def test_what_is_asked_of_a_parcel_that_was_accepted_before_and_arrives_within(
    shop: Shop, observed: Observed
) -> None:
    key = await order(shop, observed)
    there = await way(shop, observed.origin, observed.destination)
    before = observed.starts_at - HOUR
    screened = await send(there.origin, observed.destination, at=before)
    unscreened = await send(there.origin, observed.destination, at=before, is_screened=False)

    early = await scan(there.destination, screened.waybill, Stage.OUT_FOR_DELIVERY, at=observed.starts_at - SECOND)
    marked, bare = [
        await scan(there.destination, one.waybill, Stage.OUT_FOR_DELIVERY, at=observed.starts_at)
        for one in (screened, unscreened)
    ]
    await there.destination.screen(screened.waybill, at=observed.within)
    again_screened = await scan(there.destination, screened.waybill, Stage.OUT_FOR_DELIVERY, at=observed.within)

    assert (early.instruction, early.rules) == (Instruction.PROCEED, {})
    assert told_by(marked, observed) == {RESCREEN} & observed.under_way
    assert marked.instruction is (Instruction.SCREEN if RESCREEN in observed.under_way else Instruction.PROCEED)
    assert told_by(bare, observed) == set(observed.under_way)
    assert again_screened.instruction is Instruction.PROCEED
    assert (key in marked.rules) is bool(observed.at_the_counter or observed.under_way or any(observed.aircraft))


@EACH
async def test_what_arrives_without_a_mark_is_returned_where_the_campaign_says_so(
    shop: Shop, observed: Observed
) -> None:
    await order(shop, observed)
    there = await way(shop, observed.origin, observed.destination)
    inspection = await there.origin.inspect(at=observed.starts_at - HOUR)
    passed = await there.origin.screen(inspection.waybill, at=observed.starts_at - HOUR)
    verified = await there.origin.verify(at=observed.starts_at - HOUR)
    destination = Destination(country="CN", division=observed.destination)
    sent = await there.origin.decide(
        parcel(verification=verified, inspection=inspection, destination=destination), at=observed.starts_at - HOUR
    )
    await lose_the_label(there.origin, sent.waybill, passed.label_serial, observed.within)

    made = await scan(there.destination, sent.waybill, Stage.ARRIVED, at=observed.within)

    is_returned = MARK in observed.under_way
    assert sent.decision.outcome is ACCEPTED
    assert made.instruction is (Instruction.RETURN if is_returned else Instruction.PROCEED)
    assert told_by(made, observed) == ({MARK} if is_returned else set())


@WITH_AN_END
async def test_it_ends_with_its_last_second(shop: Shop, observed: Observed) -> None:
    key = await order(shop, observed)
    there = await way(shop, observed.origin, observed.destination)
    assert observed.ends_at is not None
    last, after = observed.ends_at - SECOND, observed.ends_at

    decided = [await send(there.origin, observed.destination, at=at, is_screened=False) for at in (last, after)]
    scans = [await scan(there.destination, decided[0].waybill, Stage.OUT_FOR_DELIVERY, at=at) for at in (last, after)]

    assert [asked_by(one, observed) for one in decided] == [set(observed.at_the_counter), set()]
    assert [told_by(one, observed) for one in scans] == [set(observed.under_way), set()]
    assert key not in decided[1].decision.rules
    assert scans[1].rules == {}


# --- what each was known for ------------------------------------------------------------------------------------------


def seen_unidentified(name: str) -> SeenItem:
    """A powder that nobody recognised; the sender shows a competent body's proof that it is safe."""
    return SeenItem(name=name, quantity=1, unidentified=True, safety_proof=True)


async def test_2009_what_cannot_be_recognised_is_refused_whatever_proof_is_shown(shop: Shop) -> None:
    observed = OBSERVED["national-day-2009"]
    await order(shop, observed)
    decided = []
    for at in (observed.starts_at - SECOND, observed.starts_at):
        asking = replace(
            inspecting(contents=[item("示例粉")], photos=await shop.photograph(1), at=at),
            seen=(seen_unidentified("示例粉"),),
        )
        async with shop.database.transaction() as tx:
            inspection, _ = await record_inspection(shop.vault, tx, shop.caller, asking, at=at)
        await shop.screen(inspection.waybill, at=at)
        request = parcel(
            verification=await shop.verify(at=at),
            inspection=inspection,
            contents=(item("示例粉"),),
            destination=Destination(country="CN", division=BEIJING),
        )
        addressee = await shown_by_the_addressee(shop, at)
        decided.append(await shop.decide(replace(request, addressee_verification_id=addressee.id), at=at))

    assert [one.decision.outcome for one in decided] == [ACCEPTED, REFUSED]
    assert asked_by(decided[1], observed) == {Ground.UNIDENTIFIABLE_SUBSTANCE}


async def test_2009_names_and_numbers_of_senders_and_addressees(shop: Shop) -> None:
    observed = OBSERVED["national-day-2009"]
    await order(shop, observed)
    at = observed.within
    somebody = await shop.verify(verifying(name="王建军", number=resident_number("023")), at=at)

    without = await send(shop, BEIJING, at=at)
    others = await send(shop, BEIJING, at=at, addressee=somebody)
    own = await send(shop, BEIJING, at=at, addressee=await shown_by_the_addressee(shop, at))
    elsewhere = await send(shop, HANGZHOU, at=at)

    assert [asked_by(one, observed) for one in (without, others)] == [{Ground.ADDRESSEE_NOT_VERIFIED}] * 2
    assert [one.decision.outcome for one in (without, others, own, elsewhere)] == [HELD, HELD, ACCEPTED, ACCEPTED]


async def test_2009_agreement_customers_are_no_exception(shop: Shop) -> None:
    observed = OBSERVED["national-day-2009"]
    await order(shop, observed)
    customers: dict[str, Any] = {"sender_kind": SenderKind.AGREEMENT, "agreement_id": shop.world.agreement_id}
    at = observed.within
    addressee = await shown_by_the_addressee(shop, at)

    before = await send(shop, BEIJING, at=observed.starts_at - SECOND, verification_id=None, **customers)
    without = await send(shop, BEIJING, at=at, addressee=addressee, verification_id=None, **customers)
    shown = await send(shop, BEIJING, at=at, addressee=addressee, **customers)

    assert before.decision.outcome is ACCEPTED
    assert (without.decision.outcome, asked_by(without, observed)) == (REFUSED, {Ground.SENDER_NOT_VERIFIED})
    assert shown.decision.outcome is ACCEPTED


async def test_2009_every_parcel_of_an_agreement_customer_is_opened(shop: Shop) -> None:
    observed = OBSERVED["national-day-2009"]
    await order(shop, observed)
    at, contents = observed.within, (item(),)
    asking = inspecting(
        contents=contents,
        opening=Opening.NOT_OPENED,
        not_opened_reason=NotOpenedReason.AGREEMENT_CUSTOMER,
        photos=await shop.photograph(1),
        at=at,
    )
    async with shop.database.transaction() as tx:
        inspection, _ = await record_inspection(shop.vault, tx, shop.caller, asking, at=at)
    await shop.screen(inspection.waybill, at=at)
    request = parcel(
        sender_kind=SenderKind.AGREEMENT,
        agreement_id=shop.world.agreement_id,
        verification=await shop.verify(at=at),
        inspection=inspection,
        destination=Destination(country="CN", division=BEIJING),
    )
    addressee = await shown_by_the_addressee(shop, at)

    held = await shop.decide(replace(request, addressee_verification_id=addressee.id), at=at)

    assert held.facts["sampled"] is True
    assert Ground.AGREEMENT_SAMPLE_NOT_OPENED in {one.ground for one in held.decision.objections}


async def test_2015_no_small_aircraft_leave_beijing_either(shop: Shop) -> None:
    observed = OBSERVED["parade-2015"]
    await order(shop, observed)
    beijing = await another_outlet(shop, BEIJING)

    out = await send(beijing, SHANGHAI, item("航拍器"), at=observed.within)
    elsewhere = await send(shop, HANGZHOU, item("航拍器"), at=observed.within + HOUR)

    assert (out.decision.outcome, asked_by(out, observed)) == (REFUSED, {Ground.GOODS_FORBIDDEN_BY_CAMPAIGN})
    assert elsewhere.decision.outcome is ACCEPTED


async def test_2019_parcels_within_beijing_go_twice_through_a_machine_though_one_outlet_sees_them(shop: Shop) -> None:
    observed = OBSERVED["national-day-2019"]
    await order(shop, observed)
    beijing, at = await another_outlet(shop, BEIJING), observed.within
    sent = await send(beijing, HAIDIAN, at=at)

    once = await scan(beijing, sent.waybill, Stage.OUT_FOR_DELIVERY, at=at)
    await beijing.screen(sent.waybill, at=at)
    twice = await scan(beijing, sent.waybill, Stage.OUT_FOR_DELIVERY, at=at)

    assert sent.decision.outcome is ACCEPTED
    assert (once.instruction, told_by(once, observed)) == (Instruction.SCREEN, {RESCREEN})
    assert twice.instruction is Instruction.PROCEED


async def test_2019_toys_that_look_like_bombs_are_not_accepted_but_what_came_before_is_delivered(shop: Shop) -> None:
    observed = OBSERVED["national-day-2019"]
    await order(shop, observed)
    there = await another_outlet(shop, BEIJING)
    toy = item("炸弹闹钟")

    before = await send(shop, BEIJING, toy, at=observed.starts_at - SECOND)
    within = await send(shop, BEIJING, toy, at=observed.within)
    await there.screen(before.waybill, at=observed.within)
    arrived = await scan(there, before.waybill, Stage.OUT_FOR_DELIVERY, at=observed.within)

    assert (before.decision.outcome, within.decision.outcome) == (ACCEPTED, REFUSED)
    assert arrived.instruction is Instruction.PROCEED


async def test_2019_every_single_parcel_bears_its_mark(shop: Shop) -> None:
    observed = OBSERVED["national-day-2019"]
    await order(shop, observed)
    at, inspection = observed.within, await shop.inspect(at=observed.within)
    passed = await shop.screen(inspection.waybill, at=at)
    await lose_the_label(shop, inspection.waybill, passed.label_serial, at)
    destination = Destination(country="CN", division=BEIJING)

    decided = await shop.decide(
        parcel(verification=await shop.verify(at=at), inspection=inspection, destination=destination), at=at
    )

    assert (decided.decision.outcome, asked_by(decided, observed)) == (HELD, {LABEL})


async def test_2021_the_agency_of_taiyuan_binds_its_own_outlets(shop: Shop) -> None:
    observed = OBSERVED["party-centenary-2021-taiyuan"]
    await order(shop, observed, owner_id=await an_agency(shop, "1401"))
    taiyuan, datong = [await another_outlet(shop, division) for division in (TAIYUAN, "140213")]
    beijing, at = await another_outlet(shop, BEIJING), observed.within

    decided = {
        name: await send(one, BEIJING, item("无人机"), at=at + hours * HOUR, is_screened=False)
        for hours, (name, one) in enumerate({"Taiyuan": taiyuan, "Datong": datong, "Shanghai": shop}.items())
    }
    arrived = await scan(beijing, decided["Datong"].waybill, Stage.AT_DESTINATION, at=at)

    assert asked_by(decided["Taiyuan"], observed) == {Ground.GOODS_FORBIDDEN_BY_CAMPAIGN, SCREEN, LABEL}
    assert [asked_by(decided[name], observed) for name in ("Datong", "Shanghai")] == [set(), set()]
    assert told_by(arrived, observed) == set()


async def test_2021_without_a_known_end_it_goes_on_until_an_edition_ends_it(shop: Shop) -> None:
    observed = OBSERVED["party-centenary-2021-taiyuan"]
    await order(shop, observed)
    taiyuan, much_later = await another_outlet(shop, TAIYUAN), observed.starts_at + 200 * DAY
    await order(shop, observed, ends_at=observed.starts_at + 20 * DAY, at=much_later)

    decided = [await send(taiyuan, BEIJING, at=at, is_screened=False) for at in (much_later - SECOND, much_later)]

    assert [bool(asked_by(one, observed)) for one in decided] == [True, False]


async def test_2022_both_cities_of_the_games_and_the_way_between_them(shop: Shop) -> None:
    observed = OBSERVED["winter-olympics-2022"]
    await order(shop, observed)
    beijing, zhangjiakou = [await another_outlet(shop, division) for division in (BEIJING, ZHANGJIAKOU)]
    at = observed.within

    for number, (origin, there, division) in enumerate(
        ((shop, beijing, BEIJING), (beijing, zhangjiakou, ZHANGJIAKOU), (zhangjiakou, beijing, BEIJING))
    ):
        moment = at + number * HOUR
        unscreened = await send(origin, division, at=moment, is_screened=False)
        sent = await send(origin, division, at=moment)
        made = await scan(there, sent.waybill, Stage.OUT_FOR_DELIVERY, at=moment)

        assert asked_by(unscreened, observed) == {SCREEN, LABEL}
        assert told_by(made, observed) == {RESCREEN}


async def test_2022_letters_and_agreement_customers_keep_their_exemptions(shop: Shop) -> None:
    observed = OBSERVED["party-congress-2022"]
    await order(shop, observed)
    at = observed.within
    customers: dict[str, Any] = {"sender_kind": SenderKind.AGREEMENT, "agreement_id": shop.world.agreement_id}

    agreement = await send(shop, BEIJING, at=at, verification_id=None, **customers)
    letter = await send(shop, BEIJING, at=at, verification_id=None, inspection_id=None, contents_kind="letter")

    assert [one.decision.outcome for one in (agreement, letter)] == [ACCEPTED, ACCEPTED]


async def test_2022_within_beijing_nothing_is_screened_twice(shop: Shop) -> None:
    observed = OBSERVED["party-congress-2022"]
    await order(shop, observed)
    beijing, haidian = [await another_outlet(shop, division) for division in (BEIJING, HAIDIAN)]
    sent = await send(beijing, HAIDIAN, at=observed.within)

    made = await scan(haidian, sent.waybill, Stage.OUT_FOR_DELIVERY, at=observed.within)

    assert made.instruction is Instruction.PROCEED


@pytest.mark.parametrize("name", ["低慢小航空器", "无人机", "航模", "孔明灯", "穿越机", "FPV"])
async def test_2023_aircraft_are_refused_under_any_of_their_names(shop: Shop, name: str) -> None:
    observed = OBSERVED["two-sessions-2023"]
    await order(shop, observed)

    to_beijing, elsewhere = [
        await send(shop, division, item(name), at=observed.within) for division in (BEIJING, HANGZHOU)
    ]

    assert (to_beijing.decision.outcome, elsewhere.decision.outcome) == (REFUSED, ACCEPTED)
    assert asked_by(to_beijing, observed) == {Ground.GOODS_FORBIDDEN_BY_CAMPAIGN}


async def test_2023_the_games_two_windows_bind_each_its_own_cities(shop: Shop) -> None:
    """Both name the same goods, are in force together, and end three weeks apart."""
    hangzhou, venues = OBSERVED["asian-games-2023-hangzhou"], OBSERVED["asian-games-2023-venues"]
    for one in (hangzhou, venues):
        await order(shop, one)
    drone = item("无人机")
    together, apart = hangzhou.within, venues.starts_at + 30 * DAY

    refused = [await send(shop, division, drone, at=together) for division in (HANGZHOU, NINGBO_XIANGSHAN, BEIJING)]
    later = [await send(shop, division, drone, at=apart) for division in (HANGZHOU, NINGBO_XIANGSHAN)]

    assert [one.decision.outcome for one in (*refused, *later)] == [REFUSED, REFUSED, ACCEPTED, REFUSED, ACCEPTED]
    assert [(asked_by(one, hangzhou), asked_by(one, venues)) for one in refused[:2]] == [
        ({Ground.GOODS_FORBIDDEN_BY_CAMPAIGN}, set()),
        (set(), {Ground.GOODS_FORBIDDEN_BY_CAMPAIGN}),
    ]


@pytest.mark.parametrize("name", ["universiade-2023", "two-sessions-2025"])
@pytest.mark.parametrize("transport", Transport)
async def test_a_campaign_of_duties_alone_decides_nothing(shop: Shop, name: str, transport: Transport) -> None:
    observed = OBSERVED[name]
    key = await order(shop, observed)
    there = await another_outlet(shop, observed.destination)

    sent = await send(shop, observed.destination, at=observed.within, transport=transport)
    made = await scan(there, sent.waybill, Stage.OUT_FOR_DELIVERY, at=observed.within)

    assert (sent.decision.outcome, made.instruction) == (ACCEPTED, Instruction.PROCEED)
    assert key not in {**sent.decision.rules, **made.rules}
