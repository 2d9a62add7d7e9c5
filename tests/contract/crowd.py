"""Two thousand people who do not exist, and what a counter, a regulator and mishaps do with them."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text

from acceptance_api.kernel.spelling import check_character
from tests.contract import bodies
from tests.contract.bodies import Body, Someone
from tests.contract.scenes import FAR_AWAY, Scene, headers

AT_ONCE = 16
FEW = 8
_RARE = "龘靐齉爩鱻麤灪厵纞虋讟钃鸜籱韊麷鸾厵齾龗爨癵驫鬰鱺"
"""Characters that no fixed text of the service holds."""


def make_crowd(count: int, *, seed: int) -> list[Someone]:
    """So many people, all different, none of whose values can stand anywhere by chance.

    Each test has a seed of its own: the write-ahead log of a server remembers the tests before.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up people, not secrets
    return [_someone(chance, number) for number in range(count)]


def values_of(people: Iterable[Someone]) -> dict[str, list[str]]:
    """What must be found nowhere, by kind. Of an address the part that leads to the door."""
    known = list(people)
    return {
        "id number": [one.number for one in known],
        "phone": [one.phone for one in known],
        "name": [one.name for one in known],
        "address": [detail_of(one) for one in known],
    }


def detail_of(person: Someone) -> str:
    """The house, unit and room."""
    return person.address.partition("路")[2]


