"""Doing a request once: act and keep the answer in one transaction; a repeat gets the same answer."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from fastapi import Response

from acceptance_api.access import Caller
from acceptance_api.http.idempotency import store
from acceptance_api.http.idempotency.attempts import Attempt
from acceptance_api.http.idempotency.store import Stored
from acceptance_api.http.office import Office
from acceptance_api.http.wire import Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Record, settled
from acceptance_api.kernel.problems import Kind, Nature, Problem

_T = TypeVar("_T")
_JSON = "application/json"
_at_work: set[asyncio.Task[Response]] = set()
"""Held here because the event loop itself holds tasks only weakly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a writing request. `kept` is what a repeat gets when that must say less: a secret is shown once."""

    body: Out
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    kept: Out | None = None


Draft = Callable[[], Awaitable[tuple[Reply, Record] | None]]
"""The answer and the record to commit with it; None when what it would tell about is there already."""
Repeated = Callable[[], Awaitable[Reply | None]]
"""The answer to this very request, if it was made before under another key."""


async def once(office: Office, caller: Caller, attempt: Attempt, act: Callable[[Tx], Awaitable[Reply]]) -> Response:
    """Act in one transaction with the key, or replay what the first attempt was answered.

    Problems roll everything back, the claim too, so that the request can be corrected and sent again.

    Raises:
        Problem: IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, or whatever `act` raises.
    """
    at = office.clock.now()
    async with office.transaction() as tx:
        stored = await _claimed(tx, office, caller, attempt, at=at)
        if stored is not None:
            return _replayed(stored)
        reply = await act(tx)
        body = (reply.kept or reply.body).model_dump_json().encode()
        await store.keep_answer(tx, caller.client.id, attempt, status=reply.status, headers=reply.headers, body=body)
    return _response(reply, reply.body.model_dump_json().encode())


async def once_together(office: Office, caller: Caller, attempt: Attempt, draft: Draft, repeated: Repeated) -> Response:
    """As `once`, for the hot path: the record, its audit entry and the kept answer are committed with other requests'.

    Nothing is looked up beforehand: a key that was used shows when its row meets the first, or when the draft fails
    because what it wants to do is done.

    Raises:
        Problem: IDEMPOTENCY_KEY_REUSED, or whatever `draft` and `repeated` raise.
    """
    at = office.clock.now()

    async def drafted() -> tuple[Response, Record] | None:
        made = await draft()
        if made is None:
            return None
        reply, record = made
        body = reply.body.model_dump_json().encode()
        client_id = caller.client.id
        row = store.answered_row(client_id, attempt, at=at, status=reply.status, headers=reply.headers, body=body)
        claim = ("key", client_id, attempt.operation, attempt.key)
        return _response(reply, body), record.with_rows([row], [claim])

    async def find_done() -> Response | None:
        if (response := await _answered(office, caller, attempt, at=at)) is not None:
            return response
        reply = await repeated()
        return _response(reply, reply.body.model_dump_json().encode()) if reply is not None else None

    try:
        return await settled(office.writer, drafted, find_done)
    except Problem as problem:
        if problem.kind.value.nature is Nature.UNAVAILABLE or problem.kind is Kind.IDEMPOTENCY_KEY_REUSED:
            raise
        if (response := await _answered(office, caller, attempt, at=at)) is not None:
            return response
        raise


async def once_after_asking(
    office: Office,
    caller: Caller,
    attempt: Attempt,
    ask: Callable[[], Awaitable[_T]],
    draft: Callable[[_T], Awaitable[tuple[Reply, Record] | None]],
    repeated: Repeated,
    *,
    patience: timedelta,
) -> Response:
    """As `once_together`, for a request that must first ask a slow stranger, outside any transaction.

    The key is claimed for the time the stranger may take; a twin meanwhile is told to wait, so that nobody asks twice.

    Raises:
        Problem: IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, or whatever `ask`, `draft` and `repeated` raise.
    """

    async def ask_and_act() -> Response:
        at = office.clock.now()
        if (response := await _answered(office, caller, attempt, at=at)) is not None:
            return response
        await _claim(office, caller, attempt, at=at, until=at + patience)
        try:
            known = await ask()
            return await once_together(office, caller, attempt, lambda: draft(known), repeated)
        finally:
            with suppress(Problem):  # the claim lapses by itself; what went wrong first is what is told
                async with office.transaction() as tx:
                    await store.close_claim(tx, caller.client.id, attempt)

    return await _to_the_end(ask_and_act())


async def _to_the_end(work: Coroutine[None, None, Response]) -> Response:
    """A client that hangs up meanwhile loses nothing: the question is paid for, its answer waits for the retry."""
    task = asyncio.create_task(work)
    _at_work.add(task)
    task.add_done_callback(_finished)
    return await asyncio.shield(task)


def _finished(work: asyncio.Task[Response]) -> None:
    _at_work.discard(work)
    if not work.cancelled():
        work.exception()  # seen by the client that waited; it may have gone


async def _claim(office: Office, caller: Caller, attempt: Attempt, *, at: datetime, until: datetime) -> None:
    async with office.transaction() as tx:
        asking = await store.open_claim(tx, caller.client.id, attempt, at=at, until=until)
    if asking is None:
        return
    raise Problem(Kind.IDEMPOTENCY_IN_PROGRESS if asking == attempt.fingerprint else Kind.IDEMPOTENCY_KEY_REUSED)


async def _answered(office: Office, caller: Caller, attempt: Attempt, *, at: datetime) -> Response | None:
    """The kept answer of this key; a key whose answer is too old is forgotten.

    Raises:
        Problem: IDEMPOTENCY_KEY_REUSED.
    """
    (stored,) = await office.reader.ask(store.KEPT, caller.client.id, attempt.operation, attempt.key)
    if stored is None:
        return None
    if not store.is_replayable(stored, at=at, kept=_kept(office)):
        async with office.transaction() as tx:
            await store.forget(tx, caller.client.id, attempt, claimed_at=stored.claimed_at)
        return None
    return _replayed(_same(stored, attempt))


async def _claimed(tx: Tx, office: Office, caller: Caller, attempt: Attempt, *, at: datetime) -> Stored | None:
    """None when the key is ours; the kept answer when it can be replayed."""
    stored = await store.claim(tx, caller.client.id, attempt, at=at)
    if stored is not None and not store.is_replayable(stored, at=at, kept=_kept(office)):
        await store.forget(tx, caller.client.id, attempt, claimed_at=stored.claimed_at)
        stored = await store.claim(tx, caller.client.id, attempt, at=at)
    return None if stored is None else _same(stored, attempt)


def _same(stored: Stored, attempt: Attempt) -> Stored:
    if stored.fingerprint != attempt.fingerprint:
        raise Problem(Kind.IDEMPOTENCY_KEY_REUSED)
    return stored


def _kept(office: Office) -> timedelta:
    return timedelta(days=office.settings.idempotency_days)


def _response(reply: Reply, body: bytes) -> Response:
    return Response(body, status_code=reply.status, headers=reply.headers, media_type=_JSON)


def _replayed(stored: Stored) -> Response:
    headers = {**(stored.headers or {}), "Idempotent-Replayed": "true"}
    return Response(stored.body, status_code=stored.status or 200, headers=headers, media_type=_JSON)
