"""Parcels under way: judged anew at every place that sees them, by the campaigns in force then."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select

from acceptance_api.acceptance import Acceptance, Instruction, Item, Outcome, Scan, ScanReason, Stage, find_scan
from acceptance_api.acceptance.scan_model import PassSeen, ScanKnown
from acceptance_api.acceptance.scan_policy import judge_scan
from acceptance_api.acceptance.tables import scans
from acceptance_api.access import Permission
from acceptance_api.audit import Action, find_entries
from acceptance_api.campaigns import NOTHING, Measures, Passage, measures, parse_campaign
from acceptance_api.interception import OpenInterception, Source, WaybillUnderWay, open_interception
from acceptance_api.kernel.ids import AcceptanceId, InterceptionId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets import Layer
from acceptance_api.screening import ScreeningVerdict, WriteOffLabel, write_off_label
from acceptance_api.screening.model import WriteOffReason
from tests.acceptance.layered import campaign
from tests.acceptance.places import an_agency, another_enterprise, another_outlet, bind, scan
from tests.support.builders import ANOTHER_PROVINCE, NOON, Shop, item, new_waybill, parcel

GUANGDONG, SHENZHEN, GUANGZHOU = "44", "440305", "440103"
DAY = timedelta(days=1)
TO_GUANGDONG = {"rings": {"CORE": {"divisions": [GUANGDONG], "source": "a test", "verified": False}}}
RESCREEN: dict[str, Any] = {"kind": "rescreen_at_destination"}
RETURN: dict[str, Any] = {"kind": "no_mark_return"}
SCREEN: dict[str, Any] = {"kind": "screen_100"}
NO_BANKS: dict[str, Any] = {"kind": "item_ban", "goods": ["R-10"], "on": ["delivery"]}
POWER_BANK = item("充电宝", goods_code="R-10", documents=("ccc_mark",))


def to_guangdong(*overlays: dict[str, Any], **frame: object) -> dict[str, Any]:
    """A campaign about parcels to Guangdong."""
    return campaign(*overlays, **TO_GUANGDONG | frame)


# --- the judgement, without a database --------------------------------------------------------------------------------

HERE, ELSEWHERE = (PassSeen(here=here, verdict="clear", labelled=True) for here in (True, False))
UNLABELLED = PassSeen(here=False, verdict="clear", labelled=False)
SUSPECT, PROHIBITED = (PassSeen(here=True, verdict=verdict, labelled=False) for verdict in ("suspect", "prohibited"))


def asked(*overlays: dict[str, Any]) -> Measures:
    way = Passage(origin="110105", destination_country="CN", destination_division=SHENZHEN, transport="ground")
    return measures([("drill@1", parse_campaign(to_guangdong(*overlays)))], way)


def known(*passes: PassSeen, **changes: Any) -> ScanKnown:  # noqa: ANN401 - parts of what is known
    return ScanKnown(**{"outcome": "accepted", "goods": (), "passes": passes} | changes)


ALL_OF_IT = asked(RESCREEN, RETURN, SCREEN, NO_BANKS)
BANKS = {"goods": (("R-10", "R"),)}
OUT = Stage.OUT_FOR_DELIVERY
R = ScanReason


@pytest.mark.parametrize(
    ("seen", "stage", "binding", "instruction", "reasons"),
    [
        pytest.param(known(), OUT, NOTHING, "proceed", [], id="nothing is asked"),
        pytest.param(known(ELSEWHERE, HERE), OUT, ALL_OF_IT, "proceed", [], id="everything was done"),
        pytest.param(known(outcome="held"), OUT, NOTHING, "hold", [R.NOT_ACCEPTED], id="held"),
        pytest.param(known(outcome="refused"), OUT, NOTHING, "hold", [R.NOT_ACCEPTED], id="refused"),
        pytest.param(known(is_intercepted=True), OUT, NOTHING, "hold", [R.INTERCEPTED], id="intercepted"),
        pytest.param(
            known(is_under_examination=True),
            OUT,
            NOTHING,
            "hold",
            [R.SENDER_UNDER_EXAMINATION],
            id="the sender's other",
        ),
        pytest.param(known(PROHIBITED), OUT, NOTHING, "hold", [R.SCREENING_PROHIBITED], id="prohibited"),
        pytest.param(
            known(PROHIBITED, HERE),
            OUT,
            NOTHING,
            "hold",
            [R.SCREENING_PROHIBITED],
            id="prohibited, whatever came after",
        ),
        pytest.param(known(SUSPECT), OUT, NOTHING, "hold", [R.SCREENING_SUSPECT], id="suspect"),
        pytest.param(known(SUSPECT, HERE), OUT, NOTHING, "proceed", [], id="suspect, and clear afterwards"),
        pytest.param(known(HERE, SUSPECT), OUT, NOTHING, "hold", [R.SCREENING_SUSPECT], id="clear, suspect afterwards"),
        pytest.param(known(**BANKS), OUT, asked(NO_BANKS), "hold", [R.GOODS_FORBIDDEN], id="forbidden goods"),
        pytest.param(known(**BANKS), Stage.ARRIVED, asked(NO_BANKS), "proceed", [], id="forbidden only where it goes"),
        pytest.param(known(), OUT, asked(RETURN), "return", [R.NO_SCREENING_MARK], id="no mark"),
        pytest.param(known(UNLABELLED), OUT, asked(RETURN), "return", [R.NO_SCREENING_MARK], id="the label is gone"),
        pytest.param(known(SUSPECT), OUT, asked(RETURN), "hold", [R.SCREENING_SUSPECT, R.NO_SCREENING_MARK], id="hold"),
        pytest.param(known(), Stage.ARRIVED, asked(SCREEN), "screen", [R.NOT_SCREENED], id="never screened"),
        pytest.param(known(ELSEWHERE), Stage.ARRIVED, asked(SCREEN), "proceed", [], id="screened somewhere"),
        pytest.param(known(ELSEWHERE), OUT, asked(RESCREEN), "screen", [R.NOT_SCREENED_AGAIN], id="not again"),
        pytest.param(known(ELSEWHERE), Stage.AT_DESTINATION, asked(RESCREEN), "proceed", [], id="there is still time"),
        pytest.param(
            known(ELSEWHERE), Stage.DELIVERED, asked(RESCREEN), "screen", [R.NOT_SCREENED_AGAIN], id="too late"
        ),
        pytest.param(known(HERE), OUT, asked(RESCREEN), "proceed", [], id="screened where it goes"),
        pytest.param(
            known(HERE, accepted_here=True),
            OUT,
            asked(RESCREEN),
            "screen",
            [R.NOT_SCREENED_AGAIN],
            id="once is not twice",
        ),
        pytest.param(
            known(HERE, HERE, accepted_here=True), OUT, asked(RESCREEN), "proceed", [], id="twice in one place"
        ),
        pytest.param(
            known(ELSEWHERE, HERE, accepted_here=True), OUT, asked(RESCREEN), "proceed", [], id="elsewhere, then here"
        ),
        pytest.param(
            known(ELSEWHERE, ELSEWHERE, accepted_here=True),
            OUT,
            asked(RESCREEN),
            "screen",
            [R.NOT_SCREENED_AGAIN],
            id="twice elsewhere",
        ),
        pytest.param(
            known(**BANKS),
            OUT,
            ALL_OF_IT,
            "hold",
            [R.GOODS_FORBIDDEN, R.NO_SCREENING_MARK, R.NOT_SCREENED, R.NOT_SCREENED_AGAIN],
            id="hold comes before return, return before screening",
        ),
    ],
)
def test_what_is_to_be_done(
    seen: ScanKnown, stage: Stage, binding: Measures, instruction: str, reasons: list[ScanReason]
) -> None:
    found, whys = judge_scan(seen, stage, binding)

    assert (found.value, [why.reason for why in whys]) == (instruction, reasons)
    of_campaigns = {R.GOODS_FORBIDDEN, R.NO_SCREENING_MARK, R.NOT_SCREENED, R.NOT_SCREENED_AGAIN}
    assert {why.by for why in whys if why.reason in of_campaigns} <= {"drill@1"}
    assert {why.by for why in whys if why.reason not in of_campaigns} <= {None}


def test_every_reason_is_reached() -> None:
    passes = [(), (HERE,), (ELSEWHERE,), (SUSPECT,), (PROHIBITED,), (UNLABELLED,)]
    reached = {
        why.reason
        for some, outcome, stage, stopped in product(passes, ("accepted", "held"), Stage, (False, True))
        for why in judge_scan(
            known(*some, outcome=outcome, is_intercepted=stopped, is_under_examination=stopped, **BANKS),
            stage,
            ALL_OF_IT,
        )[1]
    }

    assert reached == set(ScanReason)


@pytest.mark.parametrize("stage", Stage)
def test_more_reasons_never_make_it_lighter(stage: Stage) -> None:
    overlays = [RESCREEN, RETURN, SCREEN, NO_BANKS]
    for passes, count in product([(), (HERE,), (ELSEWHERE,), (SUSPECT,)], range(len(overlays))):
        seen = known(*passes, **BANKS)
        fewer, _ = judge_scan(seen, stage, asked(*overlays[:count]) if count else NOTHING)
        more, _ = judge_scan(seen, stage, asked(*overlays[: count + 1]))

        assert more.rank >= fewer.rank


# --- under way --------------------------------------------------------------------------------------------------------


async def accepted(shop: Shop, *contents: Item, is_screened: bool = True) -> Acceptance:
    """A parcel to Shenzhen that was screened and accepted; or a letter, which may go unscreened within the province."""
    contents = contents or (item(),)
    inspection = await shop.inspect(contents=contents)
    if is_screened:
        await shop.screen(inspection.waybill)
    request = parcel(
        verification=await shop.verify(), inspection=inspection, contents=contents, destination=ANOTHER_PROVINCE
    )
    found = await shop.decide(request)
    assert found.decision.outcome is (Outcome.ACCEPTED if is_screened else Outcome.HELD)
    return found


def told(made: Scan) -> list[tuple[ScanReason, str | None]]:
    """Why, and by which campaign."""
    return [(why.reason, why.by) for why in made.reasons]


async def announce(
    shop: Shop,
    *overlays: dict[str, Any],
    jurisdiction: str = "",
    name: str = "drill",
    **frame: Any,  # noqa: ANN401 - as in bind
) -> str:
    """A campaign about parcels to Guangdong that begins tomorrow; as a scan records it."""
    owner_id = await an_agency(shop, jurisdiction)
    frame = {"starts_at": NOON + DAY, "ends_at": NOON + 3 * DAY} | frame
    content = to_guangdong(*overlays)
    await bind(shop, Layer.CAMPAIGN, "campaign", content, owner_id=owner_id, name=name, **frame)
    return f"campaign:{owner_id}/{name}"


async def test_a_parcel_accepted_before_a_campaign_is_bound_by_it_on_its_way(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    key = await announce(shop, RESCREEN, RETURN)
    sent = await accepted(shop)

    before = await scan(there, sent.waybill, OUT, at=NOON + DAY - timedelta(seconds=1))
    within = await scan(there, sent.waybill, OUT, at=NOON + DAY)
    after = await scan(there, sent.waybill, OUT, at=NOON + 3 * DAY)

    assert "campaign" not in str(sent.decision.rules)
    assert [one.instruction for one in (before, within, after)] == [
        Instruction.PROCEED,
        Instruction.SCREEN,
        Instruction.PROCEED,
    ]
    assert told(within) == [(ScanReason.NOT_SCREENED_AGAIN, "drill@1")]
    assert (within.rules, before.rules, after.rules) == ({key: "1"}, {}, {})


async def test_a_screening_where_it_goes_lets_it_go_on(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    await announce(shop, RESCREEN)
    sent, at = await accepted(shop), NOON + DAY

    first = await scan(there, sent.waybill, OUT, at=at)
    await there.screen(sent.waybill, at=at)
    second = await scan(there, sent.waybill, OUT, at=at)

    assert [one.instruction for one in (first, second)] == [Instruction.SCREEN, Instruction.PROCEED]


async def test_a_screening_somewhere_else_is_none_where_it_goes(shop: Shop) -> None:
    there, between = await another_outlet(shop, SHENZHEN), await another_outlet(shop, GUANGZHOU)
    await announce(shop, RESCREEN)
    sent, at = await accepted(shop), NOON + DAY
    await between.screen(sent.waybill, at=at)

    assert told(await scan(there, sent.waybill, OUT, at=at)) == [(ScanReason.NOT_SCREENED_AGAIN, "drill@1")]


async def test_a_parcel_without_a_mark_is_sent_back(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    await announce(shop, RETURN, SCREEN)
    inspection = await shop.inspect()
    request = parcel(
        verification=await shop.verify(),
        inspection=inspection,
        destination=replace(ANOTHER_PROVINCE, division=SHENZHEN),
    )
    passed = await shop.screen(request.waybill)
    sent = await shop.decide(request)
    write_off = WriteOffLabel(
        id=new_uuid(),
        waybill=sent.waybill,
        serial=passed.label_serial,
        reason=WriteOffReason.LOST,
        fingerprint=bytes(32),
    )
    async with shop.database.transaction() as tx:
        await write_off_label(tx, shop.caller, write_off, at=NOON)

    made = await scan(there, sent.waybill, Stage.ARRIVED, at=NOON + DAY)

    assert made.instruction is Instruction.RETURN
    assert told(made) == [(ScanReason.NO_SCREENING_MARK, "drill@1")]


async def test_hold_comes_before_return(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    await announce(shop, RETURN)
    sent = await accepted(shop)
    await there.screen(sent.waybill, ScreeningVerdict.PROHIBITED, at=NOON + DAY)
    held = await accepted(shop, is_screened=False)

    made = [await scan(there, one.waybill, Stage.ARRIVED, at=NOON + DAY) for one in (sent, held)]

    assert [one.instruction for one in made] == [Instruction.HOLD, Instruction.HOLD]
    assert told(made[0]) == [(ScanReason.SCREENING_PROHIBITED, None)]
    assert told(made[1]) == [(ScanReason.NOT_ACCEPTED, None), (ScanReason.NO_SCREENING_MARK, "drill@1")]


async def test_goods_a_campaign_forbids_stop_where_they_go(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    await announce(shop, NO_BANKS)
    sent, other = await accepted(shop, POWER_BANK), await accepted(shop)

    under_way = await scan(there, sent.waybill, Stage.ARRIVED, at=NOON + DAY)
    arrived = await scan(there, sent.waybill, Stage.AT_DESTINATION, at=NOON + DAY)
    others = await scan(there, other.waybill, Stage.AT_DESTINATION, at=NOON + DAY)

    assert [one.instruction for one in (under_way, arrived, others)] == [
        Instruction.PROCEED,
        Instruction.HOLD,
        Instruction.PROCEED,
    ]
    (why,) = arrived.reasons
    assert (why.reason, why.about, why.by) == (ScanReason.GOODS_FORBIDDEN, "R-10", "drill@1")


async def test_goods_that_only_the_campaign_names_are_known_from_its_approval_on(shop: Shop) -> None:
    """The contents are sealed: what was not known when the parcel was accepted cannot be known at its scans."""
    there = await another_outlet(shop, SHENZHEN)
    kite = {
        "code": "R-T-01",
        "class_code": "R",
        "name_zh": "示例风筝",
        "name_en": "Kite",
        "source": "t",
        "verified": False,
    }
    owner_id = await an_agency(shop)
    content = to_guangdong({"kind": "item_ban", "goods": ["R-T-01"], "on": ["delivery"]}, goods=[kite])
    unknown = await accepted(shop, item("示例风筝"))
    starts_at = NOON + DAY
    await bind(shop, Layer.CAMPAIGN, "campaign", content, owner_id=owner_id, name="kites", starts_at=starts_at, at=NOON)
    sent = await accepted(shop, item("示例风筝"))

    made = [await scan(there, one.waybill, OUT, at=starts_at) for one in (unknown, sent)]

    assert [told(one) for one in made] == [[], [(ScanReason.GOODS_FORBIDDEN, "kites@1")]]


async def test_a_campaign_of_the_destinations_agency_binds_only_there(shop: Shop) -> None:
    there, between = await another_outlet(shop, SHENZHEN), await another_outlet(shop, "430102")
    await announce(shop, RETURN, SCREEN, jurisdiction=GUANGDONG, starts_at=NOON)
    sent = await shop.decide(await shop.ready(destination=ANOTHER_PROVINCE))

    at_origin, under_way, arrived = [
        await scan(one, sent.waybill, Stage.ARRIVED, at=NOON) for one in (shop, between, there)
    ]

    assert "campaign" not in str(sent.decision.rules)
    assert told(at_origin) == told(under_way) == [(ScanReason.NOT_ACCEPTED, None)]
    assert {reason for reason, by in told(arrived) if by == "drill@1"} == {
        ScanReason.NO_SCREENING_MARK,
        ScanReason.NOT_SCREENED,
    }


async def test_a_parcel_on_its_way_through_is_bound_where_it_passes(shop: Shop) -> None:
    """A campaign about what passes through Guangdong; the parcel's way is known only where it is seen."""
    owner_id = await an_agency(shop, GUANGDONG)
    content = to_guangdong(RETURN, applies_to={"transit": ["CORE"]})
    await bind(shop, Layer.CAMPAIGN, "campaign", content, owner_id=owner_id, name="through")
    there, between = await another_outlet(shop, "460105"), await another_outlet(shop, GUANGZHOU)
    request = await shop.ready(destination=replace(ANOTHER_PROVINCE, division="460105"))
    sent = await shop.decide(request)

    passing, arrived = [await scan(one, sent.waybill, Stage.ARRIVED) for one in (between, there)]

    assert (ScanReason.NO_SCREENING_MARK, "through@1") in told(passing)
    assert (ScanReason.NO_SCREENING_MARK, "through@1") not in told(arrived)


