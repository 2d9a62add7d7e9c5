"""Working: the background process."""

import asyncio
import os
import signal
import sys
from typing import Annotated

import typer

from acceptance_api.cli.serving import prepare
from acceptance_api.kernel import log
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.settings import Settings
from acceptance_api.worker import work

_NICENESS = 10
"""The counters come first: of one machine the worker gets what they leave."""


def worker(
    *,
    is_beside: Annotated[
        bool, typer.Option("--beside", help="Beside a service that prepared the database: end with the standard input.")
    ] = False,
) -> None:
    """Process what need not be done while a counter waits, until stopped. `serve` starts one beside itself."""
    settings = Settings()
    if not is_beside:
        asyncio.run(prepare(settings, with_sandbox=False))
    log.configure(level=settings.log_level, style=settings.log_format)
    os.nice(_NICENESS)
    asyncio.run(_work(settings, is_beside=is_beside))


async def _work(settings: Settings, *, is_beside: bool) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    lifeline = asyncio.create_task(_hold(stop)) if is_beside else None
    await work(settings, SystemClock(), stop)
    if lifeline is not None:
        lifeline.cancel()


async def _hold(stop: asyncio.Event) -> None:
    """Stop when the other end of the standard input is gone."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stop.set()
