"""One simulation: everything random comes from its seed, so that a seed that fails is replayed exactly.

Devices decide parcels and send them over links that lose, delay and repeat; clocks are off and are set; power fails.
At the end the links are mended and every queue is drained. What must hold then stands in `invariants`.
"""

import json
from dataclasses import replace
from datetime import datetime
from random import Random

from tests.offline.contract import INVALID, MULTI_STATUS, RETRYABLE, SETTLED, Answer, Record, Server, problem, read
from tests.offline.counter import Counter, MakeDevice, Surroundings
from tests.offline.device import Device
from tests.offline.story import Arrival, Story
from tests.offline.timeline import Timeline
from tests.offline.weather import begin

DEVICES_MAX = 4
_SOME_VERSION = "0" * 64


async def simulate(seed: int, server: Server, *, version: str = _SOME_VERSION, make: MakeDevice = Device) -> Story:
    """Run a seed against a server; `version` is that of the policy bundle by which the devices decide."""
    return await Simulation(seed, server, version, make).run()


class Simulation:
    """The world of one seed."""

    def __init__(self, seed: int, server: Server, version: str, make: MakeDevice) -> None:
        """Draw the circumstances."""
        self.rng = Random(seed)  # noqa: S311 - a simulation has to be repeatable
        self.story = Story(seed=seed)
        self.server = server
        self.timeline = Timeline(begin(self.rng))
        self.busy = self.rng.choice([0.0, 0.0, 0.2])
        around = Surroundings(rng=self.rng, timeline=self.timeline, story=self.story, serve=self.serve, version=version)
        self.counters = [Counter(around, number, make) for number in range(self.rng.randint(1, DEVICES_MAX))]

    async def run(self) -> Story:
        """Let it happen, drain every queue, and take down what became of it."""
        self.story.tell(self.timeline.now, f"seed {self.story.seed}: {len(self.counters)} devices")
        for counter in self.counters:
            counter.plan()
        await self.timeline.run()
        for counter in self.counters:
            await counter.drain()
        self.story.records = tuple(sorted(await self.server.records(), key=lambda record: record.id))
        for record in self.story.records:
            self.story.tell(record.recorded_at, f"is recorded: {_told(record)}")
        return self.story

    async def serve(self, arrival: Arrival, body: bytes, *, is_gzipped: bool) -> Answer:
        """Hand a batch to the server, unless it is too busy, for the whole of it or for some of the items."""
        if self.rng.random() >= self.busy:
            return await self._served(arrival, body, is_gzipped=is_gzipped)
        shed = frozenset(self.rng.sample(arrival.ids, self.rng.randint(1, len(arrival.ids))))
        if len(shed) == len(arrival.ids):
            return Answer(status=RETRYABLE, body=problem(RETRYABLE, "overloaded"))
        batch = read(body, is_gzipped=is_gzipped)
        left = [item for item in batch["items"] if item["acceptance"]["id"] not in shed]
        served = replace(arrival, ids=tuple(item["acceptance"]["id"] for item in left))
        answer = await self._served(served, json.dumps(batch | {"items": left}).encode(), is_gzipped=False)
        return _with(answer, arrival.ids, shed)

    async def _served(self, arrival: Arrival, body: bytes, *, is_gzipped: bool) -> Answer:
        answer = await self.server.receive(arrival.device, body, is_gzipped=is_gzipped, at=arrival.at)
        self.story.arrivals.append(arrival)
        if not _is_in_order(answer, arrival.ids):
            self.story.unlike.append(f"{len(arrival.ids)} items were answered {answer.status}, in another order")
        else:
            self.story.told += [one["acceptance"] for one in answer.body["results"] if one["status"] in SETTLED]
        return answer


def _is_in_order(answer: Answer, ids: tuple[str, ...]) -> bool:
    """Whether each item has its result in its place; what is not in form may have lost its id."""
    if answer.status != MULTI_STATUS or len(answer.body["results"]) != len(ids):
        return False
    return all(
        one["index"] == index and (one["id"] == id_ or (one["id"] is None and one["status"] == INVALID))
        for index, (id_, one) in enumerate(zip(ids, answer.body["results"], strict=True))
    )


def _with(answer: Answer, ids: tuple[str, ...], shed: frozenset[str]) -> Answer:
    """An answer that tells of every item: of those that were shed, to try again."""
    if answer.status != MULTI_STATUS:
        return answer
    told = iter(answer.body["results"])
    busy = {"status": RETRYABLE, "acceptance": None, "problem": problem(RETRYABLE, "overloaded")}
    results = [
        ({"id": id_} | busy if id_ in shed else dict(next(told))) | {"index": index} for index, id_ in enumerate(ids)
    ]
    return Answer(status=MULTI_STATUS, body={"results": results})


def _told(record: Record) -> str:
    late = record.late
    return (
        f"{record.id} #{late.sequence} {record.outcome} by {record.statutory}, "
        f"occurred {_at(late.occurred_at)} ({_at(late.device_occurred_at)} less {late.clock_skew_ms} ms)"
    )


def _at(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
