"""The loader: a process of its own that sends prebuilt requests to a server on the loopback and says what came back.

It connects, prints `ready`, waits for a line, sends, and prints one line of JSON.
"""

import argparse
import gc
import json
import sys
from pathlib import Path

import uvloop

from benchmarks.exchange import Requests
from benchmarks.loader.closed import ClosedLoop
from benchmarks.loader.opened import OpenLoop
from benchmarks.loader.tally import Tally


async def load(named: argparse.Namespace) -> str:
    """Run one load."""
    requests = Requests(named.requests)
    tally = Tally(status=named.status, mark=named.mark.encode(), marks=named.marks, units=named.units)
    loop: ClosedLoop | OpenLoop
    if named.rate:
        loop = OpenLoop(requests, tally, seconds=named.seconds, rate=named.rate)
    else:
        loop = ClosedLoop(requests, tally, seconds=named.seconds)
    await loop.connect(named.port, named.connections)
    gc.collect()
    gc.freeze()
    gc.disable()
    _say("ready")
    sys.stdin.readline()
    await loop.run()
    return json.dumps(tally.as_json() | {"taken": requests.taken})


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _named() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loader", description=__doc__)
    parser.add_argument("requests", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=0.0, help="requests a second; 0 is the closed loop")
    parser.add_argument("--status", type=int, default=201)
    parser.add_argument("--mark", default="")
    parser.add_argument("--marks", type=int, default=1)
    parser.add_argument("--units", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    _say(uvloop.run(load(_named())))
