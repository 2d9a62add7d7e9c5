"""Doing a request once: claim the key, act, keep the answer, all in one transaction; a repeat gets the same answer."""

import asyncio
from collections.abc import Awaitable, Callable
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
from acceptance_api.kernel.problems import Kind, Problem

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


async def once(office: Office, caller: Caller, attempt: Attempt, act: Callable[[Tx], Awaitable[Reply]]) -> Response:
    """Act in one transaction with the key, or replay what the first attempt was answered.

    Problems roll everything back, the claim too, so that the request can be corrected and sent again.

    Raises:
        Problem: IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, or whatever `act` raises.
    """
    at = office.clock.now()
    async with office.transaction() as tx:
        stored = await _claimed(tx, office, caller, attempt, at=at, until=None)
        if stored is not None:
            return _replayed(stored)
        reply = await act(tx)
        await _keep(tx, caller, attempt, reply)
    return _response(reply)


async def once_after_asking(
    office: Office,
    caller: Caller,
    attempt: Attempt,
    ask: Callable[[], Awaitable[_T]],
    act: Callable[[Tx, _T], Awaitable[Reply]],
    *,
    patience: timedelta,
) -> Response:
    """As `once`, for a request that must first ask a slow stranger, outside any transaction.

    The key is claimed for the time the stranger may take; a twin meanwhile is told to wait, so that nobody asks twice.

    Raises:
        Problem: IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, or whatever `ask` and `act` raise.
    """
    work = asyncio.create_task(_ask_and_act(office, caller, attempt, ask, act, patience=patience))
    _at_work.add(work)
    work.add_done_callback(_finished)
    # A client that hangs up meanwhile loses nothing: the question is paid for, and its answer waits for the retry.
    return await asyncio.shield(work)


async def _ask_and_act(
    office: Office,
    caller: Caller,
    attempt: Attempt,
    ask: Callable[[], Awaitable[_T]],
    act: Callable[[Tx, _T], Awaitable[Reply]],
    *,
    patience: timedelta,
) -> Response:
    at = office.clock.now()
    async with office.transaction() as tx:
        stored = await _claimed(tx, office, caller, attempt, at=at, until=at + patience)
    if stored is not None:
        return _replayed(stored)
    try:
        known = await ask()
        async with office.transaction() as tx:
            reply = await act(tx, known)
            await _keep(tx, caller, attempt, reply)
    except BaseException:
        with suppress(Problem):  # the claim lapses by itself; what went wrong first is what is told
            async with office.transaction() as tx:
                await store.release(tx, caller.client.id, attempt)
        raise
    return _response(reply)


def _finished(work: asyncio.Task[Response]) -> None:
    _at_work.discard(work)
    if not work.cancelled():
        work.exception()  # seen by the client that waited; it may have gone


async def _claimed(
    tx: Tx, office: Office, caller: Caller, attempt: Attempt, *, at: datetime, until: datetime | None
) -> Stored | None:
    """None when the key is ours; the kept answer when it can be replayed."""
    stored = await store.claim(tx, caller.client.id, attempt, at=at, until=until)
    if stored is None:
        return None
    is_over = stored.status is None and stored.claimed_until is not None and stored.claimed_until <= at
    kept = timedelta(days=office.settings.idempotency_days)
    if is_over or not store.is_replayable(stored, at=at, kept=kept):
        if await store.reclaim(tx, caller.client.id, attempt, at=at, until=until):
            return None
        raise Problem(Kind.IDEMPOTENCY_IN_PROGRESS)
    if stored.fingerprint != attempt.fingerprint:
        raise Problem(Kind.IDEMPOTENCY_KEY_REUSED)
    if stored.status is None:
        raise Problem(Kind.IDEMPOTENCY_IN_PROGRESS)
    return stored


async def _keep(tx: Tx, caller: Caller, attempt: Attempt, reply: Reply) -> None:
    body = (reply.kept or reply.body).model_dump_json().encode()
    await store.keep_answer(tx, caller.client.id, attempt, status=reply.status, headers=reply.headers, body=body)


def _response(reply: Reply) -> Response:
    return Response(reply.body.model_dump_json(), status_code=reply.status, headers=reply.headers, media_type=_JSON)


def _replayed(stored: Stored) -> Response:
    headers = {**(stored.headers or {}), "Idempotent-Replayed": "true"}
    return Response(stored.body, status_code=stored.status or 200, headers=headers, media_type=_JSON)
