"""Files, as the SDK uploads and reads them, and the folder that keeps them."""

import hashlib
import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import openai
import pytest

from model_server.gate import MAX_BODY_BYTES, MAX_FILE_BYTES
from resources.embedded import model_service, running
from tests.conftest import free_port
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.model_server.calls import client_of, raw, run_server

LINES = b'{"custom_id": "a"}\n{"custom_id": "b"}\n'


def test_an_uploaded_file_comes_back_byte_for_byte(client: openai.OpenAI) -> None:
    file = client.files.create(file=("rows.jsonl", LINES), purpose="batch")
    assert (file.bytes, file.filename, file.purpose, file.status) == (len(LINES), "rows.jsonl", "batch", "processed")
    assert file.model_extra == {"sha256": hashlib.sha256(LINES).hexdigest()}
    assert client.files.retrieve(file.id) == file
    assert client.files.content(file.id).read() == LINES


def test_files_may_be_far_larger_than_chat_requests(client: openai.OpenAI, tmp_path: Path) -> None:
    large = tmp_path / "large.jsonl"
    large.write_bytes(b'{"text": "' + b"x" * 1000 + b'"}\n')
    with large.open("ab") as file:
        for _ in range(20):
            file.write(b"y" * MAX_BODY_BYTES + b"\n")
    assert client.files.create(file=large, purpose="fine-tune").bytes == large.stat().st_size


def test_there_is_a_limit_though(server: RunningModelServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=20)
    connection.putrequest("POST", "/v1/files")
    connection.putheader("Content-Length", str(MAX_FILE_BYTES + 1))
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["error"]["code"]) == (413, "request_too_large")
    connection.close()


def test_lists_newest_first_in_pages_and_by_purpose() -> None:
    with running_model_server() as server, client_of(server) as client:
        made = [client.files.create(file=(f"{number}.jsonl", LINES), purpose="batch").id for number in range(5)]
        other = client.files.create(file=("t.jsonl", LINES), purpose="fine-tune").id
        assert [file.id for file in client.files.list()] == [other, *reversed(made)]
        assert [file.id for file in client.files.list(order="asc", limit=2, purpose="batch")] == made
        assert [file.id for file in client.files.list(limit=2).data] == [other, made[4]]
        assert not client.files.list(limit=6).has_next_page()
        assert [file.id for file in client.files.list(purpose="fine-tune")] == [other]
        with pytest.raises(openai.BadRequestError):
            client.files.list(after="file-nowhere")


def test_a_deleted_file_is_gone(client: openai.OpenAI) -> None:
    file = client.files.create(file=("rows.jsonl", LINES), purpose="batch")
    assert client.files.delete(file.id).deleted
    for gone in (client.files.retrieve, client.files.content, client.files.delete):
        with pytest.raises(openai.NotFoundError, match=file.id):
            gone(file.id)


@pytest.mark.parametrize(
    ("name", "content", "purpose", "param"),
    [
        ("rows.jsonl", LINES, "world-domination", "purpose"),
        ("rows.csv", LINES, "batch", "file"),
        ("rows.jsonl", b"", "fine-tune", "file"),
    ],
)
def test_bad_uploads_name_the_parameter(
    client: openai.OpenAI, name: str, content: bytes, purpose: str, param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.files.create(file=(name, content), purpose=purpose)  # type: ignore[arg-type]
    assert (caught.value.param, caught.value.type) == (param, "invalid_request_error")


def test_an_upload_without_a_file(server: RunningModelServer) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--b--\r\n'
    status, answer = raw(server, "POST", "/v1/files", body, content_type="multipart/form-data; boundary=b")
    assert (status, answer["error"]["param"]) == (400, "file")


def test_ids_do_not_lead_out_of_the_folder(server: RunningModelServer) -> None:
    for path in ("/v1/files/..%2F..%2Flock/content", "/v1/files/%2e%2e/content"):
        assert raw(server, "GET", path)[0] == 404


def test_files_survive_a_kill(tmp_path: Path) -> None:
    with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
        file = client.files.create(file=("rows.jsonl", LINES), purpose="batch")
        deleted = client.files.create(file=("rows.jsonl", LINES), purpose="batch")
        client.files.delete(deleted.id)
        server.kill()
    (tmp_path / "files/.half").write_bytes(b"of an upload")
    (tmp_path / "files/file-half.content").write_bytes(b"of an upload whose document was never written")
    with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
        assert [one.id for one in client.files.list()] == [file.id]
        assert client.files.content(file.id).read() == LINES
    assert len(list((tmp_path / "files").iterdir())) == 2


def test_counts_uploads_and_loses_answers_to_order() -> None:
    plan = {"submits": {"files": [{"kind": "rate_limit"}, {"kind": "cut"}, None]}}
    with running_model_server(plan) as server, client_of(server) as client:
        with pytest.raises(openai.RateLimitError):
            client.files.create(file=("a.jsonl", LINES), purpose="batch")
        with pytest.raises(openai.APIConnectionError):
            client.files.create(file=("b.jsonl", LINES), purpose="batch")
        client.files.create(file=("c.jsonl", LINES), purpose="batch")
        assert [file.filename for file in client.files.list()] == ["c.jsonl", "b.jsonl"]
        counts = server.requests()
        assert (counts.submits, counts.created) == ({"files": 3}, {"files": 2})
        assert counts.faults == {"rate_limit": 1, "cut": 1}


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    with running_model_server(state_dir=tmp_path):
        refused = run_server("--port", "0", "--state-dir", str(tmp_path))
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert str(tmp_path) in refused.stderr
    assert "another model server" in refused.stderr


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert run_server("--port", "0", "--state-dir", str(tmp_path / "file")).returncode == 2
    refused = run_server("--port", "0", "--state-dir", str(tmp_path / "file/below"))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)


def test_the_embedded_service_keeps_its_state(tmp_path: Path) -> None:
    service = model_service(tmp_path, free_port())
    with openai.OpenAI(base_url=f"http://127.0.0.1:{service.port}/v1", api_key="any", max_retries=0) as client:
        with running([service]):
            file = client.files.create(file=("rows.jsonl", LINES), purpose="batch")
        with running([service]):
            assert client.files.retrieve(file.id) == file


def test_a_state_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/ftjob-1.json").write_text("{")
    refused = run_server("--port", "0", "--state-dir", str(tmp_path))
    assert refused.returncode == 1
    assert "ftjob-1.json" in refused.stderr
