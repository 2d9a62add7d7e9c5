"""A repeated request is answered, not repeated."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, func, select

from acceptance_api.acceptance.tables import acceptances
from acceptance_api.audit import OPERATOR
from acceptance_api.http.tables import idempotency_keys
from acceptance_api.identity.model import AuthorityAnswer
from acceptance_api.identity.tables import verifications
from acceptance_api.sites import AddClerk, ClerkRole, add_clerk
from tests.support import journeys
from tests.support.authorities import PretendAuthority, StandingClock
from tests.support.service import Service, running_service

PARCELS, VERIFICATIONS = "/counter/v1/acceptances", "/counter/v1/verifications"


class HesitatingAuthority:
    """An authority that answers when it is let."""

    name = "hesitating"

    def __init__(self) -> None:
        """Hesitate."""
        self.asked = asyncio.Event()
        self.let = asyncio.Event()
        self.questions = 0

    async def ask(self, name: str, number: str) -> AuthorityAnswer:
        """Answer once let."""
        self.questions += 1
        self.asked.set()
        await self.let.wait()
        return await PretendAuthority().ask(name, number)


class BrokenAuthority:
    """An adapter with a bug: what no authority's bad day can cause."""

    name = "broken"

    async def ask(self, _name: str, _number: str) -> AuthorityAnswer:
        """Fail."""
        raise RuntimeError


@pytest.fixture
def clock() -> StandingClock:
    """A clock that the test moves."""
    return StandingClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))


@pytest.fixture
async def service(database_url: str, tmp_path: Path, clock: StandingClock) -> AsyncIterator[Service]:
    """The service by that clock, whose tokens outlast every test."""
    async with running_service(database_url, tmp_path, clock=clock) as running:
        yield running


