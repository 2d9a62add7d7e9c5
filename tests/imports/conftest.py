"""An enterprise that loads files: a shop, its IT's client, and a worker's desk with the wire's own reader."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, func, select

from acceptance_api.access import Caller
from acceptance_api.audit import Entry, find_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.http.enterprise.import_lines import line_reader
from acceptance_api.imports import (
    Import,
    ImportKey,
    ProcessingDesk,
    ReceivingDesk,
    Run,
    advance,
    find_faulty,
    queue_import,
    receive_lines,
    take_up,
)
from acceptance_api.imports.store import find
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.problems import Fault
from tests.support.authorities import NAME
from tests.support.builders import NOON, Shop, open_shop
from tests.support.journeys import Somebody, parcel_of

LATER = NOON + timedelta(hours=6)
"""When the files come in."""
LEASE, KEPT = timedelta(seconds=60), timedelta(days=1_000)
Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What an enterprise's IT and a worker do, each in one call."""

    shop: Shop
    caller: Caller
    receiving: ReceivingDesk
    desk: ProcessingDesk

    @property
    def database(self) -> Database:
        """Where all of it is kept."""
        return self.shop.database

    async def load(self, content: bytes, *, at: datetime = LATER) -> ImportKey:
        """Send a file, whole, and let it be queued."""
        key = await receive_lines(self.receiving, self.caller, pieces(content), at=at)
        async with self.database.transaction() as tx:
            await queue_import(tx, self.caller, key, at=at)
        return key

    async def process(self, key: ImportKey, *, at: datetime = LATER) -> Import:
        """Take an import up and go on to its end; what came of it."""
        run = await taken(self, key, at=at)
        while await advance(self.desk, run, at=at):
            pass
        return await self.look(key)

    async def look(self, key: ImportKey) -> Import:
        """What its owner sees of an import."""
        async with self.database.read() as tx:
            found = await find(tx, *key)
        assert found is not None
        return found

    async def faults(self, key: ImportKey) -> dict[int, tuple[tuple[str, str], ...]]:
        """The faults of each faulty line."""
        async with self.database.read() as tx:
            found = await find_faulty(tx, key, after=0, limit=100)
        return {line.number: tuple(map(_said, line.faults)) for line in found}

    def line(self, *, occurred_at: datetime = NOON, acceptance: Line | None = None, **changes: Any) -> Line:  # noqa: ANN401 - JSON
        """A line about a parcel that nobody verified or inspected: it is refused."""
        world = self.shop.world
        return {
            "outlet_id": str(world.outlet_id),
            "clerk_id": str(world.clerk_id),
            "occurred_at": occurred_at.isoformat(),
            "sequence": 1,
            "acceptance": acceptance if acceptance is not None else parcel_of(),
        } | changes

    async def good_line(self, *, occurred_at: datetime = NOON, **changes: Any) -> Line:  # noqa: ANN401 - JSON
        """A line about a parcel that was verified and inspected when it stood on the counter: it is accepted."""
        verified = await self.shop.verify(at=occurred_at)
        inspected = await self.shop.inspect(at=occurred_at)
        parcel = parcel_of(
            verification_id=str(verified.id),
            inspection_id=str(inspected.id),
            sender=Somebody(name=NAME),
            waybill=inspected.waybill,
            **changes,
        )
        return self.line(occurred_at=occurred_at, acceptance=parcel)


def file_of(lines: Iterable[Line]) -> bytes:
    """A file of these lines."""
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


async def pieces(content: bytes, size: int = 1_000) -> AsyncIterator[bytes]:
    """A file as it comes in."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def open_office(shop: Shop) -> Office:
    """The office of a shop's enterprise."""
    caller = await shop.caller_of(shop.world.enterprise)
    desk = ProcessingDesk(
        deciding=shop.deciding,
        disclosure=DisclosureDesk(shop.database, shop.vault),
        read_line=line_reader(await shop.vault.fixed_key("fingerprint"), depth_max=24),
        lease=LEASE,
        kept=KEPT,
    )
    receiving = ReceivingDesk(database=shop.database, vault=shop.vault, line_bytes_max=10_000, lines_max=1_000)
    return Office(shop=shop, caller=caller, receiving=receiving, desk=desk)


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    """The enterprise that loads files."""
    async with open_shop(database, tmp_path) as shop:
        yield await open_office(shop)


@pytest.fixture
async def stranger(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """Another enterprise's shop, with the same keys' directory."""
    async with open_shop(database, tmp_path, division="310101") as shop:
        yield shop


async def taken(office: Office, key: ImportKey, *, at: datetime = LATER) -> Run:
    """A worker's run of an import that nobody else has."""
    run = await take_up(office.desk, key, at=at)
    assert run is not None
    return run


async def counted(database: Database, table: Table) -> int:
    """How many rows a table has."""
    async with database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())


async def entries(office: Office) -> list[Entry]:
    """What the enterprise's trail tells of imports."""
    async with office.database.read() as tx:
        found = await find_entries(tx, office.caller.enterprise_id, limit=100)
    return [entry for entry in found if entry.action.value.startswith("import.")]


def id_of(line: Line) -> UUID:
    """The id that the client minted for a line's parcel."""
    return UUID(line["acceptance"]["id"])


def _said(fault: Fault) -> tuple[str, str]:
    return fault.pointer, fault.code
