"""Past traffic for rehearsals: copies of a parcel that a counter decided, and agencies that try campaigns on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from acceptance_api.acceptance import (
    PARSERS,
    Acceptance,
    Rehearsal,
    RehearsalRun,
    RehearsingDesk,
    RequestRehearsal,
    Window,
    advance_rehearsal,
    find_acceptance,
    request_rehearsal,
    take_up_rehearsal,
)
from acceptance_api.acceptance.rehearsal_store import find_rehearsal
from acceptance_api.acceptance.tables import acceptances, decisions
from acceptance_api.access import Caller
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import AcceptanceId, OutletId, RehearsalId, new_uuid
from acceptance_api.rulesets import Layer, ProposeRuleSet, propose_rule_set
from acceptance_api.sites import AddOutlet, add_outlet
from tests.acceptance.layered import EVERYTHING
from tests.support.builders import NOON, Shop, new_waybill

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 30 * DAY
"""When rehearsals are asked for."""
WINDOW = Window(NOON - DAY, NOON + 20 * DAY)
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A parcel that was decided, in rows; and as many copies of it as a test wants."""

    database: Database
    acceptance: Mapping[str, Any]
    decision: Mapping[str, Any]

    async def add(self, at: Iterable[datetime], *, outlet_id: UUID | None = None, **decided: Any) -> None:  # noqa: ANN401 - columns
        """Copies that were recorded then, at some outlet, with other columns of the decision."""
        records, decided_rows = [], []
        place = {"outlet_id": outlet_id or self.acceptance["outlet_id"]}
        for moment in at:
            key = new_uuid()
            records.append({**self.acceptance, **place, "id": key, "recorded_at": moment, "waybill": new_waybill()})
            decided_rows.append({**self.decision, **place, "acceptance_id": key, "id": key, **decided})
        async with self.database.transaction() as tx:
            for start in range(0, len(records), 500):
                await tx.execute(insert(acceptances), records[start : start + 500])
                await tx.execute(insert(decisions), decided_rows[start : start + 500])


async def archive_of(database: Database, one: Acceptance) -> Archive:
    """The archive that holds a parcel."""
    async with database.read() as tx:
        record = (await tx.execute(select(acceptances).where(acceptances.c.id == one.id))).one()
        decision = (await tx.execute(select(decisions).where(decisions.c.acceptance_id == one.id))).one()
    return Archive(database=database, acceptance=record._asdict(), decision=decision._asdict())


async def find_only(database: Database) -> Acceptance:
    """The only parcel that was presented so far."""
    async with database.read() as tx:
        (row,) = (await tx.execute(select(acceptances.c.outlet_id, acceptances.c.id))).all()
        found = await find_acceptance(tx, OutletId(row.outlet_id), AcceptanceId(row.id))
    assert found is not None
    return found


async def outlet_in(shop: Shop, division: str) -> OutletId:
    """One more outlet of the shop's enterprise."""
    request = AddOutlet(name="又一营业部", division=division, branch_id=None)
    async with shop.database.transaction() as tx:
        added = await add_outlet(tx, shop.world.enterprise_id, request, actor=OPERATOR, at=NOON)
    return added.id


async def propose(tx: Tx, caller: Caller, content: Mapping[str, Any] = EVERYTHING, *, name: str = "draft") -> None:
    """Let an agency propose a campaign."""
    request = ProposeRuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=caller.agency_id,
        kind="campaign",
        name=name,
        starts_at=LATER,
        ends_at=None,
        content=content,
        by="O-1",
    )
    await propose_rule_set(tx, None, request, parsers=PARSERS, at=NOON)


async def requested(
    database: Database, caller: Caller, window: Window = WINDOW, *, name: str = "draft", at: datetime = LATER
) -> Rehearsal:
    """Ask for a rehearsal of the first edition of a campaign."""
    request = RequestRehearsal(id=RehearsalId(new_uuid()), name=name, edition=1, window=window)
    async with database.transaction() as tx:
        one, _ = await request_rehearsal(tx, caller, request, at=at)
    return one


async def taken(
    database: Database, one: Rehearsal, *, at: datetime = LATER, piece: int = 7
) -> tuple[RehearsingDesk, RehearsalRun]:
    """A worker's desk, and its run of a rehearsal that nobody else has."""
    desk = RehearsingDesk(database=database, lease=LEASE, piece=piece)
    run = await take_up_rehearsal(desk, one.key, at=at)
    assert run is not None
    return desk, run


async def rehearsed(database: Database, one: Rehearsal, *, at: datetime = LATER, piece: int = 7) -> Rehearsal:
    """Take a rehearsal up and go on to its end; what came of it."""
    desk, run = await taken(database, one, at=at, piece=piece)
    while await advance_rehearsal(desk, run, at=at):
        pass
    return await looked_up(database, one)


async def looked_up(database: Database, one: Rehearsal) -> Rehearsal:
    """How far a rehearsal has come."""
    async with database.read() as tx:
        found = await find_rehearsal(tx, *one.key)
    assert found is not None
    return found
