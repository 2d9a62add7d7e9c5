"""The contract of `POST /counter/v1/acceptance-batches`, and the words in which the simulation speaks of it."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Protocol

PATH = "/counter/v1/acceptance-batches"
ITEMS_MAX = 500
AGE_MAX = timedelta(days=30)
SETTLED = frozenset({200, 201})
"""This very item is recorded: now, or before."""
MULTI_STATUS, INVALID, RETRYABLE = 207, 422, 503
MILLISECOND = timedelta(milliseconds=1)
RENUMBERED_AT = datetime(2025, 5, 31, 16, 0, tzinfo=UTC)
"""The first instant of 2025-06-01 in China, from which the second statutory set is in force."""
_CHINA = timezone(timedelta(hours=8))

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer over HTTP."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What tells that a record came later than the parcel."""

    occurred_at: datetime
    device_occurred_at: datetime
    clock_skew_ms: int
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as the server has it, as far as the simulation compares it."""

    id: str
    content: Json
    outcome: str
    statutory: str
    recorded_at: datetime
    late: Late

    def as_told(self) -> Json:
        """As much of it as a device is told (`AcceptanceOut`)."""
        late = self.late
        return {
            "id": self.id,
            "waybill": self.content["waybill"],
            "decision": {"outcome": self.outcome, "rules": {"statutory": self.statutory}},
            "recorded_at": written(self.recorded_at),
            "late": {
                "occurred_at": written(late.occurred_at),
                "device_occurred_at": written(late.device_occurred_at),
                "clock_skew_ms": late.clock_skew_ms,
                "sequence": late.sequence,
            },
        }


class Server(Protocol):
    """A server of the contract: the reference model, or the real one."""

    async def receive(self, device: int, body: bytes, *, is_gzipped: bool, at: datetime) -> Answer:
        """Serve one batch of a device that arrives now."""
        ...

    async def records(self) -> tuple[Record, ...]:
        """Everything that is recorded, each as often as it is."""
        ...


def batch_of(items: list[Json], *, sent_at: datetime) -> bytes:
    """The body of a batch."""
    body = {"device": {"sent_at": written(sent_at)}, "items": items}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def read(body: bytes, *, is_gzipped: bool) -> Any:  # noqa: ANN401 - JSON
    """A batch as the server reads it."""
    return json.loads(gzip.decompress(body) if is_gzipped else body)


def content_of(acceptance: Json) -> Json:
    """What is compared of a record's content: what can be read of it in the clear, or disclosed."""
    return {
        "waybill": acceptance["waybill"],
        "division": acceptance["destination"]["division"],
        "contents_kind": acceptance["contents_kind"],
        "weight_g": acceptance["weight_g"],
        "parties": {
            f"{party}_{part}": acceptance[party][part]
            for party in ("sender", "addressee")
            for part in ("name", "phone", "address")
        },
    }


def problem(status: int, code: str, *faults: tuple[str, str]) -> dict[str, Any]:
    """As much of a problem document as a counter goes by; of each fault, where it is and what it is."""
    return {
        "status": status,
        "code": code,
        "retryable": status == RETRYABLE,
        "errors": [{"pointer": pointer, "code": what} for pointer, what in faults],
    }


def reason_of(told: Json) -> str:
    """Why an item was not recorded: the problem's code, and the place in the item that it points at."""
    places = {pointer.split("/", 3)[3] for pointer in (error["pointer"] for error in told["errors"])}
    return " ".join([told["code"], *sorted(places)])


def written(at: datetime) -> str:
    """An instant as a device in China writes it: RFC 3339, in milliseconds."""
    return at.astimezone(_CHINA).isoformat(timespec="milliseconds")


def instant(text: str) -> datetime:
    """An instant as it is written, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds; the simulation knows no other."""
    whole, rest = divmod(span, MILLISECOND)
    assert not rest, "the simulation runs in whole milliseconds"
    return whole
