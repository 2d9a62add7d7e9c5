"""Explaining a decision long after: decide it again under the rules it names."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer

from acceptance_api.acceptance import (
    Acceptance,
    Objection,
    Replay,
    VersionUnknown,
    find_acceptance_anywhere,
    keys_in,
    replay,
)
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import AcceptanceId, OutletId
from acceptance_api.kernel.settings import Settings
from acceptance_api.rulesets import find_rule_sets


def replay_acceptance(
    acceptance_id: Annotated[UUID, typer.Argument(help="The acceptance's id.")],
    outlet: Annotated[UUID | None, typer.Option(help="Its outlet, where two outlets have used one id.")] = None,
) -> None:
    """Decide an acceptance again from its facts and the rules it names; exit 1 when the result is another."""
    again = asyncio.run(_replayed(AcceptanceId(acceptance_id), OutletId(outlet) if outlet else None))
    if again is None:
        typer.echo("no such acceptance, or several: name the outlet", err=True)
        raise typer.Exit(2)
    if isinstance(again, VersionUnknown):
        typer.echo(f"the edition {again} is not known here", err=True)
        raise typer.Exit(2)
    acceptance, result = again
    typer.echo(f"acceptance  {acceptance.id}, decision {acceptance.sequence} of {acceptance.decided_at.isoformat()}")
    typer.echo(f"rules       {', '.join(f'{name} {version}' for name, version in result.was.rules.items())}")
    typer.echo(f"outcome     {result.was.outcome.value}; again {result.now.outcome.value}")
    for objection in result.now.objections:
        typer.echo(f"ground      {_told(objection)}")
    if result.differences:
        typer.echo(f"different   {', '.join(result.differences)}", err=True)
        raise typer.Exit(1)
    typer.echo("the same")


async def _replayed(
    acceptance_id: AcceptanceId, outlet_id: OutletId | None
) -> tuple[Acceptance, Replay] | VersionUnknown | None:
    database = Database(Settings().database_url, pool_size=1)
    try:
        async with database.read() as tx:
            acceptance = await find_acceptance_anywhere(tx, acceptance_id, outlet_id=outlet_id)
            if acceptance is None:
                return None
            sets = await find_rule_sets(tx, keys_in(acceptance.decision.rules))
        return acceptance, replay(acceptance, sets)
    except VersionUnknown as error:
        return error
    finally:
        await database.dispose()


def _told(objection: Objection) -> str:
    about = f" about {objection.about}" if objection.about else ""
    by = f", asked for by {objection.by}" if objection.by else ""
    cited = objection.citation
    return (
        f"{objection.ground.code} ({objection.weight.value}){about}{by}: {cited.act} {cited.article} ({cited.version})"
    )
