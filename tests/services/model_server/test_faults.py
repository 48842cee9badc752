"""The faults that the model server plays, as the SDK meets them."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from tailoring.resume import TailoredResume
from tests.model_server_fixture import running_model_server
from tests.services.model_server.calls import POSTING, ask, client_of, content_of, tailoring_messages


class TestFaults:
    def test_rate_limits_are_waited_out_by_the_sdk(self) -> None:
        limit = {"kind": "rate_limit", "retry_after": 0.3}
        with running_model_server({"script": [limit, limit]}) as server, client_of(server, max_retries=2) as client:
            before = time.monotonic()
            assert content_of(ask(client))
            assert time.monotonic() - before >= 0.6
            counts = server.requests()
            assert (counts.total, list(counts.pairs.values()), counts.faults) == (3, [3], {"rate_limit": 2})

    def test_failures_are_the_typed_errors_of_the_sdk(self) -> None:
        script = [
            {"kind": "rate_limit", "retry_after": 30},
            {"kind": "rate_limit", "code": "insufficient_quota"},
            {"kind": "server_error"},
            {"kind": "server_error", "status": 503},
            {"kind": "hang"},
        ]
        with running_model_server({"script": script}) as server, client_of(server) as client:
            with pytest.raises(openai.RateLimitError) as limited:
                ask(client)
            with pytest.raises(openai.RateLimitError) as broke:
                ask(client)
            with pytest.raises(openai.InternalServerError) as failed:
                ask(client)
            with pytest.raises(openai.InternalServerError) as overloaded:
                ask(client)
            with pytest.raises(openai.APITimeoutError):
                ask(client, timeout=0.5)
        assert (limited.value.code, limited.value.response.headers["retry-after"]) == ("rate_limit_exceeded", "30")
        assert broke.value.code == "insufficient_quota"
        assert (failed.value.status_code, overloaded.value.status_code) == (500, 503)

    def test_spoilt_answers(self) -> None:
        script = [
            {"kind": "malformed_json"},
            {"kind": "finish_reason", "reason": "length"},
            {"kind": "finish_reason", "reason": "content_filter"},
            {"kind": "refusal"},
            {"kind": "empty"},
            None,
        ]
        with running_model_server({"script": script}) as server, client_of(server) as client:
            malformed, long, filtered, refused, empty, sound = (ask(client).choices[0] for _ in script)
        assert malformed.finish_reason == "stop"
        for spoilt in (malformed, long, filtered):
            with pytest.raises(json.JSONDecodeError):
                json.loads(spoilt.message.content or "")
        assert (long.finish_reason, filtered.finish_reason) == ("length", "content_filter")
        assert refused.message.refusal
        assert refused.message.content is None
        assert empty.message.content == ""
        assert TailoredResume.model_validate_json(sound.message.content or "")

    @pytest.mark.parametrize("after", [0, 0.5])
    def test_cut_connections_are_tried_again(self, after: float) -> None:
        cut = {"kind": "cut", "after": after}
        with running_model_server({"script": [cut, cut]}) as server, client_of(server) as client:
            with pytest.raises(openai.APIConnectionError):
                ask(client)
            assert content_of(ask(client.with_options(max_retries=1)))
            assert server.requests().total == 3

    def test_a_cut_stream(self) -> None:
        with (
            running_model_server({"script": [{"kind": "cut", "after": 0.5}]}) as server,
            client_of(server) as client,
            pytest.raises(openai.APIConnectionError),
        ):
            list(client.chat.completions.create(model="extractive-1", messages=tailoring_messages(), stream=True))

    def test_latency(self) -> None:
        with running_model_server({"latency": {"seconds": 0.4}}) as server, client_of(server) as client:
            with pytest.raises(openai.APITimeoutError):
                ask(client, timeout=0.1)
            before = time.monotonic()
            ask(client)
            assert time.monotonic() - before >= 0.4

    def test_waiting_requests_do_not_wait_for_each_other(self) -> None:
        with running_model_server({"latency": {"seconds": 0.5}}) as server, client_of(server) as client:
            before = time.monotonic()
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: content_of(ask(client)), range(8)))
            assert time.monotonic() - before < 8 * 0.5
            assert len(set(answers)) == 1
            assert server.requests().total == 8

    def test_counts_each_pair(self) -> None:
        faults = {"each_pair": [{"kind": "server_error"}, None]}
        with running_model_server(faults) as server, client_of(server, max_retries=1) as client:
            pairs = [tailoring_messages(posting=f"{POSTING} Team {number}.") for number in range(6)]
            with ThreadPoolExecutor(6) as pool:
                list(pool.map(lambda messages: ask(client, messages=messages), pairs))
            counts = server.requests()
            assert sorted(counts.pairs.values()) == [2] * 6
            assert (counts.total, counts.faults) == (12, {"server_error": 6})

    def test_a_limit_a_minute_is_told_and_enforced(self) -> None:
        limits = {"requests_per_minute": 1, "tokens_per_minute": 100_000, "minute_seconds": 2}
        with running_model_server({"limits": limits}) as server, client_of(server) as client:
            answer = client.chat.completions.with_raw_response.create(
                model="extractive-1", messages=tailoring_messages(), max_completion_tokens=4000
            )
            assert answer.headers["x-ratelimit-limit-requests"] == "1"
            assert answer.headers["x-ratelimit-remaining-tokens"] == "96000"
            with pytest.raises(openai.RateLimitError) as limited:
                ask(client)
            assert (limited.value.code, limited.value.type) == ("rate_limit_exceeded", "requests")
            assert 0 < float(limited.value.response.headers["retry-after"]) <= 2
            assert limited.value.response.headers["x-ratelimit-remaining-requests"] == "0"
            assert content_of(ask(client.with_options(max_retries=3))), "the SDK waits as long as it is told"
            assert server.requests().faults["limited"] >= 1

    def test_limits_are_told_beside_other_faults(self) -> None:
        plan = {"limits": {"requests_per_minute": 9, "enforced": False}, "script": [{"kind": "rate_limit"}]}
        with running_model_server(plan) as server, client_of(server) as client:
            with pytest.raises(openai.RateLimitError) as limited:
                ask(client)
            assert limited.value.response.headers["x-ratelimit-remaining-requests"] == "8"
            assert limited.value.response.headers["retry-after"] == "1"

    def test_a_request_that_never_was_one_is_not_counted(self) -> None:
        with running_model_server() as server, client_of(server) as client:
            with pytest.raises(openai.NotFoundError):
                ask(client, model="gpt-nowhere")
            assert server.requests().total == 0
