"""Screening passes in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, func, literal_column, select

from acceptance_api.audit import Entry, row_of
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import NewRow, Part, Record
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, ScreeningId
from acceptance_api.screening.model import (
    Box,
    Flag,
    LabelKind,
    PassFact,
    PassReservation,
    PassState,
    Screening,
    ScreeningVerdict,
)
from acceptance_api.screening.policy import fact_of
from acceptance_api.screening.tables import screening_waybills, screenings

_BETWEEN = "+"
"""Between the codes of a pass's reservations; a code holds neither this nor what is between passes."""


def record_of(screening: Screening, *, entry: Entry) -> Record:
    """A pass and its audit entry, to be committed together; the waybill's next pass waits for this one."""
    rows: list[NewRow] = [(screenings, _row(screening)), row_of(entry)]
    if screening.pass_number == 1:
        names = ("waybill", "enterprise_id", "outlet_id")
        rows.append((screening_waybills, {name: getattr(screening, name) for name in names}))
    claims = frozenset({("pass", screening.outlet_id, screening.waybill)})
    return Record(tuple(rows), claims, claims)


def last_pass_part(outlet_id: ColumnElement[UUID], waybill: ColumnElement[str]) -> Part[int]:
    """How many passes a waybill has had at an outlet, as a part of a question."""
    last = (
        select(func.max(screenings.c.pass_number))
        .where(screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill)
        .scalar_subquery()
    )
    return Part(columns=(last,), read=lambda values: values[0] or 0)


def verdicts_part(outlet_id: ColumnElement[UUID], waybill: ColumnElement[str]) -> Part[tuple[ScreeningVerdict, ...]]:
    """The verdicts with which a waybill's passes at an outlet were recorded, in order, as a part of a question."""
    return Part(columns=(_joined(outlet_id, waybill, screenings.c.verdict),), read=_verdicts)


def passes_part(outlet_id: ColumnElement[UUID], waybill: ColumnElement[str]) -> Part[tuple[PassFact, ...]]:
    """What a decision asks of a waybill's passes at an outlet, in order, as a part of a question."""
    flags_open = cast(screenings.c.flags_open, String)
    columns = (screenings.c.state, flags_open, screenings.c.reservations)
    return Part(columns=(_joined(outlet_id, waybill, *columns),), read=_facts)


async def find(tx: Tx, outlet_id: OutletId, screening_id: ScreeningId) -> Screening | None:
    """The pass with this id at this outlet."""
    return await _first(tx, _of_id(outlet_id, screening_id))


async def find_to_change(tx: Tx, outlet_id: OutletId, screening_id: ScreeningId) -> Screening | None:
    """The pass with this id at this outlet; whoever wants to change it too waits until this transaction ends."""
    return await _first(tx, _of_id(outlet_id, screening_id).with_for_update())


async def find_labelled_to_change(tx: Tx, outlet_id: OutletId, waybill: str, serial: str) -> Screening | None:
    """The pass of a waybill at this outlet that has this label serial, as `find_to_change`."""
    query = select(screenings).where(
        screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill, screenings.c.label_serial == serial
    )
    return await _first(tx, query.with_for_update())


async def find_of_waybill(tx: Tx, outlet_id: OutletId, waybill: str) -> tuple[Screening, ...]:
    """Every pass of a waybill at this outlet, in order."""
    query = (
        select(screenings)
        .where(screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill)
        .order_by(screenings.c.pass_number)
    )
    return tuple(_screening(row) for row in await tx.execute(query))


async def find_passes(tx: Tx, outlet_id: OutletId, waybill: str) -> tuple[PassFact, ...]:
    """What a decision asks of a waybill's passes at this outlet, in order: as `passes_part`, in a transaction."""
    return tuple(pass_fact(screening) for screening in await find_of_waybill(tx, outlet_id, waybill))


