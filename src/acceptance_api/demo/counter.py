"""A counter app: the requests that one parcel takes, in their order."""

import asyncio
import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from acceptance_api.demo.people import Person, make_person
from acceptance_api.demo.stories import Story
from acceptance_api.demo.world import Credentials, World
from acceptance_api.kernel.ids import new_uuid

PHOTO = b"\xff\xd8\xff\xe0" + b"a photo of an open box " * 40
_ORGANISATION = {"organisation_name": "示例科技有限公司", "organisation_code": "91350100M000100Y43"}
_ATTEMPTS_MAX = 5
_RETRYABLE = frozenset({409, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A parcel that was presented, and what was decided."""

    story: Story
    sender: Person
    acceptance: Mapping[str, Any]
    was_resolved: bool = False

    @property
    def outcome(self) -> str:
        """What was decided."""
        return str(self.acceptance["decision"]["outcome"])


async def fetch_token(http: httpx.AsyncClient, credentials: Credentials) -> str:
    """An access token by client credentials."""
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    answer = await http.post("/oauth/token", data=form)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


class CounterApp:
    """What a counter app does. Every request that writes carries a key, and is sent again until it is answered."""

    def __init__(self, http: httpx.AsyncClient, world: World, *, token: str, language: str = "en") -> None:
        """Speak for the world's counter."""
        self._http = http
        self._world = world
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Clerk-Id": str(world.clerk_id),
            "Accept-Language": language,
        }

    async def present(self, story: Story, chance: random.Random) -> Presented:
        """Take one parcel through the three systems and have it decided."""
        sender, addressee = make_person(chance, sequence=story.sequence), make_person(chance)
        waybill = f"SF{chance.randint(0, 10**13 - 1):013d}"
        verification_id = await self._verify(story, sender)
        inspection_id = await self._inspect(story, waybill)
        if story.is_screened:
            await self._screen(waybill)
        body = {
            "id": str(new_uuid()),
            "waybill": waybill,
            "sender": self._sender(story, sender, verification_id),
            "addressee": addressee.as_party(),
            "destination": {"country": "CN", "division": "110101" if story.same_city else "310101"},
            "contents_kind": story.contents_kind,
            "contents": [_line(story.goods)],
            "inspection_id": inspection_id,
        }
        acceptance = await self._post("/counter/v1/acceptances", body)
        if not story.screened_later:
            return Presented(story=story, sender=sender, acceptance=acceptance)
        await self._screen(waybill)
        resolved = await self._post(f"/counter/v1/acceptances/{body['id']}/resolutions", {"id": str(new_uuid())})
        return Presented(story=story, sender=sender, acceptance=resolved, was_resolved=True)

    async def _verify(self, story: Story, sender: Person) -> str | None:
        if story.sender in {"nobody", "agreement"}:
            return None
        document: dict[str, Any] = {"type": "resident_id", "number": sender.id_number, "name": sender.name}
        if story.valid_until is not None:
            document["valid_until"] = story.valid_until.isoformat()
        body = {
            "id": str(new_uuid()),
            "document": document,
            "channel": "chip_reader",
            "person_matches": story.person_matches,
        }
        return str((await self._post("/counter/v1/verifications", body))["id"])

    async def _inspect(self, story: Story, waybill: str) -> str | None:
        if not story.is_inspected:
            return None
        checklist = await self._checklist(story)
        body = {
            "id": str(new_uuid()),
            "waybill": waybill,
            "contents_kind": story.contents_kind,
            "answers": [{"item": item["code"], "value": "pass"} for item in checklist["items"]],
            "opening": "opened" if story.is_opened else "not_opened",
            "not_opened_reason": None if story.is_opened else "sender_refused",
            "declared": [_line(story.goods)],
            "seen": [_line(story.seen or story.goods)] if story.is_opened else [],
            "photos": [await self._photo()],
        }
        return str((await self._post("/counter/v1/inspections", body))["id"])

    async def _checklist(self, story: Story) -> Mapping[str, Any]:
        body = {
            "sender_kind": "person",
            "contents_kind": story.contents_kind,
            "destination": {"country": "CN", "division": "310101"},
        }
        answer = await self._post("/counter/v1/requirements", body)
        inspection: Mapping[str, Any] = answer["inspection"]
        return inspection

    async def _photo(self) -> str:
        content = PHOTO + new_uuid().bytes  # no two photos are the same, and the same one twice is noticed
        digest = hashlib.sha256(content).hexdigest()
        headers = self._headers | {"Content-Type": "image/jpeg"}
        answer = await self._http.put(f"/counter/v1/evidence/{digest}", content=content, headers=headers)
        answer.raise_for_status()
        return digest

    async def _screen(self, waybill: str) -> None:
        body = {
            "id": str(new_uuid()),
            "waybill": waybill,
            "machine_id": str(self._world.machine_id),
            "verdict": "clear",
        }
        await self._post("/counter/v1/screenings", body)

    def _sender(self, story: Story, sender: Person, verification_id: str | None) -> dict[str, Any]:
        party = sender.as_party() | ({"name": story.waybill_name} if story.waybill_name else {})
        if story.sender == "agreement":
            return {"kind": "agreement", "agreement_id": str(self._world.agreement_id), **party}
        if story.sender == "organisation":
            return {"kind": "organisation", "verification_id": verification_id, **_ORGANISATION, **party}
        return {"kind": "person", "verification_id": verification_id, **party}

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = self._headers | {"Idempotency-Key": new_uuid().hex}
        attempt = 1
        answer = await self._http.post(path, json=dict(body), headers=headers)
        while answer.status_code in _RETRYABLE and attempt < _ATTEMPTS_MAX:
            await asyncio.sleep(0.1 * attempt)
            attempt += 1
            answer = await self._http.post(path, json=dict(body), headers=headers)
        answer.raise_for_status()
        result: Mapping[str, Any] = answer.json()
        return result


def _line(goods: tuple[str, int]) -> dict[str, Any]:
    name, quantity = goods
    return {"name": name, "quantity": quantity}
