"""What is looked up: as the service asks it, with keys that are the same for each layout."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg

from benchmarks.layout.corpus import MONTHS, ROLES, Corpus, floor_of

Connection = asyncpg.Connection
_SKEW = timedelta(days=1)
"""How far a device's clock may be wrong before its record is not found by the time in its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A look-up as the service asks it; `ask` makes its arguments by chance. Tokens lead to keys, keys to records."""

    name: str
    title: str
    text: str
    ask: Callable[[Corpus, random.Random], tuple[Any, ...]]
    finds_keys: bool = True

    async def prepared(self, connection: Connection, layout: str) -> Callable[..., Awaitable[list[asyncpg.Record]]]:
        """What asks it in one layout."""
        first = await connection.prepare(self.text.format(layout=layout))
        if not self.finds_keys:
            return first.fetch
        second = await connection.prepare(_BY_KEY.format(layout=layout))

        async def ask(*asked: object) -> list[asyncpg.Record]:
            keys = await first.fetch(*asked)
            return await second.fetch([key["outlet_id"] for key in keys], [key["id"] for key in keys])

        return ask


_KEYS = (
    "SELECT DISTINCT recorded_at, acceptance_id AS id, outlet_id FROM {layout}.acceptance_tokens"
    " WHERE token = ANY ($1) AND role = ANY ($2)"
)
_BOUND = " AND acceptance_id >= $3 AND recorded_at >= $4"
_NEWEST = " ORDER BY recorded_at DESC, id DESC LIMIT 51"
_BY_KEY = (
    "SELECT a.* FROM unnest($1::uuid[], $2::uuid[]) AS k (outlet_id, id)"
    " JOIN {layout}.acceptances a ON a.outlet_id = k.outlet_id AND a.id = k.id"
)
_DAY = (
    "SELECT * FROM {layout}.acceptances WHERE outlet_id = $1 AND recorded_at >= $2 AND recorded_at < $3"
    " AND id >= $4 AND id < $5"
)


def ask_token(corpus: Corpus, chance: random.Random) -> tuple[Any, ...]:
    """A person's token of some month."""
    return corpus.tokens(corpus.person(chance), ROLES[0], [chance.randrange(MONTHS)]), list(ROLES)


def _ask_person(corpus: Corpus, chance: random.Random) -> tuple[Any, ...]:
    return corpus.tokens(corpus.person(chance), ROLES[0], range(MONTHS)), list(ROLES)


def _ask_quarter(corpus: Corpus, chance: random.Random) -> tuple[Any, ...]:
    since = corpus.until - timedelta(days=90)
    months = range(corpus.month_of(since), MONTHS)
    return corpus.tokens(corpus.person(chance), ROLES[0], months), list(ROLES), floor_of(since - _SKEW), since


def _ask_day(corpus: Corpus, chance: random.Random) -> tuple[Any, ...]:
    day = timedelta(days=1)
    since = corpus.since + day * chance.randrange((corpus.until - corpus.since) // day)
    return corpus.outlet(chance), since, since + day, floor_of(since - _SKEW), floor_of(since + day + _SKEW)


QUESTIONS = (
    Question(name="token", title="one token, no time bound", text=_KEYS + _NEWEST, ask=ask_token),
    Question(name="person", title="a person, 25 months' tokens", text=_KEYS + _NEWEST, ask=_ask_person),
    Question(name="quarter", title="a person, 90-day bound", text=_KEYS + _BOUND + _NEWEST, ask=_ask_quarter),
    Question(name="day", title="a page of an outlet's day", text=_DAY + _NEWEST, ask=_ask_day, finds_keys=False),
)
