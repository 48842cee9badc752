"""What the model server refuses, and how it says so: requests that cannot be answered, keys that are wrong."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest

from model_server.gate import MAX_BODY_BYTES
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.model_server.calls import ask, client_of, content_of, raw, tailoring_messages


@pytest.fixture(scope="module")
def locked() -> Iterator[RunningModelServer]:
    with running_model_server(api_key="sk-right") as running:
        yield running


class TestRefusals:
    def test_unknown_model(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError, match="`gpt-retired`") as caught:
            ask(client, model="gpt-retired")
        assert (caught.value.code, caught.value.type) == ("model_not_found", "invalid_request_error")

    @pytest.mark.parametrize(
        ("changes", "param"),
        [
            ({"messages": []}, "messages"),
            ({"messages": [{"role": "boss", "content": "hi"}]}, "messages[0].role"),
            ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
            (
                {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
                "messages[0].content[0].type",
            ),
            ({"temperature": 2.5}, "temperature"),
            ({"max_tokens": 0}, "max_tokens"),
            ({"n": 2}, "n"),
            ({"logprobs": True}, "logprobs"),
            ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
            ({"response_format": {"type": "xml"}}, "response_format.type"),
            ({"response_format": {"type": "json_schema"}}, "response_format"),
            ({"max_tokens": 9, "max_completion_tokens": 9}, None),
            ({"stream_options": {"include_usage": True}}, None),
        ],
    )
    def test_bad_requests_name_the_parameter(
        self, client: openai.OpenAI, changes: dict[str, Any], param: str | None
    ) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            ask(client, **changes)
        assert (caught.value.param, caught.value.type) == (param, "invalid_request_error")

    def test_missing_parameter(self, server: RunningModelServer) -> None:
        status, answer = raw(server, "POST", "/v1/chat/completions", b'{"model":"m"}', content_type="application/json")
        assert status == 400
        assert answer["error"] == {
            "message": "Missing required parameter: 'messages'.",
            "type": "invalid_request_error",
            "param": "messages",
            "code": "missing_required_parameter",
        }

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b'{"model": ', "application/json"),
            (b"[1]", "application/json"),
            (b"", "application/json"),
            (b'{"model": "extractive-1"}', "text/plain"),
            (b"[" * 100_000, "application/json"),
            (b'{"model": "\xff"}', "application/json"),
            (b'{"model": "m", "messages": [{"role": "user", "content": "\\ud800"}]}', "application/json"),
        ],
    )
    def test_bodies_that_cannot_be_read(self, server: RunningModelServer, body: bytes, content_type: str) -> None:
        status, answer = raw(server, "POST", "/v1/chat/completions", body, content_type=content_type)
        assert status == 400
        assert answer["error"]["type"] == "invalid_request_error"

    @pytest.mark.parametrize(
        "messages",
        [
            [{"role": "user", "content": "Write me a resume."}],
            [{"role": "system", "content": tailoring_messages()[1]["content"]}],
            tailoring_messages(resume=""),
            [{"role": "user", "content": "<resume>\n1| Jane\n</resume>\n<job_posting>\n \n</job_posting>"}],
        ],
    )
    def test_without_resume_and_posting_it_says_what_it_needs(
        self, client: openai.OpenAI, messages: list[dict[str, str]]
    ) -> None:
        with pytest.raises(openai.BadRequestError, match=r"(?s)<resume>.*<job_posting>") as caught:
            ask(client, messages=messages)
        assert (caught.value.param, caught.value.code) == ("messages", "invalid_prompt")

    @pytest.mark.parametrize(
        ("name", "schema"),
        [
            ("weather", {"type": "object", "properties": {"city": {}}}),
            ("tailored_resume", {"properties": {"city": {}}}),
        ],
    )
    def test_another_schema(self, client: openai.OpenAI, name: str, schema: dict[str, Any]) -> None:
        wanted = {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}
        with pytest.raises(openai.BadRequestError, match="writes only TailoredResume"):
            ask(client, response_format=wanted)

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/v1/chat/completions"), ("POST", "/v1/models"), ("GET", "/v1/nowhere"), ("GET", "/")],
    )
    def test_wrong_method_or_route(self, server: RunningModelServer, method: str, path: str) -> None:
        status, answer = raw(server, method, path)
        assert status == 404
        assert answer["error"]["message"] == f"Invalid URL ({method} {path})"

    def test_a_body_that_announces_too_much(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.APIStatusError) as caught:
            ask(client, messages=[{"role": "user", "content": "x" * MAX_BODY_BYTES}])
        assert (caught.value.status_code, caught.value.code) == (413, "request_too_large")
        assert content_of(ask(client))

    def test_a_body_that_grows_too_big_unannounced(self, server: RunningModelServer) -> None:
        pieces = (b"x" * 65536 for _ in range(MAX_BODY_BYTES // 65536 + 1))
        status, answer = raw(server, "POST", "/v1/chat/completions", pieces, content_type="application/json")
        assert (status, answer["error"]["code"]) == (413, "request_too_large")


class TestApiKey:
    def test_the_right_key(self, locked: RunningModelServer) -> None:
        assert content_of(ask(client_of(locked)))
        assert locked.requests().total == 1

    @pytest.mark.parametrize("key", ["sk-wrong", "sk-righ", "sk-right2", "ключ"])
    def test_a_wrong_key(self, locked: RunningModelServer, key: str) -> None:
        status, answer = raw(
            locked, "POST", "/v1/chat/completions", b"{}", authorization=f"Bearer {key}".encode().decode("latin-1")
        )
        assert (status, answer["error"]["code"]) == (401, "invalid_api_key")
        assert key not in answer["error"]["message"]

    def test_the_sdk_raises_its_own_error(self, locked: RunningModelServer) -> None:
        with pytest.raises(openai.AuthenticationError) as caught:
            client_of(locked, api_key="sk-wrong").models.list()
        assert caught.value.code == "invalid_api_key"

    @pytest.mark.parametrize("path", ["/v1/models", "/v1/nowhere", "/admin/requests", "/healthz/../v1/models"])
    def test_nothing_but_the_health_check_is_open(self, locked: RunningModelServer, path: str) -> None:
        assert raw(locked, "GET", path)[0] == 401
        assert raw(locked, "GET", "/healthz") == (200, {"status": "ok"})
