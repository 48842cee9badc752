"""When faults strike: by script or by seeded rates, the same in every run. Also counts the requests that came.

A request is known by its pair key, a hash of its messages, so that tests can tell how often each answer was asked for.
The counts are kept in a file too, so that after a server was killed the next goes on where it was.

`GET /admin/requests` tells the counts: `total` and `pairs` (chat requests, those refused too), `faults` by kind (a
request above a limit is `limited`), `submits` (POSTs that came) and `created` (objects made) by kind, and `batch_rows`
(rows answered, by pair).
"""

import asyncio
import hashlib
import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from fastapi import APIRouter

from model_server import tokens
from model_server.background_faults import BatchFault, JobFault
from model_server.chat_request import ChatRequest, Message
from model_server.errors import ApiError
from model_server.fault_plan import FaultPlan, Submitted
from model_server.faults import NO_FAULT, AnyFault, Fault, Hang
from model_server.rate_limits import RateLimitedError, RateLimiter

T = TypeVar("T")


class FaultInjector:
    """Hands out a plan's faults request by request, and keeps count, in the file `counts` too where there is one."""

    def __init__(self, plan: FaultPlan, counts: Path | None = None) -> None:
        self.stopping = asyncio.Event()
        self._plan = plan
        self._limiter = RateLimiter(plan.limits, time.monotonic) if plan.limits else None
        self._counts = _Counts(counts)

    async def next_fault(self, request: ChatRequest) -> tuple[Fault, dict[str, str]]:
        """Count a request, wait its latency (less where the server stops); what befalls it, and its answer's headers.

        Raises ApiError (429) where the request is above a limit.
        """
        key = pair_key(request.messages)
        attempt = self._counts.add("pairs", key)
        headers = self._admit(request)
        # Reproducible noise is the point; nothing secret depends on it.
        randomness = random.Random(f"{self._plan.seed}/{key}/{attempt}")  # noqa: S311
        fault = self._planned(attempt, randomness)
        if fault is not None:
            self._counts.add("faults", fault.kind)
        if isinstance(fault, Hang):
            await self.stopping.wait()
        elif self._plan.latency is not None:
            await self._sleep(self._plan.latency.draw(randomness))
        return fault or NO_FAULT, headers

    def next_submit(self, kind: Submitted) -> Fault:
        """Count a POST and say what befalls it. Raises ApiError where it is refused."""
        number = self._counts.add("submits", kind)
        fault = _nth(self._plan.submits.get(kind, []), number)
        if fault is None:
            return NO_FAULT
        self._counts.add("faults", fault.kind)
        fault.refuse()
        return fault

    def file_made(self) -> None:
        self._counts.add("created", "files")

    def next_job(self) -> JobFault | None:
        """Count a fine-tuning job that is made, and say what befalls it."""
        return _nth(self._plan.jobs, self._counts.add("created", "fine_tuning.jobs"))

    def next_batch(self) -> BatchFault | None:
        """Count a batch that is made, and say what befalls it."""
        return _nth(self._plan.batches, self._counts.add("created", "batches"))

    def batch_row(self, messages: Sequence[Message]) -> None:
        """Count a row of a batch that is answered."""
        self._counts.add("batch_rows", pair_key(messages))

    def router(self) -> APIRouter:
        routes = APIRouter()

        @routes.get("/admin/requests")
        async def requests() -> dict[str, Any]:
            groups = ("pairs", "faults", "submits", "created", "batch_rows")
            return {"total": self._counts.total("pairs")} | {group: self._counts.of(group) for group in groups}

        return routes

    def _admit(self, request: ChatRequest) -> dict[str, str]:
        if self._limiter is None:
            return {}
        prompt = sum(tokens.count(message.text) for message in request.messages)
        try:
            return self._limiter.take(max(prompt, request.token_limit or 0))
        except RateLimitedError as limited:
            self._counts.add("faults", "limited")
            wait = f"{limited.wait:.3f}"
            raise ApiError(
                429,
                f"Rate limit reached on {limited.unit} per min. Please try again in {wait}s.",
                code="rate_limit_exceeded",
                kind=limited.unit,
                headers=limited.headers | {"Retry-After": wait},
            ) from None

    def _planned(self, attempt: int, randomness: random.Random) -> AnyFault | None:
        for script, number in ((self._plan.script, self._counts.total("pairs")), (self._plan.each_pair, attempt)):
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


class _Counts:
    """Counters in groups, with a line in `file` for each step of one."""

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.Lock()
        self._groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._log = None
        if file is not None:
            file.touch()
            for line in file.read_text().splitlines():
                group, name = line.split(" ")
                self._groups[group][name] += 1
            self._log = file.open("a", buffering=1)

    def add(self, group: str, name: str) -> int:
        """One more; how many there are now."""
        with self._lock:
            if self._log is not None:
                self._log.write(f"{group} {name}\n")
            self._groups[group][name] += 1
            return self._groups[group][name]

    def of(self, group: str) -> Counter[str]:
        return self._groups[group]

    def total(self, group: str) -> int:
        return self._groups[group].total()


def _nth(script: Sequence[T], number: int) -> T | None:
    return script[number - 1] if number <= len(script) else None


def pair_key(messages: Sequence[Message]) -> str:
    """A hash of the messages' roles and texts."""
    content = json.dumps([[message.role, message.text] for message in messages])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
