"""The demo command."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from acceptance_api.demo.day import run_day
from acceptance_api.demo.world import World, make_world
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.migrations import upgrade
from acceptance_api.kernel.settings import Settings
from acceptance_api.vault import FileKeyStore, Vault

_DIRECTORY = Path("var/demo")
_NEXT = """
What to open next:
  make serve                     the same service, empty, with sandbox credentials
  http://127.0.0.1:8080/docs     its three audiences, readable offline
  README.md                      a real acceptance with curl
  docs/ARCHITECTURE.md           how it is built, and why
"""


def demo(
    parcels: Annotated[int, typer.Option(min=20, max=100_000, help="How many parcels the day has.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed makes the same day.")] = 20_260_305,
) -> None:
    """Run a counter's day against the live service, then look at it as the regulator does.

    Uses SQLite and file keys in var/demo, made anew; ACCEPTANCE_DATABASE_URL names another, empty database.
    """
    console = Console(width=max(110, Console().width))
    shutil.rmtree(_DIRECTORY, ignore_errors=True)
    _DIRECTORY.mkdir(parents=True)
    settings = _settings()
    console.print(f"Database: {settings.database_url.split(':', maxsplit=1)[0]}   keys: {settings.key_directory}")
    world = asyncio.run(_world(settings))
    is_complete = run_day(console, settings, world, parcels=parcels, seed=seed, directory=_DIRECTORY)
    console.print(_NEXT, highlight=False)
    if not is_complete:
        console.print("[red]The day did not go as it must.[/]")
        raise typer.Exit(code=1)


def _settings() -> Settings:
    given = os.environ.get("ACCEPTANCE_DATABASE_URL")
    url = given or f"sqlite+aiosqlite:///{_DIRECTORY}/acceptance.db"
    return Settings(_env_file=None, database_url=url, key_directory=_DIRECTORY / "keys")


async def _world(settings: Settings) -> World:
    await upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        return await make_world(database, Vault(FileKeyStore(settings.key_directory)), at=SystemClock().now())
    finally:
        await database.dispose()
