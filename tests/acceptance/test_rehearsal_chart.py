"""The picture of a rehearsal is well-formed, whatever was found, and says its figures as text."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from uuid import UUID

import pytest

from acceptance_api.acceptance import Findings, Ground, Heading, Outcome, Weight, Window, chart_of
from acceptance_api.acceptance.rehearsal_policy import Added, Difference
from acceptance_api.kernel.clock import start_of

SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 1, 1)
HELD = Difference(before=Outcome.ACCEPTED, after=Outcome.HELD, added=(Added(Ground.NOT_SCREENED, Weight.HOLD, None),))
REFUSED = Difference(before=Outcome.ACCEPTED, after=Outcome.REFUSED, added=HELD.added)


def heading(*, days: int = 31) -> Heading:
    """A rehearsal of some days, half done."""
    window = Window(start_of(FIRST), start_of(FIRST + timedelta(days=days)))
    return Heading(version="two-sessions@3", window=window, jurisdiction="11", percent=50.0)


def drawn(findings: Findings, *, days: int = 31, language: str = "en") -> ET.Element:
    """The picture."""
    return ET.fromstring(chart_of(findings, heading(days=days), language=language))  # noqa: S314 - our own


def texts(picture: ET.Element) -> list[str]:
    """What is written in it."""
    return ["".join(one.itertext()) for one in picture.iter(f"{SVG}text")]


def found(outlets: int, *, days: int = 31) -> Findings:
    """At each outlet 1,000 parcels held and 234 refused, on days in turn."""
    findings = Findings()
    for number in range(outlets):
        day = FIRST + timedelta(days=number % days)
        findings.count(UUID(int=number), "110101", day, [HELD] * 1_000 + [REFUSED] * 234 + [None])
    return findings


@pytest.mark.parametrize("days", [1, 2, 31, 400])
@pytest.mark.parametrize("outlets", [0, 1, 30])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_day_has_its_place_and_bars_stay_within_the_picture(days: int, outlets: int, language: str) -> None:
    picture = drawn(found(outlets, days=days), days=days, language=language)
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])

    assert len(picture.findall(f"{SVG}g")) == min(days, outlets)
    for box in picture.iter(f"{SVG}rect"):
        assert float(box.get("x", 0)) + float(box.attrib["width"]) <= width
        assert float(box.get("y", 0)) + float(box.attrib["height"]) <= height


def test_the_figures_stand_in_the_text_and_in_the_description() -> None:
    picture = drawn(found(30))
    told = str(picture.findtext(f"{SVG}desc"))

    assert picture.attrib["role"] == "img"
    assert str(picture.findtext(f"{SVG}title")) == (
        "Rehearsal of a campaign two-sessions@3, 2026-01-01 – 2026-01-31, jurisdiction 11, done 50 %"
    )
    assert "would be held: 30,000" in told
    assert "would be refused: 7,020" in told
    assert {"30,000", "7,020", "1,234", Ground.NOT_SCREENED.value.en} <= set(texts(picture))
    assert f"{18 * 1_234:,}" in texts(picture), "the outlets that are not drawn are summed"


def test_each_day_tells_its_figures_to_who_points_at_it() -> None:
    groups = drawn(found(2)).findall(f"{SVG}g")

    assert [one.findtext(f"{SVG}title") for one in groups] == [
        "2026-01-01: would be held 1,000, would be refused 234",
        "2026-01-02: would be held 1,000, would be refused 234",
    ]


def test_held_and_refused_differ_in_black_and_white() -> None:
    (group,) = drawn(found(1)).findall(f"{SVG}g")

    assert [box.attrib["fill"] for box in group.iter(f"{SVG}rect")] == ["#000", "url(#held)"]
    assert "#000" not in ET.tostring(next(drawn(found(1)).iter(f"{SVG}pattern"))[0]).decode()