async def test_two_campaigns_are_both_told(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    keys = [
        await announce(shop, RESCREEN, name="first", starts_at=NOON),
        await announce(shop, RESCREEN, NO_BANKS, name="second", starts_at=NOON),
    ]
    sent = await accepted(shop, POWER_BANK)

    made = await scan(there, sent.waybill, OUT)

    assert told(made) == [
        (ScanReason.GOODS_FORBIDDEN, "second@1"),
        (ScanReason.NOT_SCREENED_AGAIN, "first@1"),
        (ScanReason.NOT_SCREENED_AGAIN, "second@1"),
    ]
    assert made.rules == dict.fromkeys(keys, "1")


# --- interception -----------------------------------------------------------------------------------------------------


async def intercept(shop: Shop, waybill: str, *others: Acceptance) -> None:
    """Explosives were found in one parcel; the sender's others are to be examined."""
    request = OpenInterception(
        id=InterceptionId(new_uuid()),
        waybill=waybill,
        source=Source.WAYBILL,
        source_id=None,
        goods_code=None,
        class_code="P03",
        found_at=None,
        note=None,
        fingerprint=bytes(32),
    )
    under_way = [
        WaybillUnderWay(waybill=one.waybill, outlet_id=OutletId(one.outlet_id), acceptance_id=AcceptanceId(one.id))
        for one in others
    ]
    async with shop.database.transaction() as tx:
        await open_interception(shop.vault, tx, shop.caller, request, under_way=under_way, at=NOON)


async def test_interception_holds_a_parcel_and_its_senders_others_everywhere(shop: Shop) -> None:
    there = await another_outlet(shop, SHENZHEN)
    sent, other, innocent = [await accepted(shop) for _ in range(3)]
    await intercept(there, sent.waybill, other)

    made = [await scan(one, of.waybill) for one in (shop, there) for of in (sent, other, innocent)]

    assert [told(one) for one in made] == 2 * [
        [(ScanReason.INTERCEPTED, None)],
        [(ScanReason.SENDER_UNDER_EXAMINATION, None)],
        [],
    ]
    assert [one.instruction for one in made] == 2 * [Instruction.HOLD, Instruction.HOLD, Instruction.PROCEED]


# --- which parcel -----------------------------------------------------------------------------------------------------


async def refused_to_know(shop: Shop, waybill: str) -> Problem:
    with pytest.raises(Problem) as caught:
        await scan(shop, waybill)
    return caught.value


async def test_a_waybill_nobody_presented_is_unknown_and_so_is_another_enterprises(shop: Shop) -> None:
    other = await another_enterprise(shop)
    sent = await accepted(shop)

    problems = [await refused_to_know(shop, new_waybill()), await refused_to_know(other, sent.waybill)]

    for problem in problems:
        assert (problem.kind, problem.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/waybill", "unknown"),))
    assert await stored(shop) == 0


async def stored(shop: Shop) -> int:
    async with shop.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(scans))).scalar_one())


