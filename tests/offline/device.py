"""A counter's app while the network is bad: it keeps what it decided on its disk, and sends it until it is answered."""

from collections.abc import Iterable
from datetime import datetime
from random import Random
from uuid import UUID

from tests.offline.contract import RETRYABLE, SETTLED, Json, batch_of, reason_of, written
from tests.offline.disk import Disk
from tests.offline.timeline import DeviceClock


class Device:
    """The app of one counter. Everything it must not forget is on its disk before anybody hears of it."""

    def __init__(self, clock: DeviceClock, disk: Disk, rng: Random) -> None:
        """Start, with what is on the disk."""
        self.clock = clock
        self.disk = disk
        self._rng = rng
        self.settled: dict[str, int] = {}
        """The items the server says are recorded, with the status it said it with."""
        self.parked: dict[str, tuple[int, str]] = {}
        """The items the server will never record, and why: somebody has to look at them."""
        self._items: dict[str, Json] = {}
        self._read()

    def write(self, acceptance: Json, *, bundle_version: str) -> Json:
        """Mint an id and a sequence number for what the clerk just decided, and write the item."""
        id_ = minted(self.clock.now(), self._rng)
        item = {
            "occurred_at": written(self.clock.now()),
            "sequence": len(self._items) + 1,
            "bundle_version": bundle_version,
            "acceptance": {"id": id_} | dict(acceptance),
        }
        self.disk.append({"item": item})
        self._items[id_] = item
        return item

    def keep(self) -> None:
        """Make sure that what was written stays. Only now is the sender told, and only now may it be sent."""
        self.disk.flush()

    def pending(self) -> list[Json]:
        """What was not answered yet, oldest first."""
        return [item for id_, item in self._items.items() if id_ not in self.settled and id_ not in self.parked]

    def batch(self, items: Iterable[Json]) -> bytes:
        """The body that sends these items now."""
        return batch_of(list(items), sent_at=self.clock.now())

    def hear(self, ids: Iterable[str], results: Iterable[Json]) -> None:
        """Take the answers to a batch, in the order of its items.

        That this is not flushed costs nothing: what is forgotten is sent again.
        """
        for id_, result in zip(ids, results, strict=True):
            if id_ in self.settled or id_ in self.parked:
                continue
            if result["status"] in SETTLED:
                self.settled[id_] = result["status"]
                self.disk.append({"settled": id_, "status": result["status"]})
            elif result["status"] != RETRYABLE:
                self.parked[id_] = result["status"], reason_of(result["problem"])
                self.disk.append({"parked": id_, "as": self.parked[id_]})

    def restart(self) -> None:
        """Begin again with what is on the disk."""
        self.disk.mend()
        self.settled, self.parked, self._items = {}, {}, {}
        self._read()

    def _read(self) -> None:
        for line in self.disk.lines():
            if "item" in line:
                self._items[line["item"]["acceptance"]["id"]] = line["item"]
            elif "settled" in line:
                self.settled[line["settled"]] = line["status"]
            else:
                status, reason = line["as"]
                self.parked[line["parked"]] = status, reason


def minted(at: datetime, rng: Random) -> str:
    """A UUIDv7 of this instant of the device's clock (RFC 9562, section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62)
    return str(UUID(int=value))
