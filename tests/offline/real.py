"""The service itself, spoken to over HTTP: devices are clients of one outlet, and its clock is the simulation's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from acceptance_api.acceptance import Acceptance, Revisions, cells_of, find_sealed_of, list_acceptances
from acceptance_api.access import AddClient, Audience, add_client
from acceptance_api.audit import OPERATOR, Action, Entry, find_entries
from acceptance_api.demo.world import Credentials, World
from acceptance_api.disclosure import Cell
from acceptance_api.sites import add_counter
from tests.offline.contract import PATH, Answer, Late, Record
from tests.support.authorities import StandingClock
from tests.support.service import Service, running_service

_TOKEN_LIFETIME = timedelta(hours=1)
_MANY = 10_000
_PARTIES = tuple(f"{party}_{part}" for party in ("sender", "addressee") for part in ("name", "phone", "address"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """A running service whose clock the simulation moves."""

    service: Service
    clock: StandingClock

    async def server(self, *, devices: int, at: datetime) -> "RealServer":
        """An outlet of its own at this moment, and a client for each device."""
        self.clock.at = at
        self.service.tokens.clear()
        world = await self.service.another_world()
        server = RealServer(arena=self, world=world, began_at=at)
        await server.hire(devices)
        return server


@asynccontextmanager
async def open_arena(database_url: str, directory: Path) -> AsyncIterator[Arena]:
    """The service on a migrated database."""
    clock, lifetime = StandingClock(), int(_TOKEN_LIFETIME.total_seconds())
    async with running_service(database_url, directory, clock=clock, token_lifetime_s=lifetime) as service:
        yield Arena(service=service, clock=clock)


@dataclass(slots=True, kw_only=True)
class RealServer:
    """A server of the contract, as one outlet's devices meet it."""

    arena: Arena
    world: World
    began_at: datetime
    devices: list[Credentials] = field(default_factory=list)
    _tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def receive(self, device: int, body: bytes, *, is_gzipped: bool, at: datetime) -> Answer:
        """Serve one batch of a device that arrives now."""
        self.arena.clock.at = at
        headers = await self._headers(self.devices[device]) | {"Content-Type": "application/json"}
        if is_gzipped:
            headers["Content-Encoding"] = "gzip"
        answer = await self.arena.service.http.post(PATH, content=body, headers=headers)
        return Answer(status=answer.status_code, body=answer.json())

    async def version(self) -> str:
        """The version of the outlet's policy bundle."""
        headers = await self._headers(self.devices[0])
        answer = await self.arena.service.http.get("/counter/v1/policy-bundle", headers=headers)
        return str(answer.json()["version"])

    async def records(self) -> tuple[Record, ...]:
        """Everything the outlet has, with the parties opened in one audited look."""
        database, until = self.arena.service.office.database, self.arena.clock.at + timedelta(seconds=1)
        async with database.read() as tx:
            found = await list_acceptances(
                tx, [self.world.outlet_id], since=self.began_at, until=until, before=None, limit=_MANY
            )
            sealed = await find_sealed_of(tx, [one.key for one in found])
        look = await self.arena.service.office.disclosure.begin(self._entry())
        cells = [_parties(one, sealed[one.key]) for one in found]
        values = iter(await look.full([cell for of_one in cells for cell in of_one]))
        return tuple(_record(one, dict(zip(_PARTIES, values, strict=False))) for one in found)

    async def decided(self) -> list[str]:
        """The acceptances that the audit trail says were decided, each as often as it says so."""
        async with self.arena.service.office.database.read() as tx:
            entries = await find_entries(tx, self.world.outlet_id, limit=_MANY)
        return [str(entry.subject_id) for entry in entries if entry.action is Action.ACCEPTANCE_DECIDED]

    async def hire(self, devices: int) -> None:
        """A counter and a client for each device."""
        at, world = self.arena.clock.at, self.world
        async with self.arena.service.office.transaction() as tx:
            for number in range(devices):
                name = f"device {number}"
                counter = await add_counter(
                    tx, world.outlet_id, enterprise_id=world.enterprise_id, name=name, actor=OPERATOR, at=at
                )
                wanted = AddClient(
                    audience=Audience.COUNTER,
                    name=name,
                    enterprise_id=world.enterprise_id,
                    outlet_id=world.outlet_id,
                    counter_id=counter.id,
                )
                client, secret = await add_client(tx, wanted, actor=OPERATOR, at=at)
                self.devices.append(Credentials(client_id=str(client.id), client_secret=secret))

    def _entry(self) -> Entry:
        return Entry(
            action=Action.FIELDS_DISCLOSED,
            actor=OPERATOR,
            at=self.arena.clock.at,
            stream_id=self.world.agency_id,
            subject_id=self.world.outlet_id,
        )

    async def _headers(self, credentials: Credentials) -> dict[str, str]:
        """The headers of a request, with a token that is still good when simulated weeks have passed."""
        now, (token, until) = self.arena.clock.at, self._tokens.get(credentials.client_id, ("", self.began_at))
        if now >= until:
            self.arena.service.tokens.pop(credentials.client_id, None)
            token = await self.arena.service.token(credentials)
            self._tokens[credentials.client_id] = token, now + _TOKEN_LIFETIME / 2
        return {"Authorization": f"Bearer {token}", "Clerk-Id": str(self.world.clerk_id)}


def _parties(acceptance: Acceptance, sealed: Revisions) -> list[Cell]:
    (_, latest), *_ = sealed
    cells = cells_of(acceptance, latest, None)
    return [cells[name] for name in _PARTIES]


def _record(acceptance: Acceptance, parties: dict[str, str | None]) -> Record:
    late = acceptance.late
    assert late is not None, "what came in a batch is marked late"
    return Record(
        id=str(acceptance.id),
        content={
            "waybill": acceptance.waybill,
            "division": acceptance.destination.division,
            "contents_kind": acceptance.contents_kind,
            "weight_g": acceptance.facts["weight_g"],
            "parties": parties,
        },
        outcome=acceptance.decision.outcome.value,
        statutory=acceptance.decision.rules["statutory"],
        recorded_at=acceptance.recorded_at,
        late=Late(
            occurred_at=late.occurred_at.astimezone(UTC),
            device_occurred_at=late.device_occurred_at.astimezone(UTC),
            clock_skew_ms=late.clock_skew_ms,
            sequence=late.sequence,
        ),
    )
