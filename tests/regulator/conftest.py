"""An agency with an open case, and shops of several enterprises whose records it may look into."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from acceptance_api.acceptance import (
    Acceptance,
    CorrectionReason,
    CorrectParcel,
    DecideParcel,
    correct_parcel,
    rules_on,
)
from acceptance_api.access import Caller
from acceptance_api.audit import Entry, find_entries
from acceptance_api.audit.tables import audit_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import CaseId, OutletId, new_uuid
from acceptance_api.regulator import (
    Case,
    LegalBasis,
    Officer,
    OpenCase,
    Page,
    SearchingDesk,
    SearchKind,
    SearchRecords,
    open_case,
    search_records,
)
from tests.support.builders import NOON, Shop, open_shop

OFFICERS = (
    Officer(name="示例甲", certificate_number="京 邮政执法-001"),
    Officer(name="示例乙", certificate_number="京 邮政执法-002"),
)
PURPOSE = "查处示例线索"
NOW = NOON + timedelta(hours=1)
"""When the agency looks."""


def a_case(
    *,
    case_id: UUID | None = None,
    officers: tuple[Officer, ...] = OFFICERS,
    expires_at: datetime = NOON + timedelta(days=400),
    fingerprint: bytes = bytes(32),
) -> OpenCase:
    """A case as it should be stated."""
    return OpenCase(
        id=CaseId(case_id or new_uuid()),
        legal_basis=LegalBasis.POSTAL_INSPECTION,
        number="EXAMPLE-2026-1",
        officers=officers,
        purpose=PURPOSE,
        expires_at=expires_at,
        fingerprint=fingerprint,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency at its desk."""

    desk: SearchingDesk
    caller: Caller
    case: Case

    def within(self, jurisdiction: str) -> "Agency":
        """The same agency, of a smaller jurisdiction."""
        client = replace(self.caller.client, jurisdiction=jurisdiction)
        return replace(self, caller=Caller(client=client, request_id="test"))

    async def search(
        self,
        kind: SearchKind,
        *given: str,
        values: tuple[str, ...] = (),
        outlet_id: OutletId | None = None,
        since: datetime = NOON - timedelta(days=1),
        until: datetime = NOON + timedelta(days=1),
        limit: int = 50,
        after: Page | None = None,
        at: datetime = NOW,
    ) -> Page:
        """One page."""
        request = SearchRecords(
            case_id=self.case.id,
            kind=kind,
            values=(*given, *values),
            outlet_id=outlet_id,
            since=since,
            until=until,
            before=after.end if after else None,  # type: ignore[arg-type] # an id is an id
            limit=limit,
        )
        return await search_records(self.desk, self.caller, request, at=at)

    async def entries(self) -> tuple[Entry, ...]:
        """The trail of the case, in the agency's own."""
        async with self.desk.database.read() as tx:
            return await find_entries(tx, self.case.agency_id, case_id=self.case.id, limit=500)


async def correct(shop: Shop, acceptance: Acceptance, parcel: DecideParcel, *, at: datetime = NOON) -> Acceptance:
    """Correct a record to what a parcel says."""
    request = CorrectParcel(
        acceptance_id=acceptance.id,
        reason=CorrectionReason.TYPING_ERROR,
        parcel=replace(parcel, id=new_uuid(), waybill=acceptance.waybill),  # type: ignore[arg-type] # an id is an id
    )
    async with shop.database.transaction() as tx:
        corrected, _ = await correct_parcel(shop.vault, rules_on(legal_day(at)), tx, shop.caller, request, at=at)
    return corrected


def ids(page: Page) -> list[UUID]:
    """The records of a page."""
    return [hit.acceptance.id for hit in page.hits]


async def entry_count(tx: Tx) -> int:
    """How many entries stand in all trails."""
    return int((await tx.execute(select(func.count()).select_from(audit_entries))).scalar_one())


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[list[str]]:
    """The statements that run meanwhile."""
    statements: list[str] = []
    # PostgreSQL's two engines are one, with options: they share a pool, and their events.
    engines = {engine.pool: engine for engine in (database._reader.sync_engine, database._writer.sync_engine)}.values()

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in Beijing."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def southern(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop of another enterprise, in Shenzhen."""
    async with open_shop(database, tmp_path, division="440305") as opened:
        yield opened


@pytest.fixture
async def agency(shop: Shop) -> Agency:
    """A national agency with an open case."""
    caller = await shop.caller_of(shop.world.regulator)
    async with shop.database.transaction() as tx:
        case, _ = await open_case(shop.vault, tx, caller, a_case(), at=NOON)
    disclosure = DisclosureDesk(shop.database, shop.vault)
    desk = SearchingDesk(database=shop.database, vault=shop.vault, disclosure=disclosure)
    return Agency(desk=desk, caller=caller, case=case)
