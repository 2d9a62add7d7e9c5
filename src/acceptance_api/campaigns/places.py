"""How places are written in a campaign's document: rings, divisions, countries."""

import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

from acceptance_api.campaigns.faults import Faults
from acceptance_api.campaigns.forms import RingForm, ScopeForm
from acceptance_api.campaigns.model import TRANSPORTS, Campaign, Ring
from acceptance_api.campaigns.scope import EVERYWHERE, Scope, as_prefix
from acceptance_api.sites import is_known, province_of

_RING_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{2,30}\Z")
_COUNTRY: Final = re.compile(r"[A-Z]{2}\Z")
_DIVISION: Final = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}\Z")
_CHINESE: Final = {"HK": "81", "MO": "82", "TW": "71"}


def read_rings(raw: Mapping[str, Any], faults: Faults) -> dict[str, Ring]:
    """The rings, by name. One whose parts are wrong is there too, so that what names it is not at fault as well."""
    rings = {}
    for name, content in raw.items():
        if not _RING_NAME.match(name):
            faults.add("/rings", "ring_name")
            continue
        form = faults.read(RingForm, content, at=f"/rings/{name}")
        divisions = faults.each(form.divisions, read_division, at=f"/rings/{name}/divisions") if form else ()
        rings[name] = Ring(
            divisions=frozenset(divisions),
            source=form.source if form else "",
            verified=form.verified if form else False,
        )
    return rings


def read_scope(raw: Any, rings: Collection[str], faults: Faults, *, at: str) -> Scope:  # noqa: ANN401 - JSON
    """The conditions, after noting what is wrong with them."""
    form = faults.read(ScopeForm, raw, at=at)
    if form is None:
        return EVERYWHERE
    if form.inbound and not form.destination:
        faults.add(f"{at}/inbound", "needs_destination")
    inside, anywhere = partial(_read_place, rings), partial(_read_place, rings, abroad=True)
    return Scope(
        origin=frozenset(faults.each(form.origin or (), inside, at=f"{at}/origin")),
        destination=frozenset(faults.each(form.destination or (), anywhere, at=f"{at}/destination")),
        transit=frozenset(faults.each(form.transit or (), inside, at=f"{at}/transit")),
        transports=frozenset(faults.each(form.transport or (), _read_transport, at=f"{at}/transport")),
        inbound=form.inbound,
    )


def read_division(text: str) -> str:
    """What the codes within a division begin with: `11`, `1100` and `110000` are all Beijing.

    A county or city that our table lacks is believed: no published table is complete. That there is such a province is
    certain, so another one is a slip of the pen that would bind nobody.

    Raises:
        ValueError: `division` or `province_unknown`.
    """
    if not _DIVISION.match(text):
        raise ValueError("division")
    if province_of(f"{text[:2]}0000") is None:
        raise ValueError("province_unknown")
    return as_prefix(text)


def unknown_divisions(campaign: Campaign) -> tuple[str, ...]:
    """Divisions that a campaign names and our table lacks: worth a second look, and no more than that."""
    written = {code for ring in campaign.rings.values() for code in ring.divisions}
    for scope in (campaign.applies_to, *(overlay.applies_to or EVERYWHERE for overlay in campaign.overlays)):
        written |= scope.origin | scope.destination | scope.transit
    return tuple(sorted(code for code in written if code.isdigit() and not is_known(code.ljust(6, "0"))))


def _read_place(rings: Collection[str], text: str, *, abroad: bool = False) -> str:
    if text[:1].isdigit():
        return read_division(text)
    if _COUNTRY.match(text):
        return _read_country(text, abroad=abroad)
    if not _RING_NAME.match(text):
        raise ValueError("place")
    if text not in rings:
        raise ValueError("ring_unknown")
    return text


def _read_country(text: str, *, abroad: bool) -> str:
    if text in _CHINESE:
        return _CHINESE[text]
    if text == "CN" or not abroad:
        raise ValueError("country")
    return text


def _read_transport(text: str) -> str:
    if text not in TRANSPORTS:
        raise ValueError("transport_unknown")
    return text
