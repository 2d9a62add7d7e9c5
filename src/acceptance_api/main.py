"""Composition root of the service: settings -> Office -> ASGI app."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from fastapi import FastAPI

from acceptance_api.access import SigningKeys, TokenIssuer, TokenVerifier
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.http.application import create_application
from acceptance_api.http.office import Office
from acceptance_api.identity import VerifyingDesk, open_authority
from acceptance_api.kernel import log
from acceptance_api.kernel.clock import Clock, SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.settings import Settings
from acceptance_api.regulator import SearchingDesk
from acceptance_api.vault import FileKeyStore, Vault, verify_algorithms


def app() -> FastAPI:
    """The application as uvicorn starts it, from the environment's settings."""
    settings = Settings()
    log.configure(level=settings.log_level, style=settings.log_format)
    return create_app(settings)


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The application with these settings."""
    return create_application(settings, partial(open_office, settings, clock or SystemClock()))


@asynccontextmanager
async def open_office(settings: Settings, clock: Clock) -> AsyncIterator[Office]:
    """Put the collaborators of one process together, and take them apart at the end.

    Raises:
        BrokenAlgorithm: this build of the cryptography library answers wrongly; nothing is served.
    """
    verify_algorithms()
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url, pool_size=settings.database_pool_size)
        stack.push_async_callback(database.dispose)
        vault = Vault(FileKeyStore(settings.key_directory))
        authority = await stack.enter_async_context(open_authority(settings, clock))
        disclosure = DisclosureDesk(database, vault)
        keys = SigningKeys(settings.key_directory)
        yield Office(
            settings=settings,
            clock=clock,
            database=database,
            vault=vault,
            disclosure=disclosure,
            verifying=VerifyingDesk(
                authority=authority,
                vault=vault,
                lifetime=timedelta(seconds=settings.verification_lifetime_s),
            ),
            searching=SearchingDesk(database=database, vault=vault, disclosure=disclosure),
            signing_keys=keys,
            issuer=TokenIssuer(keys, issuer=settings.issuer, lifetime_s=settings.token_lifetime_s),
            verifier=TokenVerifier(keys, issuer=settings.issuer, revocation_lag_s=settings.revocation_lag_s),
            fingerprint_key=await vault.fixed_key("fingerprint"),
            cursor_key=await vault.fixed_key("cursor"),
        )
