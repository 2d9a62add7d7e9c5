"""Deciding a parcel: what is recorded, what stands, and who comes first."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest
from sqlalchemy import insert, text

from acceptance_api.acceptance import (
    Acceptance,
    DecideParcel,
    Ground,
    Item,
    Outcome,
    SenderKind,
    SenderRefusal,
    decide_parcel,
    draft_decision,
    find_acceptance,
    find_sealed,
)
from acceptance_api.acceptance.store import find_standing
from acceptance_api.access import Permission
from acceptance_api.audit import Action, Entry, find_entries
from acceptance_api.identity import Answer
from acceptance_api.inspection import ContentsKind, find_inspection
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import AcceptanceId, AgreementId, InspectionId, VerificationId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from tests.support.builders import ANOTHER_PROVINCE, NOON, SENDER, Shop, item, new_waybill, parcel, party, verifying

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED


def grounds(acceptance: Acceptance) -> list[Ground]:
    return [objection.ground for objection in acceptance.decision.objections]


async def found(shop: Shop, acceptance: Acceptance) -> Acceptance:
    async with shop.database.read() as tx:
        known = await find_acceptance(tx, shop.caller.outlet_id, acceptance.id)
    assert known is not None
    return known


async def entries_of(shop: Shop, acceptance: Acceptance) -> tuple[Entry, ...]:
    async with shop.database.read() as tx:
        return await find_entries(tx, acceptance.outlet_id, subject_id=acceptance.id)


async def standing(shop: Shop, waybill: str) -> object:
    async with shop.database.read() as tx:
        return await find_standing(tx, waybill, shop.caller.enterprise_id)


# --- what is recorded -------------------------------------------------------------------------------------------------


async def test_a_parcel_in_order_is_accepted(shop: Shop) -> None:
    accepted = await shop.decide(await shop.ready())

    assert (accepted.decision.outcome, grounds(accepted)) == (ACCEPTED, [])


async def test_a_parcel_that_must_be_screened_first_is_held(shop: Shop) -> None:
    held = await shop.decide(await shop.ready(destination=ANOTHER_PROVINCE))

    assert (held.decision.outcome, grounds(held)) == (HELD, [Ground.NOT_SCREENED])


async def test_a_parcel_nobody_checked_is_refused_and_that_is_an_answer(shop: Shop) -> None:
    refused = await shop.decide(parcel(sender_refusal=SenderRefusal.REGISTRATION))

    assert refused.decision.outcome is REFUSED
    assert grounds(refused) == [Ground.REGISTRATION_REFUSED, Ground.SENDER_NOT_VERIFIED, Ground.NOT_INSPECTED]


async def test_what_was_recorded_is_found_as_it_was_answered(shop: Shop) -> None:
    for request in (await shop.ready(), await shop.ready(destination=ANOTHER_PROVINCE), parcel()):
        answered = await shop.decide(request)

        known = await found(shop, answered)

        assert replace(known, facts={}) == replace(answered, facts={})
        assert known.facts["on"] == "2026-11-23"


async def test_a_decision_and_its_audit_entry_are_one(shop: Shop) -> None:
    held = await shop.decide(await shop.ready(destination=ANOTHER_PROVINCE))

    (entry,) = await entries_of(shop, held)

    assert (entry.action, entry.actor, entry.at) == (Action.ACCEPTANCE_DECIDED, shop.caller.actor, NOON)
    assert entry.detail["outcome"] == "held"
    assert entry.detail["grounds"] == ["not_screened"]
    assert set(entry.commitments) == {"sender_name", "contents"}


async def test_no_record_is_left_when_the_audit_entry_cannot_be_written(shop: Shop) -> None:
    request = await shop.ready()
    async with shop.database.transaction() as tx:
        await tx.execute(text("ALTER TABLE audit_entries RENAME TO lost_entries"))

    with pytest.raises((Problem, asyncpg.UndefinedTableError)):
        await shop.decide(request)

    async with shop.database.read() as tx:
        assert await find_acceptance(tx, shop.caller.outlet_id, request.id) is None
        assert request.inspection_id is not None
        inspected = await find_inspection(tx, shop.caller.outlet_id, request.inspection_id)
    assert inspected is not None
    assert inspected.mark is not None
    assert inspected.mark.used_by is None
    assert await standing(shop, request.waybill) is None


async def test_personal_data_are_sealed_and_no_two_seals_are_alike(shop: Shop) -> None:
    accepted = await shop.decide(await shop.ready())

    async with shop.database.read() as tx:
        ((revision, sealed),) = await find_sealed(tx, accepted.outlet_id, accepted.id)

    present = [envelope for envelope in sealed.envelopes.values() if envelope is not None]
    assert revision == 1
    assert len(set(present)) == len(present) == 7
    assert not any(SENDER.encode() in envelope for envelope in present)
    assert {name for name, envelope in sealed.envelopes.items() if envelope is None} == {
        "organisation_name_sealed",
        "organisation_code_sealed",
    }


async def test_without_the_permission_nothing_is_decided(shop: Shop) -> None:
    client = shop.caller.client
    without = replace(client, permissions=client.permissions - {Permission.COUNTER_ACCEPTANCE_DECIDE})

    with pytest.raises(Problem) as caught:
        await replace(shop, caller=replace(shop.caller, client=without)).decide(parcel())

    assert caught.value.kind is Kind.NOT_PERMITTED


async def test_a_closed_outlet_accepts_nothing(shop: Shop) -> None:
    async with shop.database.transaction() as tx:
        await tx.execute(text("UPDATE outlets SET closed_at = created_at"))

    with pytest.raises(Problem) as caught:
        await shop.decide(parcel())

    assert caught.value.kind is Kind.NOT_PERMITTED


# --- facts of other rooms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("presented", "pointer"),
    [
        pytest.param(
            replace(parcel(), verification_id=VerificationId(new_uuid())), "/sender/verification_id", id="verification"
        ),
        pytest.param(replace(parcel(), inspection_id=InspectionId(new_uuid())), "/inspection_id", id="inspection"),
        pytest.param(parcel(agreement_id=AgreementId(new_uuid())), "/sender/agreement_id", id="agreement"),
    ],
)
async def test_a_reference_this_outlet_does_not_have_is_pointed_at(
    shop: Shop, presented: DecideParcel, pointer: str
) -> None:
    with pytest.raises(Problem) as caught:
        await shop.decide(presented)

    assert (caught.value.kind, caught.value.faults) == (Kind.REFERENCE_UNKNOWN, (Fault(pointer, "unknown"),))


async def test_a_goods_code_the_catalogue_does_not_have_is_pointed_at(shop: Shop) -> None:
    with pytest.raises(Problem) as caught:
        await shop.decide(parcel(contents=(item(), item("新玩意", goods_code="X-99"))))

    assert caught.value.kind is Kind.INVALID
    assert caught.value.faults == (Fault("/contents/1/goods_code", "not_in_the_catalogue"),)


async def test_goods_are_known_by_their_name_without_a_code(shop: Shop) -> None:
    refused = await shop.decide(parcel(contents=(item("打火机"),)))

    assert Ground.PROHIBITED_GOODS in grounds(refused)


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        pytest.param(timedelta(hours=2) - timedelta(microseconds=1), ACCEPTED, id="to the last instant"),
        pytest.param(timedelta(hours=2), REFUSED, id="its end is exclusive"),
    ],
)
async def test_a_verification_serves_the_parcels_of_one_visit(shop: Shop, after: timedelta, outcome: Outcome) -> None:
    decided = await shop.decide(await shop.ready(), at=NOON + after)

    assert decided.decision.outcome is outcome


async def test_an_authority_that_cannot_answer_holds_the_parcel(shop: Shop) -> None:
    unconfirmed = await shop.verify(answer=Answer.SOURCE_DOWN)

    held = await shop.decide(parcel(verification=unconfirmed, inspection=await shop.inspect()))

    assert (held.decision.outcome, grounds(held)) == (HELD, [Ground.IDENTITY_UNCONFIRMED])


@pytest.mark.parametrize(
    ("document", "waybill", "agrees"),
    [
        pytest.param("张建国", "张建国", True, id="the same"),
        pytest.param("张建国", " 张 建国 ", True, id="blanks"),
        pytest.param("阿依努尔·买买提", "阿依努尔．买买提", True, id="another dot"),
        pytest.param("John SMITH", "JOHN Smith", True, id="capitals"),
        pytest.param("张建国", "张建图", False, id="another character"),
        pytest.param("张建国", "张建", False, id="a part"),
    ],
)
async def test_the_waybill_must_name_the_documents_holder_in_any_spelling(
    shop: Shop, document: str, waybill: str, *, agrees: bool
) -> None:
    verified = await shop.verify(verifying(name=document))

    decided = await shop.decide(
        parcel(verification=verified, inspection=await shop.inspect(), sender=party(name=waybill))
    )

    assert (Ground.NAME_MISMATCH not in grounds(decided)) is agrees


@pytest.mark.parametrize(
    ("inspected", "presented", "same"),
    [
        pytest.param((item("毛衣", 2),), (item("毛衣", Decimal("2.00")),), True, id="another spelling of the quantity"),
        pytest.param((item("毛衣"), item("书")), (item("书"), item("毛衣")), True, id="another order"),
        pytest.param((item("毛衣", 2),), (item("毛衣", 3),), False, id="another quantity"),
        pytest.param((item("毛衣"),), (item("毛巾"),), False, id="another name"),
    ],
)
async def test_the_contents_must_be_those_that_were_inspected(
    shop: Shop, inspected: tuple[Item, ...], presented: tuple[Item, ...], *, same: bool
) -> None:
    inspection = await shop.inspect(contents=inspected)

    decided = await shop.decide(parcel(verification=await shop.verify(), inspection=inspection, contents=presented))

    assert (Ground.DECLARATION_MISMATCH not in grounds(decided)) is same


async def test_a_letters_checklist_does_not_serve_a_parcel(shop: Shop) -> None:
    inspection = await shop.inspect(contents_kind=ContentsKind.LETTER)

    decided = await shop.decide(parcel(verification=await shop.verify(), inspection=inspection))

    assert (decided.decision.outcome, grounds(decided)) == (REFUSED, [Ground.DECLARATION_MISMATCH])


async def test_an_inspection_serves_its_own_waybill_only(shop: Shop) -> None:
    request = replace(await shop.ready(), waybill=new_waybill())

    assert grounds(await shop.decide(request)) == [Ground.INSPECTION_OF_ANOTHER_WAYBILL]


async def test_an_agreement_in_force_stands_for_the_identity_check(shop: Shop) -> None:
    request = parcel(
        sender_kind=SenderKind.AGREEMENT, agreement_id=shop.world.agreement_id, inspection=await shop.inspect()
    )

    assert (await shop.decide(request)).decision.outcome is ACCEPTED


async def test_an_agreement_says_nothing_for_a_walk_in(shop: Shop) -> None:
    request = parcel(agreement_id=shop.world.agreement_id, inspection=await shop.inspect())

    assert grounds(await shop.decide(request)) == [Ground.SENDER_NOT_VERIFIED]


# --- waybills and ids -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("far", [False, True], ids=["accepted", "held"])
async def test_a_waybill_that_stands_is_not_decided_twice(shop: Shop, *, far: bool) -> None:
    request = await shop.ready(destination=ANOTHER_PROVINCE) if far else await shop.ready()
    await shop.decide(request)

    with pytest.raises(Problem) as caught:
        await shop.decide(replace(request, id=AcceptanceId(new_uuid())))

    assert caught.value.kind is Kind.WAYBILL_ALREADY_DECIDED


async def test_a_refused_parcel_may_be_presented_again_under_its_waybill(shop: Shop) -> None:
    request = await shop.ready()
    refused = await shop.decide(replace(request, verification_id=None))

    accepted = await shop.decide(replace(request, id=AcceptanceId(new_uuid())))

    assert (refused.decision.outcome, accepted.decision.outcome) == (REFUSED, ACCEPTED)
    assert await standing(shop, request.waybill) == accepted.id


async def test_a_repeated_request_is_answered_with_its_record(shop: Shop) -> None:
    request = await shop.ready()
    first = await shop.decide(request)

    again, is_new = await decide_parcel(shop.deciding, shop.caller, request, at=NOON + timedelta(days=1))

    assert not is_new
    assert replace(again, facts={}) == replace(first, facts={})
    assert len(await entries_of(shop, first)) == 1


async def test_an_id_belongs_to_one_request(shop: Shop) -> None:
    request = await shop.ready()
    await shop.decide(request)

    with pytest.raises(Problem) as caught:
        await shop.decide(replace(request, fingerprint=b"\x01" * 32))

    assert caught.value.kind is Kind.ID_CONFLICT


async def test_another_outlets_id_under_one_waybill_is_a_conflict(shop: Shop) -> None:
    request = parcel()
    await shop.decide(request)
    async with shop.database.transaction() as tx:
        await tx.execute(text("UPDATE acceptances SET outlet_id = clerk_id"))
        await tx.execute(text("UPDATE decisions SET outlet_id = clerk_id"))

    with pytest.raises(Problem) as caught:
        await shop.decide(request)

    assert caught.value.kind is Kind.ID_CONFLICT


async def test_of_many_who_decide_one_waybill_exactly_one_wins(shop: Shop) -> None:
    request = await shop.ready()
    rivals = [replace(request, id=AcceptanceId(new_uuid())) for _ in range(6)]

    outcomes = await asyncio.gather(*(shop.decide(rival) for rival in rivals), return_exceptions=True)

    won = [outcome for outcome in outcomes if isinstance(outcome, Acceptance)]
    lost = [outcome.kind for outcome in outcomes if isinstance(outcome, Problem)]
    assert len(won) == 1
    assert lost == [Kind.WAYBILL_ALREADY_DECIDED] * 5
    assert await standing(shop, request.waybill) == won[0].id
    assert await rows(shop.database, "acceptances") == 1


async def test_who_comes_while_another_is_being_recorded_waits_and_loses(shop: Shop) -> None:
    request = await shop.ready()
    drafted = await draft_decision(shop.deciding, shop.caller, request, at=NOON)
    assert drafted is not None
    acceptance, record = drafted
    async with shop.database.transaction() as tx:
        for table, row in record.rows:
            await tx.execute(insert(table), row)
        rival = asyncio.create_task(shop.decide(replace(request, id=AcceptanceId(new_uuid()))))
        await asyncio.sleep(0.2)
        assert not rival.done()

    with pytest.raises(Problem) as caught:
        await rival

    assert caught.value.kind is Kind.WAYBILL_ALREADY_DECIDED
    assert await standing(shop, request.waybill) == acceptance.id


async def test_of_many_copies_of_one_request_one_is_recorded(shop: Shop) -> None:
    request = await shop.ready()

    outcomes = await asyncio.gather(*(shop.decide(request) for _ in range(4)), return_exceptions=True)

    answers = {outcome.id for outcome in outcomes if isinstance(outcome, Acceptance)}
    others = {outcome.kind for outcome in outcomes if isinstance(outcome, Problem)}
    assert answers == {request.id}
    assert others <= {Kind.CHANGED_MEANWHILE}
    assert await rows(shop.database, "acceptances") == await rows(shop.database, "decisions") == 1


async def rows(database: Database, table: str) -> int:
    async with database.read() as tx:
        return int((await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())  # noqa: S608 - our own names


# --- marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("far", [False, True], ids=["accepted", "held"])
async def test_a_parcel_that_stands_uses_its_mark(shop: Shop, *, far: bool) -> None:
    request = await shop.ready(destination=ANOTHER_PROVINCE) if far else await shop.ready()
    await shop.decide(request)

    assert await used_by(shop, request.inspection_id) == request.id


async def test_a_refused_parcel_leaves_its_mark_unused(shop: Shop) -> None:
    request = replace(await shop.ready(), verification_id=None)
    await shop.decide(request)

    assert await used_by(shop, request.inspection_id) is None


async def used_by(shop: Shop, inspection_id: InspectionId | None) -> object:
    assert inspection_id is not None
    async with shop.database.read() as tx:
        known = await find_inspection(tx, shop.caller.outlet_id, inspection_id)
    assert known is not None
    assert known.mark is not None
    return known.mark.used_by
