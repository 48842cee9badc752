"""The body of `POST /v1/fine_tuning/jobs`, and the job that it asks for."""

import time
import uuid
from typing import Literal

from pydantic import Field

from model_server.background_faults import JobFault
from model_server.fields import Metadata, NotOffered, RequestPart, Text
from model_server.jobs import Job
from model_server.training_file import Method

Auto = Literal["auto"]


class Hyperparameters(RequestPart):
    n_epochs: Auto | int = Field("auto", ge=1, le=50)
    batch_size: Auto | int = Field("auto", ge=1, le=256)
    learning_rate_multiplier: Auto | float = Field("auto", gt=0)


class DpoHyperparameters(Hyperparameters):
    beta: Auto | float = Field("auto", gt=0, le=2)


class Supervised(RequestPart):
    hyperparameters: Hyperparameters = Hyperparameters()


class Dpo(RequestPart):
    hyperparameters: DpoHyperparameters = DpoHyperparameters()


class MethodRequest(RequestPart):
    type: Method
    supervised: Supervised | None = None
    dpo: Dpo | None = None


class JobRequest(RequestPart):
    """The body of `POST /v1/fine_tuning/jobs`. `hyperparameters` is the API's older place for the supervised ones."""

    model: Text = Field(min_length=1)
    training_file: Text
    validation_file: Text | None = None
    suffix: Text | None = Field(None, max_length=64)
    seed: int | None = None
    method: MethodRequest | None = None
    hyperparameters: Hyperparameters | None = None
    metadata: Metadata | None = None
    integrations: NotOffered = None


def new_job(request: JobRequest, fault: JobFault | None) -> Job:
    """The job that a request asks for, at its beginning."""
    method: Method = request.method.type if request.method else "supervised"
    given = (request.method.supervised if method == "supervised" else request.method.dpo) if request.method else None
    chosen: Hyperparameters
    if given is not None:
        chosen = given.hyperparameters
    elif method == "dpo":
        chosen = DpoHyperparameters()
    else:
        chosen = request.hyperparameters or Hyperparameters()
    hyperparameters = chosen.model_dump()
    job_id = f"ftjob-{uuid.uuid4().hex[:24]}"
    job = Job(
        id=job_id,
        created_at=int(time.time()),
        model=request.model,
        training_file=request.training_file,
        validation_file=request.validation_file,
        method={"type": method, method: {"hyperparameters": hyperparameters}},
        hyperparameters=hyperparameters if method == "supervised" else {},
        seed=request.seed or 0,
        user_provided_suffix=request.suffix,
        metadata=request.metadata,
        fault=fault,
    ).with_event(f"Created fine-tuning job: {job_id}")
    idle = [name for name in ("batch_size", "learning_rate_multiplier") if hyperparameters[name] != "auto"]
    if idle:
        told = f"{' and '.join(idle)}: without effect, for this model is fitted to all examples at once"
        job = job.with_event(told, "warn")
    return job.with_event("Validating training file")
