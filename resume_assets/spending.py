"""What a run may spend: nothing is sent that could go over a cap, and it stops cleanly between requests.

Knows dollars; what they are spent on is the business of others.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from zoneinfo import ZoneInfo

from resources.allowances import Allowances, Grant
from resources.dialect import Message
from resources.errors import ServiceError
from resources.language_model import Answer
from resources.ledger import Ledger
from resume_assets.pacing import Sleep
from resume_assets.settings import Settings
from tailoring.prices import PriceTable, read_prices
from tailoring.token_counts import Count, count_messages, guess_messages

LIKELY_ANSWER = 1000  # tokens of a tailored resume, about

ANOTHER_LOOK = 0.5  # seconds, for money that other runs have put aside

# Asks for at least and at most so many dollars of the day's, beside those that are on their way.
Take: TypeAlias = Callable[[float, float, float], Awaitable[Grant]]


class CapReached(ValueError):  # noqa: N818  a rule, not a fault
    """The next request might cost more than is allowed; the message says which cap, and how to go on."""


class UnknownPriceError(ValueError):
    """A model whose price nobody knows, where that is not allowed."""


@dataclass
class Purse:
    """The money of one run. What is on its way counts by the most that it may cost, until it is settled.

    `free` is what it may take of the day's money without asking: all that there is, or, where runs share the day
    (`Budget.shared`), what this one was granted and has not used.
    """

    max_run: float
    max_day: float
    spent: float = 0.0
    on_its_way: float = 0.0
    free: float = field(init=False)
    _take: Take | None = None
    _pause: Sleep = asyncio.sleep
    _others_may_give_back: bool = False
    _waiting: int = 0  # requests on their way; a sum of dollars does not come back to exactly nothing
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.free = self.max_day

    async def reserve(self, most: float) -> None:
        """Put aside what the next request may cost; waits for others to settle where that decides, other runs' too.

        Raises:
            CapReached: even when all others are settled it might go over.
        """
        async with self._turn:
            while True:
                waiting = self._waiting  # as the look below sees it: some may settle meanwhile
                self._settled.clear()
                cap = await self.forbids(most)
                if cap is None:
                    break
                if waiting:
                    await self._settled.wait()
                elif self._others_may_give_back:
                    await self._pause(ANOTHER_LOOK)
                else:
                    raise CapReached(cap)
            self.put_aside(most)

    def put_aside(self, most: float) -> None:
        """Count what one request may cost, until it is settled; nothing may forbid it."""
        self.on_its_way += most
        self.free -= most
        self._waiting += 1

    async def settle(self, most: float, actual: float) -> None:
        """Replace what was put aside by what it cost."""
        self._waiting -= 1
        self.on_its_way = self.on_its_way - most if self._waiting else 0.0
        self.free += most - actual
        self.spent += actual
        self._settled.set()

    async def forbids(self, most: float) -> str | None:
        """Why not to spend so much more; None when it is fine. What costs nothing is always fine."""
        if not most:
            return None
        left = self.max_run - self.spent - self.on_its_way
        if most > left:
            return (
                f"This run has spent ${self.spent:.4f} and may spend ${self.max_run:g} (spending.max_usd_per_run). "
                "What was answered is kept: run it again for the rest, or raise the cap."
            )
        if most <= self.free:
            return None
        spent, others = self.spent, ""
        self._others_may_give_back = False
        if self._take:
            grant = await self._take(self.on_its_way, most, left)
            self.free = grant.usd
            if grant.usd:
                return None
            self._others_may_give_back = grant.with_runs > 0
            put_aside = grant.with_runs + grant.in_batches
            spent, others = grant.spent, f", have put aside ${put_aside:.4f}" if put_aside else ""
        return (
            f"Today's runs have spent ${spent:.4f}{others}, and may spend ${self.max_day:g} "
            "(spending.max_usd_per_day). What was answered is kept: run it again tomorrow, or raise the cap."
        )

    @contextmanager
    def sharing(self, take: Take, pause: Sleep) -> Iterator[None]:
        """Ask for the day's money as it is needed, for as long as the block runs; `pause` comes between two asks."""
        self.free, self._take, self._pause = 0.0, take, pause
        try:
            yield
        finally:
            self.free, self._take = 0.0, None


