"""Serving: the service itself, its migrations, and the sandbox authority."""

import asyncio
import signal
import sys
from contextlib import nullcontext
from typing import Annotated

import typer
import uvicorn

from acceptance_api.cli.beside import worker_beside
from acceptance_api.demo.world import Credentials, World, make_world
from acceptance_api.identity import create_sandbox
from acceptance_api.kernel import log
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.distributing import NoCluster, PlacedOtherwise, distribute, require_cluster
from acceptance_api.kernel.durability import CarelessDatabase, require_durable
from acceptance_api.kernel.migrations import is_current, upgrade
from acceptance_api.kernel.settings import Settings
from acceptance_api.sites import has_enterprises
from acceptance_api.vault import FileKeyStore, Vault, WrongKeyStore, require_paired

sandbox = typer.Typer(help="Stand-ins for strangers.", no_args_is_help=True)
_DRAIN_S = 10
_LOOPBACK = "127.0.0.1"


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that serve; SQLite is served best by one.")
    ] = None,
    with_sandbox: Annotated[
        bool,
        typer.Option("--sandbox", help="In an empty database make a sandbox world and print its credentials, once."),
    ] = False,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run a worker beside the service, or leave that to others.")
    ] = True,
) -> None:
    """Serve until stopped. An embedded (SQLite) database is migrated first; a server's must be: `migrate`."""
    settings = Settings()
    asyncio.run(prepare(settings, with_sandbox=with_sandbox))
    # uvicorn raises the signal again when it has drained: then the worker is stopped too, and all end in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with worker_beside() if with_worker else nullcontext():
        uvicorn.run(
            "acceptance_api.main:app",
            factory=True,
            host=host or settings.host,
            port=settings.port if port is None else port,
            workers=workers or settings.workers,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nobody asks for the client's address
            timeout_graceful_shutdown=_DRAIN_S,
        )


def migrate(
    *,
    citus: Annotated[
        bool, typer.Option("--citus", help="Then spread its tables over a Citus cluster; see docs/scaling.md.")
    ] = False,
) -> None:
    """Bring the database to this release's schema."""
    url = Settings().database_url
    try:
        asyncio.run(_migrate(url, is_cluster=citus))
    except (NoCluster, PlacedOtherwise) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(code=1) from None


@sandbox.command("authority")
def run_authority(port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 8090) -> None:
    """Run the sandbox identity authority: speaks both vendors' shapes, and misbehaves when told to.

    `PUT /sandbox/behaviour {"mode": "slow", "delay_s": 2}`; modes: GET /sandbox/behaviour.
    """
    uvicorn.run(create_sandbox(), host=_LOOPBACK, port=port, log_level="warning", access_log=False)


async def _migrate(url: str, *, is_cluster: bool) -> None:
    if is_cluster:
        await require_cluster(url)
    await upgrade(url)
    typer.echo("the database has this release's schema")
    if is_cluster:
        async for one in distribute(url):
            typer.echo(str(one))
        typer.echo("every table is in its place")


async def prepare(settings: Settings, *, with_sandbox: bool) -> None:
    """Before a process begins: this release's schema, and what `_open_once` looks at.

    Raises:
        typer.Exit: it must not begin; why was printed.
    """
    is_embedded = settings.database_url.startswith("sqlite")
    if is_embedded or with_sandbox:
        await upgrade(settings.database_url)
    elif not await is_current(settings.database_url):
        typer.echo("the database does not have this release's schema: run `acceptance-api migrate` first", err=True)
        raise typer.Exit(code=1)
    await _open_once(settings, with_sandbox=with_sandbox)


async def _open_once(settings: Settings, *, with_sandbox: bool) -> None:
    """Before anything is served: a careful database, its own keys, and the sandbox world if it is asked for."""
    log.configure(level=settings.log_level, style=settings.log_format)
    database, vault = Database(settings.database_url), Vault(FileKeyStore(settings.key_directory))
    try:
        await require_durable(database, is_told=settings.unsafe_database)
        async with database.transaction() as tx:
            await require_paired(tx, vault)
            is_empty = not await has_enterprises(tx)
        if with_sandbox and is_empty:
            show_world(await make_world(database, vault, at=SystemClock().now()))
    except WrongKeyStore:
        typer.echo(f"the keys in {settings.key_directory} are not those of this database: nothing is served", err=True)
        raise typer.Exit(code=1) from None
    except CarelessDatabase as error:
        typer.echo(f"{error}\nnothing is served; ACCEPTANCE_UNSAFE_DATABASE=true serves it all the same", err=True)
        raise typer.Exit(code=1) from None
    finally:
        await database.dispose()


def show_world(world: World) -> None:
    """Print the sandbox's credentials, ready to paste into a shell. They are shown once: only digests are stored."""
    typer.echo("# The sandbox, shown once. Paste this into the shell that speaks to the service:")
    for audience in ("counter", "enterprise", "regulator"):
        credentials: Credentials = getattr(world, audience)
        typer.echo(f"export {audience.upper()}_ID={credentials.client_id}")
        typer.echo(f"export {audience.upper()}_SECRET={credentials.client_secret}")
    for name in ("outlet_id", "clerk_id", "machine_id", "agreement_id"):
        typer.echo(f"export {name.upper()}={getattr(world, name)}")
