"""Two thousand people pass through the service, and nothing of them lies anywhere in the clear."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, make_url

from acceptance_api.acceptance.fields import ADDRESSEE_NAME
from acceptance_api.agreements.fields import REPRESENTATIVE
from acceptance_api.http.tables import idempotency_keys
from acceptance_api.interception.fields import ACTOR_NAME
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.sites.fields import CLERK_NAME
from acceptance_api.vault import Field, FileKeyStore, Scope, Vault
from tests.contract import bodies
from tests.contract.bodies import Body, Someone
from tests.contract.crowd import Day, make_crowd, values_of
from tests.contract.mentioned import mention, officer
from tests.contract.scanning import Finding, Scanner, encodings_of
from tests.contract.scenes import FAR_AWAY, Scene, headers, set_scene
from tests.contract.sinks import captured_log, scan_everything
from tests.support.service import Service, running_service

PEOPLE, MENTIONED = 2_000, 40
"""Everybody sends or receives a parcel; some are staff, sign an agreement, and are named in a case, too."""
Sending = tuple[str, str, Body]
"""Audience, path and body."""


async def test_nothing_of_two_thousand_people_lies_anywhere_in_the_clear(database_url: str, tmp_path: Path) -> None:
    people = make_crowd(PEOPLE, seed=1)
    with captured_log() as lines:
        async with running_service(database_url, tmp_path) as service:
            day = Day(scene=await set_scene(service, service.world, division="110105"))
            await day.pass_by(people)
            await mention(day, people[:MENTIONED])
            scanner = Scanner(values_of(people))
            errors = "\n".join(day.errors).encode()
            logged = lines.getvalue()
            found = await scan_everything(scanner, service, database_url, lines=logged.encode(), errors=errors)

    assert found == set()
    assert {200, 201, 401, 403, 409, 422} <= day.statuses.keys()
    assert day.statuses.keys() & {500, 503}, "no request failed inside the database"
    assert logged.count("\n") >= sum(day.statuses.values()), "the log was not captured"


async def test_a_planted_value_is_found_in_every_sink_and_in_every_encoding(database_url: str, tmp_path: Path) -> None:
    values = values_of(make_crowd(1, seed=2))
    planted = [raw for texts in values.values() for text in texts for _, raw in encodings_of(text)]
    together = b"\x00".join(planted)
    scanner = Scanner(values)
    async with running_service(database_url, tmp_path) as service:
        await _plant_in_database(service, planted)
        (service.office.settings.key_directory / "planted").write_bytes(together)
        found = await scan_everything(scanner, service, database_url, lines=together, errors=together)

    missed = {
        sink: scanner.looked_for - {(one.kind, one.encoding) for one in found if one.sink == sink}
        for sink in ("log", "error bodies", "key store", *_database_sinks(database_url))
    }
    assert not any(missed.values()), missed


def _addressee(_scene: Scene, person: Someone) -> Sending:
    return "counter", "/counter/v1/acceptances", bodies.parcel(division=FAR_AWAY, addressee=person)


def _officer(scene: Scene, person: Someone) -> Sending:
    step = {"id": bodies.new_id(), "number": 3, "kind": "transfer", "evidence": scene.spare["paper of case"]}
    body = step | {"actor": officer(person), "holder": officer(person)}
    return "counter", f"/counter/v1/interceptions/{scene.spare['case']}/steps", body


def _representative(_scene: Scene, person: Someone) -> Sending:
    return "enterprise", "/enterprise/v1/agreements", bodies.agreement(representative=person.name)


def _clerk(scene: Scene, person: Someone) -> Sending:
    body = bodies.clerk() | {"name": person.name, "id_number": person.number}
    return "enterprise", f"/enterprise/v1/outlets/{scene.world.outlet_id}/clerks", body


@pytest.mark.parametrize(
    ("field", "sending"),
    [
        pytest.param(ADDRESSEE_NAME.field, _addressee, id="the addressee of a parcel"),
        pytest.param(ACTOR_NAME, _officer, id="the officer of a step"),
        pytest.param(REPRESENTATIVE, _representative, id="who signs an agreement"),
        pytest.param(CLERK_NAME, _clerk, id="a clerk"),
    ],
)
async def test_one_field_that_is_not_sealed_is_reported_with_its_place(
    database_url: str, tmp_path: Path, field: Field, sending: Callable[[Scene, Someone], Sending]
) -> None:
    (person,) = make_crowd(1, seed=3)
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        leaking = LeakingVault(FileKeyStore(service.office.settings.key_directory), field)
        service.app.state.office = replace(
            service.office, vault=leaking, deciding=replace(service.office.deciding, vault=leaking)
        )
        audience, path, body = sending(scene, person)
        answer = await service.post(path, body, await headers(service, scene.world, audience))
        assert answer.status_code == 201, answer.text
        found = await scan_everything(Scanner(values_of([person])), service, database_url, lines=b"", errors=b"")

    assert found == {Finding(sink, "name", "utf-8") for sink in _database_sinks(database_url)}


class LeakingScope(Scope):
    """A scope that forgets to seal one field."""

    __slots__ = ("leak",)
    leak: Field

    def seal(self, field: Field, record_id: UUID, text: str) -> bytes:
        """Seal all but one."""
        return text.encode() if field == self.leak else super().seal(field, record_id, text)

    def seal_record(self, record_id: UUID, values: Mapping[Field, str | None]) -> dict[str, bytes | None]:
        """Seal all but one."""
        sealed = super().seal_record(record_id, values)
        text = values.get(self.leak)
        return sealed if text is None else sealed | {self.leak.sealed_name: text.encode()}


class LeakingVault(Vault):
    """A vault whose scopes leak."""

    def __init__(self, key_store: FileKeyStore, leak: Field) -> None:
        """Leak this field."""
        super().__init__(key_store)
        self._leak = leak

    async def scope(self, owner_id: UUID, *, at: datetime) -> Scope:
        """The right keys in the wrong hands."""
        made = await super().scope(owner_id, at=at)
        leaking = LeakingScope(made._data_key, made._index_key, made._commitment_key, made._tally)
        leaking.leak = self._leak
        return leaking


async def _plant_in_database(service: Service, planted: Iterable[bytes]) -> None:
    """Each three times: a record of a write-ahead log may be cut by the end of a page."""
    at = service.office.clock.now()
    rows = [
        {
            "client_id": new_uuid(),
            "operation": "planted",
            "key": "planted",
            "fingerprint": b"",
            "claimed_at": at,
            "body": raw,
        }
        for raw in planted
        for _ in range(3)
    ]
    async with service.office.database.transaction() as tx:
        await tx.execute(insert(idempotency_keys), rows)


def _database_sinks(database_url: str) -> tuple[str, ...]:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return "database", "database-wal"
    owned = (Path(str(url.query.get("host", ""))) / "data").is_dir()
    return ("database rows", "database", "database-wal") if owned else ("database rows",)
