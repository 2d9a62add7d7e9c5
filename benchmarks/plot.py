"""The plot of a workload: rates by load and contestant on a logarithmic scale, as plain SVG."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.figures import Figure, figure, shown
from benchmarks.floors import by_round

_COLOURS = ("#0b6e4f", "#c8553d", "#e0a458", "#7d5ba6", "#4a6fa5", "#8d99ae")
_WIDTH, _LEFT, _TOP, _BAR, _GAP = 860, 250, 56, 18, 16
_PLOT = _WIDTH - _LEFT - 150


@dataclass(frozen=True, slots=True)
class _Bar:
    load: str
    contestant: str
    colour: str
    rate: Figure


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a rate to a place between two powers of ten."""

    low: int
    high: int

    def x(self, value: float) -> float:
        place = math.log10(max(value, 10.0**self.low)) - self.low
        return _LEFT + _PLOT * place / max(self.high - self.low, 1)


def plot_of(workload: dict[str, Any]) -> str:
    """Bars, one for each contestant under each closed load; empty when no round counts."""
    bars = list(_bars(workload))
    if not bars:
        return ""
    scale = _Scale(
        math.floor(math.log10(max(min(bar.rate.least for bar in bars), 1e-3))),
        math.ceil(math.log10(max(bar.rate.most for bar in bars))),
    )
    places = list(_places(bars))
    bottom = places[-1] + _BAR
    parts = [
        _text(12, 24, workload["title"], is_bold=True),
        _text(12, 42, "a second, logarithmic; bar: median, line: range over the rounds"),
        *_grid(scale, bottom),
    ]
    known: set[str] = set()
    for y, bar in zip(places, bars, strict=True):
        if bar.load not in known:
            known.add(bar.load)
            parts.append(_text(12, y + 13, bar.load if "open" in bar.load else f"{bar.load} at once", is_bold=True))
        parts += _drawn(bar, scale, y)
    return _drawing(bottom + 40, parts)


def _bars(workload: dict[str, Any]) -> Iterator[_Bar]:
    rows, names = workload["rows"], list(workload["contestants"])
    for load in dict.fromkeys(row["load"] for row in rows):
        for number, contestant in enumerate(names):
            rate = figure(by_round(rows, contestant, load).values())
            if rate is not None and not load.startswith("open"):
                yield _Bar(load, contestant, _COLOURS[number % len(_COLOURS)], rate)


def _places(bars: Sequence[_Bar]) -> Iterator[float]:
    """Where each bar begins, from above; another load begins after a gap."""
    y, load = float(_TOP), bars[0].load
    for bar in bars:
        y += _GAP if bar.load != load else 0
        load = bar.load
        yield y
        y += _BAR


def _drawn(bar: _Bar, scale: _Scale, y: float) -> list[str]:
    width, middle = scale.x(bar.rate.median) - _LEFT, y + _BAR / 2
    least, most = scale.x(bar.rate.least), scale.x(bar.rate.most)
    place = f'x="{_LEFT}" y="{y + 2:.0f}" width="{width:.1f}" height="{_BAR - 4}"'
    return [
        _text(_LEFT - 8, y + 13, bar.contestant, anchor="end"),
        f'<rect {place} fill="{bar.colour}"/>',
        f'<line x1="{least:.1f}" x2="{most:.1f}" y1="{middle}" y2="{middle}" stroke="#222"/>',
        _text(max(most, _LEFT + width) + 8, y + 13, shown(bar.rate.median)),
    ]


def _grid(scale: _Scale, bottom: float) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        x = scale.x(10.0**power)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 4}" y2="{bottom + 4:.0f}" stroke="#ddd"/>'
        yield _text(x, bottom + 20, f"{10.0**power:,g}", anchor="middle")


def _text(x: float, y: float, words: str, *, anchor: str = "start", is_bold: bool = False) -> str:
    weight = ' font-weight="bold"' if is_bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _drawing(height: float, parts: Iterable[str]) -> str:
    size = f'width="{_WIDTH}" height="{height:.0f}" viewBox="0 0 {_WIDTH} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    background = f'<rect width="{_WIDTH}" height="{height:.0f}" fill="white"/>'
    return "\n".join([head, background, *parts, "</svg>"]) + "\n"
