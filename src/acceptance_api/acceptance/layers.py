"""Layers of acceptance values: what a brand asks beyond the statutory values. A layer can only tighten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from acceptance_api.acceptance.grounds import Weight
from acceptance_api.acceptance.model import Reach, Transport
from acceptance_api.acceptance.rules import AcceptanceValues
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.typed_documents import Document, Rule, read_document

_LIMITS = ("weight_g_max", "side_mm_max", "sum_mm_max")


class _Screened(Rule):
    reach: Reach | None = None
    transport: Transport | None = None


class _Unconfirmed(Rule):
    weight: Weight


class _Parcel(Rule):
    weight_g_max: int | None = Field(None, ge=1)
    side_mm_max: int | None = Field(None, ge=1)
    sum_mm_max: int | None = Field(None, ge=1)


class _Content(Document):
    note: str | None = None
    screening_required: tuple[_Screened, ...] = ()
    identity_unconfirmed: _Unconfirmed | None = None
    parcel: _Parcel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceLayer:
    """What one rule set of kind `acceptance` asks for; what it does not mention stays as it is."""

    screened_reaches: frozenset[Reach] = frozenset()
    screened_transports: frozenset[Transport] = frozenset()
    identity_unconfirmed: Weight | None = None
    weight_g_max: int | None = None
    side_mm_max: int | None = None
    sum_mm_max: int | None = None


def parse_layer(content: Mapping[str, Any]) -> AcceptanceLayer:
    """The layer that a document describes.

    Raises:
        Problem: INVALID, with every fault; also a document that asks for nothing.
    """
    document = read_document(_Content, content)
    parcel = document.parcel
    layer = AcceptanceLayer(
        screened_reaches=frozenset(row.reach for row in document.screening_required if row.reach),
        screened_transports=frozenset(row.transport for row in document.screening_required if row.transport),
        identity_unconfirmed=document.identity_unconfirmed.weight if document.identity_unconfirmed else None,
        **{name: getattr(parcel, name) for name in _LIMITS if parcel},
    )
    if layer == AcceptanceLayer():
        raise Problem(Kind.INVALID, Fault("", "asks_for_nothing"))
    return layer


def tightened(values: AcceptanceValues, layers: Iterable[AcceptanceLayer]) -> AcceptanceValues:
    """The values under all layers: the union of what must be screened, the least limits, the heavier weight."""
    for layer in layers:
        refuses = Weight.REFUSE in {values.identity_unconfirmed, layer.identity_unconfirmed}
        values = replace(
            values,
            screened_reaches=values.screened_reaches | layer.screened_reaches,
            screened_transports=values.screened_transports | layer.screened_transports,
            identity_unconfirmed=Weight.REFUSE if refuses else values.identity_unconfirmed,
            **{name: min(getattr(values, name), getattr(layer, name) or getattr(values, name)) for name in _LIMITS},
        )
    return values
