"""What a run may spend: nothing is sent that could go over a cap, and it stops cleanly between requests.

Knows dollars; what they are spent on is the business of others.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from resources.dialect import Message
from resources.language_model import Answer
from resume_assets.settings import Settings
from tailoring.prices import PriceTable, read_prices
from tailoring.token_counts import Count, count_messages, guess_messages

LIKELY_ANSWER = 1000  # tokens of a tailored resume, about


class CapReached(ValueError):  # noqa: N818  a rule, not a fault
    """The next request might cost more than is allowed; the message says which cap, and how to go on."""


class UnknownPriceError(ValueError):
    """A model whose price nobody knows, where that is not allowed."""


@dataclass
class Purse:
    """The money of one run. What is on its way counts by the most that it may cost, until it is settled.

    `spent_today` is what all runs of the calendar day have spent, this one's settled requests included.
    """

    max_run: float
    max_day: float
    spent: float = 0.0
    spent_today: float = 0.0
    on_its_way: float = 0.0
    _waiting: int = 0  # requests on their way; a sum of dollars does not come back to exactly nothing
    _settled: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def reserve(self, most: float) -> None:
        """Put aside what the next request may cost; waits for others to settle where that decides.

        Raises:
            CapReached: even when all others are settled it might go over.
        """
        async with self._settled:
            await self._settled.wait_for(lambda: not self._waiting or self.forbids(most) is None)
            if cap := self.forbids(most):
                raise CapReached(cap)
            self.on_its_way += most
            self._waiting += 1

    async def settle(self, most: float, actual: float) -> None:
        """Replace what was put aside by what it cost."""
        async with self._settled:
            self._waiting -= 1
            self.on_its_way = self.on_its_way - most if self._waiting else 0.0
            self.spent += actual
            self.spent_today += actual
            self._settled.notify_all()

    def forbids(self, most: float) -> str | None:
        """Why not to spend so much more; None when it is fine. What costs nothing is always fine."""
        if not most:
            return None
        if self.spent + self.on_its_way + most > self.max_run:
            return (
                f"This run has spent ${self.spent:.4f} and may spend ${self.max_run:g} (spending.max_usd_per_run). "
                "What was answered is kept: run it again for the rest, or raise the cap."
            )
        if self.spent_today + self.on_its_way + most > self.max_day:
            return (
                f"Today's runs have spent ${self.spent_today:.4f} and may spend ${self.max_day:g} "
                "(spending.max_usd_per_day). What was answered is kept: run it again tomorrow, or raise the cap."
            )
        return None


@dataclass(frozen=True)
class Budget:
    """The prices and the purse of one run."""

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
