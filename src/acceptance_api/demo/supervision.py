"""What the regulator does at the end of the day: a case, a search, a disclosure, and the trail they leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from acceptance_api.demo.people import Person
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.ids import new_uuid


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """What the regulator saw, and the audit entries it left."""

    hits: tuple[Mapping[str, Any], ...]
    disclosed: Mapping[str, Any]
    entries: tuple[Mapping[str, Any], ...]


async def supervise(http: httpx.AsyncClient, *, token: str, sender: Person) -> Supervised:
    """Search one sender by ID number, typed the way an officer might type it, and open two fields of one hit."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    case_id = await _open_case(http, headers)
    typed = sender.id_number.lower().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    search = {"case_id": case_id, "by": {"kind": "id_number", "id_number": typed}}
    hits = (await _post(http, "/regulator/v1/searches", search, headers))["data"]
    disclosure = {
        "case_id": case_id,
        "outlet_id": hits[0]["outlet_id"],
        "acceptance_id": hits[0]["acceptance_id"],
        "fields": ["sender_name", "sender_phone"],
        "reason": "the parcel is part of the case",
    }
    disclosed = await _post(http, "/regulator/v1/disclosures", disclosure, headers)
    answer = await http.get(f"/regulator/v1/cases/{case_id}/entries", headers=headers)
    answer.raise_for_status()
    return Supervised(hits=tuple(hits), disclosed=disclosed, entries=tuple(answer.json()["data"]))


async def _open_case(http: httpx.AsyncClient, headers: Mapping[str, str]) -> str:
    case = {
        "id": str(new_uuid()),
        "legal_basis": "postal_inspection",
        "number": "SANDBOX-2026-1",
        "officers": [
            {"name": "示例甲", "certificate_number": "SANDBOX-A"},
            {"name": "示例乙", "certificate_number": "SANDBOX-B"},
        ],
        "purpose": "routine inspection of the sandbox outlet",
        "expires_at": (SystemClock().now() + timedelta(days=30)).isoformat(),
    }
    return str((await _post(http, "/regulator/v1/cases", case, headers))["id"])


async def _post(
    http: httpx.AsyncClient, path: str, body: Mapping[str, Any], headers: Mapping[str, str]
) -> Mapping[str, Any]:
    answer = await http.post(path, json=dict(body), headers={**headers, "Idempotency-Key": new_uuid().hex})
    answer.raise_for_status()
    result: Mapping[str, Any] = answer.json()
    return result
