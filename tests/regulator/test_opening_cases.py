"""Cases: nothing is searched without a legal basis, two officers and an end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from acceptance_api.access import Caller
from acceptance_api.audit import Action
from acceptance_api.kernel.ids import AgencyId, CaseId, EntryId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import (
    DiscloseFields,
    Officer,
    OpenCase,
    SearchKind,
    SearchRecords,
    close_case,
    disclose_fields,
    find_case,
    find_cases,
    open_case,
    store,
)
from acceptance_api.regulator.opening_cases import faults_of
from acceptance_api.regulator.tables import cases
from tests.regulator.conftest import NOW, OFFICERS, PURPOSE, Agency, a_case
from tests.support.builders import NOON, Shop

ONE, TWO = OFFICERS


@pytest.mark.parametrize(
    ("case", "faults"),
    [
        pytest.param(a_case(), [], id="in order"),
        pytest.param(a_case(officers=(ONE, replace(TWO, name=ONE.name))), [], id="two officers of one name"),
        pytest.param(a_case(officers=()), ["/officers"], id="nobody"),
        pytest.param(a_case(officers=(ONE,)), ["/officers"], id="one officer"),
        pytest.param(a_case(officers=(ONE, ONE)), ["/officers"], id="one officer twice"),
        pytest.param(
            a_case(officers=(ONE, Officer(name="示 例 甲", certificate_number="京邮政执法００１"))),
            ["/officers"],
            id="one officer in two spellings",
        ),
        pytest.param(
            a_case(officers=(ONE, replace(ONE, name="示例乙"))), ["/officers"], id="two names on one certificate"
        ),
        pytest.param(
            a_case(officers=(ONE, replace(TWO, certificate_number=" - "))), ["/officers"], id="no certificate"
        ),
        pytest.param(a_case(officers=(ONE, replace(TWO, name="\u200b"))), ["/officers"], id="no name"),
        pytest.param(a_case(expires_at=NOON), ["/expires_at"], id="an end that is now"),
        pytest.param(a_case(expires_at=NOON + timedelta(microseconds=1)), [], id="an end that is soon"),
        pytest.param(
            a_case(officers=(ONE,), expires_at=NOON - timedelta(days=1)), ["/officers", "/expires_at"], id="both"
        ),
    ],
)
def test_what_is_wrong_with_a_case(case: OpenCase, faults: list[str]) -> None:
    assert [fault.pointer for fault in faults_of(case, at=NOON)] == faults


async def test_a_case_is_recorded_sealed_with_its_entry(shop: Shop, agency: Agency) -> None:
    async with shop.database.read() as tx:
        row = (await tx.execute(select(cases))).one()
    (entry,) = await agency.entries()

    assert (entry.action, entry.subject_id, entry.actor.case_id) == (Action.CASE_OPENED, agency.case.id, agency.case.id)
    searching = SearchRecords(
        case_id=agency.case.id,
        kind=SearchKind.NAME_AND_PHONE,
        values=("示例甲", "0001"),
        outlet_id=None,
        since=NOON,
        until=NOW,
        before=None,
        limit=1,
    )

    for told in map(repr, (row, entry, agency.case, a_case(), OFFICERS, searching)):
        assert not any(secret in told for secret in (PURPOSE, "示例甲", "'0001'", "执法"))


async def test_a_faulty_case_is_not_recorded(shop: Shop, agency: Agency) -> None:
    async with shop.database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await open_case(shop.vault, tx, agency.caller, a_case(officers=(ONE, ONE)), at=NOON)

    assert caught.value.kind is Kind.INVALID
    assert len(await agency.entries()) == 1


async def test_a_case_opened_again_is_the_same_case(shop: Shop, agency: Agency) -> None:
    async with shop.database.transaction() as tx:
        again = await open_case(shop.vault, tx, agency.caller, a_case(case_id=agency.case.id), at=NOW)
        with pytest.raises(Problem) as caught:
            await open_case(
                shop.vault, tx, agency.caller, a_case(case_id=agency.case.id, fingerprint=b"other" * 6), at=NOW
            )

    assert again == (agency.case, False)
    assert caught.value.kind is Kind.ID_CONFLICT
    assert len(await agency.entries()) == 1


async def test_of_two_who_open_one_case_the_second_is_told(shop: Shop, agency: Agency) -> None:
    *_, entry = await agency.entries()
    async with shop.database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await store.add_case(tx, agency.case, entry=replace(entry, id=EntryId(new_uuid())))

    assert caught.value.kind is Kind.ID_CONFLICT
    assert len(await agency.entries()) == 1


async def test_an_agencys_cases_are_its_own_and_oldest_first(shop: Shop, agency: Agency) -> None:
    async with shop.database.transaction() as tx:
        second, _ = await open_case(shop.vault, tx, agency.caller, a_case(), at=NOW)
        stranger = AgencyId(new_uuid())

        assert await find_cases(tx, agency.case.agency_id, after=None, limit=5) == (agency.case, second)
        assert await find_cases(tx, agency.case.agency_id, after=agency.case.id, limit=5) == (second,)
        assert await find_cases(tx, stranger, after=None, limit=5) == ()
        assert await find_case(tx, stranger, agency.case.id) is None


async def test_closing_a_case_twice_leaves_one_entry(shop: Shop, agency: Agency) -> None:
    for _ in range(2):
        async with shop.database.transaction() as tx:
            await close_case(tx, agency.caller, agency.case.id, at=NOW)
    async with shop.database.read() as tx:
        closed = await find_case(tx, agency.case.agency_id, agency.case.id)

    assert closed is not None
    assert closed.closed_at == NOW
    assert [entry.action for entry in await agency.entries()] == [Action.CASE_OPENED, Action.CASE_CLOSED]


async def test_an_unknown_case_cannot_be_closed(shop: Shop, agency: Agency) -> None:
    async with shop.database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await close_case(tx, agency.caller, CaseId(new_uuid()), at=NOW)

    assert caught.value.kind is Kind.NOT_FOUND


@pytest.mark.parametrize("why", ["unknown", "expired", "closed", "another agency's"])
async def test_a_case_that_is_not_open_allows_no_look(shop: Shop, agency: Agency, why: str) -> None:
    looking, at = agency, NOW
    if why == "unknown":
        looking = replace(agency, case=replace(agency.case, id=CaseId(new_uuid())))
    if why == "expired":
        at = agency.case.expires_at
    if why == "another agency's":
        client = replace(agency.caller.client, agency_id=AgencyId(new_uuid()))
        looking = replace(agency, caller=Caller(client=client))
    if why == "closed":
        async with shop.database.transaction() as tx:
            await close_case(tx, agency.caller, agency.case.id, at=NOW)
    before = await agency.entries()
    acceptance = await shop.decide(await shop.ready())
    disclosing = DiscloseFields(
        case_id=looking.case.id,
        outlet_id=acceptance.outlet_id,
        acceptance_id=acceptance.id,
        fields=("sender_name",),
        reason="x",
    )

    with pytest.raises(Problem) as searching:
        await looking.search(SearchKind.WAYBILL, acceptance.waybill, at=at)
    with pytest.raises(Problem) as opening:
        await disclose_fields(looking.desk, looking.caller, disclosing, at=at)

    assert searching.value.kind is opening.value.kind is Kind.CASE_NOT_OPEN
    assert await agency.entries() == before


async def test_without_the_permission_nothing_is_allowed(shop: Shop, agency: Agency) -> None:
    nobody = Caller(client=replace(agency.caller.client, permissions=frozenset()))
    disclosing = DiscloseFields(
        case_id=agency.case.id,
        outlet_id=shop.world.outlet_id,
        acceptance_id=(await shop.decide(await shop.ready())).id,
        fields=("sender_name",),
        reason="x",
    )
    kinds = set()
    async with shop.database.transaction() as tx:
        for attempt in (
            open_case(shop.vault, tx, nobody, a_case(), at=NOW),
            close_case(tx, nobody, agency.case.id, at=NOW),
            replace(agency, caller=nobody).search(SearchKind.WAYBILL, "EX1"),
            disclose_fields(agency.desk, nobody, disclosing, at=NOW),
        ):
            with pytest.raises(Problem) as caught:
                await attempt
            kinds.add(caught.value.kind)

    assert kinds == {Kind.NOT_PERMITTED}
