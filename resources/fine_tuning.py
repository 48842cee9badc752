"""Fine-tuning jobs, at OpenAI or any server that speaks its protocol: submitted once, and waited for.

A job is paid for when it is created. So none is created before it was looked for: by its key in MongoDB, where the
intent was written down before the request, then at the provider. What is trained on is the business of others.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resources.document_store import Document, DocumentStore
from resources.errors import ServiceError
from resources.fine_tuning_api import (
    ENDED_BADLY,
    SUCCEEDED,
    Event,
    FineTuningApi,
    JobGoneError,
    JobRequest,
    connected,
    was_refused,
)
from resources.job_records import COLLECTION, JobRecords
from resources.leases import run_at_work

if TYPE_CHECKING:
    from openai.types.fine_tuning import FineTuningJob

__all__ = ["Event", "FineTuning", "FinishedJob", "JobGoneError", "JobRequest", "SubmittedJob"]

# Shorter than the lease of whoever asks: nobody can have taken over while the question is open.
_CREATE_SECONDS = 60.0
# By then a provider lists a job whose answer was lost: nobody asks for another one before.
_SETTLED = dt.timedelta(seconds=10)
_FIRST_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class SubmittedJob:
    """A job that the provider has. `new`: this very call created it, and it is paid for."""

    key: str
    job_id: str
    new: bool


@dataclass(frozen=True)
class FinishedJob:
    """A job that gave a model. `losses` are those of training, step by step; events are in their order."""

    job_id: str
    model: str
    trained_tokens: int | None
    events: tuple[Event, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class FineTuning:
    """A provider of fine-tuning, with the records of its jobs. The key never shows in a repr.

    `timeout` is in seconds for one request; `max_retries` counts the SDK's own retries, which no create gets.
    """

    base_url: str | None
    documents: DocumentStore
    api_key: str = field(default="", repr=False)
    organization: str = ""
    timeout: float = 120.0
    max_retries: int = 4

    @property
    def _records(self) -> JobRecords:
        return JobRecords(self.documents.database[COLLECTION])

    def submit(self, request: JobRequest, *, now: Callable[[], dt.datetime], again: bool = False) -> SubmittedJob:
        """The job of this request: the one that is there already, or a new one.

        Safe to repeat after a crash at any point, and to call from many processes. A job under this key that failed or
        was cancelled is an error, for what made it fail is mostly still there; with `again` it is put aside, and
        another is paid for. While the job at hand has not ended badly, `again` changes nothing.

        Raises:
            ServiceError: transient where it may work later, and where another run is submitting the same job now.
        """
        known = self._records.read(request.key)
        if known and known["job_id"] and not (again and self._put_aside(known, now())):
            return _known(known)
        with run_at_work() as owner:
            record = self._records.hold(request.key, owner, now(), self._about(request))
            if record["job_id"]:
                return _known(record)
            with self._connected() as provider:
                found = provider.find(request.key, record.get("training_file"), record["former_jobs"])
                if not found and (asked_at := record.get("asked_at")) and now() < asked_at + _SETTLED:
                    raise ServiceError(
                        f"{provider.address} was asked for this fine-tuning job a moment ago; the answer was lost.",
                        f"Run it again in {_SETTLED.seconds} s: if a job came of it, it will be found by then.",
                        transient=True,
                    )
                job_id = found or self._create(provider, request, record, owner, now)
            self._records.submitted(request.key, job_id, now())
        return SubmittedJob(request.key, job_id, new=not found)

    def wait(
        self,
        job_id: str,
        *,
        timeout_seconds: float,
        poll_seconds: float,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> FinishedJob:
        """Wait until a job has ended: look often at first, then every `poll_seconds`; tell its events, each once.

        Where the provider or the database cannot be reached, it goes on trying until the time is over. `clock` counts
        seconds.

        Raises:
            ServiceError: the time is over (transient: run again, it goes on waiting), or the job failed or was
                cancelled (permanent, in the provider's words).
        """
        deadline = clock() + timeout_seconds
        pause = min(_FIRST_PAUSE_SECONDS, poll_seconds)
        with self._connected() as provider:
            while True:
                unreachable = None
                try:
                    job = provider.retrieve(job_id)
                    self._tell_new_events(provider, job_id, on_event)
                    if job.status in (SUCCEEDED, *ENDED_BADLY):
                        return self._finished(provider, job)
                except ServiceError as error:
                    if not error.transient:
                        raise
                    unreachable = error
                if clock() >= deadline:
                    raise unreachable or ServiceError(
                        f"Fine-tuning job {job_id} has not ended within {timeout_seconds:g} s.",
                        "It goes on at the provider: run it again to go on waiting; nothing is submitted twice.",
                        transient=True,
                    )
                sleep(min(pause, deadline - clock()))
                pause = min(2 * pause, poll_seconds)

    def _connected(self) -> AbstractContextManager[FineTuningApi]:
        return connected(self.base_url, self.api_key, self.organization, self.timeout, self.max_retries)

    def _put_aside(self, record: Document, now: dt.datetime) -> bool:
        """Whether the job ended badly, or is gone: then its record is open for another one."""
        with self._connected() as provider:
            try:
                ended_badly = provider.retrieve(record["job_id"]).status in ENDED_BADLY
            except JobGoneError:
                ended_badly = True
        if ended_badly:
            self._records.reopen(record["_id"], record["job_id"], now)
        return ended_badly

    def _create(
        self,
        provider: FineTuningApi,
        request: JobRequest,
        record: Document,
        owner: str,
        now: Callable[[], dt.datetime],
    ) -> str:
        files = {"training_file": provider.uploaded(request.key, request.training)}
        if request.validation is not None:
            files["validation_file"] = provider.uploaded(request.key, request.validation)
        # From here on there may be a job whose id we do not know.
        self._records.note(request.key, owner, now(), state="asked", asked_at=now(), **files)
        try:
            return provider.create(request, files, timeout=min(self.timeout, _CREATE_SECONDS))
        except ServiceError as error:
            if was_refused(error):
                self._records.note(request.key, owner, now(), state="intended", asked_at=None)
                raise
            if found := provider.find(request.key, files["training_file"], record["former_jobs"]):
                return found
            raise

    def _tell_new_events(self, provider: FineTuningApi, job_id: str, on_event: Callable[[Event], None]) -> None:
        for event in provider.events(job_id, after=self._records.last_event(job_id)):
            on_event(event)
            self._records.told(job_id, event.id)

    def _finished(self, provider: FineTuningApi, job: "FineTuningJob") -> FinishedJob:
        if job.status in ENDED_BADLY:
            reason = job.error.message if job.error and job.error.message else "the provider gives no reason"
            self._records.ended(job.id, job.status, reason=reason)
            raise _ended_badly(job.id, job.status, reason)
        if not job.fine_tuned_model:
            raise ServiceError(
                f"{provider.address} says that fine-tuning job {job.id} succeeded, and names no model.",
                "Look at the job there: without its model the night cannot go on.",
            )
        events = tuple(provider.events(job.id))
        losses = tuple(float(event.data["train_loss"]) for event in events if "train_loss" in event.data)
        self._records.ended(job.id, job.status, model=job.fine_tuned_model, trained_tokens=job.trained_tokens)
        return FinishedJob(job.id, job.fine_tuned_model, job.trained_tokens, events, losses)

    def _about(self, request: JobRequest) -> Document:
        """What people want to know of a job, kept with its record."""
        return {
            "provider": self.base_url or "OpenAI",
            "training_sha256": request.training_sha256,
            "base_model": request.base_model,
            "method": request.method,
            "hyperparameters": dict(request.hyperparameters),
            "suffix": request.suffix,
        }


def _known(record: Document) -> SubmittedJob:
    if record["state"] in ENDED_BADLY:
        raise _ended_badly(record["job_id"], record["state"], record["reason"])
    return SubmittedJob(record["_id"], record["job_id"], new=False)


def _ended_badly(job_id: str, state: str, reason: str) -> ServiceError:
    ended = "was cancelled" if state == "cancelled" else f"failed: {reason.rstrip('.')}"
    return ServiceError(
        f"Fine-tuning job {job_id} {ended}.",
        "Mend the cause. Another job costs again, and is submitted only when it is asked for: `again: true`.",
    )
