"""Pacing with a clock of its own: limits hold in every minute, and refusals and queues slow the asking down."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.rate_limits import RateLimits
from resume_assets.pacing import FEWEST, MINUTE, Pacer, Slot, Window, backoff

NOTHING = RateLimits()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def paced(pacer: Pacer, work: Callable[[Slot], Awaitable[None]], times: int, tokens: float = 1) -> None:
    async def one() -> None:
        async with pacer.slot(tokens) as slot:
            await work(slot)

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(times)))

    asyncio.run(all_of_them())


def most_in_a_minute(sent: list[tuple[float, float]]) -> float:
    return max(sum(units for at, units in sent if start <= at < start + MINUTE) for start, _ in sent)


@given(limit=st.integers(1, 50), count=st.integers(1, 150))
def test_no_minute_sees_more_requests_than_its_limit(limit: int, count: int) -> None:
    time = Time()
    pacer = Pacer(100, limit, 0, clock=time.clock, sleep=time.sleep)
    sent: list[tuple[float, float]] = []

    async def note(_: Slot) -> None:
        sent.append((time.now, 1))

    paced(pacer, note, count)
    assert len(sent) == count
    assert most_in_a_minute(sent) <= limit


@given(sizes=st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_no_minute_sees_more_tokens_than_its_limit_but_for_a_request_larger_than_it(sizes: list[int]) -> None:
    window, now = Window(300, MINUTE), 0.0
    sent: list[tuple[float, float]] = []
    for size in sizes:
        while (wait := window.wait(size, now)) > 0:
            now += wait
        window.take(size, now)
        sent.append((now, size))
    for start, size in sent:
        within = [units for at, units in sent if start <= at < start + MINUTE]
        assert sum(within) <= 300 or within == [size]


def test_what_was_not_used_is_given_back() -> None:
    window = Window(100, MINUTE)
    entry = window.take(100, 0.0)
    assert window.wait(60, 1.0) > 0
    window.correct(entry, 30)
    assert window.wait(60, 1.0) == 0


def test_limits_are_read_from_the_provider_and_what_is_known_beforehand_stays() -> None:
    time = Time()
    pacer = Pacer(10, 20, 0, clock=time.clock, sleep=time.sleep)
    sent: list[tuple[float, float]] = []

    async def heed(slot: Slot) -> None:
        sent.append((time.now, 1))
        pacer.answered(slot, RateLimits(requests=500, tokens=10_000))

    paced(pacer, heed, 50)
    assert most_in_a_minute(sent) <= 20


def test_when_nothing_is_left_it_waits_until_there_is() -> None:
    time = Time()
    pacer = Pacer(1, clock=time.clock, sleep=time.sleep)

    async def last_one(slot: Slot) -> None:
        pacer.answered(slot, RateLimits(remaining_requests=0, reset_requests=30.0))

    paced(pacer, last_one, 3)
    assert time.now >= 1060


def test_stray_refusals_leave_the_pace_and_a_flood_of_them_halves_it_once() -> None:
    time = Time()
    pacer = Pacer(64, clock=time.clock, sleep=time.sleep)
    slot = Slot(time.now, 1, [])
    for _ in range(20):
        for _ in range(49):
            pacer.answered(slot, NOTHING)
        pacer.refused(slot, 1.0)
    assert pacer.limit == 64
    for _ in range(64):  # all on their way at once
        pacer.refused(slot, 5.0)
    assert pacer.limit == 32
    time.now += 1
    for _ in range(2000):
        pacer.answered(Slot(time.now, 1, []), NOTHING)
    assert pacer.limit == 64


def test_a_queue_at_the_provider_slows_down_and_a_provider_that_is_slow_by_nature_does_not() -> None:
    time = Time()
    pacer = Pacer(20, clock=time.clock, sleep=time.sleep)

    def answers(seconds: float, count: int) -> None:
        for _ in range(count):
            pacer.answered(Slot(time.now - seconds, 1, []), NOTHING)

    answers(5.0, 3 * FEWEST)
    assert pacer.limit == 20
    answers(20.0, FEWEST)
    assert pacer.limit < 20


def test_never_more_at_once_than_allowed() -> None:
    time = Time()
    pacer = Pacer(3, clock=time.clock, sleep=time.sleep)
    most = 0

    async def work(_: Slot) -> None:
        nonlocal most
        most = max(most, pacer.running)
        await asyncio.sleep(0)

    paced(pacer, work, 30)
    assert (most, pacer.running) == (3, 0)


@pytest.mark.parametrize("attempt", range(8))
def test_backoff_grows_has_jitter_and_heeds_what_the_provider_asks_for(attempt: int) -> None:
    waits = [backoff(attempt, None, random.Random(seed)) for seed in range(50)]
    assert max(waits) <= min(30, 0.5 * 2**attempt)
    assert len(set(waits)) == 50
    assert all(7 <= backoff(attempt, 7.0, random.Random(seed)) <= 10 for seed in range(50))
