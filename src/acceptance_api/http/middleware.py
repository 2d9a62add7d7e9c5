"""The outermost layer, pure ASGI: request id, limits, security headers, metrics, one log line, no leaking failure."""

import re
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acceptance_api.http.limits import Limits, Received, read_body
from acceptance_api.http.metrics import Metrics
from acceptance_api.http.problems import problem_response
from acceptance_api.http.routes import template_of
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Kind, Problem

log = get_logger()

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
# A request id longer in digits than this could be somebody's number: such a one is replaced, not logged.
_MANY_DIGITS = re.compile(r"[0-9]{11}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
_POLICY = "default-src 'none'; frame-ancestors 'none'"
_NO_STORE = "no-store"
_CLIENT_GONE = 499
"""In metrics and the log only: there was nobody left to answer."""


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, limits: Limits, metrics: Metrics) -> None:
        """Wrap `app`."""
        self._app = app
        self._limits = limits
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        with structlog.contextvars.bound_contextvars(request_id=exchange.request_id):
            try:
                await self._serve(scope, receive, exchange)
            finally:
                self._report(scope, exchange)

    async def _serve(self, scope: Scope, receive: Receive, exchange: "_Exchange") -> None:
        request = Request(scope)
        try:
            body = await read_body(Headers(scope=scope), scope["path"], receive, self._limits)
            await self._app(scope, Received(body, receive), exchange.send)
        except Problem as problem:
            await problem_response(request, problem.kind, problem.faults)(scope, receive, exchange.send)
        except ClientDisconnect:
            exchange.status = exchange.status or _CLIENT_GONE
        except Exception as error:
            log.exception("unexpected failure", exc_info=error)
            if not exchange.status:
                await problem_response(request, Kind.INTERNAL)(scope, receive, exchange.send)

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
        offered = Headers(scope=scope).get("x-request-id", "")
        usable = _REQUEST_ID.match(offered) and not _MANY_DIGITS.search(offered)
        self.request_id = offered if usable else new_uuid().hex
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Pass a message on, with the headers every answer carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", _POLICY)
            headers.setdefault("Cache-Control", _NO_STORE)
        await self._send(message)
