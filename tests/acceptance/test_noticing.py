"""Signals at the counter, through the decision: what the records hold already tells of the parcel that is presented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from acceptance_api.acceptance import (
    Acceptance,
    DecideParcel,
    Ground,
    NewVerification,
    OfflineParcel,
    Outcome,
    receive_parcels,
)
from acceptance_api.acceptance.facts import facts_from_json
from acceptance_api.audit import OPERATOR
from acceptance_api.identity import (
    Answer,
    Verification,
    VerifyingDesk,
    VerifySender,
    ask_about,
    draft_verification,
)
from acceptance_api.inspection import Inspection, record_inspection
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets import Layer
from acceptance_api.signals import Signal
from acceptance_api.sites import OutletDetails, StaffNumbers, describe_outlet, register_staff_number
from tests.acceptance.layered import SAID
from tests.acceptance.places import another_clerk, another_enterprise, another_outlet, bind, correct, resolve
from tests.support.authorities import PretendAuthority, resident_number
from tests.support.builders import (
    ANOTHER_PROVINCE,
    NOON,
    VERIFICATION_SERVES,
    Shop,
    inspecting,
    item,
    parcel,
    party,
    verifying,
)

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHENZHEN, TIANJIN = "440305", "120101"
OTHER_PHONE = "13700137000"


def noticed(acceptance: Acceptance) -> list[Signal]:
    return [one.signal for one in acceptance.decision.noticed]


def params(acceptance: Acceptance, signal: Signal) -> dict[str, Any]:
    (found,) = [one for one in acceptance.decision.noticed if one.signal is signal]
    return dict(found.params)


def against(acceptance: Acceptance) -> list[tuple[Ground, str | None]]:
    return [(objection.ground, objection.about) for objection in acceptance.decision.objections]


def letter(verification: Verification, *, phone: str = "13800138000", name: str = "张建国") -> DecideParcel:
    """A letter, which need not be opened, of a sender who showed a document all the same."""
    return parcel(verification=verification, contents_kind="letter", sender=party(name=name, phone=phone))


async def send(shop: Shop, *, at: datetime = NOON, number: str | None = None, **changes: str) -> Acceptance:
    """A letter of somebody who is verified just now."""
    verified = await shop.verify(verifying(number=number) if number else None, at=at)
    return await shop.decide(letter(verified, **changes), at=at)


async def tightened(shop: Shop, *rules: dict[str, Any]) -> None:
    """Let the brand ask for more."""
    await bind(shop, Layer.BRAND, "signals", {"rules": [{**SAID, **rule} for rule in rules]})


def phones(count: int) -> list[str]:
    return [f"138{i:08d}" for i in range(1, count + 1)]


# --- one document on one day ------------------------------------------------------------------------------------------


async def test_an_ordinary_parcel_shows_nothing(shop: Shop) -> None:
    decided = await shop.decide(await shop.ready())

    assert (decided.decision.outcome, decided.decision.noticed) == (ACCEPTED, ())


async def test_the_fifth_telephone_of_a_document_is_noticed_and_asks_for_a_second_clerk(shop: Shop) -> None:
    sent = [await send(shop, phone=phone) for phone in phones(5)]

    assert [noticed(one) for one in sent] == [[], [], [], [], [Signal.ONE_ID_MANY_PHONES]]
    assert params(sent[4], Signal.ONE_ID_MANY_PHONES) == {"count": 5, "at_least": 5}
    assert sent[4].decision.outcome is HELD
    assert against(sent[4]) == [(Ground.SECOND_CLERK_REQUIRED, "one_id_many_phones")]


async def test_one_telephone_in_any_spelling_is_one(shop: Shop) -> None:
    spelt = [
        "13800138000",
        "138 0013 8000",
        "+86 13800138000",
        "１３８００１３８０００",
        "138-0013-8000",
        "8613800138000",
    ]

    sent = [await send(shop, phone=phone) for phone in spelt]

    assert [noticed(one) for one in sent] == [[]] * len(spelt)


async def test_another_document_and_another_day_begin_anew(shop: Shop) -> None:
    for phone in phones(4):
        await send(shop, phone=phone)

    other = await send(shop, phone="13700137000", number=resident_number("003"))
    tomorrow = await send(shop, phone="13700137000", at=NOON + DAY)

    assert (noticed(other), noticed(tomorrow)) == ([], [])
    assert facts_from_json(dict(tomorrow.facts)).seen.parcels_today == 1


async def test_names_that_were_tried_and_refused_are_counted(shop: Shop) -> None:
    verified = await shop.verify()
    tried = [await shop.decide(letter(verified, name=name)) for name in ("李秀英", "王建军")]

    passed = await shop.decide(letter(verified))

    assert [one.decision.outcome for one in tried] == [ACCEPTED, ACCEPTED], "a letter's sender need not be verified"
    assert noticed(passed) == [Signal.ONE_ID_MANY_NAMES]
    assert params(passed, Signal.ONE_ID_MANY_NAMES)["count"] == 2


async def test_a_name_that_was_mistyped_twice_alike_is_one_name(shop: Shop) -> None:
    verified = await shop.verify()
    for _ in range(3):
        await shop.decide(replace(letter(verified, name="张建图"), contents_kind="general"))

    passed = await shop.decide(letter(verified))

    assert noticed(passed) == []
    assert facts_from_json(dict(passed.facts)).seen.distinct_names_refused == 1


async def test_all_parcels_of_a_day_are_counted(shop: Shop) -> None:
    await tightened(shop, {"signal": "too_many_a_day", "figures": {"at_least": 25}})
    verified = await shop.verify()

    sent = [await shop.decide(letter(verified)) for _ in range(26)]

    assert [noticed(one) for one in sent[:24]] == [[]] * 24
    assert [params(one, Signal.TOO_MANY_A_DAY)["count"] for one in sent[24:]] == [25, 26]
    assert sent[25].decision.outcome is ACCEPTED, "it only warns"


async def test_a_shop_that_sends_twenty_a_day_is_not_noticed(shop: Shop) -> None:
    verified = await shop.verify()

    sent = [await shop.decide(letter(verified)) for _ in range(20)]

    assert [noticed(one) for one in sent] == [[]] * 20


async def test_the_document_is_the_same_at_every_outlet_of_the_enterprise(shop: Shop) -> None:
    elsewhere = await another_outlet(shop, "110108")
    for phone in phones(4):
        await send(shop, phone=phone, at=NOON)

    fifth = await send(elsewhere, phone=OTHER_PHONE, at=NOON + HOUR)

    assert noticed(fifth) == [Signal.ONE_ID_MANY_PHONES]


async def test_another_enterprises_parcels_are_never_seen(shop: Shop) -> None:
    other = await another_enterprise(shop, SHENZHEN)
    for phone in phones(6):
        await send(shop, phone=phone)

    decided = await send(other, phone=OTHER_PHONE)

    assert noticed(decided) == []
    seen = facts_from_json(dict(decided.facts)).seen
    assert (seen.parcels_today, seen.distinct_phones, seen.minutes_since_last) == (1, 1, None)


async def test_a_corrected_parcel_is_still_one_parcel(shop: Shop) -> None:
    first = await shop.decide(letter(await shop.verify()))
    await correct(shop, first, replace(letter(await shop.verify()), waybill=first.waybill))

    second = await send(shop)

    assert facts_from_json(dict(second.facts)).seen.parcels_today == 2


# --- faster than its holder -------------------------------------------------------------------------------------------


async def located(shop: Shop, latitude: float, longitude: float) -> None:
    await described(shop, OutletDetails(latitude=latitude, longitude=longitude))


async def described(shop: Shop, details: OutletDetails) -> None:
    enterprise_id = shop.world.enterprise_id
    async with shop.database.transaction() as tx:
        await describe_outlet(tx, shop.caller.outlet_id, details, enterprise_id=enterprise_id, actor=OPERATOR, at=NOON)


@pytest.mark.parametrize(
    ("minutes", "is_noticed"),
    [
        pytest.param(29, True, id="sooner than the way takes"),
        pytest.param(30, False, id="as soon as the way takes"),
    ],
)
async def test_two_outlets_without_coordinates_are_as_far_as_their_divisions(
    shop: Shop, minutes: int, *, is_noticed: bool
) -> None:
    elsewhere = await another_outlet(shop, SHENZHEN)
    await send(shop)

    decided = await send(elsewhere, at=NOON + minutes * MINUTE)

    assert (noticed(decided) == [Signal.IMPOSSIBLE_TRAVEL]) is is_noticed
    if is_noticed:
        expected = {"minutes": 29, "least_minutes": 30, "level": "other_province"}
        assert params(decided, Signal.IMPOSSIBLE_TRAVEL) == expected
        assert against(decided)[-1] == (Ground.SECOND_CLERK_REQUIRED, "impossible_travel")


@pytest.mark.parametrize(
    ("minutes", "is_noticed"),
    [pytest.param(200, True, id="no train is that fast"), pytest.param(300, False, id="by plane")],
)
async def test_two_outlets_with_coordinates_are_as_far_as_they_lie(
    shop: Shop, minutes: int, *, is_noticed: bool
) -> None:
    """Beijing to Shenzhen, some 1,940 km."""
    elsewhere = await another_outlet(shop, SHENZHEN)
    await located(shop, 39.92, 116.44)
    await located(elsewhere, 22.53, 114.05)
    await send(shop)

    decided = await send(elsewhere, at=NOON + minutes * MINUTE)

    assert (noticed(decided) == [Signal.IMPOSSIBLE_TRAVEL]) is is_noticed
    if is_noticed:
        assert 1_900 < params(decided, Signal.IMPOSSIBLE_TRAVEL)["kilometres"] < 2_000


async def test_the_coordinates_of_one_outlet_alone_tell_nothing(shop: Shop) -> None:
    elsewhere = await another_outlet(shop, SHENZHEN)
    await located(elsewhere, 22.53, 114.05)
    await send(shop)

    assert noticed(await send(elsewhere, at=NOON + 40 * MINUTE)) == []


async def test_the_way_is_from_the_outlet_that_saw_the_document_last(shop: Shop) -> None:
    elsewhere = await another_outlet(shop, SHENZHEN)
    await send(shop)
    await send(elsewhere, at=NOON + HOUR)

    back, stayed = [await send(one, at=NOON + HOUR + 10 * MINUTE) for one in (shop, elsewhere)]

    assert noticed(back) == [Signal.IMPOSSIBLE_TRAVEL]
    assert noticed(stayed) == [Signal.IMPOSSIBLE_TRAVEL], "it was in Beijing a moment ago"
    assert params(stayed, Signal.IMPOSSIBLE_TRAVEL)["minutes"] == 0


# --- outlet, telephone, inspection ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closing", "is_noticed"),
    [
        pytest.param(time(12, 20), True, id="it closes soon"),
        pytest.param(time(11, 50), True, id="it closes late"),
        pytest.param(time(12, 31), False, id="it closes later"),
        pytest.param(None, False, id="it never said"),
    ],
)
async def test_a_burst_before_closing_is_noticed(shop: Shop, closing: time | None, *, is_noticed: bool) -> None:
    await tightened(shop, {"signal": "burst_before_closing", "figures": {"at_least": 5}})
    await described(shop, OutletDetails(closing_time=closing))
    elsewhere = await another_outlet(shop)
    for i in range(4):
        await shop.decide(parcel(), at=NOON - i * MINUTE)
    for one, at in ((shop, NOON - 11 * MINUTE), (elsewhere, NOON)):  # too long ago; at another outlet
        await one.decide(parcel(), at=at)

    decided = await shop.decide(await shop.ready())

    assert (noticed(decided) == [Signal.BURST_BEFORE_CLOSING]) is is_noticed
    assert decided.decision.outcome is ACCEPTED
    if is_noticed:
        assert params(decided, Signal.BURST_BEFORE_CLOSING)["count"] == 5


@pytest.mark.parametrize(
    ("sender", "addressee", "same"),
    [
        pytest.param("13800138000", "+86 138-0013-8000", True, id="the same, spelt otherwise"),
        pytest.param("13800138000", "13800138001", False, id="another"),
    ],
)
async def test_one_telephone_for_both_ends_is_a_warning(shop: Shop, sender: str, addressee: str, *, same: bool) -> None:
    request = await shop.ready()
    request = replace(request, sender=party(phone=sender), addressee=replace(request.addressee, phone=addressee))

    decided = await shop.decide(request)

    assert (noticed(decided) == [Signal.SENDER_PHONE_IS_ADDRESSEE_PHONE]) is same
    assert decided.decision.outcome is ACCEPTED


async def inspect(
    shop: Shop, *, photos: Iterable[str] = (), seconds: int | None = None, lines: int = 1, waybill: str | None = None
) -> Inspection:
    """An inspection with photos that are there already, begun so many seconds ago."""
    request = inspecting(
        waybill=waybill,
        contents=[item(f"毛衣{i}") for i in range(lines)],
        photos=tuple(photos) or await shop.photograph(1),
    )
    begun = NOON - timedelta(seconds=seconds) if seconds is not None else None
    async with shop.database.transaction() as tx:
        recorded, _ = await record_inspection(shop.vault, tx, shop.caller, replace(request, opened_at=begun), at=NOON)
    return recorded


@pytest.mark.parametrize(
    ("seconds", "lines", "is_noticed"),
    [
        pytest.param(5, 1, True, id="one item in five seconds"),
        pytest.param(6, 1, False, id="one item in six"),
        pytest.param(6, 3, True, id="three items in six"),
        pytest.param(8, 3, False, id="three items in eight"),
        pytest.param(None, 3, False, id="nobody said when it began"),
    ],
)
async def test_an_inspection_that_was_too_short_is_a_warning(
    shop: Shop, seconds: int | None, lines: int, *, is_noticed: bool
) -> None:
    inspection = await inspect(shop, seconds=seconds, lines=lines)
    contents = tuple(item(f"毛衣{i}") for i in range(lines))

    decided = await shop.decide(parcel(verification=await shop.verify(), inspection=inspection, contents=contents))

    assert (noticed(decided) == [Signal.INSPECTION_TOO_SHORT]) is is_noticed
    assert decided.decision.outcome is ACCEPTED


async def test_a_photo_of_another_parcel_asks_for_a_second_clerk(shop: Shop) -> None:
    photos = await shop.photograph(1)
    first, second = [await inspect(shop, photos=photos) for _ in range(2)]
    again = await inspect(shop, photos=photos, waybill=second.waybill)
    contents = (item("毛衣0"),)

    decided = [
        await shop.decide(parcel(verification=await shop.verify(), inspection=one, contents=contents))
        for one in (first, second)
    ]

    assert [noticed(one) for one in decided] == [[], [Signal.PHOTO_REUSED]]
    assert [one.decision.outcome for one in decided] == [ACCEPTED, HELD]
    assert again.photos_reused == 1, "of the first parcel, not of its own waybill"


# --- the staff's own documents ----------------------------------------------------------------------------------------


async def verify_known(shop: Shop, request: VerifySender, *, answer: Answer = Answer.MATCH) -> Verification:
    """Verify a sender at a desk that knows the staff's numbers."""
    authority = PretendAuthority()
    authority.script = (authority.said(answer),)
    numbers = StaffNumbers(shop.database, shop.reader, shop.vault, lag_s=0)
    desk = VerifyingDesk(authority=authority, vault=shop.vault, lifetime=VERIFICATION_SERVES, staff=numbers)
    question = await ask_about(desk, shop.caller, request, at=NOON)
    verification, record = await draft_verification(desk, shop.caller, question, at=NOON)
    await shop.writer.add(record)
    return verification


