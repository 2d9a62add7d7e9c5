"""The benchmark of rehearsals measures what it says: both drafts look at every decision, and one concerns them all."""

from benchmarks.rehearsal.filling import fill
from benchmarks.rehearsal.measuring import cases, measure
from benchmarks.rehearsal.report import report_of

RECORDS = 2_000


async def test_the_archive_is_such_as_a_counter_would_have_left(database_url: str) -> None:
    told: list[int] = []
    await fill(database_url, records=RECORDS, outlets=10, tell=told.append)
    to_beijing, everywhere = [await measure(database_url, case) for case in cases()]

    assert told == [RECORDS]
    assert to_beijing["totals"]["seen"] == everywhere["totals"]["seen"] == everywhere["totals"]["concerned"] == RECORDS
    assert 0.02 < to_beijing["totals"]["concerned"] / RECORDS < 0.09
    assert 0 < everywhere["totals"]["would_hold"] < everywhere["totals"]["held_before"] < RECORDS
    assert everywhere["totals"]["refused_before"] < RECORDS / 10
    assert to_beijing["cpu_s"] > 0


def test_the_report_tells_rates_by_processor_time() -> None:
    totals = {"seen": 1_000_000, "concerned": 50_000}
    one = {"database": "sqlite", "case": "to Beijing", "cpu_s": 20.0, "server_cpu_s": 5.0, "wall_s": 40.0}
    found = {
        "commit": "0",
        "at": "2026-01-01",
        "machine": {"processor": "a processor", "cores": 2, "python": "3"},
        "postgresql": {"server_version": "18", "shared_buffers": "1GB"},
        "records": 1_000_000,
        "outlets": 400,
        "days": 90,
        "campaign": "a-campaign",
        "rehearsals": [one | {"totals": totals}],
    }

    assert "| sqlite | 5.0% | 50,000 | 40,000 | 25,000 | 2.5 x |" in report_of(found)
