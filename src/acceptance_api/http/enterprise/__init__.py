"""What enterprise IT sees."""

from fastapi import APIRouter

from acceptance_api.http.enterprise import (
    acceptances,
    agreement_sampling,
    agreements,
    audit_entries,
    branches,
    clerks,
    client_secrets,
    clients,
    counters,
    imports,
    interceptions,
    machine_papers,
    machines,
    outlet_details,
    outlets,
    rule_sets,
    screener_papers,
    screening_statistics,
    staff_numbers,
)

router = APIRouter(prefix="/enterprise/v1")
for part in (
    branches,
    outlets,
    outlet_details,
    counters,
    clerks,
    staff_numbers,
    machines,
    machine_papers,
    screener_papers,
    clients,
    client_secrets,
    agreements,
    agreement_sampling,
    rule_sets,
    acceptances,
    screening_statistics,
    interceptions,
    imports,
    audit_entries,
):
    router.include_router(part.router)
