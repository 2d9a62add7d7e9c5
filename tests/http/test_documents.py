"""The OpenAPI documents, and the pages that show them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from acceptance_api.http.application import documents_of_audiences
from tests.http.conftest import Edge
from tests.http.walking import Operation, operations
from tests.support.service import Service

DOCUMENTS = documents_of_audiences()
OPEN = {"issue_token", "read_jwks"}
_EVERYWHERE = {"500", "503"}


@pytest.mark.parametrize("audience", DOCUMENTS)
def test_a_document_is_openapi_3_1(audience: str) -> None:
    assert DOCUMENTS[audience]["openapi"].startswith("3.1")
    validate(DOCUMENTS[audience])


def test_operation_ids_are_unique_and_read_like_functions() -> None:
    ids = [operation.described["operationId"] for operation in operations()]

    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


@pytest.mark.parametrize("operation", operations(), ids=lambda one: f"{one.method} {one.path}")
def test_an_operation_documents_its_problems(operation: Operation) -> None:
    if operation.described["operationId"] == "read_jwks":
        return
    documented = set(operation.described["responses"])

    assert documented >= {"401", "422"} | _EVERYWHERE
    assert operation.json_schema is None or documented >= {"400", "413"}
    for status, response in operation.described["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("operation", operations(), ids=lambda one: f"{one.method} {one.path}")
def test_an_operation_names_its_credentials_unless_it_is_open(operation: Operation) -> None:
    assert ("security" in operation.described) is (operation.described["operationId"] not in OPEN)


@pytest.mark.parametrize("audience", DOCUMENTS)
def test_answers_hold_no_closed_enumeration(audience: str) -> None:
    document = DOCUMENTS[audience]
    answers = [
        schema
        for methods in document["paths"].values()
        for operation in methods.values()
        for response in operation["responses"].values()
        for schema in _within(response, document, seen=set())
    ]

    assert len(answers) > 20
    assert [schema for schema in answers if "enum" in schema or schema.get("additionalProperties") is False] == []


@pytest.mark.parametrize("audience", DOCUMENTS)
def test_parameters_are_never_null(audience: str) -> None:
    for methods in DOCUMENTS[audience]["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                assert "anyOf" not in parameter["schema"], parameter["name"]


@pytest.mark.parametrize("audience", DOCUMENTS)
def test_patterns_are_those_of_every_language(audience: str) -> None:
    patterns = re.findall(r"'pattern': '([^']*)'", str(DOCUMENTS[audience]))

    assert [pattern for pattern in patterns if re.search(r"\\\\[zZA]|\(\?", pattern)] == []


@pytest.mark.parametrize("page", ["/docs", *(f"/docs/{audience}" for audience in DOCUMENTS)])
async def test_pages_need_no_other_host(embedded: Service, page: str) -> None:
    answer = await embedded.http.get(page)

    assert answer.status_code == 200
    assert re.findall(r"(?:https?:)?//[a-z]", answer.text) == []
    for reference in re.findall(r'(?:src|href|data-document)="([^"]+)"', answer.text):
        assert (await embedded.http.get(reference)).status_code == 200, reference


@pytest.mark.parametrize("audience", DOCUMENTS)
async def test_the_served_document_is_the_committed_one(edge: Edge, audience: str) -> None:
    assert (await edge.http.get(f"/openapi/{audience}.json")).json() == DOCUMENTS[audience]


def _within(part: Any, document: Any, *, seen: set[str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Every schema in a part of a document, references followed."""
    if isinstance(part, list):
        for one in part:
            yield from _within(one, document, seen=seen)
    elif isinstance(part, dict):
        yield part
        reference = part.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            seen.add(reference)
            yield from _within(document["components"]["schemas"][reference.rpartition("/")[2]], document, seen=seen)
        for one in part.values():
            yield from _within(one, document, seen=seen)
