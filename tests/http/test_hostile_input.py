"""Hostile input at every place of every operation: never a server error, never the value in the answer."""

import gzip
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.http.walking import Operation, headers_for, operations, places, replaced
from tests.support.service import Service, running_service

MARKER = "Zq7Marker"
FAR_FUTURE = "ffffffff-ffff-7fff-bfff-ffffffffffff"
AUDIENCES = ("counter", "enterprise", "regulator")
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    0.0001,
    "",
    MARKER,
    f"{MARKER}\x00",
    f"{MARKER}\n",
    f"\u202e{MARKER}\u2066",
    "\u200b" * 12,
    "\ufe0f" * 12,
    "----------",
    "٣" * 11,
    "１３８００１３８０００",
    MARKER * 1_000,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01",
    "9999-12-31",
    "1e999999999",
    "1_0",
    "12",
    f"SF12345678{MARKER.upper()}\n",
    FAR_FUTURE,
    "SF1234567890123\n",
    [],
    {},
    [[[]]],
    {MARKER: MARKER},
    [MARKER] * 300,
)
"""Every value of another type, out of any range, or unlike what it looks like; what is not JSON stands below."""
_DEEP = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
BODIES = {
    "nothing": (b"", 422),
    "cut off": (b'{"id":', 400),
    "not UTF-8": (b'{"id": "\xff\xfe"}', 400),
    "UTF-16": ('{"id": "x"}'.encode("utf-16"), 400),
    "deeply nested objects": (_DEEP, 400),
    "deeply nested arrays": (b"[" * 100_000, 400),
    "a member twice": (b'{"id": 1, "id": 2}', 400),
    "NaN": (b'{"id": NaN}', 400),
    "Infinity": (b'{"id": -Infinity}', 400),
    "half a surrogate pair": (b'{"id": "\\ud800"}', 400),
    "half a surrogate pair as a name": (b'{"\\udfff": 1}', 400),
    "five thousand digits": (b'{"id": ' + b"9" * 5_000 + b"}", 400),
    "beyond every float": (b'{"id": 1e400}', 422),
    "a raw control character": (b'{"id": "\x00"}', 400),
    "ten megabytes": (b'{"id": "' + b"x" * 10_000_000 + b'"}', 413),
    "a list": (b"[]", 422),
    "a word": (f'"{MARKER}"'.encode(), 422),
    "null": (b"null", 422),
    "an unknown field": (json.dumps({MARKER: MARKER, "zhang": MARKER}).encode(), 422),
}
HEADERS = {
    "content type absent": ({"Content-Type": ""}, {415, 422}),
    "content type of a form": ({"Content-Type": "application/x-www-form-urlencoded"}, {415, 422}),
    "content type of nothing": ({"Content-Type": f"{MARKER};;;=,\x01"}, {415, 422}),
    "gzip": ({"Content-Encoding": "gzip"}, {400, 415}),
    "an encoding nobody knows": ({"Content-Encoding": MARKER}, {415}),
    "a length of nothing": ({"Content-Length": MARKER}, {413}),
}
TEXTS = ("%00", "%ff%fe", "%ed%a0%80", "..%2f..%2fetc", MARKER, MARKER * 2_000, "%E2%80%AE", "1e400", "-1", FAR_FUTURE)
"""Percent-encoded, for paths and queries."""


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_hostile_values_in_every_place_of_every_body(database_url: str, tmp_path: Path, audience: str) -> None:
    async with running_service(database_url, tmp_path) as service:
        assert await _faults(service, audience, every=7) == []


@pytest.mark.long
@pytest.mark.parametrize("audience", AUDIENCES)
async def test_every_hostile_value_in_every_place(database_url: str, tmp_path: Path, audience: str) -> None:
    async with running_service(database_url, tmp_path) as service:
        assert await _faults(service, audience, every=1) == []


async def test_the_walk_sets_out_from_bodies_that_fit(embedded: Service) -> None:
    for operation in _with_body(*AUDIENCES):
        answer = await _sent(embedded, operation, json.dumps(operation.body()).encode())
        assert answer.status_code < 500
        assert answer.is_success or answer.json()["code"] not in {"invalid", "malformed_json"}, answer.text


@pytest.mark.parametrize("name", BODIES)
async def test_bodies_that_fit_no_operation(embedded: Service, name: str) -> None:
    body, status = BODIES[name]
    answers = {one.path: await _sent(embedded, one, body) for one in _with_body(*AUDIENCES)}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, status)
    assert [_said_against(answer, None) for answer in answers.values()] == [""] * len(answers)


@pytest.mark.parametrize("name", HEADERS)
async def test_bodies_that_are_not_what_they_say(embedded: Service, name: str) -> None:
    changes, statuses = HEADERS[name]
    for operation in _with_body(*AUDIENCES):
        answer = await _sent(embedded, operation, json.dumps(operation.body()).encode(), **changes)
        assert answer.status_code in statuses, (operation.path, answer.text)
        assert _said_against(answer, None) == ""


async def test_a_compressed_bomb_is_not_unpacked(embedded: Service) -> None:
    bomb = gzip.compress(b"[" * 50_000_000, compresslevel=1)
    for operation in _with_body("counter"):
        answer = await _sent(embedded, operation, bomb, **{"Content-Encoding": "gzip"})
        assert answer.status_code == (413 if operation.path.endswith("/acceptance-batches") else 415)


