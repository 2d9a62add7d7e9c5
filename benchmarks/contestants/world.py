"""The world our service works in while it is measured: an outlet, verified senders, and parcels ready to be decided.

What a counter does before the decision is done for one parcel through the API; for the others its rows are copied in
bulk, sealed and committed to anew with the keys of the service, so that every rule finds its facts.
"""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from acceptance_api.demo.counter import PHOTO, fetch_token
from acceptance_api.demo.world import Credentials, World, make_world
from acceptance_api.inspection import DECLARED_COMMITMENT, statement_of
from acceptance_api.inspection.fields import FINDINGS
from acceptance_api.inspection.tables import inspection_marks, inspections
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.migrations import upgrade
from acceptance_api.screening.tables import screenings
from acceptance_api.vault import FileKeyStore, Vault
from benchmarks import bulk
from benchmarks.parcels import DESTINATION, Parcel, new_waybill
from benchmarks.people import Visit, contents

_AT_ONCE = 16
_BATCH = 5_000


async def make_our_world(url: str, keys: Path) -> World:
    """Migrate a database, and make a sandbox enterprise in it."""
    await upgrade(url)
    database = Database(url)
    try:
        return await make_world(database, Vault(FileKeyStore(keys)), at=SystemClock().now())
    finally:
        await database.dispose()


@dataclass(kw_only=True)
class Preparation:
    """Parcels for which everything was done but the decision. One run's waybills never repeat."""

    url: str
    vault: Vault
    world: World
    visits: Sequence[Visit]
    verifications: list[UUID] = field(default_factory=list)
    ready: deque[Parcel] = field(default_factory=deque)
    _samples: dict[str, bulk.Row] = field(default_factory=dict)
    _number: int = 0

    async def begin(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        """Verify every sender, and take one parcel through inspection and screening, through the API."""
        counter = _Counter(http, headers)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def verified(visit: Visit) -> UUID:
            async with gate:
                return await counter.verify(visit)

        self.verifications = list(await asyncio.gather(*map(verified, self.visits)))
        waybill = self._next_waybill()
        inspection_id = await counter.inspect(waybill)
        screening_id = await counter.screen(waybill, self.world.machine_id)
        for table, match in (
            (inspections, {"id": inspection_id}),
            (inspection_marks, {"inspection_id": inspection_id}),
            (screenings, {"id": screening_id}),
        ):
            (self._samples[table.name],) = await bulk.find_rows(self.url, table, **match)
        self.ready.append(self._parcel(waybill, inspection_id))

    async def provide(self, count: int) -> None:
        """See to it that at least so many parcels are ready."""
        while len(self.ready) < count:
            await self._copy(min(_BATCH, count - len(self.ready)))

    def take(self, count: int) -> list[Parcel]:
        """Parcels that nobody else has."""
        return [self.ready.popleft() for _ in range(min(count, len(self.ready)))]

    def give_back(self, parcels: Sequence[Parcel]) -> None:
        """Parcels that were not sent after all."""
        self.ready.extendleft(reversed(parcels))

    async def _copy(self, count: int) -> None:
        scope = await self.vault.scope(self.world.enterprise_id, at=SystemClock().now())
        statement, findings = _statement(), _findings()
        rows: dict[str, list[bulk.Row]] = {name: [] for name in self._samples}
        made: list[Parcel] = []
        for _ in range(count):
            waybill, inspection_id = self._next_waybill(), new_uuid()
            made.append(self._parcel(waybill, inspection_id))
            sealed = {
                "findings_sealed": scope.seal(FINDINGS, inspection_id, findings),
                "seal_key_id": scope.key_id,
                "declared_commitment": scope.commit(DECLARED_COMMITMENT, inspection_id, statement),
            }
            serial = {"inspection_id": inspection_id, "serial": f"YS{waybill}"}
            own: dict[str, bulk.Row] = {
                inspections.name: {"id": inspection_id, **sealed},
                inspection_marks.name: serial,
                screenings.name: {"id": new_uuid(), "label_serial": f"{waybill}-1"},
            }
            for name, changes in own.items():
                rows[name].append(self._samples[name] | {"waybill": waybill} | changes)
        await bulk.load(self.url, {table: rows[table.name] for table in (inspections, inspection_marks, screenings)})
        self.ready.extend(made)

    def _parcel(self, waybill: str, inspection_id: UUID) -> Parcel:
        chosen = self._number % len(self.visits)
        return Parcel(
            waybill=waybill,
            visit=self.visits[chosen],
            verification_id=self.verifications[chosen],
            inspection_id=inspection_id,
        )

    def _next_waybill(self) -> str:
        self._number += 1
        return new_waybill(self._number)


async def headers_of(http: httpx.AsyncClient, world: World, audience: str = "counter") -> dict[str, str]:
    """The headers of a client of the world: a fresh token, and at a counter the clerk."""
    credentials: Credentials = getattr(world, audience)
    headers = {"Authorization": f"Bearer {await fetch_token(http, credentials)}"}
    return headers | ({"Clerk-Id": str(world.clerk_id)} if audience == "counter" else {})


@dataclass(frozen=True, slots=True)
class _Counter:
    http: httpx.AsyncClient
    headers: dict[str, str]

    async def verify(self, visit: Visit) -> UUID:
        document = {"type": "resident_id", "number": visit.sender.id_number, "name": visit.sender.name}
        body = {"document": document, "channel": "chip_reader", "person_matches": True}
        return await self._made("/counter/v1/verifications", body)

    async def inspect(self, waybill: str) -> UUID:
        photo = PHOTO + waybill.encode()  # the same one of two parcels would be noticed
        digest = hashlib.sha256(photo).hexdigest()
        headers = self.headers | {"Content-Type": "image/jpeg"}
        stored = await self.http.put(f"/counter/v1/evidence/{digest}", content=photo, headers=headers)
        stored.raise_for_status()
        body = {
            "waybill": waybill,
            "contents_kind": "general",
            "answers": [{"item": code, "value": "pass"} for code in await self._checklist()],
            "opening": "opened",
            "declared": contents(),
            "seen": contents(),
            "photos": [digest],
        }
        return await self._made("/counter/v1/inspections", body)

    async def screen(self, waybill: str, machine_id: UUID) -> UUID:
        body = {"waybill": waybill, "machine_id": str(machine_id), "verdict": "clear"}
        return await self._made("/counter/v1/screenings", body)

    async def _checklist(self) -> list[str]:
        destination = {"country": "CN", "division": DESTINATION}
        body = {"sender_kind": "person", "contents_kind": "general", "destination": destination}
        answer = await self.http.post("/counter/v1/requirements", json=body, headers=self.headers)
        return [item["code"] for item in answer.raise_for_status().json()["inspection"]["items"]]

    async def _made(self, path: str, body: dict[str, Any]) -> UUID:
        record_id = new_uuid()
        headers = self.headers | {"Idempotency-Key": record_id.hex}
        answer = await self.http.post(path, json={"id": str(record_id), **body}, headers=headers)
        answer.raise_for_status()
        return record_id


def _statement() -> str:
    return statement_of(tuple((str(line["name"]), int(str(line["quantity"]))) for line in contents()))


def _findings() -> str:
    declared = [[line["name"], str(line["quantity"]), None] for line in contents()]
    seen = [[*line, False, False] for line in declared]
    return json.dumps({"declared": declared, "seen": seen, "notes": {}}, ensure_ascii=False)
