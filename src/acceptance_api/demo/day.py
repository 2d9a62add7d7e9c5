"""A counter's day against the live service, from an empty database to the regulator's audit trail."""

import asyncio
import random
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from acceptance_api.demo.counter import CounterApp, Presented, fetch_token
from acceptance_api.demo.processes import Running, running
from acceptance_api.demo.showing import show_day, show_supervision
from acceptance_api.demo.stories import STORIES, Story
from acceptance_api.demo.supervision import supervise
from acceptance_api.demo.world import World
from acceptance_api.identity import DEMO_CREDENTIALS
from acceptance_api.kernel.settings import Settings

_COUNTERS = 4
_TIMEOUT_S = 30.0


def run_day(console: Console, settings: Settings, world: World, *, parcels: int, seed: int, directory: Path) -> bool:
    """Run the day and show it; say whether everything that must happen did."""
    environment = environment_of(settings)
    with (
        running("authority", ["sandbox", "authority"], probe="/", directory=directory, environment={}) as authority,
        running(
            "service",
            ["serve"],
            probe="/readyz",
            directory=directory,
            environment=environment | {"ACCEPTANCE_AUTHORITY_URL": authority.url},
        ) as service,
    ):
        console.print(f"The service answers at {service.url}; the sandbox identity authority beside it.")
        return asyncio.run(_live(console, service, world, parcels=parcels, seed=seed))


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that gives the service process these settings and the sandbox authority."""
    return {
        "ACCEPTANCE_DATABASE_URL": settings.database_url,
        "ACCEPTANCE_KEY_DIRECTORY": str(settings.key_directory),
        "ACCEPTANCE_AUTHORITY": "alibaba",
        "ACCEPTANCE_AUTHORITY_KEY_ID": DEMO_CREDENTIALS.key_id,
        "ACCEPTANCE_AUTHORITY_SECRET": DEMO_CREDENTIALS.secret,
    }


async def _live(console: Console, service: Running, world: World, *, parcels: int, seed: int) -> bool:
    async with httpx.AsyncClient(base_url=service.url, timeout=_TIMEOUT_S, trust_env=False) as http:
        app = CounterApp(http, world, token=await fetch_token(http, world.counter))
        presented = await _present(console, app, _plan(parcels, seed), seed=seed)
        show_day(console, presented)
        found = next(one for one in presented if one.outcome == "accepted" and one.story.sender == "person")
        seen = await supervise(http, token=await fetch_token(http, world.regulator), sender=found.sender)
        show_supervision(console, seen)
    outcomes = {one.outcome for one in presented}
    return outcomes == {"accepted", "held", "refused"} and bool(seen.hits) and len(presented) == parcels


def _plan(parcels: int, seed: int) -> list[Story]:
    """Every story at least once, then by weight."""
    chance = random.Random(seed)  # noqa: S311 - a made-up day, not a secret
    drawn = chance.choices(STORIES, weights=[story.weight for story in STORIES], k=max(0, parcels - len(STORIES)))
    plan = [*STORIES, *drawn][:parcels]
    chance.shuffle(plan)
    return plan


async def _present(console: Console, app: CounterApp, plan: list[Story], *, seed: int) -> list[Presented]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results: list[Presented] = []
    queue = iter(enumerate(plan))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{_COUNTERS} counters at work", total=len(plan))

        async def work() -> None:
            for number, story in queue:
                results.append(await app.present(story, random.Random(seed * 1_000_003 + number)))  # noqa: S311 - made up
                progress.advance(task)

        async with asyncio.TaskGroup() as group:
            for _ in range(_COUNTERS):
                group.create_task(work())
    return results
