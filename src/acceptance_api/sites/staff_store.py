"""Staff numbers in SQL: who of an enterprise has committed to which number, under which keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Uuid, and_, delete, func, insert, select

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Part, Question
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, OutletId
from acceptance_api.sites.staff_tables import staff_numbers
from acceptance_api.sites.tables import clerks


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNumber:
    """A clerk's document number, as a commitment; the id of its key is its first eight bytes."""

    enterprise_id: EnterpriseId
    clerk_id: ClerkId
    id: UUID
    outlet_id: OutletId
    commitment: bytes
    commitment_key_id: int
    registered_at: datetime


async def put(tx: Tx, number: StaffNumber, *, entry: Entry) -> None:
    """Record a clerk's number, in place of those recorded before, and the audit entry."""
    of = staff_numbers.c
    earlier = and_(of.enterprise_id == number.enterprise_id, of.clerk_id == number.clerk_id)
    await tx.execute(delete(staff_numbers).where(earlier))
    row = {name: getattr(number, name) for name in StaffNumber.__slots__}
    await tx.execute(insert(staff_numbers).values(row))
    await append(tx, entry)


async def find_key_ids(tx: Tx, enterprise_id: EnterpriseId) -> frozenset[int]:
    """The keys under which an enterprise's staff have committed: one for each month in which a number came in."""
    key_id = staff_numbers.c.commitment_key_id
    query = select(key_id).where(staff_numbers.c.enterprise_id == enterprise_id).distinct()
    return frozenset(row[0] for row in await tx.execute(query))


def _bearers(asked: Mapping[str, ColumnElement[Any]], *, who: ColumnElement[bool]) -> ColumnElement[int]:
    """How many clerks at work have committed to this; a retired one is no member of staff any more."""
    of = staff_numbers.c
    at_work = and_(clerks.c.outlet_id == of.outlet_id, clerks.c.id == of.clerk_id, clerks.c.retired_at.is_(None))
    same = and_(of.enterprise_id == asked["enterprise_id"], of.commitment == asked["commitment"], who)
    return select(func.count()).select_from(staff_numbers).join(clerks, at_work).where(same).scalar_subquery()


BEARERS = Question(
    {"enterprise_id": Uuid(), "clerk_id": Uuid(), "commitment": LargeBinary()},
    lambda asked: (
        Part(
            columns=(
                _bearers(asked, who=staff_numbers.c.clerk_id == asked["clerk_id"]),
                _bearers(asked, who=staff_numbers.c.clerk_id != asked["clerk_id"]),
            ),
            read=lambda values: (bool(values[0]), bool(values[1])),
        ),
    ),
)
"""Whether a commitment is this clerk's, and whether it is another's of the enterprise."""
