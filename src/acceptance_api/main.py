"""Composition root of the service: settings -> Office -> ASGI app."""

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from fastapi import FastAPI

from acceptance_api.acceptance import DecidingDesk, RuleDesk
from acceptance_api.access import SigningKeys, TokenIssuer, TokenVerifier
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.http.application import create_application
from acceptance_api.http.office import Office
from acceptance_api.identity import VerifyingDesk, open_authority
from acceptance_api.kernel import log
from acceptance_api.kernel.clock import Clock, SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Reader, Writer, open_lane
from acceptance_api.kernel.settings import Settings
from acceptance_api.regulator import SearchingDesk
from acceptance_api.rulesets import Shelf
from acceptance_api.screening import ScreeningDesk
from acceptance_api.sites import Roster, StaffNumbers
from acceptance_api.vault import FileKeyStore, Vault, verify_algorithms

_COLLECTED_AFTER = 20_000
"""Objects made, and not yet dropped, between two looks of the collector; a request makes and drops a thousand."""


def app() -> FastAPI:
    """The application as uvicorn starts it, from the environment's settings."""
    settings = Settings()
    log.configure(level=settings.log_level, style=settings.log_format)
    made = create_app(settings)
    # What is loaded now stays for good: the collector need not walk it again and again under load.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)
    return made


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
        lane = open_lane(database)
        stack.push_async_callback(lane.close)
        together = {"together_max": settings.commit_together_max, "waiting_max": settings.commit_waiting_max}
        reader, writer = Reader(lane, **together), Writer(lane, **together, lanes=lane.writers)
        stack.push_async_callback(writer.drain)
        roster = Roster(reader, lag_s=settings.revocation_lag_s)
        shelf = Shelf(database, lag_s=settings.revocation_lag_s)
        rules = RuleDesk(shelf)
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
            roster=roster,
            shelf=shelf,
            rules=rules,
            reader=reader,
            writer=writer,
            deciding=DecidingDesk(
                database=database, reader=reader, roster=roster, rules=rules, vault=vault, writer=writer
            ),
            screening=ScreeningDesk(database=database, reader=reader, roster=roster),
            verifying=VerifyingDesk(
                authority=authority,
                vault=vault,
                staff=StaffNumbers(database, reader, vault, lag_s=settings.revocation_lag_s),
                lifetime=timedelta(seconds=settings.verification_lifetime_s),
            ),
            searching=SearchingDesk(database=database, vault=vault, disclosure=disclosure),
            signing_keys=keys,
            issuer=TokenIssuer(keys, issuer=settings.issuer, lifetime_s=settings.token_lifetime_s),
            verifier=TokenVerifier(keys, reader, issuer=settings.issuer, revocation_lag_s=settings.revocation_lag_s),
            fingerprint_key=await vault.fixed_key("fingerprint"),
            cursor_key=await vault.fixed_key("cursor"),
        )
