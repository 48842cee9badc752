"""Caps: nothing is sent that could go over one, whatever is on its way."""

import asyncio
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.language_model import Answer
from resume_assets.spending import Budget, CapReached, Purse, UnknownPriceError, estimate
from tailoring.prices import read_prices

PRICES = read_prices("""
batch_share: 0.5
sources: {page: {as_of: 2026-11-05, page: example.org}}
models: {writer: {input: 1, cached_input: 0.1, output: 10, source: page}}
""")


def budget(purse: Purse | None = None, *, allow_unknown_prices: bool = False) -> Budget:
    return Budget(PRICES, purse or Purse(1, 1), allow_unknown_prices, "US/Pacific")


def spend(purse: Purse, costs: list[float], most: float) -> int:
    """How many requests went out, all at once, each reserving `most`."""

    async def one(cost: float) -> bool:
        try:
            await purse.reserve(most)
        except CapReached:
            return False
        await asyncio.sleep(0)
        await purse.settle(most, cost)
        return True

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*(one(cost) for cost in costs))

    return sum(asyncio.run(all_of_them()))


@given(
    shares=st.lists(st.floats(0, 1), max_size=40), most=st.floats(0.01, 3), run=st.floats(0, 20), today=st.floats(0, 20)
)
def test_no_cap_is_ever_passed(shares: list[float], most: float, run: float, today: float) -> None:
    purse = Purse(run, 10, spent_today=min(today, 10))
    spend(purse, [share * most for share in shares], most)
    assert purse.spent <= run + 1e-9
    assert purse.spent_today <= 10 + 1e-9


def test_requests_wait_for_others_to_settle_rather_than_stop() -> None:
    assert spend(Purse(1.0, 9.0), [0.1] * 8, most=0.3) == 8
    assert spend(Purse(1.0, 9.0), [0.3] * 8, most=0.3) == 3


def test_what_costs_nothing_needs_no_money() -> None:
    assert spend(Purse(0, 0), [0.0] * 5, most=0.0) == 5


def test_the_cap_of_the_day_counts_what_others_spent_and_is_named() -> None:
    with pytest.raises(CapReached, match=r"max_usd_per_day.*tomorrow"):
        asyncio.run(Purse(9, 1, spent_today=0.95).reserve(0.1))


def test_a_model_without_a_price_stops_unless_allowed() -> None:
    with pytest.raises(UnknownPriceError, match=r"stranger.*allow_unknown_prices"):
        budget().require_price("stranger")
    budget().require_price("writer")
    allowing = budget(allow_unknown_prices=True)
    allowing.require_price("stranger")
    assert allowing.price("stranger", Answer("", "stop", "", "m", 10, 10)) is None


def test_an_answer_is_priced_with_its_cached_tokens() -> None:
    answer = Answer("", "stop", "", "m", 1_000_000, 100_000, cached_tokens=500_000)
    assert budget().price("writer", answer) == pytest.approx(0.5 + 0.05 + 1)
    assert budget().price("writer", answer, batch=True) == pytest.approx(0.775)


def test_the_day_of_the_cap_is_that_of_the_calendar() -> None:
    start = budget().day_start(dt.datetime(2026, 7, 24, 3, tzinfo=dt.UTC))
    assert start == dt.datetime(2026, 7, 23, 7, tzinfo=dt.UTC)


def test_an_estimate_scales_a_sample_to_the_day() -> None:
    sample = [("writer", [{"role": "user", "content": "word " * 1000}])] * 2
    told = estimate(sample, 200, 2000, budget(), batch=False)
    assert told.requests == 200
    assert told.prompt_tokens == pytest.approx(200 * 1000, rel=0.05)
    assert told.most_usd == pytest.approx(200 * (1000 + 10 * 2000) / 1e6, rel=0.01)
    assert told.likely_usd < told.most_usd
    assert "200 requests" in str(told)
    assert estimate([], 0, 2000, budget(), batch=False).most_usd == 0
