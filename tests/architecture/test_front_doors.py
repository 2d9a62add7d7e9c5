"""A room is entered through its front door, or for its words; its tables are its own."""

import grimp
import pytest

PACKAGE = "acceptance_api"
# Composition roots put the rooms together, so they may take a piece from the inside of any.
ROOTS = frozenset({"__main__", "cli", "demo", "documentation", "main", "worker"})
# The one door to plaintext: the import contracts protect it for this room alone.
EXCEPTIONS = frozenset({(f"{PACKAGE}.disclosure", f"{PACKAGE}.vault.opening")})


def room_of(module: str) -> str:
    """The room a module stands in."""
    return module.split(".")[1] if "." in module else ""


def is_breach(importer: str, imported: str) -> bool:
    """Whether a module reaches into another room past its front door."""
    room, other = room_of(importer), room_of(imported)
    if room == other or other in {"", "kernel"} or (f"{PACKAGE}.{room}", imported) in EXCEPTIONS:
        return False
    if imported.split(".")[2:3] == ["tables"]:
        return True
    return room not in ROOTS and imported not in {f"{PACKAGE}.{other}", f"{PACKAGE}.{other}.model"}


def test_rooms_are_entered_through_their_front_doors() -> None:
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    pairs = {(one, two) for one in graph.modules for two in graph.find_modules_directly_imported_by(one)}

    assert len(pairs) > 1
    assert sorted(f"{one} -> {two}" for one, two in pairs if is_breach(one, two)) == []


def test_strangers_are_called_from_adapters_only() -> None:
    graph = grimp.build_graph(PACKAGE, include_external_packages=True, cache_dir=None)
    callers = graph.find_modules_that_directly_import("httpx")

    assert callers
    assert [name for name in callers if not (name.endswith("_http") or room_of(name) == "demo")] == []


@pytest.mark.parametrize(
    ("importer", "imported", "breach"),
    [
        pytest.param("http.counter.sites", "sites", False, id="the front door"),
        pytest.param("http.counter.sites", "sites.model", False, id="its words"),
        pytest.param("http.counter.sites", "sites.store", True, id="its inside"),
        pytest.param("http.counter.sites", "http.office", False, id="the same room"),
        pytest.param("access.model", "audit.model", False, id="words of a room below"),
        pytest.param("access.store", "audit.tables", True, id="tables of a room below"),
        pytest.param("main", "vault.file_key_store", False, id="a root puts rooms together"),
        pytest.param("cli", "sites.tables", True, id="not even a root touches tables"),
        pytest.param("sites.store", "kernel.database", False, id="the kernel is open"),
        pytest.param("disclosure.opening", "vault.opening", False, id="the door to plaintext"),
        pytest.param("regulator.opening", "vault.opening", True, id="and nobody else's"),
    ],
)
def test_is_breach(importer: str, imported: str, breach: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_breach(f"{PACKAGE}.{importer}", f"{PACKAGE}.{imported}") is breach
