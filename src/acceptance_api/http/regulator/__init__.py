"""What the regulator sees."""

from fastapi import APIRouter

from acceptance_api.http.regulator import (
    campaigns,
    cases,
    interceptions,
    rehearsals,
    screening_statistics,
    searches,
    sites,
)

router = APIRouter(prefix="/regulator/v1")
for part in (campaigns, rehearsals, cases, searches, sites, screening_statistics, interceptions):
    router.include_router(part.router)
