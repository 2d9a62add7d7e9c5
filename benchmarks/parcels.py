"""The parcels of a load, as bodies and as bytes for the wire: the same for every contestant."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from acceptance_api.kernel.ids import new_uuid
from benchmarks.exchange import Kind, Request, http_request
from benchmarks.people import Visit, contents

PATH = "/counter/v1/acceptances"
DESTINATION = "310101"
"""In another province than the outlet, so that the parcel must have been screened."""
REPEATS, INVALID = 0.02, 0.01
"""The shares of requests that were answered before, and of those that must be turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel for which everything before the decision was done; a peer that checks none of it only stores the ids."""

    waybill: str
    visit: Visit
    verification_id: UUID
    inspection_id: UUID

    def body(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """What the counter sends."""
        return {
            "id": str(new_uuid()),
            "waybill": self.waybill,
            "sender": {
                "kind": "person",
                "verification_id": str(self.verification_id),
                **self.visit.sender.as_party(),
            },
            "addressee": self.visit.addressee.as_party(),
            "destination": {"country": "CN", "division": DESTINATION},
            "transport": "ground",
            "contents_kind": "general",
            "contents": contents(),
            "weight_g": 2_350,
            "measures": {"length_mm": 400, "width_mm": 300, "height_mm": 200},
            "inspection_id": str(self.inspection_id),
        } | changes


def new_waybill(number: int) -> str:
    """A waybill that looks like a brand's, different for each number of one run."""
    return f"SF{number:013d}"


def unprepared(visits: Sequence[Visit], numbers: Iterable[int]) -> Iterator[Parcel]:
    """Parcels for a contestant that looks nothing up."""
    verifications = [new_uuid() for _ in visits]
    for number in numbers:
        chosen = number % len(visits)
        yield Parcel(
            waybill=new_waybill(number),
            visit=visits[chosen],
            verification_id=verifications[chosen],
            inspection_id=new_uuid(),
        )


def encoded(body: dict[str, Any]) -> bytes:
    """A body as a counter app sends it: compact, UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def wire(headers: dict[str, str], body: dict[str, Any], *, path: str = PATH, key: str | None = None) -> bytes:
    """One POST, under a key of its own unless told."""
    given = headers | {"Content-Type": "application/json", "Idempotency-Key": key or new_uuid().hex}
    return http_request("POST", path, given, encoded(body))


def mixed(headers: dict[str, str], parcels: Iterable[Parcel], *, seed: int = 1) -> Iterator[Request]:
    """Requests for the parcels, with repeats and invalid bodies among them."""
    chance = random.Random(seed)  # noqa: S311 - a mix, not a secret
    for parcel in parcels:
        yield Kind.GOOD, wire(headers, parcel.body())
        if chance.random() < REPEATS:
            yield Kind.REPEAT, b""
        if chance.random() < INVALID:
            yield Kind.INVALID, wire(headers, _spoiled(parcel.body(), chance))


def orderly(headers: dict[str, str], parcels: Iterable[Parcel]) -> Iterator[Request]:
    """Requests for the parcels, and nothing else."""
    for parcel in parcels:
        yield Kind.GOOD, wire(headers, parcel.body())


def _spoiled(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A body with one thing wrong that every contestant must notice."""
    return body | chance.choice(
        (
            {"waybill": "no"},
            {"contents": []},
            {"weight_g": -1},
            {"destination": {"country": "CN", "division": "12"}},
            {"addressee": body["addressee"] | {"name": ""}},
        )
    )
