"""How often signals show themselves in synthetic traffic: where they should not, and where they should."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from acceptance_api.signals import Response, Signal, Values, judge_signals
from tests.signals.traffic import DISHONEST, Parcel


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Of honest parcels: how many there were, and how many each signal and each response stopped at."""

    parcels: int
    by_signal: Counter[Signal]
    by_response: Counter[Response]
    """The heaviest response that one parcel met."""
    by_kind: dict[str, tuple[int, int, int]]
    """Parcels, those with any signal, and those that asked for more than a warning, for each kind of sender."""

    def rate(self, signal: Signal) -> float:
        """False alarms for each thousand honest parcels."""
        return 1_000 * self.by_signal[signal] / self.parcels

    def rate_of(self, response: Response) -> float:
        """Honest parcels of each thousand whose heaviest response was this."""
        return 1_000 * self.by_response[response] / self.parcels


@dataclass(frozen=True, slots=True)
class Detection:
    """Of one kind of dishonesty: the share of parcels with its own signal and with any, and of days with any."""

    parcels: int
    days: int
    by_own_signal: float
    by_any_signal: float
    of_days: float


def false_alarms(parcels: Iterable[Parcel], values: Values) -> FalseAlarms:
    """Judge honest parcels."""
    signals: Counter[Signal] = Counter()
    responses: Counter[Response] = Counter()
    kinds: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for parcel in parcels:
        noticed = judge_signals(parcel.seen, values)
        kind = kinds[parcel.kind]
        kind[0] += 1
        if noticed:
            heaviest = max((one.response for one in noticed), key=lambda response: response.weight)
            signals.update(one.signal for one in noticed)
            responses[heaviest] += 1
            kind[1] += 1
            kind[2] += heaviest is not Response.WARN
    by_kind = {name: (kind[0], kind[1], kind[2]) for name, kind in kinds.items()}
    return FalseAlarms(sum(kind[0] for kind in by_kind.values()), signals, responses, by_kind)


def detections(parcels: Iterable[Parcel], values: Values) -> dict[str, Detection]:
    """Judge dishonest parcels, by their kind."""
    meant = {kind: signal for kind, _, signal in DISHONEST}
    found: defaultdict[str, list[tuple[int, bool, bool]]] = defaultdict(list)
    for parcel in parcels:
        signals = {one.signal for one in judge_signals(parcel.seen, values)}
        found[parcel.kind].append((parcel.day, meant[parcel.kind] in signals, bool(signals)))
    return {kind: _detection(found[kind]) for kind in meant if kind in found}


def _detection(judged: list[tuple[int, bool, bool]]) -> Detection:
    days = {day for day, _, _ in judged}
    seen = {day for day, _, noticed in judged if noticed}
    return Detection(
        parcels=len(judged),
        days=len(days),
        by_own_signal=sum(own for _, own, _ in judged) / len(judged),
        by_any_signal=sum(noticed for _, _, noticed in judged) / len(judged),
        of_days=len(seen) / len(days),
    )
