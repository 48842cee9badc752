"""Fine-tuning jobs carried out in the background, in the order in which they were made, one at a time.

A job that was under way when the server ended starts again with the next one. What it makes has names that follow from
its own, so that it never makes anything twice.
"""

import io
import logging
import subprocess
import sys
import tempfile
import time

from model_server.errors import ApiError
from model_server.jobs import Job
from model_server.registry import Registry
from model_server.state import State
from model_server.training_file import TrainingFileError, check
from model_server.training_task import Outcome, Task
from model_server.tuned_models import TunedModel, TunedModels, model_id
from model_server.worker import Worker
from tailoring.relevance import Weights

_POLL_SECONDS = 0.05

_logger = logging.getLogger(__name__)


class Training:
    """Carries out the jobs of `state`; what was left undone is taken up at once."""

    def __init__(self, state: State, registry: Registry, models: TunedModels) -> None:
        self._jobs = state.jobs
        self._files = state.files
        self._registry = registry
        self._models = models
        self._validating = Worker("validation of training files")
        self._training = Worker("training")
        for job in self._jobs.all():
            if not job.ended:
                self.start(job.id)

    def start(self, job_id: str) -> None:
        """Have a job carried out when its turn comes."""
        self._validating.do(self._validate, job_id)

    def _validate(self, job_id: str) -> None:
        job = self._jobs[job_id]
        method, _ = job.training
        files = {"training_file": job.training_file, "validation_file": job.validation_file}
        tokens = dict.fromkeys(files, 0)
        for param, file_id in files.items():
            try:
                tokens[param] = check(self._files.path(file_id), method) if file_id else 0
            except TrainingFileError as error:
                self._fail(job_id, str(error), f"invalid_{param}", param)
                return
        self._jobs.update(job_id, lambda job: job.queued(tokens["training_file"]))
        self._training.do(self._train, job_id)

    def _train(self, job_id: str) -> None:
        job = self._jobs.update(job_id, Job.running)
        try:
            self._befall(job)
            if self._is_wanted(job_id):
                self._fit(job)
        except Exception:
            _logger.exception("training for %s failed", job_id)
            self._fail(job_id, "The server had an error while training.", "server_error")

    def _befall(self, job: Job) -> None:
        """What a test asked to happen to this job."""
        if job.fault is None:
            return
        end = time.monotonic() + job.fault.delay_seconds
        while self._is_wanted(job.id) and (job.fault.hang or time.monotonic() < end):
            time.sleep(_POLL_SECONDS)
        if job.fault.fail is not None:
            self._fail(job.id, job.fault.fail, "server_error")

    def _fit(self, job: Job) -> None:
        try:
            weights = self._registry.weights(job.model)
        except ApiError as error:  # deleted since
            self._fail(job.id, error.detail, error.code or "", "model")
            return
        method, hyperparameters = job.training
        given = {name: value for name, value in hyperparameters.items() if value != "auto"}
        file = self._files.path(job.training_file)
        task = Task(method=method, file=file, weights=weights, epochs=given.get("n_epochs"), beta=given.get("beta"))
        outcome = self._outcome(job.id, task)
        if outcome is None:
            return
        if outcome.weights is None:
            self._fail(job.id, outcome.problem or "", "invalid_training_file", "training_file")
            return
        self._keep(job, outcome.weights, outcome.losses)

    def _outcome(self, job_id: str, task: Task) -> Outcome | None:
        """What the trainer says; None where the job was cancelled, which ends it."""
        command = [sys.executable, "-m", "model_server.trainer", task.model_dump_json()]
        with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said) as process:
            while process.poll() is None:
                if not self._is_wanted(job_id):
                    process.kill()
                    return None
                time.sleep(_POLL_SECONDS)
            if process.returncode:
                raise RuntimeError(f"the trainer ended with status {process.returncode}")
            said.seek(0)
            return Outcome.model_validate_json(said.read())

    def _keep(self, job: Job, weights: Weights, losses: list[float]) -> None:
        name = model_id(job.id, job.user_provided_suffix)
        metrics = "".join(f"{step},{loss}\n" for step, loss in enumerate(losses))
        results = self._files.save(
            io.BytesIO(f"step,train_loss\n{metrics}".encode()),
            "step_metrics.csv",
            "fine-tune-results",
            job.id.replace("ftjob-", "file-"),
        )
        self._models.add(TunedModel(id=name, created_at=int(time.time()), job=job.id, weights=weights.model_dump()))
        job = self._jobs.update(job.id, lambda one: one.succeeded(name, losses, results.id))
        if job.fine_tuned_model is None:  # cancelled in the last moment
            self._models.delete(name)
            self._files.delete(results.id)

    def _is_wanted(self, job_id: str) -> bool:
        return not self._jobs[job_id].ended

    def _fail(self, job_id: str, message: str, code: str, param: str | None = None) -> None:
        self._jobs.update(job_id, lambda job: job.failed(code, message, param))
