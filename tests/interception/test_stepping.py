"""Steps on a real database: each way to an end, what stops a case, and two who step at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from acceptance_api.access import Caller, Client
from acceptance_api.audit import Action, find_entries
from acceptance_api.goods import Disposal
from acceptance_api.interception import Body, CaseFile, Instruction, Person, PersonKind, State, StepKind, find_stop
from acceptance_api.interception.store import find_file
from acceptance_api.interception.tables import interception_steps
from acceptance_api.kernel.ids import ClerkId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from tests.interception.conftest import BYSTANDER, EXPLOSIVE, FAKE, KNIFE, MINUTE, OFFICER, SENDER, Room
from tests.support.builders import NOON

WAYS = {
    StepKind.HAND_OVER: State.HANDED_OVER,
    StepKind.RETURN: State.RETURNED,
    StepKind.DESTROY: State.DESTROYED,
    StepKind.RELEASE: State.RELEASED,
}


async def told_all(room: Room, file: CaseFile) -> CaseFile:
    """Tell every body that still has to be told."""
    while any(one.told_at is None for one in file.obligations):
        body = next(one.bodies[0] for one in file.obligations if one.told_at is None)
        file = await room.step(file, StepKind.REPORT, body=body)
    return file


async def is_stopped(room: Room, file: CaseFile) -> bool:
    """Whether the case's waybill is stopped."""
    async with room.shop.database.read() as tx:
        return (await find_stop(tx, file.interception.enterprise_id, file.interception.waybill)).is_intercepted


async def problem_of(room: Room, file: CaseFile, kind: StepKind, **changes: object) -> Problem:
    """What speaks against a step."""
    with pytest.raises(Problem) as found:
        await room.step(file, kind, **changes)  # type: ignore[arg-type] # parts of a request
    return found.value


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_leads_to_its_end_and_frees_the_waybill_unless_the_goods_are_gone(
    room: Room, way: StepKind
) -> None:
    file = await room.instructed(await room.open(FAKE), Instruction(way.value))
    done = await room.step(file, way)
    before = await is_stopped(room, done)
    closed = await room.step(await told_all(room, done), StepKind.CLOSE)

    assert done.interception.state is WAYS[way]
    assert before
    assert closed.interception.state is State.CLOSED
    assert closed.interception.closed_at == closed.steps[-1].recorded_at
    assert closed.interception.due_at is None
    assert await is_stopped(room, closed) is (way in {StepKind.HAND_OVER, StepKind.DESTROY})
    assert [step.number for step in closed.steps] == list(range(1, len(closed.steps) + 1))


async def test_a_closed_case_takes_no_step_and_leaves_room_for_another(room: Room) -> None:
    file = await room.instructed(await room.open(FAKE), Instruction.RELEASE)
    closed = await room.step(await told_all(room, await room.step(file, StepKind.RELEASE)), StepKind.CLOSE)

    refused = await problem_of(room, closed, StepKind.TRANSFER, holder=OFFICER)
    again = await room.open(KNIFE, waybill=closed.interception.waybill)

    assert (refused.kind, refused.faults) == (Kind.STEP_NOT_ALLOWED, (Fault("/kind", "not_from_this_state"),))
    assert again.interception.id != closed.interception.id


async def test_goods_that_were_a_weapon_once_are_never_returned(room: Room) -> None:
    file = await room.open(FAKE)
    file = await room.instructed(file, Instruction.RETURN)
    file = await room.step(file, StepKind.RECLASSIFY, class_code=KNIFE)
    file = await room.step(file, StepKind.RECLASSIFY, class_code="P17")
    refused = await problem_of(room, file, StepKind.RETURN)
    instructed = await problem_of(room, file, StepKind.INSTRUCT, instruction=Instruction.RETURN)

    assert file.interception.disposal is Disposal.D7
    assert file.interception.is_never_returned
    assert refused.faults == (Fault("/kind", "never_returned"),)
    assert instructed.faults == (Fault("/kind", "never_returned"),)


