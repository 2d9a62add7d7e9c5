"""What counter apps see."""

from fastapi import APIRouter

from acceptance_api.http.counter import (
    acceptance_batches,
    acceptances,
    goods,
    inspections,
    policy_bundle,
    requirements,
    screenings,
    verifications,
)

PARTS = (
    verifications,
    requirements,
    policy_bundle,
    inspections,
    goods,
    screenings,
    acceptances,
    acceptance_batches,
)
router = APIRouter(prefix="/counter/v1")
for part in PARTS:
    router.include_router(part.router)
