"""What every handler needs, put together once in the composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from acceptance_api.acceptance import DecidingDesk, RuleDesk
from acceptance_api.access import SigningKeys, TokenIssuer, TokenVerifier
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.identity import VerifyingDesk
from acceptance_api.kernel.clock import Clock
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.express import Reader, Writer
from acceptance_api.kernel.settings import Settings
from acceptance_api.regulator import SearchingDesk
from acceptance_api.rulesets import Shelf
from acceptance_api.screening import ScreeningDesk
from acceptance_api.sites import Roster
from acceptance_api.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The collaborators of one process."""

    settings: Settings
    clock: Clock
    database: Database
    vault: Vault
    disclosure: DisclosureDesk
    roster: Roster
    shelf: Shelf
    rules: RuleDesk
    reader: Reader
    writer: Writer
    deciding: DecidingDesk
    screening: ScreeningDesk
    verifying: VerifyingDesk
    searching: SearchingDesk
    signing_keys: SigningKeys
    issuer: TokenIssuer
    verifier: TokenVerifier
    fingerprint_key: bytes
    cursor_key: bytes

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Everything inside is committed when the block ends, before the answer is built, or nothing is."""
        async with self.database.transaction() as tx:
            yield tx


async def current_office(request: Request) -> Office:
    """The office of this process."""
    office: Office = request.app.state.office
    return office


OfficeDep = Annotated[Office, Depends(current_office)]
