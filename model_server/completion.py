"""A finished chat completion, and its two forms on the wire: one JSON document, or server-sent events.

The models here write an answer whole, in milliseconds, so a stream is a format and not a wait: all its events are sent
at once.
"""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi.responses import JSONResponse, Response

FinishReason = Literal["stop", "length", "content_filter"]

_CHARACTERS_PER_EVENT = 256


@dataclass(frozen=True)
class Completion:
    """What a model answered, and what it cost in tokens."""

    model: str
    content: str | None
    finish_reason: FinishReason
    prompt_tokens: int
    completion_tokens: int
    refusal: str | None = None
    fingerprint: str | None = None
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def usage(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }


def document(completion: Completion) -> Response:
    """The completion as an answer's one JSON document."""
    return JSONResponse(body(completion))


def body(completion: Completion) -> dict[str, Any]:
    """The completion as a `chat.completion` object."""
    message = {"role": "assistant", "content": completion.content, "refusal": completion.refusal}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": completion.finish_reason}
    return _object(completion, "chat.completion", [choice]) | {"usage": completion.usage}


def stream(completion: Completion, *, include_usage: bool) -> Response:
    """The completion as `chat.completion.chunk` events, the usage in a last one without choices where asked for."""
    events = [_object(completion, "chat.completion.chunk", [choice]) for choice in _chunks(completion)]
    if include_usage:
        events = [event | {"usage": None} for event in events]
        events.append(_object(completion, "chat.completion.chunk", []) | {"usage": completion.usage})
    data = [*(json.dumps(event, separators=(",", ":")) for event in events), "[DONE]"]
    return Response("".join(f"data: {item}\n\n" for item in data), media_type="text/event-stream")


def _object(completion: Completion, name: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": completion.id,
        "object": name,
        "created": completion.created,
        "model": completion.model,
        "system_fingerprint": completion.fingerprint,
        "choices": choices,
    }


def _chunks(completion: Completion) -> Iterator[dict[str, Any]]:
    for delta in _deltas(completion):
        yield {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}
    yield {"index": 0, "delta": {}, "logprobs": None, "finish_reason": completion.finish_reason}


def _deltas(completion: Completion) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": "", "refusal": None}
    content = completion.content or ""
    for start in range(0, len(content), _CHARACTERS_PER_EVENT):
        yield {"content": content[start : start + _CHARACTERS_PER_EVENT]}
    if completion.refusal is not None:
        yield {"refusal": completion.refusal}