async def test_one_waybill_of_two_enterprises_is_each_ones_own_parcel(shop: Shop) -> None:
    other = await another_enterprise(shop)
    inspections = [await one.inspect(waybill="EX9") for one in (shop, other)]
    mine, theirs = [
        await one.decide(parcel(verification=await one.verify(), inspection=inspection, destination=destination))
        for one, inspection, destination in zip(
            (shop, other), inspections, (ANOTHER_PROVINCE, (await shop.ready()).destination), strict=True
        )
    ]

    made = [await scan(one, "EX9") for one in (shop, other)]

    assert [one.acceptance_id for one in made] == [mine.id, theirs.id]
    assert [told(one) for one in made] == [[(ScanReason.NOT_ACCEPTED, None)], []]


async def test_of_two_presentations_the_one_that_stands_is_meant(shop: Shop) -> None:
    request = await shop.ready()
    refused = await shop.decide(replace(request, verification_id=None))
    before = await scan(shop, request.waybill)
    standing = await shop.decide(replace(request, id=AcceptanceId(new_uuid())))

    after = await scan(shop, request.waybill)

    assert [one.acceptance_id for one in (before, after)] == [refused.id, standing.id]
    assert [one.instruction for one in (before, after)] == [Instruction.HOLD, Instruction.PROCEED]


