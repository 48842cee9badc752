"""The model server as its clients meet it: the real SDK, over HTTP, to a real process."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openai
import psutil
import pytest
from openai.types.chat import ChatCompletion

from model_server.gate import MAX_BODY_BYTES
from tailoring.prompts import parse_prompt, render_messages
from tailoring.resume import TailoredResume, response_format
from tests.model_server_fixture import RunningModelServer, running_model_server

RESUME = """\
Mara Lindqvist
mara.lindqvist@example.org | +1 555 010 0199 | Portland, OR
PROFESSIONAL EXPERIENCE
Data Engineer, Harbour Analytics, Portland, OR
March 2020 - Present
• Built nightly Python and SQL pipelines that load 40 million rows into Snowflake
• Cut the cost of the warehouse by 30% by partitioning its largest tables
• Organised the yearly office party
Junior Developer, Fjord Software, Seattle, WA
June 2017 - February 2020
• Wrote REST services in Java and tested them with JUnit
EDUCATION
Bachelor of Science in Computer Science, Oregon State University, 2017
SKILLS
Python, SQL, Java, Snowflake, Airflow
"""
# A stop takes a third of a second, or two thirds with a request half sent; a busy machine may take a little longer.
STOP_SECONDS = 3.0

POSTING = "We look for a data engineer who builds pipelines in Python and SQL and knows Snowflake."
PROMPT = parse_prompt("test", "# System\nTailor the resume.\n# User\n{resume}\n{job_posting}\n")


def tailoring_messages(resume: str = RESUME, posting: str = POSTING) -> list[Any]:
    return render_messages(PROMPT, resume, "Data Engineer", "Acme", posting)


def client_of(server: RunningModelServer, **options: Any) -> openai.OpenAI:
    settings: dict[str, Any] = {"api_key": server.api_key or "any", "max_retries": 0, "timeout": 20.0} | options
    return openai.OpenAI(base_url=server.base_url, **settings)


def ask(client: openai.OpenAI, **changes: Any) -> ChatCompletion:
    completion: ChatCompletion = client.chat.completions.create(
        **({"model": "extractive-1", "messages": tailoring_messages()} | changes)
    )
    return completion


def content_of(completion: ChatCompletion) -> str:
    content = completion.choices[0].message.content
    assert content is not None
    return content


def raw(
    server: RunningModelServer, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str
) -> tuple[int, Any]:
    """Status and JSON of one request that the SDK would not send."""
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


@pytest.fixture(scope="module")
def server() -> Iterator[RunningModelServer]:
    with running_model_server() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningModelServer) -> Iterator[openai.OpenAI]:
    with client_of(server) as connected:
        yield connected


@pytest.fixture(scope="module")
def locked() -> Iterator[RunningModelServer]:
    with running_model_server(api_key="sk-right") as running:
        yield running


class TestModels:
    def test_lists_the_base_model(self, client: openai.OpenAI) -> None:
        models = {model.id: model for model in client.models.list()}
        assert models["extractive-1"].object == "model"
        assert models["extractive-1"].owned_by
        assert 0 < models["extractive-1"].created < time.time()

    def test_says_that_no_shutdown_is_planned(self, server: RunningModelServer) -> None:
        status, model = raw(server, "GET", "/v1/models/extractive-1")
        assert status == 200
        assert model["shutdown_date"] is None

    def test_unknown_model(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError) as caught:
            client.models.retrieve("gpt-nowhere")
        assert caught.value.code == "model_not_found"


class TestAnswers:
    def test_strict_schema_gets_a_tailored_resume_that_cites_its_source(self, client: openai.OpenAI) -> None:
        completion = ask(client, response_format=response_format())
        resume = TailoredResume.model_validate_json(content_of(completion))
        bullets = [bullet for role in resume.experience for bullet in role.bullets]
        assert bullets
        assert all(bullet.source_lines for bullet in bullets)
        assert all(bullet.text in RESUME for bullet in bullets)
        assert completion.choices[0].finish_reason == "stop"
        assert completion.model == "extractive-1"

    def test_the_sdk_parses_it_into_our_model(self, client: openai.OpenAI) -> None:
        completion = client.chat.completions.parse(
            model="extractive-1", messages=tailoring_messages(), response_format=TailoredResume
        )
        assert isinstance(completion.choices[0].message.parsed, TailoredResume)

    @pytest.mark.parametrize("asked", [None, {"type": "text"}, {"type": "json_object"}])
    def test_every_format_gets_the_same_compact_json(self, client: openai.OpenAI, asked: dict[str, str] | None) -> None:
        in_schema = content_of(ask(client, response_format=response_format()))
        assert content_of(ask(client, response_format=asked)) == in_schema
        assert in_schema == TailoredResume.model_validate_json(in_schema).model_dump_json()

    def test_the_posting_decides(self, client: openai.OpenAI) -> None:
        about_java = tailoring_messages(posting="Java developer wanted: REST services in Java, JUnit.")
        skills = TailoredResume.model_validate_json(content_of(ask(client, messages=about_java))).skills
        assert skills[0] == "Java"

    def test_content_in_parts_is_content(self, client: openai.OpenAI) -> None:
        in_parts = [
            {"role": message["role"], "content": [{"type": "text", "text": message["content"]}]}
            for message in tailoring_messages()
        ]
        assert content_of(ask(client, messages=in_parts)) == content_of(ask(client))

    def test_harmless_parameters_are_accepted(self, client: openai.OpenAI) -> None:
        completion = ask(
            client, temperature=0, seed=7, top_p=1, n=1, user="u", metadata={"a": "b"}, stop=None, tools=[],
            logprobs=False, extra_body={"not_known_to_anyone": 1},
        )  # fmt: skip
        assert content_of(completion) == content_of(ask(client))

    def test_temperature_and_seed_vary_the_answer(self, client: openai.OpenAI) -> None:
        varied = [content_of(ask(client, temperature=2, seed=seed)) for seed in range(12)]
        assert len(set(varied)) > 1
        assert [content_of(ask(client, temperature=2, seed=seed)) for seed in range(12)] == varied
        assert content_of(ask(client)) == content_of(ask(client, temperature=0))

    def test_the_fingerprint_is_stable(self, client: openai.OpenAI) -> None:
        fingerprints = {ask(client, temperature=1, seed=seed).system_fingerprint for seed in range(3)}
        assert len(fingerprints) == 1
        assert None not in fingerprints

    def test_usage_estimates_four_characters_a_token(self, client: openai.OpenAI) -> None:
        completion = ask(client)
        usage = completion.usage
        assert usage is not None
        characters = sum(len(message["content"]) for message in tailoring_messages())
        assert characters / 4 <= usage.prompt_tokens <= characters / 4 + len(tailoring_messages())
        assert usage.completion_tokens == -(-len(content_of(completion)) // 4)
        assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens

    @pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
    def test_a_limit_on_tokens_cuts_the_answer_and_says_so(self, client: openai.OpenAI, limit: str) -> None:
        whole = ask(client)
        cut = ask(client, **{limit: 20})
        assert cut.choices[0].finish_reason == "length"
        assert content_of(cut) == content_of(whole)[:80]
        assert cut.usage is not None
        assert cut.usage.completion_tokens == 20
        assert whole.usage is not None
        enough = ask(client, **{limit: whole.usage.completion_tokens})
        assert (enough.choices[0].finish_reason, content_of(enough)) == ("stop", content_of(whole))

    def test_a_stream_says_the_same(self, client: openai.OpenAI) -> None:
        whole = ask(client)
        stream = client.chat.completions.create(
            model="extractive-1", messages=tailoring_messages(), stream=True, stream_options={"include_usage": True}
        )
        *chunks, last = list(stream)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == content_of(whole)
        assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
        assert chunks[0].choices[0].delta.role == "assistant"
        assert (last.choices, last.usage) == ([], whole.usage)

    def test_a_stream_tells_the_usage_only_when_asked(self, client: openai.OpenAI) -> None:
        stream = client.chat.completions.create(model="extractive-1", messages=tailoring_messages(), stream=True)
        assert all(chunk.usage is None and chunk.choices for chunk in stream)


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


def run_server(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A server that is expected to refuse to start."""
    command = [sys.executable, "-m", "model_server", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Starts a server as a user would, without faults; gives the process and its start line."""
    started: list[subprocess.Popen[str]] = []

    def start_one(*arguments: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "model_server", "--port", "0"),
                *("--state-dir", str(tmp_path / f"state {len(started)}"), *arguments),
            ],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline()

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


Start = Callable[..., tuple[subprocess.Popen[str], str]]


class TestProcess:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_stops_cleanly_and_at_once_though_clients_are_connected(self, start: Start, number: signal.Signals) -> None:
        process, line = start()
        base_url = line.split()[1]
        address = urlsplit(base_url)
        with (
            openai.OpenAI(base_url=base_url, api_key="any", max_retries=0) as client,
            socket.create_connection((address.hostname, address.port)) as half_sent,
        ):
            half_sent.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            ask(client)
            before = time.monotonic()
            process.send_signal(number)
            assert process.wait(10) == 0
            assert time.monotonic() - before < STOP_SECONDS

    def test_stops_at_once_though_requests_hang(self) -> None:
        with running_model_server({"script": [{"kind": "hang"}], "latency": {"seconds": 60}}) as server:
            client = client_of(server, timeout=0.2)
            for _ in range(2):
                with pytest.raises(openai.APITimeoutError):
                    ask(client)
            before = time.monotonic()
            server.process.terminate()
            assert server.process.wait(10) == 0
            assert time.monotonic() - before < STOP_SECONDS

    def test_prints_one_line_and_nothing_about_requests(self, start: Start) -> None:
        process, line = start(MODEL_SERVER_API_KEY="sk-secret")
        assert line.startswith("model_server: http://127.0.0.1:")
        assert "extractive-1" in line
        with openai.OpenAI(base_url=line.split()[1], api_key="sk-secret", max_retries=0) as client:
            ask(client)
            with pytest.raises(openai.BadRequestError):
                ask(client, messages=[])
        process.terminate()
        output, errors = process.communicate(timeout=10)
        assert (output, errors) == ("", "")
        assert "sk-secret" not in line

    def test_the_access_log_can_be_switched_on(self, start: Start) -> None:
        process, line = start("--access-log")
        with openai.OpenAI(base_url=line.split()[1], api_key="any", max_retries=0) as client:
            client.models.list()
        process.terminate()
        assert "GET /v1/models" in process.communicate(timeout=10)[0]

    def test_without_faults_there_is_nothing_to_administer(self, start: Start) -> None:
        process, line = start()
        address = RunningModelServer(line.split()[1], None, process)
        assert raw(address, "GET", "/admin/requests")[0] == 404

    def test_is_small(self, server: RunningModelServer, client: openai.OpenAI) -> None:
        ask(client)
        assert psutil.Process(server.process.pid).memory_info().rss < 120 * 1024 * 1024

    def test_a_port_in_use(self, server: RunningModelServer) -> None:
        port = str(urlsplit(server.base_url).port)
        refused = run_server("--port", port)
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1
        assert port in refused.stderr
        assert "in use" in refused.stderr

    def test_an_address_that_is_not_ours(self) -> None:
        refused = run_server("--host", "192.0.2.7", "--port", "0", MODEL_SERVER_API_KEY="k")
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1
        assert "192.0.2.7" in refused.stderr

    def test_the_key_from_a_file(self, start: Start, tmp_path: Path) -> None:
        file = tmp_path / "key"
        file.write_text("sk-from-file\n")
        _, line = start("--api-key-file", str(file))
        with openai.OpenAI(base_url=line.split()[1], api_key="sk-from-file", max_retries=0) as client:
            assert list(client.models.list())
            with pytest.raises(openai.AuthenticationError):
                client.with_options(api_key="sk-other").models.list()
