"""One request to a model: claimed in the ledger, paid for, paced, tried again, and its answer on disk.

What is made of the answer, and which request comes next, is for `generation`.
"""

import asyncio
import datetime as dt
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import count
from typing import Any, Generic, TypeAlias, TypeVar

from resources.dialect import ChatRequest, Message
from resources.errors import ServiceError
from resources.language_model import Answer, LanguageModel, Session, is_rate_limited, retry_after
from resources.ledger import Answered, Claim, Ledger, Standing
from resume_assets.arms import Arm
from resume_assets.pacing import Clock, Pacer, Sleep, backoff
from resume_assets.settings import Generation
from resume_assets.shutdowns import require_usable
from resume_assets.spending import Budget
from tailoring.resume import response_format
from tailoring.token_counts import Count, count_messages, guess_messages

CHUNK = 50  # requests made ready at once
TRIES_TO_SAVE = 5  # after the first, each with a longer pause
SEEDS = 2**31  # providers take at least so many

T = TypeVar("T")

Pair: TypeAlias = Mapping[str, Any]  # a row of ResumeJobPairs


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Request:
    """One request: its key in the ledger, the pair that it is about, who answers it, and the messages."""

    key: str
    pair: Pair
    arm: Arm
    messages: list[Message]

    @property
    def pair_id(self) -> str:
        return str(self.pair["pair_id"])

    @property
    def seed(self) -> int:
        """The same request, the same seed; on another day another one, so that days differ."""
        return int(self.key, 16) % SEEDS

    def about(self, partition_date: str) -> dict[str, str]:
        """What the ledger notes of it."""
        return {
            "pair_id": self.pair_id,
            "partition_date": partition_date,
            "model": self.arm.model,
            "arm": self.arm.name,
        }


@dataclass
class Outcome(Generic[T]):
    """What came of a day's requests so far.

    `finished` holds the results by pair where nobody else keeps them, and is empty otherwise; `failed` the reasons of
    the others. `cut_short_before` were sent by a run that ended before their answer came: they may be paid for twice.
    """

    finished: dict[str, T] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    done: int = 0
    reused: int = 0
    asked: int = 0
    retried: int = 0  # asks after a failure that may pass
    rate_limited: int = 0
    cut_short_before: int = 0
    from_batches: int = 0  # answers of batches that an earlier run had left at the provider
    by_others: int = 0  # answered by another run meanwhile
    held_by_others: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    unpriced: int = 0  # answers whose price nobody knows
    at_once: int = 0  # what pacing allows now
    seconds: float = 0.0

    @property
    def reasons(self) -> Counter[str]:
        return Counter(self.failed.values())


def chat_request(request: Request, settings: Generation) -> ChatRequest:
    """What is sent for a request when it is asked for the first time."""
    return ChatRequest(
        messages=request.messages,
        model=request.arm.model,
        schema=_schema(),
        temperature=settings.temperature,
        seed=request.seed,
        max_output_tokens=settings.max_output_tokens,
    )


def billed(chat: ChatRequest) -> list[Message]:
    """What a request is billed for: its messages, and the schema, which the model is shown in one way or another."""
    return [*chat.messages, {"role": "system", "content": json.dumps(chat.schema)}]


class Stopped(Exception):  # noqa: N818  not an error: another request has stopped the day
    """The day was stopped before this request was sent."""


class Unsaved(Exception):  # noqa: N818
    """An answer could not be kept; the cause is the database's error."""


