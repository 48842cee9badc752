"""`/v1/fine_tuning/jobs`: made, listed, looked at, cancelled. What a job does is told in `jobs` and `training`."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import QueryParams

from model_server.errors import ApiError
from model_server.fault_injector import FaultInjector
from model_server.faults import NO_FAULT
from model_server.files import Files
from model_server.job_request import JobRequest, new_job
from model_server.jobs import Job
from model_server.pages import page
from model_server.registry import Registry
from model_server.store import Store
from model_server.training import Training

Limit = Annotated[int, Query(ge=1, le=100)]


def router(
    jobs: Store[Job], files: Files, registry: Registry, training: Training, faults: FaultInjector | None
) -> APIRouter:
    routes = APIRouter(prefix="/v1/fine_tuning/jobs")

    @routes.post("")
    async def create_job(request: JobRequest) -> Response:
        _check(request, registry, files)
        fault = faults.next_submit("fine_tuning.jobs") if faults else NO_FAULT
        job = await run_in_threadpool(jobs.put, new_job(request, faults.next_job() if faults else None))
        training.start(job.id)
        return fault.deliver(JSONResponse(job.wire()))

    @routes.get("")
    def list_jobs(request: Request, after: str | None = None, limit: Limit = 20) -> dict[str, Any]:
        wanted = _wanted_metadata(request.query_params)
        return page([job.wire() for job in _newest_first(jobs.all()) if _has(job, wanted)], after, limit)

    @routes.get("/{job_id}")
    def retrieve_job(job_id: str) -> dict[str, Any]:
        return _find(jobs, job_id).wire()

    @routes.post("/{job_id}/cancel")
    def cancel_job(job_id: str) -> dict[str, Any]:
        job = _find(jobs, job_id)
        cancelled = jobs.update(job_id, Job.cancelled)
        if job.ended or cancelled.status != "cancelled":
            message = f"Job has already ended: it is {cancelled.status}."
            raise ApiError(400, message, code="invalid_job_state", param="fine_tuning_job_id")
        return cancelled.wire()

    @routes.get("/{job_id}/events")
    def list_events(job_id: str, after: str | None = None, limit: Limit = 20) -> dict[str, Any]:
        events = [event.model_dump(mode="json") for event in _newest_first(_find(jobs, job_id).events)]
        return page(events, after, limit)

    @routes.get("/{job_id}/checkpoints")
    def list_checkpoints(job_id: str, after: str | None = None, limit: Limit = 10) -> dict[str, Any]:
        return page(_find(jobs, job_id).checkpoints(), after, limit)

    return routes


def _check(request: JobRequest, registry: Registry, files: Files) -> None:
    registry.weights(request.model)
    for param, file_id in (("training_file", request.training_file), ("validation_file", request.validation_file)):
        if file_id is None:
            continue
        file = files.get(file_id)
        if file is None:
            raise ApiError(400, f"invalid {param}: there is no file '{file_id}'.", code="invalid_value", param=param)
        if file.purpose != "fine-tune":
            message = f"invalid {param}: the purpose of '{file_id}' is '{file.purpose}' and must be 'fine-tune'."
            raise ApiError(400, message, code="invalid_value", param=param)


def _find(jobs: Store[Job], job_id: str) -> Job:
    job = jobs.get(job_id)
    if job is None:
        message = f"Could not find fine tune: {job_id}"
        raise ApiError(404, message, code="fine_tune_not_found", param="fine_tune_id")
    return job


def _newest_first(items: Sequence[Any]) -> Sequence[Any]:
    return items[::-1]


def _wanted_metadata(query: QueryParams) -> dict[str, str] | None:
    """From `metadata[key]=value`; None for `metadata=null`, which asks for jobs without any."""
    if query.get("metadata") == "null":
        return None
    return {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in query.items()
        if name.startswith("metadata[") and name.endswith("]")
    }


def _has(job: Job, wanted: dict[str, str] | None) -> bool:
    return not job.metadata if wanted is None else wanted.items() <= (job.metadata or {}).items()
