"""A fine-tuning job: what is known of it, and the steps of its life. A job that has ended stays as it is."""

import time
import uuid
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from model_server.background_faults import JobFault
from model_server.registry import ORGANISATION
from model_server.store import Document
from model_server.training_file import Method

Status = Literal["validating_files", "queued", "running", "succeeded", "failed", "cancelled"]

_ENDED = frozenset({"succeeded", "failed", "cancelled"})


class JobError(BaseModel):
    code: str
    message: str
    param: str | None = None


class Event(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    created_at: int
    level: Literal["info", "warn", "error"]
    message: str
    type: Literal["message", "metrics"]
    data: dict[str, Any]


class Job(Document):
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"tokens", "events", "losses", "fault"})

    object: Literal["fine_tuning.job"] = "fine_tuning.job"
    status: Status = "validating_files"
    model: str
    training_file: str
    validation_file: str | None
    method: dict[str, Any]
    hyperparameters: dict[str, Any]
    seed: int
    user_provided_suffix: str | None
    metadata: dict[str, str] | None
    organization_id: str = f"org-{ORGANISATION}"
    integrations: tuple[()] = ()
    fine_tuned_model: str | None = None
    finished_at: int | None = None
    estimated_finish: int | None = None
    trained_tokens: int | None = None
    result_files: tuple[str, ...] = ()
    error: JobError | None = None
    tokens: int = 0  # of the training file
    events: tuple[Event, ...] = ()
    losses: tuple[float, ...] = ()
    fault: JobFault | None = None

    @property
    def ended(self) -> bool:
        return self.status in _ENDED

    @property
    def training(self) -> tuple[Method, dict[str, Any]]:
        """The method and its hyperparameters."""
        method: Method = self.method["type"]
        return method, self.method[method]["hyperparameters"]

    def with_event(
        self, message: str, level: Literal["info", "warn", "error"] = "info", metrics: dict[str, Any] | None = None
    ) -> "Job":
        event = Event(
            id=f"ftevent-{uuid.uuid4().hex[:24]}",
            created_at=int(time.time()),
            level=level,
            message=message,
            type="message" if metrics is None else "metrics",
            data=metrics or {},
        )
        return self.model_copy(update={"events": (*self.events, event)})

    def queued(self, tokens: int) -> "Job":
        """Validated; the training file has so many tokens."""
        if self.status != "validating_files":
            return self
        return self._now("queued", tokens=tokens).with_event("Files validated, moving job to queued state")

    def running(self) -> "Job":
        """Also after a restart, which starts it again."""
        if self.ended:
            return self
        restarted = self.status == "running"
        return self._now("running").with_event(f"Fine-tuning job {'re' if restarted else ''}started")

    def failed(self, code: str, message: str, param: str | None = None) -> "Job":
        if self.ended:
            return self
        error = JobError(code=code, message=message, param=param)
        return self._end("failed", error=error).with_event(f"The job failed: {message}", "error")

    def cancelled(self) -> "Job":
        return self if self.ended else self._end("cancelled").with_event("The job was cancelled")

    def succeeded(self, model_id: str, losses: list[float], result_file: str) -> "Job":
        if self.ended:
            return self
        steps = len(losses) - 1
        method, hyperparameters = self.training
        resolved = hyperparameters | {"n_epochs": steps}
        job = self
        for step, loss in enumerate(losses):
            metrics = {"step": step, "total_steps": steps, "train_loss": loss}
            job = job.with_event(f"Step {step}/{steps}: training loss={loss:.4f}", metrics=metrics)
        return (
            job.with_event(f"New fine-tuned model created: {model_id}")
            ._end(
                "succeeded",
                fine_tuned_model=model_id,
                losses=tuple(losses),
                trained_tokens=self.tokens * steps,
                result_files=(result_file,),
                method={"type": method, method: {"hyperparameters": resolved}},
                hyperparameters=resolved if method == "supervised" else {},
            )
            .with_event("The job has successfully completed")
        )

    def checkpoints(self) -> list[dict[str, Any]]:
        """One, where the training has ended well: the model itself. What it was on the way there is not kept."""
        if self.fine_tuned_model is None:
            return []
        step = len(self.losses) - 1
        checkpoint = {
            "id": self.id.replace("ftjob-", "ftckpt_"),
            "object": "fine_tuning.job.checkpoint",
            "created_at": self.finished_at,
            "fine_tuned_model_checkpoint": self.fine_tuned_model,
            "fine_tuning_job_id": self.id,
            "step_number": step,
            "metrics": {"step": step, "train_loss": self.losses[-1]},
        }
        return [checkpoint]

    def _now(self, status: Status, **changes: Any) -> "Job":
        return self.model_copy(update={"status": status, **changes})

    def _end(self, status: Status, **changes: Any) -> "Job":
        return self._now(status, finished_at=int(time.time()), **changes)
