"""Every operation of every OpenAPI document, with a request that fits its schema, made from the document alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from typing import Any

from acceptance_api.http.application import documents_of_audiences
from acceptance_api.kernel.ids import new_uuid
from tests.support.authorities import resident_number
from tests.support.service import Service

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]
_NAMED: Mapping[str, Any] = {
    "checked_on": "2026-06-01",
    "last_checked_on": "2026-06-01",
    "sampling_ratio": 0.5,
    "phone": "13800138000",
    "phone_last_4": "8000",
    "q": "dianchi",
    "goods_code": "G-12",
    "since": "2026-06-01T00:00:00+08:00",
}
_CODES = {"number", "id_number", "organisation_code", "uscc"}
_PATTERNED = ("SF1234567890123", "110105", "CN", "general", "0" * 64, "8000", "2026-11-01", "1.5", "A1", "1", "21:30")

_DIFFERENT = cycle("甲乙丙丁戊己庚辛")
"""Two people of one body are two people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of one document."""

    audience: str
    method: str
    path: str
    described: Schema
    document: Schema

    @property
    def parameters(self) -> tuple[Schema, ...]:
        """What may stand in the path, the query and the headers."""
        return tuple(self.described.get("parameters", ()))

    @property
    def json_schema(self) -> Schema | None:
        """The schema of its JSON body, if it takes one."""
        content = self.described.get("requestBody", {}).get("content", {})
        return content["application/json"]["schema"] if "application/json" in content else None

    def body(self) -> Any:  # noqa: ANN401 - JSON
        """A body with every optional field in it."""
        return _example(self.json_schema, self.document, "") if self.json_schema else None

    def url(self, **given: str) -> str:
        """The path, with an id of nothing for each parameter that is not given."""
        parameters = {p["name"]: _example(p["schema"], self.document, p["name"]) for p in self.parameters}
        return re.sub(r"\{(\w+)\}", lambda name: str(given.get(name[1], parameters[name[1]])), self.path)

    def query(self) -> dict[str, str]:
        """The query it demands."""
        return {
            p["name"]: str(_example(p["schema"], self.document, p["name"]))
            for p in self.parameters
            if p["in"] == "query" and p.get("required")
        }


@cache
def operations() -> tuple[Operation, ...]:
    """All of them; those that two documents share, once."""
    found: dict[tuple[str, str], Operation] = {}
    for audience, document in documents_of_audiences().items():
        for path, methods in document["paths"].items():
            for method, described in methods.items():
                found.setdefault(
                    (method, path),
                    Operation(
                        audience=audience, method=method.upper(), path=path, described=described, document=document
                    ),
                )
    return tuple(found.values())


async def headers_for(service: Service, operation: Operation) -> dict[str, str]:
    """Good headers for an operation."""
    if operation.audience == "counter":
        return await service.as_counter()
    if operation.audience == "enterprise":
        return await service.as_enterprise()
    return await service.as_regulator()


def places(body: Any, here: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    """Where in a body a value stands, the whole body included."""
    yield here
    members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, value in members:
        yield from places(value, (*here, step))


def replaced(body: Any, place: Path, value: object) -> Any:  # noqa: ANN401 - JSON
    """A copy of a body with another value in one place."""
    if not place:
        return value
    step, *rest = place
    copy: Any = dict(body) if isinstance(body, dict) else list(body)
    copy[step] = replaced(body[step], tuple(rest), value)
    return copy


def _example(schema: Schema, document: Schema, name: str) -> Any:  # noqa: ANN401 - JSON
    if "examples" in schema:
        return schema["examples"][0]
    return _NAMED[name] if name in _NAMED else _made(schema, document, name)


def _made(schema: Schema, document: Schema, name: str) -> Any:  # noqa: ANN401, PLR0911 - JSON has these types
    if "$ref" in schema:
        return _example(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, name)
    for combined in ("oneOf", "anyOf", "allOf"):
        if combined in schema:
            return _example(schema[combined][0], document, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        return {key: _example(value, document, key) for key, value in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [_example(schema["items"], document, name) for _ in range(max(1, schema.get("minItems", 0)))]
    if schema.get("type") in {"integer", "number"}:
        return schema.get("minimum", 1)
    if schema.get("type") == "boolean":
        return False
    return _text(schema, name)


def _text(schema: Schema, name: str) -> str:
    made = {"uuid": str(new_uuid()), "date": "2027-01-01", "date-time": "2027-01-01T00:00:00+08:00"}
    if schema.get("format") in made:
        return made[schema["format"]]
    if name in _CODES:
        return resident_number() if "number" in name else "91350100M000100Y43"
    if "pattern" in schema:
        return next(text for text in _PATTERNED if re.search(schema["pattern"], text))
    return f"示例词语{next(_DIFFERENT)}"
