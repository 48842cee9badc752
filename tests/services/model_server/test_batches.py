"""Batches as the SDK meets them: whole, with bad rows, expired, cancelled, cut off by a kill."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types import Batch

from model_server.chat_request import Message
from model_server.fault_injector import pair_key
from tailoring.resume import TailoredResume
from tests.model_server_fixture import running_model_server
from tests.services.model_server.calls import POSTING, ask, client_of, content_of, tailoring_messages

WAIT_SECONDS = 30.0


def messages(number: int) -> list[Any]:
    return tailoring_messages(posting=f"{POSTING} Team {number}.")


def row(number: int, **changes: Any) -> dict[str, Any]:
    body = {"model": "extractive-1", "messages": messages(number)} | changes.pop("body", {})
    return {"custom_id": f"row-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body} | changes


def submit(client: openai.OpenAI, rows: Sequence[Any], **options: Any) -> Batch:
    lines = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in rows)
    file = client.files.create(file=("rows.jsonl", lines.encode()), purpose="batch")
    created: Batch = client.batches.create(
        **({"input_file_id": file.id, "endpoint": "/v1/chat/completions", "completion_window": "24h"} | options)
    )
    return created


def until(client: openai.OpenAI, batch_id: str, *wanted: str, when: Callable[[Batch], bool] = lambda _: True) -> Batch:
    """The batch once it has one of these statuses."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (batch := client.batches.retrieve(batch_id)).status not in wanted or not when(batch):
        assert time.monotonic() < deadline, f"the batch is {batch.status}: {batch.errors}"
        assert batch.status not in ("completed", "failed", "expired", "cancelled"), batch.errors
        time.sleep(0.02)
    return batch


def results(client: openai.OpenAI, file_id: str | None) -> dict[str, Any]:
    """The lines of a result file by their rows, of which each is there once."""
    if file_id is None:
        return {}
    lines = [json.loads(line) for line in client.files.content(file_id).text.splitlines()]
    by_row = {line["custom_id"]: line for line in lines}
    assert len(by_row) == len(lines)
    return by_row


def counts(batch: Batch) -> tuple[int, int, int]:
    assert batch.request_counts is not None
    return batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed


class TestRows:
    def test_each_row_is_answered_as_a_chat_request_is(self, client: openai.OpenAI) -> None:
        batch = submit(client, [row(number) for number in range(5)], metadata={"day": "2026-07-23"})
        assert (batch.status, batch.metadata) == ("validating", {"day": "2026-07-23"})
        batch = until(client, batch.id, "completed")
        assert counts(batch) == (5, 5, 0)
        assert (batch.error_file_id, batch.model) == (None, "extractive-1")
        assert batch.completed_at is not None
        assert batch.completed_at >= batch.created_at
        answered = results(client, batch.output_file_id)
        assert sorted(answered) == [f"row-{number}" for number in range(5)]
        for number in range(5):
            line = answered[f"row-{number}"]
            assert line["error"] is None
            assert line["response"]["status_code"] == 200
            completion = openai.types.chat.ChatCompletion.model_validate(line["response"]["body"])
            assert content_of(completion) == content_of(ask(client, messages=messages(number)))
        assert batch.usage is not None
        bodies = [line["response"]["body"] for line in answered.values()]
        assert batch.usage.output_tokens == sum(body["usage"]["completion_tokens"] for body in bodies)

    def test_a_bad_row_spoils_no_other(self, client: openai.OpenAI) -> None:
        rows = [
            row(0),
            row(1, body={"temperature": 9}),
            row(2, body={"messages": [{"role": "user", "content": "hello"}]}),
            row(3, body={"stream": True}),
            row(4),
        ]
        batch = until(client, submit(client, rows).id, "completed")
        assert counts(batch) == (5, 2, 3)
        assert sorted(results(client, batch.output_file_id)) == ["row-0", "row-4"]
        errors = {name: line["response"] for name, line in results(client, batch.error_file_id).items()}
        assert {response["status_code"] for response in errors.values()} == {400}
        assert {name: response["body"]["error"]["param"] for name, response in errors.items()} == {
            "row-1": "temperature",
            "row-2": "messages",
            "row-3": "stream",
        }

    def test_only_errors(self, client: openai.OpenAI) -> None:
        batch = until(client, submit(client, [row(0, body={"n": 2})]).id, "completed")
        assert batch.output_file_id is None
        assert list(results(client, batch.error_file_id)) == ["row-0"]

    def test_rows_and_chat_are_counted_apart(self) -> None:
        with running_model_server() as server, client_of(server) as client:
            until(client, submit(client, [row(0), row(1)]).id, "completed")
            counted = server.requests()
        keys = {pair_key([Message.model_validate(one) for one in messages(number)]): 1 for number in range(2)}
        assert (counted.total, counted.batch_rows) == (0, keys)
        assert counted.created == {"files": 1, "batches": 1}


