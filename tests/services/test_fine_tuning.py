"""Fine-tuning over HTTP, its records over MongoDB's wire: paid for once, whatever is killed, lost or asked twice."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import openai
import pytest

from resources.document_store import DocumentStore
from resources.errors import ServiceError
from resources.fine_tuning import Event, FineTuning, FinishedJob, JobGoneError, JobRequest
from resources.fine_tuning_api import FineTuningApi
from resources.job_records import COLLECTION, LEASE, JobRecords
from tailoring.example_files import to_jsonl
from tailoring.examples import SftExample
from tailoring.extractive import tailor
from tailoring.parsing import source_lines
from tailoring.prompts import describe_posting, parse_prompt, render_messages
from tests.conftest import free_port
from tests.model_server_fixture import RunningModelServer, running_model_server

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


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def documents(mongo_uri: str) -> Iterator[DocumentStore]:
    store = DocumentStore(mongo_uri, f"test_{uuid.uuid4().hex}")
    yield store
    store.database.client.drop_database(store.database_name)


@pytest.fixture(scope="module")
def well_behaved() -> Iterator[RunningModelServer]:
    """A provider that trains."""
    with running_model_server() as server:
        yield server


@pytest.fixture(scope="module")
def failing() -> Iterator[RunningModelServer]:
    """A provider whose every job fails."""
    with running_model_server({"jobs": [{"fail": "GPU on fire."}] * 100}) as server:
        yield server


@pytest.fixture(scope="module")
def hanging() -> Iterator[RunningModelServer]:
    """A provider whose jobs never end by themselves."""
    with running_model_server({"jobs": [{"hang": True}] * 100}) as server:
        yield server


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


class TestSubmit:
    def test_a_job_is_trained_and_gives_a_model(
        self, well_behaved: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(well_behaved, documents), request(validation=training_file(10))
        job = tuning.submit(wanted, now=clock.now)
        told: list[Event] = []
        finished = wait(tuning, job.job_id, on_event=told.append)
        assert job.new
        assert finished.model.startswith("ft:extractive-1:resume-assets:night:")
        assert finished.trained_tokens
        assert finished.losses
        assert list(finished.events) == told
        assert told[0].message.startswith("Created fine-tuning job")
        assert told[-1].message == "The job has successfully completed"
        record = documents.database[COLLECTION].find_one({"_id": wanted.key})
        assert record is not None
        assert (record["state"], record["model"], record["base_model"]) == ("succeeded", finished.model, "extractive-1")

    def test_an_equal_request_gets_the_same_job(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        first = tuning.submit(wanted, now=clock.now)
        second = tuning.submit(replace(wanted, suffix="another-name", seed=4), now=clock.now)
        assert (first.new, second.new, second.job_id) == (True, False, first.job_id)
        assert len(jobs_of(hanging, wanted)) == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"training": training_file(13)},
            {"base_model": "extractive-2"},
            {"method": "dpo"},
            {"hyperparameters": {"n_epochs": 3}},
        ],
    )
    def test_another_request_has_another_key(self, change: dict[str, Any]) -> None:
        wanted = request()
        assert replace(wanted, **change).key != wanted.key

    def test_a_job_is_found_at_the_provider_when_the_records_are_lost(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        first = tuning.submit(wanted, now=clock.now)
        documents.database[COLLECTION].drop()
        second = tuning.submit(wanted, now=clock.now)
        assert (second.job_id, second.new) == (first.job_id, False)
        assert len(jobs_of(hanging, wanted)) == 1

    def test_a_provider_that_keeps_no_metadata_is_served_too(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        monkeypatch.setattr("resources.fine_tuning_api._KEY", "dropped")
        kill(monkeypatch, JobRecords, "submitted", before=True)
        with pytest.raises(Killed):
            tuning.submit(wanted, now=clock.now)
        monkeypatch.undo()
        clock.sleep(60)
        assert not tuning.submit(wanted, now=clock.now).new

    def test_the_key_shows_nowhere(self, documents: DocumentStore) -> None:
        assert "secret" not in repr(FineTuning(None, documents, "secret"))


def kill(monkeypatch: pytest.MonkeyPatch, owner: type, method: str, *, before: bool) -> None:
    """End the process right before or right after a call of this method."""
    real: Callable[..., Any] = getattr(owner, method)

    def killed(*args: Any, **named: Any) -> Any:
        if not before:
            real(*args, **named)
        raise Killed

    monkeypatch.setattr(owner, method, killed)


BOUNDARIES = [
    (owner, method, before)
    for owner, method in [
        (JobRecords, "hold"),
        (FineTuningApi, "find"),
        (FineTuningApi, "uploaded"),
        (JobRecords, "note"),
        (FineTuningApi, "create"),
        (JobRecords, "submitted"),
    ]
    for before in (True, False)
]


class TestCrash:
    @pytest.mark.parametrize(("owner", "method", "before"), BOUNDARIES)
    def test_a_run_killed_between_any_two_steps_pays_once(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
        owner: type,
        method: str,
        before: bool,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        with monkeypatch.context() as patched:
            kill(patched, owner, method, before=before)
            with pytest.raises(Killed):
                tuning.submit(wanted, now=clock.now)
        clock.sleep(15)
        job = tuning.submit(wanted, now=clock.now)
        assert [each.id for each in jobs_of(hanging, wanted)] == [job.job_id]
        assert not tuning.submit(wanted, now=clock.now).new
        files = client_of(hanging.base_url).files.list()
        assert sum(file.filename.startswith(wanted.key) for file in files) == 1

    def test_a_process_that_is_killed_leaves_its_job_to_the_next(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock, mongo_uri: str
    ) -> None:
        wanted = JobRequest(b"{}\n", "extractive-1", "supervised")
        script = f"""
