"""What keeps a slow, dear or broken authority from hurting the counters: limits around one question."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from acceptance_api.identity.authority import IdentityAuthority
from acceptance_api.identity.model import Answer, AuthorityAnswer
from acceptance_api.kernel.clock import Clock, legal_day
from acceptance_api.kernel.log import get_logger

_FAILURES = frozenset({Answer.SOURCE_DOWN, Answer.RATE_LIMITED, Answer.UNKNOWN})
_dice = random.SystemRandom()


def short_pause() -> float:
    """How long to wait before the one retry, in seconds; no two processes wait alike."""
    return _dice.uniform(0.05, 0.25)


class DailyBudget:
    """Counts the questions of a legal day: a vendor without a spending cap gets one here, per process."""

    def __init__(self, calls_max: int, *, clock: Clock) -> None:
        """Allow so many questions a day."""
        self._calls_max, self._clock = calls_max, clock
        self._day: date | None = None
        self._spent = 0

    def has_left(self) -> bool:
        """Whether one more question may be asked today."""
        self._turn()
        return self._spent < self._calls_max

    def spend(self) -> None:
        """Count a question."""
        self._turn()
        self._spent += 1

    def _turn(self) -> None:
        today = legal_day(self._clock.now())
        if today != self._day:
            self._day, self._spent = today, 0


class Breaker:
    """Stops asking after failures in a row; after a pause lets one question through to see."""

    def __init__(self, *, failures_max: int = 5, pause: timedelta = timedelta(seconds=30), clock: Clock) -> None:
        """Begin closed: questions pass."""
        self._failures_max, self._pause, self._clock = failures_max, pause, clock
        self._failures = 0
        self._closed_until = clock.now()
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether questions are being held back."""
        return self._failures >= self._failures_max

    def admits(self) -> bool:
        """Whether a question may pass now; who is told yes must report with `note` or `forget`."""
        if not self.is_open:
            return True
        if self._probing or self._clock.now() < self._closed_until:
            return False
        self._probing = True
        return True

    def note(self, *, failed: bool) -> None:
        """Report how a question went."""
        self._probing = False
        self._failures = self._failures + 1 if failed else 0
        if self.is_open:
            self._closed_until = self._clock.now() + self._pause

    def forget(self) -> None:
        """Report that a question was given up before it was answered."""
        self._probing = False


class Guarded:
    """An authority behind limits of time, money, concurrency and patience. Answers always, and in time."""

    def __init__(
        self,
        authority: IdentityAuthority,
        *,
        timeout_s: float,
        daily_calls_max: int,
        clock: Clock,
        breaker: Breaker | None = None,
        at_once_max: int = 32,
        pause_s: Callable[[], float] = short_pause,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Wrap an authority; one instance serves a process and one event loop."""
        self._authority, self._timeout_s = authority, timeout_s
        self._budget = DailyBudget(daily_calls_max, clock=clock)
        self._breaker = breaker or Breaker(clock=clock)
        self._slots = asyncio.Semaphore(at_once_max)
        self._pause_s, self._sleep = pause_s, sleep

    @property
    def name(self) -> str:
        """The name of the authority inside."""
        return self._authority.name

    async def ask(self, name: str, number: str) -> AuthorityAnswer:
        """Ask within the limits; a limit that was reached is the answer.

        SOURCE_DOWN: too slow, or held back after failures. QUOTA: today's questions are used up. RATE_LIMITED: no slot.
        """
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._slots.acquire()
        except TimeoutError:
            return self._own(Answer.RATE_LIMITED, "no_slot", started)
        try:
            return await self._admitted(name, number, started)
        finally:
            self._slots.release()

    async def _admitted(self, name: str, number: str, started: float) -> AuthorityAnswer:
        if not self._budget.has_left():
            return self._own(Answer.QUOTA, "daily_cap", started)
        if not self._breaker.admits():
            return self._own(Answer.SOURCE_DOWN, "breaker_open", started)
        try:
            answer = await self._within_time(name, number, started)
        except BaseException:
            self._breaker.forget()
            raise
        self._breaker.note(failed=answer.answer in _FAILURES)
        _log(answer)
        return answer

    async def _within_time(self, name: str, number: str, started: float) -> AuthorityAnswer:
        try:
            async with asyncio.timeout(self._timeout_s - (time.monotonic() - started)):
                return await self._asked(name, number)
        except TimeoutError:
            return self._own(Answer.SOURCE_DOWN, "timed_out", started, charged=True)

    async def _asked(self, name: str, number: str) -> AuthorityAnswer:
        self._budget.spend()
        answer = await self._authority.ask(name, number)
        if answer.answer is not Answer.SOURCE_DOWN or answer.charged or not self._budget.has_left():
            return answer
        await self._sleep(self._pause_s())
        self._budget.spend()
        return await self._authority.ask(name, number)

    def _own(self, answer: Answer, code: str, started: float, *, charged: bool = False) -> AuthorityAnswer:
        return AuthorityAnswer(
            answer=answer,
            authority=self.name,
            latency_ms=round((time.monotonic() - started) * 1000),
            charged=charged,
            vendor_code=code,
        )


def _log(answer: AuthorityAnswer) -> None:
    get_logger().info(
        "identity.authority.answered",
        authority=answer.authority,
        outcome=answer.answer.value,
        latency_ms=answer.latency_ms,
    )
