"""The outermost layer, pure ASGI: request id, limits, security headers, metrics, one log line, no leaking failure."""

import re
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acceptance_api.http.lean_route import LeanRoute
from acceptance_api.http.limits import Limits, Received, is_streamed, read_body
from acceptance_api.http.metrics import Metrics
from acceptance_api.http.problems import problem_response, response_to
from acceptance_api.http.routes import template_of
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Kind

log = get_logger()

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
# A request id longer in digits than this could be somebody's number: such a one is replaced, not logged.
_MANY_DIGITS = re.compile(r"[0-9]{11}")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
_CLIENT_GONE = 499
"""In metrics and the log only: there was nobody left to answer."""


class Edge:
    """Wraps the whole application; what the lean routes can answer does not go through it."""

    def __init__(
        self, app: ASGIApp, *, limits: Limits, metrics: Metrics, lean: Mapping[tuple[str, str], LeanRoute]
    ) -> None:
        """Wrap `app`."""
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._lean = lean

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        # Not unbound: a server runs each request in a context of its own, and the next one binds its own id.
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            await self._serve(scope, receive, exchange)
        finally:
            self._report(scope, exchange)

    async def _serve(self, scope: Scope, receive: Receive, exchange: "_Exchange") -> None:
        try:
            if not is_streamed(scope):
                body = await read_body(exchange.headers, scope["path"], receive, self._limits)
                if await self._answered(scope, receive, exchange, body):
                    return
                receive = Received(body, receive)
            await self._app(scope, receive, exchange.send)
        except ClientDisconnect:
            exchange.status = exchange.status or _CLIENT_GONE
        except Exception as error:
            request = Request(scope)
            response = response_to(request, error)
            if response is None:
                log.exception("unexpected failure", exc_info=error)
                response = problem_response(request, Kind.INTERNAL)
            if not exchange.status:
                await response(scope, receive, exchange.send)

    async def _answered(self, scope: Scope, receive: Receive, exchange: "_Exchange", body: bytes) -> bool:
        """Whether a lean route has answered."""
        route = self._lean.get((scope["method"], scope["path"]))
        if route is None:
            return False
        scope["route"] = route.route
        office, query = scope["app"].state.office, scope["query_string"].decode("latin-1")
        response = await route.answer(office, exchange.headers, query, body, request_id=exchange.request_id)
        if response is None:
            return False
        await response(scope, receive, exchange.send)
        return True

    def _report(self, scope: Scope, exchange: "_Exchange") -> None:
        route = template_of(scope)
        seconds = time.perf_counter() - exchange.started
        self._metrics.count(scope["method"], route, exchange.status, seconds)
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=exchange.status,
            duration_ms=round(seconds * 1000, 1),
        )


class _Exchange:
    """One request and what was answered."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.started = time.perf_counter()
        self.status = 0
        self._send = send
        # Of two headers with one name the first counts, as everywhere behind this layer.
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
        offered = self.headers.get("x-request-id", "")
        usable = _REQUEST_ID.match(offered) and not _MANY_DIGITS.search(offered)
        self.request_id = offered if usable else new_uuid().hex
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Pass a message on, with the headers every answer carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [header for header in message["headers"] if header[0] != b"x-request-id"]
            named = {name for name, _ in own}
            standard = [header for header in _HEADERS if header[0] not in named]
            message["headers"] = [*own, *standard, (b"x-request-id", self.request_id.encode())]
        await self._send(message)
