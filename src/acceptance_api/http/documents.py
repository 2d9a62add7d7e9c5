"""One OpenAPI document for each audience, and pages to read them without any other host."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from acceptance_api import __version__
from acceptance_api.http.problems import MEDIA_TYPE, ProblemOut
from acceptance_api.kernel.problems import Kind, Problem

_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
_FIRST_ERROR = 400
_TITLES = {
    "counter": "acceptance_api for counters",
    "enterprise": "acceptance_api for enterprises",
    "regulator": "acceptance_api for regulators",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body><div id="swagger-ui" data-document="/openapi/{audience}.json"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
_START = """const element = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: element.dataset.document, domNode: element, deepLinking: true });
"""
_INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>acceptance_api</title></head><body><h1>acceptance_api</h1><ul>
{links}</ul><p>Access tokens: <code>POST /oauth/token</code>, keys: <a href="/.well-known/jwks.json">jwks.json</a></p>
</body></html>
"""


def install(app: FastAPI, audiences: Mapping[str, APIRouter], *, shared: Sequence[APIRouter]) -> None:
    """Serve `/openapi/{audience}.json`, `/docs` and `/docs/{audience}`."""
    cache: dict[str, dict[str, Any]] = {}

    async def read_document(audience: str) -> JSONResponse:
        if audience not in audiences:
            raise Problem(Kind.NOT_FOUND)
        if audience not in cache:
            cache[audience] = document(audience, audiences[audience], shared=shared)
        return JSONResponse(cache[audience], headers={"Cache-Control": "public, max-age=60"})

    async def read_page(audience: str) -> Response:
        if audience not in audiences:
            raise Problem(Kind.NOT_FOUND)
        return _html(_PAGE.format(title=_TITLES[audience], audience=audience))

    async def read_index() -> Response:
        links = "".join(f'<li><a href="/docs/{name}">{_TITLES[name]}</a></li>\n' for name in audiences)
        return _html(_INDEX.format(links=links))

    async def read_start() -> Response:
        return Response(_START, media_type="text/javascript")

    hidden = partial(app.add_api_route, include_in_schema=False, methods=["GET"])
    hidden("/openapi/{audience}.json", read_document)
    hidden("/docs", read_index)
    hidden("/docs/start.js", read_start)
    app.mount("/docs/assets", StaticFiles(directory=_ASSETS), name="docs-assets")
    hidden("/docs/{audience}", read_page)


def document(audience: str, router: APIRouter, *, shared: Sequence[APIRouter]) -> dict[str, Any]:
    """The OpenAPI document of one audience, tidied for client generators."""
    app = FastAPI(
        title=_TITLES[audience],
        version=__version__,
        summary="Acceptance of parcels at courier counters: identity, inspection, screening, decision.",
        generate_unique_id_function=operation_id,
        separate_input_output_schemas=False,
    )
    for part in (router, *shared):
        app.include_router(part)

    made = app.openapi()
    for operation in _operations(made):
        _tidy_parameters(operation)
        _tidy_problems(operation)
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.setdefault("ProblemOut", ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}"))
    return made


def operation_id(route: APIRoute) -> str:
    """The handler's name: unique, and the method's name in generated clients."""
    return route.name


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in made["paths"].values():
        yield from path.values()


def _tidy_parameters(operation: dict[str, Any]) -> None:
    """An absent parameter is absent, not the text "null"; a header is text, or generators send the object itself."""
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
        if len(choices) == 1:
            del schema["anyOf"]
            schema.update(choices[0])
        if parameter["in"] == "header":
            schema.pop("format", None)


def _tidy_problems(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= _FIRST_ERROR and "Readiness" not in str(response.get("content")):
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}


def _html(page: str) -> Response:
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "public, max-age=60"})
