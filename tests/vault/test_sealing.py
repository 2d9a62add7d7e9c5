"""Sealing for one owner and day: keys, lengths, commitments, and what must never show."""

import asyncio
import threading
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from acceptance_api.vault import Field, FileKeyStore, Index, KeyUnavailable, Scope, Sealed, Vault
from acceptance_api.vault.envelope import named_key
from acceptance_api.vault.key_store import KeyKind, KeyRecord
from acceptance_api.vault.opening import Opener
from tests.vault.conftest import NOON, OWNER

NAME = Field("acceptance", "sender_name", 32)
PHONE = Field("acceptance", "sender_phone", 16)
STRANGER = UUID("0190a000-0000-7000-8000-000000000002")


class CountingKeyStore(FileKeyStore):
    """A real key store that counts how often it was asked to unwrap."""

    unwrapped = 0

    async def unwrap(self, records: Collection[KeyRecord]) -> Mapping[int, bytes]:
        """Count, and do it."""
        self.unwrapped += 1
        await asyncio.sleep(0.01)
        return await super().unwrap(records)


async def test_names_of_one_to_nine_characters_have_equal_lengths(scope: Scope) -> None:
    lengths = {len(scope.seal(NAME, uuid4(), "张" * count)) for count in range(1, 10)}
    assert lengths == {22 + 32 + 16}


async def test_a_longer_value_takes_the_next_bucket(scope: Scope) -> None:
    assert len(scope.seal(PHONE, uuid4(), "1" * 16)) == 22 + 32 + 16


async def test_no_two_envelopes_of_one_value_are_equal(scope: Scope) -> None:
    record = uuid4()
    assert len({scope.seal(NAME, record, "张三") for _ in range(500)}) == 500


async def test_a_record_is_sealed_column_by_column_and_nothing_stays_nothing(vault: Vault, scope: Scope) -> None:
    record, opener = uuid4(), Opener(vault)
    row = scope.seal_record(record, {NAME: "张三", PHONE: None})
    await opener.ensure(row.values())

    assert row["sender_phone_sealed"] is None
    assert opener.open(NAME, OWNER, record, row["sender_name_sealed"] or b"") == "张三"


async def test_two_fields_may_not_go_into_one_column(scope: Scope) -> None:
    with pytest.raises(ValueError, match="one column"):
        scope.seal_record(uuid4(), {NAME: "张三", Field("verification", "sender_name", 32): "李四"})


def test_a_bucket_holds_at_least_one_byte() -> None:
    with pytest.raises(ValueError, match="bucket"):
        Field("acceptance", "sender_name", 0)


async def test_a_day_and_a_month_have_keys_of_their_own(vault: Vault) -> None:
    today = await vault.scope(OWNER, at=NOON)
    tomorrow = await vault.scope(OWNER, at=NOON + timedelta(days=1))
    next_month = await vault.scope(OWNER, at=datetime(2026, 11, 30, 16, tzinfo=UTC))

    assert len({today.key_id, tomorrow.key_id, next_month.key_id}) == 3
    assert today.index_key_id == tomorrow.index_key_id != next_month.index_key_id


async def test_a_legal_day_begins_at_midnight_in_china(vault: Vault) -> None:
    before = await vault.scope(OWNER, at=datetime(2026, 11, 5, 15, 59, tzinfo=UTC))
    after = await vault.scope(OWNER, at=datetime(2026, 11, 5, 16, tzinfo=UTC))

    assert before is await vault.scope(OWNER, at=NOON)
    assert before.key_id != after.key_id


async def test_two_owners_share_no_key_and_no_token(vault: Vault, scope: Scope) -> None:
    other = await vault.scope(STRANGER, at=NOON)

    assert {other.key_id, other.index_key_id}.isdisjoint({scope.key_id, scope.index_key_id})
    assert other.token(Index.PHONE, "13800138000") != scope.token(Index.PHONE, "13800138000")


async def test_a_second_process_uses_the_keys_of_the_first(key_store: FileKeyStore, scope: Scope) -> None:
    again = await Vault(key_store).scope(OWNER, at=NOON)
    assert (again.key_id, again.index_key_id) == (scope.key_id, scope.index_key_id)


