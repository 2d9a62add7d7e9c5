"""The reference model: a server of the contract that anybody can read in one go. The real one is compared with it."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from tests.offline.contract import (
    AGE_MAX,
    INVALID,
    MULTI_STATUS,
    RENUMBERED_AT,
    Answer,
    Json,
    Late,
    Record,
    content_of,
    instant,
    milliseconds,
    problem,
    read,
)

_WAYBILL = re.compile(r"[A-Z0-9][A-Z0-9-]{5,38}[A-Z0-9]\Z")
_BEIJING = "11"


class ModelServer:
    """Decides letters as they are, and refuses what nobody verified and inspected; that is all the simulation sends."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._records: dict[str, Record] = {}
        self._fingerprints: dict[str, str] = {}
        self._standing: set[str] = set()

    async def receive(self, device: int, body: bytes, *, is_gzipped: bool, at: datetime) -> Answer:  # noqa: ARG002 - the contract's
        """Serve one batch; whatever one item is, its neighbours are served."""
        batch = read(body, is_gzipped=is_gzipped)
        skew = instant(batch["device"]["sent_at"]) - at
        return Answer(status=MULTI_STATUS, body={"results": self._results(batch["items"], skew, at)})

    async def records(self) -> tuple[Record, ...]:
        """Everything that is recorded."""
        return tuple(self._records.values())

    @staticmethod
    def is_in_form(item: Json) -> bool:
        """Whether an item fits its schema, as far as the simulation ever breaks it."""
        return _WAYBILL.match(item["acceptance"]["waybill"]) is not None

    def _results(self, items: list[Json], skew: timedelta, at: datetime) -> list[Json]:
        return [self._result(index, item, skew, at) for index, item in enumerate(items)]

    def _result(self, index: int, item: Json, skew: timedelta, at: datetime) -> Json:
        status, refused = self._recorded(index, item, skew, at)
        record = self._records.get(item["acceptance"]["id"]) if refused is None else None
        return {
            "index": index,
            "status": status,
            "id": item["acceptance"]["id"],
            "acceptance": record.as_told() if record else None,
            "problem": refused,
        }

    def _recorded(self, index: int, item: Json, skew: timedelta, at: datetime) -> tuple[int, Json | None]:
        """Record an item, unless something speaks against it. That it is known comes before its age.

        It is this very item if the acceptance is the same: when it was decided, a device cannot know better later.
        """
        acceptance = item["acceptance"]
        fingerprint = json.dumps(acceptance, sort_keys=True)
        if not self.is_in_form(item):
            return INVALID, problem(INVALID, "invalid", (f"/items/{index}/acceptance/waybill", "pattern"))
        known = self._fingerprints.get(acceptance["id"])
        if known is not None:
            return (200, None) if known == fingerprint else (409, problem(409, "id_conflict"))
        if too_old := self._too_old(index, item, skew, at):
            return too_old
        if acceptance["waybill"] in self._standing:
            return 409, problem(409, "waybill_already_decided")
        late, outcome = self._late(item, skew, at), _outcome(acceptance)
        if outcome != "refused":
            self._standing.add(acceptance["waybill"])
        self._fingerprints[acceptance["id"]] = fingerprint
        self._add(
            Record(
                id=acceptance["id"],
                content=content_of(acceptance),
                outcome=outcome,
                statutory="2018-05-01" if late.occurred_at < RENUMBERED_AT else "2025-06-01",
                recorded_at=at,
                late=late,
            )
        )
        return 201, None

    def _too_old(self, index: int, item: Json, skew: timedelta, at: datetime) -> tuple[int, Json] | None:
        if at - self._late(item, skew, at).occurred_at <= AGE_MAX:
            return None
        return INVALID, problem(INVALID, "invalid", (f"/items/{index}/occurred_at", "occurred_too_long_ago"))

    def _add(self, record: Record) -> None:
        self._records[record.id] = record

    def _late(self, item: Json, skew: timedelta, at: datetime) -> Late:
        """When it happened: by the device's clock, less what it was off by when it sent."""
        believed = instant(item["occurred_at"])
        return Late(
            occurred_at=min(at, believed - skew),
            device_occurred_at=believed,
            clock_skew_ms=milliseconds(skew),
            sequence=item["sequence"],
        )


def _outcome(acceptance: Json) -> str:
    """A letter needs neither identity nor inspection, but screening when it leaves the province."""
    if acceptance["contents_kind"] != "letter":
        return "refused"
    destination: dict[str, Any] = acceptance["destination"]
    return "accepted" if destination["division"].startswith(_BEIJING) else "held"
