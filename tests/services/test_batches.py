"""Asking through the Batch API over HTTP: paid for once, waited for, harvested also when it is partial or was lost."""

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from resources.allowances import BATCHES
from resources.errors import ServiceError
from resources.language_model import LanguageModel
from resources.ledger import Ledger
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
    return list(ledger.collection.database[BATCHES].find())


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


HOURS_TOO_SHORT = {"batch_wait_hours": 1e-9}
SLOW_ROWS = {"batches": [{"row_seconds": 0.3}]}


def asked(server: RunningModelServer) -> Counter[str]:
    """How often each request was answered, directly or in a batch."""
    counted = server.requests()
    return Counter(counted.pairs) + Counter(counted.batch_rows)


def test_direct_asking_calls_an_open_batch_off_and_keeps_what_it_answered(
    ledger: Ledger, generation: Generation
) -> None:
    with running_model_server(SLOW_ROWS) as server:
        with pytest.raises(ServiceError, match="run the day again later"):
            in_batches(8, server, ledger, generation.model_copy(update=HOURS_TOO_SHORT))
        outcome = ask(requests(10), server, ledger, generation, budget=budget())
        counts = asked(server)
    assert len(outcome.finished) == 10
    assert outcome.from_batches > 0
    assert outcome.from_batches + outcome.asked == 10
    assert set(counts.values()) == {1}, "no request is paid for twice"
    assert len(counts) == 10
    assert outcome.usd == pytest.approx(ledger.spending()[0].usd)
    assert [batch["status"] for batch in batches(ledger)] == ["cancelled"]


def test_direct_asking_leaves_a_batch_alone_that_another_run_waits_for(ledger: Ledger, generation: Generation) -> None:
    submitted = threading.Event()
    with running_model_server(SLOW_ROWS) as server:
        waiting = threading.Thread(
            target=in_batches, args=(4, server, ledger, generation), kwargs={"tell": lambda _: submitted.set()}
        )
        waiting.start()
        assert submitted.wait(30)
        outcome = ask(requests(4), server, ledger, generation)
        waiting.join()
        counts = asked(server)
    assert (outcome.asked, outcome.from_batches, len(outcome.finished)) == (0, 0, 4)
    assert set(counts.values()) == {1}
    assert [batch["status"] for batch in batches(ledger)] == ["completed"]


def test_requests_that_a_killed_direct_run_had_sent_are_counted_by_the_batch(
    ledger: Ledger, generation: Generation
) -> None:
    with running_model_server() as server:
        ask(requests(2), server, ledger, generation)
        ledger.collection.update_many(
            {}, {"$set": {"state": "sent", "run": "killed", "lease_until": None}, "$unset": {"answer": ""}}
        )
        outcome = in_batches(3, server, ledger, generation)
    assert (outcome.asked, outcome.answered, outcome.cut_short_before) == (3, 3, 2)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_batch_that_this_provider_does_not_know_holds_nobody_up(
    ledger: Ledger, generation: Generation, elsewhere: bool
) -> None:
    with running_model_server(SLOW_ROWS) as server, pytest.raises(ServiceError):
        in_batches(3, server, ledger, generation.model_copy(update=HOURS_TOO_SHORT))
    with running_model_server() as other:
        if not elsewhere:
            ledger.collection.database[BATCHES].update_many({}, {"$set": {"address": other.base_url}})
        told: list[str] = []
        outcome = ask(requests(3), other, ledger, generation, tell=told.append)
    assert (outcome.asked, outcome.cut_short_before, len(outcome.finished)) == (3, 3, 3)
    assert "asked again" in told[0]


def test_a_provider_that_is_away_for_a_moment_does_not_end_the_waiting(ledger: Ledger, generation: Generation) -> None:
    away = iter([True, True])

    async def sleep(seconds: float) -> None:
        server.process.send_signal(signal.SIGSTOP if next(away, False) else signal.SIGCONT)
        await asyncio.sleep(seconds)

    with running_model_server(SLOW_ROWS) as server:
        outcome = ask_in_batches(
            requests(3),
            partition_date=DAY,
            settings=generation,
            model=LanguageModel(server.base_url, timeout=0.5, max_retries=0),
            ledger=ledger,
            budget=budget(),
            sleep=sleep,
        )
    assert (outcome.batches, outcome.asked, outcome.answered) == (1, 3, 3)


def test_rounds_go_on_as_long_as_they_answer_something(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"batches": [{"expire_after": 1}, {"expire_after": 1}, {"expire_after": 1}]}) as server:
        outcome = in_batches(5, server, ledger, generation)
    assert (outcome.batches, outcome.asked, outcome.answered) == (4, 5 + 4 + 3 + 2, 5)
    assert states(ledger) == {"answered": 5}


def test_direct_asking_frees_what_was_never_submitted(ledger: Ledger, generation: Generation) -> None:
    with running_model_server({"submits": {"batches": [{"kind": "server_error"}]}}) as server:
        with pytest.raises(ServiceError):
            in_batches(3, server, ledger, generation)
        outcome = ask(requests(3), server, ledger, generation)
    assert (outcome.asked, outcome.from_batches, outcome.cut_short_before) == (3, 0, 0)
    assert [batch["status"] for batch in batches(ledger)] == ["never submitted"]


def test_two_runs_in_batches_at_once_share_the_day(ledger: Ledger, generation: Generation) -> None:
    outcomes: list[BatchOutcome] = []
    with running_model_server() as server:
        runs = [
            threading.Thread(target=lambda: outcomes.append(in_batches(6, server, ledger, generation)))
            for _ in range(2)
        ]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert set(asked(server).values()) == {1}
    assert sum(outcome.asked for outcome in outcomes) == 6
    assert states(ledger) == {"answered": 6}
