"""The rows: synthetic, and the same for each layout."""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.acceptance.tables import acceptance_tokens, acceptances
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Instant

MONTHS, MONTH = 25, timedelta(days=30)
ROLES = ("sender_id_number", "sender_phone", "addressee_phone")
PARCELS_A_PERSON, OUTLET_ROWS = 8, 20_000
_SEALED_BYTES, _DIGEST_BYTES = 102, 32
Make = Callable[[random.Random], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """The rows: the same for each layout, spread evenly over the months until now."""

    rows: int
    until: datetime

    @property
    def since(self) -> datetime:
        """The beginning of the first month; the last is half over."""
        return self.until - MONTH * MONTHS + MONTH / 2

    def month_of(self, at: datetime) -> int:
        """The number of a moment's month, from 0."""
        return int((at - self.since) / MONTH)

    def outlet(self, chance: random.Random) -> UUID:
        """One of the outlets."""
        return UUID(int=1 + chance.randrange(max(1, self.rows // OUTLET_ROWS)))

    def person(self, chance: random.Random) -> int:
        """One of the people."""
        return chance.randrange(max(1, self.rows // PARCELS_A_PERSON))

    def tokens(self, person: int, role: str, months: Iterable[int]) -> list[int]:
        """A person's token in each of some months."""
        texts = (f"{person}/{role}/{month}".encode() for month in months)
        return [int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True) for text in texts]

    def stored(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Every acceptance with its tokens, in the order of time."""
        chance = random.Random(self.rows)  # noqa: S311 - the same rows each time
        step = (self.until - self.since) / self.rows
        for number in range(self.rows):
            yield self.record(self.since + step * number, chance)

    def record(self, at: datetime, chance: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """One acceptance and its tokens."""
        key = {"outlet_id": self.outlet(chance), "recorded_at": at}
        id_ = UUID(int=floor_of(at).int | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62))
        waybill = f"SF{chance.randrange(10**13):013d}"
        source, month = UUID(int=chance.getrandbits(128)), self.month_of(at)
        tokens = [
            {"token": self.tokens(self.person(chance), role, [month])[0], "role": role, "source_id": source}
            for role in ROLES
        ]
        row = filled(acceptances, {**key, "id": id_, "record_id": id_, "revision": 1, "waybill": waybill}, chance)
        return row, [filled(acceptance_tokens, {**key, **one, "acceptance_id": id_}, chance) for one in tokens]


def floor_of(at: datetime) -> UUID:
    """Not above any UUIDv7 of this moment or a later one."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def filled(table: Table, known: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A row: what is known, and for every other column something of its type and usual length."""
    return {name: known[name] if name in known else make(chance) for name, make in _makers(table)}


@cache
def _makers(table: Table) -> tuple[tuple[str, Make], ...]:
    return tuple((column.name, _maker(column)) for column in table.columns)


def _maker(column: "Column[Any]") -> Make:
    now, length = SystemClock().now(), min(getattr(column.type, "length", None) or 8, 8)
    size = _SEALED_BYTES if column.name.endswith("_sealed") else _DIGEST_BYTES
    made: dict[type, Make] = {
        LargeBinary: lambda chance: chance.randbytes(size),
        Uuid: lambda _: UUID(int=1),
        String: lambda _: "1" * length,
        Boolean: lambda _: True,
        Integer: lambda _: 1,
        JSON: lambda _: "{}",
        Instant: lambda _: now,
    }
    return next(make for kind, make in made.items() if isinstance(column.type, kind))
