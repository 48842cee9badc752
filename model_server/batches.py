"""`/v1/batches`: made, listed, looked at, cancelled. How a batch is run is told in `batch_runner`."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from model_server.batch import Batch, BatchRequest, new_batch
from model_server.batch_runner import BatchRunner
from model_server.errors import ApiError
from model_server.fault_injector import FaultInjector
from model_server.faults import NO_FAULT
from model_server.files import Files
from model_server.pages import page
from model_server.store import Store


def router(batches: Store[Batch], files: Files, runner: BatchRunner, faults: FaultInjector | None) -> APIRouter:
    routes = APIRouter(prefix="/v1/batches")

    @routes.post("")
    async def create_batch(request: BatchRequest) -> Response:
        _check(request, files)
        fault = faults.next_submit("batches") if faults else NO_FAULT
        batch = await run_in_threadpool(batches.put, new_batch(request, faults.next_batch() if faults else None))
        runner.start(batch.id)
        return fault.deliver(JSONResponse(batch.wire()))

    @routes.get("")
    def list_batches(after: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> dict[str, Any]:
        return page([batch.wire() for batch in reversed(batches.all())], after, limit)

    @routes.get("/{batch_id}")
    def retrieve_batch(batch_id: str) -> dict[str, Any]:
        return _find(batches, batch_id).wire()

    @routes.post("/{batch_id}/cancel")
    def cancel_batch(batch_id: str) -> dict[str, Any]:
        _find(batches, batch_id)
        batch = batches.update(batch_id, Batch.cancelling)
        if batch.status != "cancelling":
            raise ApiError(409, f"Cannot cancel a batch with status '{batch.status}'.", code="invalid_batch_state")
        return batch.wire()

    return routes


def _check(request: BatchRequest, files: Files) -> None:
    file = files.get(request.input_file_id)
    if file is None:
        message = f"No such File object: {request.input_file_id}"
        raise ApiError(400, message, code="invalid_value", param="input_file_id")
    if file.purpose != "batch":
        message = f"The purpose of '{file.id}' is '{file.purpose}' and must be 'batch'."
        raise ApiError(400, message, code="invalid_value", param="input_file_id")


def _find(batches: Store[Batch], batch_id: str) -> Batch:
    batch = batches.get(batch_id)
    if batch is None:
        raise ApiError(404, f"No batch found with id '{batch_id}'.", param="batch_id")
    return batch
