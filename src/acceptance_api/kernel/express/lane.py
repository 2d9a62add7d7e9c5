"""What a database must be able to do for the express lane."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Table

from acceptance_api.kernel.express.questions import Question

Rows = Mapping[Table, Sequence[dict[str, Any]]]
"""Rows by table, each with a value for every column."""


class Conflict(Exception):  # noqa: N818 - the finding's word
    """Somebody else was first: a row with the same key is there. Look again, and decide anew."""


class Unserved(Exception):  # noqa: N818 - a state of the connection
    """The database cannot be reached or broke off. Of an insert it is unknown whether it was committed."""


class Lane(Protocol):
    """One database, spoken to in groups."""

    writers: int
    """How many inserts may be under way at once."""

    async def ask(self, question: Question, asked: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """One row of answers for each of `asked`, in their order, all from one state of the database.

        Raises:
            Unserved: there is no answer.
        """
        ...

    async def insert(self, rows: Rows) -> None:
        """Commit all rows, durably, in one transaction, or none.

        Raises:
            Conflict: none were: a key is taken, or another group holds it.
            Unserved: whether they were committed is unknown.
        """
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
