"""Batches run in the background, one row after the other, at leisure: chat requests come first.

A batch that was under way when the server ended goes on with the next one, after the last row that was done.
"""

import hashlib
import logging
import time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model_server import batch_input, chat, completion
from model_server.background_faults import BatchFault, Lost
from model_server.batch import Batch, BatchError, Ending
from model_server.batch_input import Row
from model_server.batch_rows import BatchRows, Kind
from model_server.chat_request import ChatRequest
from model_server.errors import ApiError, explained, internal_error
from model_server.fault_injector import FaultInjector
from model_server.faults import NO_FAULT, Fault
from model_server.registry import Registry
from model_server.state import State
from model_server.worker import Worker

_SAVE_SECONDS = 0.2  # between two times that the counts are kept
_STEP_SECONDS = 0.05

_logger = logging.getLogger(__name__)


class BatchRunner:
    """Runs the batches of `state`; what was left undone is taken up at once."""

    def __init__(self, state: State, registry: Registry, faults: FaultInjector | None) -> None:
        self._batches = state.batches
        self._files = state.files
        self._folder = state.batch_rows
        self._registry = registry
        self._faults = faults
        self._worker = Worker("batches")
        for batch in self._batches.all():
            if batch.ended:
                BatchRows.delete(self._folder, batch.id)
            else:
                self.start(batch.id)

    def start(self, batch_id: str) -> None:
        """Have a batch run when its turn comes."""
        self._worker.do(self._run, batch_id)

    def _run(self, batch_id: str) -> None:
        path = self._files.path(self._batches[batch_id].input_file_id)
        try:
            if self._batches[batch_id].status == "validating":
                self._validate(batch_id, path)
            if not self._batches[batch_id].ended:
                self._answer_all(batch_id, path)
        except FileNotFoundError:
            self._fail(batch_id, [BatchError(code="file_not_found", message="The input file was deleted.")])
        except Exception:
            _logger.exception("batch %s failed", batch_id)
            self._fail(batch_id, [BatchError(code="server_error", message="The server had an error.")])

    def _validate(self, batch_id: str, path: Path) -> None:
        checked = batch_input.check(path)
        errors = checked.errors
        fault = self._batches[batch_id].fault
        if fault is not None and fault.invalid is not None:
            errors = [BatchError(code="invalid_file", message=fault.invalid)]
        try:
            if not errors:
                self._registry.find(checked.model)
        except ApiError as error:
            errors = [BatchError(code="model_not_found", message=error.detail, param="body.model")]
        if errors:
            self._fail(batch_id, errors)
        else:
            self._batches.update(batch_id, lambda batch: batch.in_progress(checked.model, checked.total))

    def _answer_all(self, batch_id: str, path: Path) -> None:
        with BatchRows(self._folder, batch_id) as done:
            self._answer_rows(batch_id, path, done)
            batch = self._batches.update(
                batch_id, lambda batch: batch.counted(done.completed, done.failed).finalizing()
            )
        ending: Ending = "expired" if done.expired else "completed"
        if batch.status == "cancelling":
            ending = "cancelled"
        files = {kind: self._keep(batch_id, kind, results) for kind, results in done.paths().items()}
        self._batches.update(
            batch_id, lambda batch: batch.finished(ending, files.get("output"), files.get("error"), done.usage())
        )
        BatchRows.delete(self._folder, batch_id)

    def _answer_rows(self, batch_id: str, path: Path, done: BatchRows) -> None:
        saved = time.monotonic()
        for number, row in batch_input.rows(path):
            batch = self._batches[batch_id]
            if batch.status == "cancelling":
                return
            if row.custom_id in done.ids:
                continue
            self._do(batch, number, row, done)
            if time.monotonic() - saved > _SAVE_SECONDS:
                self._batches.update(batch_id, lambda batch: batch.counted(done.completed, done.failed))
                saved = time.monotonic()

    def _do(self, batch: Batch, number: int, row: Row, done: BatchRows) -> None:
        planned = batch.fault or BatchFault()
        expired = planned.expire_after is not None and number > planned.expire_after
        fault = planned.rows.get(number, NO_FAULT)
        if expired or time.time() > batch.expires_at:
            done.expire(row.custom_id)
        elif not isinstance(fault, Lost):
            self._pause(batch.id, planned.row_seconds)
            began = time.monotonic()
            done.answer(row.custom_id, *self._answer(row, fault))
            time.sleep(time.monotonic() - began)  # leaves half of the interpreter to chat requests

    def _pause(self, batch_id: str, seconds: float) -> None:
        """Wait, unless the batch is cancelled meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self._batches[batch_id].status != "cancelling":
            time.sleep(min(left, _STEP_SECONDS))

    def _answer(self, row: Row, fault: Fault) -> tuple[int, dict[str, Any]]:
        """The status and body that a row would have got as a chat request."""
        try:
            request = _request(row)
            if self._faults is not None:
                self._faults.batch_row(request.messages)
            fault.refuse()
            answer = fault.alter(chat.complete(self._registry.find(request.model), request))
            return 200, completion.body(answer)
        except ApiError as error:
            return error.status_code, error.body()
        except Exception:
            _logger.exception("a row of a batch failed")
            return 500, internal_error().body()

    def _keep(self, batch_id: str, kind: Kind, results: Path) -> str:
        """The results as a file of the API, under an id that follows from the batch, so that there is only ever one."""
        file_id = f"file-{hashlib.sha256(f'{batch_id} {kind}'.encode()).hexdigest()[:24]}"
        with results.open("rb") as content:
            return self._files.save(content, f"{batch_id}_{kind}.jsonl", "batch_output", file_id).id

    def _fail(self, batch_id: str, errors: list[BatchError]) -> None:
        self._batches.update(batch_id, lambda batch: batch.invalid(errors))


def _request(row: Row) -> ChatRequest:
    """Raises ApiError where the body is none."""
    try:
        request = ChatRequest.model_validate(row.body)
    except ValidationError as invalid:
        error = invalid.errors()[0]
        raise explained({**error, "loc": ("body", *error["loc"])}) from None
    if request.stream:
        raise ApiError(400, "A batch has no streams.", code="invalid_value", param="stream")
    return request