class TestValidation:
    @pytest.mark.parametrize(
        ("rows", "code", "line"),
        [
            ([row(0), "{"], "invalid_json_line", 2),
            ([row(0), row(0)], "duplicate_custom_id", 2),
            ([row(0), row(1, body={"model": "other"})], "mismatched_model", 2),
            ([row(0, url="/v1/embeddings")], "invalid_value", 1),
            ([row(0, method="GET")], "invalid_value", 1),
            ([{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions"}], "missing_required_parameter", 1),
            ([row(0, body={"model": "gpt-nowhere"})], "model_not_found", None),
            (["", " "], "empty_file", None),
        ],
    )
    def test_the_batch_fails_and_says_where(
        self, client: openai.OpenAI, rows: list[Any], code: str, line: int | None
    ) -> None:
        batch = until(client, submit(client, rows).id, "failed")
        assert batch.errors is not None
        assert batch.errors.data is not None
        assert [(error.code, error.line) for error in batch.errors.data] == [(code, line)]
        assert (batch.output_file_id, batch.error_file_id) == (None, None)
        assert batch.failed_at is not None

    @pytest.mark.parametrize(
        ("changes", "param"),
        [
            ({"input_file_id": "file-nowhere"}, "input_file_id"),
            ({"endpoint": "/v1/embeddings"}, "endpoint"),
            ({"completion_window": "1h"}, "completion_window"),
            ({"metadata": {"k": "x" * 513}}, "metadata.k"),
        ],
    )
    def test_bad_requests_name_the_parameter(self, client: openai.OpenAI, changes: dict[str, Any], param: str) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            submit(client, [row(0)], **changes)
        assert caught.value.param == param

    def test_files_for_something_else(self, client: openai.OpenAI) -> None:
        file = client.files.create(file=("a.jsonl", b"{}\n"), purpose="fine-tune")
        with pytest.raises(openai.BadRequestError, match="purpose"):
            submit(client, [row(0)], input_file_id=file.id)

    def test_unknown_batches(self, client: openai.OpenAI) -> None:
        for look in (client.batches.retrieve, client.batches.cancel):
            with pytest.raises(openai.NotFoundError, match="batch_nowhere"):
                look("batch_nowhere")


class TestFaults:
    def test_an_expired_batch_keeps_what_was_done(self) -> None:
        with running_model_server({"batches": [{"expire_after": 2}]}) as server, client_of(server) as client:
            batch = until(client, submit(client, [row(number) for number in range(5)]).id, "expired")
            assert counts(batch) == (5, 2, 3)
            assert sorted(results(client, batch.output_file_id)) == ["row-0", "row-1"]
            left = results(client, batch.error_file_id)
            assert sorted(left) == ["row-2", "row-3", "row-4"]
            assert {line["error"]["code"] for line in left.values()} == {"batch_expired"}
            assert batch.expired_at is not None

    def test_rows_that_fail_are_spoilt_or_lost(self) -> None:
        rows = {
            "1": {"kind": "server_error"},
            "2": {"kind": "lost"},
            "3": {"kind": "malformed_json"},
            "4": {"kind": "rate_limit"},
        }
        with running_model_server({"batches": [{"rows": rows}, None]}) as server, client_of(server) as client:
            batch = until(client, submit(client, [row(number) for number in range(1, 6)]).id, "completed")
            answered, failed = results(client, batch.output_file_id), results(client, batch.error_file_id)
            assert sorted(answered) == ["row-3", "row-5"]
            assert {name: line["response"]["status_code"] for name, line in failed.items()} == {
                "row-1": 500,
                "row-4": 429,
            }
            assert counts(batch) == (5, 2, 2)
            spoilt, sound = (answered[name]["response"]["body"] for name in ("row-3", "row-5"))
            with pytest.raises(json.JSONDecodeError):
                json.loads(spoilt["choices"][0]["message"]["content"])
            assert TailoredResume.model_validate_json(sound["choices"][0]["message"]["content"])
            assert counts(until(client, submit(client, [row(1), row(2)]).id, "completed")) == (2, 2, 0)

    def test_a_batch_that_is_found_invalid(self) -> None:
        with running_model_server({"batches": [{"invalid": "no such luck"}]}) as server, client_of(server) as client:
            batch = until(client, submit(client, [row(0)]).id, "failed")
            assert batch.errors is not None
            assert batch.errors.data is not None
            assert batch.errors.data[0].message == "no such luck"

    def test_an_answer_that_is_lost_leaves_the_batch(self) -> None:
        plan = {"submits": {"batches": [{"kind": "rate_limit"}, {"kind": "cut"}]}}
        with running_model_server(plan) as server, client_of(server) as client:
            with pytest.raises(openai.RateLimitError):
                submit(client, [row(0)])
            with pytest.raises(openai.APIConnectionError):
                submit(client, [row(0)], metadata={"key": "k"})
            (batch,) = client.batches.list()
            assert until(client, batch.id, "completed").metadata == {"key": "k"}
            assert server.requests().created["batches"] == 1


class TestLife:
    def test_a_cancelled_batch_keeps_what_was_done(self) -> None:
        with running_model_server({"batches": [{"row_seconds": 0.05}]}) as server, client_of(server) as client:
            running = submit(client, [row(number) for number in range(500)])
            waiting = submit(client, [row(0)])
            until(client, running.id, "in_progress", when=lambda batch: counts(batch)[1] > 0)
            assert client.batches.cancel(running.id).status == "cancelling"
            batch = until(client, running.id, "cancelled")
            assert 0 < counts(batch)[1] < 500
            assert len(results(client, batch.output_file_id)) == counts(batch)[1]
            assert until(client, waiting.id, "completed")
            with pytest.raises(openai.ConflictError):
                client.batches.cancel(running.id)

    def test_a_batch_that_is_cancelled_before_its_turn(self) -> None:
        with running_model_server({"batches": [{"row_seconds": 0.1}]}) as server, client_of(server) as client:
            running, waiting = submit(client, [row(number) for number in range(500)]), submit(client, [row(0)])
            client.batches.cancel(waiting.id)
            client.batches.cancel(running.id)
            assert counts(until(client, waiting.id, "cancelled"))[1] == 0

    def test_chat_goes_on_meanwhile(self) -> None:
        with running_model_server() as server, client_of(server) as client:
            batch = submit(client, [row(number) for number in range(2000)])
            until(client, batch.id, "in_progress")
            for number in range(10):
                assert content_of(ask(client, messages=messages(number)))
            assert client.batches.retrieve(batch.id).status == "in_progress"

    def test_goes_on_after_a_kill_without_doing_a_row_twice(self, tmp_path: Path) -> None:
        with (
            running_model_server({"batches": [{"row_seconds": 0.03}]}, state_dir=tmp_path) as server,
            client_of(server) as client,
        ):
            batch = submit(client, [row(number) for number in range(40)])
            until(client, batch.id, "in_progress", when=lambda batch: counts(batch)[1] > 5)
            server.kill()
        with (tmp_path / f"batch_rows/{batch.id}.output").open("a") as torn:
            torn.write('{"custom_id": "row-')
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            batch = until(client, batch.id, "completed")
            assert counts(batch) == (40, 40, 0)
            assert len(results(client, batch.output_file_id)) == 40
            counted = server.requests().batch_rows
            assert len(counted) == 40
            assert sum(counted.values()) <= 41, "at most the row that was being answered is answered twice"
            server.kill()
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            assert client.batches.retrieve(batch.id) == batch
            assert len(list(client.files.list(purpose="batch_output"))) == 1
        assert not list((tmp_path / "batch_rows").iterdir())

    def test_a_deleted_input_fails_the_batch(self) -> None:
        with running_model_server({"batches": [{"row_seconds": 0.1}]}) as server, client_of(server) as client:
            running, waiting = submit(client, [row(number) for number in range(500)]), submit(client, [row(0)])
            client.files.delete(waiting.input_file_id)
            client.batches.cancel(running.id)
            errors = until(client, waiting.id, "failed").errors
            assert errors is not None
            assert errors.data is not None
            assert errors.data[0].code == "file_not_found"

    def test_lists_newest_first_in_pages(self, client: openai.OpenAI) -> None:
        made = [submit(client, [row(0)]).id for _ in range(3)]
        assert [batch.id for batch in client.batches.list(limit=3).data] == made[::-1]
        listed = [batch.id for batch in client.batches.list(limit=2)]
        assert listed[:3] == made[::-1]
        assert len(set(listed)) == len(listed)