@dataclass
class Asker:
    """Sends requests, for all of a day at once. pymongo blocks: the ledger is written from threads."""

    settings: Generation
    model: LanguageModel
    ledger: Ledger
    budget: Budget | None
    outcome: Outcome[Any]
    now: Callable[[], dt.datetime]
    clock: Clock
    sleep: Sleep
    count_tokens: Count = count_messages
    randomness: random.Random = field(default_factory=random.Random)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    resources: AsyncExitStack = field(default_factory=AsyncExitStack)
    pacer: Pacer = field(init=False)
    _session: Session | None = None
    _usable: set[str] = field(default_factory=set)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.pacer = Pacer(
            self.settings.concurrency,
            self.settings.requests_per_minute,
            self.settings.tokens_per_minute,
            clock=self.clock,
            sleep=self.pause_or_stop,
        )

    async def answered(self, request: Request, messages: list[Message], ask: int, *, again: bool) -> Answered | Claim:
        """Ask a model that was opened, and again after failures that may pass. A claim says that another run is at it.

        `ask` counts the asks of this run; `again` says that the answer that is there already does not do.

        Raises:
            ServiceError: it failed for good.
            CapReached: it would cost too much.
            Stopped: the day was stopped before.
            Unsaved: the answer came, and the database does not take it.
        """
        chat = replace(chat_request(request, self.settings), messages=messages, seed=request.seed + ask)
        prompt_tokens = await self._tokens(chat)
        return await self._tried(lambda: self._sent(request, chat, prompt_tokens, again))

    async def pause(self, seconds: float) -> None:
        """Wait, unless the day is stopped before."""
        waits = [asyncio.ensure_future(self.sleep(seconds)), asyncio.ensure_future(self.stopped.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def pause_or_stop(self, seconds: float) -> None:
        """As `pause`.

        Raises:
            Stopped: the day was stopped meanwhile.
        """
        await self.pause(seconds)
        if self.stopped.is_set():
            raise Stopped

    async def _tried(self, call: Callable[[], Awaitable[T]]) -> T:
        attempt = 0
        while True:
            if self.stopped.is_set():
                raise Stopped
            try:
                return await call()
            except ServiceError as error:
                if not error.transient or attempt == self.model.max_retries:
                    raise
                wait = backoff(attempt, retry_after(error), self.randomness)
            self.outcome.retried += 1
            attempt += 1
            await self.pause(wait)

    async def _sent(self, request: Request, chat: ChatRequest, prompt_tokens: int, again: bool) -> Answered | Claim:
        if self._session is None:
            raise RuntimeError("open() comes first")
        tokens = prompt_tokens + chat.max_output_tokens
        async with self._paid(chat, prompt_tokens) as pay, self.pacer.slot(tokens) as slot:
            if self.stopped.is_set():
                raise Stopped
            claim = await asyncio.to_thread(self.ledger.claim, request.key, self.now(), again=again)
            if not claim.may_send:
                slot.used(0)
                return claim
            self.outcome.cut_short_before += claim.standing is Standing.CUT_SHORT
            self.outcome.asked += 1
            slot.at = self.clock()
            try:
                answer = await self._session.complete(chat)
            except ServiceError as error:
                if is_rate_limited(error):
                    self.outcome.rate_limited += 1
                    self.pacer.refused(slot, retry_after(error))
                raise
            self.pacer.answered(slot, self._session.rate_limits)
            slot.used(answer.prompt_tokens + answer.completion_tokens)
            return await self._saved(request, answer, pay(answer))

    async def _saved(self, request: Request, answer: Answer, usd: float | None) -> Answered:
        """Put an answer on disk."""
        try:
            return await self.in_database(partial(self.ledger.save_answer, request.key, answer, usd, self.now()))
        except ServiceError as error:
            raise Unsaved from error

    async def in_database(self, write: Callable[[], T]) -> T:
        """Do something with the ledger. A database that is away is waited for: what is on its way is paid for.

        Raises:
            ServiceError: it stays away, or refuses.
        """
        for attempt in count():
            try:
                return await asyncio.to_thread(write)
            except ServiceError as error:
                if not error.transient or attempt == TRIES_TO_SAVE:
                    raise
            await self.pause(backoff(attempt, None, self.randomness))
        raise AssertionError("the loop ends by itself")

    @asynccontextmanager
    async def _paid(self, chat: ChatRequest, prompt_tokens: int) -> AsyncIterator[Callable[[Answer], float | None]]:
        """Put aside what one request may cost, and settle it in the end; calling it says what an answer cost."""
        cost = 0.0

        def pay(answer: Answer) -> float | None:
            nonlocal cost
            usd = self.budget.price(chat.model, answer) if self.budget else None
            cost = usd or 0.0
            self.outcome.prompt_tokens += answer.prompt_tokens
            self.outcome.completion_tokens += answer.completion_tokens
            self.outcome.usd += cost
            self.outcome.unpriced += usd is None
            return usd

        most = self.budget.most(chat.model, prompt_tokens, chat.max_output_tokens) if self.budget else 0.0
        if self.budget:
            await self.budget.purse.reserve(most)
        try:
            yield pay
        finally:
            if self.budget:
                await self.budget.purse.settle(most, cost)

    async def _tokens(self, chat: ChatRequest) -> int:
        """The tokens of a request's messages: counted where money or a known limit depends on them, else guessed."""
        if self.settings.tokens_per_minute or (self.budget and self.budget.costs(chat.model)):
            return await asyncio.to_thread(self.count_tokens, billed(chat), chat.model)
        return guess_messages(billed(chat))

    async def session(self) -> Session:
        """The connection to the provider."""
        if self._session is None:
            self._session = await self.resources.enter_async_context(self.model.session())
        return self._session

    async def open(self, model: str) -> None:
        """Connect, when it is first needed, and make sure that the model may be asked.

        Raises:
            ServiceError: the provider does not answer, or has no such model, or not any more.
            UnknownPriceError: nobody knows what it costs.
        """
        async with self._opening:
            if model in self._usable:
                return
            session = await self.session()
            if self.budget:
                self.budget.require_price(model)
            await self._tried(lambda: require_usable(session, [model], self.settings, self.now().date()))
            self._usable.add(model)


@cache
def _schema() -> dict[str, Any]:
    return response_format()
