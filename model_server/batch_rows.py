"""The two result files of a batch while they grow: answers and errors, a line for each row that is done.

A line is written before the next row is begun, so that whoever goes on after a crash knows which rows are done.
"""

import json
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal

Kind = Literal["output", "error"]

_EXPIRED = "This request could not be executed before the completion window expired."


class BatchRows:
    """The rows of one batch that are done. Half a line, left by a crash, is taken away when they are opened."""

    def __init__(self, folder: Path, batch_id: str) -> None:
        self.ids: set[str] = set()  # of the rows that are done
        self.completed = self.failed = 0
        self.expired = False
        self._prompt_tokens = self._completion_tokens = 0
        self._paths = _paths(folder, batch_id)
        self._files: dict[Kind, BinaryIO] = {kind: self._opened(path) for kind, path in self._paths.items()}

    def __enter__(self) -> "BatchRows":
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        for file in self._files.values():
            file.close()

    def answer(self, custom_id: str, status: int, body: dict[str, Any]) -> None:
        """Keep what a row was answered with: a completion, or an error of the row's own."""
        response = {"status_code": status, "request_id": f"req_{uuid.uuid4().hex}", "body": body}
        self._write("output" if status == 200 else "error", custom_id, response, None)

    def expire(self, custom_id: str) -> None:
        """Keep that a row was not answered in time."""
        self._write("error", custom_id, None, {"code": "batch_expired", "message": _EXPIRED})

    def usage(self) -> dict[str, Any]:
        """The tokens of all answers."""
        return {
            "input_tokens": self._prompt_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": self._completion_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self._prompt_tokens + self._completion_tokens,
        }

    def paths(self) -> dict[Kind, Path]:
        """Where the files are that hold anything."""
        return {kind: path for kind, path in self._paths.items() if path.stat().st_size}

    @staticmethod
    def delete(folder: Path, batch_id: str) -> None:
        """Take away what is no longer needed."""
        for path in _paths(folder, batch_id).values():
            path.unlink(missing_ok=True)

    def _write(self, kind: Kind, custom_id: str, response: dict[str, Any] | None, error: dict[str, str] | None) -> None:
        line = {
            "id": f"batch_req_{uuid.uuid4().hex[:24]}",
            "custom_id": custom_id,
            "response": response,
            "error": error,
        }
        self._files[kind].write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        self._files[kind].flush()
        self._count(line)

    def _opened(self, path: Path) -> BinaryIO:
        path.touch()
        with path.open("rb") as before:
            whole = 0
            for line in before:
                if line.endswith(b"\n"):
                    whole += len(line)
                    self._count(json.loads(line))
        file = path.open("r+b")
        file.truncate(whole)
        file.seek(whole)
        return file

    def _count(self, line: dict[str, Any]) -> None:
        self.ids.add(line["custom_id"])
        self.expired |= line["error"] is not None
        if line["response"] is None or line["response"]["status_code"] != 200:
            self.failed += 1
            return
        usage = line["response"]["body"]["usage"]
        self.completed += 1
        self._prompt_tokens += usage["prompt_tokens"]
        self._completion_tokens += usage["completion_tokens"]


def _paths(folder: Path, batch_id: str) -> dict[Kind, Path]:
    return {"output": folder / f"{batch_id}.output", "error": folder / f"{batch_id}.error"}
