"""The ASGI application: three audiences, one edge."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.types import Receive, Scope, Send

from acceptance_api import __version__
from acceptance_api.http import counter, documents, enterprise, explanations, health, oauth, problems, regulator
from acceptance_api.http.lean_route import lean_routes
from acceptance_api.http.limits import Limits
from acceptance_api.http.metrics import Metrics
from acceptance_api.http.middleware import Edge
from acceptance_api.http.office import Office
from acceptance_api.kernel.settings import Settings

AUDIENCES: dict[str, APIRouter] = {
    "counter": counter.router,
    "enterprise": enterprise.router,
    "regulator": regulator.router,
}
Opening = Callable[[], AbstractAsyncContextManager[Office]]


class Application(FastAPI):
    """The framework's application with our edge around the whole of it: the framework's own layers cost, too."""

    def edged(self, **edge: Any) -> None:  # noqa: ANN401 - as Edge takes them
        """Put the edge around everything."""
        self._edge = Edge(super().__call__, **edge)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        scope["app"] = self
        await self._edge(scope, receive, send)


def create_application(settings: Settings, opening: Opening) -> FastAPI:
    """The application. `opening` puts the office together when the process starts, and takes it apart at the end."""
    app = Application(
        title="acceptance_api",
        version=__version__,
        lifespan=_lifespan(opening),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # a redirect would repeat the path and the Host header
        generate_unique_id_function=documents.operation_id,
        separate_input_output_schemas=False,
    )
    app.state.metrics = Metrics()
    for router in (oauth.router, health.router, explanations.router, *AUDIENCES.values()):
        app.include_router(router)
    documents.install(app, AUDIENCES, shared=(oauth.router,))
    problems.install(app)
    limits = Limits(
        body_bytes_max=settings.body_bytes_max,
        evidence_bytes_max=settings.evidence_bytes_max,
        batch_bytes_max=settings.batch_bytes_max,
        json_depth_max=settings.json_depth_max,
    )
    lean = lean_routes(counter.router.prefix, (part.router for part in counter.PARTS))
    app.edged(limits=limits, metrics=app.state.metrics, lean=lean)
    return app


def documents_of_audiences() -> dict[str, dict[str, Any]]:
    """The OpenAPI document of each audience."""
    return {name: documents.document(name, router, shared=(oauth.router,)) for name, router in AUDIENCES.items()}


def _lifespan(opening: Opening) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opening() as office:
            app.state.office = office
            yield

    return lifespan
