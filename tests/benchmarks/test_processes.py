"""Processor time is that of one tree: of all in it, and of nobody else."""

import subprocess
import sys
import time

from benchmarks.processes import cpu_s, rss_bytes, tree

BURN = "import time\nuntil = time.process_time() + {}\nwhile time.process_time() < until: pass\n"
PARENT = """
import subprocess, sys
subprocess.run([sys.executable, "-c", {burning!r}])
print("burnt", flush=True)
sys.stdin.readline()
"""


def test_the_time_of_a_process_that_ended_is_not_lost_and_a_strangers_is_not_counted() -> None:
    stranger = subprocess.Popen([sys.executable, "-c", BURN.format(60)])  # noqa: S603 - fixed text
    parent = subprocess.Popen(  # noqa: S603 - fixed text
        [sys.executable, "-c", PARENT.format(burning=BURN.format(0.3))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "burnt\n"
        assert tree(parent.pid) == [parent.pid]
        assert 0.3 <= cpu_s(parent.pid) < 2
        assert rss_bytes(parent.pid) > 1_000_000
    finally:
        stranger.kill()
        parent.communicate()
        stranger.wait()


def test_what_a_child_spends_counts_while_it_runs() -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN.format(60)!r}])"
    parent = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)  # noqa: S603 - fixed text
    try:
        deadline = time.monotonic() + 20
        while cpu_s(parent.pid) < 0.4 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert cpu_s(parent.pid) >= 0.4
        assert len(tree(parent.pid)) == 2
    finally:
        for pid in reversed(tree(parent.pid)):
            subprocess.run(["/bin/kill", "-9", str(pid)], check=False)  # noqa: S603 - own processes
        parent.wait()