# --- how it is recorded -----------------------------------------------------------------------------------------------


async def test_a_scan_is_recorded_where_it_was_made_with_its_audit_entry(shop: Shop) -> None:
    there, sent = await another_outlet(shop, SHENZHEN), await accepted(shop)

    made = await scan(there, sent.waybill, Stage.AT_DESTINATION)

    async with shop.database.read() as tx:
        known = await find_scan(tx, there.caller.outlet_id, made.id)
        elsewhere = await find_scan(tx, shop.caller.outlet_id, made.id)
        (entry,) = await find_entries(tx, there.caller.outlet_id, subject_id=made.id)
    assert (known, elsewhere) == (made, None)
    assert (made.acceptance_id, made.accepted_at_outlet_id) == (sent.id, shop.caller.outlet_id)
    assert entry.action is Action.PARCEL_SCANNED
    assert entry.detail == {"stage": "at_destination", "instruction": "proceed", "reasons": []}


async def test_a_repeated_scan_is_answered_as_it_was_judged_then(shop: Shop) -> None:
    there, sent, scan_id = await another_outlet(shop, SHENZHEN), await accepted(shop), new_uuid()
    await announce(shop, RESCREEN)
    first = await scan(there, sent.waybill, OUT, scan_id=scan_id)

    again = await scan(there, sent.waybill, OUT, scan_id=scan_id, at=NOON + DAY)

    assert (again, again.instruction) == (first, Instruction.PROCEED)
    assert await stored(shop) == 1


async def test_an_id_belongs_to_one_scan_of_one_outlet(shop: Shop) -> None:
    there, sent, scan_id = await another_outlet(shop, SHENZHEN), await accepted(shop), new_uuid()
    await scan(shop, sent.waybill, scan_id=scan_id)

    with pytest.raises(Problem) as caught:
        await scan(shop, sent.waybill, scan_id=scan_id, fingerprint=b"\x01" * 32)
    elsewhere = await scan(there, sent.waybill, scan_id=scan_id, fingerprint=b"\x01" * 32)

    assert caught.value.kind is Kind.ID_CONFLICT
    assert (elsewhere.id, await stored(shop)) == (scan_id, 2)


async def test_without_the_permission_nothing_is_scanned(shop: Shop) -> None:
    sent, client = await accepted(shop), shop.caller.client
    without = replace(client, permissions=client.permissions - {Permission.COUNTER_SCAN_RECORD})

    with pytest.raises(Problem) as caught:
        await scan(replace(shop, caller=replace(shop.caller, client=without)), sent.waybill)

    assert caught.value.kind is Kind.NOT_PERMITTED
