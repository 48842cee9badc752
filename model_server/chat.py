"""`POST /v1/chat/completions`: find the model, let it answer, count tokens, send.

What an answer says is the model's business, how it looks on the wire that of `completion`.
"""

from fastapi import APIRouter
from fastapi.responses import Response

from model_server import completion, tokens
from model_server.chat_request import ChatRequest
from model_server.completion import Completion
from model_server.errors import ApiError
from model_server.fault_injector import FaultInjector
from model_server.faults import NO_FAULT
from model_server.registry import Model, Registry


def router(registry: Registry, faults: FaultInjector | None) -> APIRouter:
    routes = APIRouter()

    # Answered on the event loop itself: the work is a few milliseconds of Python, which threads would only slow down.
    @routes.post("/v1/chat/completions")
    async def create_chat_completion(request: ChatRequest) -> Response:
        model = registry.find(request.model)
        fault, headers = await faults.next_fault(request) if faults else (NO_FAULT, {})
        try:
            fault.refuse()
            answer = _wire(fault.alter(complete(model, request)), request)
        except ApiError as error:
            error.headers = {**headers, **(error.headers or {})}
            raise
        answer.headers.update(headers)
        return fault.deliver(answer)

    return routes


def complete(model: Model, request: ChatRequest) -> Completion:
    """The model's answer, cut off at the request's limit on tokens as OpenAI does."""
    answer = model.answer(request)
    limit = request.token_limit
    cut = limit is not None and tokens.count(answer) > limit
    content = tokens.first(answer, limit) if limit is not None else answer
    return Completion(
        model=model.id,
        content=content,
        finish_reason="length" if cut else "stop",
        prompt_tokens=sum(tokens.count(message.text) for message in request.messages),
        completion_tokens=tokens.count(content),
        fingerprint=model.fingerprint,
    )


def _wire(answer: Completion, request: ChatRequest) -> Response:
    if not request.stream:
        return completion.document(answer)
    include_usage = request.stream_options is not None and bool(request.stream_options.include_usage)
    return completion.stream(answer, include_usage=include_usage)
