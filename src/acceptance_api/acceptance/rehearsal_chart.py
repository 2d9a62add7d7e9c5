"""A rehearsal as a picture: plain SVG that reads in black and white, and says its figures to who cannot see it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Final
from xml.sax.saxutils import escape

from acceptance_api.acceptance.grounds import Ground
from acceptance_api.acceptance.rehearsal_findings import COUNTED, Findings, OutletFindings, Tally
from acceptance_api.acceptance.rehearsal_model import Window
from acceptance_api.kernel.clock import legal_day

_WIDTH, _MARGIN, _LABELS, _LINE, _BAR = 960, 24, 410, 20, 14
_PLOT_HEIGHT, _PLOT_LEFT = 180, 84
_BARS_MAX: Final = 12
_MOMENT: Final = timedelta(microseconds=1)
_WORDS: Final = {
    "title": ("重点管控推演", "Rehearsal of a campaign"),
    "everywhere": ("全国", "the whole country"),
    "within": ("辖区", "jurisdiction"),
    "done": ("已完成", "done"),
    "totals": ("合计 (件)", "In all, parcels"),
    "seen": ("已查", "looked at"),
    "concerned": ("涉及", "concerned"),
    "refused_before": ("原已拒收", "refused before"),
    "held_before": ("原已暂扣, 另加理由", "held before, now for more"),
    "would_hold": ("将暂扣", "would be held"),
    "would_refuse": ("将拒收", "would be refused"),
    "screened_again": ("到达地将二次安检", "would be screened again at the destination"),
    "returned": ("无标识将退返", "would be returned for want of a mark"),
    "days": ("按日: 将暂扣或拒收的件数", "By day: parcels that would be held or refused"),
    "grounds": ("按理由 (件)", "By ground, parcels"),
    "outlets": ("按网点: 将暂扣或拒收的件数", "By outlet: parcels that would be held or refused"),
    "nothing": ("无", "none"),
    "others": ("其他网点", "other outlets"),
}
Words = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What was rehearsed: the edition, the period, where, and how far it has come."""

    version: str
    window: Window
    jurisdiction: str
    percent: float


@dataclass(frozen=True, slots=True)
class _Bar:
    """A line of bars: what would be held is hatched, what would be refused is black. A sum of others is told only."""

    label: str
    held: int
    refused: int = 0
    is_sum: bool = False

    @property
    def length(self) -> int:
        return self.held + self.refused


def chart_of(findings: Findings, heading: Heading, *, language: str) -> str:
    """The picture, in Chinese (`zh-CN`) or English (`en`)."""
    chosen = 1 if language == "en" else 0
    words = {name: texts[chosen] for name, texts in _WORDS.items()}
    summary = _summary(findings.totals, words)
    parts = [
        _text(_MARGIN, 34, f"{words['title']} {heading.version}", size=20, is_bold=True),
        _text(_MARGIN, 56, _subtitle(heading, words)),
    ]
    sections: tuple[Callable[[float], tuple[list[str], float]], ...] = (
        partial(_totals, findings.totals, words),
        partial(_days, findings, heading.window, words),
        partial(_bars, words["grounds"], _ground_bars(findings, chosen), words),
        partial(_bars, words["outlets"], _outlet_bars(findings, words), words),
    )
    y = 86.0
    for draw in sections:
        drawn, y = draw(y)
        parts += drawn
    title = f"{words['title']} {heading.version}, {_subtitle(heading, words)}"
    return _drawing(y, title, summary, parts)


def _subtitle(heading: Heading, words: Words) -> str:
    first, last = _days_of(heading.window)
    where = f"{words['within']} {heading.jurisdiction}" if heading.jurisdiction else words["everywhere"]
    return f"{first.isoformat()} – {last.isoformat()}, {where}, {words['done']} {heading.percent:g} %"


def _summary(totals: Tally, words: Words) -> str:
    return "; ".join(f"{words[name]}: {getattr(totals, name):,}" for name in COUNTED)


