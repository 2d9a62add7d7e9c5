"""Cases in SQL: a case, its steps and obligations, and what is looked up by waybill."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    Table,
    Uuid,
    and_,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from acceptance_api.audit import Entry, append
from acceptance_api.interception.model import CascadeState, CaseFile, Interception, Obligation, Step, Stopped
from acceptance_api.interception.rows import (
    interception_of,
    interception_row,
    obligation_of,
    obligation_row,
    step_of,
    step_row,
)
from acceptance_api.interception.tables import (
    interception_cascades,
    interception_obligations,
    interception_steps,
    interception_waybills,
    interceptions,
)
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import Part, Question
from acceptance_api.kernel.ids import EnterpriseId, InterceptionId, OutletId
from acceptance_api.kernel.problems import Kind, Problem

Place = tuple[datetime, UUID]
"""Where a page ended: when its last case was opened, and its id."""
_DIVISION_DIGITS = 6
_Key = tuple[UUID, UUID]
_T = TypeVar("_T")


async def add(tx: Tx, file: CaseFile, *, entry: Entry) -> None:
    """Record a case with its first step, its obligations, its waybill and its audit entry.

    Raises:
        Problem: ALREADY_INTERCEPTED (the waybill has an open case) or ID_CONFLICT, when the id was taken meanwhile.
    """
    case = file.interception
    waybill = {
        "waybill": case.waybill,
        "enterprise_id": case.enterprise_id,
        "outlet_id": case.outlet_id,
        "interception_id": case.id,
        "is_open": True,
        "stops": True,
    }
    if not await insert_new(tx, interceptions, interception_row(case)):
        raise Problem(Kind.ID_CONFLICT)
    if not await insert_new(tx, interception_waybills, waybill):
        raise Problem(Kind.ALREADY_INTERCEPTED)
    await tx.execute(insert(interception_steps), [step_row(step) for step in file.steps])
    await _add_obligations(tx, case, file.obligations)
    await append(tx, entry)


async def add_step(
    tx: Tx,
    after: Interception,
    step: Step,
    *,
    new: Sequence[Obligation],
    told: Sequence[Obligation],
    is_gone: bool,
    entry: Entry,
) -> bool:
    """Record the next step, what it asks for and meets, and the audit entry; say whether nobody was first.

    A closed case stops its waybill still if the goods are gone.
    """
    if not await insert_new(tx, interception_steps, step_row(step)):
        return False
    changed = ("goods_code", "class_code", "disposal", "is_never_returned", "state", "steps", "due_at", "closed_at")
    row = interception_row(after)
    await tx.execute(update(interceptions).where(_is(after)).values({name: row[name] for name in changed}))
    if after.closed_at is not None:
        await _close_waybill(tx, after, stops=is_gone)
    await _add_obligations(tx, after, new)
    for one in told:
        of = interception_obligations.c
        where = and_(of.outlet_id == after.outlet_id, of.interception_id == after.id, of.number == one.number)
        met = {"told_at": one.told_at, "told_in": one.told_in}
        await tx.execute(update(interception_obligations).where(where).values(met))
    await append(tx, entry)
    return True


async def find_interception(tx: Tx, outlet_id: OutletId, interception_id: InterceptionId) -> Interception | None:
    """The case with this id at this outlet."""
    of = interceptions.c
    query = select(interceptions).where(of.outlet_id == outlet_id, of.id == interception_id)
    row = (await tx.execute(query)).first()
    return interception_of(row) if row else None


async def find_file(tx: Tx, outlet_id: OutletId, interception_id: InterceptionId) -> CaseFile | None:
    """The case with this id at this outlet, with its steps and obligations."""
    found = await find_interception(tx, outlet_id, interception_id)
    return (await files_of(tx, [found]))[0] if found else None


async def files_of(tx: Tx, cases: Sequence[Interception]) -> tuple[CaseFile, ...]:
    """The steps and obligations of several cases, in the order of the cases."""
    keys = [(case.outlet_id, case.id) for case in cases]
    steps = await _of_cases(tx, interception_steps, keys, step_of)
    obligations = await _of_cases(tx, interception_obligations, keys, obligation_of)
    return tuple(
        CaseFile(interception=case, steps=tuple(steps[key]), obligations=tuple(obligations[key]))
        for case, key in zip(cases, keys, strict=True)
    )


async def _of_cases(
    tx: Tx, table: Table, keys: Sequence[_Key], read: Callable[[Row[tuple[object, ...]]], _T]
) -> Mapping[_Key, list[_T]]:
    kept: defaultdict[_Key, list[_T]] = defaultdict(list)
    of_keys = tuple_(table.c.outlet_id, table.c.interception_id).in_(keys)
    for row in await tx.execute(select(table).where(of_keys).order_by(table.c.number)):
        kept[row.outlet_id, row.interception_id].append(read(row))
    return kept


async def find_of_outlet(
    tx: Tx, outlet_id: OutletId, *, is_open: bool | None, before: Place | None, limit: int
) -> tuple[Interception, ...]:
    """The cases of an outlet, newest first; open or closed ones only, if asked."""
    return await _listed(tx, [interceptions.c.outlet_id == outlet_id, *_open(is_open)], before=before, limit=limit)


async def find_of_enterprise(
    tx: Tx,
    enterprise_id: EnterpriseId,
    *,
    is_open: bool | None,
    overdue_at: datetime | None,
    before: Place | None,
    limit: int,
) -> tuple[Interception, ...]:
    """The cases of all outlets of an enterprise, newest first; with `overdue_at`, those with a report overdue then."""
    wanted = [interceptions.c.enterprise_id == enterprise_id, *_open(is_open)]
    if overdue_at is not None:
        wanted.append(interceptions.c.due_at < overdue_at)
    return await _listed(tx, wanted, before=before, limit=limit)


async def find_within(tx: Tx, jurisdiction: str, *, before: Place | None, limit: int) -> tuple[Interception, ...]:
    """The cases of all outlets in a jurisdiction, newest first."""
    # Digits sort alike under every collation, so a range of full codes finds a prefix by the index everywhere.
    first, last = jurisdiction.ljust(_DIVISION_DIGITS, "0"), jurisdiction.ljust(_DIVISION_DIGITS, "9")
    return await _listed(tx, [interceptions.c.origin.between(first, last)], before=before, limit=limit)


def open_case_part(enterprise_id: ColumnElement[UUID], waybill: ColumnElement[str]) -> Part[Stopped]:
    """What stops a waybill of an enterprise, as a part of a question: two look-ups by primary key."""
    return Part(columns=_stops(enterprise_id, waybill), read=_stopped)


STOP = Question(
    {"enterprise_id": Uuid(), "waybill": String()},
    lambda asked: (open_case_part(asked["enterprise_id"], asked["waybill"]),),
)
"""What stops a waybill of an enterprise."""


async def find_stop(tx: Tx, enterprise_id: EnterpriseId, waybill: str) -> Stopped:
    """What stops a waybill of an enterprise."""
    stopped: Stopped
    (stopped,) = await STOP.of(tx, enterprise_id, waybill)
    return stopped


def _stops(
    enterprise_id: ColumnElement[UUID], waybill: ColumnElement[str]
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Counts, not EXISTS: of that PostgreSQL would make a look through the whole table."""
    case, flag = interception_waybills.alias("stopping"), interception_cascades.alias("flag")
    flagged = literal_column(f"'{CascadeState.FLAGGED.value}'", String())
    on_case = and_(case.c.waybill == waybill, case.c.enterprise_id == enterprise_id, case.c.stops)
    on_flag = and_(flag.c.waybill == waybill, flag.c.enterprise_id == enterprise_id, flag.c.state == flagged)
    return (
        select(func.count()).select_from(case).where(on_case).scalar_subquery(),
        select(func.count()).select_from(flag).where(on_flag).scalar_subquery(),
    )


