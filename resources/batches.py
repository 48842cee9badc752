"""The provider's Batch API through the openai SDK: many requests in one file, answered within a day at a lower price.

What is in a batch, and what is made of its answers, belongs to the caller.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from resources.errors import ServiceError
from resources.language_model import Answer, Session, read_completion
from resources.openai_errors import clear_errors

ENDPOINT: Final = "/v1/chat/completions"
WINDOW: Final = "24h"  # the only one that OpenAI offers
NAME = "name"  # in a batch's metadata: by it, one whose id was lost is found again
ENDED = ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True)
class BatchState:
    """How a batch stands, in the provider's words; the files are there when there is something in them."""

    id: str
    status: str
    done: int
    total: int
    files: tuple[str, ...]
    problem: str = ""

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@dataclass(frozen=True)
class Rejection:
    """Why a row has no answer: as HTTP and the provider say it."""

    status: int
    code: str | None
    parameter: str | None
    message: str


@dataclass(frozen=True)
class BatchService:
    """Batches over an open session. Every method raises ServiceError."""

    session: Session

    async def submit(self, name: str, bodies: Mapping[str, Mapping[str, Any]]) -> str:
        """Send the bodies of chat completions, by key; returns the batch's id."""
        with TemporaryDirectory() as folder, clear_errors(self.session.address):
            rows = Path(folder, f"{name}.jsonl")
            with rows.open("w", encoding="utf-8") as file:
                for key, body in bodies.items():
                    json.dump({"custom_id": key, "method": "POST", "url": ENDPOINT, "body": body}, file)
                    file.write("\n")
            client = self.session.client
            uploaded = await client.files.create(file=rows, purpose="batch")
            batch = await client.batches.create(
                input_file_id=uploaded.id, endpoint=ENDPOINT, completion_window=WINDOW, metadata={NAME: name}
            )
            return batch.id

    async def find(self, name: str) -> str | None:
        """The id of the batch that was submitted under this name; None when it never was."""
        with clear_errors(self.session.address):
            async for batch in self.session.client.batches.list(limit=100):
                if (batch.metadata or {}).get(NAME) == name:
                    return batch.id
        return None

    async def state(self, batch_id: str) -> BatchState:
        with clear_errors(self.session.address):
            batch = await self.session.client.batches.retrieve(batch_id)
        counts, errors = batch.request_counts, (batch.errors.data if batch.errors else None) or []
        return BatchState(
            id=batch.id,
            status=batch.status,
            done=counts.completed + counts.failed if counts else 0,
            total=counts.total if counts else 0,
            files=tuple(each for each in (batch.output_file_id, batch.error_file_id) if each),
            problem="; ".join(each.message or "" for each in errors),
        )

    async def cancel(self, batch_id: str) -> bool:
        """Have the provider end a batch; what it answered until then comes as ever. False where it cannot be ended."""
        import openai

        with clear_errors(self.session.address):
            try:
                await self.session.client.batches.cancel(batch_id)
            except (openai.BadRequestError, openai.ConflictError, openai.NotFoundError):
                return False  # it has ended, or the provider ends none
            return True

    async def rows(self, state: BatchState) -> AsyncIterator[tuple[str, Answer | Rejection]]:
        """What came back, by key: an answer, or why there is none. Rows that cannot be read are left out."""
        for file_id in state.files:
            with clear_errors(self.session.address):
                content = await self.session.client.files.content(file_id)
            for line in content.text.split("\n"):  # not at the other line ends, which JSON may hold
                if row := _read(line):
                    yield self._row(row)

    def _row(self, row: Mapping[str, Any]) -> tuple[str, Answer | Rejection]:
        response, error = row.get("response") or {}, row.get("error") or {}
        status, body = response.get("status_code") or 0, response.get("body") or {}
        if status == 200 and not error:
            try:
                return row["custom_id"], read_completion(body, self.session.address)
            except ServiceError as odd:
                return row["custom_id"], Rejection(status, None, None, str(odd))
        error = error or body.get("error") or {}
        said = error.get("message") or error.get("code") or f"status {status}"
        return row["custom_id"], Rejection(status, error.get("code"), error.get("param"), said)


def _read(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:  # an empty line, or one that was cut off
        return None
    return row if isinstance(row, dict) and "custom_id" in row else None
