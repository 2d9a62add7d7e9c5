"""Looking: no plaintext without a committed entry, and nothing personal in what goes wrong."""

import shutil
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from acceptance_api.audit import Action, Actor, Entry, find_entries
from acceptance_api.disclosure import Cell, DisclosureDesk, Look, Mask, Probe
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.log import SAFE_FIELDS
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import Field, FileKeyStore, Index, Scope, Vault
from tests.support.authorities import closed_address
from tests.support.builders import NOON

OWNER = new_uuid()
STREAM = new_uuid()
NAME = Field("acceptance", "sender_name", 32)
PHONE = Field("acceptance", "sender_phone", 16)
PERSON = {NAME: "张建国", PHONE: "13800138000"}
MASKS = {NAME: Mask.NAME, PHONE: Mask.PHONE}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with a key store of its own."""
    return Vault(FileKeyStore(tmp_path / "keys"))


@pytest.fixture
def desk(database: Database, vault: Vault) -> DisclosureDesk:
    """The door to plaintext."""
    return DisclosureDesk(database, vault)


@pytest.fixture
async def scope(vault: Vault) -> Scope:
    """What seals for the owner."""
    return await vault.scope(OWNER, at=NOON)


@pytest.fixture
async def look(desk: DisclosureDesk) -> Look:
    """A look that was recorded."""
    return await desk.begin(entry())


def entry() -> Entry:
    """The entry of a look."""
    return Entry(
        action=Action.RECORDS_SEARCHED, actor=Actor(client_id=new_uuid()), at=NOON, stream_id=STREAM, subject_id=STREAM
    )


def cell(scope: Scope, field: Field = NAME, value: str | None = None) -> Cell:
    """A sealed value of the person."""
    record_id = new_uuid()
    sealed = scope.seal(field, record_id, PERSON[field] if value is None else value)
    return Cell(field=field, owner_id=OWNER, record_id=record_id, envelope=sealed, mask=MASKS[field])


def probe(scope: Scope, *, phone: str = PERSON[PHONE], token: int | None = None) -> Probe:
    """A record of the person that claims to have a telephone."""
    return Probe(
        index=Index.PHONE,
        index_key_id=scope.index_key_id,
        token=scope.token(Index.PHONE, phone) if token is None else token,
        cells=(cell(scope, PHONE),),
    )


async def entries(database: Database) -> tuple[Entry, ...]:
    """What stands in the trail."""
    async with database.read() as tx:
        return await find_entries(tx, STREAM)


async def test_a_look_opens_and_masks_in_order(look: Look, scope: Scope) -> None:
    name, phone = cell(scope), cell(scope, PHONE)
    nothing = replace(name, envelope=None)

    assert await look.full([phone, nothing, name]) == ("13800138000", None, "张建国")
    assert await look.masked([{"name": name, "none": nothing}, {}, {"phone": phone}]) == (
        {"name": "张**", "none": None},
        {},
        {"phone": "13*******00"},
    )
    assert await look.full([]) == ()
    assert await look.masked([]) == ()
    assert await look.confirmed([]) == ()


async def test_the_entry_is_in_the_database_before_there_is_a_look(desk: DisclosureDesk, database: Database) -> None:
    expected = entry()
    seen: list[tuple[Entry, ...]] = []

    async def alongside(_tx: Tx) -> None:
        seen.append(await entries(database))

    await desk.begin(expected, alongside=alongside)
    seen.append(await entries(database))

    assert seen == [(), (expected,)]


async def test_what_fails_alongside_takes_the_entry_with_it(desk: DisclosureDesk, database: Database) -> None:
    async def alongside(_tx: Tx) -> None:
        raise Problem(Kind.CASE_NOT_OPEN)

    with pytest.raises(Problem):
        await desk.begin(entry(), alongside=alongside)

    assert await entries(database) == ()


async def test_nothing_is_opened_when_the_entry_cannot_be_written(desk: DisclosureDesk, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("DROP TABLE audit_entries"))

    with pytest.raises((Problem, DBAPIError)):
        await desk.begin(entry())


async def test_nothing_is_opened_when_the_database_is_gone(vault: Vault) -> None:
    gone = Database(closed_address().replace("http://", "postgresql+asyncpg://nobody@") + "/nowhere")
    with pytest.raises(Problem) as caught:
        await DisclosureDesk(gone, vault).begin(entry())
    await gone.dispose()

    assert caught.value.kind is Kind.DATABASE_UNAVAILABLE


async def test_nothing_is_opened_when_the_commit_fails(database: Database, vault: Vault) -> None:
    """A deferred constraint fails at the commit, after every statement went well."""
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        await tx.execute(text("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"))

    async def alongside(tx: Tx) -> None:
        await tx.execute(text("INSERT INTO child VALUES (1)"))

    with pytest.raises(IntegrityError):
        await DisclosureDesk(database, vault).begin(entry(), alongside=alongside)

    assert await entries(database) == ()


async def test_tokens_are_confirmed_from_the_opened_values(look: Look, scope: Scope) -> None:
    good = probe(scope, phone="+86 138 0013 8000")
    collided = probe(scope, phone="13900139000")
    edited = probe(scope, token=good.token ^ 1)
    emptied = replace(good, cells=(replace(good.cells[0], envelope=None),))

    with structlog.testing.capture_logs() as lines:
        assert await look.confirmed([collided, good, edited, emptied]) == (False, True, False, False)

    assert [line["event"] for line in lines] == ["token does not match its record"] * 3
    _are_clean(lines)


async def _full(look: Look, one: Cell) -> None:
    await look.full([one])


async def _masked(look: Look, one: Cell) -> None:
    await look.masked([{"name": one}])


async def _confirmed(look: Look, one: Cell) -> None:
    await look.confirmed([Probe(index=Index.PHONE, index_key_id=1, token=1, cells=(one,))])


OPENING = pytest.mark.parametrize("opening", [_full, _masked, _confirmed])
Opening = Callable[[Look, Cell], Awaitable[None]]


@OPENING
async def test_a_swapped_envelope_is_found_out(look: Look, scope: Scope, opening: Opening) -> None:
    swapped = replace(cell(scope), envelope=cell(scope).envelope)

    with structlog.testing.capture_logs() as lines:
        kind, shown = await _problem(opening, look, swapped)

    assert kind is Kind.SEALED_DATA_DAMAGED
    assert [(line["event"], line["table"], line["column"], line["record_id"]) for line in lines] == [
        ("sealed value fails its authentication", "acceptance", "sender_name", str(swapped.record_id))
    ]
    _are_clean(lines)
    _is_clean(shown)


@OPENING
async def test_a_missing_key_is_said_to_be_missing(look: Look, scope: Scope, opening: Opening) -> None:
    sealed = cell(scope)
    assert sealed.envelope is not None
    unknown = replace(sealed, envelope=sealed.envelope[:2] + (7).to_bytes(8, "big") + sealed.envelope[10:])
    kind, shown = await _problem(opening, look, unknown)

    assert kind is Kind.KEYS_UNAVAILABLE
    _is_clean(shown)


async def test_a_missing_index_key_is_said_to_be_missing(look: Look, scope: Scope) -> None:
    with pytest.raises(Problem) as caught:
        await look.confirmed([replace(probe(scope), index_key_id=7)])

    assert caught.value.kind is Kind.KEYS_UNAVAILABLE


@OPENING
async def test_a_key_store_that_does_not_answer_opens_nothing(
    database: Database, scope: Scope, tmp_path: Path, opening: Opening
) -> None:
    sealed = cell(scope)
    shutil.rmtree(tmp_path / "keys")
    (tmp_path / "keys").write_text("not a directory")
    look = await DisclosureDesk(database, Vault(FileKeyStore(tmp_path / "keys"))).begin(entry())

    kind, _ = await _problem(opening, look, sealed)

    assert kind is Kind.KEYS_UNAVAILABLE


async def test_nothing_shows_a_value_by_its_repr(look: Look, scope: Scope, desk: DisclosureDesk) -> None:
    asked = probe(scope)
    await look.full(asked.cells)

    for shown in (repr(look), repr(desk), repr(asked), repr(asked.cells)):
        _is_clean(shown)


async def _problem(opening: Opening, look: Look, one: Cell) -> tuple[Kind, str]:
    with pytest.raises(Problem) as caught:
        await opening(look, one)
    return caught.value.kind, "".join(traceback.format_exception(caught.value))


def _are_clean(lines: list[structlog.typing.EventDict]) -> None:
    assert {name for line in lines for name in line} - {"log_level"} <= SAFE_FIELDS
    _is_clean(repr(lines))


def _is_clean(shown: str) -> None:
    for value in (*PERSON.values(), "建国", "138001", "13900139000"):
        assert value not in shown
