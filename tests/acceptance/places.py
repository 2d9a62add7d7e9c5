"""More than one shop: other outlets, clerks and enterprises beside it, and the rule sets that bind them, for tests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from acceptance_api.acceptance import (
    PARSERS,
    Acceptance,
    CorrectionReason,
    CorrectParcel,
    DecideParcel,
    ResolveParcel,
    Rules,
    Scan,
    ScanParcel,
    Stage,
    correct_parcel,
    require_open,
    resolve_parcel,
    scan_parcel,
)
from acceptance_api.access import AddClient, Audience, add_agency, add_client
from acceptance_api.audit import OPERATOR
from acceptance_api.demo.world import BEIJING_CHAOYANG, Credentials, World, make_world
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import AcceptanceId, ClerkId, OutletId, ScanId, new_uuid
from acceptance_api.rulesets import INSTALLATION, Layer, ProposeRuleSet, RuleSetKey, approve_rule_set, propose_rule_set
from acceptance_api.sites import AddClerk, AddOutlet, ClerkRole, add_clerk, add_counter, add_machine, add_outlet
from acceptance_api.vault import Vault
from tests.acceptance.layered import EVER
from tests.support.builders import NOON, Shop, caller_of

ROLES = frozenset({ClerkRole.CLERK, ClerkRole.SCREENER})


class Place(Protocol):
    """A shop, or a service: an enterprise's world in a database."""

    @property
    def database(self) -> Database: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def world(self) -> World: ...


@dataclass(frozen=True, slots=True)
class Site:
    """A place that is not a shop."""

    database: Database
    vault: Vault
    world: World


async def another_outlet(shop: Shop, division: str = BEIJING_CHAOYANG) -> Shop:
    """A shop in another outlet of the same enterprise, with a counter, a clerk and a machine of its own."""
    world = await world_of_another_outlet(shop, division)
    caller = await caller_of(shop.database, world.counter, clerk_id=world.clerk_id)
    return replace(shop, world=world, caller=caller)


async def world_of_another_outlet(place: Place, division: str = BEIJING_CHAOYANG) -> World:
    """The same enterprise, seen from another outlet."""
    enterprise_id = place.world.enterprise_id
    async with place.database.transaction() as tx:
        named = AddOutlet(name=f"示例网点{new_uuid().hex[-6:]}", division=division)
        outlet = await add_outlet(tx, enterprise_id, named, actor=OPERATOR, at=NOON)
        machine = await add_machine(
            tx,
            outlet.id,
            enterprise_id=enterprise_id,
            serial="XR-0001",
            certificate_no="SANDBOX-0001",
            actor=OPERATOR,
            at=NOON,
        )
    clerk_id = await another_clerk(place, outlet.id)
    counter = await another_counter(place, outlet.id)
    return replace(place.world, outlet_id=outlet.id, clerk_id=clerk_id, machine_id=machine.id, counter=counter)


async def another_clerk(place: Place, outlet_id: OutletId | None = None) -> ClerkId:
    """Another clerk of this outlet or another one."""
    async with place.database.transaction() as tx:
        clerk = await add_clerk(
            tx,
            place.vault,
            outlet_id or place.world.outlet_id,
            AddClerk(staff_no=new_uuid().hex[-8:], name="示例同事", roles=ROLES),
            enterprise_id=place.world.enterprise_id,
            actor=OPERATOR,
            at=NOON,
        )
    return clerk.id


async def another_counter(place: Place, outlet_id: OutletId | None = None) -> Credentials:
    """Another counter of this outlet or another one."""
    enterprise_id, outlet_id = place.world.enterprise_id, outlet_id or place.world.outlet_id
    async with place.database.transaction() as tx:
        counter = await add_counter(
            tx, outlet_id, enterprise_id=enterprise_id, name=new_uuid().hex[-6:], actor=OPERATOR, at=NOON
        )
        request = AddClient(
            audience=Audience.COUNTER,
            name="another counter",
            enterprise_id=enterprise_id,
            outlet_id=outlet_id,
            counter_id=counter.id,
        )
        client, secret = await add_client(tx, request, actor=OPERATOR, at=NOON)
    return Credentials(client_id=str(client.id), client_secret=secret)


