"""The limits round an authority: time, money, patience, concurrency."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from acceptance_api.identity.authority import IdentityAuthority
from acceptance_api.identity.model import Answer, AuthorityAnswer
from acceptance_api.identity.resilience import Breaker, DailyBudget, Guarded, short_pause
from acceptance_api.identity.sandbox_http import DEMO_CREDENTIALS, Mode
from acceptance_api.identity.tencent_http import TencentAuthority
from acceptance_api.kernel.clock import SystemClock
from tests.support.authorities import MATCHING, NAME, PretendAuthority, Sandbox, StandingClock, closed_address


def said(answer: Answer, *, charged: bool = False) -> AuthorityAnswer:
    """An answer of the pretend authority."""
    return AuthorityAnswer(answer=answer, authority="pretend", charged=charged)


class Sleeper:
    """Sleeps in no time, and remembers how long."""

    def __init__(self) -> None:
        """Begin rested."""
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Sleep."""
        self.slept.append(seconds)


class Stuck:
    """An authority that answers when it is let go."""

    name = "stuck"

    def __init__(self) -> None:
        """Begin stuck."""
        self.asked = 0
        self.heard = asyncio.Event()
        self.go = asyncio.Event()

    async def ask(self, name: str, number: str) -> AuthorityAnswer:  # noqa: ARG002 - says the same to everybody
        """Wait, then match."""
        self.asked += 1
        self.heard.set()
        await self.go.wait()
        return said(Answer.MATCH, charged=True)


def guarded(
    authority: IdentityAuthority,
    clock: StandingClock,
    *,
    timeout_s: float = 5.0,
    daily_calls_max: int = 1_000,
    at_once_max: int = 32,
    sleeper: Sleeper | None = None,
) -> Guarded:
    """An authority with limits that only the test's own subject makes tight."""
    return Guarded(
        authority,
        timeout_s=timeout_s,
        daily_calls_max=daily_calls_max,
        clock=clock,
        at_once_max=at_once_max,
        pause_s=lambda: 0.1,
        sleep=sleeper or Sleeper(),
    )


@pytest.mark.parametrize(
    ("script", "asked", "answer"),
    [
        pytest.param([said(Answer.MATCH)], 1, Answer.MATCH, id="an answer is an answer"),
        pytest.param([said(Answer.SOURCE_DOWN), said(Answer.MATCH)], 2, Answer.MATCH, id="free failure, asked again"),
        pytest.param([said(Answer.SOURCE_DOWN)] * 3, 2, Answer.SOURCE_DOWN, id="asked again once only"),
        pytest.param([said(Answer.SOURCE_DOWN, charged=True)], 1, Answer.SOURCE_DOWN, id="perhaps charged"),
        pytest.param([said(Answer.MISMATCH)], 1, Answer.MISMATCH, id="a mismatch is final"),
        pytest.param([said(Answer.UNKNOWN)], 1, Answer.UNKNOWN, id="babble is not asked again"),
        pytest.param([said(Answer.RATE_LIMITED)], 1, Answer.RATE_LIMITED, id="too fast is not asked faster"),
    ],
)
async def test_only_a_free_failure_is_asked_again(
    script: list[AuthorityAnswer], asked: int, answer: Answer, clock: StandingClock
) -> None:
    authority, sleeper = PretendAuthority(script=script), Sleeper()

    result = await guarded(authority, clock, sleeper=sleeper).ask(NAME, MATCHING)

    assert (result.answer, authority.asked) == (answer, asked)
    assert sleeper.slept == [0.1] * (asked - 1)


async def test_nobody_listening_is_tried_twice(client: httpx.AsyncClient, clock: StandingClock) -> None:
    sleeper = Sleeper()
    authority = TencentAuthority(client, DEMO_CREDENTIALS, clock=clock, url=closed_address())

    result = await guarded(authority, clock, sleeper=sleeper).ask(NAME, MATCHING)

    assert (result.answer, len(sleeper.slept)) == (Answer.SOURCE_DOWN, 1)


async def test_the_breaker_opens_after_five_failures_and_probes_once_after_a_pause(clock: StandingClock) -> None:
    authority = PretendAuthority(script=[said(Answer.SOURCE_DOWN, charged=True)] * 6)
    guard = guarded(authority, clock)
    codes = [(await guard.ask(NAME, MATCHING)).vendor_code for _ in range(8)]
    assert (authority.asked, codes) == (5, [""] * 5 + ["breaker_open"] * 3)

    clock.move(timedelta(seconds=31))
    assert (await guard.ask(NAME, MATCHING)).vendor_code == ""
    assert (await guard.ask(NAME, MATCHING)).vendor_code == "breaker_open"

    clock.move(timedelta(seconds=31))
    assert (await guard.ask(NAME, MATCHING)).answer is Answer.MATCH
    assert (await guard.ask(NAME, MATCHING)).answer is Answer.MATCH


