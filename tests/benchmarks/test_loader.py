"""The loader against a small server: what is answered, what is not, and from when a latency counts."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.exchange import Kind, Request, Requests, http_request, write_requests
from benchmarks.loader.answers import Answer, MalformedAnswer, read_answer
from benchmarks.loading import Expected, Load, measure

Answering = Callable[[bytes], Awaitable[bytes | None]]
"""From the body of a request to the whole answer; None hangs up."""


def answer_of(status: int, body: bytes = b"{}") -> bytes:
    return b"HTTP/1.1 %d OK\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body)


@asynccontextmanager
async def serving(answering: Answering) -> AsyncIterator[int]:
    """A server on a free port that reads one request after another from each connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                answer = await answering(await reader.readexactly(length))
                if answer is None:
                    break
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def loaded(
    directory: Path,
    answering: Answering,
    requests: list[tuple[Kind, bytes]],
    load: Load,
    expected: Expected = Expected(mark='"accepted"'),  # noqa: B008 - a frozen value
) -> dict[str, Any]:
    path = directory / "requests"
    write_requests(path, [(kind, http_request("POST", "/", {}, body)) for kind, body in requests])
    async with serving(answering) as port:
        return await asyncio.to_thread(measure, port, path, load, expected, server=os.getpid(), database=None)


async def echo(body: bytes) -> bytes | None:
    """Answer what the body says: `hang up`, or a status and the rest."""
    status, _, said = body.partition(b" ")
    return None if status == b"hang" else answer_of(int(status), said)


GOOD = (Kind.GOOD, b'201 {"outcome":"accepted"}')


async def test_a_closed_loop_sends_everything_once_and_counts_what_was_accepted(tmp_path: Path) -> None:
    mixed = [GOOD, GOOD, (Kind.INVALID, b"422 {}"), GOOD] * 20

    found = await loaded(tmp_path, echo, mixed, Load(connections=4, seconds=30))

    assert (found["good"], found["accepted"], found["answers"], found["taken"]) == (60, 60, 80, 80)
    assert found["statuses"] == {"good 201": 60, "invalid 422": 20}
    assert found["surprises"] == {}
    assert 0 < found["p50_ms"] <= found["p90_ms"] <= found["p99_ms"] <= found["max_ms"]
    assert found["elapsed_s"] < 30
    assert found["rate"] == pytest.approx(60 / found["elapsed_s"], rel=0.01)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param(Kind.GOOD, b"500 {}", id="a good request fails"),
        pytest.param(Kind.GOOD, b'201 {"outcome":"refused"}', id="a good request is not accepted"),
        pytest.param(Kind.GOOD, b'201 {"a":"accepted","b":"accepted"}', id="an answer says it twice"),
        pytest.param(Kind.GOOD, b'200 {"outcome":"accepted"}', id="another status"),
        pytest.param(Kind.INVALID, b"201 {}", id="a bad body is accepted"),
        pytest.param(Kind.GOOD, b"hang up", id="the connection is lost"),
    ],
)
async def test_what_must_not_happen_is_a_surprise(tmp_path: Path, kind: Kind, said: bytes) -> None:
    found = await loaded(tmp_path, echo, [GOOD, (kind, said)], Load(connections=1, seconds=30))

    assert found["good"] == 1
    assert sum(found["surprises"].values()) == 1


async def test_a_repeat_is_of_a_request_that_was_answered(tmp_path: Path) -> None:
    """The second request is in flight for long: what is repeated meanwhile is the first, and never it."""
    seen: list[bytes] = []

    async def noting(body: bytes) -> bytes | None:
        seen.append(body)
        if body.endswith(b"slow"):
            await asyncio.sleep(0.3)
        return await echo(body)

    numbered = [(Kind.GOOD, b'201 {"outcome":"accepted"} ' + name) for name in (b"first", b"slow", b"third")]
    mixed = [*numbered[:2], *[(Kind.REPEAT, b"")] * 4, numbered[2]]

    found = await loaded(tmp_path, noting, mixed, Load(connections=2, seconds=30))

    assert found["surprises"] == {}
    assert found["statuses"] == {"good 201": 3, "repeat 201": 4}
    assert [body.split()[-1] for body in seen].count(b"first") == 5


