"""Renewing, ending and checking agreements on a real database, and what became of their parcels."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Uuid

from acceptance_api.agreements import (
    Agreement,
    EndReason,
    SampledParcel,
    Sampling,
    agreement_part,
    check_agreement,
    end_agreement,
    find_agreement,
    find_agreements,
    find_shares,
    is_in_force,
    mark_inspected,
    sampled_parcel_row,
    values_on,
)
from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.express import Question, Reader, Record, Writer, open_lane
from acceptance_api.kernel.ids import AcceptanceId, AgreementId, EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import Enterprise
from acceptance_api.vault import Vault
from tests.agreements.conftest import NOON
from tests.agreements.test_adding import REQUEST, sign

TODAY = date(2026, 11, 23)
RENEWAL = replace(REQUEST, filing_no="SZ-2027-0001", valid_from=date(2027, 11, 1), valid_to=date(2028, 10, 31))
HERE = OutletId(new_uuid())


async def test_an_agreement_keeps_everything_it_was_added_with(
    database: Database, vault: Vault, enterprise: Enterprise
) -> None:
    request = replace(
        REQUEST,
        goods=frozenset({"R-18", "G"}),
        sampling_ratio=Decimal("0.2500"),
        representative_id_copy="ab" * 32,
        last_checked_on=date(2026, 11, 20),
    )
    async with database.transaction() as tx:
        agreement = await sign(tx, vault, enterprise.id, request)
        plain = await sign(tx, vault, enterprise.id, replace(REQUEST, filing_no="SZ-2"))

        assert await find_agreement(tx, enterprise.id, agreement.id) == agreement
        assert plain.sampling_ratio == values_on(TODAY).sampling_ratio_default

    assert (set(agreement.goods), agreement.sampling_ratio) == ({"R-18", "G"}, Decimal("0.25"))
    assert (agreement.representative_id_copy, agreement.last_checked_on) == ("ab" * 32, date(2026, 11, 20))
    assert await asked(database, enterprise.id, agreement.id) == agreement


async def asked(database: Database, enterprise_id: EnterpriseId, agreement_id: AgreementId) -> Agreement | None:
    """The agreement as a decision asks for it, over the express lane."""
    lane = open_lane(database)
    question = Question(
        {"enterprise_id": Uuid(), "id": Uuid()}, lambda keys: (agreement_part(keys["enterprise_id"], keys["id"]),)
    )
    (found,) = await Reader(lane, together_max=8, waiting_max=8).ask(question, enterprise_id, agreement_id)
    await lane.close()
    answer: Agreement | None = found
    return answer


async def test_a_renewal_takes_its_predecessors_place_from_its_own_first_day(
    database: Database, vault: Vault, enterprise: Enterprise
) -> None:
    async with database.transaction() as tx:
        old = await sign(tx, vault, enterprise.id)
        new = await sign(tx, vault, enterprise.id, replace(RENEWAL, supersedes=old.id, valid_from=date(2027, 6, 1)))
        old, new = await again(tx, old), await again(tx, new)

    assert (old.superseded_by, old.superseded_from, new.supersedes) == (new.id, date(2027, 6, 1), old.id)
    assert in_force(old, date(2027, 5, 31))
    assert not in_force(old, date(2027, 6, 1))
    assert not in_force(new, date(2027, 5, 31))
    assert in_force(new, date(2027, 6, 1))


async def again(tx: Tx, agreement: Agreement) -> Agreement:
    found = await find_agreement(tx, agreement.enterprise_id, agreement.id)
    assert found is not None
    return found


def in_force(agreement: Agreement, on: date) -> bool:
    return is_in_force(agreement, outlet_id=HERE, contents_kind="book", on=on)


async def test_a_renewal_that_may_not_be_is_not_added(database: Database, vault: Vault, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        old = await sign(tx, vault, enterprise.id)
        await sign(tx, vault, enterprise.id, replace(RENEWAL, supersedes=old.id))

        async def refused(supersedes: AgreementId, valid_from: date) -> tuple[Kind, tuple[Fault, ...]]:
            request = replace(RENEWAL, filing_no="SZ-3", supersedes=supersedes, valid_from=valid_from)
            with pytest.raises(Problem) as caught:
                await sign(tx, vault, enterprise.id, request)
            return caught.value.kind, caught.value.faults

        unknown = await refused(AgreementId(new_uuid()), RENEWAL.valid_from)
        twice = await refused(old.id, RENEWAL.valid_from)
        other = await sign(tx, vault, enterprise.id, replace(REQUEST, filing_no="SZ-4"))
        early = await refused(other.id, REQUEST.valid_from)

    assert unknown == (Kind.REFERENCE_UNKNOWN, (Fault("/supersedes", "unknown"),))
    assert twice == (Kind.INVALID, (Fault("/supersedes", "superseded_already"),))
    assert early == (Kind.INVALID, (Fault("/valid_from", "not_after_the_superseded"),))


async def test_an_agreement_is_ended_once(database: Database, vault: Vault, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        agreement = await sign(tx, vault, enterprise.id)
        place = (tx, enterprise.id, agreement.id)
        ended = await end_agreement(*place, reason=EndReason.BREACH, actor=OPERATOR, at=NOON)
        later = NOON + timedelta(days=1)
        twice = await end_agreement(*place, reason=EndReason.CUSTOMER_LEFT, actor=OPERATOR, at=later)
        entries = await find_entries(tx, enterprise.id, subject_id=agreement.id)
        with pytest.raises(Problem) as caught:
            await end_agreement(
                tx, EnterpriseId(new_uuid()), agreement.id, reason=EndReason.BREACH, actor=OPERATOR, at=NOON
            )

    assert (ended.ended_at, ended.ended_reason) == (NOON, EndReason.BREACH)
    assert twice == ended
    assert not in_force(ended, TODAY)
    assert in_force(ended, TODAY - timedelta(days=1))
    assert [entry.action for entry in entries] == [Action.AGREEMENT_ADDED, Action.AGREEMENT_ENDED]
    assert caught.value.kind is Kind.NOT_FOUND


async def test_the_last_check_is_the_latest(database: Database, vault: Vault, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        agreement = await sign(tx, vault, enterprise.id)

        async def checked(on: date) -> date | None:
            place = (tx, enterprise.id, agreement.id)
            return (await check_agreement(*place, checked_on=on, actor=OPERATOR, at=NOON)).last_checked_on

        assert await checked(date(2026, 11, 20)) == date(2026, 11, 20)
        assert await checked(date(2026, 11, 10)) == date(2026, 11, 20)
        assert await checked(TODAY) == TODAY
        with pytest.raises(Problem) as caught:
            await checked(TODAY + timedelta(days=1))

    assert (caught.value.kind, caught.value.faults) == (Kind.INVALID, (Fault("/checked_on", "in_the_future"),))


async def test_agreements_that_expire_are_found_unless_somebody_saw_to_it(
    database: Database, vault: Vault, enterprise: Enterprise
) -> None:
    async with database.transaction() as tx:
        soon, renewed, ended, _later = [
            await sign(tx, vault, enterprise.id, replace(REQUEST, filing_no=number, valid_to=last))
            for number, last in (
                ("1", date(2026, 12, 23)),
                ("2", date(2026, 12, 1)),
                ("3", date(2026, 12, 1)),
                ("4", date(2026, 12, 24)),
            )
        ]
        await sign(tx, vault, enterprise.id, replace(RENEWAL, supersedes=renewed.id))
        await end_agreement(tx, enterprise.id, ended.id, reason=EndReason.ORDERED, actor=OPERATOR, at=NOON)
        found = await find_agreements(tx, enterprise.id, expiring=(TODAY, TODAY + timedelta(days=30)))

    assert [agreement.id for agreement in found] == [soon.id]


async def test_shares_count_what_was_chosen_and_what_was_inspected(
    database: Database, vault: Vault, enterprise: Enterprise
) -> None:
    async with database.transaction() as tx:
        agreement = await sign(tx, vault, enterprise.id)
    days = (TODAY, TODAY, TODAY, TODAY - timedelta(days=9))
    parcels = [
        SampledParcel(
            enterprise_id=enterprise.id,
            agreement_id=agreement.id,
            outlet_id=HERE,
            acceptance_id=AcceptanceId(new_uuid()),
            waybill=f"SF{number:013d}",
            accepted_on=day,
            sampling=Sampling(ratio=Decimal("0.05"), is_sampled=number in {0, 1, 3}),
            is_inspected=number in {1, 2},
        )
        for number, day in enumerate(days)
    ]
    lane = open_lane(database)
    writer = Writer(lane, together_max=8, waiting_max=8, lanes=lane.writers)
    for parcel in parcels:
        await writer.add(Record((sampled_parcel_row(parcel),)))
    await lane.close()
    async with database.transaction() as tx:
        week = {"since": TODAY - timedelta(days=6), "until": TODAY}
        before = await find_shares(tx, enterprise.id, agreement.id, **week)
        await mark_inspected(tx, enterprise.id, agreement.id, HERE, parcels[0].acceptance_id)
        after = await find_shares(tx, enterprise.id, agreement.id, **week)
        foreign = await find_shares(tx, EnterpriseId(new_uuid()), agreement.id, **week)

    assert (before.parcels, before.sampled, before.inspected, before.sampled_and_inspected) == (3, 2, 2, 1)
    assert (after.inspected, after.sampled_and_inspected) == (3, 2)
    assert foreign.parcels == 0
