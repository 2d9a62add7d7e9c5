"""Reading the overlays of a campaign's document: to each kind its form."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from acceptance_api.campaigns.faults import Faults
from acceptance_api.campaigns.forms import ItemBanForm, OutletDutyForm, OverlayForm, SamplingRatioForm
from acceptance_api.campaigns.overlays import (
    AgreementSamplingRatio,
    DailyZeroReport,
    DutyRoster24h,
    FreezeConfigChanges,
    IdRequiredEvenIfAgreement,
    ItemBan,
    NoMarkReturn,
    OutletDuty,
    Overlay,
    OverlayKind,
    RecipientId,
    RescreenAtDestination,
    Screen100,
    ScreenMarkPerParcel,
    UnknownSubstanceBan,
)
from acceptance_api.campaigns.places import read_scope
from acceptance_api.campaigns.scope import EVERYWHERE
from acceptance_api.law import Citation

_PLAIN: Final[Mapping[OverlayKind, type[Overlay]]] = {
    one.kind: one
    for one in (
        Screen100,
        ScreenMarkPerParcel,
        RescreenAtDestination,
        NoMarkReturn,
        IdRequiredEvenIfAgreement,
        RecipientId,
        UnknownSubstanceBan,
        DutyRoster24h,
        DailyZeroReport,
        FreezeConfigChanges,
    )
}
"""The kinds that have nothing of their own to say."""
_FORMS: Final[Mapping[OverlayKind, type[OverlayForm]]] = {
    OverlayKind.ITEM_BAN: ItemBanForm,
    OverlayKind.AGREEMENT_SAMPLING_RATIO: SamplingRatioForm,
    OverlayKind.OUTLET_DUTY: OutletDutyForm,
    **dict.fromkeys(_PLAIN, OverlayForm),
}
_KINDS: Final = frozenset(kind.value for kind in OverlayKind)
_MEMBERS_OF_A_CITATION: Final = {"act", "version", "article"}


def read_overlays(raw: object, rings: Collection[str], faults: Faults) -> tuple[Overlay, ...]:
    """The overlays, as far as they can be read, after noting what is wrong with them."""
    read = {i: _overlay(one, rings, faults, at=f"/overlays/{i}") for i, one in enumerate(_listed(raw))}
    known: set[tuple[object, ...]] = set()
    for i, overlay in read.items():
        if overlay is not None and (essence := _essence(overlay)) in known:
            faults.add(f"/overlays/{i}", "duplicate")
        elif overlay is not None:
            known.add(essence)
    return tuple(overlay for overlay in read.values() if overlay is not None)


def _listed(raw: object) -> list[object]:
    return list(raw) if isinstance(raw, list | tuple) else []


def _overlay(raw: object, rings: Collection[str], faults: Faults, *, at: str) -> Overlay | None:
    if not isinstance(raw, Mapping):
        return None  # noted when the document's own form was read
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        faults.add(f"{at}/kind", "kind_unknown" if "kind" in raw else "missing")
        return None
    form = faults.read(_FORMS[OverlayKind(kind)], raw, at=at)
    conditions = raw.get("applies_to")
    scope = read_scope(conditions, rings, faults, at=f"{at}/applies_to") if isinstance(conditions, Mapping) else None
    if form is None:
        return None
    return _made(
        form,
        faults,
        at=at,
        source=form.source,
        verified=form.verified,
        cites=_citation(form.cites, faults, at=f"{at}/cites"),
        applies_to=scope if scope != EVERYWHERE else None,
    )


def _made(form: OverlayForm, faults: Faults, *, at: str, **stated: Any) -> Overlay:  # noqa: ANN401 - passed on
    match form:
        case ItemBanForm():
            goods = faults.each(form.goods, str, at=f"{at}/goods")
            on = faults.each(form.on, str, at=f"{at}/on")
            return ItemBan(
                goods=frozenset(goods), on_acceptance="acceptance" in on, on_delivery="delivery" in on, **stated
            )
        case SamplingRatioForm():
            return AgreementSamplingRatio(ratio=form.ratio, **stated)
        case OutletDutyForm():
            return OutletDuty(text_zh=form.text_zh, text_en=form.text_en, **stated)
        case _:
            return _PLAIN[OverlayKind(form.kind)](**stated)


def _citation(cites: Mapping[str, str] | None, faults: Faults, *, at: str) -> Citation | None:
    if cites is None:
        return None
    if set(cites) != _MEMBERS_OF_A_CITATION or not all(cites.values()):
        faults.add(at, "citation")
        return None
    return Citation(**cites)


def _essence(overlay: Overlay) -> tuple[object, ...]:
    """What a second overlay may not repeat; of two ratios for the same parcels one is meant."""
    own: object = None
    if isinstance(overlay, ItemBan):
        own = overlay.goods, overlay.on_acceptance, overlay.on_delivery
    elif isinstance(overlay, OutletDuty):
        own = overlay.text_zh
    return overlay.kind, overlay.applies_to, own