async def test_a_change_of_class_asks_for_further_reports(room: Room) -> None:
    file = await room.walk(await room.open(FAKE), StepKind.ISOLATE, StepKind.REPORT)
    file = await room.step(file, StepKind.RECLASSIFY, class_code=EXPLOSIVE)
    since = file.steps[-1].happened_at

    assert [(one.disposal, one.bodies, one.told_in) for one in file.obligations] == [
        (Disposal.D6, (Body.PUBLIC_SECURITY, Body.MARKET_SUPERVISION), 3),
        (Disposal.D6, (Body.POSTAL_ADMINISTRATION,), None),
        (Disposal.D3, (Body.PUBLIC_SECURITY,), None),
        (Disposal.D3, (Body.FIRE_AND_RESCUE, Body.EMERGENCY_MANAGEMENT), None),
    ]
    assert file.interception.due_at == since + timedelta(minutes=15)


async def test_a_case_is_not_closed_while_somebody_must_still_be_told(room: Room) -> None:
    file = await room.instructed(await room.open(FAKE), Instruction.DESTROY)
    refused = await problem_of(room, await room.step(file, StepKind.DESTROY), StepKind.CLOSE)

    assert refused.faults == (Fault("/kind", "not_all_told"),)


async def test_what_a_step_lacks_is_pointed_at(room: Room) -> None:
    file = await room.open(EXPLOSIVE)
    refused = await problem_of(room, file, StepKind.ISOLATE, is_evacuated=False, evidence=None)

    assert (refused.kind, refused.faults) == (
        Kind.INVALID,
        (Fault("/is_evacuated", "required"), Fault("/evidence", "required")),
    )