def _totals(totals: Tally, words: Words, y: float) -> tuple[list[str], float]:
    """Two columns of figures."""
    parts = [_text(_MARGIN, y, words["totals"], is_bold=True)]
    half = (len(COUNTED) + 1) // 2
    for number, name in enumerate(COUNTED):
        x, line = _MARGIN + (_WIDTH // 2) * (number // half), y + _LINE * (1 + number % half)
        parts.append(_text(x, line, words[name]))
        parts.append(_text(x + 400, line, f"{getattr(totals, name):,}", anchor="end", is_bold=True))
    return parts, y + _LINE * (half + 2)


def _days(findings: Findings, window: Window, words: Words, y: float) -> tuple[list[str], float]:
    """A bar for every legal day of the period, those without parcels too."""
    first, last = _days_of(window)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    tallies = [findings.days.get(day, Tally()) for day in days]
    top, step = _scale(max((one.affected for one in tallies), default=0))
    lower = y + 2 * _LINE + _PLOT_HEIGHT
    parts = [_text(_MARGIN, y, words["days"], is_bold=True), *_legend(words, y)]
    for value in range(0, top + 1, step):
        line = lower - _PLOT_HEIGHT * value / top
        parts.append(_line(_PLOT_LEFT, line, _WIDTH - _MARGIN, line))
        parts.append(_text(_PLOT_LEFT - 8, line + 4, f"{value:,}", anchor="end"))
    width = (_WIDTH - _MARGIN - _PLOT_LEFT) / len(days)
    for number, (day, tally) in enumerate(zip(days, tallies, strict=True)):
        x, bar = _PLOT_LEFT + width * number, max(width * 0.8, 0.8)
        refused, held = (_PLOT_HEIGHT * some / top for some in (tally.would_refuse, tally.would_hold))
        told = f"{day.isoformat()}: {words['would_hold']} {tally.would_hold:,}, "
        told += f"{words['would_refuse']} {tally.would_refuse:,}"
        parts.append(
            _group(
                told,
                _box(x, lower - refused, bar, refused, "refused"),
                _box(x, lower - refused - held, bar, held, "held"),
            )
        )
    for number in sorted({0, len(days) // 2, len(days) - 1}):
        anchor = "start" if number == 0 else "end" if number == len(days) - 1 and number else "middle"
        at = _PLOT_LEFT + width * (number + {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor])
        parts.append(_text(at, lower + 18, days[number].isoformat(), anchor=anchor))
    return parts, lower + 18 + 2 * _LINE


def _legend(words: Words, y: float) -> Iterator[str]:
    for x, kind, name in ((_WIDTH - 330, "held", "would_hold"), (_WIDTH - 170, "refused", "would_refuse")):
        yield _box(x, y - 11, 18, 12, kind)
        yield _text(x + 26, y, words[name])


def _ground_bars(findings: Findings, chosen: int) -> list[_Bar]:
    bars = []
    for code, parcels in findings.grounds.most_common(_BARS_MAX):
        ground = Ground.of(code).value
        is_refusal = ground.weight.value == "refuse"
        label = (ground.zh, ground.en)[chosen]
        bars.append(_Bar(label, 0 if is_refusal else parcels, parcels if is_refusal else 0))
    return bars


def _outlet_bars(findings: Findings, words: Words) -> list[_Bar]:
    ranked = [one for one in findings.ranked() if one.tally.affected]
    shown, rest = ranked[:_BARS_MAX], ranked[_BARS_MAX:]
    bars = [_Bar(_named(one), one.tally.would_hold, one.tally.would_refuse) for one in shown]
    held = sum(one.tally.would_hold for one in rest) + findings.others.would_hold
    refused = sum(one.tally.would_refuse for one in rest) + findings.others.would_refuse
    return [*bars, _Bar(words["others"], held, refused, is_sum=True)] if held + refused else bars


def _named(one: OutletFindings) -> str:
    return f"{one.division} {one.outlet_id}"


def _bars(title: str, bars: Sequence[_Bar], words: Words, y: float) -> tuple[list[str], float]:
    parts = [_text(_MARGIN, y, title, is_bold=True)]
    if not bars:
        return [*parts, _text(_MARGIN, y + _LINE, words["nothing"])], y + 3 * _LINE
    longest = max((bar.length for bar in bars if not bar.is_sum), default=1)
    room = _WIDTH - _LABELS - _MARGIN - 90
    for bar in bars:
        y += _LINE
        held, refused = (0.0 if bar.is_sum else room * some / longest for some in (bar.held, bar.refused))
        parts.append(_text(_LABELS - 8, y + 4, _shortened(bar.label), anchor="end", size=12))
        parts.append(_box(_LABELS, y - 7, refused, _BAR, "refused"))
        parts.append(_box(_LABELS + refused, y - 7, held, _BAR, "held"))
        parts.append(_text(_LABELS + held + refused + 6, y + 4, f"{bar.length:,}"))
    return parts, y + 2 * _LINE


def _days_of(window: Window) -> tuple[date, date]:
    return legal_day(window.since), legal_day(max(window.since, window.until - _MOMENT))


def _scale(most: int) -> tuple[int, int]:
    """The top of an axis and the step of its lines: 1, 2 or 5 times a power of ten, at most five of them."""
    for power in count():
        for digit in (1, 2, 5):
            step = digit * 10**power
            if step * 5 >= most:
                return step * max(1, math.ceil(most / step)), step
    raise AssertionError


def _shortened(label: str) -> str:
    """A label that fits: Chinese characters are twice as wide."""
    width = 0.0
    for number, character in enumerate(label):
        width += 2 if ord(character) > 0x2E80 else 1  # noqa: PLR2004 - where the characters of East Asia begin
        if width > 56:  # noqa: PLR2004 - characters that fit beside the bars
            return label[:number] + "…"
    return label


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 13, is_bold: bool = False) -> str:
    weight = ' font-weight="bold"' if is_bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#bbb"/>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    if width <= 0 or height <= 0:
        return ""
    look = 'fill="url(#held)" stroke="#000" stroke-width="0.6"' if kind == "held" else 'fill="#000"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.2f}" height="{height:.2f}" {look}/>'


def _group(told: str, *drawn: str) -> str:
    inside = "".join(drawn)
    return f"<g><title>{escape(told)}</title>{inside}</g>" if inside else ""


def _drawing(height: float, title: str, summary: str, parts: Sequence[str]) -> str:
    size = f'width="{_WIDTH}" height="{height:.0f}" viewBox="0 0 {_WIDTH} {height:.0f}" font-family="sans-serif"'
    hatch = (
        '<defs><pattern id="held" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="5" height="5" fill="#fff"/><line x1="0" y1="0" x2="0" y2="5" stroke="#000" stroke-width="2"/>'
        "</pattern></defs>"
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="#000" role="img" aria-labelledby="title summary">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="summary">{escape(summary)}</desc>',
        hatch,
        f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#fff"/>',
        *(part for part in parts if part),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
