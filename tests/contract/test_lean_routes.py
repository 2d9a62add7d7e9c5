"""A lean route answers what the framework would: the same status, the same headers, the same body."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response

from acceptance_api.http.application import AUDIENCES, Application
from acceptance_api.http.counter import PARTS, router
from acceptance_api.http.lean_route import LeanRoute, lean_routes
from acceptance_api.http.limits import Limits
from tests.http.walking import places, replaced
from tests.support import journeys
from tests.support.service import Service, running_service

ROUTES = lean_routes(router.prefix, (part.router for part in PARTS))
BATCHES = "/counter/v1/acceptance-batches"
PATHS = tuple(path for _, path in ROUTES if path != BATCHES)
KNOWN_ID = "01937f5e-7a00-7000-8000-000000000001"
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    " ",
    "Ｘ１",
    "\u200b",
    "a\nb",
    "x" * 400,
    "2026-11-01",
    KNOWN_ID,
    "{01937f5e-7a00-7000-8000-000000000001}",
    [],
    {},
    ["a"],
    {"kind": "person"},
)
_CHANGING = re.compile(
    r'"(?:id|waybill|label_serial|label_text|recorded_at|decided_at|expires_at|verification_id|inspection_id|request_id)":"[^"]*"'
)
_OWN = {"x-request-id", "location", "content-length"}


class Watched(LeanRoute):
    """A lean route that counts what it answered itself."""

    answered = 0

    async def answer(self, *args: Any, **kwargs: Any) -> Response | None:  # noqa: ANN401 - passed on as they are
        """Count an answer."""
        try:
            response = await super().answer(*args, **kwargs)
        except Exception:
            self.answered += 1
            raise
        self.answered += response is not None
        return response


class Twins:
    """The service as it serves, and served by the framework alone; both on one database."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.app = service.app
        self.lean = {place: Watched(route.path, route.route) for place, route in ROUTES.items()}

    def served(self, *, leanly: bool) -> None:
        """From now on."""
        assert isinstance(self.app, Application)
        settings = self.service.office.settings
        limits = Limits(
            body_bytes_max=settings.body_bytes_max,
            evidence_bytes_max=settings.evidence_bytes_max,
            batch_bytes_max=settings.batch_bytes_max,
            json_depth_max=settings.json_depth_max,
        )
        self.app.edged(limits=limits, metrics=self.app.state.metrics, lean=self.lean if leanly else {})

    async def answers(self, path: str, body: bytes, other: bytes, **headers: str | None) -> tuple[Any, Any]:
        """What both say; `other` is the body for the framework, with ids of its own where it must have them."""
        given = []
        for leanly, content in ((True, body), (False, other)):
            self.served(leanly=leanly)
            sent = await self.service.as_counter() | {"Content-Type": "application/json"} | headers
            whole = {name: value for name, value in sent.items() if value is not None}
            answer = await self.service.http.post(path, content=content, headers=whole)
            told = {name: value for name, value in answer.headers.items() if name not in _OWN}
            given.append((answer.status_code, told, _CHANGING.sub("", answer.text)))
        return given[0], given[1]


@asynccontextmanager
async def _twins(url: str, directory: Path) -> AsyncIterator[Twins]:
    async with running_service(url, directory) as service:
        yield Twins(service)