async def test_a_repeat_gets_the_same_answer(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()

    first = await service.post(PARCELS, body, headers)
    again = await service.post(PARCELS, body, headers)

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"] == f"{PARCELS}/{body['id']}"
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert await _count(service, acceptances) == 1


async def test_a_quoted_key_is_the_bare_key(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()

    await service.post(PARCELS, body, headers)
    again = await service.post(PARCELS, body, headers | {"Idempotency-Key": f'"{headers["Idempotency-Key"]}"'})

    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", " ", '""', "two words", "x" * 129, "\xe9", "tab\tbed", "\x7f"])
async def test_a_key_of_another_form_is_refused(service: Service, key: str) -> None:
    headers = httpx.Headers({**await service.as_counter(), "Idempotency-Key": key}, encoding="latin-1")

    answer = await service.http.post(PARCELS, json=journeys.parcel_of(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_a_missing_key_is_refused(service: Service) -> None:
    headers = await service.as_counter()
    del headers["Idempotency-Key"]

    answer = await service.post(PARCELS, journeys.parcel_of(), headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_another_body_under_the_same_key_is_refused(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()
    await service.post(PARCELS, body, headers)

    _is_reused(await service.post(PARCELS, body | {"weight_g": 500}, headers))


async def test_another_clerk_under_the_same_key_is_refused(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()
    await service.post(PARCELS, body, headers)

    _is_reused(await service.post(PARCELS, body, headers | {"Clerk-Id": await _another_clerk(service)}))


async def test_another_acceptance_under_the_same_key_is_refused(service: Service) -> None:
    one, other = await journeys.hold(service), await journeys.hold(service)
    body, headers = {"id": journeys.new_id()}, await service.as_counter()
    await service.post(f"{PARCELS}/{one['id']}/resolutions", body, headers)

    _is_reused(await service.post(f"{PARCELS}/{other['id']}/resolutions", body, headers))


async def test_another_operation_has_keys_of_its_own(service: Service) -> None:
    held, headers = await journeys.hold(service), await service.as_counter()

    for path, body in (
        (VERIFICATIONS, journeys.verification_of()),
        (PARCELS, journeys.parcel_of()),
        (f"{PARCELS}/{held['id']}/resolutions", {"id": journeys.new_id()}),
    ):
        assert (await service.post(path, body, headers)).status_code == 201


async def test_another_client_has_keys_of_its_own(service: Service) -> None:
    other, headers = await service.another_world(), await service.as_counter()
    same_key = await service.as_counter(other, **{"Idempotency-Key": headers["Idempotency-Key"]})

    answers = [await service.post(PARCELS, journeys.parcel_of(), given) for given in (headers, same_key)]

    assert [(one.status_code, "Idempotent-Replayed" in one.headers) for one in answers] == [(201, False)] * 2


async def test_twins_at_once_make_one_record_and_get_one_answer(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()

    answers = await asyncio.gather(*(service.post(PARCELS, body, headers) for _ in range(8)))

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 7
    assert await _count(service, acceptances) == 1


async def test_a_problem_is_not_kept(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()
    wrong = body | {"inspection_id": journeys.new_id()}

    refused = await service.post(PARCELS, wrong, headers)
    corrected = await service.post(PARCELS, body, headers)

    assert (refused.status_code, corrected.status_code) == (422, 201)


async def test_a_key_older_than_its_time_is_new_again(service: Service, clock: StandingClock) -> None:
    headers = await service.as_counter()
    await service.post(PARCELS, journeys.parcel_of(), headers)
    clock.move(timedelta(days=service.office.settings.idempotency_days))
    service.tokens.clear()
    later = headers | {"Authorization": (await service.as_counter())["Authorization"]}

    answer = await service.post(PARCELS, journeys.parcel_of(), later)

    assert (answer.status_code, "Idempotent-Replayed" in answer.headers) == (201, False)


@pytest.mark.parametrize("path", [PARCELS, VERIFICATIONS])
async def test_the_same_record_under_a_new_key_is_the_record(service: Service, path: str) -> None:
    body = journeys.parcel_of() if path == PARCELS else journeys.verification_of()
    first = await service.post(path, body, await service.as_counter())

    again = await service.post(path, body, await service.as_counter())

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


@pytest.mark.parametrize("path", [PARCELS, VERIFICATIONS])
async def test_other_content_under_the_same_id_is_a_conflict(service: Service, path: str) -> None:
    make: Any = journeys.parcel_of if path == PARCELS else journeys.verification_of
    body = make()
    await service.post(path, body, await service.as_counter())

    answer = await service.post(path, make(id=body["id"]) | _changed(path), await service.as_counter())

    assert (answer.status_code, answer.json()["code"]) == (409, "id_conflict")


async def test_a_twin_waits_while_the_authority_is_asked(service: Service) -> None:
    authority = _with(service, HesitatingAuthority())
    body, headers = journeys.verification_of(), await service.as_counter()
    first = asyncio.create_task(service.post(VERIFICATIONS, body, headers))
    await authority.asked.wait()

    twin = await service.post(VERIFICATIONS, body, headers)
    authority.let.set()

    assert (twin.status_code, twin.json()["code"]) == (409, "idempotency_in_progress")
    assert int(twin.headers["Retry-After"]) >= 1
    assert (await first).status_code == 201
    assert (await service.post(VERIFICATIONS, body, headers)).headers["Idempotent-Replayed"] == "true"
    assert authority.questions == 1


async def test_a_client_that_hangs_up_finds_the_answer_when_it_returns(service: Service) -> None:
    authority = _with(service, HesitatingAuthority())
    body, headers = journeys.verification_of(), await service.as_counter()
    call = asyncio.create_task(service.post(VERIFICATIONS, body, headers))
    await authority.asked.wait()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    authority.let.set()

    answer = await _settled(service, body, headers)

    assert (answer.status_code, answer.headers["Idempotent-Replayed"]) == (201, "true")
    assert (authority.questions, await _count(service, verifications)) == (1, 1)


async def test_a_parcel_whose_client_hangs_up_can_be_sent_again(service: Service) -> None:
    body, headers = await journeys.prepare(service), await service.as_counter()
    for pause_s in (0, 0.001, 0.003, 0.006):
        call = asyncio.create_task(service.post(PARCELS, body, headers))
        await asyncio.sleep(pause_s)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    assert (await service.post(PARCELS, body, headers)).status_code == 201
    assert (await _count(service, acceptances), await _count(service, idempotency_keys)) == (1, 3)


async def test_a_claim_is_given_back_when_asking_fails(service: Service) -> None:
    _with(service, BrokenAuthority())
    body, headers = journeys.verification_of(), await service.as_counter()
    failed = await service.post(VERIFICATIONS, body, headers)
    kept = await _count(service, idempotency_keys)
    _with(service, PretendAuthority())

    again = await service.post(VERIFICATIONS, body, headers)

    assert (failed.status_code, failed.json()["code"], kept, again.status_code) == (500, "internal", 0, 201)


async def test_a_claim_of_a_process_that_died_lapses(service: Service, clock: StandingClock) -> None:
    dead = HesitatingAuthority()
    _with(service, dead)
    body, headers = journeys.verification_of(), await service.as_counter()
    abandoned = asyncio.create_task(service.post(VERIFICATIONS, body, headers))
    await dead.asked.wait()  # and is never let: as if its process were gone
    authority = _with(service, PretendAuthority())
    meanwhile = await service.post(VERIFICATIONS, body, headers)
    clock.move(timedelta(seconds=service.office.settings.authority_timeout_s * 2 + 30))

    answer = await service.post(VERIFICATIONS, body, headers)

    assert (meanwhile.status_code, answer.status_code, authority.asked) == (409, 201, 1)
    dead.let.set()
    await asyncio.gather(abandoned, return_exceptions=True)
    assert await _count(service, verifications) == 1
    assert (await service.post(VERIFICATIONS, body, headers)).content == answer.content


def _with(service: Service, authority: Any) -> Any:  # noqa: ANN401 - one of three
    office = service.app.state.office
    service.app.state.office = replace(office, verifying=replace(office.verifying, authority=authority))
    return authority


def _changed(path: str) -> dict[str, Any]:
    return {"weight_g": 5} if path == PARCELS else {"person_matches": False}


def _is_reused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def _settled(service: Service, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    """What a client gets that does as it is told: wait and repeat."""
    for _ in range(200):
        answer = await service.post(VERIFICATIONS, body, headers)
        if answer.status_code != 409:
            return answer
        await asyncio.sleep(0.01)
    raise TimeoutError


async def _another_clerk(service: Service) -> str:
    new = AddClerk(staff_no="0002", name="示例收寄员乙", roles=frozenset({ClerkRole.CLERK}))
    office, world = service.office, service.world
    async with office.transaction() as tx:
        clerk = await add_clerk(
            tx,
            office.vault,
            world.outlet_id,
            new,
            enterprise_id=world.enterprise_id,
            actor=OPERATOR,
            at=office.clock.now(),
        )
    return str(clerk.id)


async def _count(service: Service, table: Table) -> int:
    async with service.office.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())
