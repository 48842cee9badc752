"""When faults strike: reproducibly, whatever the order in which requests arrive."""

import asyncio
import random
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from model_server.background_faults import BatchFault, JobFault
from model_server.chat_request import ChatRequest, Message
from model_server.errors import ApiError
from model_server.fault_injector import FaultInjector, pair_key
from model_server.fault_plan import FaultPlan, LogNormalLatency
from model_server.faults import NO_FAULT, Fault

PAIRS = [f"pair {number}" for number in range(400)]
RATES = [{"rate": 0.2, "fault": {"kind": "server_error"}}, {"rate": 0.1, "fault": {"kind": "rate_limit"}}]


def message(text: str) -> Message:
    return Message.model_validate({"role": "user", "content": text})


def request(text: str) -> ChatRequest:
    return ChatRequest(model="any", messages=[message(text)])


def faults_of(plan: dict[str, Any], texts: Sequence[str]) -> list[tuple[str, Fault]]:
    """Each request's text and the fault that it met, in the order asked."""

    async def run() -> list[tuple[str, Fault]]:
        injector = FaultInjector(FaultPlan.model_validate(plan))
        return [(text, (await injector.next_fault(request(text)))[0]) for text in texts]

    return asyncio.run(run())


def kinds(met: Sequence[tuple[str, Fault]]) -> list[str]:
    return [getattr(fault, "kind", "none") for _, fault in met]


def test_an_empty_plan_does_nothing() -> None:
    assert [fault for _, fault in faults_of({}, PAIRS)] == [NO_FAULT] * len(PAIRS)


def test_the_script_goes_by_arrival_and_then_ends() -> None:
    plan = {"script": [{"kind": "empty"}, None, {"kind": "hang"}], "latency": None}

    async def run() -> list[str]:
        injector = FaultInjector(FaultPlan.model_validate(plan))
        injector.stopping.set()  # a hanging request waits for this
        return kinds([(text, (await injector.next_fault(request(text)))[0]) for text in "aabc"])

    assert asyncio.run(run()) == ["empty", "none", "hang", "none"]


def test_each_pair_goes_through_its_own_script() -> None:
    plan = {"each_pair": [{"kind": "server_error"}, {"kind": "empty"}]}
    assert kinds(faults_of(plan, ["a", "b", "a", "a", "b"])) == [
        "server_error", "server_error", "empty", "none", "empty",
    ]  # fmt: skip


def test_rates_are_met_and_do_not_depend_on_the_order() -> None:
    met = faults_of({"seed": 3, "rates": RATES}, PAIRS)
    counts = Counter(kinds(met))
    assert counts["server_error"] == pytest.approx(0.2 * len(PAIRS), rel=0.35)
    assert counts["rate_limit"] == pytest.approx(0.1 * len(PAIRS), rel=0.5)
    shuffled = random.Random(1).sample(PAIRS, len(PAIRS))
    assert dict(faults_of({"seed": 3, "rates": RATES}, shuffled)) == dict(met)
    assert dict(faults_of({"seed": 4, "rates": RATES}, PAIRS)) != dict(met)


def test_a_second_attempt_draws_again() -> None:
    attempts = kinds(faults_of({"rates": [{"rate": 0.5, "fault": {"kind": "empty"}}]}, ["one pair"] * 50))
    assert set(attempts) == {"empty", "none"}


def test_log_normal_latency_has_the_median_asked_for_and_a_tail() -> None:
    randomness = random.Random(5)
    drawn = [LogNormalLatency(median=2, sigma=0.5).draw(randomness) for _ in range(2000)]
    assert statistics.median(drawn) == pytest.approx(2, rel=0.1)
    assert statistics.mean(drawn) > statistics.median(drawn)
    assert LogNormalLatency(median=2, sigma=0).draw(randomness) == 2


def test_log_normal_latency_may_be_told_by_its_mean_and_capped() -> None:
    randomness = random.Random(5)
    drawn = [LogNormalLatency(mean=2, sigma=0.6).draw(randomness) for _ in range(4000)]
    assert statistics.mean(drawn) == pytest.approx(2, rel=0.05)
    assert statistics.median(drawn) < 1.8
    capped = [LogNormalLatency(mean=2, sigma=0.6, cap=3).draw(randomness) for _ in range(400)]
    assert max(capped) == 3


@pytest.mark.parametrize(
    "plan",
    [
        {"rates": [{"rate": 0.6, "fault": {"kind": "empty"}}, {"rate": 0.6, "fault": {"kind": "hang"}}]},
        {"rates": [{"rate": -0.1, "fault": {"kind": "empty"}}]},
        {"script": [{"kind": "cut", "after": 1}]},
        {"script": [{"kind": "server_error", "status": 404}]},
        {"latency": {"seconds": 1, "sigma": 1}},
        {"latency": {"median": 0, "sigma": 1}},
        {"latency": {"median": 1, "mean": 1, "sigma": 1}},
        {"latency": {"sigma": 1}},
        {"limits": {}},
        {"limits": {"requests_per_minute": 0}},
        {"submits": {"files": [{"kind": "hang"}]}},
        {"submits": {"images": []}},
        {"batches": [{"rows": {"0": {"kind": "empty"}}}]},
        {"batches": [{"rows": {"1": {"kind": "cut"}}}]},
        {"jobs": [{"delay_seconds": -1}]},
        {"typo": []},
    ],
)
def test_plans_that_make_no_sense_are_refused(plan: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FaultPlan.model_validate(plan)


def test_scripts_of_submits_jobs_and_batches_are_apart() -> None:
    plan = {
        "submits": {"batches": [None, {"kind": "cut"}]},
        "jobs": [{"fail": "a"}, None],
        "batches": [None, {"expire_after": 1}],
    }
    injector = FaultInjector(FaultPlan.model_validate(plan))
    assert kinds([("", injector.next_submit("batches")) for _ in range(3)]) == ["none", "cut", "none"]
    assert injector.next_submit("files") == NO_FAULT
    assert [injector.next_job() for _ in range(3)] == [JobFault(fail="a"), None, None]
    assert [injector.next_batch() for _ in range(3)] == [None, BatchFault(expire_after=1), None]


def test_a_submit_that_is_refused_is_an_error() -> None:
    plan = FaultPlan.model_validate({"submits": {"files": [{"kind": "rate_limit"}]}})
    with pytest.raises(ApiError) as caught:
        FaultInjector(plan).next_submit("files")
    assert caught.value.status_code == 429


def test_counting_goes_on_after_a_restart(tmp_path: Path) -> None:
    plan = FaultPlan.model_validate({"script": [{"kind": "empty"}, {"kind": "refusal"}, {"kind": "server_error"}]})

    def met() -> str:
        injector = FaultInjector(plan, tmp_path / "counts")
        return kinds([("", asyncio.run(injector.next_fault(request("a")))[0])])[0]

    assert [met() for _ in range(4)] == ["empty", "refusal", "server_error", "none"]


def test_a_pair_is_known_by_what_is_said_and_by_whom() -> None:
    said = [message("a"), message("b")]
    in_parts = Message.model_validate({"role": "user", "content": [{"type": "text", "text": "a"}]})
    assert pair_key([in_parts, message("b")]) == pair_key(said)
    assert pair_key([message("ab"), message("")]) != pair_key(said)
    assert pair_key([message("b"), message("a")]) != pair_key(said)
    assert pair_key([Message(role="system", content=message("a").content), message("b")]) != pair_key(said)
