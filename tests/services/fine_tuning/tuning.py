"""A clock that a test moves, requests for fine-tuning that nobody else has, and a process that ends in mid-call."""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import openai
import pytest

from resources.document_store import DocumentStore
from resources.fine_tuning import FineTuning, FinishedJob, JobRequest
from tailoring.example_files import to_jsonl
from tailoring.examples import SftExample
from tailoring.extractive import tailor
from tailoring.parsing import source_lines
from tailoring.prompts import describe_posting, parse_prompt, render_messages
from tests.model_server_fixture import RunningModelServer

NOON = dt.datetime(2026, 7, 24, 12, tzinfo=dt.UTC)
RESUME = """Ana Silva
ana@example.org

EXPERIENCE
Data Analyst, Blue Harbour, 2019 - 2024
- Built weekly sales reports in SQL and Python
- Moved forty spreadsheets into one database
- Trained six colleagues in Tableau
- Ordered office supplies

SKILLS
SQL, Python, Tableau, Excel
"""
POSTING = "Data analyst who writes SQL and builds Tableau dashboards for the sales team."


class Killed(BaseException):
    """The process ends here."""


class Clock:
    """A time of day and a count of seconds that only move when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> dt.datetime:
        return NOON + dt.timedelta(seconds=self.seconds)

    def count(self) -> float:
        return self.seconds


@cache
def training_file(answers: int = 12) -> bytes:
    prompt = parse_prompt("test", "# System\nTailor the resume.\n# User\n{resume}\n{job_posting}\n")
    messages = render_messages(prompt, RESUME, "Data Analyst", "Acme", POSTING)
    answer = tailor(source_lines(RESUME), describe_posting("Data Analyst", "Acme", POSTING)).model_dump_json()
    return to_jsonl(SftExample(messages, answer, (str(number),)) for number in range(answers))


def request(**changes: Any) -> JobRequest:
    """A request of its own: no other test has its key."""
    given = {"training": training_file(), "base_model": "extractive-1", "method": "supervised", "suffix": "night"}
    return JobRequest(
        **{"hyperparameters": {"learning_rate_multiplier": 1 + uuid.uuid4().int % 10**9}} | given | changes
    )


def at(server: RunningModelServer, documents: DocumentStore) -> FineTuning:
    return FineTuning(server.base_url, documents, server.api_key or "", timeout=20, max_retries=0)


def jobs_of(server: RunningModelServer, request: JobRequest) -> list[Any]:
    """The provider's jobs for a request: what would be on the bill."""
    return list(client_of(server.base_url).fine_tuning.jobs.list(metadata={"resume_assets_key": request.key}))


@cache
def client_of(base_url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)


def wait(tuning: FineTuning, job_id: str, *, clock: Clock | None = None, **changes: Any) -> FinishedJob:
    """Wait in real time for a job that ends soon; or, with a clock, in no time for one that does not."""
    given: dict[str, Any] = {"timeout_seconds": 30, "poll_seconds": 0.2, "sleep": time.sleep, "clock": time.monotonic}
    if clock is not None:
        given = {"timeout_seconds": 60, "poll_seconds": 15, "sleep": clock.sleep, "clock": clock.count}
    return tuning.wait(job_id, **given | changes)


@contextmanager
def killed(owner: type, method: str, *, before: bool) -> Iterator[None]:
    """The process ends right before or right after a call of this method, which the block makes."""
    real: Callable[..., Any] = getattr(owner, method)

    def call(*args: Any, **named: Any) -> Any:
        if not before:
            real(*args, **named)
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, method, call)
        with pytest.raises(Killed):
            yield
