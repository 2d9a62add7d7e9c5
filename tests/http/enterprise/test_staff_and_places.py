"""Clerks' own numbers, and where outlets stand, over the wire."""

from typing import Any

import pytest
from sqlalchemy import text

from acceptance_api.kernel.ids import new_uuid
from tests.http.enterprise.test_enterprise import get, post
from tests.support.service import Service

NUMBER = "11010519491231002X"


async def commitments(service: Service) -> int:
    async with service.office.database.read() as tx:
        return int((await tx.execute(text("SELECT count(*) FROM staff_numbers"))).scalar_one())


async def test_a_clerks_number_comes_in_with_the_clerk_or_later(service: Service) -> None:
    place = f"/outlets/{service.world.outlet_id}/clerks"
    new = await post(service, place, {"staff_no": "7", "name": "收寄员甲", "id_number": NUMBER})
    path = f"{place}/{service.world.clerk_id}/id-numbers"
    later = await post(service, path, {"id_number": NUMBER})
    passport = await post(service, path, {"id_number": "E12345678", "document": "foreign_passport"})

    assert (new.status_code, later.status_code, passport.status_code) == (201, 201, 201)
    assert await commitments(service) == 2
    assert later.json() == {"outlet_id": str(service.world.outlet_id), "clerk_id": str(service.world.clerk_id)}
    assert NUMBER not in new.text + later.text + (await get(service, place)).text


@pytest.mark.parametrize("body", [{"id_number": "110105194912310021"}, {"id_number": "1101051949123100"}])
async def test_a_number_that_cannot_be_one_is_not_registered(service: Service, body: dict[str, Any]) -> None:
    place = f"/outlets/{service.world.outlet_id}/clerks"
    answers = [
        await post(service, f"{place}/{service.world.clerk_id}/id-numbers", body),
        await post(service, place, {"staff_no": "7", "name": "收寄员甲"} | body),
    ]

    for answer in answers:
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/id_number")
        assert body["id_number"] not in str(answer.json()["errors"])
    assert await commitments(service) == 0


async def test_somebody_elses_clerk_looks_missing(service: Service) -> None:
    own = service.world
    other = await service.another_world(division="310101")
    for outlet_id, clerk_id in (
        (other.outlet_id, other.clerk_id),
        (own.outlet_id, other.clerk_id),
        (own.outlet_id, new_uuid()),
    ):
        answer = await post(service, f"/outlets/{outlet_id}/clerks/{clerk_id}/id-numbers", {"id_number": NUMBER})
        assert answer.status_code == 404


async def test_an_outlet_says_where_it_stands_and_when_it_closes(service: Service) -> None:
    path = f"/outlets/{service.world.outlet_id}/details"
    unknown = (await get(service, path)).json()
    said = await post(service, path, {"latitude": 39.9042, "longitude": 116.407396, "closing_time": "21:30"})
    after = (await get(service, path)).json()
    await post(service, path, {"closing_time": "22:00"})

    nothing = {"latitude": None, "longitude": None, "closing_time": None}
    assert unknown == {"outlet_id": str(service.world.outlet_id)} | nothing
    assert said.status_code == 201
    assert after == said.json() | {"latitude": 39.9042, "longitude": 116.407396, "closing_time": "21:30"}
    assert (await get(service, path)).json() == unknown | {"closing_time": "22:00"}
    other = await service.another_world(division="310101")
    foreign = f"/outlets/{other.outlet_id}/details"
    assert (await get(service, foreign)).status_code == 404
    assert (await post(service, foreign, {"closing_time": "22:00"})).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"latitude": 39.9}, "", id="half a location"),
        pytest.param({"latitude": 91, "longitude": 0}, "/latitude", id="beyond the pole"),
        pytest.param({"latitude": "39.9", "longitude": 116.4}, "/latitude", id="text for a number"),
        pytest.param({"closing_time": "24:00"}, "/closing_time", id="no such hour"),
        pytest.param({"closing_time": "9:00"}, "/closing_time", id="not as hours are written here"),
    ],
)
async def test_a_place_that_cannot_be_is_refused(embedded: Service, body: dict[str, Any], pointer: str) -> None:
    answer = await post(embedded, f"/outlets/{embedded.world.outlet_id}/details", body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
