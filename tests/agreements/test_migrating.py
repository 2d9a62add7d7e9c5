"""Agreements and photos that were there before stay what they were when the revision comes."""

from pathlib import Path

from sqlalchemy import text

from acceptance_api.agreements import find_agreements, values_on
from acceptance_api.inspection.store import count_reused
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.migrations import downgrade, upgrade
from tests.agreements.test_renewing import TODAY, in_force
from tests.support.builders import open_shop


async def test_what_was_there_before_goes_on(database: Database, database_url: str, tmp_path: Path) -> None:
    async with open_shop(database, tmp_path) as shop:
        inspection = await shop.inspect()
        enterprise_id = shop.world.enterprise_id
    await database.dispose()
    await downgrade(database_url, revision="0006")
    await upgrade(database_url)
    async with database.read() as tx:
        (agreement,) = await find_agreements(tx, enterprise_id)
        same = await count_reused(tx, enterprise_id, inspection.photos, waybill=inspection.waybill)
        other = await count_reused(tx, enterprise_id, inspection.photos, waybill="ANOTHER-1")
        unknown = (await tx.execute(text("SELECT opened_at, photos_reused FROM inspections"))).one()

    assert agreement.sampling_ratio == values_on(agreement.valid_from).sampling_ratio_default
    assert (agreement.goods, agreement.superseded_by, agreement.ended_reason) == (frozenset(), None, None)
    assert in_force(agreement, TODAY)
    assert inspection.photos
    assert (same, other) == (0, len(inspection.photos))
    assert tuple(unknown) == (None, None)