async def register(shop: Shop, clerk_id: ClerkId, number: str, outlet_id: OutletId | None = None) -> None:
    async with shop.database.transaction() as tx:
        await register_staff_number(
            tx,
            shop.vault,
            outlet_id or shop.world.outlet_id,
            clerk_id,
            number,
            enterprise_id=shop.world.enterprise_id,
            actor=OPERATOR,
            at=NOON,
        )


OWN, COLLEAGUES, NOBODYS = resident_number("011"), resident_number("013"), resident_number("015")


@pytest.fixture
async def staffed(shop: Shop) -> Shop:
    """A shop whose clerk and whose clerk's colleague have registered their numbers."""
    await register(shop, shop.world.clerk_id, OWN)
    elsewhere = await another_outlet(shop)
    await register(shop, elsewhere.world.clerk_id, COLLEAGUES, elsewhere.world.outlet_id)
    return shop


@pytest.mark.parametrize(
    ("number", "outcome", "grounds"),
    [
        pytest.param(OWN, REFUSED, [(Ground.SIGNAL_REFUSED, "clerk_is_sender")], id="the clerk's own"),
        pytest.param(COLLEAGUES, HELD, [(Ground.SECOND_CLERK_REQUIRED, "staff_is_sender")], id="a colleague's"),
        pytest.param(NOBODYS, ACCEPTED, [], id="nobody's of the staff"),
    ],
)
async def test_the_staffs_documents_are_known(
    staffed: Shop, number: str, outcome: Outcome, grounds: list[tuple[Ground, str | None]]
) -> None:
    verified = await verify_known(staffed, verifying(number=number))

    decided = await staffed.decide(parcel(verification=verified, inspection=await staffed.inspect()))

    assert (decided.decision.outcome, against(decided)) == (outcome, grounds)


