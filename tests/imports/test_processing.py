"""Processing: each line has its own ending, and a fault of one hurts no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from acceptance_api.acceptance import Acceptance, find_acceptance
from acceptance_api.acceptance.tables import acceptances
from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.audit.tables import audit_entries
from acceptance_api.imports import ImportState, LateParcel, advance
from acceptance_api.imports.model import Ending, Tally
from acceptance_api.imports.tables import import_chunks
from acceptance_api.kernel.ids import AcceptanceId, new_uuid
from acceptance_api.kernel.problems import Fault
from acceptance_api.sites import AddClerk, add_clerk, retire_clerk
from tests.imports.conftest import LATER, Line, Office, counted, file_of, id_of, taken
from tests.support.builders import NOON, Shop
from tests.support.journeys import FAR_AWAY, parcel_of

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


async def test_every_line_comes_to_its_own_ending(office: Office) -> None:
    good = await office.good_line()
    far = await office.good_line(destination={"division": FAR_AWAY})
    other = parcel_of(id=good["acceptance"]["id"])
    lines = [good, far, office.line(), good, {"outlet_id": "x"}, office.line(acceptance=other)]
    done = await office.process(await office.load(file_of(lines)))

    assert done.state is ImportState.FINISHED
    assert done.tally == Tally(received=6, accepted=1, held=1, refused=1, repeated=1, faulty=2)
    assert (done.tally.processed, done.tally.progress) == (6, 1.0)
    assert await counted(office.database, acceptances) == 3
    assert await counted(office.database, import_chunks) == 0


async def test_a_line_is_marked_late_and_decided_by_the_rules_of_its_day_but_never_back_dated(office: Office) -> None:
    then = datetime(2025, 5, 20, 4, 0, tzinfo=UTC)  # before the act's new numbers
    old, new = office.line(occurred_at=then), office.line()
    await office.process(await office.load(file_of([old, new])))
    made = {line["occurred_at"]: await _found(office, line) for line in (old, new)}
    early, late = made[then.isoformat()], made[NOON.isoformat()]

    assert [one.late.occurred_at for one in (early, late) if one.late] == [then, NOON]
    assert {one.recorded_at for one in (early, late)} == {one.decided_at for one in (early, late)} == {LATER}
    assert (early.facts["on"], late.facts["on"]) == ("2025-05-20", "2026-11-23")
    cited = [{str(objection.citation) for objection in one.decision.objections} for one in (early, late)]
    assert cited[0].isdisjoint(cited[1]), "the same grounds stood on other articles then"


async def test_a_clock_that_is_ahead_does_not_put_a_record_into_the_future(office: Office) -> None:
    ahead = office.line(occurred_at=LATER + timedelta(minutes=2))
    await office.process(await office.load(file_of([ahead])))
    late = (await _found(office, ahead)).late

    assert late is not None
    assert (late.occurred_at, late.device_occurred_at) == (LATER, LATER + timedelta(minutes=2))


async def test_a_record_names_the_client_that_loaded_it_and_the_clerk_who_was_there(office: Office) -> None:
    line = office.line()
    await office.process(await office.load(file_of([line])))
    async with office.database.read() as tx:
        (entry,) = await find_entries(tx, office.shop.world.outlet_id, subject_id=id_of(line))

    assert entry.action is Action.ACCEPTANCE_DECIDED
    assert (entry.actor.client_id, entry.actor.clerk_id) == (office.caller.client.id, office.shop.world.clerk_id)
    assert entry.detail["occurred_at"] == NOON.isoformat()


async def test_the_same_file_again_changes_nothing(office: Office) -> None:
    content = file_of([office.line() for _ in range(30)] + [await office.good_line()])
    await office.process(await office.load(content))
    before = [await counted(office.database, table) for table in (acceptances, audit_entries)]
    again = await office.process(await office.load(content), at=LATER + SECOND)

    assert again.tally == Tally(received=31, repeated=31)
    received_started_finished = 3
    assert [await counted(office.database, table) for table in (acceptances, audit_entries)] == [
        before[0],
        before[1] + received_started_finished,
    ]


async def test_a_parcel_that_the_counter_sent_itself_is_repeated_and_keeps_its_record(office: Office) -> None:
    good = await office.good_line()
    parcel = office.desk.read_line(file_of([good]).decode())
    assert isinstance(parcel, LateParcel)
    await office.shop.decide(parcel.request)
    done = await office.process(await office.load(file_of([good])))

    assert done.tally == Tally(received=1, repeated=1)
    assert (await _found(office, good)).late is None


async def test_a_file_written_otherwise_repeats_the_same_records(office: Office) -> None:
    line = office.line()
    turned: Line = dict(reversed(line.items())) | {"acceptance": dict(reversed(line["acceptance"].items()))}
    await office.process(await office.load(file_of([line])))
    again = await office.process(await office.load(file_of([turned]).replace(b": ", b" :  ")), at=LATER + SECOND)

    assert again.tally == Tally(received=1, repeated=1)


async def test_what_is_wrong_with_a_line_is_told_with_pointers_and_hurts_no_other(
    office: Office, stranger: Shop
) -> None:
    twin, standing = office.line(), await office.good_line()
    other = stranger.world
    unnamed = parcel_of()
    del unnamed["addressee"]["name"]
    lines = [
        office.line(outlet_id=str(other.outlet_id), clerk_id=str(other.clerk_id)),
        office.line(clerk_id=str(other.clerk_id)),
        office.line(clerk_id=str(new_uuid())),
        office.line(occurred_at=LATER + DAY),
        twin,
        twin | {"acceptance": parcel_of(id=twin["acceptance"]["id"])},
        standing,
        office.line(acceptance=parcel_of(waybill=standing["acceptance"]["waybill"])),
        office.line(acceptance=parcel_of(verification_id=str(new_uuid()))),
        office.line(acceptance=parcel_of(contents=[{"name": "毛衣", "goods_code": "NOPE"}])),
        office.line(acceptance=unnamed),
        office.line() | {"price": 1},
        office.line(),
    ]
    key = await office.load(file_of(lines) + b'{"outlet_id": 1, "outlet_id": 2}\nnot json\n[]\n')
    done = await office.process(key)

    assert await office.faults(key) == {
        1: (("/outlet_id", "unknown"),),
        2: (("/clerk_id", "unknown"),),
        3: (("/clerk_id", "unknown"),),
        4: (("/occurred_at", "in_the_future"),),
        6: (("/acceptance/id", "id_conflict"),),
        8: (("/acceptance/waybill", "waybill_already_decided"),),
        9: (("/acceptance/sender/verification_id", "unknown"),),
        10: (("/acceptance/contents/0/goods_code", "not_in_the_catalogue"),),
        11: (("/acceptance/addressee/name", "missing"),),
        12: (("/price", "unknown_field"),),
        14: (("", "malformed_json"),),
        15: (("", "malformed_json"),),
        16: (("", "model_attributes_type"),),
    }
    assert done.tally == Tally(received=16, accepted=1, refused=2, faulty=13)
    assert await counted(office.database, acceptances) == 3


async def test_who_has_left_since_was_there_then(office: Office) -> None:
    world = office.shop.world
    async with office.database.transaction() as tx:
        clerk = await add_clerk(
            tx,
            office.shop.vault,
            world.outlet_id,
            AddClerk(staff_no="0002", name="示例离职"),
            enterprise_id=world.enterprise_id,
            actor=OPERATOR,
            at=NOON,
        )
        await retire_clerk(
            tx, world.outlet_id, clerk.id, enterprise_id=world.enterprise_id, actor=OPERATOR, at=NOON + SECOND
        )
    lines = [
        office.line(clerk_id=str(clerk.id)),
        office.line(clerk_id=str(clerk.id), occurred_at=NOON + SECOND),
    ]
    key = await office.load(file_of(lines))
    done = await office.process(key)

    assert done.tally == Tally(received=2, refused=1, faulty=1)
    assert await office.faults(key) == {2: (("/clerk_id", "retired"),)}


async def test_lines_of_one_waybill_keep_their_order(office: Office) -> None:
    good = await office.good_line()
    refused = office.line(acceptance=parcel_of(waybill=good["acceptance"]["waybill"]))
    done = await office.process(await office.load(file_of([refused, good, refused | {"sequence": 1}])))

    assert done.tally == Tally(received=3, accepted=1, refused=1, repeated=1)


async def test_a_reader_that_breaks_on_a_line_is_a_fault_of_that_line(office: Office) -> None:
    key = await office.load(file_of([office.line(), office.line()]))

    def breaking(text: str) -> LateParcel | tuple[Fault, ...]:
        if '"sequence": 1' in text:
            raise KeyError(text)
        return ()

    run = await taken(office, key)
    await advance(replace(office.desk, read_line=breaking), run, at=LATER)

    assert await office.faults(key) == {1: (("", "internal"),), 2: (("", "internal"),)}


def test_endings_are_the_columns_of_the_tally() -> None:
    assert {ending.value for ending in Ending} | {"received"} == set(Tally.__slots__)


async def _found(office: Office, line: Line) -> Acceptance:
    async with office.database.read() as tx:
        found = await find_acceptance(tx, office.shop.world.outlet_id, AcceptanceId(id_of(line)))
    assert found is not None
    return found
