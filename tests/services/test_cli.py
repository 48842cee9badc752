"""The command line as a newcomer meets it: help that teaches, clear errors, exit statuses that tell the truth."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import Result
from typer.testing import CliRunner

from resources import configured
from resources.document_store import DocumentStore
from resume_assets.cli import app
from resume_assets.settings import CONFIG_VARIABLE, Settings
from tests.conftest import free_port


def run(*arguments: str, settings: Settings | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    config = {CONFIG_VARIABLE: str(settings.config_file)} if settings else {}
    return subprocess.run(
        [sys.executable, "-m", "resume_assets", *arguments],
        env=os.environ | {"COLUMNS": "200"} | config | environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run` without a process of its own, where the process is not the point."""

    def invoke(*arguments: str, settings: Settings, **environ: str) -> Result:
        for name, value in (environ | {"COLUMNS": "200", CONFIG_VARIABLE: str(settings.config_file)}).items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, list(arguments))

    return invoke


@pytest.fixture
def small(project: Callable[..., Settings]) -> Settings:
    def change(config: dict[str, Any]) -> None:
        config["pairing"]["pairs_per_day"] = 8
        config["services"] = {name: free_port() for name in config["services"]}

    return project(change)


def test_help_names_the_commands_and_where_to_start() -> None:
    told = run("--help").stdout
    for word in ("up", "demo", "check-config", "status", "Start with"):
        assert word in told


def test_a_fine_configuration_is_told_with_what_it_means(small: Settings) -> None:
    told = run("check-config", settings=small)
    assert told.returncode == 0
    assert "The configuration is fine" in told.stdout
    assert "US/Pacific" in told.stdout


def test_every_mistake_of_a_configuration_is_told_and_the_status_is_2(small: Settings) -> None:
    text = small.config_file.read_text()
    small.config_file.write_text(
        text.replace("pairs_per_day: 8", "pairs_per_day: -8").replace("concurrency: 8", "concurrency: all")
    )
    told = run("check-config", settings=small)
    assert told.returncode == 2
    assert "2 mistake(s)" in told.stderr
    assert "config/pipeline.yaml: pairing.pairs_per_day = -8" in told.stderr
    assert "config/pipeline.yaml: generation.concurrency = 'all'" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_demo_runs_twice_and_the_second_time_repeats_nothing(small: Settings) -> None:
    first = run("demo", "--day", "2026-07-23", settings=small)
    assert first.returncode == 0, first.stderr
    for words in ("rows", "rejected", "8, 0, 0", "july-23-resumes", "Where to look next"):
        assert words in first.stdout
    assert "Nothing was new" not in first.stdout
    again = run("demo", "--day", "2026-07-23", settings=small)
    assert again.returncode == 0, again.stderr
    assert "Nothing was new" in again.stdout
    assert "0, 8, 0" in again.stdout  # asked, answered before, failed
    labelled = next(line for line in again.stdout.splitlines() if line.strip().startswith("labelled"))
    assert labelled.split() == ["labelled", "8", "0"]
    assert not list((small.data_folder / "services").glob("*.json"))


def test_a_demo_that_cannot_work_says_why_and_does_not_exit_0(small: Settings) -> None:
    (small.root / small.data.raw_folder / "postings.csv").unlink()
    told = run("demo", settings=small)
    assert told.returncode == 1
    assert "The demo failed" in told.stderr
    assert "postings.csv" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(("command", "port"), [("demo", "documents_port"), ("demo", "model_port"), ("up", "ui_port")])
def test_a_port_in_use_is_named(small: Settings, command: str, port: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", getattr(small.services, port)))
        taken.listen()
        told = run(command, settings=small)
    assert told.returncode == 1
    assert f"Port {getattr(small.services, port)} is in use" in told.stderr
    assert f"services.{port}" in told.stderr
    assert not _processes_of(small.data_folder)


def test_status_says_what_runs_and_how_far_the_day_is(
    small: Settings, in_process: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = run("status", settings=small)
    assert told.returncode == 0, told.stderr
    assert "stopped" in told.stdout
    assert "0 documents, 0 labelled" in told.stdout
    monkeypatch.setattr(configured, "NETWORK_TIMEOUT", 0.2)
    nowhere = in_process("status", settings=small, MONGO_URI=f"mongodb://127.0.0.1:{free_port()}")
    assert nowhere.exit_code == 1
    assert "MongoDB does not answer" in nowhere.stderr


def test_a_simulation_asks_no_model_that_costs(small: Settings) -> None:
    away = f"http://127.0.0.1:{free_port()}/v1"
    told = run("simulate", "--days", "1", settings=small, OPENAI_BASE_URL=away, OPENAI_API_KEY="sk-none")
    assert told.returncode == 0, told.stderr
    assert "held-out score" in told.stdout


def test_what_people_wrote_is_no_markup(
    small: Settings, documents: DocumentStore, in_process: Callable[..., Result]
) -> None:
    def said(*arguments: str) -> str:
        told = in_process(*arguments, settings=small, MONGO_URI=documents.uri, MONGO_DB_NAME=documents.database_name)
        assert told.exit_code == 0, told.output
        return told.stdout

    said("models", "promote", "extractive-1", "--reason", "as said [/b] [there]")
    assert "as said [/b] [there]" in said("models", "list")
    said("volunteers", "add", "Ann [/b] [QA]")
    assert "Ann [/b] [QA]" in said("volunteers", "list")


RESUME = """Jane Doe
jane@example.com | 555-0100
SUMMARY
Python developer.
SKILLS
Python, SQL
EXPERIENCE
Developer | Acme | Jan 2020 to Present
- Built 12 reports in Python for the sales team
EDUCATION
BSc Computer Science | Some University | 2019
"""


def test_judge_names_what_the_source_does_not_say(tmp_path: Path) -> None:
    source, lying = tmp_path / "source.txt", tmp_path / "lying.txt"
    source.write_text(RESUME)
    lying.write_text(RESUME.replace("Python, SQL", "Python, SQL, Kubernetes"))
    told = run("judge", str(lying), "--source", str(source))
    assert told.returncode == 0, told.stderr
    assert "Kubernetes" in told.stdout
    assert "every claim is in the source" in run("judge", str(source), "--source", str(source)).stdout


def test_judge_prints_json(tmp_path: Path) -> None:
    source, posting = tmp_path / "source.txt", tmp_path / "posting.txt"
    source.write_text(RESUME)
    posting.write_text("Python Developer\nRequirements: Python, SQL and Terraform. 2 years of experience.")
    told = json.loads(run("judge", str(source), "--posting", str(posting), "--json").stdout)
    assert 0 < told["ats"]["total"] <= 100
    assert told["truth"] is None
    assert "Python" in told["fit"]["matched"]
    assert "Terraform" in told["fit"]["missing_required"]


def test_judge_refuses_what_is_no_document(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00")
    told = run("judge", str(picture))
    assert told.returncode == 1
    assert "Traceback" not in told.stderr


def _processes_of(folder: Path) -> list[psutil.Process]:
    return [each for each in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(each.info["cmdline"] or [])]


def test_ctrl_c_stops_the_demo_and_leaves_nothing_behind(small: Settings) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "resume_assets", "demo"],
        env=os.environ | {CONFIG_VARIABLE: str(small.config_file)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout
    assert any("Generating" in line for line in demo.stdout)
    demo.send_signal(signal.SIGINT)
    _, told = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert "Stopped" in told
    assert "Traceback" not in told
    assert not _processes_of(small.data_folder)
