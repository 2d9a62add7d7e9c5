"""Second looks, open checks, and interception, on a database."""

import asyncio
from dataclasses import replace

import pytest

from acceptance_api.audit import Action, find_entries
from acceptance_api.kernel.ids import ClerkId, ScreeningId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import (
    LookAgain,
    PassState,
    ScreeningVerdict,
    find_passes,
    intercept_screening,
    look_again,
    read_screening,
)
from acceptance_api.screening.model import CheckConclusion, LookConclusion, Step, StepReason
from tests.screening.staff import KNIFE, Staff
from tests.support.builders import NOON, new_waybill

CLEAR, SUSPECT, PROHIBITED = ScreeningVerdict


async def verdict_now(staff: Staff, waybill: str) -> tuple[ScreeningVerdict, bool]:
    async with staff.shop.database.read() as tx:
        (fact,) = await find_passes(tx, staff.first.outlet_id, waybill)
    return fact.verdict, fact.labelled


async def test_a_second_look_clears_a_suspect_pass_and_labels_it(staff: Staff) -> None:
    waybill = new_waybill()
    suspect = await staff.screen(waybill)
    assert await verdict_now(staff, waybill) == (SUSPECT, False)

    history = await staff.look(suspect.id)

    assert [(one.number, one.step, one.state) for one in history.steps] == [
        (1, Step.LOOK_AGAIN, PassState.SECOND_LOOK),
        (2, Step.FIND_CLEAR, PassState.CLEAR),
        (3, Step.LABEL, PassState.LABELLED),
    ]
    assert {one.done.clerk_id for one in history.steps} == {staff.other.named_clerk_id}
    assert await verdict_now(staff, waybill) == (CLEAR, True)
    assert history.screening.verdict is SUSPECT, "what was said first stays"


async def test_an_open_check_in_twos_clears_or_condemns(staff: Staff) -> None:
    for conclusion, verdict in ((CheckConclusion.CLEAR, CLEAR), (CheckConclusion.PROHIBITED, PROHIBITED)):
        waybill = new_waybill()
        suspect = await staff.screen(waybill)
        await staff.look(suspect.id, LookConclusion.OPEN_CHECK)
        assert await verdict_now(staff, waybill) == (SUSPECT, False)

        history = await staff.open(suspect.id, conclusion, photo="a" * 64)

        assert await verdict_now(staff, waybill) == (verdict, verdict is CLEAR)
        assert history.steps[-1].done.second_clerk_id == staff.other.named_clerk_id
        assert history.steps[-1].done.photo == "a" * 64


async def test_steps_are_read_as_they_were_recorded(staff: Staff) -> None:
    suspect = await staff.screen(new_waybill())
    await staff.look(suspect.id, LookConclusion.OPEN_CHECK)
    recorded = await staff.open(suspect.id)

    assert await read_screening(staff.shop.screening, staff.first, suspect.id) == recorded


@pytest.mark.parametrize("who", ["first", "clerk"])
async def test_neither_the_first_screener_nor_a_clerk_gives_a_second_look(staff: Staff, who: str) -> None:
    suspect = await staff.screen(new_waybill())

    with pytest.raises(Problem) as caught:
        await staff.look(suspect.id, by=getattr(staff, who))

    code = {"first": "screened_it_first", "clerk": "not_a_screener"}[who]
    assert (caught.value.kind, caught.value.faults) == (Kind.NOT_PERMITTED, (Fault("header:clerk-id", code),))
    history = await read_screening(staff.shop.screening, staff.first, suspect.id)
    assert (history.screening.state, history.steps) == (PassState.SUSPECT, ())


async def test_one_person_is_not_two(staff: Staff) -> None:
    suspect = await staff.screen(new_waybill())
    await staff.look(suspect.id, LookConclusion.OPEN_CHECK)

    with pytest.raises(Problem) as caught:
        await staff.open(suspect.id, by=staff.other, second=staff.other.named_clerk_id)

    assert (caught.value.kind, caught.value.faults) == (Kind.INVALID, (Fault("/second_clerk_id", "same_person"),))


async def test_an_unknown_second_person_is_pointed_at(staff: Staff) -> None:
    suspect = await staff.screen(new_waybill())
    await staff.look(suspect.id, LookConclusion.OPEN_CHECK)

    with pytest.raises(Problem) as caught:
        await staff.open(suspect.id, second=ClerkId(new_uuid()))

    assert (caught.value.kind, caught.value.faults) == (
        Kind.REFERENCE_UNKNOWN,
        (Fault("/second_clerk_id", "unknown"),),
    )


async def test_a_suspect_parcel_is_not_opened_before_a_second_look(staff: Staff) -> None:
    suspect = await staff.screen(new_waybill())

    with pytest.raises(Problem) as caught:
        await staff.open(suspect.id)

    assert caught.value.kind is Kind.STEP_NOT_DUE


