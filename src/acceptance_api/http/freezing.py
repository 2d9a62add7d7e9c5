"""Whether a campaign in force freezes changes of an enterprise's rules."""

from datetime import datetime
from uuid import UUID

from acceptance_api.campaigns import OverlayKind, campaign_of, freezes
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EnterpriseId
from acceptance_api.rulesets import Layer, RuleSet, find_approved, in_force
from acceptance_api.sites import outlets_within


async def freezing_campaign(tx: Tx, owner_id: UUID, *, at: datetime) -> str | None:
    """The version of a campaign in force that freezes the rules of this enterprise, if there is one.

    A campaign binds the outlets of its agency's jurisdiction; one that is frozen freezes what binds them all.
    """
    for one in in_force(await find_approved(tx, owner_id), at=at):
        if one.layer is Layer.CAMPAIGN and _can_freeze(one):
            outlets = await outlets_within(tx, one.jurisdiction, enterprise_id=EnterpriseId(owner_id))
            if freezes(campaign_of(one), {outlet.division for outlet in outlets if outlet.closed_at is None}):
                return one.version
    return None


def _can_freeze(one: RuleSet) -> bool:
    return any(overlay.kind is OverlayKind.FREEZE_CONFIG_CHANGES for overlay in campaign_of(one).overlays)
