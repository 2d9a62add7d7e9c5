"""What was measured, as Markdown."""

from typing import Any

AIM = 20_000
"""Decisions a second and core."""


def report_of(found: dict[str, Any]) -> str:
    """The rates first, then what the rehearsals found."""
    machine = found["machine"]
    head = (
        "# A campaign rehearsed on past traffic\n\n"
        f"Commit {found['commit']}, {found['at']}; {machine['processor']}, {machine['cores']} cores, Python "
        f"{machine['python']}, PostgreSQL {found['postgresql']['server_version']} (shared_buffers "
        f"{found['postgresql']['shared_buffers']}). {found['records']:,} decisions at {found['outlets']} outlets over "
        f"{found['days']} days, made up and without persons (`benchmarks/rehearsal/traffic.py`); the campaign is "
        f"`{found['campaign']}` as it was observed, and the same without its destination. One process reads, decides "
        "again and counts; rates are decisions for each second of processor time. Raw figures: `rehearsal.json`."
    )
    rates = "decisions a second and core | with the server's time | a second by the clock"
    lines = [f"| database | parcels concerned | {rates} | of {AIM:,} |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    lines += [_line(one, found["records"]) for one in found["rehearsals"]]
    sums = ["| database | draft | " + " | ".join(_words(name) for name in found["rehearsals"][0]["totals"]) + " |"]
    sums.append("| --- | --- |" + " ---: |" * len(found["rehearsals"][0]["totals"]))
    for one in found["rehearsals"]:
        figures = " | ".join(f"{number:,}" for number in one["totals"].values())
        sums.append(f"| {one['database']} | {one['case']} | {figures} |")
    return "\n\n".join([head, "\n".join(lines), "## What was found", "\n".join(sums)]) + "\n"


def _line(one: dict[str, Any], records: int) -> str:
    rate, with_server = records / one["cpu_s"], records / (one["cpu_s"] + one["server_cpu_s"])
    share = one["totals"]["concerned"] / one["totals"]["seen"]
    return (
        f"| {one['database']} | {share:.1%} | {rate:,.0f} | {with_server:,.0f} | {records / one['wall_s']:,.0f} "
        f"| {rate / AIM:.1f} x |"
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