async def passes_of_waybill(tx: Tx, enterprise_id: EnterpriseId, waybill: str) -> tuple[Screening, ...]:
    """Every pass of a waybill at any outlet of an enterprise, oldest first: the screening at the destination too."""
    place, of = screening_waybills.c, screenings.c
    same = and_(of.outlet_id == place.outlet_id, of.waybill == place.waybill, of.enterprise_id == place.enterprise_id)
    query = (
        select(screenings)
        .select_from(screening_waybills.join(screenings, same))
        .where(place.waybill == waybill, place.enterprise_id == enterprise_id)
        .order_by(of.recorded_at, of.outlet_id, of.pass_number)
    )
    return tuple(_screening(row) for row in await tx.execute(query))


def pass_fact(screening: Screening) -> PassFact:
    """What a decision asks of a pass."""
    codes = (reservation.value for reservation in screening.reservations)
    return fact_of(screening.state, codes, flags_open=screening.flags_open)


def _joined(
    outlet_id: ColumnElement[UUID], waybill: ColumnElement[str], *columns: ColumnElement[str]
) -> ColumnElement[Any]:
    """The columns of all passes of a waybill at an outlet as one text, each pass with its number before it."""
    one: ColumnElement[str] = cast(screenings.c.pass_number, String)
    for column in columns:
        one = one + literal_column("':'", String) + column
    return (
        select(func.aggregate_strings(one, ","))
        .where(screenings.c.outlet_id == outlet_id, screenings.c.waybill == waybill)
        .scalar_subquery()
    )


def _in_order(joined: str | None) -> list[list[str]]:
    passes = [one.split(":") for one in joined.split(",")] if joined else []
    return sorted(passes, key=lambda one: int(one[0]))


def _verdicts(values: Sequence[Any]) -> tuple[ScreeningVerdict, ...]:
    return tuple(ScreeningVerdict(verdict) for _, verdict in _in_order(values[0]))


def _facts(values: Sequence[Any]) -> tuple[PassFact, ...]:
    return tuple(
        fact_of(PassState(state), _codes(reservations), flags_open=int(flags_open))
        for _, state, flags_open, reservations in _in_order(values[0])
    )


def _codes(reservations: str) -> tuple[str, ...]:
    return tuple(reservations.split(_BETWEEN)) if reservations else ()


def _of_id(outlet_id: OutletId, screening_id: ScreeningId) -> Select[Any]:
    return select(screenings).where(screenings.c.outlet_id == outlet_id, screenings.c.id == screening_id)


async def _first(tx: Tx, query: Select[Any]) -> Screening | None:
    row = (await tx.execute(query)).first()
    return _screening(row) if row else None


def _row(screening: Screening) -> dict[str, object]:
    return {name: getattr(screening, name) for name in Screening.__slots__} | {
        "verdict": screening.verdict.value,
        "label_kind": screening.label_kind.value,
        "reservations": _BETWEEN.join(screening.reservations),
        "flags": [asdict(flag) for flag in screening.flags] or None,
        "state": screening.state.value,
    }


def _screening(row: Row[Any]) -> Screening:
    return Screening(
        id=ScreeningId(row.id),
        enterprise_id=EnterpriseId(row.enterprise_id),
        outlet_id=OutletId(row.outlet_id),
        waybill=row.waybill,
        pass_number=row.pass_number,
        machine_id=MachineId(row.machine_id),
        operator_id=ClerkId(row.operator_id),
        verdict=ScreeningVerdict(row.verdict),
        label_serial=row.label_serial,
        label_kind=LabelKind(row.label_kind),
        reservations=tuple(map(PassReservation, _codes(row.reservations))),
        flags=tuple(map(_flag, row.flags or ())),
        flags_open=row.flags_open,
        state=PassState(row.state),
        recorded_at=row.recorded_at,
        fingerprint=row.fingerprint,
    )


def _flag(stored: dict[str, Any]) -> Flag:
    box = stored["box"]
    return Flag(code=stored["code"], confidence=stored["confidence"], box=Box(**box) if box else None)
