"""The command line of the model server: what it refuses before it listens, and how it explains itself."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from model_server import __main__ as cli


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses at which a server would have been started; none is."""
    addresses: list[str] = []

    def serve(_: Any, listener: socket.socket, *__: Any) -> None:
        addresses.append(listener.getsockname()[0])
        listener.close()

    monkeypatch.setattr(cli, "serve", serve)
    for name in [name for name in os.environ if name.startswith("MODEL_SERVER_")]:
        monkeypatch.delenv(name)
    return addresses


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli.app, ["--port", "0", *arguments], env=environment)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_this_machine_needs_no_key(served: list[str], host: str) -> None:
    assert run("--host", host).exit_code == 0
    assert len(served) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "127.0.0.1.example.org", ""])  # noqa: S104
def test_other_machines_only_with_a_key(served: list[str], host: str) -> None:
    refused = run("--host", host)
    assert refused.exit_code == 2
    assert "needs an API key" in " ".join(refused.stderr.split())
    assert not served


def test_an_empty_key_file_does_not_open_the_server(served: list[str], tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("\n")
    refused = run("--api-key-file", str(file))
    assert refused.exit_code == 2
    assert "empty" in refused.stderr
    assert not served


def test_two_keys_are_one_too_many(served: list[str], tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-a")
    refused = run("--api-key-file", str(file), MODEL_SERVER_API_KEY="sk-b")
    assert refused.exit_code == 2
    assert not served


@pytest.mark.parametrize("plan", ['{"scirpt": []}', '{"script": [{"kind": "earthquake"}]}', "{"])
def test_a_fault_plan_that_is_none(served: list[str], tmp_path: Path, plan: str) -> None:
    file = tmp_path / "faults.json"
    file.write_text(plan)
    refused = run(MODEL_SERVER_FAULTS=str(file))
    assert refused.exit_code == 2
    assert "faults.json" in "".join(refused.stderr.split())
    assert not served


def test_help_shows_how_to_call_it(served: list[str]) -> None:
    shown = run("--help")
    assert shown.exit_code == 0
    assert "OpenAI(base_url=" in shown.stdout
    assert "<job_posting>" in shown.stdout
    assert '"limits": {"requests_per_minute": 500' in shown.stdout, "faults are documented, as they are written"
    assert not served