async def test_another_enterprises_staff_are_customers_here(staffed: Shop) -> None:
    other = await another_enterprise(staffed)
    verified = await verify_known(other, verifying(number=OWN))

    decided = await other.decide(parcel(verification=verified, inspection=await other.inspect()))

    assert (decided.decision.outcome, noticed(decided)) == (ACCEPTED, [])


async def test_a_document_that_is_shown_later_is_looked_at_too(staffed: Shop) -> None:
    """Otherwise a clerk could present a parcel on a document nobody can confirm, and resolve it with the own one."""
    unconfirmed = await verify_known(staffed, verifying(number=NOBODYS), answer=Answer.SOURCE_DOWN)
    held = await staffed.decide(parcel(verification=unconfirmed, inspection=await staffed.inspect()))
    later = await verify_known(staffed, verifying(number=OWN))

    resolved = await resolve(
        staffed, held, verification=NewVerification(verification_id=later.id, sender_name="张建国")
    )

    assert (held.decision.outcome, noticed(held)) == (HELD, [])
    assert against(resolved) == [(Ground.SIGNAL_REFUSED, "clerk_is_sender")]


async def test_a_correction_to_a_colleagues_document_is_looked_at_too(staffed: Shop) -> None:
    request = parcel(
        verification=await verify_known(staffed, verifying(number=NOBODYS)), inspection=await staffed.inspect()
    )
    accepted = await staffed.decide(request)
    colleagues = await verify_known(staffed, verifying(number=COLLEAGUES))

    corrected = await correct(staffed, accepted, replace(request, verification_id=colleagues.id))

    assert (accepted.decision.outcome, corrected.decision.outcome) == (ACCEPTED, HELD)
    assert against(corrected) == [(Ground.SECOND_CLERK_REQUIRED, "staff_is_sender")]


