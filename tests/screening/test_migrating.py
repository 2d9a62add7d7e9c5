"""Passes that were recorded before passes had a state."""

from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.types import Uuid

from acceptance_api.kernel.database import Instant
from acceptance_api.kernel.ids import OutletId, ScreeningId, new_uuid
from acceptance_api.kernel.migrations import connected, downgrade, upgrade
from acceptance_api.screening import PassFact, PassState, ScreeningVerdict, find_passes, passes_of_waybill
from acceptance_api.screening.store import find
from tests.support.builders import NOON

CLEAR, SUSPECT, PROHIBITED = ScreeningVerdict
_INSERT = text(
    "INSERT INTO screenings (outlet_id, id, enterprise_id, waybill, pass_number, machine_id, operator_id, verdict,"
    " label_serial, recorded_at, fingerprint) VALUES (:outlet_id, :id, :enterprise_id, :waybill, :number, :outlet_id,"
    " :outlet_id, :verdict, '', :at, :fingerprint)"
).bindparams(
    bindparam("outlet_id", type_=Uuid()),
    bindparam("id", type_=Uuid()),
    bindparam("enterprise_id", type_=Uuid()),
    bindparam("at", type_=Instant()),
)


async def test_they_stand_where_their_verdict_leads_and_nothing_is_said_against_them(database_url: str) -> None:
    await downgrade(database_url, revision="0004")
    outlet_id, enterprise_id, ids = OutletId(new_uuid()), new_uuid(), [ScreeningId(new_uuid()) for _ in range(3)]
    rows: list[dict[str, Any]] = [
        {
            "outlet_id": outlet_id,
            "enterprise_id": enterprise_id,
            "id": one,
            "waybill": "EX000000000001",
            "number": number,
            "verdict": verdict.value,
            "at": NOON,
            "fingerprint": b"",
        }
        for number, (one, verdict) in enumerate(zip(ids, ScreeningVerdict, strict=True), start=1)
    ]
    async with connected(database_url) as tx:
        await tx.execute(_INSERT, rows)
    await upgrade(database_url)

    async with connected(database_url) as tx:
        facts = await find_passes(tx, outlet_id, "EX000000000001")
        everywhere = await passes_of_waybill(tx, enterprise_id, "EX000000000001")  # type: ignore[arg-type]
        first = await find(tx, outlet_id, ids[0])
    assert facts == (
        PassFact(verdict=CLEAR, labelled=True),
        PassFact(verdict=SUSPECT, labelled=False),
        PassFact(verdict=PROHIBITED, labelled=False),
    )
    assert [one.id for one in everywhere] == ids
    assert first is not None
    assert (first.state, first.flags) == (PassState.LABELLED, ())

    await downgrade(database_url, revision="0004")
    async with connected(database_url) as tx:
        assert await tx.scalar(text("SELECT count(*) FROM screenings")) == 3