async def test_many_who_ask_at_once_cause_one_fetch(key_store: FileKeyStore, scope: Scope) -> None:
    counting = CountingKeyStore(key_store._database.parent)
    vault = Vault(counting)
    scopes = await asyncio.gather(*(vault.scope(OWNER, at=NOON) for _ in range(200)))

    assert {each.key_id for each in scopes} == {scope.key_id}
    assert counting.unwrapped == 1


async def test_one_who_gives_up_does_not_take_the_others_along(key_store: FileKeyStore) -> None:
    vault = Vault(key_store)
    first, second = (asyncio.create_task(vault.scope(OWNER, at=NOON)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).key_id > 0
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_key_is_succeeded_when_it_has_sealed_often_enough(key_store: FileKeyStore) -> None:
    vault = Vault(key_store, seals_max=3)
    first = await vault.scope(OWNER, at=NOON)
    sealed = [first.seal(NAME, OWNER, "张三") for _ in range(3)]
    second = await vault.scope(OWNER, at=NOON)
    opener = Opener(vault)
    await opener.ensure(sealed)

    assert second.key_id != first.key_id
    assert second.index_key_id == first.index_key_id
    assert opener.open(NAME, OWNER, OWNER, sealed[0]) == "张三"
    assert (await Vault(key_store).scope(OWNER, at=NOON)).key_id == second.key_id


async def test_the_count_of_seals_outlives_a_reload_of_the_key(key_store: FileKeyStore) -> None:
    now = [0.0]
    vault = Vault(key_store, seals_max=4, max_age_s=10, monotonic=lambda: now[0])
    first = await vault.scope(OWNER, at=NOON)
    for _ in range(2):
        first.seal(NAME, OWNER, "张三")
    now[0] = 9.5
    reloaded = await vault.scope(OWNER, at=NOON)
    for _ in range(2):
        reloaded.seal(NAME, OWNER, "张三")

    assert reloaded is not first
    assert reloaded.key_id == first.key_id != (await vault.scope(OWNER, at=NOON)).key_id


async def test_a_vault_keeps_no_more_keys_than_it_may(key_store: FileKeyStore) -> None:
    vault = Vault(key_store, keys_max=5)
    scopes = [await vault.scope(uuid4(), at=NOON) for _ in range(4)]
    sealed = [scope.seal(NAME, OWNER, "张三") for scope in scopes]
    opener = Opener(vault)
    await opener.ensure(sealed)

    assert len(vault.keyring._keys) == 5
    assert len({named_key(each) for each in sealed}) == 4


async def test_search_tokens_cover_owners_and_months_and_mint_nothing(vault: Vault, key_store: FileKeyStore) -> None:
    november = await vault.scope(OWNER, at=NOON)
    december = await vault.scope(OWNER, at=NOON + timedelta(days=30))
    other = await vault.scope(STRANGER, at=NOON)
    nobody = uuid4()

    tokens = await vault.search_tokens(
        [OWNER, STRANGER, nobody], ["2026-11", "2026-12", "2027-01"], Index.PHONE, "+86 138 0013 8000"
    )

    assert set(tokens) == {each.token(Index.PHONE, "13800138000") for each in (november, december, other)}
    assert await vault.search_tokens([nobody], ["2026-11"], Index.PHONE, "13800138000") == ()
    assert await key_store.list_live(KeyKind.INDEX, owners=[str(nobody)], scopes=["2026-11"]) == ()


async def test_a_search_reaches_more_owners_than_one_statement_holds(vault: Vault, scope: Scope) -> None:
    owners = [*(uuid4() for _ in range(1_200)), OWNER]
    tokens = await vault.search_tokens(owners, ["2026-11"], Index.PHONE, "13800138000")
    assert tokens == (scope.token(Index.PHONE, "13800138000"),)


SALT = UUID("0190a000-0000-7000-8000-00000000000a")


@pytest.mark.parametrize(
    ("label", "salt", "text", "owner", "matches"),
    [
        pytest.param("sender_name", SALT, "张三", OWNER, True, id="the same"),
        pytest.param("sender_phone", SALT, "张三", OWNER, False, id="another label"),
        pytest.param("sender_name", OWNER, "张三", OWNER, False, id="another salt"),
        pytest.param("sender_name", SALT, "李四", OWNER, False, id="another text"),
        pytest.param("sender_name", SALT, "张三", STRANGER, False, id="another owner"),
    ],
)
async def test_a_commitment_matches_what_was_committed_to(
    vault: Vault, scope: Scope, label: str, salt: UUID, text: str, owner: UUID, *, matches: bool
) -> None:
    commitment = scope.commit("sender_name", SALT, "张三")
    assert await vault.commitment_matches(commitment, owner_id=owner, label=label, salt=salt, text=text) is matches


async def test_what_is_no_commitment_does_not_match(vault: Vault, scope: Scope) -> None:
    genuine = scope.commit("sender_name", SALT, "张三")
    others = [b"", genuine[:-1], b"\xff" * 40, scope.key_id.to_bytes(8, "big") + genuine[8:]]
    for other in others:
        assert not await vault.commitment_matches(other, owner_id=OWNER, label="sender_name", salt=SALT, text="张三")


async def test_a_commitment_under_an_unknown_key_cannot_be_judged(vault: Vault) -> None:
    with pytest.raises(KeyUnavailable):
        await vault.commitment_matches(bytes(40), owner_id=OWNER, label="sender_name", salt=SALT, text="张三")


async def test_fixed_keys_stay_the_same_and_differ_by_purpose(vault: Vault, key_store: FileKeyStore) -> None:
    fingerprint, cursor = await vault.fixed_key("fingerprint"), await vault.fixed_key("cursor")

    assert len(fingerprint) == len(cursor) == 32
    assert fingerprint != cursor
    assert fingerprint == await vault.fixed_key("fingerprint") == await Vault(key_store).fixed_key("fingerprint")


async def test_a_purpose_is_a_word(vault: Vault) -> None:
    with pytest.raises(ValueError, match="purpose"):
        await vault.fixed_key("a|b")


async def test_a_text_that_is_no_unicode_is_refused_without_a_trace_of_it(scope: Scope) -> None:
    for refused in (
        lambda: scope.seal(NAME, OWNER, "张三\ud800"),
        lambda: scope.seal_record(OWNER, {NAME: "张三\ud800"}),
        lambda: scope.commit("sender_name", SALT, "张三\ud800"),
    ):
        with pytest.raises(ValueError, match="not well-formed") as caught:
            refused()
        assert "张" not in repr(caught.value)
        assert caught.value.__context__ is None


async def test_nothing_that_can_be_shown_shows_a_value_or_a_key(vault: Vault, scope: Scope) -> None:
    sealed = Sealed(NAME, OWNER, scope.seal(NAME, OWNER, "张三"))
    secret = await vault.fixed_key("fingerprint")

    assert f"{sealed}" == str(sealed) == repr(sealed) == "<sealed acceptance.sender_name>"
    for thing in (scope, vault, vault.keyring, *vault.keyring._keys._items.values(), Opener(vault)):
        assert "张" not in repr(thing)
        assert repr(secret)[2:-1] not in repr(thing)


async def test_sixteen_threads_never_seal_under_another_owners_key(vault: Vault) -> None:
    owners = [uuid4() for _ in range(4)]
    scopes = {owner: await vault.scope(owner, at=NOON) for owner in owners}
    sealed: list[tuple[UUID, bytes]] = []
    start = threading.Barrier(16)

    def seal(owner: UUID) -> None:
        start.wait()
        sealed.extend((owner, scopes[owner].seal(NAME, owner, str(owner))) for _ in range(200))

    threads = [threading.Thread(target=seal, args=(owners[number % 4],)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opener = Opener(vault)
    await opener.ensure(envelope for _, envelope in sealed)

    assert len(sealed) == 3_200
    assert all(named_key(envelope) == scopes[owner].key_id for owner, envelope in sealed)
    assert all(opener.open(NAME, owner, owner, envelope) == str(owner) for owner, envelope in sealed)
