"""Drill R9: the same records from sixteen devices at once, each in its own order, partly edited."""

import asyncio
import gzip
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.offline.contract import MULTI_STATUS, RETRYABLE, SETTLED, Json, batch_of, content_of, written
from tests.offline.device import minted
from tests.offline.parcels import parcel, waybill
from tests.offline.real import RealServer, open_arena
from tests.support.authorities import StandingClock

RECORDS, DEVICES, AT_ONCE = 200, 16, 100
EDITED = 0.1
"""The share of its records that each device has edited."""
Told = dict[str, tuple[int, Json, Any]]
"""By id: the status, what was sent, and the problem if there is one."""


async def test_the_same_records_from_sixteen_devices_make_each_record_once(database_url: str, tmp_path: Path) -> None:
    rng, now = Random(9), StandingClock().now()  # noqa: S311 - the same storm each time
    originals = [item_of(rng, number + 1) for number in range(RECORDS)]
    async with open_arena(database_url, tmp_path) as arena:
        server = await arena.server(devices=DEVICES, at=now)
        stacks = [edited(rng, originals) for _ in range(DEVICES)]
        told = await asyncio.gather(*(insist(server, device, stack) for device, stack in enumerate(stacks)))
        records = {record.id: record for record in await server.records()}
        decided = await server.decided()

    assert len(records) == len(decided) == len(set(decided)) == RECORDS
    for original in originals:
        id_ = original["acceptance"]["id"]
        answers = [one[id_] for one in told]
        statuses = Counter(status for status, _, _ in answers)
        same = [content_of(sent) == records[id_].content for _, sent, _ in answers]
        assert statuses[201] == 1
        assert [status in SETTLED for status, _, _ in answers] == same
        assert all(problem["code"] == "id_conflict" for status, _, problem in answers if status not in SETTLED)
    assert {status for one in told for status, _, _ in one.values()} == {200, 201, 409}


def item_of(rng: Random, number: int) -> Json:
    """A letter that was decided within the last day."""
    at = StandingClock().now() - timedelta(milliseconds=rng.randrange(86_400_000))
    content = parcel(rng, waybill=waybill(rng))
    return {
        "occurred_at": written(at),
        "sequence": number,
        "bundle_version": None,
        "acceptance": {"id": minted(at, rng)} | content,
    }


def edited(rng: Random, originals: Sequence[Json]) -> list[Json]:
    """A device's own copy: in another order, and some of it not quite the same."""
    copies = [reweighed(rng, item) if rng.random() < EDITED else item for item in originals]
    rng.shuffle(copies)
    return copies


def reweighed(rng: Random, item: Json) -> Json:
    """The same record with another weight."""
    weight_g = 1 + (item["acceptance"]["weight_g"] + rng.randint(1, 1_000)) % 49_999
    return {**item, "acceptance": {**item["acceptance"], "weight_g": weight_g}}


async def insist(server: RealServer, device: int, stack: list[Json]) -> Told:
    """Send everything, batch by batch; again what the server had no time for."""
    told: Told = {}
    while waiting := [item for item in stack if item["acceptance"]["id"] not in told]:
        for start in range(0, len(waiting), AT_ONCE):
            items, at = waiting[start : start + AT_ONCE], server.arena.clock.at
            answer = await server.receive(device, gzip.compress(batch_of(items, sent_at=at)), is_gzipped=True, at=at)
            assert answer.status == MULTI_STATUS
            told |= {
                item["acceptance"]["id"]: (one["status"], item["acceptance"], one["problem"])
                for item, one in zip(items, answer.body["results"], strict=True)
                if one["status"] != RETRYABLE
            }
    return told