# --- a second clerk ---------------------------------------------------------------------------------------------------


async def as_another_clerk(shop: Shop) -> Shop:
    return replace(shop, caller=replace(shop.caller, clerk_id=await another_clerk(shop)))


async def held_by_a_signal(shop: Shop, **changes: Any) -> Acceptance:  # noqa: ANN401 - parts of a parcel
    photos = await shop.photograph(1)
    await inspect(shop, photos=photos)
    inspection = await inspect(shop, photos=photos)
    contents = (item("毛衣0"),)
    return await shop.decide(
        parcel(verification=await shop.verify(), inspection=inspection, contents=contents, **changes)
    )


async def test_a_second_clerk_may_let_the_parcel_go(shop: Shop) -> None:
    held = await held_by_a_signal(shop)
    second = await as_another_clerk(shop)

    unconfirmed = await resolve(second, held)
    confirmed = await resolve(second, held, signals_confirmed=True)

    assert (held.decision.outcome, unconfirmed.decision.outcome) == (HELD, HELD)
    assert confirmed.decision.outcome is ACCEPTED
    assert noticed(confirmed) == [Signal.PHOTO_REUSED], "it is still told"
    assert confirmed.clerk_id == second.caller.clerk_id


async def test_the_clerk_who_presented_the_parcel_cannot_confirm_its_signals(shop: Shop) -> None:
    held = await held_by_a_signal(shop)

    with pytest.raises(Problem) as caught:
        await resolve(shop, held, signals_confirmed=True)

    assert caught.value.kind is Kind.SECOND_PERSON_REQUIRED
    assert caught.value.faults == (Fault("/signals_confirmed", "same_clerk"),)


