"""Prices: a table that is data, and what an answer or a training costs by it."""

from pathlib import Path

import pytest

from tailoring.prices import PriceError, PriceTable, read_prices

TABLE = """
batch_share: 0.5
sources: {page: {as_of: 2026-11-05, page: example.org}}
models:
  writer: {input: 2, cached_input: 0.5, output: 8, training: 25, source: page}
  "ft:writer": {input: 3, cached_input: 0.75, output: 12, source: page}
"""


@pytest.fixture
def prices() -> PriceTable:
    return read_prices(TABLE)


def test_an_answer_costs_its_tokens_fresh_cached_and_written(prices: PriceTable) -> None:
    assert prices.cost("writer", 1_000_000, 500_000) == pytest.approx(2 + 4)
    assert prices.cost("writer", 1_000_000, 0, cached_tokens=400_000) == pytest.approx(1.2 + 0.2)


def test_a_batch_costs_its_share(prices: PriceTable) -> None:
    assert prices.cost("writer", 1_000_000, 500_000, batch=True) == pytest.approx(3)


def test_snapshots_and_tuned_models_are_found(prices: PriceTable) -> None:
    assert prices.of("writer-2026-01-31") == prices.models["writer"]
    assert prices.of("ft:writer-2026-01-31:team::abc") == prices.models["ft:writer"]
    assert prices.of("ft:writer:team:suffix:abc") == prices.models["ft:writer"]


def test_what_is_not_known_costs_none_rather_than_nothing(prices: PriceTable) -> None:
    assert prices.cost("stranger", 1, 1) is None
    assert prices.cost("ft:stranger:x", 1, 1) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: [", "not YAML"),
        ("- 1", "the top"),
        (TABLE.replace("input: 2,", "input: -2,"), "models.writer.input"),
        (TABLE.replace("source: page}", "source: nowhere}"), "nowhere"),
    ],
)
def test_a_table_that_is_wrong_says_where(content: str, told: str) -> None:
    with pytest.raises(PriceError, match=told):
        read_prices(content)


def test_the_shipped_table_can_be_read_and_local_models_are_free() -> None:
    prices = read_prices((Path(__file__).parents[2] / "config/prices.yaml").read_text())
    assert prices.cost("extractive-1", 10_000, 10_000) == 0
    assert prices.cost("ft:extractive-1:resume-assets:2026-07-23:0a1b2c3d", 10_000, 10_000) == 0
    own = prices.of("extractive-1")
    assert own
    assert own.training == 0  # learning on this machine needs no spending cap
    for name, price in prices.models.items():
        assert price.cached_input <= price.input <= price.output, name
