"""A batch: what is known of it, and the steps of its life. A batch that has ended stays as it is."""

import time
import uuid
from typing import Any, ClassVar, Literal

from pydantic import BaseModel

from model_server.background_faults import BatchFault
from model_server.fields import Metadata, RequestPart, Text
from model_server.store import Document

ENDPOINT = "/v1/chat/completions"

Status = Literal["validating", "in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled"]
Ending = Literal["completed", "expired", "cancelled"]

_WINDOW_SECONDS = 24 * 3600
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


class BatchRequest(RequestPart):
    """The body of `POST /v1/batches`."""

    input_file_id: Text
    endpoint: Literal["/v1/chat/completions"]
    completion_window: Literal["24h"]
    metadata: Metadata | None = None


class BatchError(BaseModel):
    code: str
    message: str
    line: int | None = None
    param: str | None = None


class Counts(BaseModel):
    total: int = 0
    completed: int = 0
    failed: int = 0


class Batch(Document):
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"fault"})

    object: Literal["batch"] = "batch"
    endpoint: str = ENDPOINT
    completion_window: str = "24h"
    input_file_id: str
    metadata: dict[str, str] | None
    model: str | None = None
    status: Status = "validating"
    errors: dict[str, Any] | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    request_counts: Counts = Counts()
    usage: dict[str, Any] | None = None
    expires_at: int
    in_progress_at: int | None = None
    finalizing_at: int | None = None
    completed_at: int | None = None
    failed_at: int | None = None
    expired_at: int | None = None
    cancelling_at: int | None = None
    cancelled_at: int | None = None
    fault: BatchFault | None = None

    @property
    def ended(self) -> bool:
        return self.status in _ENDED

    def in_progress(self, model: str, total: int) -> "Batch":
        if self.status != "validating":
            return self
        return self._now("in_progress", model=model, request_counts=Counts(total=total))

    def counted(self, completed: int, failed: int) -> "Batch":
        counts = self.request_counts.model_copy(update={"completed": completed, "failed": failed})
        return self.model_copy(update={"request_counts": counts})

    def finalizing(self) -> "Batch":
        return self._now("finalizing") if self.status == "in_progress" else self

    def cancelling(self) -> "Batch":
        return self._now("cancelling") if self.status in ("validating", "in_progress") else self

    def invalid(self, errors: list[BatchError]) -> "Batch":
        if self.ended:
            return self
        data = [error.model_dump() for error in errors]
        return self._now("failed", errors={"object": "list", "data": data})

    def finished(
        self, ending: Ending, output_file_id: str | None, error_file_id: str | None, usage: dict[str, Any]
    ) -> "Batch":
        return self._now(ending, output_file_id=output_file_id, error_file_id=error_file_id, usage=usage)

    def _now(self, status: Status, **changes: Any) -> "Batch":
        return self.model_copy(update={"status": status, f"{status}_at": int(time.time()), **changes})


def new_batch(request: BatchRequest, fault: BatchFault | None) -> Batch:
    """The batch that a request asks for, at its beginning."""
    now = int(time.time())
    return Batch(
        id=f"batch_{uuid.uuid4().hex[:24]}",
        created_at=now,
        expires_at=now + _WINDOW_SECONDS,
        input_file_id=request.input_file_id,
        metadata=request.metadata,
        fault=fault,
    )
