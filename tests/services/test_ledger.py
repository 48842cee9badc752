"""The ledger over MongoDB's wire: who may send a request, what is kept of it, and what was spent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from resources.language_model import Answer
from resources.leases import is_gone, run_at_work
from resources.ledger import LEASE, Ledger, Spent, Standing, request_key

NOW = dt.datetime(2026, 7, 23, 12, tzinfo=dt.UTC)
LATER = NOW + LEASE + dt.timedelta(seconds=1)
ANSWER = Answer("{}", "stop", "", "m", 100, 10)
ABOUT = {"pair_id": "p", "partition_date": "2026-07-23", "model": "m", "arm": "base"}


@pytest.fixture
def ledger(ledger: Ledger) -> Ledger:
    ledger.prepare()
    return ledger


@pytest.fixture
def two_runs(ledger: Ledger) -> Iterator[tuple[Ledger, Ledger]]:
    with run_at_work() as one, run_at_work() as other:
        yield replace(ledger, run=one, started=NOW), replace(ledger, run=other, started=NOW)


def test_one_of_two_runs_may_send(two_runs: tuple[Ledger, Ledger]) -> None:
    one, other = two_runs
    one.plan({"k": ABOUT}, NOW)
    assert one.claim("k", NOW).standing is Standing.GRANTED
    assert other.claim("k", NOW).standing is Standing.HELD
    assert one.claim("k", NOW).may_send, "a run may try its own again"


def test_the_other_run_takes_the_answer(two_runs: tuple[Ledger, Ledger]) -> None:
    one, other = two_runs
    one.plan({"k": ABOUT}, NOW)
    one.claim("k", NOW)
    one.save_answer("k", ANSWER, 0.5, NOW)
    claim = other.claim("k", NOW)
    assert claim.standing is Standing.ANSWERED
    assert claim.answered is not None
    assert (claim.answered.answer, claim.answered.usd) == (ANSWER, 0.5)


def test_the_other_run_takes_a_failure_and_a_later_run_tries_again(two_runs: tuple[Ledger, Ledger]) -> None:
    one, other = two_runs
    one.plan({"k": ABOUT}, NOW)
    one.claim("k", NOW)
    one.save_failure("k", "refused", NOW + dt.timedelta(seconds=1))
    claim = other.claim("k", NOW + dt.timedelta(seconds=2))
    assert (claim.standing, claim.reason) == (Standing.FAILED, "refused")
    later = replace(other, started=NOW + dt.timedelta(minutes=1))
    assert later.claim("k", NOW + dt.timedelta(minutes=1)).standing is Standing.GRANTED


def test_a_lease_ends_unless_it_is_renewed(two_runs: tuple[Ledger, Ledger]) -> None:
    one, other = two_runs
    one.plan({"k": ABOUT, "l": ABOUT}, NOW)
    one.claim("k", NOW)
    one.claim("l", NOW)
    one.renew(["k"], NOW + LEASE)
    assert other.claim("k", LATER).standing is Standing.HELD
    assert other.claim("l", LATER).standing is Standing.CUT_SHORT


def test_what_a_run_that_is_gone_held_is_free_at_once(ledger: Ledger) -> None:
    ledger.plan({"k": ABOUT}, NOW)
    with run_at_work() as gone:
        replace(ledger, run=gone).claim("k", NOW)
        assert not is_gone(gone)
    assert is_gone(gone)
    with run_at_work() as run:
        assert replace(ledger, run=run).claim("k", NOW).standing is Standing.CUT_SHORT


@pytest.mark.parametrize("name", ["", "elsewhere/1/2/abc", "no run"])
def test_a_run_on_another_machine_is_never_taken_for_gone(name: str) -> None:
    assert not is_gone(name)


def test_planning_again_changes_nothing_and_tells_the_answers(two_runs: tuple[Ledger, Ledger]) -> None:
    one, _ = two_runs
    assert one.plan({"k": ABOUT, "l": ABOUT}, NOW) == {}
    one.claim("k", NOW)
    one.save_answer("k", ANSWER, None, NOW)
    known = one.plan({"k": ABOUT, "l": ABOUT}, LATER)
    assert {key: each.answer for key, each in known.items()} == {"k": ANSWER}
    assert one.with_answer(["k", "l"]) == {"k"}


def test_an_answer_stays_while_a_better_one_is_asked_for(two_runs: tuple[Ledger, Ledger]) -> None:
    one, other = two_runs
    one.plan({"k": ABOUT}, NOW)
    one.claim("k", NOW)
    one.save_answer("k", ANSWER, 0.1, NOW)
    assert one.claim("k", NOW, again=True).may_send
    assert other.claim("k", NOW, again=True).standing is Standing.HELD
    assert "k" in other.plan({"k": ABOUT}, NOW), "killed now, the first answer counts"


def test_an_answer_that_is_saved_again_costs_once(ledger: Ledger) -> None:
    ledger.plan({"k": ABOUT}, NOW)
    for _ in range(2):  # the first time, the database could not say that it was done
        ledger.save_answer("k", ANSWER, 0.1, NOW)
    assert ledger.spent_since(NOW) == 0.1


def test_what_is_in_a_batch_is_held_until_the_batch_lets_it_go(two_runs: tuple[Ledger, Ledger]) -> None:
    one, other = two_runs
    one.plan({"k": ABOUT}, NOW)
    one.claim("k", NOW, batch="b1")
    assert other.claim("k", LATER).standing is Standing.HELD, "no lease ends it"
    assert one.claim("k", LATER).standing is Standing.HELD, "nor is it the run's to send"
    other.release(["k"])
    other.release(["k"], "b2")
    assert other.claim("k", LATER).standing is Standing.HELD
    other.release(["k"], "b1")
    assert other.claim("k", LATER).standing is Standing.GRANTED


def test_a_row_of_a_batch_is_kept_once(ledger: Ledger) -> None:
    ledger.plan({"k": ABOUT}, NOW)
    for _ in range(2):
        ledger.save_answer("k", ANSWER, 0.1, NOW, batch="b1")
    (entry,) = ledger.collection.find()
    assert len(entry["asks"]) == 1


def test_spending_counts_failed_repeated_and_lost_asks(two_runs: tuple[Ledger, Ledger]) -> None:
    one, _ = two_runs
    one.plan({"k": ABOUT, "l": ABOUT, "m": ABOUT | {"arm": "new"}, "n": ABOUT}, NOW)
    for second, (key, usd) in enumerate((("k", 0.5), ("k", 0.25), ("l", 0.125), ("m", None))):
        one.claim(key, NOW, again=True)
        one.save_answer(key, ANSWER, usd, NOW + dt.timedelta(seconds=second))
    one.save_failure("l", "refused", NOW)
    one.claim("m", NOW, again=True)  # and nothing ever came
    base, new = one.spending()
    assert base == Spent("2026-07-23", "m", "base", 2, 3, 1, 0, 0, 300, 30, 0.875)
    assert (new.asks, new.lost, new.unpriced, new.usd) == (2, 1, 1, 0)
    assert one.spent_since(NOW) == 0.875
    assert one.spent_since(LATER) == 0


def test_equal_parts_have_equal_keys() -> None:
    assert request_key(a=1, b="x") == request_key(b="x", a=1) != request_key(a=2, b="x")
