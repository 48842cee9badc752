"""The provider's side of fine-tuning, through the openai SDK: files, jobs and their events, one method a question.

When to ask, and never to pay twice, is `resources.fine_tuning`'s business. Every method raises ServiceError.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from resources.errors import ServiceError
from resources.language_model import NO_KEY
from resources.ledger import request_key
from resources.openai_errors import clear_errors

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.fine_tuning import FineTuningJob

SUCCEEDED = "succeeded"
ENDED_BADLY = ("failed", "cancelled")

_KEY = "resume_assets_key"  # in a job's metadata
_ENTRIES = 100  # of a page of a list


class JobGoneError(ServiceError):
    """The provider does not know the job, or not any more."""


@dataclass(frozen=True)
class JobRequest:
    """What is to be trained, and how.

    `training` and `validation` are JSON lines. `hyperparameters` are the method's own; those left out are the
    provider's choice, as is a seed that is None. `suffix` becomes part of the model's id: 64 characters at most.
    """

    training: bytes = field(repr=False)
    base_model: str
    method: Literal["supervised", "dpo"]
    hyperparameters: Mapping[str, float | int | str] = field(default_factory=dict)
    validation: bytes | None = field(default=None, repr=False)
    suffix: str = ""
    seed: int | None = None

    @cached_property
    def key(self) -> str:
        """The same for all requests that train the same model, whatever it is to be called."""
        return request_key(
            training=self.training_sha256,
            base_model=self.base_model,
            method=self.method,
            hyperparameters=dict(self.hyperparameters),
        )

    @cached_property
    def training_sha256(self) -> str:
        return hashlib.sha256(self.training).hexdigest()


@dataclass(frozen=True)
class Event:
    """What a provider says of a job while it runs; `data` holds the figures of a training step."""

    id: str
    at: dt.datetime
    level: str
    message: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class FineTuningApi:
    """An open connection to a provider, which `address` names for people."""

    client: "OpenAI"
    address: str

    def uploaded(self, key: str, content: bytes) -> str:
        """The id of a file with this content; one that an earlier run uploaded under the key is taken again."""
        name = f"{key}-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"
        with self._clear_errors():
            for file in self.client.files.list(purpose="fine-tune"):
                if (file.filename, file.bytes) == (name, len(content)) and file.status != "error":
                    return file.id
            return self.client.files.create(file=(name, content), purpose="fine-tune").id

    def create(self, request: JobRequest, files: Mapping[str, str], *, timeout: float) -> str:
        """The id of a new job, which is paid for: asked for once, without the SDK's retries."""
        optional = {"suffix": request.suffix or None, "seed": request.seed}
        hyperparameters = {"hyperparameters": dict(request.hyperparameters)}
        ask: Any = self.client.with_options(max_retries=0, timeout=timeout).fine_tuning.jobs.create
        with self._clear_errors():
            job: FineTuningJob = ask(
                model=request.base_model,
                method={"type": request.method, request.method: hyperparameters},
                metadata={_KEY: request.key},
                **files,
                **{name: value for name, value in optional.items() if value is not None},
            )
        return job.id

    def find(self, key: str, training_file: str | None, without: list[str]) -> str | None:
        """A job that was created under the key, known by its metadata or, where a provider drops these, by its file.

        Of several, one that succeeded or still runs comes before one that ended badly, then the newest.
        """
        with self._clear_errors():
            found = [
                job
                for job in self.client.fine_tuning.jobs.list(limit=_ENTRIES)
                if job.id not in without
                and ((job.metadata or {}).get(_KEY) == key or job.training_file == training_file)
            ]
        best = max(found, key=lambda job: (job.status not in ENDED_BADLY, job.created_at), default=None)
        return best.id if best else None

    def retrieve(self, job_id: str) -> "FineTuningJob":
        """The job as it stands. Raises JobGoneError where there is none."""
        import openai

        try:
            with self._clear_errors():
                return self.client.fine_tuning.jobs.retrieve(job_id)
        except ServiceError as error:
            if isinstance(error.__cause__, openai.NotFoundError):
                raise JobGoneError(
                    f"{self.address} knows no fine-tuning job {job_id}.",
                    "Check OPENAI_BASE_URL; if the provider has lost it, submit it anew with `again: true`.",
                ) from error
            raise

    def events(self, job_id: str, after: str | None = None) -> list[Event]:
        """The events since the one with the id `after` (None: all), in the order in which they happened."""
        newest_first = []
        with self._clear_errors():
            for event in self.client.fine_tuning.jobs.list_events(job_id, limit=_ENTRIES):
                if event.id == after:
                    break
                data = event.data if isinstance(event.data, dict) else {}
                at = dt.datetime.fromtimestamp(event.created_at, dt.UTC)
                newest_first.append(Event(event.id, at, event.level, event.message, data))
        return newest_first[::-1]

    def _clear_errors(self) -> AbstractContextManager[None]:
        return clear_errors(self.address, "training")


@contextmanager
def connected(
    base_url: str | None, api_key: str, organization: str, timeout: float, max_retries: int
) -> Iterator[FineTuningApi]:
    """A connection to the provider at `base_url`; None is OpenAI's own."""
    from openai import OpenAI  # half a second to import: only runs that fine-tune pay for it

    with OpenAI(
        base_url=base_url,
        api_key=api_key or NO_KEY,
        organization=organization or None,
        timeout=timeout,
        max_retries=max_retries,
    ) as client:
        yield FineTuningApi(client, base_url or "OpenAI")


def was_refused(error: ServiceError) -> bool:
    """Whether the provider answered that it will not do what was asked: for sure, nothing came of it."""
    import openai

    return isinstance(error.__cause__, openai.APIStatusError) and error.__cause__.status_code < 500
