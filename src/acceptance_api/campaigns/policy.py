"""What the campaigns in force ask of a parcel, and of an outlet. Pure. Which are in force, the rule sets say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from acceptance_api.campaigns.model import Campaign, Group
from acceptance_api.campaigns.overlays import AgreementSamplingRatio, ItemBan, OutletDuty, Overlay, OverlayKind
from acceptance_api.campaigns.scope import Bounds, Passage

Versions = tuple[str, ...]
"""The versions (`name@edition`) of the campaigns that ask for something, each once, in the order they were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingBan:
    """A ban of goods that binds this parcel, and the version of the campaign that asks for it."""

    version: str
    ban: ItemBan


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingDuty:
    """What an outlet must do beyond what a program can check, and the version of the campaign that asks for it."""

    version: str
    duty: OutletDuty


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Everything that is asked of one parcel, and by which campaigns: the union, so that the strictest wins."""

    screening_required_by: Versions = ()
    mark_per_parcel_by: Versions = ()
    rescreen_at_destination_by: Versions = ()
    return_without_mark_by: Versions = ()
    identity_even_if_agreement_by: Versions = ()
    addressee_identity_by: Versions = ()
    unknown_substances_refused_by: Versions = ()
    sampling_ratio: Decimal | None = None
    sampling_ratio_by: Versions = ()
    """Those that ask for the greatest ratio."""
    item_bans: tuple[BindingBan, ...] = ()
    duty_roster_by: Versions = ()
    zero_report_by: Versions = ()
    frozen_by: Versions = ()
    outlet_duties: tuple[BindingDuty, ...] = ()


NOTHING: Final = Measures()
_KEPT_MAX: Final = 512
"""Unions that are kept: of campaigns in force at once there are few, and of their bounds."""


def applies(campaign: Campaign, passage: Passage) -> bool:
    """Whether the campaign asks anything of a parcel on this way."""
    return campaign.bounds.cover(passage) and any(
        group.bounds is None or group.bounds.cover(passage) for group in campaign.groups
    )


def measures(campaigns: Sequence[tuple[str, Campaign]], passage: Passage) -> Measures:
    """What these campaigns, each with its version, ask of a parcel on this way. More campaigns never ask for less."""
    binding = [
        (version, group)
        for version, campaign in campaigns
        if campaign.bounds.cover(passage)
        for group in campaign.groups
        if group.bounds is None or group.bounds.cover(passage)
    ]
    return _together(tuple(binding)) if binding else NOTHING


def overlays_concerning(campaign: Campaign, division: str) -> tuple[tuple[Bounds | None, Overlay], ...]:
    """The overlays that an outlet of this division may have to do with, each with its own bounds if it has any."""
    if not campaign.bounds.concern(division):
        return ()
    return tuple(
        (group.bounds, overlay)
        for group in campaign.groups
        if group.bounds is None or group.bounds.concern(division)
        for overlay in group.overlays
    )


def freezes(campaign: Campaign, divisions: Iterable[str]) -> bool:
    """Whether the systems of whoever has outlets in these divisions may not be reconfigured."""
    return any(
        overlay.kind is OverlayKind.FREEZE_CONFIG_CHANGES
        for division in divisions
        for _, overlay in overlays_concerning(campaign, division)
    )


@lru_cache(maxsize=_KEPT_MAX)
def _together(binding: tuple[tuple[str, Group], ...]) -> Measures:
    """The same for most parcels of a day: a campaign's groups are the same objects for each."""
    asked: dict[OverlayKind, dict[str, None]] = {}
    bans: list[BindingBan] = []
    duties: list[BindingDuty] = []
    ratio = max((one.ratio for _, one in _asked(binding) if isinstance(one, AgreementSamplingRatio)), default=None)
    for version, overlay in _asked(binding):
        match overlay:
            case ItemBan():
                bans.append(BindingBan(version=version, ban=overlay))
            case OutletDuty():
                duties.append(BindingDuty(version=version, duty=overlay))
            case AgreementSamplingRatio() if overlay.ratio != ratio:
                pass
            case _:
                asked.setdefault(overlay.kind, {})[version] = None
    by = {kind: tuple(versions) for kind, versions in asked.items()}
    return Measures(
        screening_required_by=by.get(OverlayKind.SCREEN_100, ()),
        mark_per_parcel_by=by.get(OverlayKind.SCREEN_MARK_PER_PARCEL, ()),
        rescreen_at_destination_by=by.get(OverlayKind.RESCREEN_AT_DESTINATION, ()),
        return_without_mark_by=by.get(OverlayKind.NO_MARK_RETURN, ()),
        identity_even_if_agreement_by=by.get(OverlayKind.ID_REQUIRED_EVEN_IF_AGREEMENT, ()),
        addressee_identity_by=by.get(OverlayKind.RECIPIENT_ID, ()),
        unknown_substances_refused_by=by.get(OverlayKind.UNKNOWN_SUBSTANCE_BAN, ()),
        sampling_ratio=ratio,
        sampling_ratio_by=by.get(OverlayKind.AGREEMENT_SAMPLING_RATIO, ()),
        item_bans=tuple(bans),
        duty_roster_by=by.get(OverlayKind.DUTY_ROSTER_24H, ()),
        zero_report_by=by.get(OverlayKind.DAILY_ZERO_REPORT, ()),
        frozen_by=by.get(OverlayKind.FREEZE_CONFIG_CHANGES, ()),
        outlet_duties=tuple(duties),
    )


def _asked(binding: tuple[tuple[str, Group], ...]) -> Iterator[tuple[str, Overlay]]:
    for version, group in binding:
        for overlay in group.overlays:
            yield version, overlay
