"""What only the operator does: enterprises and agencies come in here, with their first client."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from acceptance_api.access import AddClient, Audience, add_agency, add_client, revoke_client, rotate_secret
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import ClientId
from acceptance_api.kernel.problems import Problem
from acceptance_api.kernel.settings import Settings
from acceptance_api.sites import add_enterprise

enterprise = typer.Typer(help="Delivery enterprises.", no_args_is_help=True)
agency = typer.Typer(help="Regulators.", no_args_is_help=True)
client = typer.Typer(help="Clients and their secrets.", no_args_is_help=True)
Lines = list[tuple[str, object]]


@enterprise.command("add")
def enterprise_add(name: str, brand: Annotated[str, typer.Option(help="The brand on its waybills.")]) -> None:
    """Add an enterprise and its first client. Everything below it is added through the enterprise API."""

    async def act(tx: Tx, at: datetime) -> Lines:
        added = await add_enterprise(tx, name=name, brand=brand, actor=OPERATOR, at=at)
        request = AddClient(audience=Audience.ENTERPRISE, name="first client", enterprise_id=added.id)
        first, secret = await add_client(tx, request, actor=OPERATOR, at=at)
        return [("enterprise_id", added.id), ("client_id", first.id), ("client_secret", secret)]

    run(act)


@agency.command("add")
def agency_add(
    name: str,
    jurisdiction: Annotated[
        str, typer.Option(help="GB/T 2260 prefix: nothing for national, 2 digits a province, 4 a city.")
    ] = "",
) -> None:
    """Add a regulator's agency and its first client."""

    async def act(tx: Tx, at: datetime) -> Lines:
        added = await add_agency(tx, name=name, jurisdiction=jurisdiction, actor=OPERATOR, at=at)
        request = AddClient(audience=Audience.REGULATOR, name="first client", agency_id=added.id)
        first, secret = await add_client(tx, request, actor=OPERATOR, at=at)
        return [("agency_id", added.id), ("client_id", first.id), ("client_secret", secret)]

    run(act)


@client.command("rotate")
def client_rotate(client_id: UUID) -> None:
    """Give a client a new secret, shown once; the old one works until the overlap is over."""
    overlap = timedelta(seconds=Settings().secret_overlap_s)

    async def act(tx: Tx, at: datetime) -> Lines:
        _, secret = await rotate_secret(
            tx, ClientId(client_id), enterprise_id=None, overlap=overlap, actor=OPERATOR, at=at
        )
        return [("client_id", client_id), ("client_secret", secret)]

    run(act)


@client.command("revoke")
def client_revoke(client_id: UUID) -> None:
    """End a client for good, with all its tokens."""

    async def act(tx: Tx, at: datetime) -> Lines:
        await revoke_client(tx, ClientId(client_id), enterprise_id=None, actor=OPERATOR, at=at)
        return [("revoked", client_id)]

    run(act)


def run(act: Callable[[Tx, datetime], Awaitable[Lines]]) -> None:
    """Act in one transaction and show what came of it; a problem is told and exits 1."""

    async def committed() -> Lines:
        database = Database(Settings().database_url)
        try:
            async with database.transaction() as tx:
                return await act(tx, SystemClock().now())
        finally:
            await database.dispose()

    try:
        lines = asyncio.run(committed())
    except Problem as problem:
        faults = "".join(f" {fault.pointer} {fault.code}" for fault in problem.faults)
        typer.echo(f"{problem.kind.code}: {problem.kind.value.en}{faults}", err=True)
        raise typer.Exit(code=1) from None
    for name, value in lines:
        typer.echo(f"{name}: {value}")
