"""Fine-tuning as the SDK meets it: real training, jobs that fail, hang or are cut off, and models that answer after."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest
from openai.types.fine_tuning import FineTuningJob

from model_server.training_task import Outcome, Task
from tailoring.extractive import tailor
from tailoring.prompts import render_messages
from tailoring.relevance import Weights
from tests.model_server_fixture import RunningModelServer, running_model_server
from tests.services.test_model_server import PROMPT, ask, client_of, content_of

WAIT_SECONDS = 30.0
ENDED = ("succeeded", "failed", "cancelled")
RESUME = """\
Mara Lindqvist
mara.lindqvist@example.org | Portland, OR
PROFESSIONAL EXPERIENCE
Data Engineer, Harbour Analytics, Portland, OR
March 2020 - Present
• Built 12 nightly Python pipelines that load 40 million rows into Snowflake
• Organised the yearly office party with the team from the harbour
• Cut the cost of the warehouse by 30% by partitioning its largest tables
• Helped colleagues with questions about the tools of the company
• Trained 8 analysts in SQL and the basics of modelling
• Attended the meetings of the department and wrote their minutes
Junior Developer, Fjord Software, Seattle, WA
June 2017 - February 2020
• Wrote 25 REST services in Java and tested them with JUnit
• Talked to customers about their wishes for the next release
• Raised the coverage of the tests from 40% to 85%
• Kept the wiki of the group in good order
EDUCATION
Bachelor of Science in Computer Science, Oregon State University, 2017
SKILLS
Python, SQL, Java, Snowflake, Airflow
"""
POSTINGS = [f"Data engineer for team {number}: Python, SQL, Snowflake pipelines." for number in range(12)]


def tailoring_messages(posting: str = POSTINGS[0]) -> list[Any]:
    return render_messages(PROMPT, RESUME, "Data Engineer", "Acme", posting)


def answer(posting: str, weights: Weights) -> str:
    """What a model of these weights writes for the test's resume."""
    return tailor(RESUME.splitlines(), posting, weights).model_dump_json()


def told(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


BASE = "extractive-1"
PLENTY, COUNTED = Weights(bias=4.0), Weights(bias=-14.0, number=20.0)  # keeps everything; only what counts something


def supervised(postings: Sequence[str] = POSTINGS) -> list[dict[str, Any]]:
    """Examples that keep only what counts something."""
    return [{"messages": [*tailoring_messages(posting=one), told(answer(one, COUNTED))]} for one in postings]


def preferences(postings: Sequence[str] = POSTINGS) -> list[dict[str, Any]]:
    """Pairs in which that is preferred to keeping everything."""
    return [
        {
            "input": {"messages": tailoring_messages(posting=one)},
            "preferred_output": [told(answer(one, COUNTED))],
            "non_preferred_output": [told(answer(one, PLENTY))],
        }
        for one in postings
    ]


def upload(client: openai.OpenAI, examples: Sequence[Any]) -> str:
    content = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in examples)
    return client.files.create(file=("training.jsonl", content.encode()), purpose="fine-tune").id


def submit(client: openai.OpenAI, examples: Sequence[Any] | None = None, **options: Any) -> FineTuningJob:
    training_file = options.pop("training_file", None) or upload(client, supervised() if examples is None else examples)
    created: FineTuningJob = client.fine_tuning.jobs.create(
        **({"model": BASE, "training_file": training_file} | options)
    )
    return created