async def test_nor_after_somebody_else_has_decided_in_between(shop: Shop) -> None:
    held = await held_by_a_signal(shop)
    await resolve(await as_another_clerk(shop), held)

    with pytest.raises(Problem) as caught:
        await resolve(shop, held, signals_confirmed=True)

    assert caught.value.kind is Kind.SECOND_PERSON_REQUIRED


async def test_who_only_resolved_it_before_may_confirm_it(shop: Shop) -> None:
    held, second = await held_by_a_signal(shop), await as_another_clerk(shop)
    await resolve(second, held)

    assert (await resolve(second, held, signals_confirmed=True)).decision.outcome is ACCEPTED


async def test_what_was_confirmed_stays_so_while_the_parcel_waits_for_something_else(shop: Shop) -> None:
    held = await held_by_a_signal(shop, destination=ANOTHER_PROVINCE)
    confirmed = await resolve(await as_another_clerk(shop), held, signals_confirmed=True)
    await shop.screen(held.waybill)

    let_go = await resolve(shop, held)

    assert against(confirmed) == [(Ground.NOT_SCREENED, None)]
    assert let_go.decision.outcome is ACCEPTED


async def test_what_was_confirmed_of_one_document_is_not_confirmed_of_another(staffed: Shop) -> None:
    unconfirmed = await verify_known(staffed, verifying(number=NOBODYS), answer=Answer.SOURCE_DOWN)
    held = await staffed.decide(parcel(verification=unconfirmed, inspection=await staffed.inspect()))
    second = await as_another_clerk(staffed)
    confirmed = await resolve(second, held, signals_confirmed=True)
    colleagues = await verify_known(staffed, verifying(number=COLLEAGUES))

    resolved = await resolve(
        staffed, confirmed, verification=NewVerification(verification_id=colleagues.id, sender_name="张建国")
    )

    assert against(confirmed) == [(Ground.IDENTITY_UNCONFIRMED, None)]
    assert against(resolved) == [(Ground.SECOND_CLERK_REQUIRED, "staff_is_sender")]


