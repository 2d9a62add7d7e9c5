"""For whom a caller speaks: an enterprise's client for its brand, a regulator's for its agency's campaigns."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final
from uuid import UUID

from acceptance_api.access import Audience, Caller, Permission, find_agency, require
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgencyId, EnterpriseId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets.model import INSTALLATION, Layer
from acceptance_api.sites import find_enterprise


class Act(Enum):
    """What somebody wants to do with a rule set."""

    PROPOSE = auto()
    ANSWER = auto()


_LAYER: Final[Mapping[Audience, Layer]] = {Audience.ENTERPRISE: Layer.BRAND, Audience.REGULATOR: Layer.CAMPAIGN}
_PERMISSION: Final[Mapping[tuple[Layer, Act], Permission]] = {
    (Layer.BRAND, Act.PROPOSE): Permission.ENTERPRISE_RULE_PROPOSE,
    (Layer.BRAND, Act.ANSWER): Permission.ENTERPRISE_RULE_APPROVE,
    (Layer.CAMPAIGN, Act.PROPOSE): Permission.REGULATOR_CAMPAIGN_PROPOSE,
    (Layer.CAMPAIGN, Act.ANSWER): Permission.REGULATOR_CAMPAIGN_APPROVE,
}


async def require_standing(tx: Tx, caller: Caller | None, owner_id: UUID, act: Act) -> None:
    """Let the caller act for this owner, or not; no caller is the operator's own command, which may act for any.

    A regulator's client with a smaller jurisdiction than its agency's does not speak for the agency: it could otherwise
    ask, or end, what reaches further than it may look.

    Raises:
        Problem: NOT_PERMITTED, or NOT_FOUND for another owner's.
    """
    if caller is None:
        return
    layer = _LAYER.get(caller.client.audience)
    if layer is None:
        raise Problem(Kind.NOT_PERMITTED)
    require(caller, _PERMISSION[layer, act])
    if owner_id != (caller.enterprise_id if layer is Layer.BRAND else caller.agency_id):
        raise Problem(Kind.NOT_FOUND)
    if layer is Layer.CAMPAIGN and caller.client.jurisdiction != await jurisdiction_of(tx, layer, owner_id):
        raise Problem(Kind.NOT_PERMITTED)


def require_layer(caller: Caller | None, layer: Layer) -> None:
    """Statutory sets come in by the operator's command, a brand's by its enterprise, campaigns by their agency.

    Raises:
        Problem: NOT_PERMITTED.
    """
    if caller is not None and _LAYER.get(caller.client.audience) is not layer:
        raise Problem(Kind.NOT_PERMITTED)


async def jurisdiction_of(tx: Tx, layer: Layer, owner_id: UUID) -> str:
    """The jurisdiction of a set of this owner: the agency's for a campaign, "" for others.

    Raises:
        Problem: REFERENCE_UNKNOWN, when there is no such owner.
    """
    if layer is Layer.CAMPAIGN:
        agency = await find_agency(tx, AgencyId(owner_id))
        if agency is not None:
            return agency.jurisdiction
    elif layer is Layer.STATUTORY:
        if owner_id == INSTALLATION:
            return ""
    elif await find_enterprise(tx, EnterpriseId(owner_id)) is not None:
        return ""
    raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/owner_id", "unknown"))
