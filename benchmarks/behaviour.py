"""What a contestant must do before it is timed: the same for our service and for every peer.

A parcel is answered 201 and stored sealed, and opens again; a bad body is refused; the same key again gives the same
answer and no second row; without a true token nothing is done.
"""

import json
from collections.abc import Callable
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from acceptance_api.kernel.ids import new_uuid
from benchmarks.contestants.served import Served
from benchmarks.parcels import PATH, Parcel, encoded


class Misbehaved(Exception):  # noqa: N818 - it says what happened
    """A contestant does not do what it is timed for."""


async def require_behaviour(contestant: Served, url: str) -> None:
    """Try everything, once.

    Raises:
        Misbehaved: something was not as it must be.
    """
    headers = await contestant.headers()
    async with httpx.AsyncClient(base_url=contestant.running.url, trust_env=False, timeout=60) as http:
        trial = _Trial(contestant, http, headers)
        first, second = await contestant.take(2)
        acceptance_id = await trial.accepts_once(first)
        await trial.refuses(second)
    await _lies_sealed(contestant, url, first)
    opened = await contestant.opened(acceptance_id)
    trial.insist(opened == first.visit.sender.as_party(), "the stored sender does not open to what was sent")
    contestant.give_back([second])


class _Trial:
    def __init__(self, contestant: Served, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._contestant = contestant
        self._http = http
        self._headers = headers

    async def accepts_once(self, parcel: Parcel) -> str:
        """A parcel is accepted; asked again with the same key, the answer is the same and there is one row."""
        before = await self._contestant.stored()
        key, body = new_uuid().hex, parcel.body()
        first = await self._post(body, key)
        self.insist(first.status_code == httpx.codes.CREATED, f"a parcel was answered {first.status_code} {first.text}")
        self.insist(first.json()["decision"]["outcome"] == "accepted", f"a parcel was not accepted: {first.text}")
        again = await self._post(body, key)
        self.insist(again.is_success and again.json() == first.json(), f"a repeat was answered {again.text}")
        self.insist(await self._contestant.stored() == before + 1, "a repeat left another row, or none is there")
        other = await self._post(body | {"weight_g": 999}, key)
        self.insist(other.is_client_error, f"a used key with another body was answered {other.status_code}")
        return str(body["id"])

    async def refuses(self, parcel: Parcel) -> None:
        """A bad body, and a request without a true token, leave nothing."""
        before, body = await self._contestant.stored(), parcel.body()
        bodies: tuple[dict[str, Any], ...] = (
            {"waybill": "no"},
            {"contents": []},
            {"sender": None},
            {"weight_g": -1},
            {"addressee": {}},
        )
        for bad in bodies:
            answer = await self._post(body | bad)
            self.insist(answer.is_client_error, f"a bad body {sorted(bad)} was answered {answer.status_code}")
        broken = await self._send(encoded(body)[:-1], self._headers)
        self.insist(broken.is_client_error, f"half a body was answered {broken.status_code}")
        token = self._headers["Authorization"]
        changes: tuple[Callable[[], dict[str, str]], ...] = (
            lambda: {name: value for name, value in self._headers.items() if name != "Authorization"},
            lambda: self._headers | {"Authorization": "Bearer false"},
            lambda: self._headers | {"Authorization": token[:-8] + token[-8:].swapcase()},
        )
        for change in changes:
            answer = await self._send(encoded(body), change())
            self.insist(answer.status_code == httpx.codes.UNAUTHORIZED, f"a false token: {answer.status_code}")
        self.insist(await self._contestant.stored() == before, "something was stored that was refused")

    def insist(self, holds: bool, words: str) -> None:  # noqa: FBT001 - a condition
        """Stop unless it holds."""
        if not holds:
            raise Misbehaved(f"{self._contestant.name}: {words}")

    async def _post(self, body: dict[str, Any], key: str | None = None) -> httpx.Response:
        return await self._send(encoded(body), self._headers, key)

    async def _send(self, content: bytes, headers: dict[str, str], key: str | None = None) -> httpx.Response:
        given = headers | {"Content-Type": "application/json", "Idempotency-Key": key or new_uuid().hex}
        return await self._http.post(PATH, content=content, headers=given)


async def _lies_sealed(contestant: Served, url: str, parcel: Parcel) -> None:
    """No column of any table shows a personal value, as text or as bytes."""
    parties = (parcel.visit.sender, parcel.visit.addressee)
    values = [value for party in parties for value in (party.name, party.phone, party.address)]
    needles = [form for value in values for form in (value, json.dumps(value)[1:-1], value.encode().hex())]
    engine = create_async_engine(make_url(url))
    async with engine.connect() as connection:
        for table, row in await _rows(connection):
            found = [needle for needle in needles if needle in row.lower()]
            if found:
                raise Misbehaved(f"{contestant.name}: {table} holds a personal value in the clear")
    await engine.dispose()


async def _rows(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Every row of the database as text, bytes in hexadecimal."""
    if connection.dialect.name == "postgresql":
        tables = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        as_text = 'SELECT t::text FROM "{}" t'
    else:
        tables = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        as_text = 'SELECT * FROM "{}"'
    rows: list[tuple[str, str]] = []
    for (table,) in tables.all():
        found = await connection.execute(text(as_text.format(table)))
        rows += [(table, " ".join(one.hex() if isinstance(one, bytes) else str(one) for one in row)) for row in found]
    return rows
