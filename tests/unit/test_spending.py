"""Caps: nothing is sent that could go over one, whatever is on its way."""

import asyncio
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.allowances import Grant
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
    shares=st.lists(st.floats(0, 1), max_size=40), most=st.floats(0.01, 3), run=st.floats(0, 20), day=st.floats(0, 20)
)
def test_no_cap_is_ever_passed(shares: list[float], most: float, run: float, day: float) -> None:
    purse = Purse(run, day)
    spend(purse, [share * most for share in shares], most)
    assert purse.spent <= min(run, day) + 1e-9


def test_requests_wait_for_others_to_settle_rather_than_stop() -> None:
    assert spend(Purse(1.0, 9.0), [0.1] * 8, most=0.3) == 8
    assert spend(Purse(1.0, 9.0), [0.3] * 8, most=0.3) == 3


def test_what_costs_nothing_needs_no_money() -> None:
    assert spend(Purse(0, 0), [0.0] * 5, most=0.0) == 5


def test_the_cap_of_the_day_counts_what_others_have_and_is_named() -> None:
    purse = Purse(9, 1)

    async def nothing_left(on_its_way: float, least: float, most: float) -> Grant:
        return Grant(0.0, spent=0.5, with_runs=0.0, in_batches=0.45)

    told = r"spent \$0\.5000, have put aside \$0\.4500.*max_usd_per_day.*tomorrow"
    with pytest.raises(CapReached, match=told), purse.sharing(nothing_left, asyncio.sleep):
        asyncio.run(purse.reserve(0.1))


def test_what_settles_during_the_look_is_looked_at_again() -> None:
    purse, looks = Purse(9, 1), 0

    async def take(on_its_way: float, least: float, most: float) -> Grant:
        nonlocal looks
        looks += 1
        if looks == 2:
            await purse.settle(0.6, 0.1)  # the one on its way, for which the second had to wait
        return Grant(least if on_its_way + least <= 1 else 0.0, 0.0, 0.0, 0.0)

    async def two() -> None:
        with purse.sharing(take, asyncio.sleep):
            await purse.reserve(0.6)
            await purse.reserve(0.6)

    asyncio.run(two())
    assert looks == 3


def test_money_that_other_runs_may_give_back_is_waited_for() -> None:
    purse = Purse(9, 1)
    grants = iter([Grant(0.0, 0.5, 0.5, 0.0), Grant(0.0, 0.5, 0.1, 0.0), Grant(0.25, 0.5, 0.0, 0.0)])
    waits: list[float] = []

    async def take(on_its_way: float, least: float, most: float) -> Grant:
        return next(grants)

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    with purse.sharing(take, pause):
        asyncio.run(purse.reserve(0.2))
    assert len(waits) == 2
    assert purse.on_its_way == 0.2


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


def test_tokens_are_counted_only_for_a_model_that_costs_money() -> None:
    counted: list[str] = []

    def count(_messages: object, model: str) -> int:
        counted.append(model)
        return 1000

    sample = [(model, [{"role": "user", "content": "word " * 1000}]) for model in ("writer", "unknown")]
    told = estimate(sample, 2, 2000, budget(), batch=False, count=count)
    assert counted == ["writer"]
    assert told.prompt_tokens == pytest.approx(2000, rel=0.2)
