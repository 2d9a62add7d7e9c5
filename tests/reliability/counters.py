"""Counters that keep working through every kind of failure, and what the books must say afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from sqlalchemy import func, select

from acceptance_api.acceptance.tables import acceptances, decisions
from acceptance_api.audit import Action
from acceptance_api.audit.tables import audit_entries
from acceptance_api.http.tables import idempotency_keys
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from tests.reliability.running import Till
from tests.support.journeys import parcel_of

PARCELS = "/counter/v1/acceptances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One parcel that was answered: the record is promised from here on."""

    id: str
    key: str
    body: bytes
    is_replay: bool
    """The answer of an earlier attempt, which the counter never got."""


@asynccontextmanager
async def counters_at_work(till: Till, count: int) -> AsyncIterator[list[Answered]]:
    """Yield what was answered so far, while counters work; at the end of the block they finish what they have begun."""
    answered: list[Answered] = []
    is_over = asyncio.Event()
    async with asyncio.TaskGroup() as counters:
        for _ in range(count):
            counters.create_task(_work(till, is_over, answered))
        try:
            yield answered
        finally:
            is_over.set()


async def present_one(till: Till) -> Answered:
    """Present one parcel, and again with the same key until it is answered."""
    body = parcel_of(waybill=f"EX{new_uuid().hex[-20:].upper()}")
    answer = await till.insist(PARCELS, body)
    assert answer.status_code in {httpx.codes.OK, httpx.codes.CREATED}, answer.text
    assert answer.json()["id"] == body["id"]
    return Answered(
        id=body["id"],
        key=answer.request.headers["Idempotency-Key"],
        body=answer.content,
        is_replay="Idempotent-Replayed" in answer.headers,
    )


async def _work(till: Till, is_over: asyncio.Event, answered: list[Answered]) -> None:
    while not is_over.is_set():
        answered.append(await present_one(till))


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the database holds after a drill."""

    records: Counter[str]
    decisions: int
    entries: int
    keys: dict[str, bytes | None]

    def lost(self, answered: list[Answered]) -> list[str]:
        """Records that were answered and are not there."""
        return [one.id for one in answered if one.id not in self.records]

    def faults(self, answered: list[Answered]) -> list[str]:
        """Everything that is not as it was promised; empty when the books are in order."""
        promised = {one.id for one in answered}
        counted = {"records": self.records.total(), "decisions": self.decisions, "audit entries": self.entries}
        counted["idempotency keys"] = len(self.keys)
        return [
            *(f"{id_}: answered, and lost" for id_ in self.lost(answered)),
            *(f"{id_}: there {times} times" for id_, times in self.records.items() if times > 1),
            *(
                f"{id_}: there, though every request was answered and none with it"
                for id_ in self.records.keys() - promised
            ),
            *(f"{one.id}: its key holds another answer" for one in answered if self.keys.get(one.key) != one.body),
            *(
                f"{count} {name}, but {len(answered)} answers"
                for name, count in counted.items()
                if count != len(answered)
            ),
        ]


async def books_of(database_url: str) -> Books:
    """Read the books."""
    decided = audit_entries.c.action == Action.ACCEPTANCE_DECIDED.value
    database = Database(database_url)
    try:
        async with database.read() as tx:
            return Books(
                records=Counter(map(str, (await tx.execute(select(acceptances.c.id))).scalars())),
                decisions=(await tx.execute(select(func.count()).select_from(decisions))).scalar_one(),
                entries=(await tx.execute(select(func.count()).select_from(audit_entries).where(decided))).scalar_one(),
                keys={
                    row.key: row.body
                    for row in await tx.execute(select(idempotency_keys.c.key, idempotency_keys.c.body))
                },
            )
    finally:
        await database.dispose()
