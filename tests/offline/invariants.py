"""What must hold after every simulation, whatever happened in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from tests.offline.contract import AGE_MAX, RENUMBERED_AT, Json, Record, content_of, instant, milliseconds
from tests.offline.story import Arrival, Presented, Story

STANDING = frozenset({"accepted", "held"})


def faults_of(story: Story) -> list[str]:
    """Everything that does not hold; nothing when all is well."""
    return [fault for check in CHECKS for fault in check(story)]


def answers_are_those_of_the_contract(story: Story) -> Iterator[str]:
    """Every batch is answered 207, one result for each item, in their order."""
    yield from story.unlike


def queues_run_dry(story: Story) -> Iterator[str]:
    """With a good link everything is answered in the end."""
    for device, pending in enumerate(story.pending):
        if pending:
            yield f"device {device} still has {len(pending)} items"


def nothing_is_recorded_twice(story: Story) -> Iterator[str]:
    """Each id once."""
    for id_, times in Counter(record.id for record in story.records).items():
        if times > 1:
            yield f"{id_} is recorded {times} times"


def what_is_recorded_was_queued(story: Story) -> Iterator[str]:
    """Nothing is recorded that is not on a device's disk, and everything with the content it has there."""
    kept = _kept(story)
    for record in story.records:
        if record.id not in kept:
            yield f"{record.id} is recorded and was never queued"
        elif record.content != content_of(kept[record.id].item["acceptance"]):
            yield f"{record.id} is recorded with other content"


def what_is_told_of_a_record_is_what_is_recorded(story: Story) -> Iterator[str]:
    """Whenever it is told, the first time and each time after."""
    records = {record.id: _as_told(record.as_told()) for record in story.records}
    for told in story.told:
        if _as_told(told) != records.get(told["id"]):
            yield f"{told['id']} was told of as something else than is recorded"


def what_a_device_believes_is_so(story: Story) -> Iterator[str]:
    """An item is recorded exactly if its device was told so; every item is either, or parked for somebody to see."""
    recorded = {record.id for record in story.records}
    for presented in _kept(story).values():
        is_settled = presented.id in story.settled[presented.device]
        is_parked = presented.id in story.parked[presented.device]
        if is_settled != (presented.id in recorded):
            yield f"{presented.id}: its device was told {is_settled}, and it is recorded {not is_settled}"
        if not is_settled and not is_parked:
            yield f"{presented.id} is forgotten"


def what_is_parked_could_not_be_recorded(story: Story) -> Iterator[str]:
    """Invalid from the start, under a waybill that stands for another parcel, or too old whenever it arrived.

    What was refused for its waybill may be refused for its age when it is sent again much later.
    """
    kept, arrivals = _kept(story), _arrivals(story)
    standing = {record.content["waybill"]: record.id for record in story.records if record.outcome in STANDING}
    for parked in story.parked:
        for id_, (status, code) in parked.items():
            presented = kept[id_]
            is_contested = standing.get(presented.item["acceptance"]["waybill"]) not in {None, id_}
            is_old = any(_is_too_old(presented, one) for one in arrivals[id_])
            is_justified = {
                (422, "invalid acceptance/waybill"): not presented.is_valid,
                (422, "invalid occurred_at"): is_old and (is_contested or _is_always_too_old(presented, arrivals[id_])),
                (409, "waybill_already_decided"): is_contested,
            }.get((status, code), False)
            if not is_justified:
                yield f"{id_} was refused, {status} {code}, without a reason"


def every_record_is_of_the_moment_of_its_receipt(story: Story) -> Iterator[str]:
    """`recorded_at` is when the server first took the item on: never before receipt, never dated back."""
    kept, arrivals = _kept(story), _arrivals(story)
    for record in _known(story):
        first = next(one for one in arrivals[record.id] if not _is_too_old(kept[record.id], one))
        if record.recorded_at != first.at:
            yield f"{record.id} is recorded at {record.recorded_at}, and was received at {first.at}"


def every_record_is_marked_late_with_what_is_true(story: Story) -> Iterator[str]:
    """The corrected moment is the true one, plus what the link took, plus what the clock was set by since."""
    kept, arrivals = _kept(story), _arrivals(story)
    for record in _known(story):
        presented, late = kept[record.id], record.late
        arrival = next((one for one in arrivals[record.id] if one.at == record.recorded_at), None)
        if arrival is None:
            continue  # told by the check before
        if late.sequence != presented.item["sequence"]:
            yield f"{record.id} has another sequence number"
        if late.device_occurred_at != instant(presented.item["occurred_at"]):
            yield f"{record.id} has another device's time"
        if late.clock_skew_ms != milliseconds(arrival.skew - (arrival.at - arrival.sent_at)):
            yield f"{record.id} was corrected by another skew"
        if late.occurred_at != _corrected(presented, arrival):
            yield f"{record.id} occurred {late.occurred_at}, not {_corrected(presented, arrival)}"
        error, is_set = late.occurred_at - presented.occurred_at, arrival.skew != presented.skew
        if not is_set and not timedelta(0) <= error <= arrival.at - arrival.sent_at:
            yield f"{record.id} is off by {error}, and its clock was never set"