import datetime as dt, os, signal
from resources.document_store import DocumentStore
from resources.fine_tuning import FineTuning, JobRequest
from resources.job_records import JobRecords
JobRecords.submitted = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
documents = DocumentStore({mongo_uri!r}, {documents.database_name!r})
now = dt.datetime.fromisoformat("{clock.now().isoformat()}")
request = JobRequest(b"{{}}\\n", "extractive-1", "supervised")
FineTuning({hanging.base_url!r}, documents).submit(request, now=lambda: now)
"""
        killed = subprocess.run([sys.executable, "-c", script], env=dict(os.environ), timeout=60, check=False)
        assert killed.returncode == -signal.SIGKILL
        job = at(hanging, documents).submit(wanted, now=clock.now)
        assert not job.new
        assert [each.id for each in jobs_of(hanging, wanted)] == [job.job_id]

    def test_nobody_asks_again_while_the_first_request_may_still_be_under_way(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        with monkeypatch.context() as patched:
            kill(patched, FineTuningApi, "create", before=True)
            with pytest.raises(Killed):
                tuning.submit(wanted, now=clock.now)
        with pytest.raises(ServiceError, match="the answer was lost") as told:
            tuning.submit(wanted, now=clock.now)
        assert told.value.transient
        assert not jobs_of(hanging, wanted)


class TestTwoAtOnce:
    def test_one_wins(self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock) -> None:
        tuning, wanted = at(hanging, documents), request()
        start = threading.Barrier(6)

        def submit(_: int) -> str:
            start.wait()
            try:
                return tuning.submit(wanted, now=clock.now).job_id
            except ServiceError as error:
                return f"{error} {error.transient}"

        with ThreadPoolExecutor(6) as pool:
            answers = set(pool.map(submit, range(6)))
        ids = {answer for answer in answers if answer.startswith("ftjob-")}
        assert all("is being submitted by" in other and other.endswith("True") for other in answers - ids)
        assert [each.id for each in jobs_of(hanging, wanted)] == list(ids)

    def test_the_other_is_told_who_has_it_and_takes_over_when_that_one_is_silent(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        JobRecords(documents.database[COLLECTION]).hold(wanted.key, "elsewhere/7/1/abc", clock.now(), {})
        with pytest.raises(ServiceError, match="submitted by elsewhere/7/1/abc, which has until 12:02:00") as told:
            tuning.submit(wanted, now=clock.now)
        assert told.value.transient
        clock.sleep(LEASE.total_seconds())
        assert tuning.submit(wanted, now=clock.now).new

    def test_who_was_overtaken_while_uploading_asks_for_nothing(
        self,
        hanging: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning, wanted = at(hanging, documents), request()
        real = FineTuningApi.uploaded

        def slow(self: FineTuningApi, key: str, content: bytes) -> str:
            clock.sleep(LEASE.total_seconds())
            JobRecords(documents.database[COLLECTION]).hold(key, "elsewhere/7/1/abc", clock.now(), {})
            return real(self, key, content)

        monkeypatch.setattr(FineTuningApi, "uploaded", slow)
        with pytest.raises(ServiceError, match="elsewhere"):
            tuning.submit(wanted, now=clock.now)
        assert not jobs_of(hanging, wanted)


class TestProviderFaults:
    def test_a_lost_answer_is_looked_for(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server({"submits": {"fine_tuning.jobs": [{"kind": "cut"}]}}) as server:
            job = at(server, documents).submit(request(), now=clock.now)
            assert job.new
            assert server.requests().created["fine_tuning.jobs"] == 1

    def test_what_was_refused_can_be_asked_for_again_at_once(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server({"submits": {"fine_tuning.jobs": [{"kind": "rate_limit"}]}}) as server:
            tuning, wanted = at(server, documents), request()
            with pytest.raises(ServiceError, match="limits requests") as told:
                tuning.submit(wanted, now=clock.now)
            assert told.value.transient
            assert "generation" not in str(told.value)  # whose settings have no part in it
            assert tuning.submit(wanted, now=clock.now).new
            assert server.requests().created["fine_tuning.jobs"] == 1

    def test_a_failing_server_is_asked_again_once_it_is_clear_that_nothing_came_of_it(
        self, documents: DocumentStore, clock: Clock
    ) -> None:
        with running_model_server({"submits": {"fine_tuning.jobs": [{"kind": "server_error"}]}}) as server:
            tuning, wanted = at(server, documents), request()
            for words in ("failed", "the answer was lost"):
                with pytest.raises(ServiceError, match=words) as told:
                    tuning.submit(wanted, now=clock.now)
                assert told.value.transient
            clock.sleep(15)
            assert tuning.submit(wanted, now=clock.now).new
            assert server.requests().created["fine_tuning.jobs"] == 1

    def test_what_the_provider_rejects_is_said_in_its_words(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning = at(hanging, documents)
        for _ in range(2):
            with pytest.raises(ServiceError, match="gpt-9") as told:
                tuning.submit(request(base_model="gpt-9", hyperparameters={}), now=clock.now)
            assert not told.value.transient

    def test_nothing_is_asked_for_without_the_database(self, hanging: RunningModelServer, clock: Clock) -> None:
        unreachable = DocumentStore("mongodb://127.0.0.1:9/?directConnection=true", "x", timeout_seconds=0.2)
        wanted = request()
        with pytest.raises(ServiceError, match="MongoDB does not answer"):
            at(hanging, unreachable).submit(wanted, now=clock.now)
        assert not jobs_of(hanging, wanted)


class TestEndedBadly:
    def test_a_failed_job_is_paid_for_again_only_when_asked(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server({"jobs": [{"fail": "GPU on fire."}]}) as server:
            tuning, wanted = at(server, documents), request()
            first = tuning.submit(wanted, now=clock.now)
            for ask in (lambda: wait(tuning, first.job_id), lambda: tuning.submit(wanted, now=clock.now)):
                with pytest.raises(ServiceError, match=r"failed: GPU on fire\. .*`again: true`") as told:
                    ask()
                assert not told.value.transient
            second = tuning.submit(wanted, now=clock.now, again=True)
            repeated = tuning.submit(wanted, now=clock.now, again=True)
            assert (second.new, repeated.new, repeated.job_id) == (True, False, second.job_id)
            assert wait(tuning, second.job_id).model
            assert not tuning.submit(wanted, now=clock.now, again=True).new
            assert server.requests().created["fine_tuning.jobs"] == 2

    @pytest.mark.parametrize(
        ("owner", "method", "before"),
        [
            (JobRecords, "reopen", False),
            (JobRecords, "hold", False),
            (FineTuningApi, "create", False),
            (JobRecords, "submitted", False),
        ],
    )
    def test_trying_again_is_safe_to_kill_too(
        self,
        failing: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
        owner: type,
        method: str,
        before: bool,
    ) -> None:
        tuning, wanted = at(failing, documents), request()
        first = tuning.submit(wanted, now=clock.now)
        with pytest.raises(ServiceError, match="GPU on fire"):
            wait(tuning, first.job_id)
        with monkeypatch.context() as patched:
            kill(patched, owner, method, before=before)
            with pytest.raises(Killed):
                tuning.submit(wanted, now=clock.now, again=True)
        clock.sleep(15)
        second = tuning.submit(wanted, now=clock.now)
        assert {each.id for each in jobs_of(failing, wanted)} == {first.job_id, second.job_id}
        assert len(jobs_of(failing, wanted)) == 2

    def test_a_job_that_the_provider_lost_is_said_and_can_be_replaced(
        self, well_behaved: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning, wanted = at(well_behaved, documents), request()
        records = JobRecords(documents.database[COLLECTION])
        records.hold(wanted.key, "x/1/1/x", clock.now(), {})
        records.submitted(wanted.key, "ftjob-gone", clock.now())
        with pytest.raises(JobGoneError, match="ftjob-gone") as told:
            wait(tuning, tuning.submit(wanted, now=clock.now).job_id)
        assert not told.value.transient
        assert tuning.submit(wanted, now=clock.now, again=True).new


class TestWait:
    def test_the_time_is_over_and_waiting_goes_on_later_with_each_event_told_once(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning = at(hanging, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        told: list[Event] = []
        for _ in range(2):
            with pytest.raises(ServiceError, match="has not ended within 60 s") as late:
                wait(tuning, job_id, clock=clock, on_event=told.append)
            assert late.value.transient
        provider = client_of(hanging.base_url).fine_tuning.jobs
        provider.cancel(job_id)
        with pytest.raises(ServiceError, match="was cancelled") as ended:
            wait(tuning, job_id, clock=clock, on_event=told.append)
        all_events = [event.id for event in provider.list_events(job_id)]
        assert not ended.value.transient
        assert [event.id for event in told] == all_events[::-1]

    def test_looks_often_at_first_and_never_beyond_the_time(
        self, hanging: RunningModelServer, documents: DocumentStore, clock: Clock
    ) -> None:
        tuning = at(hanging, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        pauses: list[float] = []

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            clock.sleep(seconds)

        with pytest.raises(ServiceError):
            wait(tuning, job_id, clock=clock, sleep=sleep, timeout_seconds=10, poll_seconds=3)
        assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
        assert max(pauses) == 3
        assert sum(pauses) == pytest.approx(10)

    def test_a_provider_that_is_away_for_a_while_is_waited_for(
        self,
        well_behaved: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning = at(well_behaved, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        away = replace(tuning, base_url=f"http://127.0.0.1:{free_port()}/v1")
        with pytest.raises(ServiceError, match="No connection") as told:
            wait(away, job_id, clock=clock)
        assert told.value.transient
        assert clock.seconds == 60
        real, answers = FineTuningApi.retrieve, iter([ServiceError("away", "", transient=True)] * 2)

        def retrieve(self: FineTuningApi, job_id: str) -> Any:
            for error in answers:
                raise error
            return real(self, job_id)

        monkeypatch.setattr(FineTuningApi, "retrieve", retrieve)
        assert wait(tuning, job_id).model

    def test_a_wrong_key_ends_the_wait_at_once(self, documents: DocumentStore, clock: Clock) -> None:
        with running_model_server(api_key="right") as server:
            tuning = replace(at(server, documents), api_key="wrong")
            with pytest.raises(ServiceError, match="refused the key"):
                wait(tuning, "ftjob-x", clock=clock)
        assert clock.seconds == 0

    def test_there_is_no_model_named_none(
        self,
        well_behaved: RunningModelServer,
        documents: DocumentStore,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tuning = at(well_behaved, documents)
        job_id = tuning.submit(request(), now=clock.now).job_id
        wait(tuning, job_id)
        real = FineTuningApi.retrieve
        monkeypatch.setattr(
            FineTuningApi, "retrieve", lambda *args: real(*args).model_copy(update={"fine_tuned_model": None})
        )
        with pytest.raises(ServiceError, match="names no model"):
            wait(tuning, job_id)
