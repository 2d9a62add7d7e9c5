"""What was measured, as Markdown."""

from typing import Any

from benchmarks.figures import figure, ratios, shown
from benchmarks.layout.measuring import BATCH, INSERT
from benchmarks.layout.questions import QUESTIONS
from benchmarks.layout.schema import LAYOUTS


def report_of(found: dict[str, Any]) -> str:
    """What was measured, as Markdown: ratios to the plain layout first."""
    head = (
        "# Monthly partitions, or plain tables\n\n"
        f"Commit {found['commit']}, {found['at']}, {found['rounds']} rounds; {found['machine']['processor']}, "
        f"{found['machine']['cores']} cores, PostgreSQL {found['postgresql']['server_version']} "
        f"(shared_buffers {found['postgresql']['shared_buffers']}). Times as a multiple of `plain`, median "
        "[least-most] of the ratios of p50 within each round; below 1 is faster. What the layouts are: "
        "`benchmarks/layout/__main__.py`. Raw rounds: `layout.json`."
    )
    return "\n\n".join([head, *(_size_report(size) for size in found["sizes"])]) + "\n"


def _size_report(size: dict[str, Any]) -> str:
    others = [layout for layout in LAYOUTS if layout != "plain"]
    lines = [
        f"## {size['rows']:,} acceptances",
        "",
        "| | plain, ms | " + " | ".join(f"{one}, x" for one in others) + " |",
    ]
    lines.append("| --- | ---: |" + " ---: |" * len(others))
    for name, title in [*((one.name, one.title) for one in QUESTIONS), (INSERT, f"insert a batch of {BATCH}")]:
        known = {layout: _by_round(size, name, layout) for layout in LAYOUTS}
        compared = [f"{ratios(known[one], known['plain']) or '-'}" for one in others]
        lines.append(f"| {title} | {figure(known['plain'].values())} | " + " | ".join(compared) + " |")
    lines += ["", "| forget a month | seconds | WAL, MB | slowest look-up meanwhile, ms | bytes in all, MB |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    for layout in LAYOUTS:
        some = [one for one in size["forgotten"] if one["layout"] == layout]
        cells = [figure(one[name] for one in some) for name in ("seconds", "wal_bytes", "slowest_look_up_ms")]
        wal = figure(one["wal_bytes"] / 1e6 for one in some)
        lines.append(f"| {layout} | {cells[0]} | {wal} | {cells[2]} | {shown(size['bytes'][layout] / 1e6)} |")
    return "\n".join(lines)


def _by_round(size: dict[str, Any], measure: str, layout: str) -> dict[int, float]:
    return {
        one["round"]: one["p50_ms"] for one in size["rounds"] if (one["measure"], one["layout"]) == (measure, layout)
    }
