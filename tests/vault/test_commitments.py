"""Commitments of one text under many keys: to look for, where many were made at different times."""

from datetime import UTC, datetime
from uuid import UUID

from acceptance_api.vault import Vault

OWNER, OTHER = UUID(int=1), UUID(int=2)
SALT = UUID(int=9)
NOVEMBER, DECEMBER = datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2026, 12, 23, 4, tzinfo=UTC)


async def committed(vault: Vault, owner: UUID, at: datetime) -> bytes:
    return (await vault.scope(owner, at=at)).commit("label/1", SALT, "text")


def key_id_of(commitment: bytes) -> int:
    return int.from_bytes(commitment[:8], "big")


async def test_a_text_is_committed_to_anew_as_it_was_under_each_key(vault: Vault) -> None:
    made = [await committed(vault, OWNER, at) for at in (NOVEMBER, DECEMBER)]
    keys = [key_id_of(one) for one in made]
    given = {"owner_id": OWNER, "label": "label/1", "salt": SALT}

    assert set(await vault.commitments(keys, **given, text="text")) == set(made)  # type: ignore[arg-type]
    assert not set(await vault.commitments(keys, **given, text="other")) & set(made)  # type: ignore[arg-type]
    assert await vault.commitments(keys[:1], **given, text="text") == tuple(made[:1])  # type: ignore[arg-type]


async def test_keys_that_are_gone_another_owners_or_of_another_kind_are_left_out(vault: Vault) -> None:
    own, theirs = await committed(vault, OWNER, NOVEMBER), await committed(vault, OTHER, NOVEMBER)
    scope = await vault.scope(OWNER, at=NOVEMBER)
    keys = [key_id_of(own), key_id_of(theirs), scope.key_id, scope.index_key_id, 12_345]

    found = await vault.commitments(keys, owner_id=OWNER, label="label/1", salt=SALT, text="text")
    assert found == (own,)
