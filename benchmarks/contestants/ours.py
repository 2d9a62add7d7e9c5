"""Our service, as its operator runs it: its own command, its own settings, one process unless told."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from acceptance_api.acceptance.tables import acceptances
from acceptance_api.demo.world import World
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.migrations import connected
from acceptance_api.vault import FileKeyStore, Vault
from benchmarks.contestants.served import Served
from benchmarks.contestants.world import Preparation, headers_of, make_our_world
from benchmarks.parcels import PATH, Parcel
from benchmarks.people import visits
from benchmarks.postgresql import connect
from benchmarks.processes import Running, python
from benchmarks.record import Record, Written, count_rows, read_record

SETTINGS = {
    "ACCEPTANCE_TOKEN_LIFETIME_S": "3600",
    "ACCEPTANCE_VERIFICATION_LIFETIME_S": "86400",
}
"""Longer than a run, so that none ends in the midst of a load; everything else stands as it is delivered."""
SERVE = ("-m", "acceptance_api", "serve", "--port", "{port}")


class Ours(Served):
    """The service on a database."""

    def __init__(
        self,
        name: str,
        title: str,
        directory: Path,
        url: str,
        *,
        database_pid: int | None,
        settings: Mapping[str, str] | None = None,
        arguments: Sequence[str] = SERVE,
        senders: int = 400,
    ) -> None:
        """The service, not yet started, on an empty database."""
        directory.mkdir(parents=True)
        environment = {
            "ACCEPTANCE_DATABASE_URL": url,
            "ACCEPTANCE_KEY_DIRECTORY": str(directory / "keys"),
            **SETTINGS,
            **(settings or {}),
        }
        running = Running(
            name=name,
            command=python(*arguments),
            directory=directory,
            environment=environment,
            ready_path="/readyz",
        )
        super().__init__(name, title, running, database_pid=database_pid)
        self.url = url
        self.preparation: Preparation
        self.world: World
        self.http: httpx.AsyncClient
        self._senders = senders

    async def open(self) -> None:
        """Make a world, start, and do what counters do before they present parcels."""
        keys = self.running.directory / "keys"
        self.world = await make_our_world(self.url, keys)
        await asyncio.to_thread(self.running.start)
        self.http = httpx.AsyncClient(base_url=self.running.url, trust_env=False, timeout=60)
        self.preparation = Preparation(
            url=self.url, vault=Vault(FileKeyStore(keys)), world=self.world, visits=visits(self._senders)
        )
        await self.preparation.begin(self.http, await self.headers())

    async def close(self) -> None:
        """Stop it."""
        if hasattr(self, "http"):
            await self.http.aclose()
        await super().close()

    async def headers(self) -> dict[str, str]:
        """The headers of the counter's clerk."""
        return await headers_of(self.http, self.world)

    async def prepare(self, count: int) -> None:
        """Have so many parcels ready, and leave the database no work over that would fall into a load."""
        await self.preparation.provide(count)
        if make_url(self.url).get_backend_name() == "postgresql":
            connection = await connect(self.url)
            await connection.execute("VACUUM ANALYZE")
            await connection.execute("CHECKPOINT")
            await connection.close()

    async def take(self, count: int) -> list[Parcel]:
        """Parcels that were verified, inspected and screened."""
        await self.preparation.provide(count)
        return self.preparation.take(count)

    def give_back(self, parcels: list[Parcel]) -> None:
        """Keep what was prepared for the next load."""
        self.preparation.give_back(parcels)

    async def stored(self) -> int:
        """How many acceptances stand in the database."""
        async with connected(self.url) as connection:
            return int((await connection.execute(select(func.count()).select_from(acceptances))).scalar_one())

    async def opened(self, acceptance_id: str) -> dict[str, str | None]:
        """As a regulator opens it: under a case, for a reason, with an audit entry."""
        case_id = await self.open_case()
        disclosure = {
            "case_id": case_id,
            "outlet_id": str(self.world.outlet_id),
            "acceptance_id": acceptance_id,
            "fields": ["sender_name", "sender_phone", "sender_address"],
            "reason": "the benchmark looks whether it opens",
        }
        values = (await self.ask("/regulator/v1/disclosures", disclosure))["values"]
        return {name: values[f"sender_{name}"] for name in ("name", "phone", "address")}

    async def open_case(self) -> str:
        """A case of postal supervision, open for a day."""
        officers = [{"name": "示例甲", "certificate_number": "A1"}, {"name": "示例乙", "certificate_number": "A2"}]
        body = {
            "id": str(new_uuid()),
            "legal_basis": "postal_inspection",
            "number": f"SANDBOX-{new_uuid().hex[:8]}",
            "officers": officers,
            "purpose": "sandbox supervision",
            "expires_at": (SystemClock().now() + timedelta(days=1)).isoformat(),
        }
        return str((await self.ask("/regulator/v1/cases", body))["id"])

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask as the regulator."""
        headers = await headers_of(self.http, self.world, "regulator") | {"Idempotency-Key": new_uuid().hex}
        answer = await self.http.post(path, json=body, headers=headers)
        made: dict[str, Any] = answer.raise_for_status().json()
        return made

    async def sample(self) -> Record:
        """Present one parcel, and read back what it wrote. Nothing else may be written meanwhile."""
        (parcel,) = await self.take(1)
        body, key = parcel.body(), new_uuid().hex
        before = await count_rows(self.url)
        headers = await self.headers() | {"Idempotency-Key": key}
        answer = (await self.http.post(PATH, json=body, headers=headers)).raise_for_status().json()
        if answer["decision"]["outcome"] != "accepted":
            raise LookupError(f"the sample was not accepted: {answer['decision']}")
        after = await count_rows(self.url)
        shared = {value for value in asdict(self.world).values() if isinstance(value, UUID)}
        written = Written(
            acceptance_id=UUID(body["id"]),
            waybill=parcel.waybill,
            key=key,
            shared={*shared, UUID(self.world.counter.client_id), parcel.verification_id},
        )
        grown = {table: after[table] - before[table] for table in after if after[table] > before[table]}
        return await read_record(self.url, written, grown)
