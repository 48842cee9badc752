"""One request over HTTP to servers that take less than OpenAI does: asked otherwise once, and so from then on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from resources.dialect import ChatRequest
from resources.errors import ServiceError
from resources.language_model import Answer, LanguageModel, ListedModel, is_rate_limited, retry_after
from tailoring.resume import response_format
from tests.odd_provider import OK, Provider, Reply, serving

Bodies = list[dict[str, Any]]


@contextmanager
def provider(refuses: dict[str, str], headers: dict[str, str] | None = None) -> Iterator[tuple[str, Bodies]]:
    """A server that turns down parameters in these words; yields its address and the bodies that came."""

    def reply(body: dict[str, Any], _: int) -> Reply:
        for parameter, words in refuses.items():
            if parameter in body:
                return 400, {
                    "error": {"message": words, "type": "invalid_request_error", "param": parameter, "code": None}
                }
        message = {"role": "assistant", "content": "{}"}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}
        return OK, {"model": "m-1", "choices": [choice], "usage": usage}

    models = [{"id": "m", "object": "model"}, {"id": "old", "object": "model", "shutdown_date": "2026-12-01"}]
    odd = Provider(reply, (OK, {"object": "list", "data": models}), headers or {})
    with serving(odd) as server:
        yield server.base_url, odd.bodies


def asked(url: str, times: int = 1, together: bool = False) -> list[Answer]:
    request = ChatRequest([{"role": "user", "content": "Write."}], "m", response_format(), 0.2, 7, 100)

    async def ask() -> list[Answer]:
        async with LanguageModel(url, timeout=5).session() as session:
            if together:
                return list(await asyncio.gather(*(session.complete(request) for _ in range(times))))
            return [await session.complete(request) for _ in range(times)]

    return asyncio.run(ask())


def test_an_answer_is_read_with_its_usage() -> None:
    with provider({}) as (url, bodies):
        (answer,) = asked(url)
    assert answer == Answer("{}", "stop", "", "m-1", 9, 3, cached_tokens=4)
    assert (bodies[0]["seed"], bodies[0]["temperature"], bodies[0]["max_completion_tokens"]) == (7, 0.2, 100)


def test_what_a_provider_does_not_take_is_left_out_once_and_for_the_session() -> None:
    refuses = {
        "max_completion_tokens": "Unrecognized request argument supplied: max_completion_tokens",
        "seed": "Unknown parameter: 'seed'.",
        "temperature": "Unsupported value: 'temperature' does not support 0.2 with this model.",
        "response_format": "response_format is not supported",
    }
    with provider(refuses) as (url, bodies):
        answers = asked(url, times=3)
    assert len(answers) == 3
    assert len(bodies) == 3 + len(refuses) + 1, "one lesson each, two for structured output"
    assert set(bodies[-1]) == {"model", "messages", "max_tokens"}
    assert "JSON schema" in bodies[-1]["messages"][0]["content"]


def test_requests_that_are_turned_down_together_teach_once() -> None:
    with provider({"seed": "Unknown parameter: 'seed'."}) as (url, bodies):
        assert len(asked(url, times=8, together=True)) == 8
    assert all("temperature" in body for body in bodies)


def test_an_error_that_asking_otherwise_cannot_mend_is_told() -> None:
    with provider({"model": "The model `m` does not exist."}) as (url, bodies):
        with pytest.raises(ServiceError, match=r"rejected the request \(400\).*does not exist"):
            asked(url)
        assert len(bodies) == 1


def test_models_are_listed_with_their_last_day() -> None:
    async def listed(url: str) -> list[ListedModel]:
        async with LanguageModel(url).session() as session:
            return await session.models()

    with provider({}) as (url, _):
        stays, goes = asyncio.run(listed(url))
    assert (stays.shutdown, str(goes.shutdown)) == (None, "2026-12-01")


def test_limits_of_the_provider_are_kept_from_its_headers() -> None:
    async def limits(url: str) -> tuple[int | None, int | None]:
        request = ChatRequest([{"role": "user", "content": "x"}], "m", response_format(), 0.2, 7, 100)
        async with LanguageModel(url).session() as session:
            await session.complete(request)
            return session.rate_limits.requests, session.rate_limits.remaining_requests

    with provider({}, {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}) as (url, _):
        assert asyncio.run(limits(url)) == (60, 59)


def test_nobody_there_is_told_as_that_and_not_as_slowness() -> None:
    with pytest.raises(ServiceError, match="No connection to the model") as caught:
        asked("http://127.0.0.1:9/v1")
    assert caught.value.transient
    assert not is_rate_limited(caught.value)
    assert retry_after(caught.value) is None


def test_the_key_is_not_shown() -> None:
    assert "sk-secret" not in repr(LanguageModel("http://x/v1", api_key="sk-secret"))
