"""What a campaign can ask for. Every overlay tightens; none can be written that loosens."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from acceptance_api.campaigns.scope import Scope
from acceptance_api.law import Citation


class OverlayKind(StrEnum):
    """The kinds of overlay (domain dossier, section 7)."""

    ITEM_BAN = "item_ban"
    SCREEN_100 = "screen_100"
    SCREEN_MARK_PER_PARCEL = "screen_mark_per_parcel"
    RESCREEN_AT_DESTINATION = "rescreen_at_destination"
    NO_MARK_RETURN = "no_mark_return"
    ID_REQUIRED_EVEN_IF_AGREEMENT = "id_required_even_if_agreement"
    RECIPIENT_ID = "recipient_id"
    UNKNOWN_SUBSTANCE_BAN = "unknown_substance_ban"
    AGREEMENT_SAMPLING_RATIO = "agreement_sampling_ratio"
    DUTY_ROSTER_24H = "duty_roster_24h"
    DAILY_ZERO_REPORT = "daily_zero_report"
    FREEZE_CONFIG_CHANGES = "freeze_config_changes"
    OUTLET_DUTY = "outlet_duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One measure, where it is stated and whether somebody has read it there; its own scope can only narrow."""

    kind: ClassVar[OverlayKind]
    source: str
    verified: bool
    cites: Citation | None = None
    applies_to: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBan(Overlay):
    """Goods, by codes of the catalogue or of its classes, that may not be accepted, not be delivered, or neither."""

    kind = OverlayKind.ITEM_BAN
    goods: frozenset[str]
    on_acceptance: bool
    on_delivery: bool

    def names(self, code: str, class_code: str) -> bool:
        """Whether the ban is about goods of this code and class."""
        return code in self.goods or class_code in self.goods


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen100(Overlay):
    """Every parcel is screened by machine (逐件过机安检)."""

    kind = OverlayKind.SCREEN_100


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenMarkPerParcel(Overlay):
    """Every parcel carries its own screening mark (逐一加盖或粘贴安检标识): one for a batch does not do."""

    kind = OverlayKind.SCREEN_MARK_PER_PARCEL


@dataclass(frozen=True, slots=True, kw_only=True)
class RescreenAtDestination(Overlay):
    """Every parcel is screened again before it is delivered (投递前二次安检)."""

    kind = OverlayKind.RESCREEN_AT_DESTINATION


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMarkReturn(Overlay):
    """A parcel that arrives without a screening mark is returned (无安检标识一律退返)."""

    kind = OverlayKind.NO_MARK_RETURN


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRequiredEvenIfAgreement(Overlay):
    """Agreement customers are verified at the counter like everybody else."""

    kind = OverlayKind.ID_REQUIRED_EVEN_IF_AGREEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientId(Overlay):
    """The addressee's identity is recorded too."""

    kind = OverlayKind.RECIPIENT_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSubstanceBan(Overlay):
    """Liquids, gases and powders that cannot be recognised are not accepted, whatever proof is shown."""

    kind = OverlayKind.UNKNOWN_SUBSTANCE_BAN


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSamplingRatio(Overlay):
    """At least this part, 0 to 1, of the parcels of agreement customers is opened."""

    kind = OverlayKind.AGREEMENT_SAMPLING_RATIO
    ratio: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRoster24h(Overlay):
    """Outlets are staffed or reachable around the clock (24 小时值班)."""

    kind = OverlayKind.DUTY_ROSTER_24H


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyZeroReport(Overlay):
    """Outlets report every day, also that there was nothing to report (零报告)."""

    kind = OverlayKind.DAILY_ZERO_REPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeConfigChanges(Overlay):
    """Systems are not reconfigured."""

    kind = OverlayKind.FREEZE_CONFIG_CHANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletDuty(Overlay):
    """What a notice asks of outlets and no program can check. It is shown to them and decides nothing."""

    kind = OverlayKind.OUTLET_DUTY
    text_zh: str
    text_en: str


OUTLET_OBLIGATIONS = frozenset(
    {
        OverlayKind.DUTY_ROSTER_24H,
        OverlayKind.DAILY_ZERO_REPORT,
        OverlayKind.FREEZE_CONFIG_CHANGES,
        OverlayKind.OUTLET_DUTY,
    }
)
"""Kinds that ask something of outlets rather than of parcels."""
