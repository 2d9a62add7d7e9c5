"""What enterprise IT sees."""

from fastapi import APIRouter

from acceptance_api.http.enterprise import agreements, clients, outlets, records, staff

router = APIRouter(prefix="/enterprise/v1")
for part in (outlets, staff, clients, agreements, records):
    router.include_router(part.router)
