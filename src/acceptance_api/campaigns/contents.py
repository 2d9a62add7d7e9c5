"""Writing a campaign as the document it can be read from again: one spelling for each campaign."""

from dataclasses import asdict
from typing import Any

from acceptance_api.campaigns.model import Campaign, IssuingDocument, NewGoods, Ring, Stated
from acceptance_api.campaigns.overlays import AgreementSamplingRatio, ItemBan, OutletDuty, Overlay
from acceptance_api.campaigns.scope import EVERYWHERE, Scope


def as_content(campaign: Campaign) -> dict[str, Any]:
    """The document; reading it gives the same campaign."""
    scope = campaign.applies_to
    return _without_silence(
        name_zh=campaign.name_zh,
        name_en=campaign.name_en,
        period={"starts": _stated(campaign.period.starts), "ends": _stated(campaign.period.ends)},
        issuing_documents=[_issuing_document(one) for one in campaign.issuing_documents],
        rings={name: _ring(ring) for name, ring in sorted(campaign.rings.items())},
        applies_to=_scope(scope),
        goods=[_new_goods(one) for one in campaign.goods],
        overlays=[_overlay(one) for one in campaign.overlays],
    )


def _without_silence(**members: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The members that say something; False does, where it is no default."""
    return {name: value for name, value in members.items() if value or name == "verified"}


def _stated(one: Stated) -> dict[str, Any]:
    return asdict(one)


def _issuing_document(one: IssuingDocument) -> dict[str, Any]:
    return _without_silence(**asdict(one) | {"dated_on": one.dated_on.isoformat() if one.dated_on else None})


def _ring(ring: Ring) -> dict[str, Any]:
    return {"divisions": sorted(ring.divisions), "source": ring.source, "verified": ring.verified}


def _new_goods(one: NewGoods) -> dict[str, Any]:
    return _without_silence(**asdict(one) | {"synonyms": list(one.synonyms)})


def _scope(scope: Scope) -> dict[str, Any]:
    return _without_silence(
        origin=sorted(scope.origin),
        destination=sorted(scope.destination),
        transit=sorted(scope.transit),
        transport=sorted(scope.transports),
        inbound=scope.inbound,
    )


def _overlay(overlay: Overlay) -> dict[str, Any]:
    return _without_silence(
        kind=overlay.kind.value,
        **_own(overlay),
        applies_to=_scope(overlay.applies_to or EVERYWHERE),
        source=overlay.source,
        verified=overlay.verified,
        cites=asdict(overlay.cites) if overlay.cites else None,
    )


def _own(overlay: Overlay) -> dict[str, Any]:
    """What an overlay of this kind says beside its source."""
    match overlay:
        case ItemBan():
            moments = {"acceptance": overlay.on_acceptance, "delivery": overlay.on_delivery}
            return {
                "goods": sorted(overlay.goods),
                "on": [moment for moment, forbidden in moments.items() if forbidden],
            }
        case AgreementSamplingRatio():
            return {"ratio": f"{overlay.ratio.normalize():f}"}
        case OutletDuty():
            return {"text_zh": overlay.text_zh, "text_en": overlay.text_en}
        case _:
            return {}
