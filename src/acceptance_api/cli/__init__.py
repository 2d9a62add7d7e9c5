"""Operator commands."""

import typer

from acceptance_api.cli import (
    administering,
    demonstrating,
    documenting,
    rehearsing,
    replaying,
    ruling,
    serving,
    working,
)

app = typer.Typer(
    name="acceptance-api",
    help="Acceptance of parcels at courier counters: identity, inspection, screening, decision.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(serving.serve)
app.command()(working.worker)
app.command()(serving.migrate)
app.command()(demonstrating.demo)
app.command()(documenting.openapi)
app.command()(documenting.docs)
app.command()(rehearsing.rehearse)
app.command(name="replay")(replaying.replay_acceptance)
app.add_typer(serving.sandbox, name="sandbox")
app.add_typer(administering.enterprise, name="enterprise")
app.add_typer(administering.agency, name="agency")
app.add_typer(administering.client, name="client")
app.add_typer(ruling.rules, name="rules")
