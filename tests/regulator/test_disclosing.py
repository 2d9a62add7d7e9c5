"""Disclosing: the reason and the entry are written before anything is opened, and only what was named is."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from acceptance_api.acceptance import FIELDS, Acceptance
from acceptance_api.acceptance.tables import acceptances
from acceptance_api.audit import Action
from acceptance_api.audit.tables import audit_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import AcceptanceId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import DiscloseFields, Disclosure, disclose_fields
from acceptance_api.regulator.disclosing import faults_of
from acceptance_api.regulator.tables import disclosures
from tests.regulator.conftest import NOW, Agency, correct
from tests.support.authorities import MATCHING, closed_address
from tests.support.builders import Shop, parcel, party

REASON = "示例线索涉及此件"


def request_for(agency: Agency, acceptance: Acceptance, *fields: str) -> DiscloseFields:
    """A request for fields of a record."""
    return DiscloseFields(
        case_id=agency.case.id,
        outlet_id=acceptance.outlet_id,
        acceptance_id=acceptance.id,
        fields=fields,
        reason=REASON,
    )


async def disclose(agency: Agency, acceptance: Acceptance, *fields: str) -> Disclosure:
    """Open fields of a record."""
    return await disclose_fields(agency.desk, agency.caller, request_for(agency, acceptance, *fields), at=NOW)


async def test_every_field_can_be_disclosed(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(await shop.ready())
    disclosed = await disclose(agency, acceptance, *FIELDS)

    assert disclosed.values == {
        "sender_name": "张建国",
        "sender_phone": "13800138000",
        "sender_address": "北京市朝阳区示例路1号2单元301室",
        "organisation_name": None,
        "organisation_code": None,
        "addressee_name": "李秀英",
        "addressee_phone": "13900139000",
        "addressee_address": "北京市海淀区示例街8号",
        "contents": '[{"name": "毛衣", "quantity": "1", "goods_code": null}]',
        "sender_id_number": MATCHING,
    }


async def test_only_what_was_named_is_opened_and_the_trail_says_so(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(await shop.ready())
    disclosed = await disclose(agency, acceptance, "addressee_phone", "sender_name")
    async with shop.database.read() as tx:
        row = (await tx.execute(select(disclosures))).one()
        told = (await tx.execute(select(audit_entries).where(audit_entries.c.id == disclosed.entry_id))).one()
    *_, entry = await agency.entries()

    assert list(disclosed.values.items()) == [("addressee_phone", "13900139000"), ("sender_name", "张建国")]
    assert (entry.id, entry.action) == (disclosed.entry_id, Action.FIELDS_DISCLOSED)
    assert (entry.subject_id, entry.actor.case_id) == (acceptance.id, agency.case.id)
    assert entry.detail["fields"] == row.fields == ["addressee_phone", "sender_name"]
    assert entry.detail["disclosure_id"] == str(row.id) == str(disclosed.id)
    for shown in map(repr, (row, told, disclosed, request_for(agency, acceptance, "sender_name"))):
        assert not any(secret in shown for secret in ("张建国", "13900139000", REASON, "示例线索"))


async def test_without_a_verification_there_is_no_number_to_disclose(shop: Shop, agency: Agency) -> None:
    disclosed = await disclose(agency, await shop.decide(parcel()), "sender_id_number")

    assert disclosed.values == {"sender_id_number": None}


async def test_a_corrected_record_discloses_its_latest_values(shop: Shop, agency: Agency) -> None:
    request = await shop.ready()
    acceptance = await shop.decide(request)
    await correct(shop, acceptance, replace(request, addressee=party(name="王芳", phone="13600136000")))

    assert (await disclose(agency, acceptance, "addressee_name")).values == {"addressee_name": "王芳"}


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        pytest.param(("sender_name", "contents"), [], id="in order"),
        pytest.param((), [("/fields", "required")], id="none"),
        pytest.param(("sender_name", "sender_mood"), [("/fields/1", "unknown")], id="unknown"),
        pytest.param(("contents", "contents"), [("/fields/1", "repeated")], id="repeated"),
    ],
)
def test_what_is_wrong_with_the_fields(fields: tuple[str, ...], faults: list[tuple[str, str]]) -> None:
    request = DiscloseFields(
        case_id=new_uuid(),  # type: ignore[arg-type] # an id is an id
        outlet_id=OutletId(new_uuid()),
        acceptance_id=AcceptanceId(new_uuid()),
        fields=fields,
        reason=REASON,
    )

    assert [(fault.pointer, fault.code) for fault in faults_of(request)] == faults


async def test_an_unknown_field_leaves_no_trace(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(parcel())
    with pytest.raises(Problem) as caught:
        await disclose(agency, acceptance, "sender_name", "sender_mood")

    assert caught.value.kind is Kind.INVALID
    await _nothing_was_disclosed(shop, agency)


async def test_a_record_beyond_the_border_looks_missing(shop: Shop, southern: Shop, agency: Agency) -> None:
    northern, acceptance = await shop.decide(parcel()), await southern.decide(parcel())
    for looking, one in (
        (agency.within("4404"), acceptance),
        (agency, replace(acceptance, id=AcceptanceId(new_uuid()))),
        (agency, replace(acceptance, outlet_id=northern.outlet_id)),
    ):
        with pytest.raises(Problem) as caught:
            await disclose(looking, one, "sender_name")
        assert caught.value.kind is Kind.NOT_FOUND

    await _nothing_was_disclosed(shop, agency)
    assert (await disclose(agency.within("4403"), acceptance, "sender_name")).values == {"sender_name": "张建国"}


async def test_what_cannot_be_opened_was_recorded_all_the_same(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(parcel())
    async with shop.database.transaction() as tx:
        await tx.execute(update(acceptances).values(sender_name_sealed=acceptances.c.addressee_name_sealed))
    with pytest.raises(Problem) as caught:
        await disclose(agency, acceptance, "sender_name")

    assert caught.value.kind is Kind.SEALED_DATA_DAMAGED
    assert [entry.action for entry in await agency.entries()] == [Action.CASE_OPENED, Action.FIELDS_DISCLOSED]


async def test_nothing_is_opened_that_cannot_be_recorded(shop: Shop, agency: Agency) -> None:
    acceptance = await shop.decide(parcel())
    gone = Database(closed_address().replace("http://", "postgresql+asyncpg://nobody@") + "/nowhere")
    desk = replace(agency.desk, disclosure=DisclosureDesk(gone, shop.vault))
    with pytest.raises(Problem) as caught:
        await disclose(replace(agency, desk=desk), acceptance, "sender_name")
    await gone.dispose()

    assert caught.value.kind is Kind.DATABASE_UNAVAILABLE
    await _nothing_was_disclosed(shop, agency)


async def _nothing_was_disclosed(shop: Shop, agency: Agency) -> None:
    async with shop.database.read() as tx:
        assert (await tx.execute(select(disclosures))).all() == []
    assert [entry.action for entry in await agency.entries()] == [Action.CASE_OPENED]
