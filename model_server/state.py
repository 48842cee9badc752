"""The folder that holds all that this server keeps: files, fine-tuning jobs, tuned models, batches."""

import fcntl
import os
from pathlib import Path

from model_server.batch import Batch
from model_server.files import Files
from model_server.jobs import Job
from model_server.store import StateError, Store
from model_server.tuned_models import TunedModel


class State:
    """An opened state folder, which no other server can open until this one closes it or ends, however it ends.

    Raises StateError where another has it, or it cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "lock").open("a+")
        except OSError as error:
            raise StateError(f"cannot use the state folder {folder}: {os.strerror(error.errno or 0)}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise StateError(
                f"another model server uses the state folder {folder}; stop it, or choose another --state-dir"
            ) from None
        self.request_counts = folder / "requests.log"
        self.files = Files(folder / "files")
        self.jobs = Store(folder / "jobs", Job)
        self.models = Store(folder / "models", TunedModel)
        self.batches = Store(folder / "batches", Batch)
        self.batch_rows = folder / "batch_rows"
        self.batch_rows.mkdir(exist_ok=True)

    def close(self) -> None:
        """Let another open the folder."""
        self._lock.close()
