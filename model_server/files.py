"""`/v1/files`: what is uploaded for fine-tuning and batches, and what these leave behind.

A file's content is written before its document, and removed after it, so that a document always has its content.
"""

import hashlib
import shutil
import time
import uuid
from pathlib import Path
from typing import Annotated, Any, BinaryIO, ClassVar, Literal

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, Response

from model_server.errors import ApiError
from model_server.fault_injector import FaultInjector
from model_server.faults import NO_FAULT
from model_server.pages import page
from model_server.store import Document, Store, atomic

_UPLOADED = ("fine-tune", "batch")
_MOST_LISTED = 10_000


class FileDocument(Document):
    """A file; `sha256` is ours, so that a client can tell what it has uploaded already."""

    object: Literal["file"] = "file"
    bytes: int
    filename: str
    purpose: str
    sha256: str
    status: Literal["processed"] = "processed"
    expires_at: int | None = None
    status_details: str | None = None


class Files:
    """The files of a state folder."""

    _SUFFIX: ClassVar[str] = ".content"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents = Store(folder, FileDocument)
        for content in folder.glob(f"*{self._SUFFIX}"):
            if self._documents.get(content.stem) is None:
                content.unlink()  # of an upload that a crash cut off, or a delete

    def all(self) -> list[FileDocument]:
        """Oldest first."""
        return self._documents.all()

    def get(self, file_id: str) -> FileDocument | None:
        return self._documents.get(file_id)

    def find(self, file_id: str) -> FileDocument:
        """Raises ApiError (404) where there is none."""
        document = self.get(file_id)
        if document is None:
            raise ApiError(404, f"No such File object: {file_id}", param="id")
        return document

    def path(self, file_id: str) -> Path:
        """Where the content of a file is."""
        return self._folder / f"{file_id}{self._SUFFIX}"

    def save(self, content: BinaryIO, filename: str, purpose: str, file_id: str | None = None) -> FileDocument:
        """Keep what `content` holds; under an id of one's own choice, it takes the place of an earlier one."""
        file_id = file_id or f"file-{uuid.uuid4().hex[:24]}"
        with atomic(self.path(file_id)) as temporary:
            with temporary.open("wb") as copy:
                shutil.copyfileobj(content, copy, 1024 * 1024)
            with temporary.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            size = temporary.stat().st_size
        return self._documents.put(
            FileDocument(
                id=file_id,
                created_at=int(time.time()),
                bytes=size,
                filename=filename,
                purpose=purpose,
                sha256=digest,
            )
        )

    def delete(self, file_id: str) -> None:
        self._documents.delete(file_id)
        self.path(file_id).unlink(missing_ok=True)


def router(files: Files, faults: FaultInjector | None) -> APIRouter:
    routes = APIRouter()

    @routes.post("/v1/files")
    async def create_file(file: UploadFile, purpose: Annotated[str, Form()]) -> Response:
        _check(file, purpose)
        fault = faults.next_submit("files") if faults else NO_FAULT
        document = await run_in_threadpool(files.save, file.file, file.filename or "", purpose)
        if faults:
            faults.file_made()
        return fault.deliver(JSONResponse(document.wire()))

    @routes.get("/v1/files")
    def list_files(
        purpose: str | None = None,
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = _MOST_LISTED,
        order: Literal["asc", "desc"] = "desc",
    ) -> dict[str, Any]:
        listed = [file.wire() for file in files.all() if purpose in (None, file.purpose)]
        return page(listed if order == "asc" else listed[::-1], after, limit)

    @routes.get("/v1/files/{file_id}")
    def retrieve_file(file_id: str) -> dict[str, Any]:
        return files.find(file_id).wire()

    @routes.get("/v1/files/{file_id}/content")
    def file_content(file_id: str) -> Response:
        return FileResponse(files.path(files.find(file_id).id), media_type="application/octet-stream")

    @routes.delete("/v1/files/{file_id}")
    def delete_file(file_id: str) -> dict[str, Any]:
        files.delete(files.find(file_id).id)
        return {"id": file_id, "object": "file", "deleted": True}

    return routes


def _check(file: UploadFile, purpose: str) -> None:
    if purpose not in _UPLOADED:
        message = f"'{purpose}' is not one of {list(_UPLOADED)} - 'purpose'"
        raise ApiError(400, message, code="invalid_value", param="purpose")
    if not (file.filename or "").lower().endswith(".jsonl"):
        message = f"Invalid file format for the purpose '{purpose}': it must be a .jsonl file."
        raise ApiError(400, message, code="invalid_file_format", param="file")
    if not file.size:
        raise ApiError(400, "File is empty.", code="invalid_file", param="file")