async def test_evidence_and_clerks_must_be_known_here(room: Room) -> None:
    file = await room.open(FAKE)
    other = await room.open(FAKE)
    elsewhere = await room.photograph(other, b"\xff\xd8\xff another case's")
    stranger = Person(kind=PersonKind.CLERK, clerk_id=ClerkId(new_uuid()))
    photo = await problem_of(room, file, StepKind.ISOLATE, evidence=elsewhere)
    clerk = await problem_of(room, file, StepKind.TRANSFER, holder=stranger)

    assert (photo.kind, photo.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/evidence", "unknown"),))
    assert (clerk.kind, clerk.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/holder/clerk_id", "unknown"),))


async def test_at_a_counter_nobody_acts_as_another_clerk(room: Room) -> None:
    stranger = Person(kind=PersonKind.CLERK, clerk_id=ClerkId(new_uuid()))
    refused = await problem_of(room, await room.open(FAKE), StepKind.ISOLATE, actor=stranger)

    assert refused.faults == (Fault("/actor", "not_the_clerk_of_the_request"),)


async def test_headquarters_name_who_acted(room: Room) -> None:
    headquarters = await room.shop.caller_of(room.shop.world.enterprise)
    file = await room.walk(await room.open(FAKE), StepKind.ISOLATE, StepKind.REPORT)
    nobody = await problem_of(room, file, StepKind.INSTRUCT, caller=headquarters)
    named = await room.step(file, StepKind.INSTRUCT, caller=headquarters, actor=OFFICER)

    assert nobody.faults == (Fault("/actor", "required"),)
    assert (named.steps[-1].actor.kind, named.steps[-1].actor.body) == (PersonKind.OFFICER, Body.PUBLIC_SECURITY)
    assert named.steps[-1].holder == named.steps[0].holder


async def test_names_are_sealed_and_said_once(room: Room) -> None:
    file = await room.instructed(await room.open(FAKE), Instruction.DESTROY)
    file = await room.step(file, StepKind.TRANSFER, holder=OFFICER)
    file = await room.step(file, StepKind.DESTROY, actor=OFFICER, witness=BYSTANDER, note="皇甫示例看见")
    transfer, destruction = file.steps[-2:]
    async with room.shop.database.read() as tx:
        rows = (await tx.execute(select(interception_steps))).all()

    assert transfer.holder.name is None
    assert transfer.sealed["holder_name_sealed"]
    assert destruction.holder_since == transfer.number
    assert destruction.sealed["holder_name_sealed"] is None
    assert destruction.sealed["witness_name_sealed"]
    for secret in (OFFICER.name, OFFICER.certificate_number, BYSTANDER.name):
        assert str(secret) not in repr(rows)
        assert str(secret).encode() not in b"".join(v for row in rows for v in row if isinstance(v, bytes))


async def test_the_same_step_again_is_the_same_step(room: Room) -> None:
    file = await room.open(FAKE)
    step_id, evidence = new_uuid(), await room.photograph(file)
    once = await room.step(file, StepKind.ISOLATE, id=step_id, evidence=evidence)
    again = await room.step(file, StepKind.ISOLATE, id=step_id, evidence=evidence, at=NOON + timedelta(hours=1))
    conflict = await problem_of(room, file, StepKind.ISOLATE, id=step_id, fingerprint=b"other")

    assert again == once
    assert conflict.kind is Kind.ID_CONFLICT


async def test_who_has_not_seen_the_last_step_looks_again(room: Room) -> None:
    seen = await room.open(FAKE)
    await room.step(seen, StepKind.ISOLATE)

    assert (await problem_of(room, seen, StepKind.ISOLATE)).kind is Kind.CHANGED_MEANWHILE


async def test_of_two_who_step_at_once_one_is_first(room: Room) -> None:
    file = await room.open(FAKE)
    evidence = await room.photograph(file)
    ended = await asyncio.gather(
        room.step(file, StepKind.ISOLATE, evidence=evidence),
        room.step(file, StepKind.RECLASSIFY, evidence=evidence, class_code=KNIFE),
        room.step(file, StepKind.ISOLATE, evidence=evidence),
        room.step(file, StepKind.RECLASSIFY, evidence=evidence, class_code=EXPLOSIVE),
        return_exceptions=True,
    )
    async with room.shop.database.read() as tx:
        kept = await find_file(tx, file.interception.outlet_id, file.interception.id)

    problems = [one for one in ended if isinstance(one, BaseException)]
    (winner,) = [one for one in ended if not isinstance(one, BaseException)]
    assert [getattr(one, "kind", one) for one in problems] == [Kind.CHANGED_MEANWHILE] * 3
    assert kept is not None
    assert (kept.steps, kept.interception.steps) == (winner.steps, 2)
    assert len(kept.steps) == 2


async def test_another_outlets_or_enterprises_case_looks_missing(room: Room) -> None:
    file = await room.open(FAKE)
    own = room.shop.caller.client
    foreign = Client(
        id=own.id,
        audience=own.audience,
        name="another",
        permissions=own.permissions,
        enterprise_id=own.enterprise_id,
        outlet_id=OutletId(new_uuid()),
    )
    elsewhere = Caller(client=foreign, clerk_id=room.shop.caller.clerk_id)

    assert (await problem_of(room, file, StepKind.ISOLATE, caller=elsewhere)).kind is Kind.NOT_FOUND


async def test_every_step_leaves_its_entry(room: Room) -> None:
    file = await room.walk(await room.open(FAKE), StepKind.ISOLATE, StepKind.REPORT)
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.outlet_id, subject_id=file.interception.id)

    steps = [entry for entry in entries if entry.action is Action.INTERCEPTION_STEP_RECORDED]
    assert [(entry.detail["number"], entry.detail["kind"], entry.detail["body"]) for entry in steps] == [
        (2, "isolate", None),
        (3, "report", "public_security"),
    ]
    assert [entry.action for entry in entries].count(Action.INTERCEPTION_EVIDENCE_STORED) == 1


async def test_a_report_recorded_later_counts_from_when_it_was_made(room: Room) -> None:
    file = await room.step(await room.open(KNIFE), StepKind.ISOLATE)
    file = await room.step(file, StepKind.REPORT, happened_at=NOON + 5 * MINUTE, at=NOON + timedelta(hours=2))

    assert (file.obligations[0].told_at, file.obligations[0].is_late) == (NOON + 5 * MINUTE, False)
    assert file.steps[-1].recorded_at == NOON + timedelta(hours=2)


async def test_the_sender_gets_the_goods_by_a_return_only(room: Room) -> None:
    refused = await problem_of(room, await room.open(FAKE), StepKind.TRANSFER, holder=SENDER)

    assert refused.faults == (Fault("/holder", "not_to_the_sender"),)