async def test_nobody_can_confirm_what_refuses(staffed: Shop) -> None:
    verified = await verify_known(staffed, verifying(number=OWN))
    refused = await staffed.decide(parcel(verification=verified, inspection=await staffed.inspect()))

    with pytest.raises(Problem) as caught:
        await resolve(await as_another_clerk(staffed), refused, signals_confirmed=True)

    assert caught.value.kind is Kind.NOT_HELD


# --- late parcels -----------------------------------------------------------------------------------------------------


async def recorded_late(shop: Shop, *requests: DecideParcel, occurred_at: datetime) -> list[Acceptance]:
    parcels = [
        OfflineParcel(caller=shop.caller, request=request, occurred_at=occurred_at, sequence=i)
        for i, request in enumerate(requests)
    ]
    received = await receive_parcels(shop.deciding, parcels, sent_at=NOON, at=NOON, kept=30 * DAY)
    decided = [one[0] for one in received if not isinstance(one, Problem)]
    assert len(decided) == len(requests)
    return decided


async def test_late_parcels_have_no_signals(shop: Shop) -> None:
    verified = await shop.verify()
    for phone in phones(5):
        await shop.decide(letter(verified, phone=phone))

    (late,) = await recorded_late(shop, letter(verified, phone=OTHER_PHONE), occurred_at=NOON - HOUR)

    assert (late.decision.outcome, late.decision.noticed) == (ACCEPTED, ())
    assert "seen" not in late.facts


async def test_late_parcels_tell_nothing_of_where_the_document_is_now(shop: Shop) -> None:
    """They are recorded when the counter is online again: their sender may have gone far since."""
    elsewhere, verified = await another_outlet(shop, SHENZHEN), await shop.verify()
    requests = [letter(verified, phone=phone) for phone in phones(5)]
    await recorded_late(shop, *requests, occurred_at=NOON - 4 * HOUR)

    decided = await send(elsewhere, at=NOON + MINUTE)

    assert noticed(decided) == []
    assert facts_from_json(dict(decided.facts)).seen.parcels_today == 1
