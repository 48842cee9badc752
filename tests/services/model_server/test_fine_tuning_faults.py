"""Fine-tuning jobs that fail, hang, are cut off by a kill, or lose their answer."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest

from tests.model_server_fixture import running_model_server
from tests.services.model_server.calls import ask, client_of, content_of
from tests.services.model_server.training import BASE, POSTINGS, WAIT_SECONDS, submit, supervised, until, upload


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
            server.kill()
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
            server.kill()
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
            server.kill()
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
            server.kill()
            _, alive = psutil.wait_procs(trainers, timeout=10)
            assert not alive
        with running_model_server(state_dir=tmp_path) as server, client_of(server) as client:
            until(client, job.id, "succeeded")


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def change(state_dir: Path, job_id: str, **fields: Any) -> None:
    """Change what the next server finds of a job."""
    file = state_dir / f"jobs/{job_id}.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))
