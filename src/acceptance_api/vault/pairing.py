"""A database and its key store belong together: what one sealed, another's keys can never open."""

import hashlib
import hmac

from sqlalchemy import select

from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.vault.sealing import Vault
from acceptance_api.vault.tables import key_store_pairings

_PURPOSE = "pairing"


class WrongKeyStore(Exception):  # noqa: N818 - says what is wrong, as the vault's other words do
    """The database was used with other keys: the directory is empty, restored wrongly, or another's."""


async def require_paired(tx: Tx, vault: Vault) -> None:
    """Let a database and a key store find each other once, and never again another.

    Raises:
        WrongKeyStore: the keys are not those this database was first used with; nothing may be sealed.
        KeyStoreUnavailable, KeyUnavailable: the key store cannot be asked.
    """
    key = await vault.fixed_key(_PURPOSE)
    check_value = hmac.new(key, b"acceptance-api/pairing/1", hashlib.sha256).digest()
    await insert_new(tx, key_store_pairings, {"purpose": _PURPOSE, "check_value": check_value})
    query = select(key_store_pairings.c.check_value).where(key_store_pairings.c.purpose == _PURPOSE)
    known: bytes = (await tx.execute(query)).scalar_one()
    if not hmac.compare_digest(known, check_value):
        raise WrongKeyStore
