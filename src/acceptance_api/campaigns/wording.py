"""What an overlay asks, said to people at an outlet in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from acceptance_api.campaigns.overlays import AgreementSamplingRatio, ItemBan, OutletDuty, Overlay, OverlayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A sentence in Chinese and in English."""

    zh: str
    en: str


_SENTENCES: Final[Mapping[OverlayKind, Wording]] = {
    OverlayKind.SCREEN_100: Wording(zh="逐件过机安检。", en="Screen every parcel."),
    OverlayKind.SCREEN_MARK_PER_PARCEL: Wording(
        zh="逐件加盖或粘贴过机安检标识。", en="Put a screening mark on every single parcel."
    ),
    OverlayKind.RESCREEN_AT_DESTINATION: Wording(
        zh="投递前实行“二次安检”，未经二次安检不得投递。",
        en="Screen again before delivery; deliver nothing that was not.",
    ),
    OverlayKind.NO_MARK_RETURN: Wording(
        zh="无过机安检标识的一律退返。", en="Return what arrives without a screening mark."
    ),
    OverlayKind.ID_REQUIRED_EVEN_IF_AGREEMENT: Wording(
        zh="协议客户交寄也须查验寄件人身份。", en="Verify the sender's identity even under a safety agreement."
    ),
    OverlayKind.RECIPIENT_ID: Wording(zh="登记收件人身份信息。", en="Record the addressee's identity too."),
    OverlayKind.UNKNOWN_SUBSTANCE_BAN: Wording(
        zh="不能识别的液体、气体、粉末一律不予收寄。", en="Accept no liquid, gas or powder that cannot be recognised."
    ),
    OverlayKind.DUTY_ROSTER_24H: Wording(zh="实行24小时值班。", en="Keep a duty roster around the clock."),
    OverlayKind.DAILY_ZERO_REPORT: Wording(
        zh="每日报告，无情况也须“零报告”。", en="Report every day, also that there was nothing to report."
    ),
    OverlayKind.FREEZE_CONFIG_CHANGES: Wording(zh="冻结系统配置变更。", en="Change no configuration of the systems."),
}
_BANS: Final[Mapping[tuple[bool, bool], Wording]] = {
    (True, True): Wording(zh="不得收寄、不得投递所列物品。", en="Neither accept nor deliver the listed goods."),
    (True, False): Wording(zh="不得收寄所列物品。", en="Do not accept the listed goods."),
    (False, True): Wording(zh="不得投递所列物品。", en="Do not deliver the listed goods."),
}


def worded(overlay: Overlay) -> Wording:
    """What the overlay asks."""
    match overlay:
        case ItemBan():
            return _BANS[overlay.on_acceptance, overlay.on_delivery]
        case AgreementSamplingRatio():
            percent = f"{(overlay.ratio * 100).normalize():f}"
            return Wording(
                zh=f"协议客户交寄的邮件快件开箱抽检比例不低于{percent}%。",
                en=f"Open at least {percent} % of the parcels of agreement customers.",
            )
        case OutletDuty():
            return Wording(zh=overlay.text_zh, en=overlay.text_en)
        case _:
            return _SENTENCES[overlay.kind]
