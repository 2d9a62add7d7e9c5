"""Problems over HTTP: RFC 9457 bodies in Chinese and English. The only table of status codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from acceptance_api.http.pointers import faults_of
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Fault, Kind, Nature, Problem
from acceptance_api.vault import KeyStoreUnavailable, KeyUnavailable

log = get_logger()

STATUS: Mapping[Nature, int] = {
    Nature.MALFORMED: 400,
    Nature.UNAUTHENTICATED: 401,
    Nature.FORBIDDEN: 403,
    Nature.MISSING: 404,
    Nature.METHOD: 405,
    Nature.CONFLICT: 409,
    Nature.TOO_LARGE: 413,
    Nature.MEDIA_TYPE: 415,
    Nature.INVALID: 422,
    Nature.INTERNAL: 500,
    Nature.UNAVAILABLE: 503,
}
MEDIA_TYPE = "application/problem+json"
_OF_STATUS = {404: Kind.NOT_FOUND, 405: Kind.METHOD_NOT_ALLOWED, 400: Kind.MALFORMED_JSON}
_ALWAYS = (Kind.OVERLOADED, Kind.DATABASE_UNAVAILABLE, Kind.KEYS_UNAVAILABLE, Kind.INTERNAL)
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_OF_FILES = ["GET", "HEAD"]


class FaultOut(BaseModel):
    """One place that is wrong: a JSON pointer (RFC 6901) into the body, or `header:`, `query:`, `path:` and a name."""

    pointer: str
    code: str
    params: dict[str, Any] = {}


class ProblemOut(BaseModel):
    """A problem document (RFC 9457). Never repeats a value of the request."""

    type: str
    title: str
    status: int
    code: str
    request_id: str
    retryable: bool
    errors: list[FaultOut] = []


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation: each problem it can answer with, by status."""
    by_status: dict[int | str, list[Kind]] = {}
    for kind in dict.fromkeys((*kinds, *_ALWAYS)):
        by_status.setdefault(STATUS[kind.value.nature], []).append(kind)
    return {status: _response(kinds) for status, kinds in by_status.items()}


def again(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation whose records have ids of their clients: 200 when the record exists already."""
    return {200: {"model": model, "description": "This very request made the record before; here it is."}}


def problem_out(problem: Problem, language: str, *, request_id: str) -> ProblemOut:
    """The document that tells of a problem."""
    kind = problem.kind
    return ProblemOut(
        type=f"/problems/{kind.code}",
        title=kind.value.zh if language == "zh-CN" else kind.value.en,
        status=STATUS[kind.value.nature],
        code=kind.code,
        request_id=request_id,
        retryable=kind.value.retryable,
        errors=[FaultOut(pointer=f.pointer, code=f.code, params=dict(f.params)) for f in problem.faults],
    )


def problem_response(request: Request, kind: Kind, faults: Sequence[Fault] = ()) -> Response:
    """The answer that tells of a problem."""
    status, language = STATUS[kind.value.nature], language_of(request.headers.get("accept-language", ""))
    request_id = request.scope.get("state", {}).get("request_id", "")
    body = problem_out(Problem(kind, *faults), language, request_id=request_id)
    headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if kind.value.retry_after_s is not None:
        headers["Retry-After"] = str(kind.value.retry_after_s)
    if status == STATUS[Nature.UNAUTHENTICATED]:
        headers["WWW-Authenticate"] = 'Bearer realm="acceptance-api"'
    return Response(body.model_dump_json(), status_code=status, headers=headers, media_type=MEDIA_TYPE)


def language_of(accept: str) -> str:
    """The better of the two languages for an `Accept-Language`; Chinese when it does not say."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accept.split(",")[:16]:
        tag, _, parameters = part.strip().partition(";")
        language = tag.split("-")[0].strip().lower()
        if language in weights:
            weights[language] = max(weights[language], _weight(parameters))
    return "en" if weights["en"] > weights["zh"] else "zh-CN"


def install(app: FastAPI) -> None:
    """Answer every kind of failure with a problem document."""
    for kind in (Problem, KeyUnavailable, KeyStoreUnavailable):
        app.add_exception_handler(kind, _on_known)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unexpected)


def response_to(request: Request, error: Exception) -> Response | None:
    """The answer to what a room could not do; None for what nobody expected."""
    if isinstance(error, Problem):
        if error.kind.value.nature in {Nature.UNAVAILABLE, Nature.INTERNAL}:
            log.error("request cannot be served", code=error.kind.code, exc_info=error.__cause__ or error)
        return problem_response(request, error.kind, error.faults)
    if isinstance(error, KeyUnavailable | KeyStoreUnavailable):
        log.error("keys are unavailable", exc_info=error)
        return problem_response(request, Kind.KEYS_UNAVAILABLE)
    return None


async def _on_known(request: Request, error: Exception) -> Response:
    response = response_to(request, error)
    assert response is not None  # noqa: S101 - registered for these types only
    return response


async def _on_unexpected(request: Request, _error: Exception) -> Response:
    """The edge is told of it too, and logs it."""
    return problem_response(request, Kind.INTERNAL)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    kind, faults = faults_of(error)
    return problem_response(request, kind, faults)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    response = problem_response(request, _OF_STATUS.get(error.status_code, Kind.INVALID))
    if error.status_code == STATUS[Nature.METHOD]:
        response.headers["Allow"] = ", ".join(_allowed(request))
    return response


def _allowed(request: Request) -> list[str]:
    """Every method of the path: the framework only knows those of the first route that matched."""
    routes: Sequence[BaseRoute] = request.app.router.routes
    allowed = [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return allowed or _OF_FILES  # the files of the documentation match whatever is done to them


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


def _response(kinds: Sequence[Kind]) -> dict[str, Any]:
    names = ", ".join(f"`{kind.code}`" for kind in kinds)
    return {"description": f"Problem: {names}", "model": ProblemOut, "content": {MEDIA_TYPE: {}}}
