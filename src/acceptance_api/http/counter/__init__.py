"""What counter apps see."""

from fastapi import APIRouter

from acceptance_api.http.counter import (
    acceptance_batches,
    acceptances,
    campaigns,
    flag_closings,
    goods,
    inspections,
    interceptions,
    policy_bundle,
    requirements,
    safety_cards,
    scans,
    screening_labels,
    screenings,
    second_looks,
    shifts,
    verifications,
)

PARTS = (
    verifications,
    requirements,
    policy_bundle,
    inspections,
    goods,
    campaigns,
    screenings,
    second_looks,
    flag_closings,
    screening_labels,
    shifts,
    acceptances,
    acceptance_batches,
    scans,
    safety_cards,
    interceptions,
)
router = APIRouter(prefix="/counter/v1")
for part in PARTS:
    router.include_router(part.router)
