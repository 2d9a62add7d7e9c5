"""What the peers run on is locked, and agrees with what everything else runs on."""

import re
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def test_every_requirement_of_the_peers_is_locked_by_version_and_hash() -> None:
    text = (REQUIREMENTS / "bench.txt").read_text()
    lines = re.sub(r"\\\n\s*", "", text).splitlines()

    assert lines
    assert "://" not in text
    assert [line for line in lines if not re.match(r"[a-z0-9][a-z0-9._-]*==\S+ .*--hash=sha256:", line)] == []


def test_no_peer_is_measured_on_another_version_of_what_our_service_runs_on() -> None:
    bench, dev = (
        dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (REQUIREMENTS / name).read_text(), re.MULTILINE))
        for name in ("bench.txt", "dev.txt")
    )

    assert {name: version for name, version in bench.items() if dev.get(name, version) != version} == {}
