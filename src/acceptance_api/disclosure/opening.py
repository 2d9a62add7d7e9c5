"""Opening sealed values: the audit entry is committed first, only then plaintext exists."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain

from acceptance_api.audit import Entry, append
from acceptance_api.disclosure.masks import masked
from acceptance_api.disclosure.model import Cell, Probe
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import KeyStoreUnavailable, KeyUnavailable, Tampered, Vault
from acceptance_api.vault.opening import Opener

log = get_logger()


class DisclosureDesk:
    """The only door to plaintext."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Hold what opening needs."""
        self._database = database
        self._vault = vault

    async def begin(self, entry: Entry, *, alongside: Callable[[Tx], Awaitable[None]] | None = None) -> "Look":
        """Commit the audit entry of a look, and what is recorded alongside, then allow it.

        Without a committed entry there is no `Look`.

        Raises:
            Problem: DATABASE_UNAVAILABLE; nothing was opened.
        """
        async with self._database.transaction() as tx:
            if alongside is not None:
                await alongside(tx)
            await append(tx, entry)
        return Look(Opener(self._vault))


class Look:
    """One audited look. Every method raises Problem: KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED.

    Each takes everything a page needs at once, so that keys are fetched in one batch.
    """

    def __init__(self, opener: Opener) -> None:
        """Only `DisclosureDesk.begin` makes one."""
        self._opener = opener

    async def full(self, cells: Sequence[Cell]) -> tuple[str | None, ...]:
        """The values themselves."""
        with _translated():
            await self._opener.ensure(cell.envelope for cell in cells)
            return tuple(self._open(cell) for cell in cells)

    async def masked(self, records: Sequence[Mapping[str, Cell]]) -> tuple[Mapping[str, str | None], ...]:
        """The values of several records under their masks, by the names of the fields."""
        with _translated():
            await self._opener.ensure(cell.envelope for cells in records for cell in cells.values())
            return tuple({name: self._mask(cell) for name, cell in cells.items()} for cells in records)

    async def confirmed(self, probes: Sequence[Probe]) -> tuple[bool, ...]:
        """Which records really hold what their tokens claim, recomputed from the opened values.

        A token that was edited, or merely collided, is no hit; it is logged for the operator.
        """
        with _translated():
            await self._opener.ensure(cell.envelope for cell in chain.from_iterable(probe.cells for probe in probes))
            await self._opener.ensure_index({probe.index_key_id for probe in probes})
            return tuple(self._holds(probe) for probe in probes)

    def _holds(self, probe: Probe) -> bool:
        values = [value for value in map(self._open, probe.cells) if value is not None]
        holds = len(values) == len(probe.cells) and self._opener.token_matches(
            probe.token, probe.index_key_id, probe.index, *values, owner_id=probe.cells[0].owner_id
        )
        if not holds:
            log.error("token does not match its record", **_where(probe.cells[0]))
        return holds

    def _mask(self, cell: Cell) -> str | None:
        text = self._open(cell)
        return None if text is None else masked(cell.mask, text)

    def _open(self, cell: Cell) -> str | None:
        if cell.envelope is None:
            return None
        return self._opener.open(cell.field, cell.owner_id, cell.record_id, cell.envelope)


@contextmanager
def _translated() -> Iterator[None]:
    """Tell of a vault's findings as problems; they name places and keys, never values."""
    try:
        yield
    except Tampered as error:
        place = {"table": error.table, "column": error.column, "record_id": str(error.record_id)}
        log.error("sealed value fails its authentication", **place)  # noqa: TRY400 - a traceback shows opened values
        raise Problem(Kind.SEALED_DATA_DAMAGED) from error
    except (KeyUnavailable, KeyStoreUnavailable) as error:
        raise Problem(Kind.KEYS_UNAVAILABLE) from error


def _where(cell: Cell) -> dict[str, str]:
    return {"table": cell.field.table, "column": cell.field.column, "record_id": str(cell.record_id)}
