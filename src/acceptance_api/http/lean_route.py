"""Lean routes: hot operations, documented like any other, served without the cost of the framework's machinery.

An endpoint marked `@lean` is an ordinary FastAPI endpoint: its signature makes the documents, and the framework can
serve it. The edge serves it first, straight from the bytes: the body is validated once, the caller and the attempt are
made by the very functions that the dependencies call. Whatever is not plainly in order (a missing header, a body that
does not validate, another media type) is left to the framework, so that there is one account of what is wrong.
A contract test holds both ways to the same answers.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import signature
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from acceptance_api.http.callers import counter_of
from acceptance_api.http.idempotency.attempts import Attempt, fingerprint_of, key_of, operation_of
from acceptance_api.http.languages import LENGTH_MAX
from acceptance_api.http.limits import is_json
from acceptance_api.http.office import Office
from acceptance_api.http.problems import language_of

_E = TypeVar("_E", bound=Callable[..., Awaitable[Response]])
_B = TypeVar("_B", bound=BaseModel)
_MARK = "__lean_body__"
_CLERK_ID: TypeAdapter[UUID] = TypeAdapter(UUID)
_PARAMETERS = frozenset({"body", "caller", "office", "attempt", "language"})


def lean(body: type[_B], *, in_order: Callable[[_B], bool] = lambda _: True) -> Callable[[_E], _E]:
    """Mark a counter's endpoint that takes `body`, `caller`, `office`, perhaps `attempt` and `language`.

    `in_order` tells of a body that validates whether nothing in it has to be told of after all.
    """

    def mark(endpoint: _E) -> _E:
        if not set(signature(endpoint).parameters) <= _PARAMETERS:
            raise TypeError("a lean endpoint takes nothing else")
        setattr(endpoint, _MARK, (body, in_order))
        return endpoint

    return mark


class LeanRoute:
    """One hot operation: a path without parameters, and what serves it."""

    def __init__(self, path: str, route: APIRoute) -> None:
        """Serve the endpoint of `route` at `path`."""
        self.method = "".join(route.methods or ())  # one
        self.path = path
        self.route = route
        body: type[BaseModel]
        body, self._in_order = getattr(route.endpoint, _MARK)
        self._validate = TypeAdapter(body).validate_json
        self._endpoint: Callable[..., Awaitable[Response]] = route.endpoint
        parameters = signature(route.endpoint).parameters
        self._attempts, self._speaks = "attempt" in parameters, "language" in parameters
        self._operation = operation_of(self.method, path)

    async def answer(
        self, office: Office, headers: Mapping[str, str], query: str, body: bytes, *, request_id: str
    ) -> Response | None:
        """The answer; None for a request that is not plainly in order.

        Raises:
            Problem: what the caller, the key and the endpoint raise.
        """
        authorization, clerk, key = (headers.get(name) for name in ("authorization", "clerk-id", "idempotency-key"))
        accepted = headers.get("accept-language", "")
        if (
            clerk is None
            or (key is None and self._attempts)
            or len(accepted) > LENGTH_MAX
            or not is_json(headers.get("content-type", ""))
        ):
            return None
        try:
            clerk_id, parsed = _CLERK_ID.validate_python(clerk), self._validate(body)
        except ValidationError:
            return None
        if not self._in_order(parsed):
            return None
        caller = await counter_of(office, authorization, clerk_id, request_id=request_id)
        arguments = {"body": parsed, "office": office, "caller": caller}
        if self._attempts:
            arguments["attempt"] = Attempt(
                operation=self._operation,
                key=key_of(key or ""),
                fingerprint=fingerprint_of(office.fingerprint_key, self.method, self.path, query, clerk, body),
            )
        if self._speaks:
            arguments["language"] = language_of(accepted)
        return await self._endpoint(**arguments)


def lean_routes(prefix: str, routers: Iterable[APIRouter]) -> dict[tuple[str, str], LeanRoute]:
    """The lean routes of some routers, by method and path."""
    found = [
        LeanRoute(prefix + route.path, route)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and hasattr(route.endpoint, _MARK)
    ]
    return {(one.method, one.path): one for one in found}
