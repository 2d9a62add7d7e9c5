"""Opening: every way of moving or changing an envelope ends in a typed error that shows no value."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from acceptance_api.vault import Field, FileKeyStore, Index, KeyUnavailable, Scope, Tampered, Vault
from acceptance_api.vault.opening import Opener
from tests.vault.conftest import NOON, OWNER

NAME = Field("acceptance", "sender_name", 32)
ROW = UUID("0190a000-0000-7000-8000-0000000000aa")
STRANGER = UUID("0190a000-0000-7000-8000-000000000002")
OTHER_COLUMN = Field("acceptance", "addressee_name", 32)
OTHER_TABLE = Field("verification", "sender_name", 32)


@pytest.mark.parametrize(
    ("field", "owner", "row"),
    [
        pytest.param(NAME, OWNER, STRANGER, id="row"),
        pytest.param(OTHER_COLUMN, OWNER, ROW, id="column"),
        pytest.param(OTHER_TABLE, OWNER, ROW, id="table"),
        pytest.param(NAME, STRANGER, ROW, id="owner"),
    ],
)
async def test_an_envelope_opens_only_in_its_place(
    vault: Vault, scope: Scope, field: Field, owner: UUID, row: UUID
) -> None:
    sealed = scope.seal(NAME, ROW, "张三")
    opener = Opener(vault)
    await opener.ensure([sealed])
    with pytest.raises(Tampered) as caught:
        opener.open(field, owner, row, sealed)

    assert (caught.value.table, caught.value.column, caught.value.record_id) == (field.table, field.column, row)
    _shows_nothing(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sealed: b"\xe2" + sealed[1:], id="format"),
        pytest.param(lambda sealed: sealed[:1] + b"\x03" + sealed[2:], id="algorithm"),
        pytest.param(lambda sealed: sealed[:10] + bytes(12) + sealed[22:], id="nonce"),
        pytest.param(lambda sealed: sealed[:-16] + bytes(16), id="tag"),
        pytest.param(lambda sealed: sealed[:-1], id="cut by a byte"),
        pytest.param(lambda sealed: sealed[:20], id="cut to the header"),
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda sealed: sealed + b"\x00", id="extended"),
    ],
)
async def test_a_changed_envelope_is_tampered(vault: Vault, scope: Scope, change: Callable[[bytes], bytes]) -> None:
    changed = change(scope.seal(NAME, ROW, "张三"))
    opener = Opener(vault)
    await opener.ensure([changed, None])
    with pytest.raises(Tampered, match=r"^acceptance\.sender_name of record") as caught:
        opener.open(NAME, OWNER, ROW, changed)
    _shows_nothing(caught.value)


async def test_a_flip_of_any_byte_gives_a_typed_error(vault: Vault, scope: Scope) -> None:
    sealed = scope.seal(NAME, ROW, "张三")
    flips = [sealed[:at] + bytes([sealed[at] ^ 0x80]) + sealed[at + 1 :] for at in range(len(sealed))]
    opener = Opener(vault)
    await opener.ensure([sealed, *flips])
    for flip in flips:
        with pytest.raises((Tampered, KeyUnavailable)) as caught:
            opener.open(NAME, OWNER, ROW, flip)
        _shows_nothing(caught.value)


@pytest.mark.parametrize("which", [pytest.param(7, id="unknown"), pytest.param(2**64 - 1, id="beyond 63 bits")])
async def test_an_envelope_relabelled_to_an_unknown_key_says_which(vault: Vault, scope: Scope, which: int) -> None:
    sealed = scope.seal(NAME, ROW, "张三")
    relabelled = sealed[:2] + which.to_bytes(8, "big") + sealed[10:]
    opener = Opener(vault)
    await opener.ensure([relabelled])
    with pytest.raises(KeyUnavailable, match=str(which)) as caught:
        opener.open(NAME, OWNER, ROW, relabelled)
    assert caught.value.key_id == which


async def test_an_envelope_relabelled_to_another_key_of_the_owner_is_tampered(vault: Vault, scope: Scope) -> None:
    sealed = scope.seal(NAME, ROW, "张三")
    other = await vault.scope(STRANGER, at=NOON)
    opener = Opener(vault)
    for key_id in (other.key_id, scope.index_key_id):
        relabelled = sealed[:2] + key_id.to_bytes(8, "big") + sealed[10:]
        await opener.ensure([relabelled])
        with pytest.raises(Tampered):
            opener.open(NAME, OWNER, ROW, relabelled)


async def test_bytes_that_are_no_text_are_tampered_and_not_shown(vault: Vault, scope: Scope) -> None:
    sealed = scope.seal_bytes(NAME, ROW, b"\xff\xd8photo")
    opener = Opener(vault)
    await opener.ensure([sealed])

    assert opener.open_bytes(NAME, OWNER, ROW, sealed) == b"\xff\xd8photo"
    with pytest.raises(Tampered) as caught:
        opener.open(NAME, OWNER, ROW, sealed)
    assert caught.value.__context__ is None


async def test_a_key_that_was_not_ensured_is_unavailable(vault: Vault, scope: Scope) -> None:
    with pytest.raises(KeyUnavailable):
        Opener(vault).open(NAME, OWNER, ROW, scope.seal(NAME, ROW, "张三"))


async def test_a_key_too_old_is_unavailable_until_ensured_anew(key_store: FileKeyStore) -> None:
    now = [0.0]
    vault = Vault(key_store, max_age_s=10, monotonic=lambda: now[0])
    sealed = (await vault.scope(OWNER, at=NOON)).seal(NAME, ROW, "张三")
    opener = Opener(vault)
    await opener.ensure([sealed])
    now[0] = 10.0
    with pytest.raises(KeyUnavailable):
        opener.open(NAME, OWNER, ROW, sealed)
    await opener.ensure([sealed])

    assert opener.open(NAME, OWNER, ROW, sealed) == "张三"


async def test_an_opener_holds_every_key_it_ensured_even_if_the_vault_let_go(key_store: FileKeyStore) -> None:
    vault = Vault(key_store, keys_max=2)
    owners = [uuid4() for _ in range(5)]
    sealed = [(owner, (await vault.scope(owner, at=NOON)).seal(NAME, ROW, "张三")) for owner in owners]
    opener = Opener(vault)
    await opener.ensure(envelope for _, envelope in sealed)

    assert [opener.open(NAME, owner, ROW, envelope) for owner, envelope in sealed] == ["张三"] * 5


async def test_requests_that_share_an_opener_lose_no_key_to_one_another(key_store: FileKeyStore) -> None:
    writer, vault = Vault(key_store), Vault(key_store)
    owners = [uuid4() for _ in range(8)]
    sealed = [(owner, (await writer.scope(owner, at=NOON)).seal(NAME, ROW, "张三")) for owner in owners]
    opener = Opener(vault)
    await asyncio.gather(*(opener.ensure([envelope]) for _, envelope in sealed))
    await opener.ensure(envelope for _, envelope in sealed)

    assert [opener.open(NAME, owner, ROW, envelope) for owner, envelope in sealed] == ["张三"] * 8


async def test_a_stored_token_is_checked_against_the_opened_values(vault: Vault, scope: Scope) -> None:
    zhang = ("张三", "13800138000")
    token, key_id = scope.token(Index.NAME_AND_PHONE, *zhang), scope.index_key_id
    opener = Opener(vault)
    with pytest.raises(KeyUnavailable):
        opener.token_matches(token, key_id, Index.NAME_AND_PHONE, *zhang, owner_id=OWNER)
    await opener.ensure_index([key_id, scope.key_id])

    assert opener.token_matches(token, key_id, Index.NAME_AND_PHONE, "张 三", "+86 138 0013 8000", owner_id=OWNER)
    assert not opener.token_matches(token + 1, key_id, Index.NAME_AND_PHONE, *zhang, owner_id=OWNER)
    assert not opener.token_matches(token, key_id, Index.NAME_AND_PHONE, "李四", zhang[1], owner_id=OWNER)
    assert not opener.token_matches(token, key_id, Index.NAME_AND_PHONE, *zhang, owner_id=STRANGER)
    with pytest.raises(KeyUnavailable):
        opener.token_matches(token, scope.key_id, Index.PHONE, zhang[1], owner_id=OWNER)


def _shows_nothing(error: Exception) -> None:
    for shown in (str(error), repr(error), repr(error.__context__)):
        assert "张" not in shown
        assert "\\x" not in shown
