"""Resolving a held parcel: what came to be known since may let it go, hold it longer, or refuse it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from acceptance_api.acceptance import (
    Acceptance,
    Destination,
    Ground,
    Item,
    NewInspection,
    NewVerification,
    Outcome,
    ResolveParcel,
    find_acceptance,
    resolve_parcel,
    rules_on,
)
from acceptance_api.acceptance.store import add_decision, find_standing
from acceptance_api.audit import Action, Entry, find_entries
from acceptance_api.identity import Answer
from acceptance_api.inspection import issue_mark
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import AcceptanceId, InspectionId, VerificationId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import ScreeningVerdict
from tests.support.builders import ANOTHER_PROVINCE, NOON, SENDER, Shop, item, parcel, verifying

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
LATER = NOON + timedelta(hours=1)


def resolution(
    held: Acceptance,
    *,
    verification: NewVerification | None = None,
    inspection: NewInspection | None = None,
    documents: Mapping[str, tuple[str, ...]] | None = None,
) -> ResolveParcel:
    return ResolveParcel(
        id=new_uuid(),
        acceptance_id=held.id,
        verification=verification,
        inspection=inspection,
        documents=documents or {},
        fingerprint=bytes(32),
    )


async def resolve(shop: Shop, request: ResolveParcel) -> Acceptance:
    async with shop.database.transaction() as tx:
        resolved, _ = await resolve_parcel(shop.vault, rules_on(legal_day(LATER)), tx, shop.caller, request, at=LATER)
    return resolved


def grounds(acceptance: Acceptance) -> list[Ground]:
    return [objection.ground for objection in acceptance.decision.objections]


async def held_for_screening(shop: Shop) -> Acceptance:
    return await shop.decide(await shop.ready(destination=ANOTHER_PROVINCE))


async def held_for_identity(shop: Shop) -> Acceptance:
    unconfirmed = await shop.verify(answer=Answer.SOURCE_DOWN)
    return await shop.decide(parcel(verification=unconfirmed, inspection=await shop.inspect()))


async def held_for_inspection(shop: Shop, *, contents: tuple[Item, ...] = (item(),)) -> Acceptance:
    inspection = await shop.inspect(contents=contents, unanswered=["matches_declaration"], issue_mark=False)
    return await shop.decide(parcel(verification=await shop.verify(), inspection=inspection, contents=contents))


@pytest.mark.parametrize(
    ("verdict", "outcome", "against"),
    [
        pytest.param(ScreeningVerdict.CLEAR, ACCEPTED, [], id="clear"),
        pytest.param(ScreeningVerdict.SUSPECT, HELD, [Ground.SCREENING_SUSPECT], id="suspect"),
        pytest.param(ScreeningVerdict.PROHIBITED, REFUSED, [Ground.SCREENING_PROHIBITED], id="prohibited"),
    ],
)
async def test_a_later_screening_is_found_by_itself(
    shop: Shop, verdict: ScreeningVerdict, outcome: Outcome, against: list[Ground]
) -> None:
    held = await held_for_screening(shop)
    await shop.screen(held.waybill, verdict)

    resolved = await resolve(shop, resolution(held))

    assert (resolved.decision.outcome, grounds(resolved)) == (outcome, against)
    assert (resolved.revision, resolved.sequence, resolved.decided_at) == (1, 2, LATER)


async def test_a_resolution_is_the_latest_decision_and_has_an_audit_entry(shop: Shop) -> None:
    held = await held_for_screening(shop)
    await shop.screen(held.waybill)
    resolved = await resolve(shop, resolution(held))

    async with shop.database.read() as tx:
        known = await find_acceptance(tx, held.outlet_id, held.id)
        entries = await find_entries(tx, held.outlet_id, subject_id=held.id)

    assert known is not None
    assert replace(known, facts={}) == replace(resolved, facts={})
    assert [entry.action for entry in entries] == [Action.ACCEPTANCE_DECIDED, Action.ACCEPTANCE_RESOLVED]


async def test_a_parcel_refused_in_the_end_frees_its_waybill(shop: Shop) -> None:
    held = await held_for_screening(shop)
    await shop.screen(held.waybill, ScreeningVerdict.PROHIBITED)
    await resolve(shop, resolution(held))

    async with shop.database.read() as tx:
        assert await find_standing(tx, held.waybill, held.enterprise_id) is None


async def test_without_news_a_held_parcel_stays_held(shop: Shop) -> None:
    held = await held_for_screening(shop)

    still = await resolve(shop, resolution(held))

    assert (still.decision.outcome, grounds(still), still.sequence) == (HELD, [Ground.NOT_SCREENED], 2)


@pytest.mark.parametrize(
    ("document", "named", "outcome"),
    [
        pytest.param(SENDER, SENDER, ACCEPTED, id="the sender"),
        pytest.param(SENDER, " 张 建国", ACCEPTED, id="the sender in another spelling"),
        pytest.param("李秀英", "李秀英", REFUSED, id="somebody else, named as such"),
        pytest.param("李秀英", SENDER, REFUSED, id="somebody else, named as the sender"),
    ],
)
async def test_a_later_verification_must_be_of_the_sender_on_the_waybill(
    shop: Shop, document: str, named: str, outcome: Outcome
) -> None:
    held = await held_for_identity(shop)
    later = await shop.verify(verifying(name=document), at=LATER)

    new = NewVerification(verification_id=later.id, sender_name=named)
    resolved = await resolve(shop, resolution(held, verification=new))

    assert resolved.decision.outcome is outcome
    assert resolved.references.verification_id == later.id
    assert named not in repr(new)


async def test_an_incomplete_inspection_is_made_good_by_a_later_one(shop: Shop) -> None:
    held = await held_for_inspection(shop)
    later = await shop.inspect(waybill=held.waybill)

    resolved = await resolve(
        shop, resolution(held, inspection=NewInspection(inspection_id=later.id, contents=(item(),)))
    )

    assert (grounds(held), resolved.decision.outcome) == ([Ground.INSPECTION_INCOMPLETE], ACCEPTED)
    assert resolved.references.inspection_id == later.id


@pytest.mark.parametrize(
    ("inspected", "named"),
    [
        pytest.param((item("书"),), (item("书"),), id="other contents than were accepted"),
        pytest.param((item("书"),), (item(),), id="other contents than were inspected"),
    ],
)
async def test_a_later_inspection_must_be_of_the_declared_contents(
    shop: Shop, inspected: tuple[Item, ...], named: tuple[Item, ...]
) -> None:
    held = await held_for_inspection(shop)
    later = await shop.inspect(waybill=held.waybill, contents=inspected)

    resolved = await resolve(shop, resolution(held, inspection=NewInspection(inspection_id=later.id, contents=named)))

    assert (resolved.decision.outcome, grounds(resolved)) == (REFUSED, [Ground.DECLARATION_MISMATCH])


async def test_a_mark_that_was_given_later_is_found_by_itself_and_used(shop: Shop) -> None:
    inspection = await shop.inspect(issue_mark=False)
    held = await shop.decide(parcel(verification=await shop.verify(), inspection=inspection))
    async with shop.database.transaction() as tx:
        await issue_mark(tx, shop.caller, inspection.id, at=LATER)

    resolved = await resolve(shop, resolution(held))

    assert (grounds(held), resolved.decision.outcome) == ([Ground.MARK_MISSING], ACCEPTED)
    async with shop.database.read() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM inspection_mark_uses"))).scalar() == 1


async def test_a_document_shown_later_meets_the_condition(shop: Shop) -> None:
    contents = (item("充电宝", goods_code="R-10"),)
    inspection = await shop.inspect(contents=contents)
    held = await shop.decide(parcel(verification=await shop.verify(), inspection=inspection, contents=contents))

    resolved = await resolve(shop, resolution(held, documents={"R-10": ("ccc_mark",)}))

    assert (grounds(held), resolved.decision.outcome) == ([Ground.CONDITION_UNMET], ACCEPTED)


async def test_an_identity_that_was_fresh_when_the_parcel_came_stays_so(shop: Shop) -> None:
    held = await held_for_screening(shop)
    await shop.screen(held.waybill)

    async with shop.database.transaction() as tx:
        resolved, _ = await resolve_parcel(
            shop.vault, rules_on(legal_day(LATER)), tx, shop.caller, resolution(held), at=NOON + timedelta(days=2)
        )

    assert resolved.decision.outcome is ACCEPTED


async def test_a_letter_held_for_screening_needs_no_inspection_afterwards(shop: Shop) -> None:
    held = await shop.decide(parcel(contents_kind="letter", destination=Destination(country="FR")))
    await shop.screen(held.waybill)

    resolved = await resolve(shop, resolution(held))

    assert (grounds(held), resolved.decision.outcome) == ([Ground.NOT_SCREENED], ACCEPTED)


# --- what cannot be resolved ------------------------------------------------------------------------------------------


async def test_only_a_held_parcel_can_be_resolved(shop: Shop) -> None:
    for request in (await shop.ready(), parcel()):
        decided = await shop.decide(request)

        with pytest.raises(Problem) as caught:
            await resolve(shop, resolution(decided))

        assert caught.value.kind is Kind.NOT_HELD


async def test_an_unknown_parcel_is_not_found(shop: Shop) -> None:
    held = await held_for_screening(shop)

    with pytest.raises(Problem) as caught:
        await resolve(shop, resolution(replace(held, id=AcceptanceId(new_uuid()))))

    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_reference_this_outlet_does_not_have_is_pointed_at(shop: Shop) -> None:
    held = await held_for_screening(shop)
    verification = NewVerification(verification_id=VerificationId(new_uuid()), sender_name=SENDER)
    inspection = NewInspection(inspection_id=InspectionId(new_uuid()), contents=())
    table = {
        "/verification/verification_id": resolution(held, verification=verification),
        "/inspection/inspection_id": resolution(held, inspection=inspection),
    }

    for pointer, request in table.items():
        with pytest.raises(Problem) as caught:
            await resolve(shop, request)
        assert (caught.value.kind, caught.value.faults) == (Kind.REFERENCE_UNKNOWN, (Fault(pointer, "unknown"),))


async def test_a_repeated_resolution_is_answered_with_its_record(shop: Shop) -> None:
    held = await held_for_screening(shop)
    await shop.screen(held.waybill)
    request = resolution(held)
    first = await resolve(shop, request)

    async with shop.database.transaction() as tx:
        again, is_new = await resolve_parcel(shop.vault, rules_on(legal_day(LATER)), tx, shop.caller, request, at=LATER)

    assert (is_new, again.sequence, again.decision) == (False, 2, first.decision)


async def test_an_id_belongs_to_one_resolution(shop: Shop) -> None:
    held = await held_for_screening(shop)
    request = resolution(held)
    await resolve(shop, request)

    with pytest.raises(Problem) as caught:
        await resolve(shop, replace(request, fingerprint=b"\x01" * 32))

    assert caught.value.kind is Kind.ID_CONFLICT


async def test_of_two_resolutions_at_once_one_is_too_late(shop: Shop) -> None:
    held = await held_for_screening(shop)
    await shop.screen(held.waybill)

    outcomes = await asyncio.gather(*(resolve(shop, resolution(held)) for _ in range(2)), return_exceptions=True)

    (won,) = [outcome for outcome in outcomes if isinstance(outcome, Acceptance)]
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert won.decision.outcome is ACCEPTED
    # Who begins after the other has committed sees that nothing is held any more.
    assert lost.kind in {Kind.CHANGED_MEANWHILE, Kind.NOT_HELD}


async def test_who_decides_on_what_is_no_longer_the_latest_has_to_look_again(shop: Shop) -> None:
    held = await held_for_screening(shop)
    await resolve(shop, resolution(held))
    stale = replace(held, sequence=held.sequence + 1)

    with pytest.raises(Problem) as caught:
        async with shop.database.transaction() as tx:
            await add_decision(tx, stale, decision_id=new_uuid(), fingerprint=bytes(32), entry=entry(shop, held.id))

    assert caught.value.kind is Kind.CHANGED_MEANWHILE


def entry(shop: Shop, subject_id: UUID) -> Entry:
    return Entry(
        action=Action.ACCEPTANCE_RESOLVED,
        actor=shop.caller.actor,
        at=LATER,
        stream_id=shop.caller.outlet_id,
        subject_id=subject_id,
    )
