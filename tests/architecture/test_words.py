"""One word for each thing: the words that the glossary forbids name nothing of ours."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "acceptance_api"
# Forbidden word: ours. `branch` is not here: besides outlets, which are never called so, an enterprise has branches.
FORBIDDEN = {
    "account": "agreement",
    "banned": "prohibited",
    "contract": "agreement",
    "courier_order": "acceptance",
    "event": "campaign",
    "illegal": "prohibited",
    "intake": "acceptance",
    "kyc": "verification",
    "package": "parcel",
    "pickup": "acceptance",
    "promotion": "campaign",
    "receiver": "addressee",
    "review": "inspection",
    "scan_result": "verdict",
    "shipment": "parcel",
    "shipper": "sender",
    "tracking": "waybill",
    "user": "clerk",
}
# A module with such a name has no subject of its own, and grows without end.
SHAPELESS = frozenset({"common", "helper", "helpers", "manager", "managers", "service", "services", "util", "utils"})
# Where the word is another thing: {file: words}.
ALLOWED = {
    "kernel/log.py": {"event"},  # a line of the log is structlog's event
    "law/model.py": {"user"},  # the acts' own word: 用户信息
    "regulator/model.py": {"user"},  # the same, 用户申诉
}


def words_of(name: str) -> list[str]:
    """The words of an identifier, in lower case: `scanResult` and `SCAN_RESULT` are `scan` and `result`."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def forbidden_in(name: str) -> set[str]:
    """The forbidden words an identifier holds, alone or as a pair."""
    words = words_of(name)
    singular = {word.removesuffix("s") for word in words}
    return ({*words, *singular, *map("_".join, pairwise(words))}) & FORBIDDEN.keys()


def names_defined_in(tree: ast.AST) -> Iterator[str]:
    """What a module names: classes, functions, parameters, variables, attributes, tables and columns."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.Call(func=ast.Name(id="Table" | "Column"), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case _:
                pass


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_our_words_name_things(path: Path) -> None:
    where = path.relative_to(SOURCE)
    modules = where.with_suffix("").parts
    names = [*names_defined_in(ast.parse(path.read_text())), *modules]
    allowed = ALLOWED.get(str(where), set())

    assert {name: FORBIDDEN[word] for name in names for word in forbidden_in(name) - allowed} == {}
    assert SHAPELESS.isdisjoint(word for module in modules for word in words_of(module))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("package", {"package"}, id="alone"),
        pytest.param("PackageOut", {"package"}, id="in camel case"),
        pytest.param("MAX_PACKAGES", {"package"}, id="in the plural"),
        pytest.param("scan_result", {"scan_result"}, id="a pair"),
        pytest.param("scan", set(), id="half a pair"),
        pytest.param("userinfo_at", set(), id="not a word of it"),
        pytest.param("parcel", set(), id="our word"),
    ],
)
def test_forbidden_in(name: str, found: set[str]) -> None:
    assert forbidden_in(name) == found


@pytest.mark.parametrize(
    "code",
    [
        "class Package: ...",
        "def package(): ...",
        "def f(package): ...",
        "package = 1",
        "package: int",
        "x.package = 1",
        "Table('package', metadata)",
        "Column('package', Uuid)",
        "for package in x: ...",
    ],
)
def test_every_way_to_name_a_thing_is_seen(code: str) -> None:
    assert any(forbidden_in(name) for name in names_defined_in(ast.parse(code)))


def test_using_a_strangers_word_is_no_naming() -> None:
    assert not any(forbidden_in(name) for name in names_defined_in(ast.parse("x = package.files(user=1)")))


def test_instant_is_the_only_type_decorator() -> None:
    decorators = [
        node.name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and any("TypeDecorator" in ast.unparse(base) for base in node.bases)
    ]

    assert decorators == ["Instant"], "sealing happens in the vault, in plain sight, never inside a column type"
