"""How much one request may bring, and what becomes of half of one."""

import gzip
import hashlib
from collections.abc import Iterator

import pytest
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message

from acceptance_api.http.limits import Limits, read_body
from acceptance_api.kernel.problems import Kind, Problem
from tests.support.journeys import JPEG, new_id
from tests.support.service import Service

LIMITS = Limits(body_bytes_max=10, evidence_bytes_max=20, batch_bytes_max=30, json_depth_max=4)
EVIDENCE, BATCHES = "/counter/v1/evidence/abc", "/counter/v1/acceptance-batches"
CASE = "interceptions/01937f5e-7a00-7000-8000-000000000001"
OUTLET = "outlets/01937f5e-7a00-7000-8000-000000000002"
GZIP = Headers({"content-encoding": "gzip"})


class Connection:
    """A connection on which these messages arrive."""

    def __init__(self, *chunks: bytes, is_cut: bool = False) -> None:
        """Chunks, then the end, or the client's going away."""
        self._messages: Iterator[Message] = iter(
            [
                *({"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks),
                {"type": "http.disconnect"} if is_cut else {"type": "http.request"},
            ]
        )

    async def receive(self) -> Message:
        """The next message."""
        return next(self._messages)


async def test_chunks_are_put_together() -> None:
    assert await read_body(Headers(), "/", Connection(b"12345", b"67890").receive, LIMITS) == b"1234567890"


async def test_a_chunked_body_is_cut_off_where_it_becomes_too_large() -> None:
    with pytest.raises(Problem) as refused:
        await read_body(Headers(), "/", Connection(b"12345", b"67890", b"1").receive, LIMITS)

    assert refused.value.kind is Kind.BODY_TOO_LARGE


@pytest.mark.parametrize("declared", ["11", "-1", "", "1e1", "\xb2", "9" * 5_000])
async def test_a_length_that_is_too_large_or_none_is_refused_unread(declared: str) -> None:
    with pytest.raises(Problem) as refused:
        await read_body(Headers({"content-length": declared}), "/", Connection().receive, LIMITS)

    assert refused.value.kind is Kind.BODY_TOO_LARGE


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(EVIDENCE, id="of an inspection"),
        pytest.param(f"/counter/v1/{CASE}/evidence/abc", id="of a case"),
        pytest.param(f"/enterprise/v1/{OUTLET}/{CASE}/evidence/abc", id="of a case, by headquarters"),
    ],
)
async def test_photos_may_be_larger(path: str) -> None:
    assert await read_body(Headers({"content-length": "20"}), path, Connection(b"x" * 20).receive, LIMITS)


@pytest.mark.parametrize(
    "path",
    [
        f"/counter/v1/{CASE}/steps",
        f"/counter/v1/{CASE}/steps/evidence/abc",
        f"/counter/v1/{CASE}/evidence",
        f"/enterprise/v1/{OUTLET}/{CASE}/steps",
        f"/enterprise/v1/{CASE}/evidence/abc",
        f"/x/counter/v1/{CASE}/evidence/abc",
        "/counter/v1/acceptances",
    ],
)
async def test_nothing_else_may_be_larger(path: str) -> None:
    with pytest.raises(Problem) as refused:
        await read_body(Headers({"content-length": "11"}), path, Connection(b"x" * 11).receive, LIMITS)

    assert refused.value.kind is Kind.BODY_TOO_LARGE


async def test_a_photo_from_a_telephone_is_stored_with_a_case(embedded: Service) -> None:
    photo = JPEG + bytes(embedded.office.settings.body_bytes_max + 1)
    digest = hashlib.sha256(photo).hexdigest()
    body = {"id": new_id(), "waybill": "SF1234567890123", "source": {"kind": "waybill"}, "class_code": "P16"}
    await embedded.post("/counter/v1/interceptions", body, await embedded.as_counter())
    kind = {"Content-Type": "image/jpeg"}
    answers = [
        await embedded.http.put(f"{base}/interceptions/{body['id']}/evidence/{digest}", content=photo, headers=headers)
        for base, headers in (
            ("/counter/v1", await embedded.as_counter() | kind),
            (f"/enterprise/v1/outlets/{embedded.world.outlet_id}", await embedded.as_enterprise() | kind),
        )
    ]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert {answer.json()["size_bytes"] for answer in answers} == {len(photo)}


async def test_a_batch_may_come_compressed() -> None:
    packed = gzip.compress(b"[" + b" " * 28 + b"]")

    assert len(await read_body(GZIP, BATCHES, Connection(packed[:9], packed[9:]).receive, LIMITS)) == 30


@pytest.mark.parametrize(
    ("packed", "kind"),
    [
        pytest.param(gzip.compress(b" " * 31), Kind.BODY_TOO_LARGE, id="too large unpacked"),
        pytest.param(gzip.compress(b" " * 20)[:-1], Kind.MALFORMED_JSON, id="cut off"),
        pytest.param(gzip.compress(b"1") + b"x", Kind.MALFORMED_JSON, id="something behind it"),
        pytest.param(b"not packed", Kind.MALFORMED_JSON, id="not packed at all"),
    ],
)
async def test_what_does_not_unpack_to_a_body_is_refused(packed: bytes, kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        await read_body(GZIP, BATCHES, Connection(packed).receive, LIMITS)

    assert refused.value.kind is kind


async def test_nothing_else_may_come_compressed() -> None:
    with pytest.raises(Problem) as refused:
        await read_body(GZIP, "/counter/v1/acceptances", Connection(gzip.compress(b"1")).receive, LIMITS)

    assert refused.value.kind is Kind.MEDIA_TYPE_UNSUPPORTED


async def test_half_a_body_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(ClientDisconnect):
        await read_body(Headers(), "/", Connection(b'{"id": 1}', is_cut=True).receive, LIMITS)


@pytest.mark.parametrize("content_type", ["application/json", "APPLICATION/JSON; charset=utf-8", "application/a+json"])
async def test_whatever_is_parsed_as_json_is_looked_through(content_type: str) -> None:
    with pytest.raises(Problem) as refused:
        await read_body(Headers({"content-type": content_type}), "/", Connection(b"[[[[[]]]]]").receive, LIMITS)

    assert refused.value.kind is Kind.MALFORMED_JSON
