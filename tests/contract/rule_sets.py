"""Rule sets that the operator proposed, so that the tenant's own client can be the second person; and how to ask."""

from datetime import timedelta

from acceptance_api.campaigns import parse_campaign
from acceptance_api.demo.world import World
from acceptance_api.goods import parse_new_layer
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.rulesets import Layer, ProposeRuleSet, propose_rule_set
from tests.contract.bodies import Body
from tests.http.rule_desks import CAMPAIGN
from tests.support.service import Service

STATED: Body = {"starts_at": "2020-01-01T00:00:00+08:00", "ends_at": "2020-01-02T00:00:00+08:00", "by": "S-2"}
"""Long over: what is approved binds nobody in the tests."""
_DAY = timedelta(days=1)
GOODS: Body = {"rules": [{"about": "P03", "verdict": "ban", "source": "sandbox", "verified": True}]}


def new_name() -> str:
    """A name that no rule set has."""
    return f"sandbox-{new_uuid().hex}"


def brand_set() -> Body:
    """A new rule set of a brand."""
    return STATED | {"name": new_name(), "kind": "goods", "content": GOODS}


def campaign() -> Body:
    """A new campaign."""
    return STATED | {"name": new_name(), "content": CAMPAIGN}


async def proposed(service: Service, world: World) -> dict[str, str]:
    """The names of a brand's sets and of campaigns that wait for the second person, by what is to happen to them."""
    at = SystemClock().now()
    owners = {
        Layer.BRAND: (world.enterprise_id, "goods", GOODS),
        Layer.CAMPAIGN: (world.agency_id, "campaign", CAMPAIGN),
    }
    names = {f"{layer.value} to {what}": new_name() for layer in owners for what in ("read", "approve", "reject")}
    parsers = {"goods": parse_new_layer, "campaign": parse_campaign}
    async with service.office.transaction() as tx:
        for what, name in names.items():
            layer = Layer(what.partition(" ")[0])
            owner_id, kind, content = owners[layer]
            request = ProposeRuleSet(
                layer=layer,
                owner_id=owner_id,
                kind=kind,
                name=name,
                starts_at=at - 2 * _DAY,
                ends_at=at - _DAY,
                content=content,
                by="S-1",
            )
            await propose_rule_set(tx, None, request, parsers=parsers, at=at)
    return names