def every_record_is_young_enough(story: Story) -> Iterator[str]:
    """Nothing is recorded that, as corrected, happened more than thirty days before it was received."""
    for record in story.records:
        if record.recorded_at - record.late.occurred_at > AGE_MAX:
            yield f"{record.id} is recorded and was {record.recorded_at - record.late.occurred_at} old"


def every_record_was_decided_by_the_rules_of_its_day(story: Story) -> Iterator[str]:
    """The rules in force when it occurred, as corrected, not when it was received."""
    for record in story.records:
        expected = "2018-05-01" if record.late.occurred_at < RENUMBERED_AT else "2025-06-01"
        if record.statutory != expected:
            yield f"{record.id} was decided by the rules of {record.statutory}"


def a_gap_in_the_sequence_tells_of_what_is_missing(story: Story) -> Iterator[str]:
    """The numbers of a device's records are those it gave, without those of what was parked, each once."""
    given: dict[int, list[int]] = defaultdict(list)
    recorded: dict[int, list[int]] = defaultdict(list)
    kept = _kept(story)
    for presented in kept.values():
        given[presented.device].append(presented.item["sequence"])
    for record in _known(story):
        recorded[kept[record.id].device].append(record.late.sequence)
    for device, numbers in given.items():
        parked = [kept[id_].item["sequence"] for id_ in story.parked[device] if id_ in kept]
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"device {device} numbered its items {sorted(numbers)}"
        if sorted(recorded[device] + parked) != sorted(numbers):
            yield f"device {device} gave {sorted(numbers)}; {sorted(recorded[device])} are recorded, {parked} parked"


CHECKS = (
    answers_are_those_of_the_contract,
    queues_run_dry,
    nothing_is_recorded_twice,
    what_is_recorded_was_queued,
    what_is_told_of_a_record_is_what_is_recorded,
    what_a_device_believes_is_so,
    what_is_parked_could_not_be_recorded,
    every_record_is_of_the_moment_of_its_receipt,
    every_record_is_marked_late_with_what_is_true,
    every_record_is_young_enough,
    every_record_was_decided_by_the_rules_of_its_day,
    a_gap_in_the_sequence_tells_of_what_is_missing,
)


def _as_told(acceptance: Json) -> tuple[object, ...]:
    """What is compared of it, in one spelling."""
    late, decision = acceptance["late"], acceptance["decision"]
    instants = (acceptance["recorded_at"], late["occurred_at"], late["device_occurred_at"])
    rest = (acceptance["waybill"], decision["outcome"], decision["rules"]["statutory"])
    return (*map(instant, instants), *rest, late["clock_skew_ms"], late["sequence"])


def _kept(story: Story) -> dict[str, Presented]:
    return {presented.id: presented for presented in story.presented if presented.is_kept}


def _known(story: Story) -> list[Record]:
    """The records that can be compared with an item; of the others another check tells."""
    kept, arrivals = _kept(story), _arrivals(story)
    return [
        record
        for record in story.records
        if record.id in kept and any(not _is_too_old(kept[record.id], one) for one in arrivals[record.id])
    ]


def _arrivals(story: Story) -> dict[str, list[Arrival]]:
    """By item, the batches with it that the server saw, in order."""
    arrivals: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in story.arrivals:
        for id_ in arrival.ids:
            arrivals[id_].append(arrival)
    return arrivals


def _corrected(presented: Presented, arrival: Arrival) -> object:
    """When an item occurred, as far as the server can know: off by the link's delay and the clock's steps."""
    delay, step = arrival.at - arrival.sent_at, presented.skew - arrival.skew
    return min(arrival.at, presented.occurred_at + step + delay)


def _is_always_too_old(presented: Presented, arrivals: list[Arrival]) -> bool:
    return all(_is_too_old(presented, one) for one in arrivals)


def _is_too_old(presented: Presented, arrival: Arrival) -> bool:
    delay, step = arrival.at - arrival.sent_at, presented.skew - arrival.skew
    return arrival.at - min(arrival.at, presented.occurred_at + step + delay) > AGE_MAX