@dataclass(kw_only=True)
class Day:
    """What happens, and every error body that it makes."""

    scene: Scene
    errors: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    async def pass_by(self, people: Sequence[Someone]) -> None:
        """Everybody sends or receives a parcel; some of it goes wrong, some is searched for, opened, listed."""
        pairs = list(zip(people[::2], people[1::2], strict=True))
        for first in range(0, len(pairs), AT_ONCE):
            await asyncio.gather(*(self._send(*pair) for pair in pairs[first : first + AT_ONCE]))
        await self._mishaps(pairs[:FEW])
        await self._look(pairs[-FEW:])
        await self._break_database(pairs[:FEW])

    async def ask(self, path: str, body: Body, *, audience: str = "counter", **changes: str) -> httpx.Response:
        """Ask; keep the body of an error."""
        return await self.send("POST", path, audience=audience, body=body, **changes)

    async def send(
        self, method: str, path: str, *, audience: str, body: Body | bytes | None = None, **changes: str
    ) -> httpx.Response:
        """Send anything; keep the body of an error."""
        given = await headers(self.scene.service, self.scene.world, audience) | changes
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = await self.scene.service.http.request(method, path, headers=given, **sent)
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if not answer.is_success:
            self.errors.append(f"{answer.headers} {answer.text}")
        return answer

    async def _send(self, sender: Someone, addressee: Someone) -> None:
        """Every sender shows a document; the parcel is refused all the same, uninspected, and stands in a record."""
        body = self._parcel(sender, addressee)
        verified = await self.ask("/counter/v1/verifications", bodies.verification(sender))
        assert verified.status_code == 201, verified.text
        body["sender"]["verification_id"] = verified.json()["id"]
        assert (await self.ask("/counter/v1/acceptances", body)).status_code == 201

    def _parcel(self, sender: Someone, addressee: Someone, **changes: Any) -> Body:  # noqa: ANN401 - JSON
        contents = [{"name": f"{sender.name}的毛衣", "quantity": 1}]
        return bodies.parcel(division=FAR_AWAY, sender=sender, addressee=addressee, contents=contents, **changes)

    async def _mishaps(self, pairs: Iterable[tuple[Someone, Someone]]) -> None:
        for sender, addressee in pairs:
            parcel = self._parcel(sender, addressee)
            await self.ask("/counter/v1/acceptances", parcel, **{"Clerk-Id": bodies.new_id()})
            await self.ask("/counter/v1/acceptances", parcel | {"id": sender.number, sender.name: sender.phone})
            await self.ask("/counter/v1/acceptances", parcel | {"waybill": self.scene.accepted_waybill})
            await self.ask("/counter/v1/acceptances", parcel, Authorization=f"Bearer {sender.phone}")
            await self.ask("/counter/v1/acceptances", parcel, **{"Content-Type": "text/plain"})
            bad_number = sender.number[:-1] + ("1" if sender.number[-1] != "1" else "2")
            wrong = bodies.verification(sender)
            wrong["document"] |= {"number": bad_number}
            await self.ask("/counter/v1/verifications", wrong)
            await self.ask("/counter/v1/verifications", wrong | {"channel": sender.name})
            await self.ask(f"/counter/v1/acceptances/{sender.phone}/resolutions", {"id": sender.name})
            await self.ask(
                "/regulator/v1/cases", bodies.case(purpose=sender.name, id=sender.phone), audience="regulator"
            )

    async def _look(self, pairs: Iterable[tuple[Someone, Someone]]) -> None:
        for sender, addressee in pairs:
            pages = [
                await self._search({"case_id": self.scene.case_id, "by": by, "limit": 5})
                for by in _ways_to_find(sender)
            ]
            hits = [page["data"][0] for page in pages]
            assert len({hit["acceptance_id"] for hit in hits}) == 1, "a person is found in three ways"
            hit = hits[0]
            opened = await self.ask("/regulator/v1/disclosures", self._disclosure(hit, sender), audience="regulator")
            assert opened.json()["values"]["addressee_name"] == addressee.name
            await self.ask("/regulator/v1/disclosures", self._disclosure(hit, sender, fields=[sender.name]))
            await self._search({"case_id": sender.phone, "by": {"kind": "phone", "phone": addressee.phone}}, fails=True)
            await self._search({"case_id": bodies.new_id(), "by": {"kind": "phone", "phone": sender.phone}}, fails=True)
        await self._search({"case_id": self.scene.case_id, "by": self._outlet(), "limit": 100})
        await self._list()

    async def _search(self, body: Body, *, fails: bool = False) -> Body:
        answer = await self.ask("/regulator/v1/searches", body, audience="regulator")
        assert answer.is_success is not fails, answer.text
        page: Body = answer.json()
        return page

    async def _list(self) -> None:
        """The enterprise's masked listing."""
        service, world = self.scene.service, self.scene.world
        path = f"/enterprise/v1/outlets/{world.outlet_id}/acceptances"
        listed = await service.http.get(path, headers=await headers(service, world, "enterprise"))
        assert listed.json()["data"], listed.text

    def _outlet(self) -> Body:
        return {"kind": "outlet", "outlet_id": str(self.scene.world.outlet_id)}

    def _disclosure(self, hit: Body, person: Someone, **changes: Any) -> Body:  # noqa: ANN401 - JSON
        return {
            "case_id": self.scene.case_id,
            "outlet_id": hit["outlet_id"],
            "acceptance_id": hit["acceptance_id"],
            "fields": ["sender_name", "sender_id_number", "addressee_name"],
            "reason": f"{person.name} {person.number}",
        } | changes

    async def _break_database(self, pairs: Iterable[tuple[Someone, Someone]]) -> None:
        """Requests that fail inside the database: its driver's exceptions hold the statement and its values."""
        async with self.without("acceptances", "verifications"):
            for sender, addressee in pairs:
                failed = await self.ask("/counter/v1/acceptances", self._parcel(sender, addressee))
                assert failed.status_code >= 500, failed.text
                failed = await self.ask("/counter/v1/verifications", bodies.verification(sender))
                assert failed.status_code >= 500, failed.text

    @asynccontextmanager
    async def without(self, *tables: str) -> AsyncIterator[None]:
        """A database that has lost some of its tables."""
        for table in tables:
            await self._rename(table, f"{table}_gone")
        yield
        for table in tables:
            await self._rename(f"{table}_gone", table)

    async def _rename(self, table: str, name: str) -> None:
        async with self.scene.service.office.database.transaction() as tx:
            await tx.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


def _someone(chance: random.Random, number: int) -> Someone:
    seventeen = f"659004{chance.randint(1950, 2004)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    seventeen += f"{1 + number % 990:03d}"
    return Someone(
        name="".join(chance.choices(_RARE, k=4)),
        phone=f"19{chance.randint(0, 9)}{chance.randint(10_000_000, 99_999_999)}",
        address=f"新疆五家渠市示例路{chance.randint(1, 99)}号{chance.choice(_RARE)}座{chance.randint(1000, 9999)}室",
        number=seventeen + check_character(seventeen),
    )


def _ways_to_find(person: Someone) -> tuple[Body, ...]:
    return (
        {"kind": "phone", "phone": f"+86 {person.phone}"},
        {"kind": "name_and_phone", "name": person.name, "phone_last_4": person.phone[-4:]},
        {"kind": "id_number", "id_number": person.number.lower()},
    )
