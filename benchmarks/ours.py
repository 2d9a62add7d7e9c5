"""Our service without one of its duties: only to learn what the duty costs. Never serve anybody with this.

`python -m benchmarks.ours --without audit --port 8080` takes the place of `python -m acceptance_api serve`.
"""

import argparse
from collections.abc import Callable
from datetime import datetime
from types import ModuleType

from starlette.types import Receive, Scope, Send

import acceptance_api.http.application
import acceptance_api.main
from acceptance_api.access import Audience, Client, TokenVerifier
from acceptance_api.audit.tables import audit_entries
from acceptance_api.cli import app
from acceptance_api.http.middleware import Edge
from acceptance_api.kernel.express import Record, Writer
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.sites import Clerk, Roster


class Unaudited(Writer):
    """Commits everything but the audit entry. The entry is still put together: a few microseconds stay."""

    async def add(self, record: Record) -> None:
        """Commit a record without its audit entry."""
        rows = tuple(row for row in record.rows if row[0] is not audit_entries)
        await super().add(Record(rows, record.claims))


class Trusting(TokenVerifier):
    """Takes every token for the first one it saw of an audience: no signature, digest, expiry, standing."""

    async def verify(self, token: str, *, audience: Audience, at: datetime) -> Client:
        """The client, asked about once."""
        known: dict[Audience, Client] = self.__dict__.setdefault("_known", {})
        if audience not in known:
            known[audience] = await super().verify(token, audience=audience, at=at)
        return known[audience]


class Forgetful(Roster):
    """Never asks again whether a clerk still works at the outlet."""

    async def clerk(self, outlet_id: OutletId, clerk_id: ClerkId, *, at: datetime) -> Clerk | None:
        """The clerk, asked about once."""
        known: dict[ClerkId, Clerk | None] = self.__dict__.setdefault("_known", {})
        if clerk_id not in known:
            known[clerk_id] = await super().clerk(outlet_id, clerk_id, at=at)
        return known[clerk_id]


class Bare(Edge):
    """No limits on size, depth and spelling, no request id, security headers, metrics or log line on lean routes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what a lean route serves, and leave the rest as it is."""
        route = self._lean.get((scope.get("method", ""), scope.get("path", "")))
        if route is None:
            await super().__call__(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        response = await route.answer(scope["app"].state.office, headers, "", body, request_id="-")
        if response is None:
            raise ValueError("this variant serves what is in order, nothing else")
        await response(scope, receive, send)


def without_audit() -> None:
    """Write no audit entry."""
    _swap(acceptance_api.main, "Writer", Unaudited)


def without_duties() -> None:
    """Check no token and no clerk, and keep nothing in bounds."""
    _swap(acceptance_api.main, "TokenVerifier", Trusting)
    _swap(acceptance_api.main, "Roster", Forgetful)
    _swap(acceptance_api.http.application, "Edge", Bare)


def _swap(module: ModuleType, name: str, other: type) -> None:
    """Let a composition root build another collaborator than its own."""
    if not issubclass(other, getattr(module, name)):
        raise TypeError(f"{module.__name__} builds no {name} that this could stand for")
    setattr(module, name, other)


VARIANTS: dict[str, Callable[[], None]] = {"audit": without_audit, "duties": without_duties}


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ours", description=__doc__)
    parser.add_argument("--without", choices=VARIANTS, action="append", default=[])
    parser.add_argument("--port", required=True)
    named = parser.parse_args()
    for duty in named.without:
        VARIANTS[duty]()
    app(["serve", "--port", named.port])


if __name__ == "__main__":
    _main()
