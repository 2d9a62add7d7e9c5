"""Servers and apps that break the protocol, each in one way: the simulation has to notice every one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from tests.offline.contract import (
    INVALID,
    RENUMBERED_AT,
    RETRYABLE,
    Answer,
    Json,
    Late,
    Record,
    instant,
    problem,
)
from tests.offline.device import Device, minted
from tests.offline.model import ModelServer

_SECOND = 2
_ACCEPTED = {"outcome": "accepted", "rules": {"statutory": "2025-06-01"}}


class Losing(ModelServer):
    """Answers before it has stored, and now and then has not."""

    async def records(self) -> tuple[Record, ...]:
        """Everything, without what got lost."""
        return tuple(record for record in await super().records() if record.late.sequence != _SECOND)


class Embellishing(ModelServer):
    """Tells of a record otherwise than it stands."""

    def _result(self, index: int, item: Json, skew: timedelta, at: datetime) -> Json:
        result = super()._result(index, item, skew, at)
        told = result["acceptance"]
        return result if told is None else {**result, "acceptance": {**told, "decision": _ACCEPTED}}


class Stalling(ModelServer):
    """Never finds the time for some items."""

    def _result(self, index: int, item: Json, skew: timedelta, at: datetime) -> Json:
        if item["sequence"] != _SECOND:
            return super()._result(index, item, skew, at)
        busy = problem(RETRYABLE, "overloaded")
        named = {"index": index, "id": item["acceptance"]["id"]}
        return named | {"status": RETRYABLE, "acceptance": None, "problem": busy}


class Doubling(ModelServer):
    """Records a repeated item once more."""

    def __init__(self) -> None:
        super().__init__()
        self.again: list[Record] = []

    def _recorded(self, index: int, item: Json, skew: timedelta, at: datetime) -> tuple[int, Json | None]:
        status, refused = super()._recorded(index, item, skew, at)
        if status == 200:
            self.again.append(self._records[item["acceptance"]["id"]])
        return status, refused

    async def records(self) -> tuple[Record, ...]:
        """Everything, the repetitions too."""
        return (*await super().records(), *self.again)


class Mangling(ModelServer):
    """Stores something else than it was given."""

    def _add(self, record: Record) -> None:
        super()._add(replace(record, content={**record.content, "weight_g": record.content["weight_g"] + 1}))


class BackDating(ModelServer):
    """Says that it received what it received late when it happened."""

    def _add(self, record: Record) -> None:
        super()._add(replace(record, recorded_at=record.late.occurred_at))


class Trusting(ModelServer):
    """Believes every device's clock."""

    def _late(self, item: Json, skew: timedelta, at: datetime) -> Late:
        late = super()._late(item, skew, at)
        return replace(late, occurred_at=min(at, late.device_occurred_at))


class Prophetic(ModelServer):
    """Lets happen in the future what a clock that was set back tells of."""

    def _late(self, item: Json, skew: timedelta, at: datetime) -> Late:
        late = super()._late(item, skew, at)
        return replace(late, occurred_at=instant(item["occurred_at"]) - skew)


class OutOfDate(ModelServer):
    """Decides by the rules of the day of receipt."""

    def _add(self, record: Record) -> None:
        ruled = "2018-05-01" if record.recorded_at < RENUMBERED_AT else "2025-06-01"
        super()._add(replace(record, statutory=ruled))


class Unnumbering(ModelServer):
    """Loses the sequence number."""

    def _add(self, record: Record) -> None:
        super()._add(replace(record, late=replace(record.late, sequence=1)))


class Infectious(ModelServer):
    """Refuses a whole batch for one item that is not in form."""

    def _results(self, items: list[Json], skew: timedelta, at: datetime) -> list[Json]:
        if all(self.is_in_form(item) for item in items):
            return super()._results(items, skew, at)
        refused = problem(INVALID, "invalid", ("/items/0/acceptance/waybill", "pattern"))
        return [
            {"index": index, "status": INVALID, "id": item["acceptance"]["id"], "acceptance": None, "problem": refused}
            for index, item in enumerate(items)
        ]


