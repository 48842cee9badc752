"""A day with providers that answer in odd ways: one request's trouble is its own; what stops a day does so at once."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from resources.errors import ServiceError
from resources.language_model import Answer
from resources.ledger import Answered, Claim, Ledger, Standing
from resume_assets.answering import OUTAGE
from resume_assets.asking import utc_now
from resume_assets.settings import Generation, Settings
from tailoring.extractive import tailor
from tailoring.prompts import extract_inputs
from tests.odd_provider import OK, Provider, Reply, serving
from tests.services.test_generation import ask, requests, states


def completion(content: object, finish_reason: str = "stop") -> Reply:
    message = {"role": "assistant", "content": content}
    return OK, {"model": "m", "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}]}


def good(body: dict[str, Any]) -> str:
    inputs = extract_inputs(body["messages"])
    return tailor(inputs.resume_lines, inputs.posting).model_dump_json()


def refusal(status: int, message: str, code: str | None = None) -> Reply:
    return status, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


@pytest.fixture
def generation(project: Callable[..., Settings]) -> Generation:
    return project().generation.model_copy(update={"concurrency": 2, "max_retries": 1, "timeout_seconds": 10.0})


TOO_LONG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."


@pytest.mark.parametrize(
    ("rejected", "reason"),
    [
        (refusal(400, TOO_LONG, "context_length_exceeded"), "too long for the model"),
        (refusal(400, TOO_LONG.replace("This", "'max_tokens' is too large: 3000. This")), "too long for the model"),
        (refusal(413, "Payload Too Large"), "too long for the model"),
        (refusal(400, "The response was filtered", "content_filter"), "stopped by the provider's content filter"),
    ],
)
def test_a_text_that_the_provider_does_not_take_fails_alone(
    ledger: Ledger, generation: Generation, rejected: Reply, reason: str
) -> None:
    odd = {f"Jane Doe {number}\n" for number in range(2, 2 + OUTAGE + 1)}

    def reply(body: dict[str, Any], _: int) -> Reply:
        return rejected if any(name in body["messages"][1]["content"] for name in odd) else completion(good(body))

    provider = Provider(reply)
    with serving(provider) as server:
        outcome = ask(requests(10), server, ledger, generation)
    assert outcome.reasons == {reason: OUTAGE + 1}
    assert len(outcome.finished) == 10 - OUTAGE - 1
    assert len(provider.bodies) == 10, "asking the same again would not help"


def test_what_a_provider_rejects_of_every_request_stops_the_day_soon(ledger: Ledger, generation: Generation) -> None:
    provider = Provider(lambda body, _: refusal(400, "temperature: must be at most 0.1"))
    with serving(provider) as server, pytest.raises(ServiceError, match=r"rejected the request.*must be at most"):
        ask(requests(50), server, ledger, generation)
    assert len(provider.bodies) <= OUTAGE + generation.concurrency


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: [{"type": "text", "text": text}],
        lambda text: f"<think>\nThe form is {{...}}.\n</think>\n\n{text}",
        lambda text: f"```json\n{text}\n```",
    ],
)
def test_an_answer_in_another_wrapping_is_read(
    ledger: Ledger, generation: Generation, wrapped: Callable[[str], object]
) -> None:
    provider = Provider(lambda body, _: completion(wrapped(good(body))))
    with serving(provider) as server:
        outcome = ask(requests(2), server, ledger, generation)
    assert (len(outcome.finished), len(provider.bodies)) == (2, 2)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (completion("I'm sorry, but I can't help with that."), "refused by the model"),
        ((OK, {"choices": [{"index": 0, "finish_reason": "stop", "message": None}]}), "empty answer"),
    ],
)
def test_an_answer_that_is_none_has_its_reason(
    ledger: Ledger, generation: Generation, reply: Reply, reason: str
) -> None:
    with serving(Provider(lambda body, _: reply)) as server:
        assert ask(requests(1), server, ledger, generation).reasons == {reason: 1}


def test_an_error_told_as_an_answer_is_tried_again(ledger: Ledger, generation: Generation) -> None:
    stray = OK, {"error": {"message": "upstream failed", "code": 502}}
    with serving(Provider(lambda body, number: completion(good(body)) if number else stray)) as server:
        assert len(ask(requests(1), server, ledger, generation).finished) == 1


def test_a_server_without_a_list_of_models_is_used_where_none_is_required(
    ledger: Ledger, generation: Generation
) -> None:
    provider = Provider(lambda body, _: completion(good(body)), models=refusal(404, "Not Found"))
    with serving(provider) as server:
        with pytest.raises(ServiceError, match="404"):
            ask(requests(1), server, ledger, generation)
        unlisted = generation.model_copy(update={"require_listed_models": False})
        assert len(ask(requests(1), server, ledger, unlisted).finished) == 1


@pytest.mark.parametrize("when", ["at the end of 2026", 1e300, -1, True, "", "2026-13-45", ["2026"]])
def test_a_shutdown_date_that_cannot_be_read_stops_nobody(ledger: Ledger, generation: Generation, when: object) -> None:
    listed = {"object": "list", "data": [{"id": "extractive-1", "object": "model", "shutdown_date": when}]}
    with serving(Provider(lambda body, _: completion(good(body)), models=(OK, listed))) as server:
        if when in (-1, True):  # a second before or after 1970 began: shut down long ago
            with pytest.raises(ServiceError, match="was shut down on 19"):
                ask(requests(1), server, ledger, generation)
        else:
            assert len(ask(requests(1), server, ledger, generation).finished) == 1


def test_a_day_that_is_stopped_waits_for_no_pace(ledger: Ledger, generation: Generation) -> None:
    slow = generation.model_copy(update={"requests_per_minute": 2})
    started = time.monotonic()
    with (
        serving(Provider(lambda body, _: refusal(401, "no key"))) as server,
        pytest.raises(ServiceError, match="refused the key"),
    ):
        ask(requests(30), server, ledger, slow)
    assert time.monotonic() - started < 20


def test_a_request_that_was_waiting_for_another_try_is_not_taken_for_cut_short(
    ledger: Ledger, generation: Generation
) -> None:
    def reply(_: dict[str, Any], number: int) -> Reply:
        return refusal(401, "no key") if number else refusal(429, "slow down")

    one_by_one = generation.model_copy(update={"concurrency": 1})
    with (
        serving(Provider(reply, headers={"Retry-After": "60"})) as server,
        pytest.raises(ServiceError, match="refused the key"),
    ):
        ask(requests(2), server, ledger, one_by_one)
    with serving(Provider(lambda body, _: completion(good(body)))) as server:
        outcome = ask(requests(2), server, ledger, generation)
    assert (outcome.cut_short_before, len(outcome.finished)) == (0, 2)


def test_an_unusable_answer_from_before_is_told_to_the_model_and_counts_as_the_first(
    ledger: Ledger, generation: Generation
) -> None:
    (request,) = requests(1)
    ledger.plan({request.key: request.about("2026-07-23")}, utc_now())
    ledger.save_answer(request.key, Answer('{"head', "stop", "", "m", 9, 9), 0.0, utc_now())
    provider = Provider(lambda body, _: completion('{"head'))
    with serving(provider) as server:
        outcome = ask([request], server, ledger, generation)
    assert outcome.reasons == {"answer not JSON": 1}
    (body,) = provider.bodies
    assert body["messages"][-2] == {"role": "assistant", "content": '{"head'}
    assert "not JSON" in body["messages"][-1]["content"]


@dataclass(frozen=True)
class Late(Ledger):
    """A ledger in which another run has just saved an unusable answer, when the first claim comes."""

    def claim(self, key: str, *args: Any, **options: Any) -> Claim:
        if not self.collection.find_one({"_id": key, "seen": True}):
            self.collection.update_one({"_id": key}, {"$set": {"seen": True}})
            return Claim(Standing.ANSWERED, Answered(Answer("nonsense", "stop", "", "m", 9, 9), utc_now(), 0.0))
        return super().claim(key, *args, **options)


def test_an_unusable_answer_of_another_run_is_no_answer(ledger: Ledger, generation: Generation) -> None:
    with serving(Provider(lambda body, _: completion(good(body)))) as server:
        outcome = ask(requests(3), server, Late(ledger.collection), generation)
    assert len(outcome.finished) == 3


@dataclass(frozen=True)
class Away(Ledger):
    """A ledger whose database is away for the first look at a day's second half, or for good."""

    for_good: bool = False
    looks: list[int] = field(default_factory=list, compare=False)

    def plan(self, requests: Mapping[str, Mapping[str, Any]], *args: Any) -> dict[str, Answered]:
        self.looks.append(len(requests))
        if len(self.looks) == 2 or (self.for_good and len(self.looks) > 2):
            raise ServiceError("MongoDB does not answer.", "Start it.", transient=not self.for_good)
        return super().plan(requests, *args)


def test_a_database_that_is_away_for_a_moment_cuts_nothing_short(ledger: Ledger, generation: Generation) -> None:
    with serving(Provider(lambda body, _: completion(good(body)))) as server:
        outcome = ask(requests(60), server, Away(ledger.collection), generation)
    assert (len(outcome.finished), outcome.cut_short_before) == (60, 0)


def test_a_database_that_refuses_is_told_in_words_and_what_is_on_its_way_is_kept(
    ledger: Ledger, generation: Generation
) -> None:
    with (
        serving(Provider(lambda body, _: completion(good(body)))) as server,
        pytest.raises(ServiceError, match="MongoDB does not answer"),
    ):
        ask(requests(60), server, Away(ledger.collection, for_good=True), generation)
    assert set(states(ledger)) <= {"answered", "planned"}, "nothing is left that was sent and not answered"
