"""Imports over HTTP: a file streams in, is processed beside, and tells how far it has come."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.types import Message

from acceptance_api.http.enterprise.import_bodies import Body, Unpacking
from acceptance_api.imports.splitting import CHUNK_LINES_MAX
from acceptance_api.imports.tables import import_chunks, import_faults, imports
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.worker import Worker, open_desk
from tests.contract.crowd import make_crowd, values_of
from tests.contract.scanning import Scanner
from tests.contract.sinks import captured_log, scan_everything
from tests.support.journeys import SENDER, parcel_of, prepare
from tests.support.service import Service, running_service

IMPORTS = "/enterprise/v1/imports"
NDJSON = "application/x-ndjson"
AGO = timedelta(days=3)
Line = dict[str, Any]


def line_of(service: Service, acceptance: Line | None = None, **changes: Any) -> Line:  # noqa: ANN401 - JSON
    """A line; without proofs its parcel is refused."""
    return {
        "outlet_id": str(service.world.outlet_id),
        "clerk_id": str(service.world.clerk_id),
        "occurred_at": (service.office.clock.now() - AGO).isoformat(),
        "sequence": 7,
        "acceptance": acceptance or parcel_of(),
    } | changes


def file_of(lines: list[Line]) -> bytes:
    """A file of these lines."""
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


async def load(service: Service, content: Any, **headers: str) -> httpx.Response:  # noqa: ANN401 - bytes, or a stream of them
    """Send a file."""
    given = await service.as_enterprise() | {"Content-Type": NDJSON} | headers
    return await service.http.post(IMPORTS, content=content, headers=given)


async def loaded(service: Service, content: bytes, **headers: str) -> str:
    """Send a file that is taken; where its import is."""
    answer = await load(service, content, **headers)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["Location"])


async def read(service: Service, place: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
    """What an address answers."""
    answer = await service.http.get(place, params=query, headers=await service.as_enterprise())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def work(service: Service, *, turns: int = 20) -> None:
    """Let a worker have its turn so often, or until it has nothing to do."""
    async with open_desk(service.office.settings) as desk:
        worker = Worker(desk, service.office.clock, asyncio.Event(), poll_s=0.01)
        for _ in range(turns):
            if not await worker.turn():
                break


async def rows(service: Service) -> list[int]:
    """How many imports, chunks and faults there are."""
    async with service.office.database.read() as tx:
        return [
            int((await tx.execute(select(func.count()).select_from(table))).scalar_one())
            for table in (imports, import_chunks, import_faults)
        ]


async def test_a_file_is_received_processed_and_tells_how_far_it_has_come(service: Service) -> None:
    good = await prepare(service)
    content = file_of([line_of(service) for _ in range(2 * CHUNK_LINES_MAX)] + [line_of(service, good)])
    answer = await load(service, content)
    place, told = answer.headers["Location"], [answer.json()]
    async with open_desk(service.office.settings) as desk:
        worker = Worker(desk, service.office.clock, asyncio.Event(), poll_s=0.01)
        for _ in range(4):
            await worker.turn()
            told.append(await read(service, place))

    assert (answer.status_code, answer.headers["Retry-After"], place) == (202, "2", f"{IMPORTS}/{told[0]['id']}")
    assert [one["state"] for one in told] == ["queued", "running", "running", "running", "finished"]
    assert [one["progress"] for one in told] == [0.0, 0.4987, 0.9975, 1.0, 1.0]
    assert told[-1]["lines"] == {
        "received": 401,
        "processed": 401,
        "accepted": 1,
        "held": 0,
        "refused": 400,
        "repeated": 0,
        "faulty": 0,
    }
    assert [told[0][name] is None for name in ("started_at", "finished_at", "failure")] == [True, True, True]
    assert [told[-1][name] is None for name in ("started_at", "finished_at", "failure")] == [False, False, True]


async def test_what_was_imported_is_a_record_like_any_other(service: Service) -> None:
    good = await prepare(service)
    await loaded(service, file_of([line_of(service, good)]))
    await work(service)
    answer = await service.http.get(f"/counter/v1/acceptances/{good['id']}", headers=await service.as_counter())

    assert answer.status_code == 200
    assert (answer.json()["decision"]["outcome"], answer.json()["waybill"]) == ("accepted", good["waybill"])


async def test_the_same_file_twice_is_repeated_and_not_doubled(service: Service) -> None:
    content = file_of([line_of(service) for _ in range(3)])
    for expected in ("refused", "repeated"):
        place = await loaded(service, content)
        await work(service)
        lines = (await read(service, place))["lines"]
        assert {name: count for name, count in lines.items() if count} == {
            "received": 3,
            "processed": 3,
            expected: 3,
        }


async def test_a_repeated_request_gets_its_answer_again_and_leaves_no_second_import(service: Service) -> None:
    content, key = file_of([line_of(service)]), {"Idempotency-Key": "file-1"}
    first = await load(service, content, **key)
    again = [await load(service, content, **key)]
    again += [await load(service, gzip.compress(content), **key, **{"Content-Encoding": "gzip"})]
    other = await load(service, file_of([line_of(service)]), **key)

    assert [(one.status_code, one.headers.get("Idempotent-Replayed"), one.json()) for one in again] == [
        (202, "true", first.json())
    ] * 2
    assert {one.headers["Location"] for one in again} == {first.headers["Location"]}
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await rows(service) == [1, 1, 0]


async def test_a_compressed_file_is_the_same_file(service: Service) -> None:
    lines = [file_of([line_of(service)]) for _ in range(3)]
    members = b"".join(gzip.compress(one) for one in lines)
    place = await loaded(service, members, **{"Content-Encoding": "gzip"})
    await work(service)

    assert (await read(service, place))["lines"]["refused"] == 3


async def test_faults_are_listed_page_by_page_and_repeat_no_value(service: Service) -> None:
    unnamed, other = parcel_of(), await service.another_world(division="310101")
    unnamed["sender"] |= {"name": "", "phone": "not-a-phone-张三"}
    lines = [
        line_of(service, outlet_id=str(other.outlet_id), clerk_id=str(other.clerk_id)),
        line_of(service, clerk_id=str(other.clerk_id)),
        line_of(service, unnamed),
        line_of(service, parcel_of(欧阳霁月="诸葛青禾")),
        line_of(service),
    ]
    content = file_of(lines) + b'{"clerk_id": "\xff"}\n' + b'"' + b"x" * 1_048_576 + b'"\n'
    place = await loaded(service, content)
    await work(service)
    pages, cursor = list[Any](), None
    while cursor is not None or not pages:
        pages.append(await read(service, f"{place}/faults", limit=2, **({"cursor": cursor} if cursor else {})))
        cursor = pages[-1]["next_cursor"]

    assert [len(page["data"]) for page in pages] == [2, 2, 2]
    found = {
        one["line"]: [(error["pointer"], error["code"]) for error in one["errors"]]
        for page in pages
        for one in page["data"]
    }
    assert found == {
        1: [("/outlet_id", "unknown")],
        2: [("/clerk_id", "unknown")],
        3: [("/acceptance/sender/name", "string_too_short"), ("/acceptance/sender/phone", "phone_number")],
        4: [("/acceptance", "unknown_field")],
        6: [("", "not_utf8")],
        7: [("", "line_too_long")],
    }
    for secret in (*SENDER.secrets(), "诸葛青禾", "not-a-phone"):
        assert secret not in json.dumps(pages, ensure_ascii=False)
    lines_out = (await read(service, place))["lines"]
    assert (lines_out["received"], lines_out["refused"], lines_out["faulty"]) == (7, 1, 6)


async def test_a_cursor_belongs_to_its_import(service: Service) -> None:
    first, second = [await loaded(service, b"\xff\n\xff\n") for _ in range(2)]
    cursor = (await read(service, f"{first}/faults", limit=1))["next_cursor"]
    answer = await service.http.get(
        f"{second}/faults", params={"cursor": cursor}, headers=await service.as_enterprise()
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


async def test_another_enterprise_does_not_know_that_there_is_an_import(service: Service) -> None:
    place = await loaded(service, file_of([line_of(service)]))
    theirs = await service.as_enterprise(await service.another_world(division="310101"))
    answers = [
        await service.http.get(place, headers=theirs),
        await service.http.get(f"{place}/faults", headers=theirs),
        await service.http.delete(place, headers=theirs),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 3
    assert (await read(service, place))["state"] == "queued"


async def test_cancelling_ends_what_was_not_processed(service: Service) -> None:
    place = await loaded(service, file_of([line_of(service) for _ in range(CHUNK_LINES_MAX + 50)]))
    async with open_desk(service.office.settings) as desk:
        worker = Worker(desk, service.office.clock, asyncio.Event(), poll_s=0.01)
        await worker.turn()
        answers = [await service.http.delete(place, headers=await service.as_enterprise()) for _ in range(2)]
        await worker.turn()
    cancelled = await read(service, place)

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert (cancelled["state"], cancelled["progress"]) == ("cancelled", 0.8)
    assert await rows(service) == [1, 0, 0]


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        pytest.param(b"{}", {"Content-Type": "application/json"}, 415, "media_type_unsupported", id="JSON"),
        pytest.param(b"{}", {"Content-Type": ""}, 415, "media_type_unsupported", id="of no type"),
        pytest.param(b"{}", {"Content-Encoding": "br"}, 415, "media_type_unsupported", id="another encoding"),
        pytest.param(b"{}", {"Content-Encoding": "gzip"}, 422, "invalid", id="no gzip"),
        pytest.param(
            gzip.compress(b"{}\n" * 99)[:-9], {"Content-Encoding": "gzip"}, 422, "invalid", id="gzip, cut off"
        ),
        pytest.param(
            gzip.compress(b"{}\n") + b"rest", {"Content-Encoding": "gzip"}, 422, "invalid", id="gzip and something"
        ),
        pytest.param(b"", {"Content-Encoding": "gzip"}, 422, "invalid", id="an empty gzip"),
        pytest.param(b"", {}, 422, "invalid", id="no line"),
        pytest.param(b"{}", {"Content-Length": "999999999999"}, 413, "body_too_large", id="too long by its own word"),
        pytest.param(b"{}", {"Content-Length": "-1"}, 413, "body_too_large", id="of no length"),
        pytest.param(b"{}", {"Idempotency-Key": "x" * 129}, 400, "idempotency_key_missing", id="too long a key"),
    ],
)
async def test_what_is_no_file_is_refused_and_leaves_nothing(
    embedded: Service, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await load(embedded, content, **headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await rows(embedded) == [0, 0, 0]


async def test_a_key_is_needed(embedded: Service) -> None:
    given = await embedded.as_enterprise() | {"Content-Type": NDJSON}
    del given["Idempotency-Key"]
    answer = await embedded.http.post(IMPORTS, content=b"{}", headers=given)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_a_file_that_is_too_large_is_cut_off(sqlite_url: str, tmp_path: Path, encoding: str) -> None:
    async with running_service(sqlite_url, tmp_path, import_bytes_max=100_000) as service:
        bomb = b"{}\n" * 50_000
        content = gzip.compress(bomb) if encoding == "gzip" else bomb
        answer = await load(service, content, **{"Content-Encoding": encoding, "Transfer-Encoding": "chunked"})

        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        assert await rows(service) == [0, 0, 0]


def test_a_bomb_is_unpacked_piece_by_piece() -> None:
    packing = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packing.compress(bytes(1 << 20)) for _ in range(200)) + packing.flush()
    pieces = [len(piece) for piece in Unpacking().feed(bomb)]

    assert len(bomb) < 300_000
    assert sum(pieces) == 200 << 20
    assert max(pieces) <= 65_536


async def test_a_file_streams_in_and_is_never_whole_in_memory(embedded: Service) -> None:
    waiting = []

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield file_of([line_of(embedded) for _ in range(CHUNK_LINES_MAX)])
            waiting.append((await rows(embedded))[1])

    answer = await load(embedded, slowly())

    assert answer.status_code == 202
    assert waiting == [1, 2, 3], "each chunk was put away before the next one was asked for"


async def test_half_a_file_is_not_taken_for_a_whole_one() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"{}\n", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", NDJSON.encode())]}, receive)
    body = Body(request, bytes_max=100, fingerprint_key=b"key")
    with pytest.raises(Problem) as refused:
        assert [piece async for piece in body.pieces()] == []

    assert refused.value.kind is Kind.INVALID


async def test_nothing_of_the_people_in_a_file_lies_in_the_clear_while_it_waits_or_after(
    database_url: str, tmp_path: Path
) -> None:
    people = make_crowd(60, seed=71)
    pairs = list(zip(people[::2], people[1::2], strict=True))
    with captured_log() as lines:
        async with running_service(database_url, tmp_path) as service:
            parcels = [parcel_of(sender=sender, addressee=addressee) for sender, addressee in pairs]
            good = file_of([line_of(service, one) for one in parcels])
            bad = file_of([line_of(service, one | {"waybill": 1, one["sender"]["name"]: 1}) for one in parcels])
            place = await loaded(service, good + bad + good.replace(b'"sender"', b'sender"'))
            scanner = Scanner(values_of(people))
            logged = lines.getvalue().encode()
            staged = await scan_everything(scanner, service, database_url, lines=logged, errors=b"")
            waiting = await rows(service)
            await work(service)
            faults = json.dumps(await read(service, f"{place}/faults", limit=200), ensure_ascii=False).encode()
            logged = lines.getvalue().encode()
            after = await scan_everything(scanner, service, database_url, lines=logged, errors=faults)
            counted = (await read(service, place))["lines"]

    assert waiting[1] == 1, "the lines were staged when the database was looked through"
    assert (staged, after) == (set(), set())
    assert (counted["refused"], counted["faulty"]) == (30, 60)
