"""Listing what is ordered by its id, page by page."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from acceptance_api.http.office import Office
from acceptance_api.http.pages import open_cursor, seal_cursor
from acceptance_api.kernel.database import Tx


class Identified(Protocol):
    """Something with an id."""

    @property
    def id(self) -> UUID:
        """The id, a UUIDv7: ordered by the time it was minted."""
        ...


_T = TypeVar("_T", bound=Identified)


async def page_by_id(
    office: Office,
    find: Callable[[Tx, UUID | None, int], Awaitable[Sequence[_T]]],
    *,
    cursor: str | None,
    limit: int,
    filters: object,
) -> tuple[Sequence[_T], str | None]:
    """One page, oldest first, and the cursor of the next. `find` gets where to go on and how many to find.

    Raises:
        Problem: CURSOR_INVALID.
    """
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    async with office.database.read() as tx:
        found = await find(tx, place[1] if place else None, limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return found[:limit], seal_cursor(office.cursor_key, end, filters=filters)