@pytest.fixture
async def twins(database_url: str, tmp_path: Path) -> AsyncIterator[Twins]:
    """On each backend in turn."""
    async with _twins(database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def embedded(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Twins]:
    """On SQLite, for what no database can change."""
    async with _twins(sqlite_url, tmp_path) as running:
        yield running


async def body_for(service: Service, path: str) -> dict[str, Any]:
    """A body in order, with an id of its own."""
    if path.endswith("verifications"):
        return journeys.verification_of()
    waybill = f"LEAN{journeys.new_id()[-12:].upper()}"
    if path.endswith("screenings"):
        return journeys.screening_of(waybill, service.world.machine_id)
    return await journeys.prepare(service, weight_g=100, transport="air")


def raw(body: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(body, ensure_ascii=False).encode()


def test_the_hot_operations_are_lean() -> None:
    assert {*PATHS, BATCHES} == {path for _, path in ROUTES}
    assert set(PATHS) == {"/counter/v1/acceptances", "/counter/v1/screenings", "/counter/v1/verifications"}


def test_lean_operations_are_documented_like_any_other() -> None:
    documented = {route.name for part in PARTS for route in part.router.routes if hasattr(route, "name")}

    assert {route.route.name for route in ROUTES.values()} <= documented
    assert AUDIENCES["counter"] is router


@pytest.mark.parametrize("path", PATHS)
async def test_a_request_in_order_is_answered_alike_and_leanly(twins: Twins, path: str) -> None:
    body, other = await body_for(twins.service, path), await body_for(twins.service, path)

    lean, framework = await twins.answers(path, raw(body), raw(other))

    assert lean == framework
    assert lean[0] == 201
    assert twins.lean["POST", path].answered == 1


@pytest.mark.parametrize("path", PATHS)
async def test_the_same_request_again_is_answered_alike(twins: Twins, path: str) -> None:
    body = raw(await body_for(twins.service, path))
    key = {"Idempotency-Key": journeys.new_id()}
    await twins.answers(path, body, body, **key)

    lean, framework = await twins.answers(path, body, body, **key)

    assert lean == framework
    assert lean[1]["idempotent-replayed"] == "true"


def _wrong(body: dict[str, Any]) -> Iterator[Any]:
    for i, place in enumerate(places(body)):
        if not place:
            continue
        for value in VALUES[i % 3 :: 3]:
            if place != ("id",) or value != KNOWN_ID:
                yield replaced(body, place, value)
        if len(place) == 1:
            yield {name: value for name, value in body.items() if name != place[0]}
            yield body | {f"{place[0]}x": 1}


def _renewed(wrong: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    renewed = dict(wrong)
    if wrong.get("id") == body["id"]:
        renewed["id"] = journeys.new_id()
    if "waybill" in body and wrong.get("waybill") == body["waybill"]:
        renewed["waybill"] = f"LEAN{journeys.new_id()[-12:].upper()}"
    return renewed


@pytest.mark.parametrize("path", PATHS)
async def test_a_wrong_value_anywhere_is_answered_alike(embedded: Twins, path: str) -> None:
    body = await body_for(embedded.service, path)
    for wrong in _wrong(body):
        # What turns out to be in order after all has to be new each time.
        lean, framework = await embedded.answers(path, *(raw(_renewed(wrong, body)) for _ in range(2)))
        assert lean == framework, wrong


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Authorization": None}, id="no token"),
        pytest.param({"Authorization": "Bearer nonsense"}, id="a token of nobody"),
        pytest.param({"Clerk-Id": None}, id="no clerk"),
        pytest.param({"Clerk-Id": "x"}, id="a clerk of no form"),
        pytest.param({"Clerk-Id": "01937f5e-7a00-7000-8000-000000000009"}, id="a clerk of nowhere"),
        pytest.param({"Idempotency-Key": None}, id="no key"),
        pytest.param({"Idempotency-Key": "with a blank"}, id="a key of no form"),
        pytest.param({"Accept-Language": "en"}, id="in English"),
        pytest.param({"Accept-Language": "x" * 300}, id="a language too long"),
        pytest.param({"Content-Type": "text/plain"}, id="not said to be JSON"),
        pytest.param({"Content-Type": "application/json; charset=utf-8"}, id="JSON with parameters"),
        pytest.param({"Content-Type": "application/vnd.x+json"}, id="a kind of JSON"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
async def test_headers_are_read_alike(embedded: Twins, path: str, headers: dict[str, str | None]) -> None:
    body, other = await body_for(embedded.service, path), await body_for(embedded.service, path)

    lean, framework = await embedded.answers(path, raw(body), raw(other), **headers)

    assert lean == framework


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b'{"id":1,"id":2}', b"[[[" * 20, b"NaN", b"\xff"])
@pytest.mark.parametrize("path", PATHS)
async def test_what_is_no_body_is_told_alike(embedded: Twins, path: str, body: bytes) -> None:
    lean, framework = await embedded.answers(path, body, body)

    assert lean == framework
    assert lean[0] in {400, 422}


async def test_a_batch_is_answered_alike_whatever_is_wrong_with_its_items(twins: Twins) -> None:
    at = twins.service.office.clock.now().isoformat()

    def batch(item: Any) -> bytes:  # noqa: ANN401 - JSON
        good = {"occurred_at": at, "sequence": 2, "acceptance": journeys.parcel_of()}
        return raw({"device": {"sent_at": at}, "items": [item, good]})

    parcel = journeys.parcel_of(weight_g=100)
    item = {"occurred_at": at, "sequence": 1, "bundle_version": None, "clerk_id": None, "acceptance": parcel}
    for wrong in (item, *_wrong(item)):
        acceptance = wrong.get("acceptance")
        mine, other = (
            wrong | {"acceptance": _renewed(acceptance, parcel)} if isinstance(acceptance, dict) else wrong
            for _ in range(2)
        )
        lean, framework = await twins.answers(BATCHES, batch(mine), batch(other))
        assert _without_times(lean) == _without_times(framework), wrong
    assert twins.lean["POST", BATCHES].answered > 5


def _without_times(answer: tuple[Any, Any, str]) -> tuple[Any, Any, str]:
    status, headers, text = answer
    return status, headers, re.sub(r'"(?:occurred_at|device_occurred_at|clock_skew_ms)":[^,}]*', "", text)
