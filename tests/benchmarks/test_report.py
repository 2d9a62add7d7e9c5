"""The report says what was reached, what was not, and what tells nothing."""

from typing import Any

import pytest

from benchmarks.floors import judged
from benchmarks.plot import plot_of
from benchmarks.report import report_of
from benchmarks.rounds import Row


def rows_of(contestant: str, load: str, rates: list[float], **changes: Any) -> list[Row]:  # noqa: ANN401 - JSON
    return [
        {
            "contestant": contestant,
            "load": load,
            "round": number,
            "void": None,
            "rate": rate,
            "accepted": 1_000,
            "p50_ms": 2.0,
            "p90_ms": 3.0,
            "p99_ms": 5.0,
            "server_cpu_s": 0.4,
            "database_cpu_s": 0.1,
            "rss_bytes": 200 * 2**20,
        }
        | changes
        for number, rate in enumerate(rates, start=1)
    ]


def run_of(*rows: Row, name: str = "accept", contestants: dict[str, str] | None = None) -> dict[str, Any]:
    workload = {
        "name": name,
        "title": "Accept parcels",
        "contestants": contestants or {"ours": "the service", "tutorial": "P1", "pgbench": "the limit"},
        "notes": ["A note."],
        "is_race": True,
        "rows": list(rows),
    }
    return {
        "at": "2026-11-24T12:00:00+00:00",
        "commit": "0123456789",
        "plan": {"name": "default", "rounds": 3, "seconds": 3.0},
        "machine": {
            "processor": "a processor",
            "cores": 2,
            "memory_bytes": 2**34,
            "kernel": "6.18",
            "system": "Linux",
            "python": "3.11",
            "libraries": {"asyncpg": "0.32"},
            "load_before": [0.1, 0.2, 0.3],
        },
        "postgresql": {"fsync": "on"},
        "workloads": [workload],
    }


GOOD_RUN = run_of(
    *rows_of("ours", "64", [1_600.0, 1_700.0, 1_800.0]),
    *rows_of("tutorial", "64", [100.0, 100.0, 100.0]),
    *rows_of("pgbench", "64", [3_000.0, 3_000.0, 6_000.0]),
    *rows_of("pgbench", "16", [5_000.0, 5_000.0, 5_000.0]),
)


def floor(run: dict[str, Any], name: str) -> dict[str, Any]:
    workload = run["workloads"][0]
    return next(one for one in judged({workload["name"]: workload["rows"]}) if one["floor"] == name)


@pytest.mark.parametrize(
    ("name", "figure", "reached"),
    [
        pytest.param("accept, 64 counters, over P1", "17.0 [16.0-18.0]", True, id="reached"),
        pytest.param(
            "accept, 64 counters, of the best pgbench rate", "0.32 [0.30-0.34]", False, id="not reached: best of round"
        ),
        pytest.param("accept, 64 counters, over P2", "not measured", None, id="not measured"),
    ],
)
def test_a_floor_is_judged_by_the_median(name: str, figure: str, reached: bool | None) -> None:  # noqa: FBT001 - a column
    found = floor(GOOD_RUN, name)

    assert (found["figure"], found["reached"]) == (figure, reached)


def test_a_floor_from_above_is_reached_from_below() -> None:
    open_loop = rows_of("ours", "open 64", [500.0, 500.0], p50_ms=2.0, p99_ms=5.0)
    steep = rows_of("ours", "open 64", [500.0, 500.0], p50_ms=2.0, p99_ms=9.0)
    name = "accept, open loop at half of peak, p99 over p50"

    assert floor(run_of(*open_loop), name)["reached"] is True
    assert floor(run_of(*steep), name)["reached"] is False


def test_an_error_at_256_counters_is_held_against_the_service() -> None:
    lost = rows_of("ours", "256", [900.0]) + rows_of("ours", "256", [900.0], void="1 x connection lost")

    assert floor(run_of(*lost), "accept, 256 counters, rounds with errors")["reached"] is False


def test_ratios_stand_before_absolute_figures_and_floors_before_both() -> None:
    text = report_of(GOOD_RUN, "raw.json", {"accept.svg"})

    places = [text.index(words) for words in ("## Floors", "ours over tutorial", "RSS MB", "## Measured on")]
    assert places == sorted(places)
    assert "| 64 | ours | 1,700 [1,600-1,800] | 2.00 | 3.00 | 5.00 | 400 | 100 | 200 |" in text
    assert "(accept.svg)" in text
    assert "(raw.json)" in text


def test_a_noisy_row_is_marked_and_gives_no_ratio() -> None:
    run = run_of(*rows_of("ours", "64", [100.0, 200.0, 301.0]), *rows_of("tutorial", "64", [10.0, 10.0, 10.0]))
    text = report_of(run, "raw.json")

    assert "| ours over tutorial (P1) | too noisy |" in text
    assert floor(run, "accept, 64 counters, over P1")["figure"] == "too noisy"
    assert floor(run, "accept, 64 counters, over P1")["reached"] is None
    assert "200 [100-301] (too noisy)" in text


def test_void_rounds_are_named_and_left_out() -> None:
    run = run_of(*rows_of("ours", "64", [100.0, 110.0]), *rows_of("ours", "64", [900.0], void="a row is missing"))
    text = report_of(run, "raw.json")

    assert "- ours, 64, round 1: a row is missing" in text
    assert "105 [100-110]" in text


def test_a_plot_has_a_bar_for_each_rate_and_none_for_what_is_void() -> None:
    drawn = plot_of(GOOD_RUN["workloads"][0])

    assert drawn.count("<rect") == 1 + 4
    assert "1,700" in drawn
    assert plot_of(run_of(*rows_of("ours", "64", [1.0], void="lost"))["workloads"][0]) == ""
