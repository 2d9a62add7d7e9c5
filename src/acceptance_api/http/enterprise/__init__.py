"""What enterprise IT sees."""

from fastapi import APIRouter

from acceptance_api.http.enterprise import (
    acceptances,
    agreements,
    audit_entries,
    branches,
    clerks,
    client_secrets,
    clients,
    counters,
    imports,
    machines,
    outlets,
)

router = APIRouter(prefix="/enterprise/v1")
for part in (
    branches,
    outlets,
    counters,
    clerks,
    machines,
    clients,
    client_secrets,
    agreements,
    acceptances,
    imports,
    audit_entries,
):
    router.include_router(part.router)
