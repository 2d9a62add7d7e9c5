"""Dated editions of the figures around agreements, read once from `editions/*.json`; each has its source."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

_FOLDER: Final = files("acceptance_api.agreements") / "editions"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementValues:
    """The least share of an agreement's parcels to inspect, the share unless it says more, and when to warn."""

    version: str
    valid_from: date
    sampling_ratio_min: Decimal
    sampling_ratio_default: Decimal
    warn_days: int
    """How many legal days before the last one an agreement expires soon."""


def values_on(day: date) -> AgreementValues:
    """The figures in force on a legal day; before the first edition, the first edition."""
    in_force = [edition for edition in _editions() if edition.valid_from <= day] or [_editions()[0]]
    return in_force[-1]


@cache
def _editions() -> tuple[AgreementValues, ...]:
    documents = [json.loads(file.read_text("utf-8")) for file in _FOLDER.iterdir() if file.name.endswith(".json")]
    return tuple(sorted(map(_values, documents), key=lambda edition: edition.valid_from))


def _values(document: dict[str, Any]) -> AgreementValues:
    sampling, expiry = document["sampling"], document["expiry"]
    return AgreementValues(
        version=document["version"],
        valid_from=date.fromisoformat(document["valid_from"]),
        sampling_ratio_min=Decimal(sampling["ratio_min"]),
        sampling_ratio_default=Decimal(sampling["ratio_default"]),
        warn_days=expiry["warn_days"],
    )
