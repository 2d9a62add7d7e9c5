"""Ciphertext or a token that was moved with SQL, to another row, column or enterprise, never yields a value."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Column, ColumnElement, and_, select, update

from acceptance_api.acceptance.fields import SEALED
from acceptance_api.acceptance.tables import acceptance_tokens, acceptances
from acceptance_api.agreements import fields as agreement_fields
from acceptance_api.audit import OPERATOR, Action, Entry
from acceptance_api.disclosure import Cell, Mask
from acceptance_api.identity import fields as identity_fields
from acceptance_api.identity.tables import verifications
from acceptance_api.imports import fields as import_fields
from acceptance_api.inspection import fields as inspection_fields
from acceptance_api.interception import fields as interception_fields
from acceptance_api.interception.fields import ACTOR_NAME, WITNESS_NAME
from acceptance_api.interception.tables import interception_steps
from acceptance_api.kernel.database import Personal
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.migrations import whole_schema
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import fields as regulator_fields
from acceptance_api.sites import fields as site_fields
from acceptance_api.sites.tables import outlets
from acceptance_api.vault import Field, Tampered
from acceptance_api.vault.opening import Opener
from tests.contract import bodies
from tests.contract.bodies import ADDRESSEE, SENDER, Body
from tests.contract.intercepted import COLLEAGUE, NOTE, OFFICER
from tests.contract.scenes import FAR_AWAY, Scene, headers, set_scene
from tests.support.service import running_service

_ROOMS = (
    agreement_fields,
    identity_fields,
    import_fields,
    inspection_fields,
    interception_fields,
    regulator_fields,
    site_fields,
)
FIELDS: Mapping[tuple[str, str], Field] = {
    (field.table if field.table.endswith("evidence") else f"{field.table}s", field.sealed_name): field
    for field in (
        *(personal.field for personal in SEALED),
        *(one for room in _ROOMS for one in vars(room).values() if isinstance(one, Field)),
    )
}
"""The field that was sealed in each column, by table and column."""
SECRETS = (SENDER.name, SENDER.phone, SENDER.address, SENDER.number, ADDRESSEE.name, ADDRESSEE.phone)
STRANGER = bodies.Someone(name="司马无忌", phone="13700137000", address="上海市黄浦区示例路9号")
BY_STRANGERS_PHONE: Body = {"kind": "phone", "phone": STRANGER.phone}
DISCLOSED = {personal.field.sealed_name: personal.name for personal in SEALED}
OF_A_STEP: Mapping[Field, str] = {
    interception_fields.ACTOR_NAME: OFFICER["name"],
    interception_fields.ACTOR_CERTIFICATE: OFFICER["certificate_number"],
    interception_fields.HOLDER_NAME: OFFICER["name"],
    interception_fields.HOLDER_CERTIFICATE: OFFICER["certificate_number"],
    interception_fields.WITNESS_NAME: COLLEAGUE["name"],
    interception_fields.WITNESS_CERTIFICATE: COLLEAGUE["certificate_number"],
    interception_fields.NOTE: NOTE,
}
"""What was said in the step of the scene in which an officer took intercepted goods along."""


def sealed_columns() -> list[Column[bytes]]:
    """Every sealed column of the schema."""
    columns = (column for table in whole_schema().sorted_tables for column in table.columns)
    return [column for column in columns if column.info["personal"] == Personal.SEALED.value]


def test_every_sealed_column_has_its_field() -> None:
    assert {(column.table.name, column.name) for column in sealed_columns()} == FIELDS.keys()


async def test_a_moved_envelope_opens_in_no_other_place(database_url: str, tmp_path: Path) -> None:
    """Every sealed value, tried in every other place of every table: another row, column, table or owner."""
    async with running_service(database_url, tmp_path) as service:
        await set_scene(service, service.world, division="110105")
        other = await service.another_world(division="310101")
        scene = await set_scene(service, other, division="310101")
        disclosed = await _disclose(scene, ["sender_name"])
        assert disclosed.status_code == 201, disclosed.text
        cells = await _cells(scene)
        assert {str(cell.field) for cell in cells} >= {str(field) for field in _fields_in_use()}
        entry = Entry(
            action=Action.FIELDS_DISCLOSED,
            actor=OPERATOR,
            at=service.office.clock.now(),
            stream_id=new_uuid(),
            subject_id=new_uuid(),
        )
        look = await service.office.disclosure.begin(entry)
        opener = await _opener(scene, cells)
        for place, moved in permutations(cells, 2):
            with pytest.raises(Problem) as problem:
                await look.full([replace(place, envelope=moved.envelope)])
            assert problem.value.kind is Kind.SEALED_DATA_DAMAGED
            assert not any(secret in repr(problem.value) for secret in SECRETS)
            # A photo would be no text anywhere: it must not open as bytes either.
            with pytest.raises(Tampered):
                opener.open_bytes(place.field, place.owner_id, place.record_id, moved.envelope or b"")


async def test_every_envelope_opens_in_its_own_place(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        cells = await _cells(scene)
        opener = await _opener(scene, cells)
        opened = [
            (cell.field, opener.open_bytes(cell.field, cell.owner_id, cell.record_id, cell.envelope or b""))
            for cell in cells
        ]

    assert {(field, value.encode()) for field, value in OF_A_STEP.items()} <= set(opened)
    assert all(content for _, content in opened)


async def test_an_envelope_moved_with_sql_is_damage_to_whoever_asks(database_url: str, tmp_path: Path) -> None:
    answers = {}
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        other = await set_scene(service, await service.another_world(division="310101"), division="310101")
        for column, name in DISCLOSED.items():
            neighbour = "addressee_name_sealed" if column != "addressee_name_sealed" else "sender_name_sealed"
            before = await _envelope(scene, scene.accepted_id, column)
            for how, record_id, source in (
                ("another row", scene.held_id, column),
                ("another column", scene.accepted_id, neighbour),
                ("another enterprise", other.accepted_id, column),
                ("a column of another row", scene.held_id, neighbour),
            ):
                if (moved := await _envelope(scene, record_id, source)) is not None:
                    await _put(scene, column, moved)
                    answer = await _disclose(scene, [name])
                    answers[name, how] = answer.status_code, answer.json()["code"]
                    assert not any(secret in answer.text for secret in SECRETS)
            await _put(scene, column, before)
        assert (await _disclose(scene, list(DISCLOSED.values()))).status_code == 201, "all is in its place again"

    assert len(answers) >= 4 * len(DISCLOSED) - 4
    assert set(answers.values()) == {(500, "sealed_data_damaged")}


async def test_a_moved_name_in_a_step_is_damage_to_whoever_reports(database_url: str, tmp_path: Path) -> None:
    answers = {}
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        other = await set_scene(service, await service.another_world(division="310101"), division="310101")
        for field in OF_A_STEP:
            neighbour = WITNESS_NAME if field == ACTOR_NAME else ACTOR_NAME
            before = await _of_step(scene, field)
            for how, moved in (
                ("another column", await _of_step(scene, neighbour)),
                ("another enterprise", await _of_step(other, field)),
            ):
                await _put_in_step(scene, field, moved)
                answer = await _report(scene)
                answers[field.column, how] = answer.status_code, answer.json()["code"]
                assert not any(secret in answer.text for secret in OF_A_STEP.values())
            await _put_in_step(scene, field, before)
        assert (await _report(scene)).status_code == 200, "all is in its place again"

    assert len(answers) == 2 * len(interception_fields.OF_A_STEP)
    assert set(answers.values()) == {(500, "sealed_data_damaged")}


async def test_a_moved_id_number_is_damage_too(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        path = "/counter/v1/verifications"
        given = await headers(service, scene.world, "counter")
        other = (await service.post(path, bodies.verification(ADDRESSEE), given)).json()["id"]
        column = verifications.c.document_number_sealed
        async with service.office.database.transaction() as tx:
            moved = (await tx.execute(select(column).where(verifications.c.id == UUID(other)))).scalar_one()
            place = update(verifications).where(verifications.c.id == UUID(scene.verification_id))
            await tx.execute(place.values(document_number_sealed=moved))
        answer = await _disclose(scene, ["sender_id_number"])

    assert (answer.status_code, answer.json()["code"]) == (500, "sealed_data_damaged")
    assert not any(secret in answer.text for secret in (SENDER.number, ADDRESSEE.number))


async def test_a_token_moved_to_another_record_finds_nothing(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        given = await headers(service, scene.world, "counter")
        answer = await service.post("/counter/v1/acceptances", bodies.parcel(division=FAR_AWAY, sender=STRANGER), given)
        theirs = answer.json()["id"]
        assert await _found(scene, BY_STRANGERS_PHONE) == [theirs]
        await _move_tokens(scene, theirs)

        assert await _found(scene, BY_STRANGERS_PHONE) == []


async def test_a_token_moved_to_another_enterprise_finds_nothing(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        other = await service.another_world(division="310101")
        given = await headers(service, other, "counter")
        answer = await service.post("/counter/v1/acceptances", bodies.parcel(division=FAR_AWAY, sender=STRANGER), given)
        theirs = answer.json()["id"]
        assert await _found(scene, BY_STRANGERS_PHONE) == [theirs]
        await _move_tokens(scene, theirs, outlet_id=scene.world.outlet_id)

        assert await _found(scene, BY_STRANGERS_PHONE) == []


async def _cells(scene: Scene) -> list[Cell]:
    """Every sealed value of the database that a field is known for."""
    cells = []
    async with scene.service.office.database.read() as tx:
        rows = await tx.execute(select(outlets.c.id, outlets.c.enterprise_id))
        enterprises = {row.id: row.enterprise_id for row in rows}
        for column in sealed_columns():
            table = column.table
            for row in await tx.execute(select(table).where(column.is_not(None))):
                known = row._mapping
                cells.append(
                    Cell(
                        field=FIELDS[table.name, column.name],
                        owner_id=known.get("enterprise_id") or known.get("agency_id") or enterprises[row.outlet_id],
                        record_id=known.get("record_id") or known["id"],
                        envelope=known[column.name],
                        mask=Mask.HIDDEN,
                    )
                )
    return cells


async def _opener(scene: Scene, cells: list[Cell]) -> Opener:
    """Opens without asking anybody; holds the keys of these values."""
    opener = Opener(scene.service.office.vault)
    await opener.ensure(cell.envelope for cell in cells)
    return opener


def _fields_in_use() -> set[Field]:
    organisations = {"organisation_name_sealed", "organisation_code_sealed"}
    return {field for (_, column), field in FIELDS.items() if column not in organisations}


async def _envelope(scene: Scene, acceptance_id: str, column: str) -> bytes | None:
    query = select(acceptances.c[column]).where(acceptances.c.id == UUID(acceptance_id))
    async with scene.service.office.database.read() as tx:
        envelope: bytes | None = (await tx.execute(query)).scalar_one()
        return envelope


async def _put(scene: Scene, column: str, envelope: bytes | None) -> None:
    place = update(acceptances).where(acceptances.c.id == UUID(scene.accepted_id))
    async with scene.service.office.database.transaction() as tx:
        await tx.execute(place.values({column: envelope}))


def _is_the_step(scene: Scene) -> ColumnElement[bool]:
    """The step in which an officer took the goods along."""
    steps = interception_steps.c
    return and_(steps.interception_id == UUID(scene.spare["case"]), steps.number == 2)


async def _of_step(scene: Scene, field: Field) -> bytes:
    query = select(interception_steps.c[field.sealed_name]).where(_is_the_step(scene))
    async with scene.service.office.database.read() as tx:
        envelope: bytes = (await tx.execute(query)).scalar_one()
        return envelope


async def _put_in_step(scene: Scene, field: Field, envelope: bytes) -> None:
    place = update(interception_steps).where(_is_the_step(scene))
    async with scene.service.office.database.transaction() as tx:
        await tx.execute(place.values({field.sealed_name: envelope}))


async def _report(scene: Scene) -> httpx.Response:
    path = f"/counter/v1/interceptions/{scene.spare['case']}/report"
    return await scene.service.http.get(path, headers=await headers(scene.service, scene.world, "counter"))


async def _move_tokens(scene: Scene, acceptance_id: str, **changes: UUID) -> None:
    """Make the tokens of a record claim the scene's accepted one, as if they had been made from it."""
    table = acceptance_tokens
    async with scene.service.office.database.transaction() as tx:
        source = select(acceptances.c.record_id).where(acceptances.c.id == UUID(scene.accepted_id))
        place = {"acceptance_id": UUID(scene.accepted_id), "source_id": (await tx.execute(source)).scalar_one()}
        moved = update(table).where(table.c.acceptance_id == UUID(acceptance_id), table.c.role == "sender_phone")
        assert (await tx.execute(moved.values(place | changes))).rowcount == 1


async def _disclose(scene: Scene, fields: list[str]) -> httpx.Response:
    body = {
        "case_id": scene.case_id,
        "outlet_id": str(scene.world.outlet_id),
        "acceptance_id": scene.accepted_id,
        "fields": fields,
        "reason": "sandbox supervision",
    }
    given = await headers(scene.service, scene.world, "regulator")
    return await scene.service.post("/regulator/v1/disclosures", body, given)


async def _found(scene: Scene, by: Body) -> list[str]:
    given = await headers(scene.service, scene.world, "regulator")
    answer = await scene.service.post("/regulator/v1/searches", {"case_id": scene.case_id, "by": by}, given)
    assert answer.status_code == 200, answer.text
    return [hit["acceptance_id"] for hit in answer.json()["data"]]
