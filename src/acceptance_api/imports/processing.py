"""Processing an import chunk by chunk: open it, read its lines, decide them, count what became of each.

Each decision is committed together with the ending of its line, and the chunk is deleted in the transaction that
counts the endings. So a worker may be killed at any moment: the next one goes on behind the last line recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from acceptance_api.acceptance import DecidingDesk
from acceptance_api.access import Client, Permission, find_client
from acceptance_api.disclosure import Cell, DisclosureDesk, Look, Mask
from acceptance_api.imports import lease_store, store
from acceptance_api.imports.deciding import Deciding, Setback, decide_lines
from acceptance_api.imports.fields import LINES
from acceptance_api.imports.model import (
    Chunk,
    Ending,
    Failure,
    Import,
    ImportKey,
    LateParcel,
    Line,
    LineResult,
    ReadLine,
    RunId,
)
from acceptance_api.imports.splitting import unpacked
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Fault, Kind, Problem

_SETBACKS_MAX = 4
"""So often the lines of a chunk are tried anew when some fail for a reason that nobody foresaw."""
log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingDesk:
    """What processing needs. `lease` is how long a worker may stay silent before another one goes on."""

    deciding: DecidingDesk
    disclosure: DisclosureDesk
    read_line: ReadLine
    lease: timedelta
    kept: timedelta
    """How long before its file came in a parcel may have stood on the counter."""


@dataclass(slots=True, kw_only=True)
class Opened:
    """A chunk and its lines in plaintext, which nobody is shown."""

    chunk: Chunk
    lines: Sequence[Line] = field(repr=False)
    setbacks: int = 0

    @property
    def span(self) -> tuple[int, int]:
        """The numbers of the first and the last line."""
        return self.lines[0].number, self.lines[-1].number


@dataclass(slots=True, kw_only=True)
class Run:
    """One worker's turn at an import: its audited look, and the chunk that is open."""

    id: RunId
    key: ImportKey
    look: Look
    opened: Opened | None = None


class LeaseLost(Exception):  # noqa: N818 - a state of the lease
    """The import was cancelled, or another run has it."""


class ImportFailed(Exception):  # noqa: N818 - a state of the import
    """The import cannot be brought to its end."""

    def __init__(self, failure: Failure) -> None:
        """Say why."""
        super().__init__(failure.value)
        self.failure = failure


async def open_next(desk: ProcessingDesk, run: Run) -> Opened | None:
    """Open the next chunk, if there is one.

    Raises:
        ImportFailed: the chunk was changed since it was sealed.
        Problem: DATABASE_UNAVAILABLE or KEYS_UNAVAILABLE.
    """
    async with desk.deciding.database.read() as tx:
        chunk = await store.next_chunk(tx, run.key)
    if chunk is None:
        return None
    sealed = chunk.lines_sealed
    cell = Cell(field=LINES, owner_id=chunk.enterprise_id, record_id=chunk.id, envelope=sealed, mask=Mask.HIDDEN)
    try:
        (text,) = await run.look.full([cell])
    except Problem as problem:
        if problem.kind is Kind.SEALED_DATA_DAMAGED:
            raise ImportFailed(Failure.SEALED_DATA_DAMAGED) from problem
        raise
    return Opened(chunk=chunk, lines=unpacked(text or ""))


async def process(desk: ProcessingDesk, run: Run, opened: Opened, *, at: datetime) -> None:
    """Decide the lines of a chunk and count them; those that were decided before a setback are not again.

    Raises:
        LeaseLost: another run has the import, or it was cancelled.
        ImportFailed: who loaded it may not do so any more.
        Setback: some lines failed; call again.
        Problem: DATABASE_UNAVAILABLE, KEYS_UNAVAILABLE or OVERLOADED; call again, later.
    """
    async with desk.deciding.database.transaction() as tx:
        one = await _held(desk, tx, run, at=at)
        client = await _client(tx, one)
        recorded = await store.find_recorded(tx, run.key, *opened.span)
    is_last_try = opened.setbacks >= _SETBACKS_MAX
    deciding = Deciding(desk=desk.deciding, client=client, one=one, kept=desk.kept, at=at, is_last_try=is_last_try)
    try:
        results = await _decided(desk, deciding, [line for line in opened.lines if line.number not in recorded])
    except Setback:
        opened.setbacks += 1
        raise
    async with desk.deciding.database.transaction() as tx:
        await _held(desk, tx, run, at=at, even_cancelled=True)
        recorded = await store.find_recorded(tx, run.key, *opened.span)
        await store.count(tx, run.key, opened.chunk, _together(results, recorded))


async def _decided(desk: ProcessingDesk, deciding: Deciding, lines: Sequence[Line]) -> list[LineResult]:
    said = [(line.number, _read(desk, line)) for line in lines]
    parcels = [(number, one) for number, one in said if isinstance(one, LateParcel)]
    faulty = [
        LineResult(number=number, ending=Ending.FAULTY, faults=one)
        for number, one in said
        if not isinstance(one, LateParcel)
    ]
    return [*faulty, *await decide_lines(deciding, parcels)]


def _read(desk: ProcessingDesk, line: Line) -> LateParcel | tuple[Fault, ...]:
    try:
        return desk.read_line(line.text)
    except Exception as error:
        log.exception("a line could not be read", count=line.number, exc_info=error)
        return (Fault("", "internal"),)


def _together(results: Sequence[LineResult], recorded: dict[int, Ending]) -> list[LineResult]:
    """What was recorded, by whatever run of the import, and of the rest what this run found."""
    found = {result.number: result for result in results}
    return list((found | {n: LineResult(number=n, ending=ending) for n, ending in recorded.items()}).values())


async def _held(desk: ProcessingDesk, tx: Tx, run: Run, *, at: datetime, even_cancelled: bool = False) -> Import:
    one = await lease_store.hold(tx, run.key, run.id, until=at + desk.lease, even_cancelled=even_cancelled)
    if one is None:
        raise LeaseLost
    return one


async def _client(tx: Tx, one: Import) -> Client:
    """Who loaded the file, as it stands now: what a revoked client left behind is not gone on with."""
    client = await find_client(tx, one.client_id)
    if client is None or client.revoked_at is not None or Permission.ENTERPRISE_IMPORT_MANAGE not in client.permissions:
        raise ImportFailed(Failure.CLIENT_REVOKED)
    return client
