"""Looking at cases: an entry first, then masked persons, and nothing outside of a jurisdiction."""

from dataclasses import replace
from datetime import timedelta

import pytest

from acceptance_api.access import Caller
from acceptance_api.audit import Action, find_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.interception import (
    CaseFile,
    Instruction,
    LookAtInterceptions,
    LookPage,
    StepKind,
    look_at_interceptions,
    make_report,
)
from acceptance_api.interception.store import Place
from acceptance_api.kernel.ids import CaseId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.interception.conftest import BYSTANDER, FAKE, OFFICER, Room
from tests.support.builders import NOON

CASE = CaseId(new_uuid())


async def destroyed(room: Room) -> CaseFile:
    """A case in which an officer and a bystander took part."""
    file = await room.instructed(await room.open(FAKE, note="皇甫示例报警"), Instruction.DESTROY)
    file = await room.step(file, StepKind.TRANSFER, holder=OFFICER)
    return await room.step(file, StepKind.DESTROY, actor=OFFICER, witness=BYSTANDER)


async def look(
    room: Room, *, jurisdiction: str = "", before: Place | None = None, limit: int = 50, caller: Caller | None = None
) -> LookPage:
    """A look of the agency."""
    agency = caller or await room.shop.caller_of(room.shop.world.regulator)
    within = Caller(client=replace(agency.client, jurisdiction=jurisdiction), request_id="test")
    desk = DisclosureDesk(room.shop.database, room.shop.vault)
    request = LookAtInterceptions(case_id=CASE, legal_basis="postal_inspection", before=before, limit=limit)
    return await look_at_interceptions(room.shop.database, desk, within, request, at=NOON)


async def test_persons_are_masked_and_notes_hidden(room: Room) -> None:
    await destroyed(room)
    page = await look(room)
    (masked,) = page.files
    opening, *_, transfer, destruction = masked.masked

    assert opening == {"note": "***"}
    assert transfer["holder_name"] == "端**"
    assert destruction["witness_name"] == "皇**"
    assert destruction["actor_certificate"] == "示****************1"
    shown = repr([dict(one) for one in masked.masked])
    assert str(OFFICER.name) not in shown
    assert str(BYSTANDER.name) not in shown
    assert "皇" not in repr(page)


async def test_the_look_leaves_an_entry_in_the_agencys_trail(room: Room) -> None:
    await room.open(FAKE)
    page = await look(room)
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.agency_id, case_id=CASE)

    assert [(entry.id, entry.action) for entry in entries] == [(page.entry_id, Action.INTERCEPTIONS_LISTED)]
    assert entries[0].detail == {"legal_basis": "postal_inspection", "found": 1}


@pytest.mark.parametrize(
    ("jurisdiction", "found"), [("", 1), ("11", 1), ("1101", 1), ("110105", 1), ("12", 0), ("1102", 0)]
)
async def test_an_agency_sees_its_jurisdiction(room: Room, jurisdiction: str, found: int) -> None:
    await room.open(FAKE)

    assert len((await look(room, jurisdiction=jurisdiction)).files) == found


async def test_pages_go_back_in_time(room: Room) -> None:
    opened = [await room.open(FAKE, at=NOON + timedelta(minutes=minute)) for minute in range(3)]
    first = await look(room, limit=2)
    second = await look(room, limit=2, before=first.end)

    ids = [one.file.interception.id for page in (first, second) for one in page.files]
    assert ids == [file.interception.id for file in reversed(opened)]
    assert second.end is None


async def test_a_counter_looks_at_no_jurisdiction(room: Room) -> None:
    with pytest.raises(Problem) as found:
        await look(room, caller=room.shop.caller)

    assert found.value.kind is Kind.NOT_PERMITTED


async def test_a_report_tells_of_the_case_and_of_nobody(room: Room) -> None:
    file = await destroyed(room)
    desk = DisclosureDesk(room.shop.database, room.shop.vault)
    case = file.interception
    report = await make_report(room.shop.database, desk, room.shop.caller, case.outlet_id, case.id, at=NOON)
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.outlet_id, subject_id=case.id)

    assert (report.outlet.name, report.enterprise and report.enterprise.name) == ("示例营业部", "示例快递")
    assert report.masked.masked[-1]["witness_name"] == "皇**"
    assert [one.id for one in entries if one.action is Action.INTERCEPTION_REPORT_MADE] == [report.entry_id]


async def test_an_agency_makes_no_report(room: Room) -> None:
    file = await room.open(FAKE)
    desk = DisclosureDesk(room.shop.database, room.shop.vault)
    agency = await room.shop.caller_of(room.shop.world.regulator)

    with pytest.raises(Problem) as found:
        await make_report(room.shop.database, desk, agency, file.interception.outlet_id, file.interception.id, at=NOON)

    assert found.value.kind is Kind.NOT_PERMITTED
