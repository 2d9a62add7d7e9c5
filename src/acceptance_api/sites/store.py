"""Enterprises, branches and outlets in SQL. What belongs to one outlet stands in `outlet_store`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, and_, insert, select

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Part, Question
from acceptance_api.kernel.ids import EnterpriseId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites.model import Branch, BranchId, Enterprise, Outlet
from acceptance_api.sites.tables import branches, enterprises, outlet_places, outlets

_DIVISION_DIGITS = 6
_CHUNK = 500
"""Ids asked for in one statement: both databases limit its parameters."""


async def add_enterprise(tx: Tx, enterprise: Enterprise, *, entry: Entry) -> None:
    """Record an enterprise and its audit entry."""
    await tx.execute(insert(enterprises).values({name: getattr(enterprise, name) for name in Enterprise.__slots__}))
    await append(tx, entry)


async def add_branch(tx: Tx, branch: Branch, *, entry: Entry) -> None:
    """Record a branch and its audit entry."""
    await tx.execute(insert(branches).values({name: getattr(branch, name) for name in Branch.__slots__}))
    await append(tx, entry)


async def add_outlet(tx: Tx, outlet: Outlet, *, entry: Entry) -> None:
    """Record an outlet, where it is, and its audit entry."""
    await tx.execute(insert(outlets).values({name: getattr(outlet, name) for name in Outlet.__slots__}))
    place = {"outlet_id": outlet.id, "enterprise_id": outlet.enterprise_id, "division": outlet.division}
    await tx.execute(insert(outlet_places).values(place))
    await append(tx, entry)


async def find_enterprise(tx: Tx, enterprise_id: EnterpriseId) -> Enterprise | None:
    """The enterprise with this id."""
    row = (await tx.execute(select(enterprises).where(enterprises.c.id == enterprise_id))).first()
    if row is None:
        return None
    return Enterprise(id=EnterpriseId(row.id), name=row.name, brand=row.brand, created_at=row.created_at)


async def has_enterprises(tx: Tx) -> bool:
    """Whether anybody uses this installation yet."""
    return (await tx.execute(select(enterprises.c.id).limit(1))).first() is not None


async def find_branches(tx: Tx, enterprise_id: EnterpriseId) -> tuple[Branch, ...]:
    """Every branch of an enterprise, parents before their children."""
    query = select(branches).where(branches.c.enterprise_id == enterprise_id).order_by(branches.c.id)
    return tuple(_branch(row) for row in await tx.execute(query))


async def find_branch(tx: Tx, enterprise_id: EnterpriseId, branch_id: BranchId) -> Branch | None:
    """The branch with this id; another enterprise's looks missing."""
    query = select(branches).where(branches.c.enterprise_id == enterprise_id, branches.c.id == branch_id)
    row = (await tx.execute(query)).first()
    return _branch(row) if row else None


def outlet_part(outlet_id: ColumnElement[UUID]) -> Part[Outlet | None]:
    """An outlet, closed or not, as a part of a question: its place knows whose it is."""
    place = outlet_places.c
    # By both columns of its place: by the asked id, PostgreSQL would walk through all outlets of the enterprise.
    stands_there = and_(outlets.c.enterprise_id == place.enterprise_id, outlets.c.id == place.outlet_id)
    return Part(
        columns=tuple(outlets.columns),
        read=lambda values: _outlet(values) if values[0] is not None else None,
        joins=((outlet_places, place.outlet_id == outlet_id), (outlets, stands_there)),
    )


OUTLET = Question({"outlet_id": Uuid()}, lambda asked: (outlet_part(asked["outlet_id"]),))
"""The outlet with an id, closed or not."""


async def find_outlet(tx: Tx, outlet_id: OutletId, *, enterprise_id: EnterpriseId | None = None) -> Outlet | None:
    """The outlet with this id; for an enterprise that asks, another's looks missing."""
    outlet: Outlet | None
    (outlet,) = await OUTLET.of(tx, outlet_id)
    return outlet if outlet and enterprise_id in (None, outlet.enterprise_id) else None


async def get_outlet(tx: Tx, outlet_id: OutletId, *, enterprise_id: EnterpriseId | None = None) -> Outlet:
    """The outlet with this id; for an enterprise that asks, another's looks missing.

    Raises:
        Problem: NOT_FOUND.
    """
    outlet = await find_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    if outlet is None:
        raise Problem(Kind.NOT_FOUND)
    return outlet


async def find_outlets(
    tx: Tx, enterprise_id: EnterpriseId, *, after: OutletId | None = None, limit: int = 50
) -> tuple[Outlet, ...]:
    """The outlets of an enterprise, closed ones too, oldest first."""
    query = select(outlets).where(outlets.c.enterprise_id == enterprise_id)
    if after is not None:
        query = query.where(outlets.c.id > after)
    return tuple(_outlet(row) for row in await tx.execute(query.order_by(outlets.c.id).limit(limit)))


async def outlets_within(
    tx: Tx,
    jurisdiction: str,
    *,
    enterprise_id: EnterpriseId | None = None,
    after: OutletId | None = None,
    limit: int | None = None,
) -> tuple[Outlet, ...]:
    """The outlets in a jurisdiction (a prefix of a GB/T 2260 code), closed ones too, oldest first."""
    query = select(outlet_places).where(_lies_within(jurisdiction))
    if enterprise_id is not None:
        query = query.where(outlet_places.c.enterprise_id == enterprise_id)
    if after is not None:
        query = query.where(outlet_places.c.outlet_id > after)
    ids: defaultdict[EnterpriseId, list[OutletId]] = defaultdict(list)
    for row in await tx.execute(query.order_by(outlet_places.c.outlet_id).limit(limit)):
        ids[EnterpriseId(row.enterprise_id)].append(OutletId(row.outlet_id))
    found = [outlet for owner, wanted in ids.items() for outlet in await _outlets(tx, owner, wanted)]
    return tuple(sorted(found, key=lambda outlet: outlet.id))


async def enterprises_within(tx: Tx, jurisdiction: str) -> tuple[EnterpriseId, ...]:
    """Every enterprise that has, or had, an outlet in a jurisdiction, oldest first."""
    query = select(outlet_places.c.enterprise_id).where(_lies_within(jurisdiction)).distinct()
    return tuple(sorted(EnterpriseId(row.enterprise_id) for row in await tx.execute(query)))


def _lies_within(jurisdiction: str) -> ColumnElement[bool]:
    """Digits sort alike under every collation, so a range of full codes finds a prefix by the index everywhere."""
    first, last = jurisdiction.ljust(_DIVISION_DIGITS, "0"), jurisdiction.ljust(_DIVISION_DIGITS, "9")
    return outlet_places.c.division.between(first, last)


async def _outlets(tx: Tx, enterprise_id: EnterpriseId, ids: list[OutletId]) -> list[Outlet]:
    found = []
    for chunk in _chunks(ids):
        query = select(outlets).where(outlets.c.enterprise_id == enterprise_id, outlets.c.id.in_(chunk))
        found += [_outlet(row) for row in await tx.execute(query)]
    return found


def _chunks(ids: list[OutletId], size: int = _CHUNK) -> Iterable[list[OutletId]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _branch(row: Row[tuple[object, ...]]) -> Branch:
    return Branch(
        enterprise_id=EnterpriseId(row.enterprise_id),
        id=BranchId(row.id),
        parent_id=BranchId(row.parent_id) if row.parent_id else None,
        name=row.name,
        created_at=row.created_at,
    )


def _outlet(row: Sequence[Any]) -> Outlet:
    return Outlet(**dict(zip(outlets.columns.keys(), row, strict=True)))