@pytest.mark.parametrize("text", TEXTS)
async def test_hostile_text_in_every_path_and_query(service: Service, text: str) -> None:
    for operation in operations():
        headers = await headers_for(service, operation)
        names = [p["name"] for p in operation.parameters if p["in"] == "path"]
        urls = [operation.url(**{name: text}) for name in names]
        urls += [f"{operation.url()}?{p['name']}={text}" for p in operation.parameters if p["in"] == "query"]
        for url in urls:
            answer = await service.http.request(operation.method, url, headers=headers)
            assert _said_against(answer, operation) == "", (operation.method, url[:200], answer.text)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"Authorization": f"Bearer {MARKER * 5_000}"}, id="a token of 45 kB"),
        pytest.param({"Authorization": "Bearer \x01\xff"}, id="a token of no characters"),
        pytest.param({"Authorization": f"Basic {MARKER}"}, id="another scheme"),
        pytest.param({"Accept-Language": f"{MARKER};q=1e400," * 10}, id="a language of nowhere"),
        pytest.param({"Accept-Language": ",;q=nan,en;q=nan"}, id="weights that are no numbers"),
        pytest.param({"X-Request-Id": MARKER + "\xff" * 100}, id="a request id of bytes"),
        pytest.param({"Clerk-Id": MARKER}, id="a clerk that is no id"),
        pytest.param({"Clerk-Id": FAR_FUTURE}, id="a clerk of the far future"),
        pytest.param({"Idempotency-Key": f"{MARKER}\xff"}, id="a key of bytes"),
        pytest.param({"Idempotency-Key": MARKER * 100}, id="a key of 900 characters"),
        pytest.param({"Accept": "text/html", "Range": "bytes=0-", "If-None-Match": "*"}, id="what is not offered"),
        pytest.param({"Host": f"{MARKER}@evil", "X-Forwarded-Host": MARKER}, id="another host"),
    ],
)
async def test_hostile_headers_on_every_operation(embedded: Service, changes: dict[str, str]) -> None:
    for operation in operations():
        headers = await headers_for(embedded, operation) | changes
        answer = await embedded.http.request(
            operation.method,
            operation.url(),
            params=operation.query(),
            json=operation.body(),
            headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        )
        assert _said_against(answer, operation) == "", (operation.path, answer.text)


async def test_repeated_headers_are_no_server_error(embedded: Service) -> None:
    for operation in operations():
        headers = list((await headers_for(embedded, operation)).items())
        answer = await embedded.http.request(
            operation.method, operation.url(), params=operation.query(), json=operation.body(), headers=headers * 2
        )
        assert _said_against(answer, operation) == "", (operation.path, answer.text)


async def test_another_method_is_told_every_method_there_is(embedded: Service) -> None:
    allowed: dict[str, set[str]] = {}
    for operation in operations():
        allowed.setdefault(operation.path, set()).add(operation.method)
    for operation in operations():
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT", "OPTIONS", "TRACE", "BREW"):
            if method not in allowed[operation.path]:
                answer = await embedded.http.request(method, operation.url())
                assert answer.status_code == 405, (method, operation.path)
                assert set(answer.headers["Allow"].split(", ")) >= allowed[operation.path]


async def test_a_trailing_slash_is_another_place_and_no_redirect(embedded: Service) -> None:
    for operation in operations():
        answer = await embedded.http.request(
            operation.method, f"{operation.url()}/", headers=await headers_for(embedded, operation)
        )
        assert (answer.status_code, "location" in answer.headers) == (404, False), operation.path


@pytest.mark.parametrize("place", ["%00", "..%2f..%2fpyproject.toml", "swagger-ui.css%00.js", "%ff", "a" * 5_000])
async def test_the_documentation_gives_away_no_other_file(embedded: Service, place: str) -> None:
    answer = await embedded.http.get(f"/docs/assets/{place}")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_an_unknown_place_is_a_problem_with_every_header(embedded: Service) -> None:
    answer = await embedded.http.get(f"/{MARKER}")

    assert answer.status_code == 404
    assert _said_against(answer, None) == ""


def _with_body(*audiences: str) -> list[Operation]:
    return [one for one in operations() if one.audience in audiences and one.json_schema is not None]


async def _faults(service: Service, audience: str, *, every: int) -> list[str]:
    """Walk every place; of the values take each `every`-th, so that all have their turn."""
    faults, turn = [], 0
    for operation in _with_body(audience):
        body = operation.body()
        for place in places(body):
            for value in VALUES:
                turn += 1
                if turn % every == 0:
                    answer = await _sent(service, operation, json.dumps(replaced(body, place, value)).encode())
                    if said := _said_against(answer, operation):
                        faults.append(f"{operation.path} {place} {value!r:.60}: {said}")
    return faults


async def _sent(service: Service, operation: Operation, content: bytes, **headers: str) -> httpx.Response:
    given = await headers_for(service, operation) | {"Content-Type": "application/json"} | headers
    given["Idempotency-Key"] = uuid4().hex
    return await service.http.request(operation.method, operation.url(), content=content, headers=given)


def _said_against(answer: httpx.Response, operation: Operation | None) -> str:
    """What is wrong with an answer; nothing when it is good."""
    if answer.status_code < 400:
        return ""
    problem = answer.json() if answer.headers.get("content-type") == "application/problem+json" else {}
    if answer.status_code >= 500 or problem.get("status") != answer.status_code:
        return f"{answer.status_code} {answer.text[:300]}"
    if answer.headers["x-request-id"] != problem["request_id"] or "content-security-policy" not in answer.headers:
        return "headers are missing"
    if problem["code"] == "invalid" and not problem["errors"]:
        return "no pointers"
    if operation and f"{answer.status_code}" not in operation.described["responses"]:
        return f"{answer.status_code} is not documented: {problem['code']}"
    said = answer.text + str(answer.headers)
    return "the value is repeated" if MARKER.lower() in said.lower() else ""
