"""What the regulator sees."""

from fastapi import APIRouter

from acceptance_api.http.regulator import cases, searches, sites

router = APIRouter(prefix="/regulator/v1")
for part in (cases, searches, sites):
    router.include_router(part.router)