def _stopped(values: Sequence[Any]) -> Stopped:
    return Stopped(is_intercepted=bool(values[0]), is_under_examination=bool(values[1]))


async def _add_obligations(tx: Tx, case: Interception, obligations: Iterable[Obligation]) -> None:
    if rows := [obligation_row(case, one) for one in obligations]:
        await tx.execute(insert(interception_obligations), rows)


async def _close_waybill(tx: Tx, case: Interception, *, stops: bool) -> None:
    of = interception_waybills.c
    where = and_(of.waybill == case.waybill, of.enterprise_id == case.enterprise_id, of.interception_id == case.id)
    await tx.execute(update(interception_waybills).where(where).values(is_open=False, stops=stops))


def _is(case: Interception) -> ColumnElement[bool]:
    return and_(interceptions.c.outlet_id == case.outlet_id, interceptions.c.id == case.id)


def _open(is_open: bool | None) -> list[ColumnElement[bool]]:  # noqa: FBT001 - the filter as it was asked for
    if is_open is None:
        return []
    return [interceptions.c.closed_at.is_(None) if is_open else interceptions.c.closed_at.is_not(None)]


async def _listed(
    tx: Tx, wanted: Sequence[ColumnElement[bool]], *, before: Place | None, limit: int
) -> tuple[Interception, ...]:
    place = interceptions.c.opened_at, interceptions.c.id
    query = select(interceptions).where(*wanted).order_by(*(column.desc() for column in place)).limit(limit)
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return tuple(interception_of(row) for row in await tx.execute(query))
