"""What every workload is given: the database, a place for files, the plan, and somebody to tell."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contestants.ours import Ours
from benchmarks.contestants.peer import Peer, gunicorn_of, uvicorn_of
from benchmarks.contestants.served import Served
from benchmarks.postgresql import PostgreSQL
from benchmarks.rounds import Plan, Rounds, Row, Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a workload came to."""

    name: str
    title: str
    rows: list[Row]
    contestants: dict[str, str]
    notes: list[str] = field(default_factory=list)
    is_race: bool = True
    """Whether the contestants do the same, so that their rates may be compared."""

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {name: getattr(self, name) for name in ("name", "title", "contestants", "notes", "is_race", "rows")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The place where everything is measured."""

    postgresql: PostgreSQL
    directory: Path
    plan: Plan
    say: Say

    def rounds(self) -> Rounds:
        """Rounds of this plan."""
        return Rounds(plan=self.plan, say=self.say)

    async def ours(self, name: str, title: str, **changes: Any) -> Ours:  # noqa: ANN401 - as in Ours
        """Our service on a PostgreSQL database of its own."""
        url = await self.postgresql.create(name)
        return Ours(name, title, self.directory / name, url, database_pid=self.postgresql.pid, **changes)

    async def peer(self, name: str, title: str, module: str, *, is_wsgi: bool = False) -> Peer:
        """A peer on a PostgreSQL database of its own."""
        url = await self.postgresql.create(name)
        arguments = gunicorn_of(module) if is_wsgi else uvicorn_of(module)
        place = self.directory / name
        table = "peer_acceptance" if is_wsgi else "acceptances"
        return Peer(name, title, place, url, database_pid=self.postgresql.pid, arguments=arguments, table=table)

    async def opened(self, stack: AsyncExitStack, *contestants: Served) -> None:
        """Open contestants one after another; they are closed with the stack."""
        for contestant in contestants:
            stack.push_async_callback(contestant.close)
            self.say(f"  starting {contestant.name}: {contestant.title}")
            await contestant.open()