async def test_a_repeat_that_is_refused_is_a_surprise(tmp_path: Path) -> None:
    answers = iter((answer_of(201, b'"accepted"'), answer_of(409)))

    async def refusing(_: bytes) -> bytes | None:
        return next(answers)

    found = await loaded(tmp_path, refusing, [GOOD, (Kind.REPEAT, b"")], Load(connections=1, seconds=30))

    assert (found["good"], sum(found["surprises"].values())) == (1, 1)


async def test_a_batch_counts_its_items(tmp_path: Path) -> None:
    expected = Expected(status=207, mark='"status":201', marks=2, units=2)
    batch = (Kind.GOOD, b'207 [{"status":201},{"status":201}]')
    partial = (Kind.GOOD, b'207 [{"status":201},{"status":409}]')

    found = await loaded(tmp_path, echo, [batch, batch, partial], Load(connections=1, seconds=30), expected)

    assert (found["good"], found["accepted"], sum(found["surprises"].values())) == (2, 4, 1)


async def test_a_closed_loop_ends_with_its_time(tmp_path: Path) -> None:
    found = await loaded(tmp_path, echo, [GOOD] * 50_000, Load(connections=2, seconds=0.3))

    assert 0 < found["good"] < 50_000
    assert found["taken"] == found["good"]


async def test_an_open_loop_keeps_its_rate(tmp_path: Path) -> None:
    found = await loaded(tmp_path, echo, [GOOD] * 1_000, Load(connections=8, seconds=1, rate=200))

    assert found["good"] == 200
    assert found["surprises"] == {}
    assert found["elapsed_s"] == pytest.approx(1, abs=0.5)


async def test_in_an_open_loop_a_stall_is_felt_by_all_that_it_delays(tmp_path: Path) -> None:
    """One of a hundred requests takes long: in a closed loop one latency shows it, in an open one those behind too."""
    answered = 0

    async def stalling(body: bytes) -> bytes | None:
        nonlocal answered
        answered += 1
        if answered == 20:
            await asyncio.sleep(0.4)
        return await echo(body)

    opened = await loaded(tmp_path, stalling, [GOOD] * 100, Load(connections=1, seconds=1, rate=100))
    answered = 0
    closed = await loaded(tmp_path, stalling, [GOOD] * 100, Load(connections=1, seconds=30))

    assert opened["good"] == closed["good"] == 100
    assert opened["p90_ms"] > 100 > closed["p90_ms"]


def test_requests_are_taken_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    written: list[Request] = [(Kind.GOOD, b"a" * 5_000), (Kind.INVALID, b"b"), (Kind.GOOD, b"c" * 9_000)]
    write_requests(tmp_path / "requests", written)

    requests = Requests(tmp_path / "requests")

    assert [requests.take() for _ in range(4)] == [*written, None]
    assert requests.taken == 3


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(b"HTTP/1.1 201 Created\r\ncontent-le", None, id="half a head"),
        pytest.param(b"HTTP/1.1 201 Created\r\ncontent-length: 3\r\n\r\nab", None, id="half a body"),
        pytest.param(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nab", Answer(201, 43, 45), id="whole"),
        pytest.param(
            b"HTTP/1.1 422 X\r\nContent-Length:2\r\nX: y\r\n\r\nabHTTP", Answer(422, 42, 44), id="and the next"
        ),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", Answer(204, 27, 27), id="no body"),
    ],
)
def test_read_answer(data: bytes, answer: Answer | None) -> None:
    assert read_answer(data) == answer


def test_an_answer_without_a_length_is_not_guessed_at() -> None:
    with pytest.raises(MalformedAnswer):
        read_answer(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
