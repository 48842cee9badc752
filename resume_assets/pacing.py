"""How fast a provider is asked: as many requests at once, and a minute, as it takes without having to complain.

Time and sleep are passed in. What the requests are about is the business of others.
"""

import asyncio
import random
import statistics
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from resources.rate_limits import RateLimits

Clock: TypeAlias = Callable[[], float]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]

MINUTE = 60.0
# A minute's limit is enforced over shorter spans too: OpenAI's 600 a minute may mean 10 a second.
SPAN, SPANS = 6.0, 10
# Back off when this share of the newest answers were refusals; a stray one is bad luck, not a limit.
REFUSED_SHARE = 0.1
FEWEST = 50  # answers to judge by
GROWS_IN = 20  # rounds of answers, from nothing back to all
SLOWER, GENTLY = 3.0, 0.9  # times the usual latency that mean a queue at the provider, and the answer to it
WINDOWS_REMEMBERED = 10
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds of backoff


def backoff(attempt: int, retry_after: float | None, randomness: random.Random) -> float:
    """Seconds until the next try after try number `attempt` (from 0): what the provider asks for, or full jitter.

    Full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    spread = randomness.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**attempt))
    return spread if retry_after is None else retry_after + spread / 10


@dataclass
class Window:
    """At most `limit` units in any `seconds`; one that is larger than the limit goes alone. 0 is no limit."""

    limit: float
    seconds: float
    sent: deque[list[float]] = field(default_factory=deque)  # [time, units]
    total: float = 0.0

    def wait(self, units: float, now: float) -> float:
        """Seconds until so many units may go."""
        while self.sent and self.sent[0][0] <= now - self.seconds:
            self.total -= self.sent.popleft()[1]
        if not self.limit:
            return 0.0
        over = self.total + units - self.limit
        frees = 0.0
        for at, gone in self.sent:
            if over <= 0:
                break
            over -= gone
            frees = at + self.seconds - now
        return frees

    def take(self, units: float, now: float) -> list[float]:
        entry = [now, units]
        self.sent.append(entry)
        self.total += units
        return entry

    def correct(self, entry: list[float], units: float) -> None:
        """Count an entry by what it turned out to be."""
        if self.sent and entry[0] >= self.sent[0][0]:
            self.total += units - entry[1]
            entry[1] = units


class Pacer:
    """Hands out slots. The number at once falls by refusals and queues at the provider and grows back by answers
    (additive increase, multiplicative decrease); the number and tokens a minute stay below the provider's limits.

    `requests_per_minute` and `tokens_per_minute` are what is known beforehand; 0 leaves them to the provider's headers.
    """

    def __init__(
        self,
        most_at_once: int,
        requests_per_minute: int = 0,
        tokens_per_minute: int = 0,
        *,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.most_at_once = most_at_once
        self.limit = float(most_at_once)
        self.running = 0
        self._known = (requests_per_minute, tokens_per_minute)
        self._requests = _windows(requests_per_minute)
        self._tokens = _windows(tokens_per_minute)
        self._paused_until = 0.0
        self._clock, self._sleep = clock, sleep
        self._turn = asyncio.Lock()
        self._freed = asyncio.Condition()
        self._refused: deque[bool] = deque(maxlen=max(FEWEST, most_at_once))
        self._slowed_at = float("-inf")
        self._latencies: list[float] = []
        self._usual: deque[float] = deque(maxlen=WINDOWS_REMEMBERED)

    @asynccontextmanager
    async def slot(self, tokens: float) -> AsyncIterator["Slot"]:
        """A place among those that ask; waits for it in turn. `tokens` is the most that the request may count for."""
        async with self._turn:
            async with self._freed:
                await self._freed.wait_for(lambda: self.running < max(1, int(self.limit)))
            while (wait := self._wait(tokens)) > 0:
                await self._sleep(wait)
            now = self._clock()
            for window in self._requests:
                window.take(1, now)
            slot = Slot(now, tokens, [(window, window.take(tokens, now)) for window in self._tokens])
            self.running += 1
        try:
            yield slot
        finally:
            self.running -= 1
            async with self._freed:
                self._freed.notify_all()

    def answered(self, slot: "Slot", limits: RateLimits) -> None:
        """An answer came, with what its headers say."""
        self._heed(limits, slot)
        self._refused.append(False)
        self.limit = min(self.most_at_once, self.limit + max(1.0, self.most_at_once / GROWS_IN) / self.limit)
        self._latencies.append(self._clock() - slot.at)
        if len(self._latencies) >= max(FEWEST, int(self.limit)):
            now = statistics.median(self._latencies)
            if self._usual and now > SLOWER * min(self._usual):
                self.limit = max(1.0, self.limit * GENTLY)
            self._usual.append(now)
            self._latencies.clear()

    def refused(self, slot: "Slot", retry_after: float | None) -> None:
        """The provider said that it is asked too often."""
        if slot.at <= self._slowed_at:
            return  # it was on its way before the last step down: the same flood
        self._refused.append(True)
        if sum(self._refused) > REFUSED_SHARE * (self._refused.maxlen or FEWEST):
            self.limit = max(1.0, self.limit / 2)
            self._slowed_at = self._clock()
            self._refused.clear()
            self._paused_until = max(self._paused_until, self._slowed_at + (retry_after or 0))

    def _wait(self, tokens: float) -> float:
        now = self._clock()
        waits = [window.wait(1, now) for window in self._requests] + [w.wait(tokens, now) for w in self._tokens]
        return max(self._paused_until - now, *waits, 0.0)

    def _heed(self, said: RateLimits, slot: "Slot") -> None:
        for known, limit, windows in (
            (self._known[0], said.requests, self._requests),
            (self._known[1], said.tokens, self._tokens),
        ):
            if limit:
                for window, fresh in zip(windows, _windows(min(known, limit) if known else limit), strict=True):
                    window.limit = fresh.limit
        # Others may use the same key: what is left says more than what we sent.
        for left, needed, whole_in in (
            (said.remaining_requests, 1, said.reset_requests),
            (said.remaining_tokens, slot.tokens, said.reset_tokens),
        ):
            if left is not None and left < needed and whole_in:
                self._paused_until = max(self._paused_until, self._clock() + min(whole_in, MINUTE))


@dataclass
class Slot:
    """A place that was given out at a time: its share of the tokens, until it is known what it used."""

    at: float
    tokens: float
    entries: list[tuple[Window, list[float]]]

    def used(self, tokens: float) -> None:
        for window, entry in self.entries:
            window.correct(entry, tokens)


def _windows(limit: float) -> list[Window]:
    return [Window(limit, MINUTE), Window(-(-limit // SPANS), SPAN)]
