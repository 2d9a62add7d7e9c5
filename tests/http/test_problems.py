"""Problems as their readers meet them: status, language, headers, and nothing of what was sent."""

import logging
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest
import structlog

from acceptance_api.http.problems import STATUS, language_of
from acceptance_api.kernel import log
from acceptance_api.kernel.problems import Kind, Nature, Problem
from tests.http.conftest import Edge
from tests.support import journeys
from tests.support.journeys import ADDRESSEE, SENDER
from tests.support.service import Service

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}
PLACES = ("/healthz", "/readyz", "/metrics", "/docs", "/docs/counter", "/docs/assets/swagger-ui.css", "/nowhere")


def test_every_nature_has_a_status_of_its_own() -> None:
    assert set(STATUS) == set(Nature)
    assert len(set(STATUS.values())) == len(STATUS)


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
async def test_every_kind_is_told_in_both_languages(edge: Edge, kind: Kind) -> None:
    @edge.app.get("/failing")
    async def fail() -> None:
        raise Problem(kind)

    chinese = await edge.http.get("/failing")
    english = await edge.http.get("/failing", headers={"Accept-Language": "en-GB,zh;q=0.5"})

    told = chinese.json()
    assert chinese.status_code == told["status"] == STATUS[kind.value.nature]
    assert (told["code"], told["type"]) == (kind.code, f"/problems/{kind.code}")
    assert (told["title"], english.json()["title"]) == (kind.value.zh, kind.value.en)
    assert (chinese.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-CN", "en")
    assert "Accept-Language" in chinese.headers["Vary"]
    assert ("WWW-Authenticate" in chinese.headers) == (chinese.status_code == 401)
    assert ("Retry-After" in chinese.headers) == (kind.value.retry_after_s is not None)
    assert kind.value.retry_after_s is not None or chinese.status_code != 503


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("zh;q=0.1,en;q=0.2", "en"),
        ("en;q=0.5,zh-Hans;q=0.5", "zh-CN"),
        ("fr,de", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=nan", "zh-CN"),
        ("en;q=", "zh-CN"),
        ("en;level=1", "en"),
        (",;,q", "zh-CN"),
        ("*", "zh-CN"),
    ],
)
def test_the_better_language_is_chosen(accept: str, language: str) -> None:
    assert language_of(accept) == language


@pytest.mark.parametrize("place", PLACES)
async def test_every_answer_carries_the_security_headers(embedded: Service, place: str) -> None:
    answer = await embedded.http.get(place)

    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("offered", "is_kept"),
    [
        ("till-4.parcel_17", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("13800138000", False),
        ("11010519850214001X", False),
        ("two words", False),
        ("<script>", False),
        ("", False),
    ],
)
async def test_a_request_id_is_echoed_unless_it_could_be_somebodys_number(
    edge: Edge, offered: str, *, is_kept: bool
) -> None:
    answer = await edge.http.get("/nowhere", headers={"X-Request-Id": offered})

    assert (answer.headers["X-Request-Id"] == offered) is is_kept
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_an_unexpected_failure_is_one_opaque_problem(
    embedded: Service, lines: list[MutableMapping[str, Any]]
) -> None:
    @embedded.app.get("/failing")
    async def fail() -> None:
        raise RuntimeError(SENDER.name)

    answer = await embedded.http.get("/failing")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert SENDER.name not in answer.text
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert any(line["log_level"] == "error" for line in lines)


async def test_metrics_go_by_template_and_never_by_value(embedded: Service) -> None:
    held = await journeys.hold(embedded)
    await embedded.post(
        f"/counter/v1/acceptances/{held['id']}/resolutions", {"id": journeys.new_id()}, await embedded.as_counter()
    )
    await embedded.http.get(f"/nowhere/{SENDER.phone}")

    text = (await embedded.http.get("/metrics")).text

    assert 'route="/counter/v1/acceptances/{acceptance_id}/resolutions",status="201"} 1.0' in text
    assert 'route="unmatched",status="404"} 1.0' in text
    assert not [value for value in (held["id"], held["waybill"], *SENDER.secrets()) if value in text]


async def test_no_log_line_holds_a_persons_data(embedded: Service, capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level, processors = root.handlers[:], root.level, structlog.get_config()
    log.configure(level="debug")
    try:
        await _a_day_with_failures(embedded)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**processors)

    said = "".join(capfd.readouterr())
    assert said.count('"event":"request"') > 10
    assert not [value for person in (SENDER, ADDRESSEE) for value in person.secrets() if value in said]


async def _a_day_with_failures(service: Service) -> None:
    """Success and failure of every sort, a failure of our own with a person's data in its text too."""

    @service.app.post("/failing")
    async def fail() -> None:
        raise RuntimeError(SENDER.name, SENDER.number)

    await journeys.present(service)
    body = await journeys.prepare(service)
    for wrong in (
        body | {"sender": SENDER.as_party()},
        body | {SENDER.number: SENDER.name},
        body | {"addressee": ADDRESSEE.name},
        body | {"inspection_id": SENDER.number},
        body | {"verification_id": journeys.new_id()},
    ):
        answer = await service.post("/counter/v1/acceptances", wrong, await service.as_counter())
        assert answer.status_code == 422
        assert not [value for value in (*SENDER.secrets(), *ADDRESSEE.secrets()) if value in answer.text]
    stranger = replace(SENDER, number="110105198502140010")
    refused = await service.post(
        "/counter/v1/verifications", journeys.verification_of(stranger), await service.as_counter()
    )
    assert refused.status_code == 422
    for path in (f"/failing?name={SENDER.name}", f"/nowhere/{SENDER.number}", f"/counter/v1/{SENDER.phone}"):
        assert (await service.http.post(path, json=body)).status_code in {404, 500}
    case = await journeys.open_case(service)
    search = {"case_id": case["id"], "by": {"kind": "id_number", "id_number": SENDER.number}}
    found = await service.post("/regulator/v1/searches", search, await service.as_regulator())
    assert len(found.json()["data"]) == 1


async def test_the_type_of_a_problem_leads_to_its_explanation(edge: Edge) -> None:
    problem = (await edge.http.get("/nowhere")).json()
    explained = await edge.http.get(problem["type"])
    unknown = await edge.http.get("/problems/nothing_of_the_kind")

    assert (explained.status_code, explained.json()["code"]) == (200, "not_found")
    assert explained.json()["title_zh"] == Kind.NOT_FOUND.value.zh
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (404, "application/problem+json")
