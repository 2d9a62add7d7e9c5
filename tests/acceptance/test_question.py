"""The one question for all that is known of a parcel is answered by primary keys, however little a table holds."""

import re

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import make_url

from acceptance_api.acceptance.asking import QUESTION
from acceptance_api.kernel.express.columns import postgresql_type
from acceptance_api.kernel.express.postgresql import PLANS

BY_KEY = {
    "decisions": "pk_decisions",
    "acceptance_waybills standing": "uq_acceptance_waybills_standing",
    "acceptance_waybills same": "pk_acceptance_waybills",
    "verifications": "pk_verifications",
    "inspections": "pk_inspections",
    "inspection_marks": "pk_inspection_marks",
    "inspection_mark_uses": "pk_inspection_mark_uses",
    "screenings": "uq_screenings_pass",
    "interception_waybills": "pk_interception_waybills",
    "interception_cascades": "pk_interception_cascades",
    "acceptance_tokens": "pk_acceptance_tokens",
    "acceptances": "ix_acceptances_outlet_id_recorded_at",
}
"""A walk-in's tables, which hold millions of rows for one outlet; agreements are few."""


@pytest.mark.parametrize("rows", [0, 3_000], ids=["empty", "filled and never analysed"])
async def test_no_look_up_reads_an_outlet(postgresql_url: str, rows: int) -> None:
    """Where every index looks as good as any other, PostgreSQL would take one that only begins with the outlet."""
    _, address = dialect().create_connect_args(make_url(postgresql_url))  # type: ignore[no-untyped-call]
    connection = await asyncpg.connect(**address, server_settings=PLANS)
    await connection.execute(
        "INSERT INTO decisions SELECT o, gen_random_uuid(), 1, gen_random_uuid(), 1, 'held', '[]', '{}', '{}',"
        " null, null, null, o, now(), '' FROM generate_series(1, $1), gen_random_uuid() o".replace("$1", str(rows))
    )
    kinds = ", ".join(f"{postgresql_type(kind)}[]" for kind in QUESTION.keys.values())
    await connection.execute(f"PREPARE question ({kinds}) AS {QUESTION.for_postgresql.text}")
    nothing = ", ".join("'{}'" for _ in QUESTION.keys)
    plan = "\n".join(line[0] for line in await connection.fetch(f"EXPLAIN EXECUTE question ({nothing})"))
    await connection.close()

    found = {
        table: index
        for index, table in re.findall(r"Index(?: Only)? Scan using (\w+) on (\w+(?: standing| same)?)", plan)
        if table in BY_KEY
    }
    assert found == BY_KEY, plan
    assert not re.search("Seq Scan|Materialize|Hash|Merge", plan), plan
    assert "Index Cond: (sequence = 1)" not in plan, plan
