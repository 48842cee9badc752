"""Fine-tuning as the SDK meets it: real training, and models that answer after."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.fine_tuning import FineTuningJob

from model_server.training_task import Outcome, Task
from tailoring.relevance import Weights
from tests.model_server_fixture import running_model_server
from tests.services.model_server.calls import ask, client_of, content_of
from tests.services.model_server.training import (
    BASE,
    WAIT_SECONDS,
    dpo,
    preferences,
    submit,
    supervised,
    tailoring_messages,
    tuned_name,
    until,
    upload,
)


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
            server.kill()
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