async def at_another_counter(shop: Shop) -> Shop:
    """The same shop, from another counter."""
    counter = await another_counter(shop)
    return replace(shop, caller=await caller_of(shop.database, counter, clerk_id=shop.world.clerk_id))


async def another_enterprise(shop: Shop, division: str = BEIJING_CHAOYANG) -> Shop:
    """Another enterprise's shop in the same database, under the same key store."""
    world = await make_world(shop.database, shop.vault, name=f"示例{new_uuid().hex[-6:]}", division=division, at=NOON)
    caller = await caller_of(shop.database, world.counter, clerk_id=world.clerk_id)
    return replace(shop, world=world, caller=caller)


async def an_agency(place: Place, jurisdiction: str = "") -> UUID:
    """An agency; of the whole country, unless told otherwise."""
    async with place.database.transaction() as tx:
        agency = await add_agency(tx, name="示例管理局", jurisdiction=jurisdiction, actor=OPERATOR, at=NOON)
    return agency.id


async def bind(  # noqa: PLR0913 - what there is to say of a rule set
    place: Place,
    layer: Layer,
    kind: str,
    content: Mapping[str, Any],
    *,
    owner_id: UUID | None = None,
    name: str = "",
    starts_at: datetime = EVER,
    ends_at: datetime | None = None,
    at: datetime = EVER,
) -> RuleSetKey:
    """Propose a rule set and have another person approve it, both at this moment: ever in force, if not told."""
    owners = {
        Layer.BRAND: place.world.enterprise_id,
        Layer.CAMPAIGN: place.world.agency_id,
        Layer.STATUTORY: INSTALLATION,
    }
    request = ProposeRuleSet(
        layer=layer,
        owner_id=owner_id or owners[layer],
        kind=kind,
        name=name or f"{layer.value}-{kind}",
        starts_at=starts_at,
        ends_at=ends_at,
        content=content,
        by="S-001",
    )
    async with place.database.transaction() as tx:
        proposal = await propose_rule_set(tx, None, request, parsers=PARSERS, at=at)
        await approve_rule_set(tx, None, proposal.key, by="S-002", at=at)
    return proposal.key


async def rules_at(shop: Shop, at: datetime) -> Rules:
    """The rules in force for the shop's enterprise."""
    return await shop.deciding.rules.rules(shop.caller.enterprise_id, at=at, presented_at=at)


async def resolve(shop: Shop, held: Acceptance, *, at: datetime = NOON, **known: Any) -> Acceptance:  # noqa: ANN401 - as in ResolveParcel
    """Decide a held parcel again."""
    nothing: dict[str, Any] = {"verification": None, "inspection": None, "documents": {}, "fingerprint": bytes(32)}
    request = ResolveParcel(id=new_uuid(), acceptance_id=held.id, **nothing | known)
    rules = await rules_at(shop, at)
    async with shop.database.transaction() as tx:
        resolved, _ = await resolve_parcel(shop.vault, rules, tx, shop.caller, request, at=at)
    return resolved


async def correct(shop: Shop, before: Acceptance, parcel: DecideParcel, *, at: datetime = NOON) -> Acceptance:
    """Say how a record should read; the correction gets an id of its own."""
    request = CorrectParcel(
        acceptance_id=before.id,
        reason=CorrectionReason.TYPING_ERROR,
        parcel=replace(parcel, id=AcceptanceId(new_uuid())),
    )
    rules = await rules_at(shop, at)
    async with shop.database.transaction() as tx:
        corrected, _ = await correct_parcel(shop.vault, rules, tx, shop.caller, request, at=at)
    return corrected


async def scan(
    shop: Shop,
    waybill: str,
    stage: Stage = Stage.ARRIVED,
    *,
    scan_id: UUID | None = None,
    fingerprint: bytes = bytes(32),
    at: datetime = NOON,
) -> Scan:
    """See a parcel at this shop, under the rules in force then."""
    rules = await rules_at(shop, at)
    outlet = require_open(await shop.deciding.roster.outlet(shop.caller.outlet_id, at=at))
    request = ScanParcel(id=ScanId(scan_id or new_uuid()), waybill=waybill, stage=stage, fingerprint=fingerprint)
    async with shop.database.transaction() as tx:
        made, _ = await scan_parcel(rules, tx, shop.caller, outlet, request, at=at)
    return made
