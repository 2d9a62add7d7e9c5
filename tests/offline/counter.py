"""One device in its surroundings: when its clerk works, when it sends, what goes wrong with it."""

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Protocol

from tests.offline.contract import MULTI_STATUS, Answer, Json, milliseconds, reason_of
from tests.offline.device import Device
from tests.offline.disk import Disk
from tests.offline.link import Badness, Link
from tests.offline.parcels import parcel, waybill
from tests.offline.story import Arrival, Presented, Story
from tests.offline.timeline import DeviceClock, Timeline
from tests.offline.weather import Weather, weather

ROUNDS_MAX = 40
"""How many batches a device with a good link needs at most for whatever is left."""
_MENDED = Badness()
MakeDevice = Callable[[DeviceClock, Disk, Random], Device]


class Serve(Protocol):
    """How a batch reaches the server."""

    def __call__(self, arrival: Arrival, body: bytes, *, is_gzipped: bool) -> Awaitable[Answer]:
        """Serve one batch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the devices of one simulation share."""

    rng: Random
    timeline: Timeline
    story: Story
    serve: Serve
    version: str
    """Of the policy bundle by which they decide."""
    waybills: list[tuple[int, str]] = field(default_factory=list)
    """Those that were used, and by which device."""


class Counter:
    """One device, its circumstances, and what is going on with it."""

    def __init__(self, surroundings: Surroundings, number: int, make: MakeDevice) -> None:
        """Set it up."""
        self.around = surroundings
        self.rng, self.timeline, self.story = surroundings.rng, surroundings.timeline, surroundings.story
        self.number = number
        self.weather: Weather = weather(self.rng)
        self.started_at = self.timeline.now
        self.device = make(DeviceClock(self.timeline, self.weather.skew), Disk(), self.rng)
        self.link = Link(self.weather.badness, self.rng, self._is_down)
        self.incarnation = 0
        self.batches = 0
        self.waits_until = self.timeline.now

    def plan(self) -> None:
        """Plan the device's days."""
        w, end = self.weather, self.weather.day + self.weather.outage + timedelta(hours=8)
        for _ in range(w.parcels):
            self.timeline.after(self._some(w.day), self.present)
        for when, by in w.steps:
            self.timeline.after(when, partial(self.step, by))
        for when in w.cuts:
            self.timeline.after(when, self.cut)
        when = self._some(w.sync_interval)
        while when < end:
            self.timeline.after(when, self.sync)
            when += self._some(w.sync_interval) + timedelta(seconds=1)

    async def present(self) -> None:
        """A parcel is decided at the counter."""
        is_valid = self.rng.random() >= self.weather.invalid
        content = parcel(self.rng, waybill=self._waybill(), is_valid=is_valid)
        item = self.device.write(content, bundle_version=self.around.version)
        presented = Presented(
            device=self.number,
            item=item,
            occurred_at=self.timeline.now,
            skew=self.device.clock.skew,
            is_valid=is_valid,
        )
        self.story.presented.append(presented)
        self._tell(f"writes #{item['sequence']} {presented.id} {content['waybill']} {content['contents_kind']}")
        if self.rng.random() < self.weather.writing_cut:
            await self.cut()
            return
        self.device.keep()
        presented.is_kept = True

    async def cut(self) -> None:
        """The power fails, and the device begins again."""
        lost = self.device.disk.cut(self.rng)
        self.device.restart()
        self.incarnation += 1
        self.waits_until = self.timeline.now
        there = {line["item"]["acceptance"]["id"] for line in self.device.disk.lines() if "item" in line}
        for presented in self.story.presented:
            if presented.device == self.number:
                presented.is_kept = presented.id in there
        self._tell(f"loses power and {lost} bytes; {len(self.device.pending())} items wait")

    async def step(self, by: timedelta) -> None:
        """Somebody sets the clock."""
        self._tell(f"sets its clock by {self.device.clock.step(by)}")

    async def sync(self) -> None:
        """Send what waits, or a part of it, in whatever order; not while an answer is still hoped for."""
        pending = self.device.pending()
        if not pending or self.timeline.now < self.waits_until:
            return
        if self.rng.random() < self.weather.shuffle:
            self.rng.shuffle(pending)
        self.waits_until = self.timeline.now + self.weather.patience
        self.send(pending[: self.weather.batch_max])

    def send(self, items: list[Json]) -> None:
        """Send one batch; the link decides how often it arrives, and when."""
        self.batches += 1
        body, name = self.device.batch(items), f"{self.number}.{self.batches}"
        is_gzipped = self.rng.random() < self.weather.gzip
        times = self.link.carry()
        skew = self.device.clock.skew
        numbers = " ".join(f"#{item['sequence']}" for item in items)
        self._tell(f"sends {name}{' gzip' if is_gzipped else ''}: {numbers} -> {_spans(times)}")
        ids = tuple(item["acceptance"]["id"] for item in items)
        sent = partial(Arrival, device=self.number, sent_at=self.timeline.now, skew=skew, ids=ids)
        carried = gzip.compress(body, mtime=0) if is_gzipped else body
        for time in times:
            arrive = partial(self.arrive, name, sent, carried, self.incarnation, is_gzipped=is_gzipped)
            self.timeline.after(time, arrive)

    async def arrive(
        self, name: str, sent: Callable[..., Arrival], body: bytes, incarnation: int, *, is_gzipped: bool
    ) -> None:
        """A batch reaches the server; its answer goes back over the same link."""
        arrival = sent(at=self.timeline.now)
        answer = await self.around.serve(arrival, body, is_gzipped=is_gzipped)
        times = self.link.carry()
        self._tell(f"is answered {name}: {_summary(answer)} -> {_spans(times)}")
        for time in times:
            self.timeline.after(time, partial(self.hear, name, arrival.ids, answer, incarnation))

    async def hear(self, name: str, ids: tuple[str, ...], answer: Answer, incarnation: int) -> None:
        """An answer comes back, unless the device has lost its power since: then the connection is gone."""
        if incarnation != self.incarnation or answer.status != MULTI_STATUS:
            return
        self.waits_until = self.timeline.now
        self.device.hear(ids, answer.body["results"])
        self._tell(f"hears {name}: {len(self.device.pending())} items wait")

    async def drain(self) -> None:
        """The link is mended: send until nothing waits."""
        self.link = Link(_MENDED, self.rng, lambda: False)
        for _ in range(ROUNDS_MAX):
            pending = self.device.pending()
            if not pending:
                break
            self.send(pending[: self.weather.batch_max])
            await self.timeline.run()
        self.story.settled.append(dict(self.device.settled))
        self.story.parked.append(dict(self.device.parked))
        self.story.pending.append([item["acceptance"]["id"] for item in self.device.pending()])

    def _is_down(self) -> bool:
        since = self.timeline.now - self.started_at - self.weather.outage_from
        return timedelta(0) <= since < self.weather.outage

    def _waybill(self) -> str:
        """A waybill of its own, or now and then one that another device has used: a device knows its own."""
        others = [known for device, known in self.around.waybills if device != self.number]
        own = {known for device, known in self.around.waybills if device == self.number}
        if others and self.rng.random() < self.weather.contested and (known := self.rng.choice(others)) not in own:
            chosen = known
        else:
            chosen = waybill(self.rng)
        self.around.waybills.append((self.number, chosen))
        return chosen

    def _some(self, most: timedelta) -> timedelta:
        return timedelta(milliseconds=self.rng.randint(0, int(most.total_seconds() * 1000)))

    def _tell(self, what: str) -> None:
        self.story.tell(self.timeline.now, f"device {self.number} {what}")


def _spans(times: list[timedelta]) -> str:
    return " ".join(f"{milliseconds(time)} ms" for time in times) or "lost"


def _summary(answer: Answer) -> str:
    if answer.status != MULTI_STATUS:
        return f"{answer.status} {answer.body.get('code', '')}".rstrip()
    return ", ".join(
        f"{one['status']}" + (f" ({reason_of(one['problem'])})" if one["problem"] else "")
        for one in answer.body["results"]
    )
