"""JSONL files read line by line, so that a large one costs no memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from model_server.fields import dotted

MAX_LINE_BYTES = 4 * 1024 * 1024

Line = TypeVar("Line", bound=BaseModel)


class LineError(ValueError):
    """A line is not what it should be: `code` for programs, `param` names the field at fault, where there is one."""

    def __init__(self, message: str, code: str, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The numbered lines that are not blank; one that is too long ends at the limit, and is then no JSON."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            if line.strip():
                yield number, line


def parsed(line: bytes, kind: type[Line]) -> Line:
    """The line as a `kind`. Raises LineError; values sent are not echoed: they may be somebody's resume."""
    try:
        return kind.model_validate_json(line)
    except ValidationError as invalid:
        error = invalid.errors()[0]
    if error["type"] == "json_invalid":
        raise LineError("it is not a JSON object on one line", "invalid_json_line")
    param = dotted(error["loc"])
    if error["type"] == "missing":
        raise LineError(f"'{param}' is missing", "missing_required_parameter", param)
    reason = error["msg"].removeprefix("Value error, ")
    raise LineError(f"'{param}': {reason}" if param else reason, "invalid_value", param or None)
