"""A database with two enterprises and two agencies, and callers for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from acceptance_api.access import Audience, Caller, Client, add_agency, permissions_of
from acceptance_api.audit import OPERATOR, Entry, find_entries
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import AgencyId, ClientId, EnterpriseId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets import (
    INSTALLATION,
    Layer,
    Parse,
    Proposal,
    ProposeRuleSet,
    RuleSetKey,
    approve_rule_set,
    propose_rule_set,
    reject_rule_set,
)
from acceptance_api.sites import add_enterprise

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CONTENT = {"note": "示例", "rules": [{"about": "*", "ratio": 0.1}]}
FIRST, SECOND = "S-001", "S-002"
"""Staff numbers of the two persons."""
HOUR = timedelta(hours=1)


def parse(content: Mapping[str, Any]) -> object:
    """A parser that wants a note, and finds fault with what is called `fault`."""
    if "fault" in content:
        raise Problem(Kind.INVALID, Fault(str(content["fault"]), "wrong"))
    return content["note"]


PARSERS: Mapping[str, Parse] = dict.fromkeys(("acceptance", "goods", "signals", "campaign"), parse)


def a_client(audience: Audience, owner: UUID, *, jurisdiction: str = "") -> Caller:
    """Another client of an enterprise or an agency, which may do everything of its audience."""
    client = Client(
        id=ClientId(new_uuid()),
        audience=audience,
        name="test",
        permissions=permissions_of(audience),
        enterprise_id=EnterpriseId(owner) if audience is Audience.ENTERPRISE else None,
        agency_id=AgencyId(owner) if audience is Audience.REGULATOR else None,
        jurisdiction=jurisdiction,
    )
    return Caller(client=client, request_id="test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Somebody who proposes and answers for one owner, each time in a transaction."""

    database: Database
    layer: Layer
    owner_id: UUID
    first: Caller | None
    second: Caller | None
    kind: str

    def asking(self, **changes: Any) -> ProposeRuleSet:  # noqa: ANN401 - as in ProposeRuleSet
        """A proposal as it should be."""
        values: dict[str, Any] = {
            "layer": self.layer,
            "owner_id": self.owner_id,
            "kind": self.kind,
            "name": "spring",
            "starts_at": NOON,
            "ends_at": None,
            "content": CONTENT,
            "by": FIRST,
        }
        return ProposeRuleSet(**values | changes)

    async def propose(self, *, at: datetime = NOON, caller: Caller | None = None, **changes: Any) -> Proposal:  # noqa: ANN401 - as in ProposeRuleSet
        """Propose the next edition."""
        async with self.database.transaction() as tx:
            return await propose_rule_set(tx, caller or self.first, self.asking(**changes), parsers=PARSERS, at=at)

    async def approve(
        self,
        key: RuleSetKey,
        *,
        by: str = SECOND,
        caller: Caller | None = None,
        frozen_by: str | None = None,
        at: datetime = NOON,
    ) -> Proposal:
        """Approve an edition."""
        async with self.database.transaction() as tx:
            return await approve_rule_set(tx, caller or self.second, key, by=by, frozen_by=frozen_by, at=at)

    async def reject(
        self, key: RuleSetKey, *, by: str = SECOND, caller: Caller | None = None, at: datetime = NOON
    ) -> Proposal:
        """Reject an edition."""
        async with self.database.transaction() as tx:
            return await reject_rule_set(tx, caller or self.second, key, by=by, reason="示例理由", at=at)

    async def approved(self, *, at: datetime = NOON, **changes: Any) -> Proposal:  # noqa: ANN401 - as in ProposeRuleSet
        """Propose and approve an edition at one moment."""
        proposal = await self.propose(at=at, **changes)
        return await self.approve(proposal.key, at=at)

    async def trail(self) -> tuple[Entry, ...]:
        """The owner's trail about rule sets."""
        async with self.database.read() as tx:
            entries = await find_entries(tx, self.owner_id, limit=200)
        return tuple(entry for entry in entries if entry.action.value.startswith("rule_set."))


async def a_brand(database: Database, name: str = "示例快递") -> Room:
    """An enterprise with two clients."""
    async with database.transaction() as tx:
        owner = (await add_enterprise(tx, name=name, brand=name, actor=OPERATOR, at=NOON)).id
    first, second = (a_client(Audience.ENTERPRISE, owner) for _ in range(2))
    return Room(database=database, layer=Layer.BRAND, owner_id=owner, first=first, second=second, kind="goods")


async def an_agency(database: Database, jurisdiction: str = "11") -> Room:
    """An agency with two clients."""
    async with database.transaction() as tx:
        owner = (await add_agency(tx, name="示例局", jurisdiction=jurisdiction, actor=OPERATOR, at=NOON)).id
    first, second = (a_client(Audience.REGULATOR, owner, jurisdiction=jurisdiction) for _ in range(2))
    return Room(database=database, layer=Layer.CAMPAIGN, owner_id=owner, first=first, second=second, kind="campaign")


@pytest.fixture
async def brand(database: Database) -> Room:
    """An enterprise that makes rules for its brand."""
    return await a_brand(database)


@pytest.fixture
async def agency(database: Database) -> Room:
    """The agency of Beijing, which makes campaigns."""
    return await an_agency(database)


@pytest.fixture
def installation(database: Database) -> Room:
    """The operator's command, which makes statutory sets."""
    return Room(database=database, layer=Layer.STATUTORY, owner_id=INSTALLATION, first=None, second=None, kind="goods")
