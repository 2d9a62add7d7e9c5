"""Recording inspections, and giving their marks: never before the checklist is complete."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from acceptance_api.audit import Action, find_entries
from acceptance_api.inspection import (
    Answer,
    AnswerValue,
    Inspection,
    InspectionStatus,
    NotOpenedReason,
    Objection,
    Opening,
    RecordInspection,
    find_inspection,
    issue_mark,
    record_inspection,
    statement_of,
    use_mark,
)
from acceptance_api.kernel.ids import InspectionId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from tests.support.builders import NOON, Shop, inspecting, item

PASSED, FAILED, INCOMPLETE = InspectionStatus.PASSED, InspectionStatus.FAILED, InspectionStatus.INCOMPLETE


async def record(shop: Shop, request: RecordInspection) -> tuple[Inspection, bool]:
    async with shop.database.transaction() as tx:
        return await record_inspection(shop.vault, tx, shop.caller, request, at=NOON)


async def mark(shop: Shop, inspection_id: InspectionId) -> Inspection:
    async with shop.database.transaction() as tx:
        return await issue_mark(tx, shop.caller, inspection_id, at=NOON)


async def found(shop: Shop, inspection_id: InspectionId) -> Inspection | None:
    async with shop.database.read() as tx:
        return await find_inspection(tx, shop.caller.outlet_id, inspection_id)


async def actions_of(shop: Shop, inspection: Inspection) -> list[Action]:
    async with shop.database.read() as tx:
        entries = await find_entries(tx, inspection.outlet_id, subject_id=inspection.id)
    return [entry.action for entry in entries]


async def test_a_complete_inspection_passes_and_is_marked(shop: Shop) -> None:
    inspection = await shop.inspect()

    assert (inspection.status, inspection.missing, inspection.failed, inspection.objections) == (PASSED, (), (), ())
    assert inspection.mark is not None
    assert (inspection.mark.waybill, inspection.mark.used_by) == (inspection.waybill, None)
    assert await found(shop, inspection.id) == inspection
    assert await actions_of(shop, inspection) == [Action.INSPECTION_RECORDED, Action.MARK_ISSUED]


async def test_the_marks_serial_carries_the_legal_day(shop: Shop) -> None:
    just_after_midnight = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)

    inspection = await shop.inspect(at=just_after_midnight)

    assert inspection.mark is not None
    assert inspection.mark.serial.startswith("YS261124")


@pytest.mark.parametrize(
    ("changed", "status", "objections"),
    [
        pytest.param({"unanswered": ["matches_declaration"]}, INCOMPLETE, (), id="an item unanswered"),
        pytest.param({"failed": ["matches_declaration"]}, FAILED, (), id="an item failed"),
        pytest.param(
            {"opening": Opening.NOT_OPENED, "not_opened_reason": NotOpenedReason.SENDER_REFUSED},
            FAILED,
            (Objection.OPENING_REFUSED,),
            id="the sender refused",
        ),
        pytest.param({"seen": [item("火药")]}, FAILED, (Objection.DECLARATION_MISMATCH,), id="something else was seen"),
    ],
)
async def test_what_failed_or_is_missing_is_recorded_and_not_marked(
    shop: Shop, changed: dict[str, object], status: InspectionStatus, objections: tuple[Objection, ...]
) -> None:
    request = inspecting(photos=await shop.photograph(12), **changed)  # type: ignore[arg-type]  # a table of arguments

    inspection, is_new = await record(shop, request)

    assert (is_new, inspection.status, inspection.objections, inspection.mark) == (True, status, objections, None)
    assert await found(shop, inspection.id) == inspection
    with pytest.raises(Problem) as caught:
        await mark(shop, inspection.id)
    assert caught.value.kind is Kind.MARK_NOT_DUE


async def test_a_mark_is_given_once_however_often_it_is_asked_for(shop: Shop) -> None:
    inspection = await shop.inspect(issue_mark=False)
    assert inspection.mark is None

    first, again = await mark(shop, inspection.id), await mark(shop, inspection.id)

    assert first.mark is not None
    assert first.mark == again.mark
    assert await actions_of(shop, inspection) == [Action.INSPECTION_RECORDED, Action.MARK_ISSUED]


async def test_an_unknown_inspection_is_not_found(shop: Shop) -> None:
    with pytest.raises(Problem) as caught:
        await mark(shop, InspectionId(new_uuid()))

    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_mark_serves_one_acceptance(shop: Shop) -> None:
    inspection, acceptance = await shop.inspect(), new_uuid()
    for _ in range(2):
        async with shop.database.transaction() as tx:
            await use_mark(tx, inspection.outlet_id, inspection.id, acceptance)

    with pytest.raises(Problem) as caught:
        async with shop.database.transaction() as tx:
            await use_mark(tx, inspection.outlet_id, inspection.id, new_uuid())

    assert caught.value.kind is Kind.CHANGED_MEANWHILE


async def test_a_repeated_request_is_answered_with_its_record(shop: Shop) -> None:
    request = inspecting(photos=await shop.photograph(12))
    first, _ = await record(shop, request)

    assert await record(shop, request) == (first, False)


async def test_an_id_belongs_to_one_inspection(shop: Shop) -> None:
    request = inspecting(photos=await shop.photograph(12))
    await record(shop, request)

    with pytest.raises(Problem) as caught:
        await record(shop, replace(request, fingerprint=b"\x01" * 32))

    assert caught.value.kind is Kind.ID_CONFLICT


async def test_photos_nobody_stored_are_pointed_at(shop: Shop) -> None:
    (known,) = await shop.photograph(1)

    with pytest.raises(Problem) as caught:
        await record(shop, inspecting(photos=(known, "0" * 64)))

    assert (caught.value.kind, caught.value.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/photos/1", "unknown"),))


async def test_answers_to_what_nobody_asked_are_pointed_at(shop: Shop) -> None:
    request = inspecting(photos=await shop.photograph(12))
    stray = Answer(item="smells_nice", value=AnswerValue.PASS)

    with pytest.raises(Problem) as caught:
        await record(shop, replace(request, answers=(stray, *request.answers)))

    assert caught.value.kind is Kind.INVALID
    assert caught.value.faults == (Fault("/answers/0/item", "not_on_the_checklist"),)


async def test_what_was_seen_and_noted_is_sealed(shop: Shop) -> None:
    inspection = await shop.inspect(contents=(item("给张建国的毛衣"),))

    async with shop.database.read() as tx:
        rows = (await tx.execute(text("SELECT * FROM inspections"))).all()

    assert "张建国" not in repr(rows)
    assert "张建国".encode() not in inspection.findings_sealed


async def test_without_the_permission_nothing_is_recorded(shop: Shop) -> None:
    without = replace(shop.caller, client=replace(shop.caller.client, permissions=frozenset()))

    with pytest.raises(Problem) as caught:
        await record(replace(shop, caller=without), inspecting())

    assert caught.value.kind is Kind.NOT_PERMITTED


@pytest.mark.parametrize(
    ("lines", "same"),
    [
        pytest.param((("毛衣", 2), ("书", 1)), True, id="as it is"),
        pytest.param((("书", 1), ("毛 衣", 2)), True, id="another order, a blank"),
        pytest.param((("毛衣", 2),), False, id="a line less"),
        pytest.param((("毛衣", 1), ("书", 2)), False, id="quantities swapped"),
        pytest.param((("毛衣\t2\n书", 1),), False, id="a line made to look like two"),
    ],
)
def test_a_declaration_has_one_spelling(lines: tuple[tuple[str, int], ...], *, same: bool) -> None:
    assert (statement_of(lines) == statement_of((("毛衣", 2), ("书", 1)))) is same