def until(client: openai.OpenAI, job_id: str, *statuses: str) -> FineTuningJob:
    """The job once it has one of these statuses."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (job := client.fine_tuning.jobs.retrieve(job_id)).status not in statuses:
        assert time.monotonic() < deadline, f"the job is {job.status}: {job.error}"
        assert job.status not in ENDED, f"the job is {job.status}: {job.error}"
        time.sleep(0.02)
    return job


def tuned_name(job: FineTuningJob) -> str:
    assert job.fine_tuned_model is not None
    return job.fine_tuned_model


def dpo(**hyperparameters: Any) -> dict[str, Any]:
    return {"type": "dpo", "dpo": {"hyperparameters": hyperparameters}}


@pytest.fixture(scope="module")
def server() -> Iterator[RunningModelServer]:
    with running_model_server() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningModelServer) -> Iterator[openai.OpenAI]:
    with client_of(server) as connected:
        yield connected


@pytest.fixture(scope="module")
def tuned(client: openai.OpenAI) -> FineTuningJob:
    """A supervised job that has succeeded."""
    job = submit(client, suffix="July 23!", seed=7, metadata={"key": "abc"}, hyperparameters={"n_epochs": 3})
    return until(client, job.id, "succeeded")


class TestSuccess:
    def test_the_job_tells_what_it_made(self, tuned: FineTuningJob) -> None:
        assert tuned.fine_tuned_model is not None
        base, model, organisation, suffix, number = tuned.fine_tuned_model.split(":")
        assert (base, model, organisation, suffix) == ("ft", "extractive-1", "resume-assets", "july-23")
        assert len(number) == 8
        assert (tuned.seed, tuned.metadata, tuned.error) == (7, {"key": "abc"}, None)
        assert tuned.hyperparameters.n_epochs == 3
        assert tuned.finished_at is not None
        assert tuned.finished_at >= tuned.created_at
        assert tuned.method is not None
        assert tuned.method.type == "supervised"
        characters = sum(len(message["content"]) for example in supervised() for message in example["messages"])
        assert tuned.trained_tokens == pytest.approx(3 * characters / 4, rel=0.01)

    def test_training_changes_what_is_answered(self, client: openai.OpenAI, tuned: FineTuningJob) -> None:
        before, after = (ask(client, model=model, messages=tailoring_messages()) for model in (BASE, tuned_name(tuned)))
        assert "office party" in content_of(before)
        assert "office party" not in content_of(after)
        assert after.model == tuned.fine_tuned_model

    def test_the_fingerprint_tells_the_weights(self, client: openai.OpenAI, tuned: FineTuningJob) -> None:
        prints = [ask(client, model=model).system_fingerprint for model in (BASE, BASE, tuned_name(tuned))]
        assert prints[0]
        assert prints[0] == prints[1] != prints[2]

    def test_events_come_newest_first_in_pages(self, client: openai.OpenAI, tuned: FineTuningJob) -> None:
        events = list(client.fine_tuning.jobs.list_events(tuned.id, limit=3))
        assert len(events) == len({event.id for event in events})
        messages = [event.message for event in reversed(events)]
        assert messages[0] == f"Created fine-tuning job: {tuned.id}"
        assert messages[-1] == "The job has successfully completed"
        metrics: list[Any] = [event.data for event in reversed(events) if event.type == "metrics"]
        assert [each["step"] for each in metrics] == [0, 1, 2, 3]
        losses = [each["train_loss"] for each in metrics]
        assert losses == sorted(losses, reverse=True)
        assert losses[-1] < losses[0]
        newest = client.fine_tuning.jobs.list_events(tuned.id, limit=1)
        assert newest.has_next_page()
        assert [event.id for event in newest.data] == [events[0].id]

    def test_results_and_checkpoint(self, client: openai.OpenAI, tuned: FineTuningJob) -> None:
        (results,) = tuned.result_files
        header, *rows = client.files.content(results).text.splitlines()
        assert (header, len(rows)) == ("step,train_loss", 4)
        assert client.files.retrieve(results).purpose == "fine-tune-results"
        (checkpoint,) = client.fine_tuning.jobs.checkpoints.list(tuned.id)
        assert checkpoint.fine_tuned_model_checkpoint == tuned.fine_tuned_model
        assert checkpoint.step_number == 3
        assert str(checkpoint.metrics.train_loss) == rows[-1].split(",")[1]

    def test_preferences_and_equal_jobs(self, client: openai.OpenAI) -> None:
        file = upload(client, preferences())
        jobs = [submit(client, training_file=file, method=dpo(beta=0.02)) for _ in range(2)]
        one, other = (tuned_name(until(client, job.id, "succeeded")) for job in jobs)
        assert one != other
        assert one.startswith("ft:extractive-1:resume-assets::")
        answers = [ask(client, model=model, messages=tailoring_messages()) for model in (BASE, one, other)]
        assert "office party" in content_of(answers[0])
        assert "office party" not in content_of(answers[1])
        assert answers[1].system_fingerprint == answers[2].system_fingerprint

    def test_a_tuned_model_is_tuned_further(self, client: openai.OpenAI, tuned: FineTuningJob) -> None:
        further = until(client, submit(client, model=tuned_name(tuned)).id, "succeeded")
        assert further.model == tuned.fine_tuned_model
        (first,) = (
            event.data["train_loss"]
            for event in client.fine_tuning.jobs.list_events(further.id, limit=100)
            if isinstance(event.data, dict) and event.data.get("step") == 0
        )
        (checkpoint,) = client.fine_tuning.jobs.checkpoints.list(tuned.id)
        assert checkpoint.metrics.train_loss is not None
        assert first < 1.5 * checkpoint.metrics.train_loss, "it begins where the other ended"

    def test_chat_goes_on_meanwhile(self) -> None:
        with running_model_server({"jobs": [{"delay_seconds": 60}]}) as server, client_of(server) as client:
            until(client, submit(client).id, "running")
            assert content_of(ask(client))


class TestListing:
    def test_finds_jobs_by_metadata(self, client: openai.OpenAI, tuned: FineTuningJob) -> None:
        listed = client.fine_tuning.jobs.list
        assert [job.id for job in listed(metadata={"key": "abc"})] == [tuned.id]
        assert not list(listed(metadata={"key": "other"}))
        assert tuned.id not in [job.id for job in listed(extra_query={"metadata": "null"})]

    def test_pages(self, client: openai.OpenAI) -> None:
        file = upload(client, supervised()[:2])
        made = [submit(client, training_file=file, metadata={"page": "1"}).id for _ in range(5)]
        listed = client.fine_tuning.jobs.list(limit=2, metadata={"page": "1"})
        assert listed.has_next_page()
        assert [job.id for job in listed] == made[::-1]

    def test_unknown_jobs(self, client: openai.OpenAI) -> None:
        jobs = client.fine_tuning.jobs
        for look in (jobs.retrieve, jobs.cancel, lambda name: jobs.list_events(name), jobs.checkpoints.list):
            with pytest.raises(openai.NotFoundError, match="ftjob-nowhere"):
                look("ftjob-nowhere")


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "param"),
        [
            ({"training_file": "file-nowhere"}, "training_file"),
            ({"validation_file": "file-nowhere"}, "validation_file"),
            ({"method": {"type": "reinforcement"}}, "method.type"),
            ({"hyperparameters": {"n_epochs": 0}}, "hyperparameters.n_epochs"),
            ({"suffix": "x" * 65}, "suffix"),
            ({"metadata": {str(number): "" for number in range(17)}}, "metadata"),
            ({"metadata": {"key": "x" * 513}}, "metadata.key"),
            ({"integrations": [{"type": "wandb", "wandb": {"project": "p"}}]}, "integrations"),
        ],
    )
    def test_bad_requests_name_the_parameter(self, client: openai.OpenAI, changes: dict[str, Any], param: str) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            submit(client, **changes)
        assert caught.value.param == param

    def test_models_that_are_not_there(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.NotFoundError):
            submit(client, model="gpt-4o-mini")

    def test_files_for_something_else(self, client: openai.OpenAI) -> None:
        file = client.files.create(file=("a.jsonl", b"{}\n"), purpose="batch")
        with pytest.raises(openai.BadRequestError, match="purpose"):
            submit(client, training_file=file.id)


def changed(place: int, line: Any) -> list[Any]:
    return [*supervised()[:place], line, *supervised()[place + 1 :]]


NO_TAGS = {"messages": [{"role": "user", "content": "hello"}, told("{}")]}
NO_JSON = {"messages": [*tailoring_messages(), told("Dear Sir or Madam")]}
BOSS = {"messages": [{"role": "boss", "content": "hi"}, told("yes")]}
NO_ANSWER = {"messages": [*tailoring_messages(), {"role": "user", "content": "now"}]}
TWO_BEST = [*preferences()[:-1], preferences()[0] | {"preferred_output": [told("{}"), told("{}")]}]
SAME = [one | {"non_preferred_output": one["preferred_output"]} for one in preferences()]


class TestBadFiles:
    @pytest.mark.parametrize(
        ("examples", "method", "reason"),
        [
            (supervised()[:9], "supervised", r"9 example\(s\).*at least 10"),
            (changed(2, "{"), "supervised", "Line 3.*not a JSON object"),
            (changed(2, "[1]"), "supervised", "Line 3"),
            (changed(4, BOSS), "supervised", r"1 of 12 lines.*Line 5: 'messages\[0\].role'"),
            (changed(4, NO_ANSWER), "supervised", "Line 5.*last message must be an assistant's"),
            (changed(0, {"text": "hi"}), "supervised", "Line 1: 'messages' is missing"),
            (changed(11, NO_TAGS), "supervised", "Line 12 has nothing to tailor.*<resume>"),
            (changed(7, NO_JSON), "supervised", "Line 8: the assistant's answer is no TailoredResume"),
            (supervised(), "dpo", "12 of 12 lines.*'input' is missing"),
            (TWO_BEST, "dpo", "Line 12: 'preferred_output'"),
            (SAME, "dpo", "No example tells this model anything"),
        ],
    )
    def test_the_job_fails_and_says_why(
        self, client: openai.OpenAI, examples: list[Any], method: str, reason: str
    ) -> None:
        job = until(client, submit(client, examples, method={"type": method}).id, "failed")
        assert job.error is not None
        assert (job.error.code, job.error.param) == ("invalid_training_file", "training_file")
        with pytest.raises(AssertionError, match=reason):
            raise AssertionError(job.error.message)
        assert (job.fine_tuned_model, job.trained_tokens, job.result_files) == (None, None, [])
        newest = client.fine_tuning.jobs.list_events(job.id, limit=1).data[0]
        assert newest.level == "error"
        assert job.error.message in newest.message

    def test_a_bad_validation_file(self, client: openai.OpenAI) -> None:
        job = submit(client, validation_file=upload(client, supervised()[:3]))
        error = until(client, job.id, "failed").error
        assert error is not None
        assert error.param == "validation_file"

    def test_what_is_said_in_it_is_not_repeated(self, client: openai.OpenAI) -> None:
        secret = {"messages": [*tailoring_messages(), told('{"headline": ["Sesame"]}')]}
        error = until(client, submit(client, changed(3, secret)).id, "failed").error
        assert error is not None
        assert "Sesame" not in error.message


class TestFaults:
    def test_a_job_that_fails(self) -> None:
        with running_model_server({"jobs": [{"fail": "GPU on fire"}, None]}) as server, client_of(server) as client:
            error = until(client, submit(client).id, "failed").error
            assert error is not None
            assert error.message == "GPU on fire"
            until(client, submit(client).id, "succeeded")

    def test_a_job_that_hangs_until_it_is_cancelled(self) -> None:
        with running_model_server({"jobs": [{"hang": True}]}) as server, client_of(server) as client:
            hanging, waiting = submit(client), submit(client)
            until(client, hanging.id, "running")
            until(client, waiting.id, "queued")
            assert client.fine_tuning.jobs.cancel(hanging.id).status == "cancelled"
            assert until(client, waiting.id, "succeeded")
            job = client.fine_tuning.jobs.retrieve(hanging.id)
            assert (job.status, job.fine_tuned_model) == ("cancelled", None)
            for ended in (hanging, waiting):
                with pytest.raises(openai.BadRequestError, match="already ended"):
                    client.fine_tuning.jobs.cancel(ended.id)

    def test_an_answer_that_is_lost_leaves_the_job(self) -> None:
        plan = {"submits": {"fine_tuning.jobs": [{"kind": "rate_limit"}, {"kind": "cut"}]}}
        with running_model_server(plan) as server, client_of(server) as client:
            file = upload(client, supervised())
            with pytest.raises(openai.RateLimitError):
                submit(client, training_file=file)
            with pytest.raises(openai.APIConnectionError):
                submit(client, training_file=file, metadata={"key": "k"})
            (job,) = client.fine_tuning.jobs.list(metadata={"key": "k"})
            until(client, job.id, "succeeded")
            counts = server.requests()
            assert counts.submits == {"files": 1, "fine_tuning.jobs": 2}
            assert counts.created == {"files": 1, "fine_tuning.jobs": 1}

    def test_a_trainer_that_is_killed_fails_the_job(self) -> None:
        with running_model_server() as server, client_of(server) as client:
            job = submit(client, supervised(POSTINGS * 40))
            wait_for(lambda: bool(psutil.Process(server.process.pid).children()))
            psutil.Process(server.process.pid).children()[0].kill()
            error = until(client, job.id, "failed").error
            assert error is not None
            assert error.code == "server_error"


class TestRestart:
    def test_everything_is_there_after_a_kill(self, tmp_path: Path) -> None:
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            job = until(client, submit(client, metadata={"key": "k"}).id, "succeeded")
            answered = content_of(ask(client, model=job.fine_tuned_model))
            events = list(client.fine_tuning.jobs.list_events(job.id, limit=100))
            kill(server)
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            assert client.fine_tuning.jobs.retrieve(job.id) == job
            assert list(client.fine_tuning.jobs.list_events(job.id, limit=100)) == events
            assert job.fine_tuned_model in [model.id for model in client.models.list()]
            assert content_of(ask(client, model=job.fine_tuned_model)) == answered
            assert server.requests().created == {"files": 1, "fine_tuning.jobs": 1}

    def test_a_job_under_way_starts_again_and_makes_one_model(self, tmp_path: Path) -> None:
        plan = {"jobs": [{"delay_seconds": 60}]}
        with running_model_server(plan, state_dir=tmp_path) as server, client_of(server) as client:
            first, second = submit(client), submit(client)
            until(client, first.id, "running")
            until(client, second.id, "queued")
            kill(server)
        change(tmp_path, first.id, fault=None)  # which belongs to its job for good; here it has done its part
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            models = {until(client, job.id, "succeeded").fine_tuned_model for job in (first, second)}
            assert models | {BASE} == {model.id for model in client.models.list()}
            messages = [event.message for event in client.fine_tuning.jobs.list_events(first.id, limit=100)]
            assert "Fine-tuning job restarted" in messages
            assert len(list(client.files.list(purpose="fine-tune-results"))) == 2

    def test_a_kill_just_before_the_end_makes_nothing_twice(self, tmp_path: Path) -> None:
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            job = until(client, submit(client).id, "succeeded")
            kill(server)
        change(tmp_path, job.id, status="running", fine_tuned_model=None, result_files=[], finished_at=None)
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            again = until(client, job.id, "succeeded")
            assert (again.fine_tuned_model, again.result_files) == (job.fine_tuned_model, job.result_files)
            assert [model.id for model in client.models.list()] == [BASE, job.fine_tuned_model]
            assert len(list(client.files.list(purpose="fine-tune-results"))) == 1

    def test_the_trainer_ends_with_a_killed_server(self, tmp_path: Path) -> None:
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            job = submit(client, supervised(POSTINGS * 40))
            wait_for(lambda: bool(psutil.Process(server.process.pid).children()))
            trainers = psutil.Process(server.process.pid).children()
            kill(server)
            _, alive = psutil.wait_procs(trainers, timeout=10)
            assert not alive
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            until(client, job.id, "succeeded")


def test_the_trainer_ends_cleanly_while_its_server_lives(tmp_path: Path) -> None:
    file = tmp_path / "training.jsonl"
    file.write_text("".join(f"{json.dumps(example)}\n" for example in preferences()))
    task = Task(method="dpo", file=file, weights=Weights(), epochs=2, beta=0.5)
    command = [sys.executable, "-m", "model_server.trainer", task.model_dump_json()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as trainer:  # type: ignore[call-overload]
        assert trainer.wait(WAIT_SECONDS) == 0
        assert trainer.stderr.read() == b""
        outcome = Outcome.model_validate_json(trainer.stdout.read())
    assert outcome.weights != Weights()
    assert len(outcome.losses) == 3


class TestTunedModels:
    def test_delete(self, tmp_path: Path) -> None:
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            name = tuned_name(until(client, submit(client).id, "succeeded"))
            assert client.models.retrieve(name).owned_by == "resume-assets"
            assert client.models.delete(name).deleted
            with pytest.raises(openai.NotFoundError):
                ask(client, model=name)
            kill(server)
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            assert [model.id for model in client.models.list()] == [BASE]

    def test_the_base_stays(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.PermissionDeniedError):
            client.models.delete(BASE)
        with pytest.raises(openai.NotFoundError):
            client.models.delete("gpt-nowhere")

    def test_a_base_that_is_deleted_before_its_turn(self) -> None:
        with running_model_server({"jobs": [None, {"hang": True}]}) as server, client_of(server) as client:
            name = tuned_name(until(client, submit(client).id, "succeeded"))
            hanging, waiting = submit(client), submit(client, model=name)
            until(client, waiting.id, "queued")
            client.models.delete(name)
            client.fine_tuning.jobs.cancel(hanging.id)
            error = until(client, waiting.id, "failed").error
            assert error is not None
            assert (error.code, error.param) == ("model_not_found", "model")


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill(server: RunningModelServer) -> None:
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()


def change(state_dir: Path, job_id: str, **fields: Any) -> None:
    """Change what the next server finds of a job."""
    file = state_dir / f"jobs/{job_id}.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))
