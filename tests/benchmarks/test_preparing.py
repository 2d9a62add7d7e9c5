"""What is prepared in bulk is as good as what a counter prepares; the limits write what an acceptance writes."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Table, text
from sqlalchemy.engine import make_url

from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.migrations import connected
from benchmarks import bulk
from benchmarks.contestants.pgbench import TERMS
from benchmarks.contestants.world import Preparation
from benchmarks.parcels import PATH, Parcel
from benchmarks.people import visits
from benchmarks.record import Record, Written, count_rows, read_record
from tests.support.service import Service, running_service


async def prepared(service: Service, database_url: str) -> Preparation:
    preparation = Preparation(url=database_url, vault=service.office.vault, world=service.world, visits=visits(3))
    await preparation.begin(service.http, await service.as_counter())
    return preparation


async def present(service: Service, parcel: Parcel) -> Written:
    body, key = parcel.body(), new_uuid().hex
    answer = await service.post(PATH, body, await service.as_counter() | {"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    assert answer.json()["decision"]["outcome"] == "accepted", answer.text
    world = service.world
    ids = (world.outlet_id, world.enterprise_id, world.counter_id, world.clerk_id, parcel.verification_id)
    return Written(
        acceptance_id=UUID(body["id"]),
        waybill=parcel.waybill,
        key=key,
        shared={*ids, UUID(world.counter.client_id)},
    )


async def test_every_parcel_prepared_in_bulk_is_accepted(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        preparation = await prepared(service, database_url)
        await preparation.provide(5)
        parcels = preparation.take(5)

        for parcel in parcels:
            await present(service, parcel)

    assert len({parcel.waybill for parcel in parcels}) == len({parcel.inspection_id for parcel in parcels}) == 5
    assert len({parcel.verification_id for parcel in parcels}) == 3


async def test_a_record_is_read_back_whole_and_can_be_written_again(database_url: str, tmp_path: Path) -> None:
    """Into every table that an acceptance writes, as many rows as it writes; on PostgreSQL by the limit's statement."""
    async with running_service(database_url, tmp_path) as service:
        preparation = await prepared(service, database_url)
        (parcel,) = preparation.take(1)
        before = await count_rows(database_url)
        written = await present(service, parcel)
        after = await count_rows(database_url)

    grown = {table: after[table] - before[table] for table in after if after[table] > before[table]}
    record = await read_record(database_url, written, grown)
    await write_again(database_url, record)
    again = await count_rows(database_url)

    assert {"acceptances", "decisions", "audit_entries", "idempotency_keys"} <= {table.name for table in grown}
    assert sum(grown.values()) == len(record.rows)
    assert {table: again[table] - after[table] for table in grown} == {table: 2 * grown[table] for table in grown}


async def write_again(database_url: str, record: Record) -> None:
    for number in range(2):
        if make_url(database_url).get_backend_name() == "postgresql" and number:
            ids = ", ".join(f"gen_random_uuid() AS u{i}" for i in range(record.minted))
            statement = record.statement(TERMS, source=f"SELECT {ids}")
            for variable in (":person", ":number"):
                statement = statement.replace(variable, "7")
            async with connected(database_url) as connection:
                await connection.execute(text(statement.replace(":", r"\:")))
            continue
        rows: dict[Table, list[bulk.Row]] = {table: [] for table in record.tables}
        for table, row in record.make(number, people=10):
            rows[table].append(row)
        await bulk.load(database_url, rows)


async def test_rows_that_cannot_be_found_again_are_not_left_out_in_silence(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        preparation = await prepared(service, database_url)
        before = await count_rows(database_url)
        (parcel,) = preparation.take(1)
        written = await present(service, parcel)
        after = await count_rows(database_url)

    grown = {table: after[table] - before[table] + 1 for table in after if after[table] > before[table]}
    with pytest.raises(LookupError):
        await read_record(database_url, written, grown)
