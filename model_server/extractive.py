"""The base model `extractive-1`: selects, orders and trims what a resume already says. The work is `tailoring`'s.

Here only: from a chat request to its inputs, and every way in which a request is not one that this model can answer.
"""

import hashlib
from datetime import UTC, datetime
from functools import partial

from model_server.chat_request import ChatRequest, ResponseFormat
from model_server.errors import ApiError
from model_server.registry import ORGANISATION, Model
from tailoring.extractive import DEFAULT, tailor
from tailoring.prompts import Inputs, PromptError, extract_inputs
from tailoring.relevance import Weights
from tailoring.resume import TailoredResume, response_format

NAME = "extractive-1"

# The name that our prompts give the schema, and the one that the SDK derives from the pydantic model.
_SCHEMA_NAMES = frozenset({response_format()["json_schema"]["name"], TailoredResume.__name__})
_FIELDS = frozenset(TailoredResume.model_fields)

_NEEDS = (
    f"{NAME} needs a user message that holds the resume, as numbered lines between <resume> and </resume>, and the "
    "posting between <job_posting> and </job_posting>, each tag on a line of its own:\n"
    "<resume>\n1| first line\n2| second line\n</resume>\n<job_posting>\n...\n</job_posting>"
)


def extractive_1() -> Model:
    """The base model, warmed up: its word lists are read now, not under the first request."""
    tailor(["Engineer"], "Engineer")
    return model(NAME, int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()), DEFAULT)


def model(model_id: str, created: int, weights: Weights) -> Model:
    """The base model, or one that was fine-tuned from it, by its weights."""
    digest = hashlib.sha256(weights.model_dump_json().encode()).hexdigest()
    return Model(
        model_id,
        created,
        owned_by=ORGANISATION,
        answer=partial(answer, weights=weights),
        weights=weights,
        fingerprint=f"fp_{digest[:10]}",
    )


def answer(request: ChatRequest, weights: Weights = DEFAULT) -> str:
    """The tailored resume as compact JSON, whatever format was asked for. The same request gets the same answer."""
    _check_format(request.response_format)
    inputs = _inputs(request)
    chosen = tailor(
        inputs.resume_lines, inputs.posting, weights, temperature=request.temperature or 0.0, seed=request.seed or 0
    )
    return chosen.model_dump_json()


def _check_format(asked: ResponseFormat | None) -> None:
    schema = asked.json_schema if asked else None
    if schema is None:
        return
    properties = schema.definition.get("properties", {})
    if schema.name not in _SCHEMA_NAMES or (schema.definition and set(properties) != _FIELDS):
        message = f"{NAME} writes only TailoredResume; it cannot answer in the schema `{schema.name}` that was sent."
        raise ApiError(400, message, code="invalid_value", param="response_format.json_schema")


def _inputs(request: ChatRequest) -> Inputs:
    try:
        inputs = extract_inputs([{"role": message.role, "content": message.text} for message in request.messages])
    except PromptError as error:
        raise _unusable(f"Nothing to tailor: {error}") from error
    if not any(line.strip() for line in inputs.resume_lines):
        raise _unusable("The resume is empty")
    if not inputs.posting.strip():
        raise _unusable("The job posting is empty")
    return inputs


def _unusable(problem: str) -> ApiError:
    return ApiError(400, f"{problem}. {_NEEDS}", code="invalid_prompt", param="messages")
