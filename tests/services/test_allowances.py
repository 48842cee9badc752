"""The day's money over MongoDB's wire: runs at the same time never take more than there is, and dead ones hold none."""

import datetime as dt
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from resources.allowances import BATCHES, SHARE, Allowances
from resources.document_store import DocumentStore
from resources.language_model import Answer
from resources.leases import run_at_work
from resources.ledger import COLLECTION, LEASE, Ledger

NOW = dt.datetime(2026, 7, 23, 12, tzinfo=dt.UTC)
LATER = NOW + LEASE + dt.timedelta(seconds=1)


@pytest.fixture
def ledger(mongo_uri: str) -> Iterator[Ledger]:
    store = DocumentStore(mongo_uri, f"test_{uuid.uuid4().hex}")
    made = Ledger(store.database[COLLECTION])
    made.prepare()
    yield made
    store.database.client.drop_database(store.database_name)


@pytest.fixture
def runs(ledger: Ledger) -> Iterator[list[Allowances]]:
    with ExitStack() as stack:
        made = [allowances(replace(ledger, run=stack.enter_context(run_at_work()))) for _ in range(2)]
        made[0].prepare()
        yield made


def allowances(ledger: Ledger, max_day: float = 10.0) -> Allowances:
    return Allowances(ledger, max_day, lambda now: now.replace(hour=0))


def spend(ledger: Ledger, usd: float) -> None:
    key = uuid.uuid4().hex
    ledger.plan({key: {"pair_id": "p", "partition_date": "2026-07-23", "model": "m", "arm": "base"}}, NOW)
    ledger.claim(key, NOW)
    ledger.save_answer(key, Answer("{}", "stop", "", "m", 1, 1), usd, NOW)


def test_a_share_is_taken_and_no_more_than_is_of_use(runs: list[Allowances]) -> None:
    one, other = runs
    assert one.take(0, least=0.1, most=100, now=NOW).usd == pytest.approx(10 * SHARE)
    assert other.take(0, least=0.1, most=100, now=NOW).usd == pytest.approx(9 * SHARE)
    assert other.take(0, least=0.1, most=0.2, now=NOW).usd == pytest.approx(0.2)
    assert other.take(0.2, least=5, most=100, now=NOW).usd == pytest.approx(5)


def test_what_the_other_has_is_not_there_until_it_is_given_back(runs: list[Allowances]) -> None:
    one, other = runs
    assert one.take(0, least=8, most=8, now=NOW).usd == 8
    refused = other.take(0, least=3, most=3, now=NOW)
    assert (refused.usd, refused.with_runs, refused.spent) == (0, 8, 0)
    one.give_back()
    assert other.take(0, least=3, most=3, now=NOW).usd == 3


def test_what_was_spent_is_gone_for_everybody(runs: list[Allowances]) -> None:
    one, other = runs
    one.take(0, least=8, most=8, now=NOW)
    spend(one.ledger, 7)
    one.give_back()
    assert other.take(0, least=4, most=4, now=NOW).usd == 0
    assert other.take(0, least=3, most=3, now=NOW).usd == 3
    tomorrow = NOW + dt.timedelta(days=1)
    assert other.take(0, least=10, most=10, now=tomorrow).usd == 10


def test_a_lease_that_is_not_renewed_ends(ledger: Ledger) -> None:
    one, other = (allowances(replace(ledger, run=f"elsewhere/1/2/{name}")) for name in "ab")
    one.prepare()
    one.take(0, least=8, most=8, now=NOW)
    one.renew(NOW + LEASE / 2)
    assert other.take(0, least=3, most=3, now=LATER).usd == 0
    assert other.take(0, least=3, most=3, now=LATER + LEASE).usd == 3


def test_a_run_that_is_gone_holds_nothing_but_its_open_batches(ledger: Ledger, runs: list[Allowances]) -> None:
    with run_at_work() as gone:
        dead = allowances(replace(ledger, run=gone))
        dead.take(0, least=8, most=8, now=NOW)
    batch = {"state": "submitted", "run": gone, "usd": 4.0, "until": LATER}
    ledger.collection.database[BATCHES].insert_one(batch)
    one, _ = runs
    assert one.take(0, least=7, most=7, now=NOW).usd == 0
    assert one.take(0, least=6, most=6, now=NOW).usd == 6
    assert one.take(6, least=4, most=4, now=LATER).usd == 4, "no batch lasts for ever"


def test_many_at_once_take_all_there_is_and_no_more(ledger: Ledger) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(6) as threads:
        made = [allowances(replace(ledger, run=stack.enter_context(run_at_work())), max_day=1.0) for _ in range(6)]
        made[0].prepare()

        def grab(one: Allowances) -> float:
            held = 0.0
            while grant := one.take(held, least=0.0625, most=0.0625, now=NOW).usd:
                held += grant
            return held

        assert sum(threads.map(grab, made)) == 1.0