@pytest.mark.parametrize("verdict", [CLEAR, PROHIBITED])
async def test_only_a_suspect_pass_is_looked_at_again(staff: Staff, verdict: ScreeningVerdict) -> None:
    recorded = await staff.screen(new_waybill(), verdict)

    with pytest.raises(Problem) as caught:
        await staff.look(recorded.id)

    assert caught.value.kind is Kind.STEP_NOT_DUE


async def test_of_concurrent_second_looks_one_counts_and_the_others_are_told(staff: Staff) -> None:
    waybill = new_waybill()
    suspect = await staff.screen(waybill)
    conclusions = [LookConclusion.CLEAR, LookConclusion.OPEN_CHECK] * 3

    outcomes = await asyncio.gather(*(staff.look(suspect.id, one) for one in conclusions), return_exceptions=True)

    told = [one.kind for one in outcomes if isinstance(one, Problem)]
    assert told == [Kind.STEP_NOT_DUE] * (len(conclusions) - 1)
    history = await read_screening(staff.shop.screening, staff.first, suspect.id)
    assert [one.step for one in history.steps].count(Step.LOOK_AGAIN) == 1
    assert history.steps[-1].state is history.screening.state


async def test_the_same_look_sent_again_is_answered_with_what_it_did(staff: Staff) -> None:
    suspect = await staff.screen(new_waybill())
    request = LookAgain(
        id=new_uuid(),
        screening_id=suspect.id,
        conclusion=LookConclusion.CLEAR,
        reason=StepReason.HARMLESS_CONTENTS,
        fingerprint=b"1",
    )
    async with staff.shop.database.transaction() as tx:
        first = await look_again(tx, staff.other, request, at=NOON)
    async with staff.shop.database.transaction() as tx:
        again = await look_again(tx, staff.other, request, at=NOON)

    assert (first[1], again[1], again[0]) == (True, False, first[0])
    with pytest.raises(Problem) as caught:
        async with staff.shop.database.transaction() as tx:
            await look_again(tx, staff.other, replace(request, fingerprint=b"2"), at=NOON)
    assert caught.value.kind is Kind.ID_CONFLICT


async def test_a_prohibited_parcel_is_intercepted_once_and_stays_so(staff: Staff) -> None:
    waybill, case_id = new_waybill(), new_uuid()
    recorded = await staff.screen(waybill, PROHIBITED)
    histories = []
    for _ in range(2):
        async with staff.shop.database.transaction() as tx:
            histories.append(await intercept_screening(tx, staff.first, recorded.id, case_id=case_id, at=NOON))

    assert histories[0] == histories[1]
    assert [one.step for one in histories[0].steps] == [Step.INTERCEPT]
    assert histories[0].steps[0].done.request_id == case_id
    assert await verdict_now(staff, waybill) == (PROHIBITED, False)


async def test_a_clear_parcel_is_not_intercepted(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR)

    with pytest.raises(Problem) as caught:
        async with staff.shop.database.transaction() as tx:
            await intercept_screening(tx, staff.first, recorded.id, case_id=new_uuid(), at=NOON)

    assert caught.value.kind is Kind.STEP_NOT_DUE


async def test_a_pass_cleared_while_flags_are_open_waits_for_its_label(staff: Staff) -> None:
    waybill = new_waybill()
    suspect = await staff.screen(waybill, flags=(KNIFE,))
    await staff.look(suspect.id)
    assert await verdict_now(staff, waybill) == (CLEAR, False)

    await staff.close(suspect.id)

    assert await verdict_now(staff, waybill) == (CLEAR, True)


async def test_each_step_leaves_an_audit_entry(staff: Staff) -> None:
    suspect = await staff.screen(new_waybill())
    await staff.look(suspect.id, LookConclusion.OPEN_CHECK)
    await staff.open(suspect.id, CheckConclusion.PROHIBITED)

    async with staff.shop.database.read() as tx:
        entries = await find_entries(tx, suspect.outlet_id, subject_id=suspect.id)

    assert [(one.action, one.detail["state"]) for one in entries[1:]] == [
        (Action.SECOND_LOOK_RECORDED, "open_check"),
        (Action.OPEN_CHECK_RECORDED, "prohibited"),
    ]


@pytest.mark.parametrize("what", ["look", "open", "close"])
async def test_an_unknown_pass_and_a_client_without_the_permission_are_turned_away(staff: Staff, what: str) -> None:
    suspect = await staff.screen(new_waybill(), flags=(KNIFE,))
    mute = replace(staff.other, client=replace(staff.other.client, permissions=frozenset()))

    with pytest.raises(Problem) as unknown:
        await getattr(staff, what)(ScreeningId(new_uuid()))
    with pytest.raises(Problem) as forbidden:
        await getattr(staff, what)(suspect.id, by=mute)

    assert (unknown.value.kind, forbidden.value.kind) == (Kind.NOT_FOUND, Kind.NOT_PERMITTED)
