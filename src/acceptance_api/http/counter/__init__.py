"""What counter apps see."""

from fastapi import APIRouter

from acceptance_api.http.counter import acceptances, goods, inspections, requirements, screenings, verifications

router = APIRouter(prefix="/counter/v1")
for part in (verifications, requirements, inspections, goods, screenings, acceptances):
    router.include_router(part.router)
