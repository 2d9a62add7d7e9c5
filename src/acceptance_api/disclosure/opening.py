"""Opening sealed values: the audit entry is committed first, only then plaintext exists."""

from collections.abc import Awaitable, Callable, Sequence

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
        self._opener = Opener(vault)

    async def begin(
        self, entry: Entry, *, alongside: Callable[[Tx], Awaitable[None]] | None = None
    ) -> "Look":
        """Commit the audit entry of a look, and what is recorded alongside, then allow it.

        Without a committed entry there is no `Look`.

        Raises:
            Problem: DATABASE_UNAVAILABLE; nothing was opened.
        """
        async with self._database.transaction() as tx:
            if alongside is not None:
                await alongside(tx)
            await append(tx, entry)
        return Look(self._opener)


class Look:
    """One audited look. Every method raises Problem: KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED."""

    def __init__(self, opener: Opener) -> None:
        """Only `DisclosureDesk.begin` makes one."""
        self._opener = opener

    async def full(self, cells: Sequence[Cell]) -> tuple[str | None, ...]:
        """The values themselves."""
        try:
            await self._opener.ensure(cell.envelope for cell in cells)
            return tuple(self._open(cell) for cell in cells)
        except Tampered as error:
            log.error("sealed value fails its authentication", table=error.table, column=error.column)
            raise Problem(Kind.SEALED_DATA_DAMAGED) from error
        except (KeyUnavailable, KeyStoreUnavailable) as error:
            raise Problem(Kind.KEYS_UNAVAILABLE) from error

    async def masked(self, cells: Sequence[Cell]) -> tuple[str | None, ...]:
        """The values under their masks."""
        texts = await self.full(cells)
        return tuple(None if t is None else masked(cell.mask, t) for cell, t in zip(cells, texts, strict=True))

    async def confirms(self, probe: Probe) -> bool:
        """Whether a record really holds what its token claims, recomputed from the opened values.

        A token that was edited, or merely collided, is no hit; it is logged for the operator.
        """
        values = [value for value in await self.full(probe.cells) if value is not None]
        try:
            await self._opener.ensure_index([probe.index_key_id])
            holds = len(values) == len(probe.cells) and self._opener.token_matches(
                probe.token, probe.index_key_id, probe.index, *values
            )
        except (KeyUnavailable, KeyStoreUnavailable) as error:
            raise Problem(Kind.KEYS_UNAVAILABLE) from error
        if not holds:
            log.error("token does not match its record", table=probe.cells[0].field.table)
        return holds

    def _open(self, cell: Cell) -> str | None:
        if cell.envelope is None:
            return None
        return self._opener.open(cell.field, cell.owner_id, cell.record_id, cell.envelope)
