"""When faults strike: by script or by seeded rates, the same in every run. Also counts the requests that came.

A request is known by its pair key, a hash of its messages, so that tests can tell how often each answer was asked for.
"""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from model_server.chat_request import Message
from model_server.faults import NO_FAULT, AnyFault, Fault, Hang


class _PlanPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FixedLatency(_PlanPart):
    """Each answer waits so many seconds."""

    seconds: float = Field(ge=0)

    def draw(self, _: random.Random) -> float:
        return self.seconds


class LogNormalLatency(_PlanPart):
    """Waits as real services have them: half below `median` seconds, with a long tail."""

    median: float = Field(gt=0)
    sigma: float = Field(ge=0)

    def draw(self, randomness: random.Random) -> float:
        return self.median * randomness.lognormvariate(0, self.sigma)


class Rated(_PlanPart):
    """A fault and the share of requests that it strikes."""

    rate: float = Field(ge=0, le=1)
    fault: AnyFault


class FaultPlan(_PlanPart):
    """Which request meets which fault; null stands for none.

    `script`: the n-th chat request of the server takes the n-th entry. `each_pair`: the n-th request of each pair does.
    `rates`: drawn from seed, pair and attempt, so that the order in which requests arrive changes nothing. The first of
    the three that has an entry for a request decides. `latency` comes before every answer, spoilt or not.
    """

    seed: int = 0
    latency: FixedLatency | LogNormalLatency | None = None
    script: list[AnyFault | None] = []
    each_pair: list[AnyFault | None] = []
    rates: list[Rated] = []

    @model_validator(mode="after")
    def _rates_are_shares(self) -> "FaultPlan":
        if (total := sum(rated.rate for rated in self.rates)) > 1:
            raise ValueError(f"the rates add up to {total:g}; they are shares of all requests")
        return self


class FaultInjector:
    """Hands out a plan's faults request by request, and keeps count."""

    def __init__(self, plan: FaultPlan) -> None:
        self.stopping = asyncio.Event()
        self._plan = plan
        self._attempts: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()

    async def next_fault(self, messages: Sequence[Message]) -> Fault:
        """Count a request, wait its latency (less where the server stops) and say what befalls it."""
        key = pair_key(messages)
        self._attempts[key] += 1
        # Reproducible noise is the point; nothing secret depends on it.
        randomness = random.Random(f"{self._plan.seed}/{key}/{self._attempts[key]}")  # noqa: S311
        fault = self._planned(key, randomness)
        if fault is not None:
            self._faults[fault.kind] += 1
        if isinstance(fault, Hang):
            await self.stopping.wait()
        elif self._plan.latency is not None:
            await self._sleep(self._plan.latency.draw(randomness))
        return fault or NO_FAULT

    def router(self) -> APIRouter:
        routes = APIRouter()

        @routes.get("/admin/requests")
        async def requests() -> dict[str, Any]:
            return {"total": self._attempts.total(), "pairs": self._attempts, "faults": self._faults}

        return routes

    def _planned(self, key: str, randomness: random.Random) -> AnyFault | None:
        scripts = ((self._plan.script, self._attempts.total()), (self._plan.each_pair, self._attempts[key]))
        for script, number in scripts:
            if number <= len(script):
                return script[number - 1]
        drawn = randomness.random()
        for rated in self._plan.rates:
            if drawn < rated.rate:
                return rated.fault
            drawn -= rated.rate
        return None

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return


def pair_key(messages: Sequence[Message]) -> str:
    """A hash of the messages' roles and texts."""
    content = json.dumps([[message.role, message.text] for message in messages])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