class Forgetful(ModelServer):
    """Looks at an item's age before it looks whether it has it."""

    def _recorded(self, index: int, item: Json, skew: timedelta, at: datetime) -> tuple[int, Json | None]:
        return self._too_old(index, item, skew, at) or super()._recorded(index, item, skew, at)


class Eternal(ModelServer):
    """Takes items of any age."""

    def _too_old(self, *_: object) -> tuple[int, Json] | None:
        return None


class Shuffling(ModelServer):
    """Answers in an order of its own."""

    async def receive(self, device: int, body: bytes, *, is_gzipped: bool, at: datetime) -> Answer:
        answer = await super().receive(device, body, is_gzipped=is_gzipped, at=at)
        return replace(answer, body={"results": sorted(answer.body["results"], key=lambda one: one["id"])})


class Hasty(Device):
    """Sends, and tells the sender, what is not safe yet."""

    def keep(self) -> None:
        """Make nothing safe."""


class Hopeful(Device):
    """Takes an item off its queue when it is sent, not when it is answered."""

    def batch(self, items: Iterable[Json]) -> bytes:
        """The body, and nothing left of it."""
        sent = list(items)
        self.settled |= {item["acceptance"]["id"]: 201 for item in sent}
        return super().batch(sent)


class Deaf(Device):
    """Takes every answer for a good one."""

    def hear(self, ids: Iterable[str], results: Iterable[Json]) -> None:
        """Whatever is said."""
        super().hear(ids, [{**result, "status": 200} for result in results])


class Reminting(Device):
    """Mints a new id whenever it sends."""

    def batch(self, items: Iterable[Json]) -> bytes:
        """The body, under new names."""
        return super().batch([self._renamed(item) for item in items])

    def _renamed(self, item: Json) -> Json:
        return {**item, "acceptance": {**item["acceptance"], "id": minted(self.clock.now(), self._rng)}}


class Renumbering(Device):
    """Counts what waits, not what there was."""

    def write(self, acceptance: Json, *, bundle_version: str) -> Json:
        """An item with a number that was given before."""
        item = dict(super().write(acceptance, bundle_version=bundle_version))
        item["sequence"] = len(self.pending())
        self._items[item["acceptance"]["id"]] = item
        return item


class GivingUp(Device):
    """Parks what the server was too busy for."""

    def hear(self, ids: Iterable[str], results: Iterable[Json]) -> None:
        """A busy server is taken for one that refuses."""
        super().hear(
            ids, [{**result, "status": INVALID} if result["status"] == RETRYABLE else result for result in results]
        )


SERVERS: Mapping[type[ModelServer], str] = MappingProxyType(
    {
        Losing: "what_a_device_believes_is_so",
        Embellishing: "what_is_told_of_a_record_is_what_is_recorded",
        Stalling: "queues_run_dry",
        Doubling: "nothing_is_recorded_twice",
        Mangling: "what_is_recorded_was_queued",
        BackDating: "every_record_is_of_the_moment_of_its_receipt",
        Trusting: "every_record_is_marked_late_with_what_is_true",
        Prophetic: "every_record_is_marked_late_with_what_is_true",
        OutOfDate: "every_record_was_decided_by_the_rules_of_its_day",
        Unnumbering: "a_gap_in_the_sequence_tells_of_what_is_missing",
        Infectious: "what_is_parked_could_not_be_recorded",
        Forgetful: "what_a_device_believes_is_so",
        Eternal: "every_record_is_young_enough",
        Shuffling: "answers_are_those_of_the_contract",
    }
)
"""Each with a check that has to notice it."""
DEVICES: Mapping[type[Device], str] = MappingProxyType(
    {
        Hasty: "what_is_recorded_was_queued",
        Hopeful: "what_a_device_believes_is_so",
        Deaf: "what_a_device_believes_is_so",
        Reminting: "what_is_recorded_was_queued",
        Renumbering: "a_gap_in_the_sequence_tells_of_what_is_missing",
        GivingUp: "what_is_parked_could_not_be_recorded",
    }
)