@pytest.mark.parametrize("mode", [Mode.DOWN, Mode.MALFORMED, Mode.HUGE, Mode.REDIRECT, Mode.WRONG_SCHEMA])
async def test_the_breaker_spares_a_broken_vendor(mode: Mode, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    sandbox.behave(mode)
    before = sandbox.questions()
    authority = TencentAuthority(client, DEMO_CREDENTIALS, clock=SystemClock(), url=sandbox.url)
    guard = Guarded(authority, timeout_s=5, daily_calls_max=100, clock=SystemClock())

    answers = [(await guard.ask(NAME, MATCHING)).answer for _ in range(9)]

    assert sandbox.questions() - before == 5
    assert answers[5:] == [Answer.SOURCE_DOWN] * 4


@pytest.mark.parametrize("answer", [Answer.MISMATCH, Answer.NO_RECORD, Answer.INVALID_INPUT, Answer.QUOTA])
async def test_an_unwelcome_answer_is_no_failure(answer: Answer, clock: StandingClock) -> None:
    authority = PretendAuthority(script=[said(answer)] * 10)
    guard = guarded(authority, clock)

    for _ in range(10):
        await guard.ask(NAME, MATCHING)

    assert authority.asked == 10


async def test_one_probe_at_a_time(clock: StandingClock) -> None:
    breaker = Breaker(failures_max=1, clock=clock)
    breaker.note(failed=True)
    clock.move(timedelta(seconds=30))

    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.forget()
    assert breaker.admits()


async def test_a_given_up_probe_lets_the_next_one_through(clock: StandingClock) -> None:
    authority, breaker = Stuck(), Breaker(failures_max=1, clock=clock)
    breaker.note(failed=True)
    clock.move(timedelta(seconds=30))
    guard = Guarded(authority, timeout_s=5, daily_calls_max=9, clock=clock, breaker=breaker)
    probe = asyncio.create_task(guard.ask(NAME, MATCHING))
    await authority.heard.wait()
    assert (await guard.ask(NAME, MATCHING)).vendor_code == "breaker_open"

    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    authority.go.set()

    assert (await guard.ask(NAME, MATCHING)).answer is Answer.MATCH


async def test_the_cap_holds_until_midnight_in_china(clock: StandingClock) -> None:
    clock.at = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
    authority = PretendAuthority()
    guard = guarded(authority, clock, daily_calls_max=3)

    before = [(await guard.ask(NAME, MATCHING)).answer for _ in range(5)]
    clock.move(timedelta(minutes=1))
    after = (await guard.ask(NAME, MATCHING)).answer

    assert before == [Answer.MATCH] * 3 + [Answer.QUOTA] * 2
    assert (after, authority.asked) == (Answer.MATCH, 4)


async def test_asking_again_is_paid_from_the_same_budget(clock: StandingClock) -> None:
    authority = PretendAuthority(script=[said(Answer.SOURCE_DOWN)] * 5)

    result = await guarded(authority, clock, daily_calls_max=1).ask(NAME, MATCHING)

    assert (result.answer, authority.asked) == (Answer.SOURCE_DOWN, 1)


async def test_a_cap_of_nothing_asks_nobody(clock: StandingClock) -> None:
    authority = PretendAuthority()

    result = await guarded(authority, clock, daily_calls_max=0).ask(NAME, MATCHING)

    assert (result.answer, result.vendor_code, authority.asked) == (Answer.QUOTA, "daily_cap", 0)


def test_a_question_that_runs_over_midnight_is_counted_on_the_new_day(clock: StandingClock) -> None:
    budget = DailyBudget(1, clock=clock)
    assert budget.has_left()
    clock.move(timedelta(days=1))
    budget.spend()

    assert not budget.has_left()


async def test_the_time_limit_is_kept(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    sandbox.behave(Mode.SLOW, delay_s=2.0)
    authority = TencentAuthority(client, DEMO_CREDENTIALS, clock=SystemClock(), url=sandbox.url, timeout_s=30)
    started = time.monotonic()

    result = await Guarded(authority, timeout_s=0.2, daily_calls_max=9, clock=SystemClock()).ask(NAME, MATCHING)

    assert time.monotonic() - started < 1.0
    assert (result.answer, result.vendor_code, result.charged) == (Answer.SOURCE_DOWN, "timed_out", True)


async def test_no_more_are_asked_at_once_than_allowed(clock: StandingClock) -> None:
    authority = Stuck()
    guard = guarded(authority, clock, timeout_s=0.1, at_once_max=2)

    answers = await asyncio.gather(*(guard.ask(NAME, MATCHING) for _ in range(5)))

    assert authority.asked == 2
    assert sorted(answer.vendor_code for answer in answers) == ["no_slot"] * 3 + ["timed_out"] * 2


async def test_waiting_questions_are_asked_when_others_are_done(clock: StandingClock) -> None:
    authority = Stuck()
    guard = guarded(authority, clock, at_once_max=2)
    asking = asyncio.gather(*(guard.ask(NAME, MATCHING) for _ in range(5)))
    await asyncio.sleep(0)
    authority.go.set()

    assert [answer.answer for answer in await asking] == [Answer.MATCH] * 5


async def test_a_guard_shows_no_person(clock: StandingClock, capfd: pytest.CaptureFixture[str]) -> None:
    guard = guarded(PretendAuthority(), clock)

    result = await guard.ask(NAME, MATCHING)

    seen = f"{guard!r} {result!r} {capfd.readouterr()}"
    assert guard.name == "pretend"
    assert NAME not in seen
    assert MATCHING not in seen


def test_no_two_processes_wait_alike() -> None:
    pauses = [short_pause() for _ in range(20)]

    assert len(set(pauses)) > 1
    assert all(0.05 <= pause <= 0.25 for pause in pauses)
