"""Asking for the policy bundle, and parcels to ask the service and a counter without a connection about alike."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx

from acceptance_api.goods import edition_on
from acceptance_api.inspection import ContentsKind
from tests.support.service import Service

PATH, REQUIREMENTS = "/counter/v1/policy-bundle", "/counter/v1/requirements"
Json = dict[str, Any]


async def fetch(service: Service, *, world: Any = None, **headers: str) -> httpx.Response:  # noqa: ANN401 - a World
    """Ask for the bundle."""
    given = httpx.Headers({**await service.as_counter(world), **headers}, encoding="latin-1")
    answer = await service.http.get(PATH, headers=given)
    assert answer.status_code in {200, 304}, answer.text
    return answer


async def bundle_of(service: Service, *, world: Any = None) -> Json:  # noqa: ANN401 - a World
    """The bundle, read."""
    bundle: Json = (await fetch(service, world=world)).json()
    return bundle


async def published(service: Service) -> Json:
    """The keys anybody can read."""
    keys: Json = (await service.http.get("/.well-known/jwks.json")).json()
    return keys


async def required(service: Service, question: Json, language: str = "zh", *, world: Any = None) -> Json:  # noqa: ANN401
    """What the service requires; of the goods of a line only which they are."""
    answer = await service.post(
        REQUIREMENTS, question, await service.as_counter(world, **{"Accept-Language": language})
    )
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told | {"contents": [line | {"goods": line["goods"]["code"]} for line in told["contents"]]}


def question_of(**changes: Any) -> Json:  # noqa: ANN401 - JSON
    """A walk-in's parcel within the city."""
    return {
        "sender_kind": "person",
        "contents_kind": "general",
        "destination": {"country": "CN", "division": "110108"},
        "transport": "ground",
        "contents": [],
    } | changes


def questions(rng: random.Random, count: int) -> Iterator[Json]:
    """A table of parcels: every kind, near and far, with goods of the catalogue and without."""
    kinds = list(ContentsKind)
    divisions = ["110105", "110228", "120101", "440305", "440106", "650102", "419001", "990000"]
    beyond = ["710000", "810000", "820000", "830000"]
    names = list(every_name())
    for number in range(count):
        country = rng.choice(["CN", "CN", "CN", "HK", "TW", "MO", "US", "XK"])
        yield question_of(
            sender_kind=rng.choice(["person", "organisation", "agreement"]),
            contents_kind=kinds[number % len(kinds)].value,
            destination={"country": country}
            | ({"division": rng.choice(divisions + beyond)} if country == "CN" else {}),
            transport=rng.choice(["ground", "air", "high_speed_rail"]),
            contents=[
                {"name": rng.choice(names), "quantity": rng.choice([1, "0.5", 4, 101, 400, 401]), "documents": papers}
                for papers in rng.choices([[], ["un38_3_report"], ["retail_packing", "safety_data"]], k=number % 4)
            ],
        )


def by_code(ground: Json) -> tuple[str, str]:
    """Grounds in an order of their own."""
    return ground["code"], ground["about"] or ""


def every_name() -> Iterator[str]:
    """Every name and synonym of the catalogue."""
    for goods in edition_on(date(2026, 11, 20)).goods:
        yield from (goods.name_zh, goods.name_en, *goods.synonyms)
