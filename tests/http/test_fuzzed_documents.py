"""Requests made from the documents, fitting and unfitting: no server error, no answer that is not documented."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from acceptance_api.http.application import documents_of_audiences
from acceptance_api.kernel.ids import new_uuid
from tests.reliability.running import Till, running_server, token_of

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
schemathesis.serializer.alias("application/x-ndjson", "application/octet-stream")
Operation = schemathesis.APIOperation[Any, Any, Any, Any]
QUICK, LONG = 5, 250
"""Requests for each operation and each way of making them."""


@pytest.fixture
async def till(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Till]:
    """A running server and who speaks to it; no proxy in between."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings = {"ACCEPTANCE_TOKEN_LIFETIME_S": "3600"}
    async with running_server(database_url, tmp_path, **settings) as (_, client):
        yield client


@pytest.fixture
async def tokens(till: Till) -> dict[str, str]:
    """A token of each audience."""
    world = till.world
    credentials = {"counter": world.counter, "enterprise": world.enterprise, "regulator": world.regulator}
    return {audience: await token_of(till.http, one) for audience, one in credentials.items()}


def test_fuzzed_requests_are_answered_as_documented(till: Till, tokens: dict[str, str]) -> None:
    _fuzz(till, tokens, examples=QUICK)


@pytest.mark.long
def test_many_fuzzed_requests_are_answered_as_documented(till: Till, tokens: dict[str, str]) -> None:
    _fuzz(till, tokens, examples=LONG)


def _fuzz(till: Till, tokens: dict[str, str], *, examples: int) -> None:
    faults = []
    for audience, document in documents_of_audiences().items():
        for operation in _operations(document):
            for mode in GenerationMode:
                try:
                    _fuzz_one(operation, mode, till, tokens[audience], examples=examples)
                except Unsatisfiable:
                    assert mode is GenerationMode.NEGATIVE  # of a request without parameters nothing can be unfitting
                except Exception as fault:  # noqa: BLE001 - every operation is asked before anything is told
                    faults.append(f"{operation.label} {mode.value}: {fault!r:.2000} {fault}")
    assert faults == [], "\n\n".join(faults)


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def _fuzz_one(operation: Operation, mode: GenerationMode, till: Till, token: str, *, examples: int) -> None:
    strategy = operation.as_strategy(generation_mode=mode)

    @hypothesis.given(strategy)
    @hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        given = {"Authorization": f"Bearer {token}"}
        if mode is GenerationMode.POSITIVE:
            given |= {"Clerk-Id": str(till.world.clerk_id), "Idempotency-Key": new_uuid().hex}
        answer = case.call(base_url=str(till.http.base_url).rstrip("/"), headers=given)
        case.validate_response(answer, checks=CHECKS)

    ask()
