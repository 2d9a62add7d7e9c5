"""Correcting a record: the old revision stays, every rule is asked again, the outcome may change."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from acceptance_api.acceptance import (
    Acceptance,
    CorrectionReason,
    CorrectParcel,
    DecideParcel,
    Ground,
    Outcome,
    SenderKind,
    Within,
    correct_parcel,
    find_acceptance,
    find_by_tokens,
    find_sealed,
    rules_on,
)
from acceptance_api.acceptance.store import find_standing
from acceptance_api.audit import Action, find_entries
from acceptance_api.kernel.clock import legal_day, legal_month
from acceptance_api.kernel.ids import AcceptanceId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.vault import Index
from tests.support.builders import ANOTHER_PROVINCE, NOON, Shop, item, new_waybill, parcel, party

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
LATER = NOON + timedelta(hours=1)
NEXT_MONTH = NOON + timedelta(days=20)


async def correct(shop: Shop, request: DecideParcel, *, of: Acceptance, at: datetime = LATER) -> Acceptance:
    correction = CorrectParcel(acceptance_id=of.id, reason=CorrectionReason.TYPING_ERROR, parcel=request)
    async with shop.database.transaction() as tx:
        corrected, _ = await correct_parcel(shop.vault, rules_on(legal_day(at)), tx, shop.caller, correction, at=at)
    return corrected


def corrected_copy(request: DecideParcel, *, phone: str = "13700137000") -> DecideParcel:
    """The same parcel with another telephone, as a correction with an id of its own."""
    return replace(request, id=AcceptanceId(new_uuid()), sender=party(phone=phone))


def grounds(acceptance: Acceptance) -> list[Ground]:
    return [objection.ground for objection in acceptance.decision.objections]


async def test_a_correction_supersedes_and_the_old_revision_stays(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)

    corrected = await correct(shop, corrected_copy(request), of=before)

    async with shop.database.read() as tx:
        known = await find_acceptance(tx, before.outlet_id, before.id)
        revisions = await find_sealed(tx, before.outlet_id, before.id)
        entries = await find_entries(tx, before.outlet_id, subject_id=before.id)
    assert known is not None
    assert replace(known, facts={}) == replace(corrected, facts={})
    assert (corrected.id, corrected.revision, corrected.sequence) == (before.id, 2, 2)
    assert (corrected.recorded_at, corrected.decided_at) == (NOON, LATER)
    assert corrected.correction == "typing_error"
    assert [number for number, _ in revisions] == [2, 1]
    assert revisions[0][1].record_id != revisions[1][1].record_id == before.id
    assert [entry.action for entry in entries] == [Action.ACCEPTANCE_DECIDED, Action.ACCEPTANCE_CORRECTED]


async def test_a_correction_may_be_corrected(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)
    await correct(shop, corrected_copy(request), of=before)

    third = await correct(shop, corrected_copy(request, phone="13600136000"), of=before)

    assert (third.revision, third.sequence, third.decision.outcome) == (3, 3, ACCEPTED)


@pytest.mark.parametrize("at", [LATER, NEXT_MONTH], ids=["soon", "in another month"])
async def test_old_and_corrected_values_both_find_the_record_where_it_was_recorded(shop: Shop, at: datetime) -> None:
    request = await shop.ready()
    before = await shop.decide(request)
    await correct(shop, corrected_copy(request), of=before, at=at)

    within = Within(jurisdiction="11", since=NOON, until=NOON + timedelta(days=1), before=None, limit=10)
    for phone in ("13800138000", "137 0013 7000"):
        tokens = await shop.vault.search_tokens([before.enterprise_id], [legal_month(NOON)], Index.PHONE, phone)
        async with shop.database.read() as tx:
            found = await find_by_tokens(tx, tokens, ["sender_phone"], within)
        assert [claim.acceptance_id for claim in found] == [before.id]


@pytest.mark.parametrize(
    ("changes", "outcome", "against"),
    [
        pytest.param({"destination": ANOTHER_PROVINCE}, HELD, [Ground.NOT_SCREENED], id="it goes further"),
        pytest.param({"weight_g": 50_001}, REFUSED, [Ground.TOO_LARGE_OR_HEAVY], id="it weighs more"),
        pytest.param({"contents": (item("书"),)}, REFUSED, [Ground.DECLARATION_MISMATCH], id="it holds something else"),
        pytest.param({"verification_id": None}, REFUSED, [Ground.SENDER_NOT_VERIFIED], id="nobody was verified"),
        pytest.param({"sender": party(name="李秀英")}, REFUSED, [Ground.NAME_MISMATCH], id="another sender"),
    ],
)
async def test_a_correction_may_change_the_outcome(
    shop: Shop, changes: dict[str, object], outcome: Outcome, against: list[Ground]
) -> None:
    request = await shop.ready()
    before = await shop.decide(request)

    corrected = await correct(shop, replace(corrected_copy(request), **changes), of=before)  # type: ignore[arg-type]

    assert (corrected.decision.outcome, grounds(corrected)) == (outcome, against)
    async with shop.database.read() as tx:
        stands = await find_standing(tx, before.waybill, before.enterprise_id)
    assert stands == (None if outcome is REFUSED else before.id)


async def test_a_held_parcel_may_be_corrected_into_an_accepted_one(shop: Shop) -> None:
    request = await shop.ready(destination=ANOTHER_PROVINCE)
    held = await shop.decide(request)
    near = (await shop.ready()).destination

    corrected = await correct(shop, replace(corrected_copy(request), destination=near), of=held)

    assert (held.decision.outcome, corrected.decision.outcome) == (HELD, ACCEPTED)


async def test_what_served_when_the_parcel_came_still_serves_its_correction(shop: Shop) -> None:
    walk_in = await shop.ready()
    customers = parcel(
        sender_kind=SenderKind.AGREEMENT, agreement_id=shop.world.agreement_id, inspection=await shop.inspect()
    )
    for request in (walk_in, customers):
        before = await shop.decide(request)

        corrected = await correct(shop, corrected_copy(request), of=before, at=NEXT_MONTH)

        assert corrected.decision.outcome is ACCEPTED


async def test_a_verification_of_another_visit_does_not_serve_a_correction(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)
    between = await shop.verify(at=NOON + timedelta(days=5))

    corrected = await correct(
        shop, replace(corrected_copy(request), verification_id=between.id), of=before, at=NEXT_MONTH
    )

    assert grounds(corrected) == [Ground.VERIFICATION_EXPIRED]


async def test_the_mark_of_a_parcel_refused_later_serves_no_other(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)
    await correct(shop, replace(corrected_copy(request), weight_g=50_001), of=before)

    again = await shop.decide(replace(request, id=AcceptanceId(new_uuid())))

    assert grounds(again) == [Ground.MARK_ALREADY_USED]


# --- what cannot be corrected -----------------------------------------------------------------------------------------


async def test_a_refused_parcel_is_presented_again_not_corrected(shop: Shop) -> None:
    request = parcel()
    refused = await shop.decide(request)

    with pytest.raises(Problem) as caught:
        await correct(shop, corrected_copy(request), of=refused)

    assert caught.value.kind is Kind.NOT_STANDING


async def test_the_waybill_cannot_be_corrected(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)

    with pytest.raises(Problem) as caught:
        await correct(shop, replace(corrected_copy(request), waybill=new_waybill()), of=before)

    assert (caught.value.kind, caught.value.faults) == (Kind.INVALID, (Fault("/waybill", "not_correctable"),))


async def test_an_unknown_record_is_not_found(shop: Shop) -> None:
    before = await shop.decide(await shop.ready())

    with pytest.raises(Problem) as caught:
        await correct(shop, parcel(), of=replace(before, id=AcceptanceId(new_uuid())))

    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_repeated_correction_is_answered_with_its_record(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)
    correction = corrected_copy(request)
    await correct(shop, correction, of=before)

    again = await correct(shop, correction, of=before)

    assert (again.revision, again.sequence) == (2, 2)


async def test_an_id_belongs_to_one_correction(shop: Shop) -> None:
    request = await shop.ready()
    before = await shop.decide(request)
    correction = corrected_copy(request)
    await correct(shop, correction, of=before)

    with pytest.raises(Problem) as caught:
        await correct(shop, replace(correction, fingerprint=b"\x01" * 32), of=before)

    assert caught.value.kind is Kind.ID_CONFLICT
