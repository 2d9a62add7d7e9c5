"""Adding safety agreements on a real database."""

from dataclasses import replace
from datetime import date

import pytest

from acceptance_api.agreements import AddAgreement, Agreement, add_agreement, find_agreement, find_agreements
from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import AddOutlet, Enterprise, add_enterprise, add_outlet
from acceptance_api.vault import Vault
from tests.agreements.conftest import NOON

REQUEST = AddAgreement(
    filing_no="SZ-2026-0001",
    customer="深圳示例商贸有限公司",
    uscc="91440300EXAMPLE000",
    representative="王小明",
    contents_kinds=frozenset({"toy", "book"}),
    valid_from=date(2026, 11, 1),
    valid_to=date(2027, 10, 31),
)


async def sign(tx: Tx, vault: Vault, enterprise_id: EnterpriseId, request: AddAgreement = REQUEST) -> Agreement:
    return await add_agreement(tx, vault, enterprise_id, request, actor=OPERATOR, at=NOON)


async def test_an_agreement_is_found_as_added(database: Database, vault: Vault, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        place = AddOutlet(name="Nanshan 1", division="440305")
        outlet = await add_outlet(tx, enterprise.id, place, actor=OPERATOR, at=NOON)
        agreement = await sign(tx, vault, enterprise.id, replace(REQUEST, outlets=(outlet.id,)))

        assert await find_agreement(tx, enterprise.id, agreement.id) == agreement
        assert agreement.outlets == {outlet.id}
        assert agreement.contents_kinds == {"book", "toy"}
        assert (agreement.valid_from, agreement.valid_to) == (REQUEST.valid_from, REQUEST.valid_to)
        entry = (await find_entries(tx, enterprise.id, subject_id=agreement.id))[0]

    assert (entry.action, entry.stream_id) == (Action.AGREEMENT_ADDED, enterprise.id)


async def test_who_signed_is_sealed(database: Database, vault: Vault, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        agreement = await sign(tx, vault, enterprise.id)
        entries = await find_entries(tx, enterprise.id)

    sealed = agreement.customer_sealed + agreement.uscc_sealed + agreement.representative_sealed
    for text in (REQUEST.customer, REQUEST.uscc, REQUEST.representative):
        assert text.encode() not in sealed
        assert text not in repr((REQUEST, agreement, entries))


async def test_another_enterprises_agreement_looks_missing(
    database: Database, vault: Vault, enterprise: Enterprise
) -> None:
    async with database.transaction() as tx:
        agreement = await sign(tx, vault, enterprise.id)
        rival = await add_enterprise(tx, name="Rival Express", brand="Rival", actor=OPERATOR, at=NOON)

        assert await find_agreement(tx, rival.id, agreement.id) is None
        assert await find_agreements(tx, rival.id) == ()
        assert (await sign(tx, vault, rival.id)).filing_no == agreement.filing_no, "numbers are each one's own"


async def test_agreements_are_listed_page_by_page(database: Database, vault: Vault, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        made = [await sign(tx, vault, enterprise.id, replace(REQUEST, filing_no=f"SZ-{number}")) for number in range(3)]
        first = await find_agreements(tx, enterprise.id, limit=2)

        assert [*first, *await find_agreements(tx, enterprise.id, after=first[-1].id)] == made


async def test_an_agreement_that_may_not_be_is_not_added(
    database: Database, vault: Vault, enterprise: Enterprise
) -> None:
    async with database.transaction() as tx:
        rival = await add_enterprise(tx, name="Rival Express", brand="Rival", actor=OPERATOR, at=NOON)
        place = AddOutlet(name="x", division="440305")
        theirs = await add_outlet(tx, rival.id, place, actor=OPERATOR, at=NOON)

        async def refused(request: AddAgreement) -> Problem:
            with pytest.raises(Problem) as caught:
                await sign(tx, vault, enterprise.id, request)
            return caught.value

        backwards = await refused(replace(REQUEST, valid_to=date(2026, 10, 31)))
        foreign = await refused(replace(REQUEST, outlets=(theirs.id, OutletId(new_uuid()))))
        await sign(tx, vault, enterprise.id)
        twice = await refused(REQUEST)

        assert len(await find_agreements(tx, enterprise.id)) == 1

    assert (backwards.kind, foreign.kind, twice.kind) == (Kind.INVALID, Kind.REFERENCE_UNKNOWN, Kind.ALREADY_EXISTS)
    assert foreign.faults == (Fault("/outlets/0", "unknown"), Fault("/outlets/1", "unknown"))
