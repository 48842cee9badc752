"""The model server as a process: how it starts, what it prints, and how it stops."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openai
import psutil
import pytest

from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.model_server.calls import ask, client_of, raw, run_server

# A stop takes a third of a second, or two thirds with a request half sent; a busy machine may take a little longer.
STOP_SECONDS = 3.0


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
