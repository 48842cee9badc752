"""The input file of a batch: its lines, and what must hold before the batch may begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from model_server.batch import BatchError
from model_server.fields import RequestPart, Text
from model_server.jsonl import LineError, lines, parsed

MOST_ROWS = 50_000
_MOST_TOLD = 20  # problems of one file


class Row(RequestPart):
    """One request of a batch; whether its body is a sound one shows when it is answered."""

    custom_id: Text = Field(min_length=1, max_length=512)
    method: Literal["POST"]
    url: Literal["/v1/chat/completions"]
    body: dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """How many rows there are, the one model they ask, and why they cannot be run: nothing, where they can."""

    total: int
    model: str
    errors: list[BatchError]


class _Rows:
    """The rows seen so far, of which each must fit to those before it."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.model: str | None = None

    def add(self, row: Row) -> None:
        """Raises LineError where the row does not fit."""
        if row.custom_id in self.ids:
            raise LineError("another line has the same custom_id", "duplicate_custom_id", "custom_id")
        self.ids.add(row.custom_id)
        model = str(row.body.get("model", ""))
        if self.model not in (None, model):
            raise LineError("all lines must ask the same model", "mismatched_model", "body.model")
        self.model = model


def check(path: Path) -> Checked:
    """Whether the rows can be run as a batch."""
    seen = _Rows()
    errors = []
    for number, line in lines(path):
        try:
            seen.add(parsed(line, Row))
        except LineError as error:
            errors.append(BatchError(code=error.code, message=f"{error}", line=number, param=error.param))
            if len(errors) == _MOST_TOLD:
                break
    if not seen.ids and not errors:
        errors.append(BatchError(code="empty_file", message="The file holds no requests."))
    if len(seen.ids) > MOST_ROWS:
        errors.append(BatchError(code="too_many_requests", message=f"A batch has at most {MOST_ROWS:,} requests."))
    return Checked(len(seen.ids), seen.model or "", errors)


def rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The rows of a checked file, numbered from 1."""
    for number, (_, line) in enumerate(lines(path), start=1):
        yield number, parsed(line, Row)
