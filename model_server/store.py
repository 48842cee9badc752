"""Documents on disk, one JSON file each: written whole or not at all, and kept in memory for reading."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError


class StateError(Exception):
    """The state folder cannot be used; the message is for people."""


class Document(BaseModel):
    """What is kept of one object; `INTERNAL` names the fields that no client sees."""

    model_config = ConfigDict(frozen=True)
    INTERNAL: ClassVar[frozenset[str]] = frozenset()

    id: str
    created_at: int  # Unix time, seconds
    sequence: int = 0  # place among all documents of its kind, which `created_at` is too coarse for

    def wire(self) -> dict[str, Any]:
        """The object as the API shows it."""
        return self.model_dump(mode="json", exclude={"sequence", *self.INTERNAL})


D = TypeVar("D", bound=Document)


class Store(Generic[D]):
    """All documents of one kind. May be used from several threads; the folder belongs to this process alone."""

    def __init__(self, folder: Path, kind: type[D]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.RLock()
        for leftover in folder.glob(".*"):
            leftover.unlink()  # half of a file, where a crash cut the writing short
        read = [_read(path, kind) for path in folder.glob("*.json")]
        self._documents = {document.id: document for document in sorted(read, key=lambda one: one.sequence)}

    def all(self) -> list[D]:
        """Oldest first."""
        with self._lock:
            return list(self._documents.values())

    def get(self, document_id: str) -> D | None:
        return self._documents.get(document_id)

    def __getitem__(self, document_id: str) -> D:
        return self._documents[document_id]

    def put(self, document: D) -> D:
        """Keep a new document, or one in the place of its older self; the document as kept."""
        with self._lock:
            older = self._documents.get(document.id)
            last = max((one.sequence for one in self._documents.values()), default=0)
            kept = document.model_copy(update={"sequence": older.sequence if older else last + 1})
            with atomic(self._path(document.id)) as temporary:
                temporary.write_text(kept.model_dump_json())
            self._documents[document.id] = kept
            return kept

    def update(self, document_id: str, change: Callable[[D], D]) -> D:
        """Read, change and keep as one step. Raises KeyError where there is no such document."""
        with self._lock:
            older = self._documents[document_id]
            newer = change(older)
            return older if newer == older else self.put(newer)

    def delete(self, document_id: str) -> None:
        with self._lock:
            self._path(document_id).unlink(missing_ok=True)
            self._documents.pop(document_id, None)

    def _path(self, document_id: str) -> Path:
        # Ids of tuned models hold colons, which not every file system takes.
        return self._folder / f"{document_id.replace(':', '.')}.json"


@contextmanager
def atomic(target: Path) -> Iterator[Path]:
    """A file to write to that takes `target`'s place, safely on disk, when the block ends without an error."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".")
    temporary = Path(name)
    try:
        yield temporary
        os.fsync(handle)
        temporary.replace(target)
    finally:
        os.close(handle)
        temporary.unlink(missing_ok=True)


def _read(path: Path, kind: type[D]) -> D:
    try:
        return kind.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise StateError(f"{path} is not a state file of this version: {error.errors()[0]['msg']}") from error
