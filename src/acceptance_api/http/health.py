"""Whether the process lives, whether it can serve, and its metrics."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from acceptance_api.http.metrics import Metrics
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Problem
from acceptance_api.vault import KeyStoreUnavailable, KeyUnavailable

router = APIRouter(tags=["health"])
log = get_logger()


class Health(BaseModel):
    """One word."""

    status: str


class Readiness(BaseModel):
    """What serving needs, each `ok` or `unavailable`."""

    status: str
    checks: dict[str, str]


@router.get("/healthz")
async def read_health() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Something that serving needs is missing."}})
async def read_readiness(office: OfficeDep, response: Response) -> Readiness:
    """The database answers and the key store gives keys."""
    checks = {"database": await _database(office), "keys": await _keys(office)}
    is_ready = set(checks.values()) == {"ok"}
    response.status_code = 200 if is_ready else 503
    return Readiness(status="ok" if is_ready else "unavailable", checks=checks)


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Metrics in Prometheus's text form."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.exposition(), media_type=Metrics.media_type)


async def _database(office: Office) -> str:
    try:
        async with office.database.read() as tx:
            await tx.execute(text("SELECT 1"))
    except Problem:
        return "unavailable"
    return "ok"


async def _keys(office: Office) -> str:
    try:
        await office.vault.probe()
    except (KeyStoreUnavailable, KeyUnavailable) as error:
        log.exception("key store does not answer", exc_info=error)
        return "unavailable"
    return "ok"
