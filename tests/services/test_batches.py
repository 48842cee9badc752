"""Asking through the Batch API over HTTP: paid for once, waited for, harvested also when it is partial or was lost."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resources.ledger import COLLECTION, Ledger
from resume_assets import batch_generation
from resume_assets.batch_generation import BatchOutcome, ask_in_batches
from resume_assets.settings import Generation, Settings
from resume_assets.spending import Budget, CapReached, Purse
from tailoring.prices import read_prices
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.test_generation import ask, requests, states

DAY = "2026-07-23"
PRICES = read_prices("""
batch_share: 0.5
sources: {page: {as_of: 2026-11-05, page: example.org}}
models: {extractive-1: {input: 1, cached_input: 1, output: 1, source: page}}
""")


@pytest.fixture
def ledger(mongo_uri: str) -> Iterator[Ledger]:
    store = DocumentStore(mongo_uri, f"test_{uuid.uuid4().hex}")
    yield Ledger(store.database[COLLECTION])
    store.database.client.drop_database(store.database_name)


@pytest.fixture
def generation(project: Callable[..., Settings]) -> Generation:
    changes = {"concurrency": 4, "max_retries": 0, "timeout_seconds": 10.0, "batch_poll_seconds": 0.05}
    return project().generation.model_copy(update=changes)


def budget(most: float = 100.0) -> Budget:
    return Budget(PRICES, Purse(most, most), allow_unknown_prices=False, timezone="UTC")


def in_batches(
    count: int, server: RunningModelServer, ledger: Ledger, settings: Generation, **options: Any
) -> BatchOutcome:
    return ask_in_batches(
        requests(count),
        partition_date=DAY,
        settings=settings,
        model=LanguageModel(server.base_url, timeout=10, max_retries=0),
        ledger=ledger,
        **({"budget": budget()} | options),
    )


def batches(ledger: Ledger) -> list[dict[str, Any]]:
    return list(ledger.collection.database[batch_generation.COLLECTION].find())


def test_a_day_is_answered_in_batches_at_their_price(ledger: Ledger, generation: Generation) -> None:
    with running_model_server() as server:
        outcome = in_batches(5, server, ledger, generation.model_copy(update={"batch_rows": 2}))
        again = in_batches(5, server, ledger, generation)
        direct = ask(requests(5), server, ledger, generation)
    assert (outcome.batches, outcome.asked, outcome.answered) == (3, 5, 5)
    assert outcome.usd == pytest.approx((outcome.prompt_tokens + outcome.completion_tokens) / 1e6 / 2)
    assert (again.batches, again.asked) == (0, 0)
    assert (direct.asked, direct.reused, len(direct.finished)) == (0, 5, 5)


def test_rows_without_an_answer_are_asked_again(ledger: Ledger, generation: Generation) -> None:
    faults = {"batches": [{"rows": {"2": {"kind": "lost"}, "3": {"kind": "server_error"}}}]}
    with running_model_server(faults) as server:
        outcome = in_batches(4, server, ledger, generation)
    assert (outcome.batches, outcome.asked, outcome.answered) == (2, 6, 4)
    assert states(ledger) == {"answered": 4}


def test_what_an_expired_batch_answered_is_kept(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"batches": [{"expire_after": 2}]}) as server:
        outcome = in_batches(5, server, ledger, generation)
    assert (outcome.batches, outcome.asked, outcome.answered) == (2, 8, 5)


def test_an_answer_to_the_submit_that_is_lost_costs_nothing(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"submits": {"batches": [{"kind": "cut"}]}}) as server:
        with pytest.raises(ServiceError):
            in_batches(3, server, ledger, generation)
        assert [batch["state"] for batch in batches(ledger)] == ["intended"]
        outcome = in_batches(3, server, ledger, generation)
    assert (outcome.found_again, outcome.asked, outcome.answered) == (1, 0, 3)


def test_a_batch_that_was_never_submitted_is_asked_anew(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"submits": {"batches": [{"kind": "server_error"}]}}) as server:
        with pytest.raises(ServiceError):
            in_batches(3, server, ledger, generation)
        outcome = in_batches(3, server, ledger, generation)
    assert (outcome.found_again, outcome.batches, outcome.answered) == (0, 1, 3)


def test_a_batch_that_takes_too_long_is_waited_for_by_the_next_run(ledger: Ledger, generation: Generation) -> None:
    hurried = generation.model_copy(update={"batch_wait_hours": 1e-9})
    with running_model_server({"batches": [{"row_seconds": 0.1}]}) as server:
        with pytest.raises(ServiceError, match="run the day again later"):
            in_batches(3, server, ledger, hurried)
        outcome = in_batches(3, server, ledger, generation)
    assert (outcome.asked, outcome.answered) == (0, 3)


def test_a_batch_stays_below_the_cap(ledger: Ledger, generation: Generation) -> None:
    small = budget(0.005)  # dollars: a request may cost 0.0017 at most
    with running_model_server() as server, pytest.raises(CapReached, match="max_usd_per_run"):
        in_batches(10, server, ledger, generation, budget=small)
    assert 0 < states(ledger)["answered"] < 10
    assert small.purse.spent < 0.005


def test_an_invalid_file_is_told_and_asked_in_another_way(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"batches": [{"invalid": "no"}, {"invalid": "no"}]}) as server:
        outcome = in_batches(2, server, ledger, generation)
        direct = ask(requests(2), server, ledger, generation)
    assert outcome.answered == 0
    assert list(outcome.rejected) == ["no"]
    assert len(direct.finished) == 2
