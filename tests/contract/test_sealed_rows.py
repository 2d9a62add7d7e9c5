"""Ciphertext or a token that was moved with SQL, to another row, column or enterprise, never yields a value."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Column, select, update

from acceptance_api.acceptance.fields import SEALED
from acceptance_api.acceptance.tables import acceptance_tokens, acceptances
from acceptance_api.agreements import fields as agreement_fields
from acceptance_api.audit import OPERATOR, Action, Entry
from acceptance_api.disclosure import Cell, Mask
from acceptance_api.identity import fields as identity_fields
from acceptance_api.identity.tables import verifications
from acceptance_api.imports import fields as import_fields
from acceptance_api.inspection import fields as inspection_fields
from acceptance_api.kernel.database import Personal
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.migrations import whole_schema
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator import fields as regulator_fields
from acceptance_api.sites import fields as site_fields
from acceptance_api.vault import Field
from tests.contract import bodies
from tests.contract.bodies import ADDRESSEE, SENDER, Body
from tests.contract.scenes import FAR_AWAY, Scene, headers, set_scene
from tests.support.service import running_service

_ROOMS = (agreement_fields, identity_fields, import_fields, inspection_fields, regulator_fields, site_fields)
FIELDS: Mapping[tuple[str, str], Field] = {
    (f"{field.table}s" if field.table != "evidence" else field.table, field.sealed_name): field
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
        for place, moved in permutations(cells, 2):
            with pytest.raises(Problem) as problem:
                await look.full([replace(place, envelope=moved.envelope)])
            assert problem.value.kind is Kind.SEALED_DATA_DAMAGED
            assert not any(secret in repr(problem.value) for secret in SECRETS)


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
        for column in sealed_columns():
            table = column.table
            for row in await tx.execute(select(table).where(column.is_not(None))):
                known = row._mapping
                cells.append(
                    Cell(
                        field=FIELDS[table.name, column.name],
                        owner_id=known.get("enterprise_id") or known["agency_id"],
                        record_id=known.get("record_id") or known["id"],
                        envelope=known[column.name],
                        mask=Mask.HIDDEN,
                    )
                )
    return cells


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