@dataclass(frozen=True)
class Budget:
    """The prices and the purse of one run, and what all runs of a day may spend."""

    prices: PriceTable
    purse: Purse
    allow_unknown_prices: bool
    timezone: str

    def require_price(self, model: str) -> None:
        """Stop before anything is sent to a model whose price nobody knows, unless that is allowed.

        Raises:
            UnknownPriceError: it is not.
        """
        if self.prices.of(model) is None and not self.allow_unknown_prices:
            raise UnknownPriceError(
                f"The price of {model} is not known, so that no cap could hold. "
                "Add it to the table that spending.prices names, or set spending.allow_unknown_prices: true."
            )

    def price(self, model: str, answer: Answer, *, batch: bool = False) -> float | None:
        """US dollars of an answer; None where the price is not known."""
        return self.prices.cost(
            model, answer.prompt_tokens, answer.completion_tokens, cached_tokens=answer.cached_tokens, batch=batch
        )

    def most(self, model: str, prompt_tokens: int, max_output_tokens: int, *, batch: bool = False) -> float:
        """US dollars that one request costs at most, as far as prices are known."""
        return self.prices.cost(model, prompt_tokens, max_output_tokens, batch=batch) or 0.0

    def costs(self, model: str) -> bool:
        """Whether the model costs money, as far as prices are known."""
        return self.most(model, 1, 1) > 0

    def day_start(self, now: dt.datetime) -> dt.datetime:
        """When the calendar day began whose cap counts."""
        return now.astimezone(ZoneInfo(self.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)

    @asynccontextmanager
    async def shared(self, ledger: Ledger, now: Callable[[], dt.datetime], pause: Sleep) -> AsyncIterator[Allowances]:
        """Share the day's money with other runs, for as long as the block runs; `ledger` is that of this run."""
        allowances = Allowances(ledger, self.purse.max_day, self.day_start)
        await asyncio.to_thread(allowances.prepare)

        async def take(on_its_way: float, least: float, most: float) -> Grant:
            return await asyncio.to_thread(allowances.take, on_its_way, least, most, now())

        try:
            with self.purse.sharing(take, pause):
                yield allowances
        finally:
            with suppress(ServiceError):  # else its lease ends
                await asyncio.to_thread(allowances.give_back)


def open_budget(settings: Settings) -> Budget:
    """The budget of a new run.

    Raises:
        PriceError: the table of prices cannot be read.
    """
    spending = settings.spending
    return Budget(
        prices=read_prices((settings.root / spending.prices).read_text(encoding="utf-8")),
        purse=Purse(spending.max_usd_per_run, spending.max_usd_per_day),
        allow_unknown_prices=spending.allow_unknown_prices,
        timezone=settings.timezone,
    )


@dataclass(frozen=True)
class Estimate:
    """What requests will cost, in tokens of prompts and US dollars: likely, and at most if each is asked once."""

    requests: int
    prompt_tokens: int
    likely_usd: float
    most_usd: float

    def __str__(self) -> str:
        return (
            f"{self.requests} requests to send, about {self.prompt_tokens:,} tokens of prompts: "
            f"about ${self.likely_usd:.2f}, at most ${self.most_usd:.2f}"
        )


def estimate(
    sample: Sequence[tuple[str, list[Message]]],
    requests: int,
    max_output_tokens: int,
    budget: Budget,
    *,
    batch: bool,
    count: Count = count_messages,
) -> Estimate:
    """What so many requests cost, judged by a sample of them (model and messages); `count` where they cost money."""
    if not sample:
        return Estimate(0, 0, 0.0, 0.0)
    tokens = [
        (model, count(messages, model) if budget.costs(model) else guess_messages(messages))
        for model, messages in sample
    ]
    times = requests / len(sample)
    answer = min(LIKELY_ANSWER, max_output_tokens)
    return Estimate(
        requests=requests,
        prompt_tokens=round(times * sum(count for _, count in tokens)),
        likely_usd=times * sum(budget.most(model, count, answer, batch=batch) for model, count in tokens),
        most_usd=times * sum(budget.most(model, count, max_output_tokens, batch=batch) for model, count in tokens),
    )
