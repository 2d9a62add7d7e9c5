"""Which signals a parcel shows, and how rules of several layers make one: the heavier response, the tighter figure."""

from collections.abc import Callable, Mapping
from typing import Final

from acceptance_api.signals.model import FIGURES, Noticed, Response, Rule, Seen, Signal, Tighter, Values
from acceptance_api.signals.travel import way_between

_Params = Mapping[str, int | str]
_Figures = Mapping[str, int]
_SELF, _OTHER = "self", "other"


def judge_signals(seen: Seen, values: Values) -> tuple[Noticed, ...]:
    """Every signal that shows itself, in the order of `Signal`; what is unknown shows nothing."""
    noticed = []
    for signal, look in _LOOKS.items():
        rule = values.rules.get(signal)
        if rule is None or rule.response is None or not rule.is_complete:
            continue
        params = look(seen, rule.figures)
        if params is not None:
            noticed.append(Noticed(signal=signal, response=rule.response, params=params))
    return tuple(noticed)


def heaviest(noticed: tuple[Noticed, ...]) -> Response | None:
    """The heaviest response that is asked for, if any is."""
    return max((one.response for one in noticed), key=lambda response: response.weight, default=None)


def combine(base: Values, *layers: Values) -> Values:
    """The base and what each layer adds: a layer can only make a response heavier and a figure tighter."""
    rules = dict(base.rules)
    for layer in layers:
        for signal, added in layer.rules.items():
            known = rules.get(signal)
            rules[signal] = _tightened(known, added) if known else added
    return Values(rules)


def _tightened(known: Rule, added: Rule) -> Rule:
    responses = [one for one in (known.response, added.response) if one is not None]
    directions = FIGURES[known.signal]
    figures = dict(known.figures)
    for name, figure in added.figures.items():
        tighter = min if directions[name] is Tighter.LOWER else max
        figures[name] = tighter(figures.get(name, figure), figure)
    changed = added if figures != known.figures else known
    return Rule(
        signal=known.signal,
        response=max(responses, key=lambda response: response.weight, default=None),
        figures=figures,
        source=changed.source,
        verified=known.verified and added.verified,
    )


def _clerk_is_sender(seen: Seen, _: _Figures) -> _Params | None:
    return {} if seen.staff == _SELF else None


def _staff_is_sender(seen: Seen, _: _Figures) -> _Params | None:
    return {} if seen.staff == _OTHER else None


def _many_phones(seen: Seen, figures: _Figures) -> _Params | None:
    return _counted(seen.distinct_phones, figures)


def _many_names(seen: Seen, figures: _Figures) -> _Params | None:
    return _counted(seen.distinct_names_refused, figures)


def _impossible_travel(seen: Seen, figures: _Figures) -> _Params | None:
    minutes = seen.minutes_since_last
    if seen.same_outlet is not False or minutes is None or minutes < 0:
        return None
    way = way_between(seen, figures)
    if way is None or minutes >= way.least_minutes:
        return None
    params: dict[str, int | str] = {"minutes": minutes, "least_minutes": way.least_minutes}
    if way.kilometres is None:
        return params | {"level": way.level}
    return params | {"kilometres": way.kilometres, "km_per_hour": figures["km_per_hour"]}


def _too_many_a_day(seen: Seen, figures: _Figures) -> _Params | None:
    return _counted(seen.parcels_today, figures)


def _same_phone(seen: Seen, _: _Figures) -> _Params | None:
    return {} if seen.same_phone else None


def _burst_before_closing(seen: Seen, figures: _Figures) -> _Params | None:
    left, closing = seen.minutes_to_closing, figures["closing_minutes"]
    if left is None or left > closing:
        return None
    params = _counted(seen.accepted_in_last_minutes, figures)
    return params and {**params, "window_minutes": figures["window_minutes"], "closing_minutes": closing}


def _inspection_too_short(seen: Seen, figures: _Figures) -> _Params | None:
    if seen.inspection_seconds is None:
        return None
    items = max(1, seen.items_declared or 1)
    least = figures["seconds"] + figures["seconds_per_item"] * items
    if seen.inspection_seconds >= least:
        return None
    return {"seconds": seen.inspection_seconds, "least_seconds": least, "items": items}


def _photo_reused(seen: Seen, figures: _Figures) -> _Params | None:
    return _counted(seen.photos_reused, figures)


def _counted(count: int | None, figures: _Figures) -> _Params | None:
    """A threshold of nothing still needs one: what nobody did is no signal."""
    at_least = max(1, figures["at_least"])
    return {"count": count, "at_least": at_least} if count is not None and count >= at_least else None


_LOOKS: Final[Mapping[Signal, Callable[[Seen, _Figures], _Params | None]]] = {
    Signal.CLERK_IS_SENDER: _clerk_is_sender,
    Signal.STAFF_IS_SENDER: _staff_is_sender,
    Signal.ONE_ID_MANY_PHONES: _many_phones,
    Signal.ONE_ID_MANY_NAMES: _many_names,
    Signal.IMPOSSIBLE_TRAVEL: _impossible_travel,
    Signal.TOO_MANY_A_DAY: _too_many_a_day,
    Signal.SENDER_PHONE_IS_ADDRESSEE_PHONE: _same_phone,
    Signal.BURST_BEFORE_CLOSING: _burst_before_closing,
    Signal.INSPECTION_TOO_SHORT: _inspection_too_short,
    Signal.PHOTO_REUSED: _photo_reused,
}
