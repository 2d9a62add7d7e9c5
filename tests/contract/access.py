"""The access matrix: what each operation answers to each kind of caller, and about another tenant's things.

`python -m tests.contract.access` writes access.txt; the test makes the matrix again and compares.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx

from acceptance_api.access import AddClient, Audience, Permission, add_client, get_client, permissions_of, revoke_client
from acceptance_api.audit import OPERATOR
from acceptance_api.demo.world import Credentials
from acceptance_api.http.application import documents_of_audiences
from acceptance_api.kernel.ids import ClientId
from acceptance_api.kernel.migrations import upgrade
from tests.contract.asking import Asked, Operation
from tests.contract.operations import OPEN, OPERATIONS
from tests.contract.scenes import Scene, headers, set_scene
from tests.support.service import Service, running_service

FILE = Path(__file__).with_name("access.txt")
HEAD = """What every operation answers. Written by `python -m tests.contract.access`, compared by test_access_matrix.py.

counter, enterprise, regulator: a good token of that audience. expired, revoked: a token of the operation's own audience
whose time is over, or whose client was revoked. without: a client that may do everything of its audience except the
permission named. other clerk: a counter's token with a clerk of another enterprise.
"""
FOREIGN_HEAD = """
Own tenant, but one thing of the request is another's: an id or number that exists, of another enterprise or agency, or
outside the agency's jurisdiction. An answer of 2xx stands here with what was checked: that it shows nothing of theirs.
"""
MINTED = frozenset({"id", "waybill"})
COLUMNS = ("operation", *OPERATIONS, "anonymous", "expired", "revoked", "without", "other clerk", "permission")


@dataclass(frozen=True, kw_only=True)
class Callers:
    """Bad credentials of one audience."""

    expired: str
    revoked: str
    without: dict[Permission, str]


async def matrix(service: Service) -> str:
    """The whole matrix, as text."""
    own_world = await service.another_world(division="310101", jurisdiction="31")
    own = await set_scene(service, own_world, division="310101")
    their = await set_scene(service, service.world, division="110105")
    rows = [[*COLUMNS]]
    for audience, operations in OPERATIONS.items():
        callers = await _callers(service, own, audience)
        for name, operation in operations.items():
            rows.append([name, *await _row(own, their, audience, operation, callers)])
    foreign = [["operation", "what is another's", "answer"], *await _foreign_rows(own, their)]
    return f"{HEAD}\n{_aligned(rows)}{FOREIGN_HEAD}\n{_aligned(foreign)}"


def documented() -> Iterator[tuple[str, str, str]]:
    """Every operation of the three documents: audience, method, operation id."""
    for audience, document in documents_of_audiences().items():
        for path in document["paths"].values():
            for method, operation in path.items():
                yield audience, method.upper(), operation["operationId"]


def unknown_operations() -> set[tuple[str, str]]:
    """Operations of the documents that operations.py does not list under their audience, and the other way round."""
    listed = {(audience, name) for audience, operations in OPERATIONS.items() for name in operations}
    return {(audience, name) for audience, _, name in documented() if name not in OPEN} ^ listed


async def _row(own: Scene, their: Scene, audience: str, operation: Operation, callers: Callers) -> list[str]:
    asked = operation.own(own, own)
    good = await headers(own.service, own.world, audience)
    cells = []
    for other in OPERATIONS:
        if other == audience:
            cells.append(_code(await _ask(own.service, operation.own(own, own), good)))
        else:
            wrong = good | {"Authorization": (await headers(own.service, own.world, other))["Authorization"]}
            cells.append(_code(await _ask(own.service, asked, wrong)))
    bad = [
        "",
        *(f"Bearer {token}" for token in (callers.expired, callers.revoked, callers.without[operation.permission])),
    ]
    cells += [_code(await _ask(own.service, asked, good | {"Authorization": given})) for given in bad]
    clerk = {"Clerk-Id": str(their.world.clerk_id)}
    cells.append(_code(await _ask(own.service, asked, good | clerk)) if audience == "counter" else "-")
    return [*cells, operation.permission.value]


async def _foreign_rows(own: Scene, their: Scene) -> list[list[str]]:
    """Ids that the own tenant mints go last: after them it has things of its own under the other tenant's ids."""
    asked = [
        (audience, name, thing, asking)
        for audience, operations in OPERATIONS.items()
        for name, operation in operations.items()
        for thing, asking in (operation.foreign or {"nothing": operation.own}).items()
    ]
    answers, sent = dict[int, list[str]](), list[str]()
    for number, (audience, name, thing, asking) in sorted(enumerate(asked), key=lambda one: one[1][2] in MINTED):
        answers[number] = [name, thing, await _answer(own, their, asking(own, their), audience, sent)]
    return [answers[number] for number in range(len(asked))]


async def _answer(own: Scene, their: Scene, asked: Asked, audience: str, sent: list[str]) -> str:
    answer = await _ask(own.service, asked, await headers(own.service, own.world, audience))
    # What the own tenant named itself may be told back to it: ids and waybills are each tenant's own.
    sent.append(json.dumps([asked.path, asked.body]))
    if answer.is_success:
        leaked = [each for each in their.ids() if each in answer.text and not any(each in one for one in sent)]
        assert not leaked, f"{asked.method} {asked.path} tells of another tenant"
    empty = ", nothing found" if answer.is_success and answer.json().get("data") == [] else ""
    pointers = " ".join(fault["pointer"] for fault in answer.json().get("errors", ()))
    return f"{_code(answer)} {pointers}".strip() + empty


async def _ask(service: Service, asked: Asked, given: dict[str, str]) -> httpx.Response:
    return await service.http.request(**asked.arguments(given))


def _code(answer: httpx.Response) -> str:
    return f"{answer.status_code}" if answer.is_success else f"{answer.status_code} {answer.json()['code']}"


async def _callers(service: Service, own: Scene, audience: str) -> Callers:
    office, at = service.office, service.office.clock.now()
    async with office.database.transaction() as tx:
        client_id = ClientId(UUID(own.credentials(audience).client_id))
        client = await get_client(tx, client_id, enterprise_id=None)
        like = AddClient(
            audience=Audience(audience),
            name="sandbox",
            enterprise_id=client.enterprise_id,
            outlet_id=client.outlet_id,
            counter_id=client.counter_id,
            agency_id=client.agency_id,
        )
        everything = permissions_of(like.audience)
        without = {
            permission: await add_client(
                tx, replace(like, permissions=everything - {permission}), actor=OPERATOR, at=at
            )
            for permission in sorted(everything)
        }
        revoked, revoked_secret = await add_client(tx, like, actor=OPERATOR, at=at)
    tokens = {
        permission: await service.token(Credentials(client_id=str(one.id), client_secret=secret))
        for permission, (one, secret) in without.items()
    }
    token = await service.token(Credentials(client_id=str(revoked.id), client_secret=revoked_secret))
    async with office.database.transaction() as tx:
        await revoke_client(tx, revoked.id, enterprise_id=None, actor=OPERATOR, at=at)
    secret = own.credentials(audience).client_secret
    async with office.database.read() as tx:
        old = await office.issuer.issue(tx, str(client.id), secret, at=at - timedelta(days=1))
    return Callers(expired=old.token, revoked=token, without=tokens)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


async def _write() -> None:
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite+aiosqlite:///{directory}/acceptance.db"
        await upgrade(url)
        async with running_service(url, Path(directory)) as service:
            FILE.write_text(await matrix(service), "utf-8")


if __name__ == "__main__":
    asyncio.run(_write())
