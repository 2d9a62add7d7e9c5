"""Deciding late parcels: many together, each as its outlet's counter would have it, none held up by another's fault."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from acceptance_api.acceptance import DecidingDesk, Late, draft_decision, find_repeated
from acceptance_api.access import Caller, Client, Permission
from acceptance_api.imports import store
from acceptance_api.imports.model import Ending, Import, LateParcel, LineResult
from acceptance_api.imports.policy import faults_of
from acceptance_api.kernel.express import Record, settled
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Fault, Kind, Nature, Problem
from acceptance_api.sites import Clerk, find_clerk
from acceptance_api.vault import KeyStoreUnavailable, KeyUnavailable

Clerks = dict[tuple[OutletId, ClerkId], Clerk | None]
Numbered = tuple[int, LateParcel]
TOGETHER = 25
"""Lines that are decided at once: a counter that shares an SQLite file waits no longer than their commit takes."""
_POINTED_AT = {
    Kind.ID_CONFLICT: "/acceptance/id",
    Kind.WAYBILL_ALREADY_DECIDED: "/acceptance/waybill",
    Kind.NOT_PERMITTED: "/outlet_id",
}
"""What a problem that carries no pointer is about."""
log = get_logger()


class Setback(Exception):  # noqa: N818 - what happened
    """Some lines failed for a reason that nobody foresaw; those that did not are recorded, and will not be again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Whose lines are decided, at what moment; on the last try a line that fails is faulty, `internal`."""

    desk: DecidingDesk
    client: Client
    one: Import
    kept: timedelta
    """How long before the file came in a parcel may have stood on the counter."""
    at: datetime
    is_last_try: bool = False


async def decide_lines(deciding: Deciding, lines: Sequence[Numbered]) -> tuple[LineResult, ...]:
    """Decide the parcels of some lines and record each decision, together with what became of its line.

    Lines of one waybill or one id keep their order; the others do not wait for one another.

    Raises:
        Setback: some of them failed; try those again.
        Problem: DATABASE_UNAVAILABLE, OVERLOADED or KEYS_UNAVAILABLE: the same, later.
    """
    clerks = await _clerks(deciding, lines)
    results: list[LineResult] = []
    for together in waves(lines):
        tried = await asyncio.gather(
            *(_decide(deciding, number, parcel, clerks) for number, parcel in together), return_exceptions=True
        )
        results += [_settled(deciding, number, one) for (number, _), one in zip(together, tried, strict=True)]
    return tuple(results)


def waves(lines: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Neighbours that may be decided together: none of a wave is about the waybill or the id of another."""
    wave: list[Numbered] = []
    claimed: set[object] = set()
    for number, parcel in lines:
        claims = {parcel.request.waybill, parcel.request.id}
        if len(wave) == TOGETHER or claims & claimed:
            yield wave
            wave, claimed = [], set()
        wave.append((number, parcel))
        claimed |= claims
    if wave:
        yield wave


def caller_for(client: Client, parcel: LateParcel, *, request_id: str) -> Caller:
    """The enterprise's client acting for one of its outlets, in the name of the clerk who was there.

    Its audit entries name the client that loaded the file, the clerk, and the request that brought it.
    """
    acting = replace(
        client,
        outlet_id=parcel.outlet_id,
        permissions=client.permissions | {Permission.COUNTER_ACCEPTANCE_DECIDE},
    )
    return Caller(client=acting, clerk_id=parcel.clerk_id, request_id=request_id)


async def _decide(deciding: Deciding, number: int, parcel: LateParcel, clerks: Clerks) -> LineResult:
    outlet = await deciding.desk.roster.outlet(parcel.outlet_id, at=deciding.at)
    faults = faults_of(
        parcel,
        enterprise_id=deciding.one.enterprise_id,
        outlet=outlet,
        clerk=clerks[parcel.outlet_id, parcel.clerk_id],
        received_at=deciding.one.received_at,
        kept=deciding.kept,
    )
    if faults:
        return LineResult(number=number, ending=Ending.FAULTY, faults=faults)
    try:
        return LineResult(number=number, ending=await _record(deciding, number, parcel))
    except Problem as problem:
        if problem.kind.value.retryable or problem.kind.value.nature is Nature.INTERNAL:
            raise
        return LineResult(number=number, ending=Ending.FAULTY, faults=_faults_of(problem))


async def _record(deciding: Deciding, number: int, parcel: LateParcel) -> Ending:
    """Record a decision and the ending of its line in one transaction, which many share.

    This is the seam to the deciding of late parcels: whatever stands here must commit the row of the line with each
    record, or a worker that is killed leaves records that look like repetitions.
    """
    key, at = deciding.one.key, deciding.at
    caller = caller_for(deciding.client, parcel, request_id=deciding.one.request_id)
    request = replace(parcel.request, late=_late(parcel, received_at=deciding.one.received_at))

    async def draft() -> tuple[Ending, Record] | None:
        drafted = await draft_decision(deciding.desk, caller, request, at=at)
        if drafted is None:
            return None
        acceptance, record = drafted
        ending = Ending(acceptance.decision.outcome.value)
        return ending, record.with_rows([store.record_row(key, number, ending)])

    async def settled_before() -> Ending | None:
        async with deciding.desk.database.read() as tx:
            recorded = (await store.find_recorded(tx, key, number, number)).get(number)
        if recorded is not None:
            return recorded
        return Ending.REPEATED if await find_repeated(deciding.desk, caller, request) is not None else None

    return await settled(deciding.desk.writer, draft, settled_before)


def _late(parcel: LateParcel, *, received_at: datetime) -> Late:
    """A parcel of a clock that is a little ahead happened when the file came in, not after it."""
    return Late(
        occurred_at=min(parcel.occurred_at, received_at),
        device_occurred_at=parcel.occurred_at,
        clock_skew_ms=0,
        sequence=parcel.sequence,
    )


async def _clerks(deciding: Deciding, lines: Sequence[Numbered]) -> Clerks:
    """Those whom the lines name, who have left since too."""
    named = {(parcel.outlet_id, parcel.clerk_id) for _, parcel in lines}
    async with deciding.desk.database.read() as tx:
        return {place: await find_clerk(tx, *place, even_retired=True) for place in sorted(named)}


def _settled(deciding: Deciding, number: int, tried: LineResult | BaseException) -> LineResult:
    if isinstance(tried, LineResult):
        return tried
    if isinstance(tried, Problem) and tried.kind.value.nature is Nature.UNAVAILABLE:
        raise tried
    if isinstance(tried, KeyStoreUnavailable | KeyUnavailable):
        raise Problem(Kind.KEYS_UNAVAILABLE) from tried
    if not isinstance(tried, Exception):
        raise tried
    log.error("a line could not be processed", record_id=str(deciding.one.id), exc_info=tried)
    if not deciding.is_last_try:
        raise Setback from tried
    return LineResult(number=number, ending=Ending.FAULTY, faults=(Fault("", "internal"),))


def _faults_of(problem: Problem) -> tuple[Fault, ...]:
    if not problem.faults:
        return (Fault(_POINTED_AT.get(problem.kind, ""), problem.kind.code),)
    return tuple(replace(fault, pointer=f"/acceptance{fault.pointer}") for fault in problem.faults)
